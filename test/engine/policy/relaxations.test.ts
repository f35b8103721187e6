import { describe, expect, it } from "vitest";
import type { ConfigLayer, Origin } from "../../../src/engine/api/config-layer.ts";
import { builtInCatalogue } from "../../../src/engine/api/rule-catalogue.ts";
import type { Rule } from "../../../src/engine/api/rule.ts";
import { Policy } from "../../../src/engine/policy/policy.ts";
import { type GateSettings, relaxedRules, relaxedSettings } from "../../../src/engine/policy/relaxations.ts";
import type { RelaxedSetting } from "../../../src/schema/report.generated.ts";
import { siteOf } from "../../support/documents.ts";
import { tinyRule } from "../tiny-rules.ts";
import { layer } from "./config-layers.ts";

const NODES =
  "conferencing_nodes: [{ name: oslo-a, hostname: a }, { name: oslo-b, hostname: b }, { name: bergen, hostname: c }]";
const IN_TEST = `platform: { version: "25", environment: test }\n${NODES}`;

const rule = (changes: Partial<Rule> = {}) => tinyRule("node", () => undefined, { id: "t/rule", ...changes });
const option = (value: number) => ({ type: "integer", default: value, description: "A number." }) as const;
const withOptions = rule({
  options: { least: option(4), most: option(9), free: option(1) },
  stricterOptions: { least: "higher", most: "lower" },
});

const inWords = ({ rule: id, setting, subjects, from, to, by }: RelaxedSetting) =>
  `${id ?? "all"} ${setting}${subjects === null ? "" : ` of ${subjects.join(", ")}`}: ${from} -> ${to} by ${by}`;

/** What relaxes the rules, by layers of configs and of the command line. */
async function relaxed(
  rules: Rule | readonly Rule[],
  configs: readonly ConfigLayer[],
  options: readonly ConfigLayer[] = [],
  deployment = NODES,
): Promise<readonly string[]> {
  const catalogue = builtInCatalogue([rules].flat(), "0.1.0");
  const policy = new Policy(catalogue, [...configs, ...options]);
  const withoutOptions = new Policy(catalogue, configs);
  return relaxedRules({ policy, withoutOptions }, await siteOf(deployment)).map(inWords);
}

describe("a severity below the declared one", () => {
  it.each<readonly [string, Rule, readonly ConfigLayer[], readonly ConfigLayer[], readonly string[]]>([
    ["of a config", rule(), [layer("c", { "t/rule": "warn" })], [], ["t/rule severity: error -> warn by c"]],
    ["of an option", rule(), [], [layer("--rule", { "t/rule": "info" })], ["t/rule severity: error -> info by --rule"]],
    ["off", rule(), [layer("c", { "t/rule": "off" })], [], ["t/rule severity: error -> off by c"]],
    ["none: as declared", rule(), [layer("c", { "t/rule": "error" })], [], []],
    ["none: above", rule({ severity: "info" }), [layer("c", { "t/rule": "warn" })], [], []],
    ["none: with warnings as errors", rule({ severity: "warn" }), [layer("c", { "t/rule": "strict" })], [], []],
    [
      "none: lowered and raised again by a later layer",
      rule(),
      [layer("c", { "t/rule": "warn" }), layer("d", { "t/rule": "error" })],
      [],
      [],
    ],
    [
      "of the config, though an option sets it to the declared one",
      rule({ severity: "warn" }),
      [layer("c", { "t/rule": "error" })],
      [layer("--rule", { "t/rule": "warn" })],
      ["t/rule severity: error -> warn by --rule"],
    ],
    [
      "none: raised in the config, and by the option too",
      rule({ severity: "info" }),
      [layer("c", { "t/rule": "error" })],
      [layer("--rule", { "t/rule": "error" })],
      [],
    ],
    [
      "of a message that is more severe than the rule: the one that is lowered most",
      rule({ severity: "info", messageSeverity: { bad: "error", plain: "warn" } }),
      [layer("c", { "t/rule": "info" })],
      [],
      ["t/rule severity: error -> info by c"],
    ],
    [
      "of a message that is listed behind a milder one",
      rule({ severity: "warn", messageSeverity: { plain: "warn", bad: "error" } }),
      [layer("c", { "t/rule": "info" })],
      [],
      ["t/rule severity: error -> info by c"],
    ],
    [
      "none: an option sets for one more layer what the config has",
      rule({ severity: "info" }),
      [layer("c", { "t/rule": "warn" })],
      [layer("--rule", { "t/rule": "warn" })],
      [],
    ],
    [
      "of the rule, not of a message that is milder anyway",
      rule({ messageSeverity: { bad: "info" } }),
      [layer("c", { "t/rule": "warn" })],
      [],
      ["t/rule severity: error -> warn by c"],
    ],
  ])("is reported: %s", async (_, one, configs, options, expected) => {
    expect(await relaxed(one, configs, options)).toEqual(expected);
  });

  it("of a rule that is off is its only relaxation, and a rule that is not in the defaults has none", async () => {
    const off = { level: "off", options: { least: 1 } } as const;
    expect(await relaxed(withOptions, [layer("c", { "t/rule": off })])).toEqual(["t/rule severity: error -> off by c"]);
  });
});

