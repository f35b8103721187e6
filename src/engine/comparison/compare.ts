import type {
  Change,
  Check,
  ComparedRun,
  Comparison,
  ComparisonChange,
  ComparisonCounts,
  Finding,
  RunReport,
} from "../../schema/report.generated.ts";
import { escapeForMessage } from "../../values/text/quoted.ts";

/** A report, and the file that it was read from; null for the run that is comparing itself with an earlier one. */
export interface ReportFile {
  readonly report: RunReport;
  readonly path: string | null;
}

/**
 * What is different between two runs of one deployment: findings by fingerprint, checks by rule and subject. A finding is
 * fixed only if its check was evaluated again; a check that was evaluated and no longer is counts as such, never as fixed.
 */
export function compareReports(before: ReportFile, after: ReportFile): Comparison {
  const changes: ComparisonChange[] = [];
  let stillInconclusive = 0;
  const [keyBefore, keyAfter] = [checkKeys(before.report), checkKeys(after.report)];
  const earlier = new Map<string, Check>();
  for (const check of before.report.checks) earlier.set(keyBefore(check), check);
  for (const check of after.report.checks) {
    const key = keyAfter(check);
    const old = earlier.get(key) ?? null;
    earlier.delete(key);
    if (check.verdict === "inconclusive" && old?.verdict === "inconclusive") stillInconclusive++;
    else changes.push(...changesOf(old, check));
  }
  for (const check of earlier.values()) if (isEvaluated(check)) changes.push(noLongerChecked(check, null));
  return {
    schema_version: 1,
    before: comparedRun(before),
    after: comparedRun(after),
    counts: { ...countsOf(changes), still_inconclusive: stillInconclusive },
    notes: notesOf(before.report, after.report),
    changes,
  };
}

/**
 * Why two reports cannot be compared, as one sentence; null when they can. The same deployment has at least one node in
 * both, whatever its file is called.
 */
export function incomparable(before: ReportFile, after: ReportFile): string | null {
  for (const { report, path } of [before, after]) {
    if (report.checks.length === 0) return `${nameOf(path)} has no checks, because its run had errors.`;
  }
  const [nodes, others] = [nodesOf(before.report), nodesOf(after.report)];
  const isSame =
    nodes.size === 0 || others.size === 0
      ? deploymentOf(before.report) === deploymentOf(after.report)
      : [...nodes].some((name) => others.has(name));
  return isSame ? null : differentDeployments(before, after);
}

function nodesOf({ topology }: RunReport): ReadonlySet<string> {
  return new Set(topology?.nodes.map(({ name }) => name));
}

function differentDeployments(before: ReportFile, after: ReportFile): string {
  const about = ({ report, path }: ReportFile) =>
    `${nameOf(path)} is about ${escapeForMessage(deploymentOf(report) ?? "no deployment")}`;
  return `${about(before)} and ${about(after)}, which have no node in common.`;
}

function nameOf(path: string | null): string {
  return path === null ? "this run" : escapeForMessage(path);
}

/** Whether `--fail-on` sets the exit code 1: `new` for what is worse than before, `any` also for what is unchanged. */
export function isFailing(comparison: Comparison, failOn: "new" | "any"): boolean {
  return failOn === "new" ? hasNewProblems(comparison) : hasAnyProblem(comparison);
}

/** Whether the later run is worse: anything new, newly inconclusive or no longer evaluated. */
export function hasNewProblems({ changes }: Comparison): boolean {
  return changes.some(({ change }) => WORSE.has(change));
}

/** Whether anything fails or is inconclusive in the later run, new or not, or is no longer evaluated. */
export function hasAnyProblem(comparison: Comparison): boolean {
  const { counts, changes } = comparison;
  const isFailing = ({ change }: ComparisonChange) => change === "still-failing" || change === "severity-changed";
  return counts.still_inconclusive > 0 || hasNewProblems(comparison) || changes.some(isFailing);
}

const WORSE: ReadonlySet<Change> = new Set<Change>(["new", "newly-inconclusive", "no-longer-checked"]);

function changesOf(old: Check | null, check: Check): readonly ComparisonChange[] {
  const [had, has] = [findingsOf(old), findingsOf(check)];
  const idsOf = identities(old, check);
  const [known, found] = [idsOf(had), idsOf(has)];
  const changes = has.map((finding, index) => {
    const isKnown = known.includes(found[index] ?? "");
    const change = !isKnown ? "new" : old?.severity === check.severity ? "still-failing" : "severity-changed";
    return about(change, old, check, finding);
  });
  const gone = had.filter((_, index) => !found.includes(known[index] ?? ""));
  switch (check.verdict) {
    case "pass":
    case "fail":
      changes.push(...gone.map((finding) => about("fixed", old, check, finding)));
      if (old?.verdict === "inconclusive" && check.verdict === "pass") {
        changes.push(about("no-longer-inconclusive", old, check, null));
      }
      break;
    case "waived":
      changes.push(...gone.map((finding) => about("newly-waived", old, check, finding)));
      if (old?.verdict === "inconclusive") changes.push(about("newly-waived", old, check, null));
      break;
    case "inconclusive":
      changes.push(about("newly-inconclusive", old, check, null));
      break;
    case "not-applicable":
    case "skipped":
    case "crashed":
      if (old !== null && isEvaluated(old)) changes.push(noLongerChecked(old, check));
  }
  return changes;
}

function findingsOf(check: Check | null): readonly Finding[] {
  return check?.verdict === "fail" ? check.findings : [];
}

function isEvaluated({ verdict }: Check): boolean {
  return verdict === "pass" || verdict === "fail" || verdict === "inconclusive" || verdict === "waived";
}

