import { describe, expect, it } from "vitest";
import type { ConfigLayer, RuleLevel } from "../../../src/engine/api/config-layer.ts";
import { plan } from "../../../src/engine/evaluation/plan.ts";
import { Policy } from "../../../src/engine/policy/policy.ts";
import { policyRecord } from "../../../src/engine/policy/policy-record.ts";
import { builtInCatalogue } from "../../../src/engine/api/rule-catalogue.ts";
import type { Rule } from "../../../src/engine/api/rule.ts";
import { reportChecks } from "../../../src/engine/evaluation/report-checks.ts";
import { evaluate } from "../../../src/engine/evaluation/evaluate.ts";
import { Evidence } from "../../../src/engine/evaluation/evidence.ts";
import { siteOf } from "../../support/documents.ts";
import { tinyRule } from "../tiny-rules.ts";
import { layer } from "./config-layers.ts";

const NODES =
  "conferencing_nodes: [{ name: Oslo-a, hostname: a }, { name: oslo-b, hostname: b }, { name: bergen, hostname: c }]";

const option = (value: number) => ({ type: "integer", default: value, description: "A number." }) as const;
const size = tinyRule("node", () => undefined, {
  id: "t/size",
  severity: "warn",
  options: { least: option(1), most: option(9) },
});
const name = tinyRule("node", () => undefined, { id: "t/name" });

const policyOf = (rules: readonly Rule[], ...layers: readonly ConfigLayer[]) =>
  new Policy(builtInCatalogue(rules, "0.1.0"), layers);

/** The plan as `subject severity options`. */
async function planned(rules: readonly Rule[], layers: readonly ConfigLayer[], deployment = NODES) {
  const site = await siteOf(deployment);
  const checks = plan(
    policyOf(rules, ...layers).enabled(() => null),
    site,
  );
  return [...checks].map(
    ({ enabled, severity, subject }) =>
      `${enabled.rule.id} ${subject.name} ${severity}${Object.keys(enabled.options).length === 0 ? "" : ` ${JSON.stringify(enabled.options)}`}`,
  );
}

describe("a policy", () => {
  it("without layers leaves every rule as it declares itself", async () => {
    expect(await planned([size], [])).toEqual([
      't/size Oslo-a warn {"least":1,"most":9}',
      't/size oslo-b warn {"least":1,"most":9}',
      't/size bergen warn {"least":1,"most":9}',
    ]);
  });

  it("lets later layers win, severity and each option for itself", async () => {
    const layers = [
      layer("a", { "t/size": { level: "error", options: { least: 2, most: 8 } } }),
      layer("b", { "t/size": { options: { most: 7 } } }),
      layer("c", { "t/size": "info" }),
    ];
    const [first] = await planned([size], layers);
    expect(first).toBe('t/size Oslo-a info {"least":2,"most":7}');
  });

  it("sets severity and options for the subjects of an override, case-insensitively", async () => {
    const overrides = [layer("a", {}, ["node:OSLO-*", { "t/size": { level: "error", options: { least: 3 } } }])];
    expect(await planned([size, name], overrides)).toEqual([
      't/size Oslo-a error {"least":3,"most":9}',
      't/size oslo-b error {"least":3,"most":9}',
      't/size bergen warn {"least":1,"most":9}',
      "t/name Oslo-a error",
      "t/name oslo-b error",
      "t/name bergen error",
    ]);
  });

  it("lets the later of two overrides win, an override over its layer, and a later layer over both", async () => {
    const layers = [
      layer("a", { "t/name": "info" }, ["node:oslo-*", { "t/name": "warn" }], ["node:*-b", { "t/name": "off" }]),
    ];
    expect(await planned([name], layers)).toEqual(["t/name Oslo-a warn", "t/name bergen info"]);
    const topped = [...layers, layer("b", { "t/name": "error" })];
    expect(await planned([name], topped)).toEqual([
      "t/name Oslo-a error",
      "t/name oslo-b error",
      "t/name bergen error",
    ]);
  });

  it("adds a rule that is off to the plan if an override turns it on", async () => {
    const layers = [
      layer("a", { "t/size": "off" }, ["node:bergen", { "t/size": { level: "error", options: { most: 5 } } }]),
    ];
    expect(await planned([size], layers)).toEqual(['t/size bergen error {"least":1,"most":5}']);
  });

  it("has no stand-in for a rule that is off for all of its subjects", async () => {
    expect(await planned([name], [layer("a", {}, ["node:*", { "t/name": "off" }])])).toEqual([]);
  });

  it("keeps the check on behalf of unknown subjects, until the rule is off for the deployment too", async () => {
    const conferencing = tinyRule("conferencing-node", () => undefined, { id: "t/conf" });
    const off = layer("a", {}, ["node:*", { "t/conf": "off" }]);
    expect(await planned([conferencing], [off], "{}")).toEqual(["t/conf deployment error"]);
    const all = layer("b", {}, ["deployment:*", { "t/conf": "off" }]);
    expect(await planned([conferencing], [off, all], "{}")).toEqual([]);
  });

  it("skips for the reason of the run, even with an override", async () => {
    const policy = policyOf([name], layer("a", {}, ["node:bergen", { "t/name": "warn" }]));
    const checks = plan(
      policy.enabled(() => "not selected by --only"),
      await siteOf(NODES),
    );
    expect([...checks].map(({ enabled }) => enabled.skip)).toEqual(Array(3).fill("not selected by --only"));
  });

  it("matches each pattern once per subject, regardless of the number of rules", async () => {
    const rules = Array.from({ length: 30 }, (_, index) => tinyRule("node", () => undefined, { id: `t/rule${index}` }));
    const settings = Object.fromEntries(rules.map(({ id }) => [id, "warn" as const]));
    const policy = policyOf(rules, layer("a", {}, ["node:oslo-*", settings]));
    const site = await siteOf(NODES);
    const own = Object.getOwnPropertyDescriptor(String.prototype, "toLowerCase") ?? {};
    const lower = own.value as (this: string) => string;
    let calls = 0;
    const counting = function (this: string) {
      calls++;
      return lower.call(this);
    };
    Object.defineProperty(String.prototype, "toLowerCase", { ...own, value: counting });
    try {
      plan(
        policy.enabled(() => null),
        site,
      );
    } finally {
      Object.defineProperty(String.prototype, "toLowerCase", own);
    }
    // Two texts a comparison: the id and the pattern.
    expect(calls).toBe(2 * 3);
  });
});

