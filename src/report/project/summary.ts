import type {
  CrossSite,
  CrossSiteChanges,
  CrossSiteFinding,
  ProjectReport,
  SiteReport,
} from "../../schema/project/project-report.generated.ts";
import type { Gate } from "../../schema/report.generated.ts";
import { counted, listed, escapeForTerminal, sentence, thousands } from "../text/wording.ts";

/** The gate in a table. */
export const GATE_WORDS = {
  passed: "passed",
  failed: "failed",
  "no-verdict": "no verdict",
} as const satisfies Readonly<Record<Gate, string>>;

/** The gate of a whole project. */
export function projectGate({ exit_code }: ProjectReport): Gate {
  return exit_code === 0 ? "passed" : exit_code === 1 ? "failed" : "no-verdict";
}

/** `2 of 5 sites failed (oslo, bergen), 1 without a verdict (lab); 1 error across sites.`, escaped. */
export function projectReason(report: ProjectReport): string {
  const { sites, cross_site } = report;
  const named = (gate: Gate) => sites.filter(({ report: { summary } }) => summary.gate === gate);
  const list = (of: readonly SiteReport[]) =>
    listed(
      of.map(({ name }) => escapeForTerminal(name)),
      5,
    );
  const [failed, without] = [named("failed"), named("no-verdict")];
  const parts = [
    ...(failed.length > 0 ? [`${failed.length} of ${counted(sites.length, "site")} failed (${list(failed)})`] : []),
    ...(without.length > 0
      ? [`${without.length} of ${counted(sites.length, "site")} without a verdict (${list(without)})`]
      : []),
    ...errorsAcross(cross_site),
  ];
  return sentence(
    parts.length === 0 ? `${sites.length === 1 ? "The site" : `All ${sites.length} sites`} passed` : parts.join("; "),
  );
}

function errorsAcross(crossSite: CrossSite | null): readonly string[] {
  const errors = crossSite?.findings.filter(({ severity }) => severity === "error").length ?? 0;
  return errors === 0 ? [] : [`${counted(errors, "error")} across sites`];
}

const NOUNS = {
  fqdn: "FQDN",
  mac: "MAC address",
  hostname: "hostname",
  address: "address",
} as const satisfies Readonly<Record<CrossSiteFinding["kind"], string>>;

/** What was compared and what was not: sentences, escaped. */
export function comparisonNotes({ cross_site, omitted }: ProjectReport): readonly string[] {
  const left = cross_site?.left_out ?? [];
  const compared = (cross_site?.compared ?? []).map(({ kind, values }) =>
    values === 1 ? `1 ${NOUNS[kind]}` : `${values} ${NOUNS[kind]}${kind === "mac" || kind === "address" ? "es" : "s"}`,
  );
  return [
    ...(cross_site === null ? [] : [`Compared across sites: ${listed(compared)}.`]),
    ...changesAcross(cross_site?.changes),
    ...(left.length === 0
      ? []
      : [`Not compared, because of errors in their files: ${listed(left.map(escapeForTerminal), 5)}.`]),
    ...(omitted.length === 0 ? [] : [`Not checked (--site): ${listed(omitted.map(escapeForTerminal), 5)}.`]),
  ];
}

/** `Across sites since the earlier report: 1 fixed, 2 new.` */
function changesAcross(changes: CrossSiteChanges | undefined): readonly string[] {
  if (changes === undefined) return [];
  const counts = acrossCounts(changes);
  return [`Across sites since the earlier report: ${counts === "" ? "nothing changed" : counts}.`];
}

/** `1 fixed, 2 new`; empty when there are no findings. */
export function acrossCounts(changes: CrossSiteChanges): string {
  const kinds = [
    [changes.fixed, "fixed"],
    [changes.new, "new"],
    [changes.no_longer_compared, "no longer compared"],
    [changes.still_failing, "still failing"],
  ] as const;
  return kinds.flatMap(([{ length }, word]) => (length === 0 ? [] : `${thousands(length)} ${word}`)).join(", ");
}

/** A site in the summary table. */
export interface SummaryRow {
  readonly name: string;
  readonly gate: Gate;
  /** As in its own report: errors, warnings and inconclusive checks. */
  readonly errors: number;
  readonly warnings: number;
  readonly inconclusive: number;
  /** The deployment file; empty if it could not be read. */
  readonly path: string;
}

/** One row for each site, in their order; unescaped. */
export function summaryRows({ sites }: ProjectReport): readonly SummaryRow[] {
  return sites.map(({ name, report: { summary, inputs } }) => ({
    ...{ name, gate: summary.gate, errors: summary.errors, warnings: summary.warnings },
    inconclusive: summary.inconclusive,
    path: inputs.find(({ kind }) => kind === "deployment")?.path ?? "",
  }));
}
