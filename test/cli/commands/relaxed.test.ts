import { cp, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { rules } from "../../../rules/index.generated.ts";
import { COMMANDS, optionsOf } from "../../../src/cli/arguments/commands.ts";
import { configSchema } from "../../../src/schema/config.schema.ts";
import type { RelaxedSetting, RunReport } from "../../../src/schema/report.generated.ts";
import { EXAMPLE, preflight, ROOT } from "../program.ts";

let root: string;
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "preflight-relaxed-")));
  await mkdir(join(root, ".git"));
  await cp(join(EXAMPLE, "mistakes"), root, { recursive: true });
});
afterEach(() => rm(root, { recursive: true }));

const RUN = ["deployment.yaml", "--inventory", "inventory.json", "--no-live", "--now", "2026-11-22T12:00:00Z"];
const [SEVERE, EXPIRY] = ["vm/memory-multiple-of-4", "tls/certificate-expires-soon"];

async function report(args: readonly string[]): Promise<RunReport> {
  const { stdout, stderr } = await preflight([...RUN, ...args, "--format", "json"], { cwd: root });
  expect(stderr).toBe("");
  return JSON.parse(stdout) as RunReport;
}

/** `rule setting (subjects): from to, by` */
const shown = ({ rule, setting, subjects, from, to, by }: RelaxedSetting) =>
  `${rule ?? "all"} ${setting}${subjects === null ? "" : ` (${subjects.join(", ")})`}: ${from} to ${to}, ${by}`;

const changed = async (args: readonly string[]) => (await report(args)).policy.changed.map(shown);

/** What a way of relaxing checks looks like in a report. */
interface Way {
  readonly config?: string;
  readonly arguments?: readonly string[];
  readonly expected: readonly string[];
}

/** Reported elsewhere in the same report. */
type Elsewhere = "as skipped" | "as waived" | "by a finding" | "in what the result rests on";

/**
 * Every option of `check` that reads files, chooses rules or decides the gate: an example of relaxing with it, where a report
 * shows it otherwise, or null where it relaxes nothing. A new option has to be added here.
 */
const OPTIONS: Readonly<Record<string, Way | Elsewhere | null>> = {
  site: null,
  inventory: null,
  "no-inventory": "in what the result rests on",
  "allow-outside-paths": null,
  now: "in what the result rests on",
  config: {
    config: `rules: { ${SEVERE}: warn }`,
    arguments: ["--config", "preflight.config.yaml"],
    expected: [`${SEVERE} severity: error to warn, preflight.config.yaml:1:35`],
  },
  "no-config": null,
  policy: {
    config: `rules: { ${SEVERE}: warn }`,
    arguments: ["--policy", "preflight.config.yaml"],
    expected: [`${SEVERE} severity: error to warn, preflight.config.yaml:1:35`],
  },
  "compare-to": null,
  "fail-on": null,
  evidence: "in what the result rests on",
  "max-age": "in what the result rests on",
  "no-live": "as skipped",
  only: "as skipped",
  rule: { arguments: ["--rule", `${SEVERE}: info`], expected: [`${SEVERE} severity: error to info, --rule`] },
  "print-config": null,
  from: null,
  "allow-probe": null,
  "require-vantage": null,
  "system-resolver": null,
  timeout: null,
  retries: null,
  deadline: null,
  concurrency: null,
  "max-warnings": {
    config: "max_warnings: 3",
    arguments: ["--max-warnings", "9"],
    expected: ["all max_warnings: 3 to 9, --max-warnings"],
  },
  inconclusive: { arguments: ["--inconclusive", "warn"], expected: ["all inconclusive: fail to warn, --inconclusive"] },
  "baseline-plan": null,
  waivers: "as waived",
  "no-waivers": null,
  "no-inline": null,
  // The file that is evaluated then has these values.
  fix: null,
  "fix-dry-run": null,
  "write-waivers": "as waived",
  reason: "as waived",
  owner: "as waived",
  expires: "as waived",
};

