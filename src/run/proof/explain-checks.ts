import { type Answer, questionKey } from "../../engine/api/question.ts";
import type { Rule } from "../../engine/api/rule.ts";
import { withReplaced } from "../../engine/evaluation/check-table.ts";
import { evaluate } from "../../engine/evaluation/evaluate.ts";
import { Evidence } from "../../engine/evaluation/evidence.ts";
import { type EnabledRule, plan, Plan, type PlannedGroup } from "../../engine/evaluation/plan.ts";
import { type FactRead, observeFacts } from "../../site/core/fact-reads.ts";
import { noteRead, ReadScope, readingInto } from "../../site/core/kept-reads.ts";
import { watchedDocument } from "../../site/core/watched-document.ts";
import type { Document } from "../../site/core/document.ts";
import type { Check, CheckReads, EvidenceRecord, RunReport } from "../../schema/report.generated.ts";
import { gapsOfCheck } from "../../report/model/gaps.ts";
import { messageKind } from "../../report/model/open-findings.ts";
import { type Path, pathText } from "../../values/location.ts";
import { IterableSequence, itemsBetween, type Sequence } from "../../values/sequence.ts";
import type { RunBasis } from "../check.ts";
import { imagine } from "../live/connections.ts";
import type { SiteSources } from "../read-run.ts";
import { documentsOf } from "./edited-sources.ts";
import { idOf } from "./evaluate-rule.ts";
import { guideQuote } from "./guide-quote.ts";
import { isField } from "./other-values.ts";
import { type ReadValue, WatchedFiles } from "./recording.ts";
import { CurrentRequest, watchedContext } from "./watched-context.ts";

interface ExplainOptions {
  /** The checks to explain: those that failed or are inconclusive, or passed ones too. */
  readonly which: "failures" | "all";
  /** The page of a rule, which quotes the guide; null if there is none. */
  readonly pageOf: (rule: { readonly id: string; readonly docs?: string }) => string | null;
}

/**
 * With more checks than this, a page has no explanations unless requested: they require linking the site again, which
 * would double the time and memory of the run.
 */
const MOST_CHECKS = 100_000;
/** Number of values listed per check, and of reads searched for them. */
const [MOST_VALUES, MOST_READS] = [25, 200];
/** Maximum length of a value, in characters. */
const LONGEST_VALUE = 200;

/** A read of one evaluation. */
type Read =
  | ({ readonly kind: "value" } & Omit<ReadValue, "isLinked">)
  | { readonly kind: "fact"; readonly fact: FactRead }
  | { readonly kind: "option" | "certificate"; readonly name: string }
  | { readonly kind: "time" };

type Scope = ReadScope<Read>;

/**
 * The report with the values that each check read. The checks are evaluated again with the answers of the run, on
 * documents that record every access; so a run without explanations has no overhead. Contacts no servers.
 */
export async function explainedReport(
  report: RunReport,
  basis: RunBasis | null,
  { which, pageOf }: ExplainOptions,
): Promise<RunReport> {
  if (basis === null || (which === "failures" && report.checks.length > MOST_CHECKS)) return report;
  const recorder = new ReadRecorder();
  const { origin, enabled, systemResolvers, now } = basis;
  const { site, planned } = recorder.reading(new ReadScope(), () => {
    const watched = origin.siteFrom(recorder.watch(origin.sources), systemResolvers);
    return { site: watched, planned: plan(enabled, watched) };
  });
  const wanted = wantedPositions(report.checks, which);
  const explained = new Map<number, Omit<EvaluatedReads, "documents">>();
  const groups: PlannedGroup[] = [];
  let start = 0;
  for (const group of planned.groups) {
    const own = group.subjects.flatMap((subject, index): readonly [string, Scope][] => {
      if (!wanted.has(start + index)) return [];
      const scope: Scope = new ReadScope();
      explained.set(start + index, { scope, enabled: group.enabled });
      return [[idOf(subject), scope]];
    });
    start += group.subjects.length;
    if (own.length > 0) groups.push(recorder.watchGroup(group, new Map(own)));
  }
  const answers = new Map(report.evidence.map((record) => [questionKey(record.question), record]));
  await evaluate(new Plan(groups), { site, now, responder: responderOf(answers), evidence: new Evidence() });
  const documents = documentsOf(origin.sources);
  const explainOne = (check: Check, position: number): Check => {
    const found = explained.get(position);
    // A check without a subject evaluates nothing.
    const isRead = found !== undefined && found.scope.reads.size + found.scope.inner.size > 0;
    if (!isRead) return check;
    // Formats iterate over all checks several times, and use few explanations.
    return {
      ...check,
      get explanation() {
        return readsOf({ ...found, documents });
      },
    };
  };
  const checks =
    which === "all" ? new ExplainedChecks(report.checks, explainOne) : replaced(report.checks, wanted, explainOne);
  const rules = report.rules.map((rule) => {
    const page = pageOf(rule);
    const quote = page === null ? null : guideQuote(page);
    return quote === null ? rule : { ...rule, quote };
  });
  return { ...report, checks, rules };
}

