import type { Missing, SourceRef } from "../../site/core/missing.ts";
import type { SiteObject } from "../../site/core/site-object.ts";
import { isTextLocation, type Location, type Path } from "../../values/location.ts";
import { quoted } from "../../values/text/quoted.ts";
import type { ValueChange } from "../../values/text-edit.ts";
import { fingerprint } from "./fingerprint.ts";
import { type Outcome, outcomeSeverity, type RawFinding, sourceRefOf } from "./evaluate-check.ts";
import type { PlannedCheck } from "./plan.ts";
import type { Check, Finding, SubjectId } from "../../schema/report.generated.ts";
import { shownLines } from "../api/command.ts";
import type { Datum, Rule } from "../api/rule.ts";
import { describeThrown } from "./thrown.ts";

const NONE: readonly never[] = [];
/** The parts that all checks of a subject share. */
interface WrittenSubject {
  readonly id: SubjectId;
  readonly location: Location | null;
}

/** Checks as in reports: with complete messages and locations. `reportChecks` links causes and evidence. */
export class CheckSerializer {
  readonly #subjects = new Map<SiteObject, WrittenSubject>();

  /** @param mention where the deployment names a subject that is on no line of a file */
  constructor(private readonly mention: (subject: SiteObject) => SourceRef | null = () => null) {}

  /** Finds the location of a subject in advance, so that an interrupted run has less work left. */
  locateAhead(subject: SiteObject): void {
    this.#subject(subject);
  }

  /** The check without its causes and its evidence; outcome null = the run skips it. */
  write(planned: PlannedCheck, outcome: Outcome | null): Check {
    const { enabled } = planned;
    const { id, location } = this.#subject(planned.subject);
    const failure = outcome?.verdict === "fail" ? writtenFailure(planned, outcome.findings) : null;
    return {
      rule: enabled.rule.id,
      subject: id,
      severity: outcome === null ? planned.severity : outcomeSeverity(planned, outcome),
      verdict: failure?.verdict ?? outcome?.verdict ?? "skipped",
      ...(outcome?.verdict === "not-applicable" && outcome.awaits !== undefined && { awaits: outcome.awaits }),
      reason: failure !== null ? failure.reason : outcome === null ? enabled.skip : reasonOf(outcome),
      missing: outcome?.verdict === "inconclusive" ? writtenGaps(planned, outcome) : NONE,
      findings: failure?.findings ?? NONE,
      waiver: null,
      remediation: failure?.remediation ?? null,
      ...(failure?.commands !== undefined && { commands: failure.commands }),
      location,
      because: NONE,
      root_causes: NONE,
      evidence: NONE,
    };
  }

  #subject(subject: SiteObject): WrittenSubject {
    let found = this.#subjects.get(subject);
    if (found === undefined) {
      const own = locate(subject.sourceRef);
      const named = isTextLocation(own) ? null : this.mention(subject);
      const location = (named === null ? null : locate(named)) ?? own;
      found = { id: { kind: subject.kind, name: subject.name }, location };
      this.#subjects.set(subject, found);
    }
    return found;
  }
}

/** A failed check with its findings, or a crashed one if the rule fails while they are worded. */
function writtenFailure(
  planned: PlannedCheck,
  findings: readonly RawFinding[],
): Pick<Check, "verdict" | "reason" | "findings" | "remediation" | "commands"> {
  const { enabled, subject } = planned;
  try {
    return {
      verdict: "fail",
      reason: null,
      findings: distinctFindings(enabled.rule, subject, findings),
      ...remediation(enabled.rule, subject),
    };
  } catch (thrown) {
    // `commands` is code of the rule too: its crash must not affect other checks.
    const reason = `while the finding was written: ${describeThrown(thrown)}`;
    return { verdict: "crashed", reason, findings: NONE, remediation: null };
  }
}

/** The findings of a check; those that differ only in the order of equal names are numbered in their fingerprints. */
function distinctFindings(rule: Rule, subject: SiteObject, raws: readonly RawFinding[]): readonly Finding[] {
  const seen = new Map<string, number>();
  return raws.map((raw) => {
    const first = finding(rule, subject, raw);
    const count = (seen.get(first.fingerprint) ?? 0) + 1;
    seen.set(first.fingerprint, count);
    return count === 1 ? first : finding(rule, subject, { ...raw, key: `${raw.key ?? ""}#${count}` });
  });
}

