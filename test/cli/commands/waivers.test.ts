import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EXAMPLE, preflight } from "../program.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "preflight-waivers-"));
  await mkdir(join(root, ".git"));
});
afterAll(() => rm(root, { recursive: true }));

const TERMS = ["--write-waivers", "--reason", "Known", "--owner", "ops", "--expires", "2027-01-31"];
const RUN = ["deployment.yaml", "--inventory", "inventory.json", "--no-live", "--now", "2026-11-22T12:00:00Z"];

/** A separate folder with the example with errors. */
async function site(name: string): Promise<string> {
  const folder = join(root, name);
  await cp(join(EXAMPLE, "mistakes"), folder, { recursive: true });
  return folder;
}

describe("--write-waivers over several sites", () => {
  const RULES = [
    "--only",
    "vm/memory-multiple-of-4,node/unique-hostname",
    "--now",
    "2026-11-22T12:00:00Z",
    "--no-live",
  ];

  it("writes the file of each site, and reports which cross-site findings are left", async () => {
    for (const name of ["each/bergen", "each/oslo"]) await site(name);
    const cwd = join(root, "each");
    const { exitCode, stdout, stderr } = await preflight([...RULES, ...TERMS], { cwd });
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^Gate: FAILED — \d+ errors across sites\.$/m);
    expect(stderr.replaceAll(/\d+ findings/g, "N findings")).toBe(
      "Wrote 2 waivers to bergen/preflight.waivers.yaml.\nWrote 2 waivers to oslo/preflight.waivers.yaml.\n" +
        "N findings across sites cannot be waived: change a value, or set the rule to warn in the configs of these sites.\n",
    );
    // The sentence is true.
    const warn = [...RULES, "--rule", "node/unique-hostname: warn"];
    const then = await preflight(warn, { cwd });
    expect(then.stdout).toContain("All 2 sites passed.");
    expect(then.exitCode).toBe(0);
  });

  it("writes one waiver into a shared file for checks of equal names, and the next run needs no more", async () => {
    for (const name of ["shared/bergen", "shared/oslo"]) await site(name);
    const cwd = join(root, "shared");
    const run = [...RULES, ...TERMS, "--waivers", "all.yaml"];
    expect((await preflight(run, { cwd })).stderr).toMatch(/^Wrote 2 waivers to all\.yaml\.\n/);
    const text = await readFile(join(cwd, "all.yaml"), "utf8");
    expect(text.match(/- rule:/g)).toHaveLength(2);
    expect((await preflight(run, { cwd })).stderr).toMatch(/^Nothing to waive\.\n/);
  });
});

