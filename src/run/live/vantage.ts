import { notableChecks } from "../../engine/evaluation/check-table.ts";
import type { EvaluatedPlan } from "../../engine/evaluation/evaluate.ts";
import type { Outcome } from "../../engine/evaluation/evaluate-check.ts";
import type { Deployment } from "../../schema/deployment.generated.ts";
import type { Check, EvidenceRecord } from "../../schema/report.generated.ts";
import type { Sequence } from "../../values/sequence.ts";
import { counted } from "../../values/text/counted.ts";

/** The origin of the connections that a verdict concerns: those for which the guide states a requirement. */
type Origin = "the Management Node" | "a node";

/** By kind of subject; verdicts on other subjects are valid from any vantage point. */
const ORIGINS: Readonly<Record<string, Origin>> = {
  "vm-manager": "the Management Node",
  host: "the Management Node",
  "dns-server": "a node",
  "ntp-server": "a node",
  "server-list": "a node",
};

/** Determines whether a verdict counts that was obtained from another network than the one that it concerns. */
export interface VantagePolicy {
  /**
   * Its `vantage_points` maps the names of `--from` to nodes and locations. Without the map, all vantage points are
   * unknown.
   */
  readonly deployment: Deployment;
  /** Whether verdicts obtained elsewhere are discarded. */
  readonly isRequired: boolean;
}

/** An evaluation after applying the policy. */
interface CountedEvaluation {
  readonly evaluated: EvaluatedPlan;
  /** Positions of the checks whose verdict was obtained from a network other than its own. */
  readonly elsewhere: ReadonlySet<number>;
}

/**
 * Finds the verdicts that were obtained elsewhere; if the right network is required, they become inconclusive. Must be
 * called before causes are linked: such a verdict must not explain another check.
 *
 * @param from the vantage point of all answers
 */
export function countedAt(
  from: string,
  evaluated: EvaluatedPlan,
  { deployment, isRequired }: VantagePolicy,
): CountedEvaluation {
  if (deployment.vantage_points === undefined && !isRequired) return { evaluated, elsewhere: new Set() };
  const elsewhere = new Map<number, Origin>();
  let position = 0;
  for (const { subjects } of evaluated.plan.groups) {
    for (const { kind } of subjects) {
      const origin = ORIGINS[kind];
      if (origin !== undefined && evaluated.questions.has(position) && !standsFor(from, origin, deployment)) {
        elsewhere.set(position, origin);
      }
      position++;
    }
  }
  const positions = new Set(elsewhere.keys());
  if (!isRequired || elsewhere.size === 0) return { evaluated, elsewhere: positions };
  const outcomes = evaluated.outcomes.map((outcome, at) => {
    const origin = elsewhere.get(at);
    if (origin === undefined || (outcome?.verdict !== "pass" && outcome?.verdict !== "fail")) return outcome;
    return inconclusive(from, origin);
  });
  return { evaluated: { ...evaluated, outcomes }, elsewhere: positions };
}

/** One sentence for each vantage point and network for which verdicts in a report were obtained elsewhere. */
export function vantageNotes(
  checks: Sequence<Check>,
  { deployment, isRequired, evidence }: VantagePolicy & { readonly evidence: readonly EvidenceRecord[] },
): readonly string[] {
  if (deployment.vantage_points === undefined && !isRequired) return [];
  const placeOf = new Map(evidence.map(({ id, answer }) => [id, answer.from]));
  const counts = new Map<string, number>();
  for (const check of notableChecks(checks)) {
    const origin = ORIGINS[check.subject.kind];
    if (origin === undefined) continue;
    const froms = new Set(check.evidence.flatMap((id) => placeOf.get(id) ?? []));
    const elsewhere = [...froms].find((from) => !standsFor(from, origin, deployment));
    if (elsewhere === undefined) continue;
    const where = whereText(elsewhere, origin);
    counts.set(where, (counts.get(where) ?? 0) + 1);
  }
  return [...counts].map(([where, count]) => `${counted(count, "check")} ${where}.`);
}

/** Whether a vantage point is in the network of the Management Node, or of any node. */
function standsFor(from: string, origin: Origin, { vantage_points = {}, ...deployment }: Deployment): boolean {
  const place = Object.hasOwn(vantage_points, from) ? vantage_points[from] : undefined;
  if (place === undefined) return false;
  const isManagement = place === deployment.management_node?.name;
  if (origin === "the Management Node" || isManagement) return isManagement;
  const { system_locations = [], conferencing_nodes = [] } = deployment;
  return [...system_locations, ...conferencing_nodes].some(({ name }) => name === place);
}

function whereText(from: string, origin: Origin): string {
  return `probed from ${from}, not from ${origin}'s network`;
}

function inconclusive(from: string, origin: Origin): Outcome {
  const reason = `${whereText(from, origin)}; map a vantage point there in vantage_points, or omit --require-vantage`;
  return { verdict: "inconclusive", missing: [], reason, openBy: [] };
}
