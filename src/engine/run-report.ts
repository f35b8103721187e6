import type { Location } from "../values/location.ts";
import type { Answer, Question } from "./api/question.ts";

/** The one object that every report format is made from; `--format json` prints exactly this. */
export interface RunReport {
  readonly schema_version: 1;
  readonly tool: { readonly name: "infinity-preflight"; readonly version: string };
  /** The version profile whose limits were applied, for example `v25`. */
  readonly profile: string;
  readonly mode: "live" | "static" | "replay";
  readonly exit_code: 0 | 1 | 2;
  readonly started_at: string;
  readonly ended_at: string;
  readonly inputs: readonly ReportInput[];
  readonly summary: Summary;
  /** What is deployed where; null when mistakes in the files kept the run from knowing. */
  readonly topology: Topology | null;
  readonly checks: readonly Check[];
  readonly evidence: readonly EvidenceRecord[];
  /** Every waiver and directive that the run read, and what became of it. */
  readonly waivers: readonly WaiverRecord[];
  /** What the run was held against (`--baseline-plan`), or null. */
  readonly baseline: Baseline | null;
  /** What a config or an option took out of the run, and what of the config came to nothing. */
  readonly policy: PolicyRecord;
  readonly rules: readonly RuleDescription[];
  readonly errors: readonly ReportError[];
  /** Lines of the inputs around every place that a mistake, an open or waived check, or a waiver points at. */
  readonly excerpts: readonly Excerpt[];
}

export interface ReportInput {
  readonly kind: "deployment" | "inventory" | "evidence" | "config" | "waivers" | "plan";
  /** Relative to the working directory where it lies below, else as the user named it; `-` is standard input. */
  readonly path: string;
  /** Percent-encoded, relative to the root of the repository that holds the deployment; never empty, never absolute. */
  readonly uri: string;
  readonly sha256: string;
}

export type Verdict = "pass" | "fail" | "inconclusive" | "not-applicable" | "skipped" | "waived" | "crashed";
export type Severity = "error" | "warn" | "info";
export type Gate = "open" | "closed" | "no-verdict";

/** Counts of all checks by verdict; `errors`, `warnings`, `infos` count failed checks by severity. */
export interface Summary {
  readonly planned: number;
  readonly pass: number;
  readonly fail: number;
  readonly inconclusive: number;
  readonly "not-applicable": number;
  readonly skipped: number;
  readonly waived: number;
  readonly crashed: number;
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
  /** Errors that are no consequence of another failed check. */
  readonly root_errors: number;
  /** True when checks were skipped: the gate then speaks only of what was looked at. */
  readonly partial: boolean;
  readonly gate: Gate;
  /** One sentence that says why the gate stands as it does. */
  readonly gate_reason: string;
}

/** The deployment at a glance. Everything is named as the subjects of checks are. */
export interface Topology {
  readonly locations: readonly { readonly name: string }[];
  readonly nodes: readonly TopologyNode[];
  /** Hosts that a node runs on or may come to run on. */
  readonly hosts: readonly TopologyHost[];
  /** Clusters that a node is placed on, or that hold one of these hosts. */
  readonly clusters: readonly { readonly name: string }[];
}

/** A node's possible hosts are its `host` and every host of its `cluster`. */
export interface TopologyNode {
  readonly name: string;
  readonly role: "management" | "conferencing";
  /** Null when it has none (the management node), or names one that is not declared. */
  readonly location: string | null;
  /** Where its VM runs, or is planned to run; null when that is not known. */
  readonly host: string | null;
  /** The cluster on any of whose hosts it may come to run; null when it stays on its host, or none is known. */
  readonly cluster: string | null;
  /** False when a value is missing, so that it may run on hosts that are not shown. */
  readonly certain: boolean;
}

export interface TopologyHost {
  readonly name: string;
  /** Null when it stands alone, or its cluster is not known. */
  readonly cluster: string | null;
}

export interface SubjectId {
  readonly kind: string;
  readonly name: string;
}

export interface Check {
  readonly rule: string;
  readonly subject: SubjectId;
  readonly severity: Severity;
  readonly verdict: Verdict;
  /** Why not-applicable, inconclusive (when no value is missing), skipped or crashed; else null. */
  readonly reason: string | null;
  readonly missing: readonly Missing[];
  /** Checks that failed on the same evidence or file, and so keep this one from being decided. */
  readonly because: readonly CheckReference[];
  readonly findings: readonly Finding[];
  /** The failed checks that this one is a consequence of; empty unless the check failed and every finding has a cause. */
  readonly root_causes: readonly CheckReference[];
  /** Ids of the evidence records that the rule read. */
  readonly evidence: readonly string[];
  /** What covers the check; its findings and gaps stay in it. Null unless the verdict is `waived`. */
  readonly waiver: CheckWaiver | null;
  readonly remediation: string | null;
  /** Where the subject is named in the deployment or inventory; null when nothing in a text file names it. */
  readonly location: Location | null;
}

