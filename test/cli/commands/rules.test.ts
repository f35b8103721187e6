import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rules } from "../../../rules/index.generated.ts";
import { preflight, ROOT } from "../program.ts";

describe("preflight rules", () => {
  it("lists every rule as JSON, with its facts", async () => {
    const { exitCode, stdout } = await preflight(["rules", "list", "--json"]);
    const list = JSON.parse(stdout) as readonly { readonly id: string; readonly options: object }[];
    expect(exitCode).toBe(0);
    expect(list.map(({ id }) => id)).toEqual(rules.map(({ id }) => id));
    expect(list.find(({ id }) => id === "time/ntp-synchronised")).toMatchObject({
      severity: "error",
      live: true,
      subject: "ntp-server",
      source: { document: "guide-v25", wording: "must" },
      options: { root_distance_ms: { type: "integer", default: 3000 } },
    });
  });

  it("lists them as a Markdown table", async () => {
    const { stdout } = await preflight(["rules", "list", "--markdown"]);
    const lines = stdout.trimEnd().split("\n");
    expect(lines[0]).toBe("| rule | severity | live | title |");
    expect(lines).toHaveLength(rules.length + 2);
  });

  it.each(rules.map(({ id }) => id).filter((_, index) => index % 20 === 0))("shows %s and its page", async (id) => {
    const { exitCode, stdout } = await preflight(["rules", "show", id]);
    const page = readFileSync(join(ROOT, "docs", "rules", `${id}.md`), "utf8");
    expect(exitCode).toBe(0);
    expect(stdout.startsWith(`${id} (`)).toBe(true);
    expect(stdout).toContain(page.slice(page.indexOf("\n## ") + 1));
  });

  it("suggests the rule that was probably meant", async () => {
    const { exitCode, stdout, stderr } = await preflight(["rules", "show", "vm/thik-disk"]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain("Did you mean vm/thick-disk?");
  });

  it("wants one rule to show", async () => {
    expect((await preflight(["rules", "show"])).stderr).toContain("preflight rules show requires a rule id.");
    expect((await preflight(["rules", "show", "a", "b"])).stderr).toContain('Unexpected argument "b".');
  });
});

const PLUGIN = `const source = { document: "lab-handbook", section: "Names", wording: "recommended" };
const tagged = {
  id: "lab/tagged", title: "Require tags", severity: "warn", subject: "node", since: "1.0.0", source,
  options: { prefix: { type: "string", default: "vc-", description: "What names begin with" } },
  remediation: "Rename it.", messages: { untagged: "Untagged." }, check() {},
};
export default { meta: { name: "lab", version: "1.0.0" }, rules: [tagged], presets: {} };
`;

const CONFIG = `extends: recommended
plugins: [./lab.js]
rules:
  lab/tagged: { severity: error, options: { prefix: px- } }
  vm/thick-disk: off
overrides:
  - subjects: ["node:oslo-*"]
    rules: { vm/no-snapshots: info }
`;

describe("preflight rules under a config that is named", () => {
  let cwd: string;
  const env = { COLUMNS: "200" };
  beforeAll(async () => {
    cwd = await mkdtemp(join(tmpdir(), "preflight-rules-"));
    await writeFile(join(cwd, "lab.js"), PLUGIN);
    await writeFile(join(cwd, "package.json"), '{ "type": "module" }');
    await writeFile(join(cwd, "policy.yaml"), CONFIG);
  });
  afterAll(() => rm(cwd, { recursive: true }));

  it("lists those of its plugins, with their settings and the source of each", async () => {
    const { exitCode, stdout } = await preflight(["rules", "list", "--config", "policy.yaml"], { cwd });
    const lines = stdout.trimEnd().split("\n");
    expect(exitCode).toBe(0);
    expect(lines).toHaveLength(rules.length + 1);
    const line = (id: string) => lines.find((one) => one.startsWith(`${id} `))?.replaceAll(/ +/g, " ");
    expect(line("lab/tagged")).toBe("lab/tagged error Require tags (warn by itself, set at policy.yaml:4:27)");
    expect(line("vm/thick-disk")).toMatch(/^vm\/thick-disk off .* by itself, set at policy\.yaml:5:18\)$/);
    expect(line("vm/no-snapshots")).toMatch(/\(overrides differ for some subjects\)$/);
    expect(line("vm/memory-multiple-of-4")).toBe(
      "vm/memory-multiple-of-4 error Require node memory to be a multiple of 4 MB",
    );
  });

  it("lists the same for a policy, and what each rule declares for --policy none", async () => {
    const list = async (...more: readonly string[]) =>
      (await preflight(["rules", "list", ...more], { cwd, env: { PREFLIGHT_CONFIG: "policy.yaml" } })).stdout;
    expect(await list("--policy", "policy.yaml")).toBe(await list("--config", "policy.yaml"));
    expect(await list("--policy", "none")).toBe(await list("--no-config"));
    const shown = await preflight(["rules", "show", "lab/tagged", "--policy", "policy.yaml"], { cwd });
    expect(shown.stdout).toContain("in force     error, set at policy.yaml:4:27");
    const missing = await preflight(["rules", "list", "--policy", "nowhere"], { cwd });
    expect(missing).toMatchObject({ exitCode: 2, stdout: "" });
    expect(missing.stderr).toContain("nowhere");
  });

  it("lists the same as JSON and Markdown", async () => {
    const json = await preflight(["rules", "list", "--json", "--config", "policy.yaml"], { cwd });
    const list = JSON.parse(json.stdout) as readonly { readonly id: string }[];
    expect(list.find(({ id }) => id === "lab/tagged")).toMatchObject({
      severity: "warn",
      in_force: {
        severity: { value: "error", from: "policy.yaml", location: { line: 4, column: 27 } },
        options: { prefix: { value: "px-", from: "policy.yaml" } },
      },
    });
    const markdown = await preflight(["rules", "list", "--markdown"], {
      cwd,
      env: { PREFLIGHT_CONFIG: "policy.yaml" },
    });
    expect(markdown.stdout).toContain("| vm/thick-disk | warn | off, set at policy.yaml:5:18 |  | ");
    const without = ["rules", "list", "--markdown", "--no-config"];
    const plain = await preflight(without, { cwd, env: { PREFLIGHT_CONFIG: "policy.yaml" } });
    expect(plain.stdout).not.toContain("lab/tagged");
  });

  it("shows one with its options in force, and no page", async () => {
    const { stdout } = await preflight(["rules", "show", "lab/tagged", "--config", "policy.yaml"], { cwd });
    expect(stdout).toBe(`lab/tagged (warn)
Require tags.

subject      node
source       lab-handbook, "Names" (recommended)
since        1.0.0
in force     error, set at policy.yaml:4:27
remediation  Rename it.
option       prefix (string, "vc-"): What names begin with; in force "px-", set at policy.yaml:4:53
`);
  });

  it("suggests the one that was probably meant, and where plugins are loaded", async () => {
    const meant = await preflight(["rules", "show", "lab/taged", "--config", "policy.yaml"], { cwd });
    expect(meant.stderr).toContain("Did you mean lab/tagged?");
    const unknown = await preflight(["rules", "show", "laboratory/everything"], { cwd, env });
    expect(unknown.stderr).toContain("add --config FILE for those of a plugin");
  });

  it("shows the errors of a config instead", async () => {
    await writeFile(join(cwd, "broken.yaml"), "rules: { vm/thik-disk: off }\n");
    const { exitCode, stdout, stderr } = await preflight(["rules", "list", "--config", "broken.yaml"], { cwd });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain("broken.yaml:1:10: error[unknown-rule]");
  });
});
