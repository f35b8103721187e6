import { beforeAll, describe, expect, it } from "vitest";
import { rules } from "../../rules/index.generated.ts";
import { ESSENTIAL_RULES } from "../../src/engine/api/rule-catalogue.ts";
import type { Rule } from "../../src/engine/api/rule.ts";
import { evaluate } from "../../src/engine/evaluation/evaluate.ts";
import { Evidence } from "../../src/engine/evaluation/evidence.ts";
import { defaultOptions, type EnabledRule, plan } from "../../src/engine/evaluation/plan.ts";
import { reportChecks } from "../../src/engine/evaluation/report-checks.ts";
import { withRootCauses } from "../../src/engine/evaluation/root-causes.ts";
import { decideGate, type GatePolicy } from "../../src/engine/gate/gate.ts";
import type { WaiverEntry } from "../../src/engine/waivers/waiver-entry.ts";
import { applyWaivers } from "../../src/engine/waivers/waivers.ts";
import { FAULTS, faulty } from "../../src/run/proof/faults.ts";
import { type Answers, healthyNetwork } from "../../src/run/proof/healthy-network.ts";
import type { Check, CheckReference, Verdict } from "../../src/schema/report.generated.ts";
import { Site } from "../../src/site/site.ts";
import { cleanDocuments, type Documents, edited, mutationChanges } from "../support/edited-documents.ts";
import { subjectOf } from "../support/mutated.ts";

/*
 * Gives the example an error that an essential rule reports, in the documents or in the network, and relaxes that rule in
 * every way a policy can. What must hold:
 *
 *   No other check moves from blocking (fail, inconclusive, crashed) to clearing (pass, not-applicable, waived) against its
 *   result when evaluated alone, and the gate fails as long as a check of severity error is blocking.
 *
 * Except checks that are inconclusive only because of a check that is waived.
 */

const NOW = Date.UTC(2021, 2, 29, 12);
const BLOCKING: ReadonlySet<Verdict> = new Set(["fail", "inconclusive", "crashed"]);
const FAIL: GatePolicy = { inconclusive: "fail", maxWarnings: null };

/** The example with one error. */
interface Seed {
  readonly what: string;
  readonly documents: Documents;
  readonly answers: Answers;
}

/** How the run treats a rule; null = off. */
type Setting = (rule: Rule) => EnabledRule | null;

const asDeclared: Setting = (rule) => ({ rule, severity: null, options: defaultOptions(rule), skip: null });

async function run(site: Site, answers: Answers, setting: Setting, chosen: readonly Rule[] = rules) {
  const enabled = chosen.flatMap((rule) => setting(rule) ?? []);
  const evidence = new Evidence();
  const responder = (questions: Parameters<Answers>[0][]) => Promise.resolve(questions.map(answers));
  const evaluated = await evaluate(plan(enabled, site), {
    ...{ site, now: NOW, evidence },
    responder: (questions) => responder([...questions]),
  });
  return [...reportChecks(evaluated, evidence).checks];
}

const nameOf = (check: Check) => `${check.rule} ${subjectOf(check)}`;
const isBlocking = ({ verdict }: Check) => BLOCKING.has(verdict);
const closesGate = (check: Check) => isBlocking(check) && check.severity === "error";
const gateOf = (checks: readonly Check[], policy = FAIL) =>
  decideGate({ checks, errors: 0, baseline: null }, policy).summary.gate;

/** The checks that are blocking alone and clearing in a run. */
function cleared(
  checks: readonly Check[],
  alone: ReadonlyMap<string, Check>,
  isExcused: (check: Check) => boolean = () => false,
) {
  const found = new Map(checks.map((check) => [nameOf(check), check]));
  return [...alone].flatMap(([name, own]) => {
    const check = found.get(name);
    if (check === undefined || isExcused(check) || !isBlocking(own) || isBlocking(check)) return [];
    return [`${name}: ${own.verdict} alone, ${check.verdict} in the run`];
  });
}

const waiverOf = ({ rule, subject }: Check): WaiverEntry => ({
  ...{ kind: "file", rule, subject: `${subject.kind}:${subject.name}`, fingerprints: null, verdict: null, line: null },
  ...{ reason: "Agreed.", owner: "Network team", ticket: null, expires: "2099-12-31", location: null },
});