/** The same for every key of a config. */
const CONFIG_KEYS: Readonly<Record<string, Way | Elsewhere | null>> = {
  $schema: null,
  extends: { config: "extends: must\nrules: { vm/thick-disk: error }", expected: [] },
  rules: {
    config: `rules: { ${SEVERE}: { severity: warn }, ${EXPIRY}: { options: { days: 3 } } }`,
    expected: [
      `${EXPIRY} option days: 30 to 3, preflight.config.yaml:1:104`,
      `${SEVERE} severity: error to warn, preflight.config.yaml:1:47`,
    ],
  },
  overrides: {
    config: `overrides: [{ subjects: ["node:oslo-conf01"], rules: { ${SEVERE}: off } }]`,
    expected: [`${SEVERE} severity (node:oslo-conf01): error to off, preflight.config.yaml:1:81`],
  },
  plugins: null,
  facts: "by a finding",
  probe: {
    config: "probe: { retries: 5, timeout_ms: 2000 }",
    expected: ["all probe.retries: 1 to 5, preflight.config.yaml:1:19"],
  },
  required_version: null,
  max_age: "in what the result rests on",
  inconclusive: {
    config: "inconclusive: ignore",
    expected: ["all inconclusive: fail to ignore, preflight.config.yaml:1:15"],
  },
  max_warnings: {
    config: "extends: ./base.yaml\nmax_warnings: null",
    expected: ["all max_warnings: 0 to any number, preflight.config.yaml:2:15"],
  },
  waivers: "as waived",
  baseline_plan: null,
};

const ways = (table: Readonly<Record<string, Way | Elsewhere | null>>) =>
  Object.entries(table).flatMap(([name, way]) =>
    way === null || typeof way === "string" ? [] : [[name, way] as const],
  );

async function expectReported({ config, arguments: args = [], expected }: Way): Promise<void> {
  await writeFile(join(root, "base.yaml"), "max_warnings: 0\n");
  if (config !== undefined) await writeFile(join(root, "preflight.config.yaml"), `${config}\n`);
  const found = await changed(args);
  if (expected.length > 0) expect([...found].sort()).toEqual([...expected].sort());
  else expect(found.length).toBeGreaterThan(0);
  const { stdout } = await preflight([...RUN, ...args], { cwd: root, env: { COLUMNS: "500" } });
  expect(stdout).toMatch(/^\d+ (?:rules?|settings?)(?: and \d+ settings?)? relaxed by policy: /m);
}

describe("every way of relaxing checks", () => {
  it("is known for each option and each config key that can relax a rule", () => {
    const groups = ["Input", "Rules", "Servers", "Fixing", "Gate", "Waivers"];
    const options = optionsOf("check").filter(({ group }) => groups.includes(group));
    expect(Object.keys(OPTIONS).sort()).toEqual(options.map(({ name }) => name).sort());
    expect(COMMANDS.check.options).toContain("policy");
    expect(Object.keys(CONFIG_KEYS).sort()).toEqual(Object.keys(configSchema.properties ?? {}).sort());
  });

  it.each(ways(OPTIONS))("is reported: --%s", async (_, way) => expectReported(way));

  it.each(ways(CONFIG_KEYS))("is reported: the config key %s", async (_, way) => expectReported(way));

  it("is reported: platform.environment: test", async () => {
    const file = join(root, "deployment.yaml");
    await writeFile(file, (await readFile(file, "utf8")).replace("environment: production", "environment: test"));
    const by = "platform.environment: test (deployment.yaml:8:16)";
    expect(await changed([])).toEqual([
      `host/dedicated severity: error to warn, ${by}`,
      `platform/free-edition environment: production to not applicable, ${by}`,
    ]);
  });

  it("of a rule that reads the environment itself is declared by the rule", async () => {
    // It gets stricter in a test environment: the memory of a VM on a shared host must be reserved.
    const stricter = ["vm/memory-reserved"];
    for (const { id, inTestEnvironment } of rules) {
      const source = await readFile(join(ROOT, "rules", `${id}.ts`), "utf8");
      if (!source.includes(".environment")) continue;
      expect(inTestEnvironment !== undefined, id).toBe(!stricter.includes(id));
    }
  });
});

