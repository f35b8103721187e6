import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { expandGlob } from "../../../src/input/project/expand-glob.ts";
import { findDeployments, findProject, siteNames } from "../../../src/input/project/find-sites.ts";
import { foundInventory } from "../../../src/input/project/found-inventory.ts";
import { readProject } from "../../../src/input/project/read-project.ts";
import { PreflightError } from "../../../src/values/preflight-error.ts";

let outside: string;
let root: string;
beforeEach(async () => {
  outside = await realpath(await mkdtemp(join(tmpdir(), "preflight-project-")));
  root = join(outside, "repository");
  await mkdir(join(root, ".git"), { recursive: true });
});
afterEach(() => rm(outside, { recursive: true }));

async function file(path: string, text = "{}\n"): Promise<string> {
  const absolute = join(root, path);
  await mkdir(dirname(absolute), { recursive: true });
  await writeFile(absolute, text);
  return absolute;
}

const inRoot = (paths: readonly string[]) => paths.map((path) => relative(root, path));

describe("readProject", () => {
  it("returns the files of every site, globs expanded and sorted", async () => {
    for (const path of ["oslo/deployment.yaml", "oslo/b.json", "oslo/a.json", "oslo/x/c.json", "oslo/e.json"])
      await file(path);
    await file("bergen.yaml");
    const project = await file(
      "preflight.project.yaml",
      "sites:\n" +
        '  - { name: oslo, deployment: oslo/deployment.yaml, inventory: ["oslo/[ab].json", "oslo/?.json"], evidence: ["oslo/**/c.json"], category: c/o }\n' +
        "  - { name: bergen, deployment: ./bergen.yaml }\n",
    );
    const wrong = await readProject(project, root);
    // Brackets are no pattern, so that names with them can be written.
    expect(wrong.inputs.errors.map(({ message }) => message)).toEqual(['File "oslo/[ab].json" does not exist.']);
    await file("oslo/[ab].json");
    const { value, inputs } = await readProject(project, root);
    expect(inputs.errors).toEqual([]);
    expect(inputs.hashes.map(({ kind, path }) => [kind, path])).toEqual([["project", "preflight.project.yaml"]]);
    expect(value.map(({ name, category }) => [name, category])).toEqual([
      ["oslo", "c/o"],
      ["bergen", "bergen"],
    ]);
    const [oslo, bergen] = value;
    expect(inRoot(oslo?.inventories ?? [])).toEqual(["oslo/[ab].json", "oslo/a.json", "oslo/b.json", "oslo/e.json"]);
    expect(inRoot(oslo?.evidence ?? [])).toEqual(["oslo/x/c.json"]);
    expect(bergen).toMatchObject({ inventories: null, evidence: [], deployment: join(root, "bergen.yaml") });
  });

  it.each([
    ["a path outside", "{ name: a, deployment: ../other.yaml }", '"../other.yaml" is outside the repository.'],
    ["a glob outside", '{ name: a, deployment: a.yaml, inventory: ["../*.json"] }', '".." is outside the repository.'],
    ["a link out of it", "{ name: a, deployment: link.yaml }", '"link.yaml" is outside the repository.'],
    [
      "a glob that finds a link out of it",
      '{ name: a, deployment: a.yaml, inventory: ["li*.yaml"] }',
      "is outside the repository.",
    ],
    ["a missing file", "{ name: a, deployment: missing.yaml }", 'File "missing.yaml" does not exist.'],
    ["a glob without a match", '{ name: a, deployment: a.yaml, inventory: ["*.xlsx"] }', 'No file matches "*.xlsx".'],
  ])("refuses %s, at its place", async (_, site, message) => {
    await writeFile(join(outside, "other.yaml"), "{}\n");
    await writeFile(join(outside, "secret.json"), "{}\n");
    await file("a.yaml");
    await symlink(join(outside, "other.yaml"), join(root, "link.yaml"));
    const project = await file("preflight.project.yaml", `sites:\n  - ${site}\n`);
    const { value, inputs } = await readProject(project, root);
    expect(value).toEqual([]);
    expect(inputs.errors).toHaveLength(1);
    expect(inputs.errors[0]?.message).toContain(message);
    expect(inputs.errors[0]?.location).toMatchObject({ path: "preflight.project.yaml", line: 2 });
  });

  it.each(["vcenter", "facts", "plugins", "probe"])("says who may set %s", async (key) => {
    await file("a.yaml");
    const project = await file("preflight.project.yaml", `sites: [{ name: a, deployment: a.yaml }]\n${key}: {}\n`);
    const { inputs } = await readProject(project, root);
    expect(inputs.errors).toHaveLength(1);
    expect(inputs.errors[0]?.code).toBe("unknown-key");
    expect(inputs.errors[0]?.hint).toContain("A project file cannot set policy; name");
  });

  it("refuses two sites of one name, and a deployment that is listed twice", async () => {
    await file("a.yaml");
    const sites = "[{ name: a, deployment: a.yaml }, { name: a, deployment: ./a.yaml }]";
    const project = await file("preflight.project.yaml", `sites: ${sites}\n`);
    const { inputs } = await readProject(project, root);
    expect(inputs.errors.map(({ message }) => message)).toEqual([
      "Site 2 has the name of site 1.",
      "Site 2 has the deployment of site 1.",
    ]);
  });
});