/** An agreed exception: an entry of the waivers file, or a directive in the deployment. */
export interface Waiver {
  readonly kind: "file" | "inline";
  readonly reason: string;
  /** Who answers for it; null for a directive, which has none. */
  readonly owner: string | null;
  readonly ticket: string | null;
  /** The last day on which it counts: `2027-01-31`. */
  readonly expires: string;
  readonly location: Location | null;
}

/** The waiver that covers a check. */
export interface CheckWaiver extends Waiver {
  /** What the verdict would be without it. */
  readonly verdict: "fail" | "inconclusive";
  /** The waived check that this undecided one waits for; null when the waiver names this check itself. */
  readonly through: CheckReference | null;
}

/** What became of a waiver in this run. */
export interface WaiverRecord extends Waiver {
  readonly rule: string;
  /** `kind:name` as written; null for a directive, which speaks of a line. */
  readonly subject: string | null;
  /**
   * `used`: covers a check. `expired`: would, but its time is over. `unneeded`: its check is fine without it.
   * `not-judged`: its check was skipped, or its rule is off. `unmatched`: there is no such check. `incomplete`: its check
   * has more open than it covers. `refused`: the rule cannot be waived.
   */
  readonly state: "used" | "expired" | "unneeded" | "not-judged" | "unmatched" | "incomplete" | "refused";
  /** One sentence that says so, with the cure; null when it is used. */
  readonly message: string | null;
}

/** The plan as it was approved, held against this run. */
export interface Baseline {
  readonly path: string;
  /** How many checks were to be judged when it was approved. */
  readonly planned: number;
  /** Those of them that this run does not judge; any closes the gate. */
  readonly missing: readonly UnplannedCheck[];
}

export interface UnplannedCheck extends CheckReference {
  /** Why it is not judged: a phrase. */
  readonly reason: string;
}

export interface PolicyRecord {
  /** Checks that are not planned because their rule is off, by rule and by who said so. */
  readonly off: readonly OffRecord[];
  /** Patterns of overrides that no subject of this deployment fits: perhaps misspelt. */
  readonly unmatched: readonly UnmatchedPattern[];
}

export interface OffRecord {
  readonly rule: string;
  /** How many checks would have been planned. */
  readonly checks: number;
  /** Who turned it off: a config file by its path, `preset must`, `--rule`. */
  readonly by: string;
  readonly location: Location | null;
}

export interface UnmatchedPattern {
  readonly pattern: string;
  /** The id of a subject that may have been meant, or null. */
  readonly near: string | null;
  readonly location: Location | null;
}

export interface CheckReference {
  readonly rule: string;
  readonly subject: SubjectId;
}

/** A value that a check needs and no input gives. Equal `what` = the same gap, seen at several places. */
export interface Missing {
  /** A phrase that reads after "Not decided:", without a final stop; names the field or list and the cure. */
  readonly what: string;
  /** The place where the value would stand; null when there is no such file. */
  readonly location: Location | null;
}

export interface Finding {
  readonly message_id: string;
  readonly message: string;
  readonly data: Readonly<Record<string, string | number | boolean | null>>;
  readonly fingerprint: string;
  readonly location: Location | null;
  /** Failed checks with a finding at a value that this finding depends on. */
  readonly caused_by: readonly CheckReference[];
  readonly related: readonly { readonly message: string; readonly location: Location | null }[];
}

export interface EvidenceRecord {
  /** `e1`, `e2` … in the order in which the checks first read them. */
  readonly id: string;
  readonly question: Question;
  readonly answer: Answer;
}

/** What a report needs to know of a rule: all enabled rules are listed, also those without a finding. */
export interface RuleDescription {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly live: boolean;
  readonly source: RuleSource;
  readonly remediation: string;
  /** Version of this program that first had the rule. */
  readonly since: string;
}

/** Where a rule comes from: which document, which section, how binding the wording is. */
export interface RuleSource {
  readonly document: string;
  readonly section: string;
  readonly wording: "must" | "strongly-recommended" | "recommended" | "derived" | "beyond";
}

export interface ReportError {
  readonly code: string;
  readonly message: string;
  readonly location: Location | null;
  readonly hint: string | null;
}

/** What the report keeps of an input file, secrets blanked; never all of a large one. */
export interface Excerpt {
  readonly path: string;
  /** By line, then by column. */
  readonly lines: readonly ExcerptLine[];
}

/** A line, or a piece of a long one; of a very long line there may be several pieces. */
export interface ExcerptLine {
  readonly line: number;
  /** Column of the first character of `text`: 1, unless the line is long. */
  readonly column: number;
  /** Without line end. */
  readonly text: string;
  /** UTF-16 units of the whole line. */
  readonly length: number;
  /** GitHub's `primaryLocationLineHash` of a line that a finding or a gap is shown at; else null. */
  readonly hash: string | null;
}