describe("strict", () => {
  it.each([
    ["info", "info"],
    ["warn", "error"],
    ["error", "error"],
  ] as const)("makes of a rule's own %s %s", async (severity, expected) => {
    const rule = tinyRule("node", () => undefined, { id: "t/own", severity });
    const [first] = await planned([rule], [layer("strict", { "t/own": "strict" })]);
    expect(first).toBe(`t/own Oslo-a ${expected}`);
  });

  it("counts the warnings of single messages as errors, and leaves their infos", async () => {
    const site = await siteOf(NODES);
    const severityOf = async (message: "warn" | "info", level: RuleLevel) => {
      const rule = tinyRule(
        "deployment",
        (deployment, { fail }) => {
          fail("plain", { at: [deployment] });
        },
        { id: "t/m", severity: "error", messageSeverity: { plain: message } },
      );
      const checks = plan(
        policyOf([rule], layer("x", { "t/m": level })).enabled(() => null),
        site,
      );
      const evidence = new Evidence();
      const responder = () => Promise.reject(new Error("nothing is asked"));
      const evaluated = await evaluate(checks, { site, now: 0, responder, evidence });
      return reportChecks(evaluated, evidence).checks.at(0)?.severity;
    };
    expect(await severityOf("warn", "own")).toBe("warn");
    expect(await severityOf("warn", "strict")).toBe("error");
    expect(await severityOf("info", "strict")).toBe("info");
    expect(await severityOf("info", "warn")).toBe("warn");
  });

  it("gives way to a later severity", async () => {
    const layers = [layer("strict", { "t/size": "strict" }), layer("b", { "t/size": "warn" })];
    expect((await planned([size], layers))[0]).toContain(" warn ");
  });
});

describe("effective", () => {
  it("names who set what", () => {
    const policy = policyOf(
      [size],
      layer("team.yaml", { "t/size": { options: { most: 8 } } }),
      layer("here.yaml", { "t/size": "info" }, [
        "node:oslo-*",
        { "t/size": { level: "error", options: { least: 0 } } },
      ]),
    );
    const text = (subject: string | null) => {
      const { level, options } = policy.effective(size, subject);
      return [level, ...options.values()].map(({ value, origin }) => `${String(value)} ${origin.by}`);
    };
    expect(text(null)).toEqual(["info here.yaml", "1 rule default", "8 team.yaml"]);
    expect(text("node:bergen")).toEqual(text(null));
    expect(text("node:oslo-a")).toEqual(["error here.yaml", "0 here.yaml", "8 team.yaml"]);
  });

  it("has a rule off that is too new for the presets, until it is set", () => {
    const young = { ...name, since: "1.2.0" };
    const of = (...layers: readonly ConfigLayer[]) =>
      new Policy(builtInCatalogue([young], "1.2.0"), layers).effective(young, null).level;
    expect(of()).toEqual({ value: "off", origin: { by: "not in a preset yet: new in 1.2.0", location: null } });
    expect(of(layer("a", { "t/name": "warn" })).value).toBe("warn");
  });
});

describe("policyRecord", () => {
  it("counts what is off, by rule and by who turned it off", async () => {
    const policy = policyOf(
      [size, name],
      layer("a.yaml", { "t/size": "off" }, ["node:oslo-*", { "t/name": "off" }]),
      layer("b.yaml", {}, ["node:oslo-b", { "t/name": "off", "t/size": "warn" }]),
    );
    expect(policyRecord(policy, await siteOf(NODES)).off).toEqual([
      { rule: "t/size", checks: 2, by: "a.yaml", location: null },
      { rule: "t/name", checks: 1, by: "a.yaml", location: null },
      { rule: "t/name", checks: 1, by: "b.yaml", location: null },
    ]);
    expect(policyRecord(policyOf([size, name]), await siteOf(NODES))).toEqual({ off: [], unmatched: [] });
  });

  it("counts the check on the deployment of a rule without subjects", async () => {
    const policy = policyOf([name], layer("a", { "t/name": "off" }));
    expect(policyRecord(policy, await siteOf("conferencing_nodes: []")).off).toMatchObject([{ checks: 1 }]);
  });

  it("names patterns that fit nothing, with what may have been meant", async () => {
    const overrides = ["node:olso-a", "node:OSLO-*", "host:*", "deployment:deployment", "node:zzz*"].map(
      (pattern) => [pattern, { "t/name": "warn" }] as const,
    );
    const policy = policyOf([name], layer("a", {}, ...overrides));
    expect(policyRecord(policy, await siteOf(NODES)).unmatched).toEqual([
      { pattern: "node:olso-a", near: "node:Oslo-a", location: null },
      { pattern: "host:*", near: null, location: null },
      { pattern: "node:zzz*", near: null, location: null },
    ]);
  });
});