describe("a relaxed rule", () => {
  it("is not what is as strict as the rule declares, or stricter", async () => {
    const config = `extends: strict\nrules: { ${EXPIRY}: { severity: error, options: { days: 60 } } }\nmax_warnings: 0\n`;
    await writeFile(join(root, "preflight.config.yaml"), config);
    expect(await changed([])).toEqual([]);
    expect((await report([])).policy.changed).toEqual([]);
  });

  it("is one that the command line takes back from the config", async () => {
    await writeFile(join(root, "preflight.config.yaml"), `rules: { ${EXPIRY}: error }\n`);
    expect(await changed(["--rule", `${EXPIRY}: warn`])).toEqual([`${EXPIRY} severity: error to warn, --rule`]);
  });

  it("is not one whose probe limits were set by a named config or an option", async () => {
    await writeFile(join(root, "preflight.config.yaml"), "probe: { retries: 5 }\n");
    expect(await changed(["--config", "preflight.config.yaml"])).toEqual([]);
    expect(await changed(["--retries", "2"])).toEqual([]);
  });
});

describe("--baseline-plan", () => {
  const plan = async (...args: readonly string[]) => {
    const { exitCode, stderr } = await preflight(["plan", ...RUN, ...args, "--format", "json=plan.json"], {
      cwd: root,
    });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  };

  it("fails the gate for error rules that became info, for options and for inconclusive", async () => {
    await plan();
    const levels = rules.filter(({ severity, live }) => severity === "error" && live !== true).slice(0, 7);
    const config = [
      "inconclusive: ignore",
      "rules:",
      `  ${EXPIRY}: { options: { days: 1 } }`,
      ...levels.map(({ id }) => `  ${id}: info`),
    ];
    await writeFile(join(root, "preflight.config.yaml"), `${config.join("\n")}\n`);
    const { baseline, summary, blockers } = await report(["--baseline-plan", "plan.json"]);
    expect(summary.gate).toBe("failed");
    expect(blockers.map(({ kind }) => kind)).toContain("baseline");
    expect(summary.gate_reason).toMatch(/\d+ settings relaxed since the approved plan/);
    const found = new Set(baseline?.relaxed.map(({ rule, setting }) => rule ?? setting));
    for (const id of [...levels.map((rule) => rule.id), "inconclusive", EXPIRY]) expect(found).toContain(id);
    const { stdout } = await preflight([...RUN, "--baseline-plan", "plan.json"], { cwd: root });
    expect(stdout).toContain("info instead of error");
  });

  it("passes the same settings, also of the gate", async () => {
    await plan("--inconclusive", "ignore", "--max-warnings", "500");
    const { baseline } = await report([
      "--baseline-plan",
      "plan.json",
      "--inconclusive",
      "ignore",
      "--max-warnings",
      "500",
    ]);
    expect(baseline).toMatchObject({ missing: [], relaxed: [] });
    expect((await report(["--baseline-plan", "plan.json", "--inconclusive", "ignore"])).baseline?.relaxed).toEqual([
      { rule: null, subject: null, setting: "max_warnings", from: "500", to: "any number" },
    ]);
  });

  it("is refused without the settings that a plan has", async () => {
    await plan();
    const { inconclusive, ...rest } = JSON.parse(await readFile(join(root, "plan.json"), "utf8")) as Record<
      string,
      unknown
    >;
    expect(inconclusive).toBe("fail");
    await writeFile(join(root, "old.json"), JSON.stringify(rest));
    const { exitCode, stderr } = await preflight([...RUN, "--baseline-plan", "old.json"], { cwd: root });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("not-a-plan");
  });
});