describe("a setting for some subjects", () => {
  it("names those to which it applies, and none if these are all", async () => {
    expect(await relaxed(rule(), [layer("c", {}, ["node:oslo-*", { "t/rule": "warn" }])])).toEqual([
      "t/rule severity of node:oslo-a, node:oslo-b: error -> warn by c",
    ]);
    expect(await relaxed(rule(), [layer("c", {}, ["node:*", { "t/rule": "warn" }])])).toEqual([
      "t/rule severity: error -> warn by c",
    ]);
    expect(
      await relaxed(rule(), [
        layer("c", {}, ["node:oslo-a", { "t/rule": "warn" }], ["node:bergen", { "t/rule": "off" }]),
      ]),
    ).toEqual([
      "t/rule severity of node:oslo-a: error -> warn by c",
      "t/rule severity of node:bergen: error -> off by c",
    ]);
  });

  it("is compared with the config for the same subjects, where an option takes back what it made stricter", async () => {
    const stricter = [layer("c", {}, ["node:oslo-*", { "t/rule": "error" }])];
    const warning = rule({ severity: "warn" });
    expect(await relaxed(warning, stricter, [layer("--rule", { "t/rule": "warn" })])).toEqual([
      "t/rule severity of node:oslo-a, node:oslo-b: error -> warn by --rule",
    ]);
  });

  it("includes the check on the deployment where there is no subject, or where more may be", async () => {
    const ofDeployment = [layer("c", {}, ["deployment:*", { "t/rule": "warn" }])];
    expect(await relaxed(rule(), ofDeployment)).toEqual([]);
    expect(await relaxed(rule(), ofDeployment, [], 'platform: { version: "25" }')).toEqual([
      "t/rule severity: error -> warn by c",
    ]);
  });
});

describe("an option that requires less", () => {
  it.each<readonly [string, object, readonly string[]]>([
    ["a lower limit", { least: 3 }, ["t/rule option least: 4 -> 3 by c"]],
    ["a higher limit", { most: 10 }, ["t/rule option most: 9 -> 10 by c"]],
    ["none: stricter values", { least: 5, most: 8 }, []],
    ["none: the same values", { least: 4, most: 9, free: 1 }, []],
    ["any other value, where the rule does not say what is stricter", { free: 2 }, ["t/rule option free: 1 -> 2 by c"]],
    ["another type", { least: "4" }, ["t/rule option least: 4 -> 4 by c"]],
    ["null, which is the default", { least: null }, ["t/rule option least: 4 -> default by c"]],
    ["a list", { least: [1, "a"] }, ['t/rule option least: 4 -> [1,"a"] by c']],
  ])("is reported: %s", async (_, options, expected) => {
    expect(await relaxed(withOptions, [layer("c", { "t/rule": { options } })])).toEqual(expected);
  });

  it("is reported besides a lower severity", async () => {
    const setting = { level: "warn", options: { least: 1 } } as const;
    expect(await relaxed(withOptions, [layer("c", { "t/rule": setting })])).toEqual([
      "t/rule severity: error -> warn by c",
      "t/rule option least: 4 -> 1 by c",
    ]);
  });
});

