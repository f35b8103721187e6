import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { rules } from "../../rules/index.generated.ts";
import { withRootCauses } from "../../src/engine/evaluation/root-causes.ts";
import { decideGate } from "../../src/engine/gate/gate.ts";
import type { WaiverEntry } from "../../src/engine/waivers/waiver-entry.ts";
import { applyWaivers } from "../../src/engine/waivers/waivers.ts";
import type { Check, CheckReference, RunReport, Verdict } from "../../src/schema/report.generated.ts";
import type { Rule } from "../../src/engine/api/rule.ts";
import type { Site } from "../../src/site/site.ts";
import { siteWith } from "../support/documents.ts";
import { exampleCertificates } from "../support/example-certificates.ts";
import { type Base, checksOf, checksOn, findingsElsewhere, mutatedBy, subjectOf } from "../support/mutated.ts";
import { parseRulePage } from "../../src/plugin/rule-page.ts";

const ROOT = join(import.meta.dirname, "../..");
const EXAMPLE = join(ROOT, "fixtures/example/clean");
const STATIC: readonly Rule[] = rules.filter(({ live }) => live !== true);

const clean: Base = {
  deployment: readFileSync(join(EXAMPLE, "deployment.yaml"), "utf8"),
  inventories: [readFileSync(join(EXAMPLE, "inventory.json"), "utf8")],
  files: Object.fromEntries(
    readdirSync(join(EXAMPLE, "certs")).map((name) => [`certs/${name}`, readFileSync(join(EXAMPLE, "certs", name))]),
  ),
  now: Date.parse("2026-11-22"),
};

/** The example, and with one of its nodes deployed automatically: some rules are about that alone. */
const BASES: readonly Base[] = [
  clean,
  {
    ...clean,
    deployment: clean.deployment.replace(
      /(name: oslo-conf04\n(?:.*\n)*?\s+deployment_type: )MANUAL-ESXI-6\.7/,
      "$1AUTOMATIC",
    ),
  },
];

/** Failed checks that no other failed check caused. */
const failing = async (base: Base, chosen = STATIC) =>
  withRootCauses(await checksOf(base, chosen)).filter(
    ({ verdict, root_causes }) => (verdict === "fail" && root_causes.length === 0) || verdict === "crashed",
  );
const keysOf = async (base: Base) => new Set((await failing(base)).map((check) => `${check.rule} ${subjectOf(check)}`));
const failingBefore = new Map(BASES.map((base) => [base, keysOf(base)]));

describe("the clean example", () => {
  it("has nothing to report before a mutation", async () => {
    const verdicts = new Set((await checksOf(clean, STATIC)).map(({ verdict }) => verdict));
    expect([...verdicts].sort()).toEqual(["not-applicable", "pass"]);
  });

  it("has an automatic node in its second form", async () => {
    expect([...((await failingBefore.get(BASES[1] ?? clean)) ?? [])]).toEqual([
      "platform/automatic-deployment-deprecated node:oslo-conf04",
    ]);
  });
});

describe("every static rule", () => {
  it("declares a mutation", () => {
    expect(STATIC.filter(({ mutations = [] }) => mutations.length === 0).map(({ id }) => id)).toEqual([]);
  });
});

describe.each(STATIC.map((rule) => [rule.id, rule] as const))("mutations of %s", (_, rule) => {
  const mutations = rule.mutations ?? [];

  it.each(mutations.map((mutation, index) => ({ mutation, number: index + 1 })))(
    "fails by mutation $number in the example, with the rules that must fail too and no other root cause",
    async ({ mutation }) => {
      const allowed = [rule.id, ...Object.keys(mutation.alsoFails ?? {})].sort();
      const seen: string[][] = [];
      for (const base of BASES) {
        const all = await mutatedBy(mutation, rule, base);
        for (const mutated of all) {
          const found = await failing(mutated.base, [rule]);
          expect(found, `${mutated.subject}: the rule stays silent`).not.toEqual([]);
          expect(await findingsElsewhere(found, mutated), mutated.subject).toEqual([]);
        }
        if (all.length === 0) continue;
        const before = (await failingBefore.get(base)) ?? new Set();
        for (const mutated of all) {
          const after = [...(await keysOf(mutated.base))].filter((key) => !before.has(key));
          seen.push([...new Set(after.map((key) => key.split(" ")[0] ?? ""))].sort());
          if (JSON.stringify(seen.at(-1)) === JSON.stringify(allowed)) return;
        }
        break;
      }
      expect(seen, "what fails, by subject").toContainEqual(allowed);
    },
  );

  it.each(mutations.map((mutation, index) => ({ mutation, number: index + 1 })))(
    "fails by mutation $number in the passing example of its page, where that can have it",
    async ({ mutation }) => {
      const { passing } = parseRulePage(readFileSync(join(ROOT, "docs/rules", `${rule.id}.md`), "utf8"));
      const { deployment, inventory } = passing;
      const inventories = inventory === undefined ? [] : [inventory];
      const base = { deployment, inventories, files: exampleCertificates, now: Date.parse("2026-11-22T12:00:00Z") };
      for (const mutated of await mutatedBy(mutation, rule, base)) {
        expect(await failing(mutated.base, [rule]), `${mutated.subject}: the rule stays silent`).not.toEqual([]);
      }
    },
  );
});