describe("--write-waivers", () => {
  it("covers everything that fails the gate, so that the next run passes and adds nothing", async () => {
    const cwd = await site("whole");
    expect((await preflight(RUN, { cwd })).exitCode).toBe(1);
    const first = await preflight([...RUN, ...TERMS], { cwd });
    expect(first.stderr).toMatch(/^Wrote \d+ waivers to preflight\.waivers\.yaml\.\n$/);
    expect(first.exitCode).toBe(0);
    const written = await readFile(join(cwd, "preflight.waivers.yaml"), "utf8");
    const again = await preflight([...RUN, ...TERMS], { cwd });
    expect(again.stderr).toBe("Nothing to waive.\n");
    expect(await readFile(join(cwd, "preflight.waivers.yaml"), "utf8")).toBe(written);
    expect((await preflight(RUN, { cwd })).exitCode).toBe(0);
  });

  it("begins a new file with a schema that exists, or with none", async () => {
    const first = async (cwd: string) =>
      (await readFile(join(cwd, "preflight.waivers.yaml"), "utf8")).split("\n")[0] ?? "";
    const bare = await site("bare");
    await preflight([...RUN, ...TERMS], { cwd: bare });
    expect(await first(bare)).toBe("# preflight schema waivers prints the JSON Schema of this file.");
    const started = join(root, "started");
    await mkdir(started);
    await preflight(["init"], { cwd: started });
    await preflight(["deployment.yaml", "--no-live", ...TERMS], { cwd: started });
    const [, schema = ""] = /^# yaml-language-server: \$schema=(\S+)$/.exec(await first(started)) ?? [];
    expect(JSON.parse(await readFile(join(started, schema), "utf8"))).toMatchObject({ $id: "waivers.schema.json" });
  });

  it("covers warnings and infos only with --all, or if there are too many warnings", async () => {
    const rulesIn = async (cwd: string) =>
      [...(await readFile(join(cwd, "preflight.waivers.yaml"), "utf8")).matchAll(/rule: (\S+)/g)].map(
        ([, rule]) => rule,
      );
    const few = await site("gate-alone");
    await preflight([...RUN, ...TERMS], { cwd: few });
    const all = await site("all");
    await preflight([...RUN, ...TERMS, "--all"], { cwd: all });
    const tooMany = await site("too-many");
    await preflight([...RUN, ...TERMS, "--max-warnings", "0"], { cwd: tooMany });
    const names = await Promise.all([few, tooMany, all].map(rulesIn));
    const [gate = [], warnings = [], everything = []] = names;
    expect(gate).toContain("vm/memory-multiple-of-4");
    expect(gate.length).toBeLessThan(warnings.length);
    expect(warnings.length).toBeLessThan(everything.length);
    expect((await preflight([...RUN, "--max-warnings", "0"], { cwd: tooMany })).exitCode).toBe(0);
  });

  it("goes into the given, found or configured file, from any working directory", async () => {
    const cwd = await site("named");
    await preflight([...RUN, ...TERMS, "--waivers", "mine.yaml"], { cwd });
    expect(await readFile(join(cwd, "mine.yaml"), "utf8")).toContain("rule: vm/memory-multiple-of-4");
    await writeFile(join(cwd, "preflight.config.yaml"), "waivers: policy/agreed.yaml\n");
    const [, ...others] = RUN;
    const fromElsewhere = [
      "named/deployment.yaml",
      ...others.map((word) => (word === "inventory.json" ? `named/${word}` : word)),
    ];
    const { stderr } = await preflight([...fromElsewhere, ...TERMS], { cwd: root });
    expect(stderr).toMatch(/^Wrote \d+ waivers to named\/policy\/agreed\.yaml\.\n$/);
  });

  it("writes nothing after a run without a verdict", async () => {
    const cwd = await site("broken");
    await writeFile(join(cwd, "deployment.yaml"), "management_node: 1\n");
    const { stderr, exitCode } = await preflight([...RUN, ...TERMS], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("No waivers were written: the run gives no verdict.\n");
    await expect(readFile(join(cwd, "preflight.waivers.yaml"))).rejects.toThrow();
  });

  it("is refused if no later run with the given config would read it", async () => {
    const env = { COLUMNS: "200" };
    const cwd = await site("unread");
    await writeFile(join(cwd, "policy.yaml"), "extends: recommended\n");
    const { stderr, stdout, exitCode } = await preflight([...RUN, ...TERMS, "--config", "policy.yaml"], { cwd, env });
    expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 2 });
    expect(stderr).toContain("does not refer to a waivers file, so later runs would not read new waivers.");
    const named = [...RUN, "--config", "policy.yaml", "--waivers", "mine.yaml"];
    expect((await preflight([...named, ...TERMS], { cwd })).exitCode).toBe(0);
    expect((await preflight(named, { cwd })).exitCode).toBe(0);
  });

  it("leaves an old file unchanged if a new one cannot be written", async () => {
    const cwd = await site("full");
    await mkdir(join(cwd, "waivers"));
    const { stderr, exitCode } = await preflight([...RUN, ...TERMS, "--waivers", "waivers"], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("waivers is a folder");
    await chmod(join(cwd, "waivers"), 0o755);
  });

  it.each([
    [["--write-waivers"], "--write-waivers requires --reason and --owner and --expires."],
    [["--reason", "x"], "--reason requires --write-waivers."],
    [[...TERMS, "--no-waivers"], "--write-waivers and --no-waivers cannot be used together."],
    [["--waivers", "w.yaml", "--no-waivers"], "--waivers and --no-waivers cannot be used together."],
    [[...TERMS, "--expires", "2026-11-21"], '--expires does not accept "2026-11-21".'],
    [[...TERMS, "--expires", "soon"], '--expires does not accept "soon".'],
    [[...TERMS, "--owner", " "], '--owner does not accept " ".'],
    [[...TERMS, "--reason", "a\nb"], '--reason does not accept "a\\nb".'],
  ])("refuses %j", async (args, message) => {
    const { stderr, stdout, exitCode } = await preflight([...RUN, ...args], { cwd: join(EXAMPLE, "mistakes") });
    expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 2 });
    expect(stderr).toContain(message);
  });
});

