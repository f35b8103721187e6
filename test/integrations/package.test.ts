import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, sep } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { program, ROOT } from "../cli/program.ts";

/**
 * The package as people get it: packed from a fresh copy of the sources, which builds it, and installed without a network
 * into an empty folder. It is run on the Node.js of this test and on those that PREFLIGHT_TEST_NODES names, with a colon
 * between them; the CI names 22 and 24.
 */
const NODES = [process.execPath, ...(process.env["PREFLIGHT_TEST_NODES"] ?? "").split(":")].filter(
  (path) => path !== "",
);

/** All that is shipped. A file that matches none of these, and a line that matches no file, fail. */
const SHIPPED = [
  "CHANGELOG.md",
  "LICENSE",
  "README.md",
  "package.json",
  "dist/THIRD-PARTY-LICENSES.txt",
  "dist/sbom.cdx.json",
  "dist/preflight.js",
  "dist/bundle-start.js",
  "dist/bundle-rules.js",
  "dist/bundle-check.js",
  "dist/watchdog-thread.js",
  "dist/index.mjs",
  "dist/package.json",
  "dist/*-HASH.js",
  "dist/*-HASH.mjs",
  "docs/*.md",
  "docs/inventory/*.md",
  "docs/rules/README.md",
  "docs/rules/*/*.md",
  "schema/config.schema.json",
  "schema/deployment.schema.json",
  "schema/comparison.schema.json",
  "schema/evidence.schema.json",
  "schema/explanation.schema.json",
  "schema/inventory.schema.json",
  "schema/project-comparison.schema.json",
  "schema/project-report.schema.json",
  "schema/project.schema.json",
  "schema/report.schema.json",
  "schema/selftest.schema.json",
  "schema/waivers.schema.json",
  "templates/collect-inventory.ps1",
  "fixtures/example/README.md",
  "fixtures/example/clean/deployment.yaml",
  "fixtures/example/clean/inventory.json",
  "fixtures/example/clean/certs/*.pem",
  "fixtures/example/mistakes/deployment.yaml",
  "fixtures/example/mistakes/inventory.json",
  "fixtures/example/mistakes/certs/*.pem",
  "dist/plugin.mjs",
  "dist/types/**.d.ts",
];

let folder = "";
let tarball = "";
let installed = "";

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "preflight-package-")));
  const sources = join(folder, "sources");
  // A separate build: the one in this repository is in use by other tests.
  const left = ["node_modules", "dist", ".git", "coverage", "test"].map((name) => join(ROOT, name));
  await cp(ROOT, sources, { recursive: true, filter: (from) => !left.includes(from) });
  await symlink(join(ROOT, "node_modules"), join(sources, "node_modules"));
  const packed = await npm(["pack", "--silent", "--pack-destination", folder], sources);
  tarball = join(folder, packed.trim().split("\n").at(-1) ?? "");

  const home = join(folder, "home");
  await mkdir(home);
  await npm(["install", "--offline", "--no-audit", "--no-fund", "--foreground-scripts", tarball], home);
  installed = join(home, "node_modules", packageJson.name);
}, 600_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

async function npm(args: readonly string[], cwd: string): Promise<string> {
  const { exitCode, stdout, stderr } = await program("npm", args, {
    cwd,
    env: { npm_config_cache: join(folder, "cache") },
  });
  if (exitCode !== 0) throw new Error(`npm ${args.join(" ")} failed:\n${stdout}${stderr}`);
  return stdout;
}

async function files(): Promise<readonly string[]> {
  const entries = await readdir(installed, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(installed.length + 1)
        .split(sep)
        .join("/"),
    );
}

async function packageVersion(name: string): Promise<string | undefined> {
  const text = await readFile(join(ROOT, "node_modules", name, "package.json"), "utf8");
  return (JSON.parse(text) as { readonly version?: string }).version;
}

