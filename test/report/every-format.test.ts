import type { Log } from "sarif";
import { describe, expect, it } from "vitest";
import type { Check, RelaxedSetting, RunReport } from "../../src/schema/report.generated.ts";
import { formats } from "../../src/report/format.ts";
import {
  at,
  check,
  cleanReport,
  crashedReport,
  failed,
  failingReport,
  finding,
  HOSTILE_NAME,
  hostileReport,
  POLICY,
  report,
  reportError,
  inconclusiveReport,
  waivedReport,
} from "./sample-report.ts";

const CLOSED = { gate: "failed", gate_reason: "something is wrong" } as const;
const NONE = { gate: "no-verdict", gate_reason: "something broke" } as const;
const PASSED = check("node/unique-hostname", "node manager");
const inconclusive = (severity: "error" | "warn") =>
  check("vm/thick-disk", "node a", { verdict: "inconclusive", severity, missing: [{ what: "gap", location: null }] });

/** One reason each why a gate did not pass. */
const SHUT: Readonly<Record<string, RunReport>> = {
  "a failed check": report([failed("vm/memory-multiple-of-4", "node a", finding("Wrong."))], CLOSED),
  "an inconclusive check": report([PASSED, inconclusive("error")], CLOSED),
  "too many inconclusive warnings": report([PASSED, inconclusive("warn")], CLOSED, {
    policy: { ...POLICY, inconclusive: "warn", max_warnings: 0 },
  }),
  "a crash": report([check("vm/memory-multiple-of-4", "node a", { verdict: "crashed", reason: "TypeError" })], NONE),
  "a mistake in a file": report([], NONE, { errors: [reportError("Broken.")], inputs: [] }),
  "a mistake beside passed checks": report([PASSED], NONE, { errors: [reportError("Broken.")] }),
  "nothing evaluated": report([check("vm/no-snapshots", "node a", { verdict: "skipped", reason: "--no-live" })], NONE),
  "a check of the approved plan that is missing": report([PASSED], CLOSED, { baseline: waivedReport().baseline }),
};

/** Whether a machine, or a person who reads no more than the colour, would take the text for a clean run. */
const IS_GREEN: Readonly<Record<string, (text: string) => boolean>> = {
  stylish: (text) => text.includes("Gate: PASSED"),
  json: (text) => (JSON.parse(text) as RunReport).exit_code === 0,
  sarif: (text) => {
    const [run] = (
      JSON.parse(text) as { runs: { results: object[]; invocations: { executionSuccessful: boolean }[] }[] }
    ).runs;
    return run?.results.length === 0 && run.invocations[0]?.executionSuccessful === true;
  },
  junit: (text) => !/<(?:failure|error) /.test(text),
  github: (text) => !text.includes("::error "),
  markdown: (text) => text.includes("## ✅ Gate passed"),
  gitlab: (text) => (JSON.parse(text) as { severity: string }[]).every(({ severity }) => severity === "info"),
  csv: (text) => text.includes("gate,,,,,passed: "),
  html: (text) => text.includes('<section class="gate gate-passed"'),
};

const OFF_IN = { path: "policies/house.yaml", line: 3, column: 5, end_line: 3, end_column: 9 };

/**
 * A clean run with a rule that would not be missed in it, one that is off for some subjects, and two that an option
 * disabled.
 */
const lessThanAll = (): RunReport => ({
  ...cleanReport(),
  policy: {
    ...POLICY,
    off: [
      { rule: "vm/thick-disk", checks: 1204, by: "policies/house.yaml", location: OFF_IN },
      { rule: "tls/not-self-signed", checks: 1, by: "--rule", location: null },
      { rule: "time/utc-only", checks: 2, by: "--rule", location: null },
    ],
  },
});

const NAMES = Object.keys(formats) as (keyof typeof formats)[];
const textOf = async (name: keyof typeof formats, sample: RunReport) =>
  [...(await formats[name]())(sample, { color: false, width: 80, quiet: false })].join("");