describe("a test environment", () => {
  const milder = rule({ severityWhen: [{ environment: "test", severity: "info" }] });

  it("lowers what the rule declares for it, with the source location", async () => {
    expect(await relaxed(milder, [], [], IN_TEST)).toEqual([
      "t/rule severity: error -> info by platform.environment: test (deployment.yaml:1:41)",
    ]);
    expect(await relaxed(milder, [])).toEqual([]);
    expect(await relaxed(milder, [layer("c", { "t/rule": "warn" })], [], IN_TEST)).toEqual([
      "t/rule severity: error -> warn by c",
    ]);
    expect(await relaxed(milder, [layer("c", { "t/rule": "error" })], [], IN_TEST)).toEqual([]);
    expect(await relaxed(milder, [layer("c", { "t/rule": "strict" })], [], IN_TEST)).toEqual([
      "t/rule severity: error -> info by platform.environment: test (deployment.yaml:1:41)",
    ]);
  });

  it("lowers what the rule requires in it, unless the rule is off", async () => {
    const less = rule({ inTestEnvironment: "one node" });
    const expected = "t/rule environment: production -> one node by platform.environment: test (deployment.yaml:1:41)";
    expect(await relaxed(less, [], [], IN_TEST)).toEqual([expected]);
    expect(await relaxed(less, [])).toEqual([]);
    expect(await relaxed(less, [layer("c", { "t/rule": "off" })], [], IN_TEST)).toEqual([
      "t/rule severity: error -> off by c",
    ]);
  });
});

describe("the gate's settings", () => {
  const from = (by: string): Origin => ({ by, location: null });
  const at: Origin = {
    by: "preflight.config.yaml",
    location: { path: "preflight.config.yaml", line: 3, column: 5, end_line: 3, end_column: 9 },
  };
  const DEFAULTS: GateSettings = {
    inconclusive: { value: "fail", origin: from("default") },
    maxWarnings: { value: null, origin: from("default") },
    strictestMaxWarnings: null,
    maxAge: null,
    foundLimits: [],
  };
  const settings = (changes: Partial<GateSettings>) => relaxedSettings({ ...DEFAULTS, ...changes }).map(inWords);

  it.each<readonly [string, Partial<GateSettings>, readonly string[]]>([
    ["the defaults", {}, []],
    [
      "inconclusive checks that warn",
      { inconclusive: { value: "warn", origin: from("--inconclusive") } },
      ["all inconclusive: fail -> warn by --inconclusive"],
    ],
    [
      "inconclusive checks that are ignored, by a config",
      { inconclusive: { value: "ignore", origin: at } },
      ["all inconclusive: fail -> ignore by preflight.config.yaml:3:5"],
    ],
    ["a limit of warnings", { maxWarnings: { value: 3, origin: at }, strictestMaxWarnings: 3 }, []],
    ["a lower limit of warnings", { maxWarnings: { value: 0, origin: at }, strictestMaxWarnings: 3 }, []],
    [
      "a higher limit of warnings",
      { maxWarnings: { value: 4, origin: from("--max-warnings") }, strictestMaxWarnings: 3 },
      ["all max_warnings: 3 -> 4 by --max-warnings"],
    ],
    [
      "no limit of warnings",
      { maxWarnings: { value: null, origin: at }, strictestMaxWarnings: 0 },
      ["all max_warnings: 0 -> any number by preflight.config.yaml:3:5"],
    ],
    [
      "older answers",
      { maxAge: { from: "1 day", set: { value: "2 days", origin: from("--max-age") }, isOlder: true } },
      ["all max_age: 1 day -> 2 days by --max-age"],
    ],
    [
      "newer answers",
      { maxAge: { from: "1 day", set: { value: "1 hour", origin: from("--max-age") }, isOlder: false } },
      [],
    ],
    [
      "limits of a config that was found",
      {
        foundLimits: [
          { name: "deadline", from: 30, set: { value: 5, origin: at } },
          { name: "retries", from: 1, set: { value: 1, origin: at } },
          { name: "timeout", from: null, set: { value: 500, origin: at } },
          { name: "concurrency", from: 4, set: { value: null, origin: at } },
        ],
      },
      [
        "all probe.deadline: 30 -> 5 by preflight.config.yaml:3:5",
        "all probe.timeout: default -> 500 by preflight.config.yaml:3:5",
        "all probe.concurrency: 4 -> default by preflight.config.yaml:3:5",
      ],
    ],
  ])("relax all rules: %s", (_, changes, expected) => {
    expect(settings(changes)).toEqual(expected);
  });
});