type Inconclusive = Extract<Outcome, { verdict: "inconclusive" }>;

/** The missing values of an inconclusive check, and its findings. */
function writtenGaps({ enabled: { rule } }: PlannedCheck, outcome: Inconclusive): Check["missing"] {
  const gaps = outcome.missing.map(located);
  if (outcome.found === undefined) return gaps;
  const own = gaps.length > 0 || outcome.reason === null ? gaps : [{ what: outcome.reason, location: null }];
  const found = outcome.found.map(({ messageId, data, at }) => {
    const what = `also found: ${fill(rule.messages[messageId] ?? messageId, data)}`;
    return { what: what.replace(/\.$/, ""), location: locate(sourceRefOf(at)) };
  });
  return [...own, ...found];
}

function reasonOf(outcome: Outcome): string | null {
  return "reason" in outcome ? outcome.reason : null;
}

function finding(rule: Rule, subject: SiteObject, raw: RawFinding): Finding {
  const sourceRef = sourceRefOf(raw.at);
  return {
    message_id: raw.messageId,
    message: fill(rule.messages[raw.messageId] ?? raw.messageId, raw.data),
    data: raw.data,
    fingerprint: fingerprint(rule.id, subject, raw.messageId, sourceRef, raw.key),
    location: locate(sourceRef),
    caused_by: NONE,
    related: raw.related.map(({ message, at }) => ({ message, location: locate(sourceRefOf(at)) })),
    ...fixOf(rule, subject, raw),
  };
}

/** The edit of `--fix` for a finding, or why there is none; undefined if the rule has no certain fix. */
function fixOf(rule: Rule, subject: SiteObject, { messageId, data, at }: RawFinding): Pick<Finding, "fix"> {
  const fix = rule.fix?.({ messageId, data, at }, subject, { known });
  if (fix == null) return {};
  const { document, path } = sourceRefOf(fix.at ?? at);
  const result = document.edit?.(path, fix) ?? null;
  return result === null ? {} : { fix: { description: fixInWords(path, fix), ...result } };
}

function fixInWords(path: Path, change: ValueChange): string {
  if ("entries" in change) return `Split the entry into ${change.entries.length}`;
  const key = path.findLast((step) => typeof step === "string") ?? "the value";
  return `Set ${key} to ${typeof change.value === "string" ? quoted(change.value) : String(change.value)}`;
}

function known<F, K extends keyof F & string>(object: SiteObject<F>, field: K): Exclude<F[K], undefined> | undefined {
  return object.valueOrUndefined(field);
}

function fill(template: string, data: Readonly<Record<string, Datum>>): string {
  return template.replaceAll(/\{\{(\w+)\}\}/g, (placeholder, name: string) => {
    const datum = Object.hasOwn(data, name) ? data[name] : undefined;
    // A blank text would leave a hole in the sentence.
    if (typeof datum === "string" && datum.trim() === "") return `"${datum}"`;
    return datum === undefined ? placeholder : String(datum);
  });
}

/** The fix: in words with its lines, and as data. */
function remediation(rule: Rule, subject: SiteObject): Pick<Check, "remediation" | "commands"> {
  const commands = rule.commands?.(subject, { known });
  if (commands === undefined || commands.length === 0) return { remediation: rule.remediation };
  const lines = commands.flatMap((one) => (typeof one === "string" ? one : shownLines(one)));
  return {
    remediation: [rule.remediation, ...lines].join("\n"),
    commands: commands.map((one) =>
      typeof one === "string" ? { id: null, text: one, values: {} } : { id: one.id, values: one.values },
    ),
  };
}

function located({ what, sourceRef }: Missing): Check["missing"][number] {
  return { what, location: sourceRef === null ? null : locate(sourceRef) };
}

function locate({ document, path }: SourceRef): Location | null {
  return document.locate(path);
}