describe("what is found", () => {
  it("is every deployment below a folder, but in no hidden folder and no installed package", async () => {
    const wanted = ["deployment.yaml", "a/deployment.json", "a/b/lab.deployment.yml"];
    const unwanted = [
      ".cache/deployment.yaml",
      "node_modules/x/deployment.yaml",
      "a/deployments.yaml",
      "a/inventory.json",
    ];
    for (const path of [...wanted, ...unwanted]) await file(path);
    const found = findDeployments(root);
    expect(inRoot(found)).toEqual(["deployment.yaml", "a/deployment.json", "a/b/lab.deployment.yml"]);
    expect(siteNames(found, root)).toEqual(["deployment", "a", "a/b"]);
  });

  it("names several deployments of one folder by their files", () => {
    const found = ["/r/a/oslo.deployment.yaml", "/r/a/deployment.yaml"];
    expect(siteNames(found, "/r")).toEqual(["a/oslo", "a/deployment"]);
  });

  it("follows no link to a folder", async () => {
    await mkdir(join(outside, "elsewhere"));
    await writeFile(join(outside, "elsewhere", "deployment.yaml"), "{}\n");
    await symlink(join(outside, "elsewhere"), join(root, "link"));
    expect(findDeployments(root)).toEqual([]);
  });

  it("is the project file of the folder or of one above it, within the repository", async () => {
    await writeFile(join(outside, "preflight.project.yaml"), "sites: []\n");
    await mkdir(join(root, "a", "b"), { recursive: true });
    expect(findProject(join(root, "a", "b"), root)).toBeNull();
    const project = await file("preflight.project.yaml");
    expect(findProject(join(root, "a", "b"), root)).toBe(project);
  });

  it("is one inventory beside the deployment, inside the repository", async () => {
    const deployment = await file("a/deployment.yaml");
    expect(foundInventory(deployment, root, false)).toBeNull();
    await writeFile(join(outside, "inventory.json"), "{}\n");
    await symlink(join(outside, "inventory.json"), join(root, "a", "inventory.json"));
    expect(() => foundInventory(deployment, root, false)).toThrow("leads from it to a file outside the repository");
    expect(foundInventory(deployment, root, true)).toBe(join(root, "a", "inventory.json"));
    await file("a/inventory.yaml");
    expect(() => foundInventory(deployment, root, true)).toThrow(PreflightError);
    expect(foundInventory("-", root, false)).toBeNull();
  });
});

describe("expandGlob", () => {
  it("matches within segments, and any folders with **", async () => {
    for (const path of ["a/x.json", "a/b/x.json", "a/b/y.json", "a/.hidden/x.json", "x.json"]) await file(path);
    const expand = (pattern: string) => inRoot(expandGlob(pattern, root));
    expect(expand("*.json")).toEqual(["x.json"]);
    expect(expand("**/x.json")).toEqual(["a/b/x.json", "a/x.json", "x.json"]);
    expect(expand("a/*/?.json")).toEqual(["a/b/x.json", "a/b/y.json"]);
    expect(expand("a/.hid*/x.json")).toEqual(["a/.hidden/x.json"]);
    expect(expand("a/x.json")).toEqual(["a/x.json"]);
    expect(expand("missing/*")).toEqual([]);
  });
});