/**
 * The checks whose rules requested a value of a file, by its path as text: those that failed or are inconclusive first.
 */
export async function readersOf(
  report: RunReport,
  basis: RunBasis | null,
  file: string,
): Promise<ReadonlyMap<string, readonly Check[]>> {
  const { checks } = await explainedReport(report, basis, { which: "all", pageOf: () => null });
  const found = new Map<string, Check[]>();
  for (const check of checks) {
    for (const value of check.explanation?.values ?? []) {
      if (value.file !== file || value.request === null) continue;
      const readers = found.get(value.path);
      if (readers === undefined) found.set(value.path, [check]);
      else readers.push(check);
    }
  }
  const isOpen = ({ verdict }: Check) => (verdict === "pass" || verdict === "not-applicable" ? 1 : 0);
  for (const readers of found.values()) readers.sort((a, b) => isOpen(a) - isOpen(b));
  return found;
}

/** Explanations are created on demand: together they are far larger than the reads that they are made from. */
class ExplainedChecks extends IterableSequence<Check> {
  constructor(
    private readonly checks: Sequence<Check>,
    private readonly explain: (check: Check, position: number) => Check,
  ) {
    super(checks.length);
  }

  *between(start: number, end: number): Generator<Check> {
    let position = start;
    for (const check of itemsBetween(this.checks, start, end)) yield this.explain(check, position++);
  }
}

/**
 * The checks with those at some positions replaced: a run's table stays a table, in which formats find failures
 * quickly.
 */
function replaced(
  checks: Sequence<Check>,
  positions: ReadonlySet<number>,
  change: (check: Check, position: number) => Check,
): Sequence<Check> {
  const replacements = new Map<number, Check>();
  let position = 0;
  for (const check of checks) {
    if (positions.has(position)) replacements.set(position, change(check, position));
    position++;
  }
  return withReplaced(checks, replacements);
}

/** Number of checks of a rule with the same failure or gap that are explained; preflight why explains the others. */
const MOST_ALIKE = 5;
/** Maximum number of explained failures and inconclusive checks per rule. */
const MOST_OF_RULE = 200;

function wantedPositions(checks: Sequence<Check>, which: ExplainOptions["which"]): ReadonlySet<number> {
  const wanted = new Set<number>();
  const counts = new Map<string, number>();
  const isBelow = (key: string, most: number) => (counts.get(key) ?? 0) < most;
  const countUp = (key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);
  let position = -1;
  for (const check of checks) {
    position++;
    const { verdict, rule } = check;
    const isOpen = verdict === "fail" || verdict === "inconclusive" || verdict === "crashed";
    if (which === "all" && verdict !== "skipped") wanted.add(position);
    if (which === "all" || !isOpen || !isBelow(rule, MOST_OF_RULE)) continue;
    const reasons =
      verdict === "fail"
        ? check.findings.map((finding) => messageKind({ check, finding }))
        : gapsOfCheck(check).map(({ what }) => what);
    const keys = [...new Set(reasons)].map((reason) => JSON.stringify([rule, verdict, check.severity, reason]));
    if (!keys.some((key) => isBelow(key, MOST_ALIKE))) continue;
    wanted.add(position);
    for (const key of [rule, ...keys]) countUp(key);
  }
  return wanted;
}

/** The answers of the run. A rule that now sends other queries continues with an imagined answer. */
function responderOf(answers: ReadonlyMap<string, EvidenceRecord>): typeof imagine {
  return async (questions, take) => {
    const imagined = await imagine(questions, take);
    return questions.map((question, index): Answer => {
      const answer = answers.get(questionKey(question))?.answer ?? imagined[index];
      if (answer === undefined) throw new Error("no answer was imagined");
      return answer;
    });
  };
}

/** Records reads in the scope of the check that is being evaluated. */
class ReadRecorder {
  #request = new CurrentRequest();