let bases: readonly Documents[] = [];

beforeAll(async () => {
  bases = await cleanDocuments();
});

/** Every error that a rule reports: by its own mutations, or by a fault of the network. */
async function seedsOf(rule: Rule): Promise<readonly Seed[]> {
  const changed = (rule.mutations ?? []).flatMap((mutation, index): readonly Seed[] => {
    const [documents] = bases.flatMap((base) => {
      const [changes] = mutationChanges(rule, mutation, base, NOW);
      return changes === undefined ? [] : [edited(base, changes)];
    });
    if (documents === undefined) return [];
    return [{ what: `mutation ${index + 1}`, documents, answers: healthyNetwork(new Site(documents), NOW) }];
  });
  // With a node that is deployed automatically.
  const documents = bases[1];
  if (rule.live !== true || documents === undefined) return changed;
  const healthy = healthyNetwork(new Site(documents), NOW);
  const faults = FAULTS.map((fault): Seed => ({ what: fault.what, documents, answers: faulty(healthy, fault) }));
  const failing = await Promise.all(
    faults.map(async (seed) => (await run(new Site(documents), seed.answers, asDeclared, [rule])).some(isBlocking)),
  );
  return [...changed, ...faults.filter((_, index) => failing[index])];
}

describe.each(rules.filter(({ id }) => ESSENTIAL_RULES.has(id)).map((rule) => [rule.id, rule] as const))(
  "an error that %s reports",
  (id, rule) => {
    it("blocks other checks as it does alone, under any policy for the rule", { timeout: 120_000 }, async () => {
      const seeds = await seedsOf(rule);
      expect(seeds.length).toBeGreaterThan(0);
      const wrong: string[] = [];
      for (const { what, documents, answers } of seeds) {
        const site = new Site(documents);
        const alone = new Map<string, Check>();
        for (const each of rules) {
          for (const check of await run(site, answers, asDeclared, [each])) alone.set(nameOf(check), check);
        }
        const whole = await run(site, answers, asDeclared);
        const own = whole.filter((check) => check.rule === id && isBlocking(check));
        expect(own, what).not.toEqual([]);

        const relaxed: readonly (readonly [how: string, Setting])[] = [
          ["as declared", asDeclared],
          ["off", (each) => (each === rule ? null : asDeclared(each))],
          [
            "warn",
            (each) => ({
              rule: each,
              options: defaultOptions(each),
              skip: null,
              severity: each === rule ? "warn" : null,
            }),
          ],
          [
            "not in --only",
            (each) => ({
              rule: each,
              options: defaultOptions(each),
              severity: null,
              skip: each === rule ? "--only" : null,
            }),
          ],
        ];
        const isSkipped = ({ verdict }: Check) => verdict === "skipped";
        for (const [how, setting] of relaxed) {
          const checks = withRootCauses(await run(site, answers, setting)) as readonly Check[];
          wrong.push(...cleared(checks, alone, isSkipped).map((line) => `${what}, ${how}: ${line}`));
          for (const inconclusive of ["fail", "ignore"] as const) {
            const counts = (check: Check) =>
              closesGate(check) && (inconclusive === "fail" || check.verdict !== "inconclusive");
            const gate = gateOf(checks, { inconclusive, maxWarnings: null });
            if ((gate === "passed") === checks.some(counts)) {
              wrong.push(`${what}, ${how}, --inconclusive ${inconclusive}: the gate has ${gate}`);
            }
          }
        }

        const { checks: waived } = applyWaivers(whole, own.map(waiverOf), { now: NOW, unwaivable: new Set() });
        const isOwn = (reference: CheckReference) =>
          own.some((check) => check.rule === reference.rule && subjectOf(check) === subjectOf(reference));
        const isExcused = (check: Check) =>
          isOwn(check) ||
          (check.waiver?.verdict === "inconclusive" && check.because.length > 0 && check.because.every(isOwn));
        const checks = [...withRootCauses(waived)];
        wrong.push(...cleared(checks, alone, isExcused).map((line) => `${what}, waived: ${line}`));
        if ((gateOf(checks) === "passed") === checks.some(closesGate)) wrong.push(`${what}, waived: the gate`);
      }
      expect(wrong).toEqual([]);
    });
  },
);