/** What a verdict does to the gate, whatever the policy makes of it. */
const BLOCKING: ReadonlySet<Verdict> = new Set(["fail", "inconclusive", "crashed"]);

/** A waiver of all checks of a rule that fail. */
const waiverOf = ({ rule, subject }: Check): WaiverEntry => ({
  kind: "file",
  rule,
  subject: `${subject.kind}:${subject.name}`,
  fingerprints: null,
  verdict: null,
  line: null,
  reason: "Agreed.",
  owner: "Network team",
  ticket: null,
  expires: "2099-12-31",
  location: null,
});

/** Every check by the rule alone, as if no other rule existed. */
async function alone(site: Site, now: number): Promise<ReadonlyMap<string, Check>> {
  const all = new Map<string, Check>();
  for (const rule of STATIC) {
    for (const check of await checksOn(site, now, [rule])) all.set(`${check.rule} ${subjectOf(check)}`, check);
  }
  return all;
}

/** Checks that would be blocking alone and are not in this run. */
function cleared(
  checks: RunReport["checks"],
  expected: ReadonlyMap<string, Check>,
  isExcused: (check: Check) => boolean,
) {
  return checks.flatMap((check) => {
    const key = `${check.rule} ${subjectOf(check)}`;
    const own = expected.get(key);
    if (own === undefined) return [`${key}: not planned alone`];
    return BLOCKING.has(own.verdict) && !BLOCKING.has(check.verdict) && !isExcused(check)
      ? [`${key}: ${own.verdict} alone, ${check.verdict} in the run`]
      : [];
  });
}

// The gate must not pass with a known defect because the rule that finds it first is off, relaxed, waived or not selected.
describe("no check depends on the rule that fails by a mutation", () => {
  it.each(STATIC.map((rule) => [rule.id, rule] as const))("%s", { timeout: 120_000 }, async (id, rule) => {
    for (const mutation of rule.mutations ?? []) {
      for (const unmutated of BASES) {
        const [mutated] = await mutatedBy(mutation, rule, unmutated);
        if (mutated === undefined) continue;
        const { now } = mutated.base;
        const site = await siteWith(mutated.base);
        const expected = await alone(site, now);
        const whole = await checksOn(site, now, STATIC);
        expect(cleared(whole, expected, () => false)).toEqual([]);

        const others = STATIC.filter((other) => other !== rule);
        const without = withRootCauses(await checksOn(site, now, others));
        expect(cleared(without, expected, () => false)).toEqual([]);

        const own = whole.filter((check) => check.rule === id && check.verdict === "fail");
        expect(own).not.toEqual([]);
        const { checks } = applyWaivers(whole, own.map(waiverOf), { now, unwaivable: new Set() });
        const isOwn = (reference: CheckReference) =>
          own.some((check) => check.rule === reference.rule && subjectOf(check) === subjectOf(reference));
        const isExcused = (check: Check) =>
          isOwn(check) ||
          (check.waiver?.verdict === "inconclusive" && check.because.length > 0 && check.because.every(isOwn));
        expect(cleared(withRootCauses(checks), expected, isExcused)).toEqual([]);

        const milder = withRootCauses(
          whole.map((check) => (check.rule === id ? { ...check, severity: "warn" as const } : check)),
        );
        const hidden = milder.filter(
          ({ rule: other, severity, root_causes }) =>
            severity === "error" && root_causes.some(({ rule: root }) => root === id) && other !== id,
        );
        expect(hidden.map((check) => check.rule)).toEqual([]);
        expect(
          decideGate({ checks: milder, errors: 0, baseline: null }, { inconclusive: "fail", maxWarnings: null }).summary
            .gate === "passed",
        ).toBe(milder.every(({ verdict, severity }) => severity !== "error" || !BLOCKING.has(verdict)));
        break;
      }
    }
  });
});