/** The digests of all files of a folder, by path. */
async function hashesIn(root: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const digests = await Promise.all(
    paths.sort().map(async (path) => {
      const digest = createHash("sha256")
        .update(await readFile(path))
        .digest("hex");
      return [path.slice(root.length + 1), digest] as const;
    }),
  );
  return new Map(digests);
}

/** `*` = anything without a slash, `**` = anything, HASH = what the bundler adds to names. */
function pattern(line: string): RegExp {
  const source = line
    .replaceAll(".", "\\.")
    .replaceAll("**", "\0")
    .replaceAll("*", "[^/]+")
    .replaceAll("\0", ".+")
    .replace("HASH", "[A-Z0-9]{8}");
  return new RegExp(`^${source}$`);
}

describe("the packed package", () => {
  it("contains the files listed here, and nothing else", async () => {
    const shipped = await files();
    const patterns = SHIPPED.map(pattern);
    expect(shipped.filter((file) => !patterns.some((candidate) => candidate.test(file)))).toEqual([]);
    expect(SHIPPED.filter((line) => !shipped.some((file) => pattern(line).test(file)))).toEqual([]);
  });

  it("contains no private key and no path of the machine that packed it", async () => {
    for (const file of await files()) {
      const text = await readFile(join(installed, file), "latin1");
      expect(text.includes("PRIVATE KEY-----\n"), file).toBe(false);
      expect(text.includes(folder), file).toBe(false);
    }
  });

  it("brings no other package along, and runs nothing when it is installed", async () => {
    const shipped = JSON.parse(await readFile(join(installed, "package.json"), "utf8")) as Record<string, unknown>;
    for (const key of ["dependencies", "optionalDependencies", "peerDependencies", "bundleDependencies"]) {
      expect(shipped).not.toHaveProperty(key);
    }
    const atUsers = ["preinstall", "install", "postinstall", "prepare", "preprepare", "postprepare"];
    expect(Object.keys(shipped["scripts"] ?? {}).filter((name) => atUsers.includes(name))).toEqual([]);
    const packages = await readdir(join(installed, ".."));
    expect(packages.filter((name) => !name.startsWith("."))).toEqual([packageJson.name]);
  });

  it("stays small", async () => {
    // 1.54 MB packed when this was written; much more indicates an error in what is bundled or shipped.
    expect((await stat(tarball)).size).toBeLessThan(1_650_000);
  });

  it("has only the declarations of the public modules", async () => {
    const shipped = await files();
    const declarations = shipped.filter((file) => file.endsWith(".d.ts"));
    // What the public types refer to; the whole program has several hundred.
    expect(declarations.length).toBeLessThan(120);
    expect(declarations).toContain("dist/types/src/run/index.d.ts");
    expect(declarations.filter((file) => file.includes("/src/cli/"))).toEqual([]);
  });

  it("lists the packages whose code it contains, as CycloneDX", async () => {
    const sbom = JSON.parse(await readFile(join(installed, "dist", "sbom.cdx.json"), "utf8")) as {
      readonly bomFormat: string;
      readonly metadata: { readonly component: { readonly purl: string } };
      readonly components: readonly { readonly name: string; readonly version: string; readonly purl: string }[];
    };
    expect(sbom.bomFormat).toBe("CycloneDX");
    expect(sbom.metadata.component.purl).toBe(`pkg:npm/${packageJson.name}@${packageJson.version}`);
    const licences = await readFile(join(installed, "dist", "THIRD-PARTY-LICENSES.txt"), "utf8");
    const named = [...licences.matchAll(/^-{80}\n\n(\S+) (\S+) \(/gm)].map(([, name, version]) => `${name} ${version}`);
    expect(sbom.components.map(({ name, version }) => `${name} ${version}`).sort()).toEqual(named.sort());
    expect(named).toContain(`js-yaml ${(await packageVersion("js-yaml")) ?? ""}`);
  });

  it("is the same, byte for byte, when it is built again in another folder", async () => {
    const again = join(folder, "again");
    await cp(join(folder, "sources"), again, {
      recursive: true,
      filter: (from) => !/\/(?:node_modules|dist)$/.test(from),
    });
    await symlink(join(ROOT, "node_modules"), join(again, "node_modules"));
    for (const script of ["build", "types"]) await npm(["run", "--silent", script], again);
    const [first, second] = await Promise.all([
      hashesIn(join(folder, "sources", "dist")),
      hashesIn(join(again, "dist")),
    ]);
    expect(first.size).toBeGreaterThan(20);
    expect(second).toEqual(first);
  });

  it("has every file that package.json points at", () => {
    const named = JSON.stringify([packageJson.bin, packageJson.exports]);
    const paths = [...named.matchAll(/"(\.?\/?[\w./-]+\.(?:js|json|ts))"/g)].map(([, path = ""]) => path);
    expect(paths.length).toBeGreaterThan(0);
    for (const path of paths) expect(() => readFileSync(join(installed, path)), path).not.toThrow();
  });
});

describe.each(NODES)("installed, on %s", (node) => {
  const run = (...args: string[]) =>
    program(node, [join(folder, "home", "node_modules", ".bin", "preflight"), ...args], { cwd: join(folder, "home") });
  const example = (name: string) => {
    const base = `node_modules/${packageJson.name}/fixtures/example/${name}`;
    return [`${base}/deployment.yaml`, "--inventory", `${base}/inventory.json`, "--no-live"];
  };

  it("is a Node.js that the package allows", async () => {
    const { stdout } = await program(node, ["--version"]);
    const [major = 0, minor = 0] = stdout.replace("v", "").split(".").map(Number);
    expect(major > 20 || (major === 20 && minor >= 19)).toBe(true);
  });

  it("prints its version and its help", async () => {
    expect(await run("--version")).toEqual({ exitCode: 0, stdout: `${packageJson.version}\n`, stderr: "" });
    const { exitCode, stdout } = await run("--help");
    expect({ exitCode, usage: stdout.includes("Usage: preflight") }).toEqual({ exitCode: 0, usage: true });
  });

  it("evaluates the example, in every format at once", async () => {
    const formats = ["json", "html", "sarif", "junit", "github", "markdown", "gitlab", "csv"];
    const out = join(folder, basename(node), "out");
    const { exitCode, stdout, stderr } = await run(
      ...example("mistakes"),
      ...formats.map((name) => `--format=${name}=${join(out, name)}`),
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: "" });
    expect(stdout).toContain("Gate: FAILED");
    for (const name of formats) expect((await stat(join(out, name))).size, name).toBeGreaterThan(0);
    const again = await run("report", join(out, "json"));
    expect({ exitCode: again.exitCode, stdout: again.stdout }).toEqual({ exitCode, stdout });
  });

  it("opens the gate for the example as it should be", async () => {
    const { exitCode, stdout, stderr } = await run(...example("clean"));
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain("Gate: PASSED");
  });

  it("plans, lists and explains", async () => {
    const [deployment = "", , inventory = ""] = example("clean");
    for (const args of [
      ["plan", deployment, "--inventory", inventory],
      ["rules", "list"],
      ["rules", "show", "vm/memory-multiple-of-4"],
      ["schema", "deployment"],
      ["completion", "bash"],
      ["completion", "zsh"],
      ["completion", "fish"],
    ]) {
      const { exitCode, stdout, stderr } = await run(...args);
      expect({ args, exitCode, stderr, isEmpty: stdout === "" }).toEqual({
        args,
        exitCode: 0,
        stderr: "",
        isEmpty: false,
      });
    }
    // The rule's page, from the package.
    expect((await run("rules", "show", "vm/memory-multiple-of-4")).stdout).toContain("\n## ");
  });

  it("can be imported", async () => {
    const script = `const it = await import(${JSON.stringify(packageJson.name)}); console.log(Object.keys(it).length > 0);`;
    const { stdout, stderr } = await program(node, ["--input-type=module", "-e", script], {
      cwd: join(folder, "home"),
    });
    expect({ stdout, stderr }).toEqual({ stdout: "true\n", stderr: "" });
  });
});
