import { withReplaced } from "../../engine/evaluation/check-table.ts";
import type { Deployment } from "../../schema/deployment.generated.ts";
import type { Check, EvidenceRecord } from "../../schema/report.generated.ts";
import type { Sequence } from "../../values/sequence.ts";
import { counted } from "../../values/text/counted.ts";

/** Whose connections a verdict is about; the guide states it of these. */
type Origin = "the Management Node" | "a node";

/** By kind of subject; verdicts about other subjects hold wherever they were obtained. */
const ORIGINS: Readonly<Record<string, Origin>> = {
  "vm-manager": "the Management Node",
  host: "the Management Node",
  "dns-server": "a node",
  "ntp-server": "a node",
  "server-list": "a node",
};

interface Options {
  readonly deployment: Deployment;
  readonly evidence: readonly EvidenceRecord[];
  /** Whether verdicts that were obtained elsewhere do not count. */
  readonly isRequired: boolean;
}

interface Result {
  readonly checks: Sequence<Check>;
  /** One sentence for each vantage point and origin that differ. */
  readonly notes: readonly string[];
}

/**
 * Compares where live verdicts were obtained with whose connections they are about: `vantage_points` maps the names of
 * `--from` to nodes and locations. Without the map nothing is known, and nothing is said unless it is required.
 */
export function compareVantagePoints(checks: Sequence<Check>, { deployment, evidence, isRequired }: Options): Result {
  if (deployment.vantage_points === undefined && !isRequired) return { checks, notes: [] };
  const placeOf = new Map(evidence.map(({ id, answer }) => [id, answer.from]));
  const counts = new Map<string, number>();
  const replacements = new Map<number, Check>();
  let position = 0;
  for (const check of checks) {
    const origin = ORIGINS[check.subject.kind];
    const froms = new Set(check.evidence.flatMap((id) => placeOf.get(id) ?? []));
    const elsewhere = [...froms].find((from) => origin !== undefined && !standsFor(from, origin, deployment));
    if (elsewhere !== undefined) {
      const where = `probed from ${elsewhere}, not from ${origin ?? ""}'s network`;
      counts.set(where, (counts.get(where) ?? 0) + 1);
      if (isRequired && (check.verdict === "pass" || check.verdict === "fail")) {
        replacements.set(position, inconclusive(check, where));
      }
    }
    position++;
  }
  return {
    checks: replacements.size === 0 ? checks : withReplaced(checks, replacements),
    notes: [...counts].map(([where, count]) => `${counted(count, "check")} ${where}.`),
  };
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

function inconclusive(check: Check, where: string): Check {
  const nothing = { findings: [], missing: [], because: [], root_causes: [], remediation: null };
  const reason = `${where}; map a vantage point there in vantage_points, or omit --require-vantage`;
  return { ...check, ...nothing, verdict: "inconclusive", reason };
}