function noLongerChecked(old: Check, check: Check | null): ComparisonChange {
  return about("no-longer-checked", old, check, null);
}

/** One change; where the check has a finding in one run only, the message is that of this run. */
function about(change: Change, old: Check | null, check: Check | null, finding: Finding | null): ComparisonChange {
  const shown = check ?? old;
  if (shown === null) throw new Error("a change is about a check of one of two runs");
  // Of a fixed finding, whether it was a consequence is in the earlier run.
  const owner = change === "fixed" || change === "newly-waived" ? (old ?? shown) : shown;
  return {
    change,
    ...{ rule: shown.rule, subject: shown.subject, severity: shown.severity },
    severity_before: old?.severity ?? null,
    verdict_before: old?.verdict ?? null,
    verdict: check?.verdict ?? null,
    fingerprint: finding?.fingerprint ?? null,
    message: finding?.message ?? reasonOf(change === "no-longer-inconclusive" ? (old ?? shown) : shown, check),
    is_consequence: finding !== null && owner.root_causes.length > 0,
    location: finding?.location ?? shown.location,
  };
}

function reasonOf(shown: Check, check: Check | null): string {
  if (check === null) return "no longer planned";
  if (shown.because.length > 0) {
    return shown.because
      .map(({ rule, subject }) => `because ${rule} failed for ${subject.kind} ${subject.name}`)
      .join("; ");
  }
  if (shown.missing.length > 0) return [...new Set(shown.missing.map(({ what }) => what))].join("; ");
  return shown.reason ?? "";
}

const COUNTED = {
  new: "new",
  "severity-changed": "severity_changed",
  "newly-inconclusive": "newly_inconclusive",
  "no-longer-checked": "no_longer_checked",
  "still-failing": "still_failing",
  "newly-waived": "newly_waived",
  "no-longer-inconclusive": "no_longer_inconclusive",
  fixed: "fixed",
} as const satisfies Readonly<Record<Change, keyof ComparisonCounts>>;

function countsOf(changes: readonly ComparisonChange[]): Omit<ComparisonCounts, "still_inconclusive"> {
  const counts = {
    ...{ new: 0, severity_changed: 0, newly_inconclusive: 0, no_longer_checked: 0, still_failing: 0 },
    ...{ newly_waived: 0, no_longer_inconclusive: 0, fixed: 0 },
  };
  for (const { change, is_consequence } of changes) if (!is_consequence) counts[COUNTED[change]]++;
  return counts;
}

function comparedRun({ report, path }: ReportFile): ComparedRun {
  const { tool, started_at, summary, sources } = report;
  const { version } = tool;
  return { path, deployment: deploymentOf(report), version, started_at, gate: summary.gate, sources };
}

function deploymentOf({ inputs }: RunReport): string | null {
  return inputs.find(({ kind }) => kind === "deployment")?.path ?? null;
}

/** Notes that a reader needs to interpret the comparison. */
function notesOf(before: RunReport, after: RunReport): string[] {
  const [file, otherFile] = [deploymentOf(before), deploymentOf(after)];
  return [
    ...(Date.parse(before.started_at) > Date.parse(after.started_at)
      ? ["The second report is older than the first."]
      : []),
    ...(file === otherFile ? [] : [`The deployment file was ${file ?? "none"} and is now ${otherFile ?? "none"}.`]),
    ...(before.tool.version === after.tool.version
      ? []
      : [`The rules of versions ${before.tool.version} and ${after.tool.version} may differ.`]),
    ...(before.profile === after.profile ? [] : [`The profile was ${before.profile} and is now ${after.profile}.`]),
    ...(before.mode === after.mode ? [] : [`The earlier run was ${before.mode}, and this one ${after.mode}.`]),
    ...staleSources(before, after),
  ];
}

/** Inventories that were collected before the earlier run: later fixes in vSphere are not in them. */
function staleSources(before: RunReport, after: RunReport): string[] {
  const stale = after.sources.filter(
    ({ kind, collected_at }) => kind === "inventory" && Date.parse(collected_at ?? "") <= Date.parse(before.started_at),
  );
  return stale.map(
    ({ path, collected_at }) =>
      `${path} was collected at ${collected_at ?? ""}, before the earlier run: changes in vSphere since then are not in it.`,
  );
}

/** Checks by rule and subject. A file is the same subject under another name, as inventories often have a date in theirs. */
function checkKeys({ inputs }: RunReport): (check: Check) => string {
  const names = new Map<string, string>();
  for (const kind of ["deployment", "inventory"] as const) {
    inputs.filter((input) => input.kind === kind).forEach(({ path }, index) => names.set(path, `${kind} ${index}`));
  }
  return ({ rule, subject: { kind, name } }) => {
    const role = FILES.has(kind) ? names.get(name) : undefined;
    return `${rule}\n${kind}\n${role ?? name}`;
  };
}

/** Kinds of subjects that are named by the path of a file. */
const FILES: ReadonlySet<string> = new Set(["file", "inventory"]);

/** The identity of each finding: its fingerprint, except for files whose names differ, since the name is part of it. */
function identities(old: Check | null, check: Check): (findings: readonly Finding[]) => readonly string[] {
  if (old === null || old.subject.name === check.subject.name) {
    return (findings) => findings.map(({ fingerprint }) => fingerprint);
  }
  return (findings) => {
    const counts = new Map<string, number>();
    return findings.map(({ message_id }) => {
      const count = (counts.get(message_id) ?? 0) + 1;
      counts.set(message_id, count);
      return `${message_id} ${count}`;
    });
  };
}