describe("a rule that cannot be waived", () => {
  it("fails the gate regardless of waivers and directives, and cannot be waived itself", async () => {
    const cwd = await site("secret");
    const deployment = await readFile(join(cwd, "deployment.yaml"), "utf8");
    const secret =
      "\n# preflight-disable-next-line access/no-plaintext-secrets until 2027-01-31 -- soon\npassword: hunter2-hunter2\n";
    await writeFile(
      join(cwd, "deployment.yaml"),
      deployment.replace(/^vm_manager:$/m, `vm_manager:${secret.replaceAll("\n", "\n  ").trimEnd()}`),
    );
    const waivers = `waivers:
  - { rule: access/no-plaintext-secrets, subject: "file:deployment.yaml", reason: soon, owner: ops, expires: 2027-01-31 }
`;
    await writeFile(join(cwd, "preflight.waivers.yaml"), waivers);
    const { stdout, stderr, exitCode } = await preflight([...RUN, ...TERMS, "--format", "json"], { cwd });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^Wrote \d+ waivers to preflight\.waivers\.yaml; 1 check cannot be waived\.\n$/);
    const { checks, waivers: records } = JSON.parse(stdout) as {
      readonly checks: readonly { readonly rule: string; readonly verdict: string }[];
      readonly waivers: readonly { readonly rule: string; readonly state: string; readonly kind: string }[];
    };
    const secrets = checks.filter(({ rule, verdict }) => rule === "access/no-plaintext-secrets" && verdict !== "pass");
    expect(secrets.map(({ verdict }) => verdict)).toEqual(["fail"]);
    const refused = records.filter(({ rule }) => rule === "access/no-plaintext-secrets");
    expect(refused.map(({ kind, state }) => `${kind} ${state}`)).toEqual(["file refused", "inline refused"]);
  });
});

describe("--baseline-plan", () => {
  const PLAN = { schema_version: 1, inconclusive: "fail", max_warnings: null };
  const PLANNED = {
    ...{ rule: "a/b", subject: { kind: "node", name: "x" }, outlook: "evaluate" },
    ...{ severity: "error", messages: {}, options: {} },
  };
  const NO_CHECK = "contains no checks, so there is nothing to compare this run with.";

  it.each([
    ["without any check", [], 2, NO_CHECK],
    ["with skipped ones alone", [{ ...PLANNED, outlook: "skip" }], 2, NO_CHECK],
    ["with an outlook that there is not", [{ ...PLANNED, outlook: "JUDGE" }], 2, "not a plan"],
  ])("takes no plan %s", async (name, checks, code, message) => {
    const cwd = await site(`plan ${name}`);
    const env = { COLUMNS: "200" };
    await writeFile(join(cwd, "plan.json"), JSON.stringify({ ...PLAN, checks }));
    const { stderr, exitCode } = await preflight([...RUN, "--baseline-plan", "plan.json"], { cwd, env });
    expect(exitCode).toBe(code);
    expect(stderr).toContain(message);
  });

  it("fails the gate if a rule is off that had no subjects when the plan was approved", async () => {
    const cwd = await site("approved");
    await writeFile(
      join(cwd, "stood-in.json"),
      JSON.stringify({
        ...PLAN,
        checks: [
          {
            ...PLANNED,
            rule: "cluster/evc-disabled-on-mixed-cpus",
            subject: { kind: "deployment", name: "deployment" },
            outlook: "inconclusive",
          },
        ],
      }),
    );
    const run = [...RUN, "--baseline-plan", "stood-in.json", "--format", "json"];
    const missing = async (args: readonly string[]) =>
      (JSON.parse((await preflight([...run, ...args], { cwd })).stdout) as { baseline: { missing: unknown[] } })
        .baseline.missing;
    expect(await missing([])).toEqual([]);
    expect(await missing(["--rule", "cluster/evc-disabled-on-mixed-cpus: off"])).toHaveLength(1);
  });
});

describe("the waivers of a run", () => {
  it("are none with --no-waivers, and only those of a config that is named", async () => {
    const cwd = await site("trusted");
    await preflight([...RUN, ...TERMS], { cwd });
    expect((await preflight(RUN, { cwd })).exitCode).toBe(0);
    expect((await preflight([...RUN, "--no-waivers"], { cwd })).exitCode).toBe(1);
    await writeFile(join(root, "policy.yaml"), "extends: recommended\n");
    expect((await preflight([...RUN, "--config", "../policy.yaml"], { cwd })).exitCode).toBe(1);
    await writeFile(join(root, "policy.yaml"), "waivers: trusted/preflight.waivers.yaml\n");
    expect((await preflight([...RUN, "--config", "../policy.yaml"], { cwd })).exitCode).toBe(0);
  });

  it("cannot be a file that is not there", async () => {
    const { stderr, exitCode } = await preflight([...RUN, "--waivers", "none.yaml"], {
      cwd: join(EXAMPLE, "mistakes"),
    });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("none.yaml");
  });
});