describe.each(NAMES)("%s", (name) => {
  it("reports what was not evaluated, and the setting that turned it off", async () => {
    const text = (await textOf(name, lessThanAll())).replaceAll("<wbr/>", "");
    expect(IS_GREEN[name]?.(text)).toBe(true);
    expect(await textOf(name, cleanReport())).not.toMatch(/turned.off/i);
    for (const { rule, by } of lessThanAll().policy.off) {
      expect(text).toContain(rule);
      expect(text).toContain(by);
    }
    expect(text).toMatch(name === "json" ? /"checks": ?1204/ : /1,204/);
  });
});

describe.each(NAMES)("%s", (name) => {
  const isGreen = IS_GREEN[name] ?? (() => false);

  it("is green for a clean run", async () => {
    expect(isGreen(await textOf(name, cleanReport()))).toBe(true);
  });

  it("names the rule of every check that fails the gate, in every combination", async () => {
    const warning = (verdict: Partial<Check>) => ({ ...verdict, severity: "warn" as const });
    const inconclusive = { verdict: "inconclusive" as const, missing: [{ what: "gap", location: null }] };
    const sample = report(
      [
        failed("vm/memory-multiple-of-4", "node a", finding("Wrong.")),
        failed("vm/memory-reserved", "node a", finding("Wrong."), warning({})),
        check("vm/hardware-version-avx2", "node a", inconclusive),
        check("node/unique-hostname", "node a", warning(inconclusive)),
      ],
      CLOSED,
      {
        policy: { ...POLICY, inconclusive: "warn", max_warnings: 2 },
        baseline: {
          ...{ path: "plan.json", planned: 9 },
          relaxed: [],
          missing: [{ rule: "vm/no-snapshots", subject: { kind: "node", name: "b" }, reason: "off" }],
        },
      },
    );
    const rules = sample.blockers.flatMap(({ checks }) => checks.map(({ rule }) => rule));
    expect(new Set(rules).size).toBe(5);
    const text = (await textOf(name, sample)).replaceAll("<wbr/>", "");
    // The catalogs of rules contain no results.
    const found = name === "sarif" ? JSON.stringify((JSON.parse(text) as Log).runs[0]?.results) : text;
    for (const rule of rules) expect(found).toContain(rule);
  });

  it("has one name for each verdict: the gate passed or failed, and checks are inconclusive", async () => {
    const samples = [
      cleanReport(),
      failingReport(),
      inconclusiveReport(),
      crashedReport(),
      waivedReport(),
      ...Object.values(SHUT),
    ];
    for (const sample of samples) {
      const text = await textOf(name, sample);
      expect(text).not.toMatch(/undecided|not decided|could not be decided|judged|gate:? (?:is )?(?:open|closed)/i);
    }
  });

  it("reports the basis of the result near the top", async () => {
    const sources: RunReport["sources"] = [
      ...cleanReport().sources,
      {
        ...{ kind: "evidence", path: "oslo.json", source: "probe", server: "jump-oslo" },
        ...{ collected_at: "2025-03-01T06:00:00Z", age_s: 10_800 },
      },
      { ...{ kind: "inventory", path: "own.yaml", source: null, server: null, collected_at: null, age_s: null } },
    ];
    const text = await textOf(name, { ...cleanReport(), sources, as_of: "2025-03-01T09:00:00.000Z" });
    expect(isGreen(text)).toBe(true);
    if (name === "json") {
      expect((JSON.parse(text) as RunReport).sources).toEqual(sources);
      expect(text.indexOf('"sources"')).toBeLessThan(text.indexOf('"checks": ['));
      return;
    }
    const flat = text.replaceAll("<wbr/>", "").replaceAll("\\", "").replaceAll(/\s+/g, " ");
    const short =
      "Based on estate/inventory.json, 2 days old (rvtools, vcenter01.example.com); oslo.json, 3 hours old (probe, jump-oslo); " +
      "own.yaml, age unknown; as of 2025-03-01T09:00:00Z (--now).";
    const long =
      "Based on estate/inventory.json (rvtools, vcenter01.example.com, collected 2025-02-27T08:00:00Z, 2 days old); " +
      "oslo.json (probe, jump-oslo, collected 2025-03-01T06:00:00Z, 3 hours old); " +
      "own.yaml (source unknown, server unknown, collection time unknown, age unknown); " +
      "evaluated as of 2025-03-01T09:00:00.000Z (--now).";
    const sentence = name === "stylish" ? short : long;
    expect(flat).toContain(sentence);
    // Before the first result of a check.
    const checks = name === "sarif" ? '"results"' : "node manager";
    const at = flat.indexOf(checks);
    if (at >= 0) expect(flat.indexOf(sentence)).toBeLessThan(at);
    const alone = (await textOf(name, { ...cleanReport(), sources: [] })).replaceAll(/\s+/g, " ");
    expect(alone).toContain("Based on the deployment alone, as no inventory is given.");
  });

  it("reports which rules and settings are relaxed, from which value to which, and by what", async () => {
    const location = { path: "policies/house.yaml", line: 3, column: 5, end_line: 3, end_column: 9 };
    const by = "policies/house.yaml:3:5";
    const changed: readonly RelaxedSetting[] = [
      { rule: "vm/thick-disk", setting: "severity", subjects: null, from: "error", to: "info", by, location },
      {
        rule: "tls/certificate-expires-soon",
        setting: "option days",
        subjects: ["node:a"],
        from: "30",
        to: "3",
        by,
        location,
      },
      {
        rule: null,
        setting: "inconclusive",
        subjects: null,
        from: "fail",
        to: "ignore",
        by: "--inconclusive",
        location: null,
      },
    ];
    const text = await textOf(name, { ...cleanReport(), policy: { ...POLICY, changed } });
    expect(isGreen(text)).toBe(true);
    if (name === "json") {
      expect((JSON.parse(text) as RunReport).policy.changed).toEqual(changed);
      return;
    }
    expect(text.replaceAll("<wbr/>", "").replaceAll(/\s+/g, " ")).toContain(
      "2 rules and 1 setting relaxed by policy: vm/thick-disk from error to info by policies/house.yaml:3:5; " +
        "option days of tls/certificate-expires-soon for 1 subject from 30 to 3 by policies/house.yaml:3:5; " +
        "inconclusive from fail to ignore by --inconclusive.",
    );
    expect(await textOf(name, cleanReport())).not.toContain("relaxed by policy");
  });

  it("names the policy with its hash, and what it overrules", async () => {
    const ignored = [
      { what: "config" as const, path: "house.yaml", location: null },
      { what: "directive" as const, path: "deployment.yaml", location: at("deployment.yaml", "8190") },
    ];
    const source = { kind: "folder" as const, path: "trusted/policy", sha256: "5f".repeat(32) };
    const text = await textOf(name, { ...cleanReport(), policy: { ...POLICY, source, ignored } });
    expect(isGreen(text)).toBe(true);
    // Lines are broken at blanks, and in HTML words beyond 60 characters.
    const flat = text.replaceAll("<wbr/>", "").replaceAll(/\s+/g, " ");
    for (const part of [source.path, source.sha256, "house.yaml", "directive"]) expect(flat).toContain(part);
    const without = await textOf(name, cleanReport());
    expect(without).not.toMatch(/policy none|decided by policy|because the policy/i);
  });

  it.each(Object.entries(SHUT))("is not green beside a gate that is shut by %s", async (_, sample) => {
    expect(isGreen(await textOf(name, sample))).toBe(false);
  });

  it.each(Object.entries({ failingReport, inconclusiveReport, crashedReport, hostileReport, waivedReport }))(
    "contains no control or deceptive character: %s",
    async (_, sample) => {
      const text = await textOf(name, sample());
      expect(/[^\P{C}\n]|[\u2028\u2029]/u.exec(text.replaceAll("\r\n", "\n"))?.[0]).toBeUndefined();
    },
  );

  it("copes with a thousand nodes, in pieces of bounded size", async () => {
    const checks = Array.from({ length: 3000 }, (_, index) =>
      index % 3 === 0
        ? failed(
            "vm/memory-multiple-of-4",
            `node n${index}`,
            finding(`n${index} ${HOSTILE_NAME}`, { location: at("deployment.yaml", "8190") }),
          )
        : check("vm/no-snapshots", `node n${index}`),
    );
    const format = await formats[name]();
    const pieces = [...format(report(checks, CLOSED), { color: false, width: 80, quiet: false })];
    expect(pieces.join("")).not.toBe("");
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(500_000);
  });
});