  watch(sources: SiteSources): SiteSources {
    const watched = <T extends Document>(document: T): T =>
      watchedDocument(document, (path, value) => {
        const file = document.path;
        const read: Read = { kind: "value", file, path, value, request: this.#request.text };
        noteRead(valueKey(file, path), read);
      });
    return {
      deployment: watched(sources.deployment),
      inventories: sources.inventories.map(watched),
      configs: sources.configs.map(watched),
      certificates: new WatchedFiles(sources.certificates, (name) => note("certificate", name)),
    };
  }

  /** Facts are observed only during evaluations here, as other runs may be in progress. */
  reading<T>(scope: Scope, work: () => T): T {
    observeFacts((fact) => {
      const read: Read = { kind: "fact", fact };
      noteRead(JSON.stringify(["fact", fact.table, fact.key]), read);
    });
    try {
      return readingInto(scope, work);
    } finally {
      observeFacts(null);
    }
  }

  /** The group with the subjects that have a scope, whose rule records into these scopes. */
  watchGroup(group: PlannedGroup, scopes: ReadonlyMap<string, Scope>): PlannedGroup {
    const { enabled, subjects } = group;
    const { rule } = enabled;
    const observer = {
      request: <T>(text: string, ask: () => T) => this.#request.during(text, ask),
      option: (name: string) => note("option", name),
      time: () => {
        const read: Read = { kind: "time" };
        noteRead('["time"]', read);
      },
    };
    const check: Rule["check"] = (subject, context) => {
      const work = () => rule.check(subject, watchedContext(context, observer));
      const scope = scopes.get(idOf(subject));
      return scope === undefined ? work() : this.reading(scope, work);
    };
    return {
      ...group,
      enabled: { ...enabled, rule: { ...rule, check } },
      subjects: subjects.filter((subject) => scopes.has(idOf(subject))),
    };
  }
}

const STEP = "\u0000";

/** The key of a value that was read; the keys of the enclosing mappings and lists are its prefixes. */
function valueKey(file: string, path: Path): string {
  return [file, ...path].join(STEP);
}

function outerKeys(key: string): readonly string[] {
  const found: string[] = [];
  for (let end = key.lastIndexOf(STEP); end > 0; end = key.lastIndexOf(STEP, end - 1)) found.push(key.slice(0, end));
  return found;
}

function note(kind: "option" | "certificate", name: string): void {
  const read: Read = { kind, name };
  noteRead(JSON.stringify([kind, name]), read);
}

/** The reads of a scope: its own, then those of the cached results that it used, nearest first; each by its key. */
function flattened(scope: Scope): { readonly reads: ReadonlyMap<string, Read>; readonly isWhole: boolean } {
  const reads = new Map<string, Read>();
  const seen = new Set([scope]);
  for (const each of seen) {
    for (const [key, read] of each.reads) {
      if (reads.size === MOST_READS) return { reads, isWhole: false };
      if (!reads.has(key)) reads.set(key, read);
    }
    // Grows during the iteration: breadth first.
    for (const inner of each.inner) seen.add(inner);
  }
  return { reads, isWhole: true };
}

/** The reads of an evaluation, the rule, and the documents by their paths. */
interface EvaluatedReads {
  readonly scope: Scope;
  readonly enabled: EnabledRule;
  readonly documents: ReadonlyMap<string, Document>;
}

function readsOf({ scope, enabled: { rule, options }, documents }: EvaluatedReads): CheckReads {
  const { reads: byKey, isWhole } = flattened(scope);
  const reads = [...byKey.values()];
  // If part of a mapping or list was read, only the part is listed.
  const outer = new Set([...byKey.keys()].flatMap(outerKeys));
  const values = [...byKey].flatMap(([key, read]) => {
    if (read.kind !== "value" || read.path.length === 0 || outer.has(key)) return [];
    const isThere = read.value !== undefined || (read.request !== null && isField(documents.get(read.file), read.path));
    return isThere ? [read] : [];
  });
  const named = (kind: "option" | "certificate") => reads.flatMap((read) => (read.kind === kind ? [read.name] : []));
  const declared = Object.entries(rule.options ?? {}).filter(([name]) => named("option").includes(name));
  return {
    values: values.slice(0, MOST_VALUES).map(({ file, path, value, request }) => ({
      ...{ file, location: documents.get(file)?.locate(path) ?? null, path: pathText(path) },
      value: value === undefined ? null : cut(JSON.stringify(value)),
      request,
    })),
    has_more_values: !isWhole || values.length > MOST_VALUES,
    certificates: named("certificate"),
    reads_time: reads.some(({ kind }) => kind === "time"),
    facts: reads.flatMap((read) =>
      read.kind === "fact" ? [{ ...read.fact, value: cut(JSON.stringify(read.fact.value)) }] : [],
    ),
    options: declared.map(([name, option]) => ({
      ...{ name, value: JSON.stringify(options[name]), default: JSON.stringify(option.default) },
    })),
  };
}

function cut(text: string): string {
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}
