import { describe, expect, it } from "vitest";
import { defaultOptions, plan, type Plan } from "../../../src/engine/evaluation/plan.ts";
import type { SeverityWhen } from "../../../src/engine/api/rule.ts";
import { subjectKinds, type Subjects } from "../../../src/site/subjects.ts";
import { siteOf } from "../../support/documents.ts";
import { enabled, tinyRule } from "../tiny-rules.ts";

const nothing = () => undefined;

const shown = (checks: Plan) =>
  [...checks].map(
    ({ enabled: { rule }, subject, noSubject }) =>
      `${rule.id} ${subject.kind}:${subject.name}${noSubject === null ? "" : ` (${noSubject.kind})`}`,
  );

describe("plan", () => {
  it("is every rule with every subject, in the order of rules and then of subjects", async () => {
    const site = await siteOf("conferencing_nodes: [{ name: b, hostname: b }, { name: a, hostname: a }]");
    const rules = [tinyRule("node", nothing, { id: "t/two" }), tinyRule("deployment", nothing, { id: "t/one" })];
    expect(
      shown(
        plan(
          rules.map((rule) => enabled(rule)),
          site,
        ),
      ),
    ).toEqual(["t/two node:b", "t/two node:a", "t/one deployment:deployment"]);
  });

  it("has one not-applicable check if the list of subjects is known to be empty", async () => {
    const site = await siteOf("conferencing_nodes: []");
    const checks = plan([enabled(tinyRule("node", nothing))], site);
    expect(shown(checks)).toEqual(["test/tiny deployment:deployment (none)"]);
    expect([...checks][0]?.noSubject).toEqual({ kind: "none", reason: "the deployment has no node" });
  });

  it("has one inconclusive check if the list of subjects is unknown", async () => {
    const site = await siteOf('platform: { version: "25" }');
    const checks = plan([enabled(tinyRule("conferencing-node", nothing))], site);
    expect(shown(checks)).toEqual(["test/tiny deployment:deployment (unlisted)"]);
    expect([...checks][0]?.noSubject).toMatchObject({
      missing: [{ what: "conferencing_nodes is not in the deployment" }],
    });
  });

  it("has an inconclusive check beside the known subjects if there may be more", async () => {
    const site = await siteOf(
      "conferencing_nodes: [{ name: a, hostname: a, vm: { host: esxi01 } }, { name: b, hostname: b }]",
      "hosts: [{ name: esxi01, cluster: null }]\nvirtual_machines: []",
    );
    const checks = plan([enabled(tinyRule("host", nothing))], site);
    expect(shown(checks)).toEqual(["test/tiny host:esxi01", "test/tiny deployment:deployment (unlisted)"]);
    expect([...checks][1]?.noSubject).toMatchObject({
      missing: [{ what: "the placement of the node is unknown: no VM in the inventory, no vm.host, no vm.cluster" }],
    });
  });

  it("keeps skipped rules, with their subjects", async () => {
    const site = await siteOf("conferencing_nodes: [{ name: a, hostname: a }]");
    const checks = plan([enabled(tinyRule("node", nothing), { skip: "live checks are skipped (--no-live)" })], site);
    expect(shown(checks)).toEqual(["test/tiny node:a"]);
    expect([...checks][0]?.enabled.skip).toBe("live checks are skipped (--no-live)");
  });

  it("never loses a rule, for any subject and any gap", async () => {
    const kinds = Object.keys(subjectKinds) as (keyof Subjects)[];
    const sites = await Promise.all([
      siteOf('platform: { version: "25" }'),
      siteOf("conferencing_nodes: []\nsystem_locations: []\ndomains: []"),
      siteOf("conferencing_nodes: [{ name: a, hostname: a, deployment_type: AUTOMATIC }]"),
      siteOf("conferencing_nodes: [{ name: a, hostname: a }]", "{}"),
    ]);
    for (const site of sites) {
      for (const kind of kinds) {
        const checks = plan([enabled(tinyRule(kind, nothing))], site);
        expect(checks.length, kind).toBeGreaterThan(0);
        for (const { noSubject, subject } of checks) {
          if (noSubject !== null) expect(subject).toBe(site.deployment);
          if (noSubject?.kind === "unlisted") expect(noSubject.missing.length, kind).toBeGreaterThan(0);
          if (noSubject?.kind === "none") expect(noSubject.reason, kind).toMatch(/^[a-z].*[a-z]$/);
        }
      }
    }
  });

  it("looks for the subjects of a kind once", async () => {
    const site = await siteOf("conferencing_nodes: [{ name: a, hostname: a, vm: { host: h } }]");
    const rules = [tinyRule("host", nothing, { id: "t/a" }), tinyRule("host", nothing, { id: "t/b" })];
    const [first, , second] = plan(
      rules.map((rule) => enabled(rule)),
      site,
    );
    expect(first?.subject).toBe(second?.subject);
  });
});

describe("severity", () => {
  const severityOf = async (deployment: string, severityWhen: readonly SeverityWhen[], set: "warn" | null = null) => {
    const rule = tinyRule("deployment", nothing, { severity: "info", severityWhen });
    return [...plan([enabled(rule, { severity: set })], await siteOf(deployment))][0]?.severity;
  };
  const rows: readonly SeverityWhen[] = [
    { environment: "test", severity: "warn" },
    { fromProfile: 34, severity: "error" },
  ];

  it.each([
    ["is the rule's own where no row fits, in production by default", 'platform: { version: "25" }', "info"],
    ["depends on the profile", 'platform: { version: "34.2" }', "error"],
    ["depends on the profile that stands in for a version", 'platform: { version: "40" }', "error"],
    ["depends on the environment", 'platform: { version: "25", environment: test }', "warn"],
    ["is that of the first row that fits", 'platform: { version: "34", environment: test }', "warn"],
    ["is the most severe of the profiles that may hold", 'platform: { version: "33" }', "error"],
    ["is so without a version, too", "platform: {}", "error"],
  ])("%s", async (_, deployment, severity) => {
    expect(await severityOf(deployment, rows)).toBe(severity);
  });

  it("needs every condition of a row", async () => {
    const both: readonly SeverityWhen[] = [{ fromProfile: 34, environment: "test", severity: "error" }];
    expect(await severityOf('platform: { version: "34" }', both)).toBe("info");
    expect(await severityOf('platform: { version: "34", environment: test }', both)).toBe("error");
  });

  it("is what the run sets, if it sets one", async () => {
    expect(await severityOf('platform: { version: "34" }', rows, "warn")).toBe("warn");
  });
});

describe("defaultOptions", () => {
  it("are the defaults that the rule declares", () => {
    const options = {
      least: { type: "integer", default: 3, description: "Fewest servers." },
      names: { type: "array", items: { type: "string" }, default: ["a"], description: "Names." },
    } as const;
    expect(defaultOptions(tinyRule("node", nothing, { options }))).toEqual({ least: 3, names: ["a"] });
    expect(defaultOptions(tinyRule("node", nothing))).toEqual({});
  });
});
