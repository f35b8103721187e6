import { unknownRule } from "../../engine/api/rule-catalogue.ts";
import type { Rule } from "../../engine/api/rule.ts";
import type { Responder } from "../../engine/evaluation/evidence.ts";
import { defaultOptions, type EnabledRule, plan, type PlannedGroup } from "../../engine/evaluation/plan.ts";
import { worstVantagePoint } from "../../engine/evaluation/worst-vantage-point.ts";
import { merge, NO_INPUTS, type RunInputs } from "../../input/source/run-inputs.ts";
import type { Explanation, ExplainedQuery, ExplainedValue } from "../../schema/proof/explanation.generated.ts";
import type { EvidenceFile } from "../../schema/evidence.generated.ts";
import type { Check, SubjectId } from "../../schema/report.generated.ts";
import { distinctGaps, type Missing } from "../../site/core/missing.ts";
import type { Site } from "../../site/site.ts";
import { pathText } from "../../values/location.ts";
import { PreflightError, PreflightErrors } from "../../values/preflight-error.ts";
import { shortList } from "../../values/text/counted.ts";
import { quoted } from "../../values/text/quoted.ts";
import { suggest } from "../../values/text/suggest.ts";
import { readRecordings } from "../check.ts";
import type { LoadedConfig } from "../config/load-config.ts";
import { imagine } from "../live/connections.ts";
import { systemResolversOf } from "../live/observe.ts";
import type { WhyOptions } from "../options.ts";
import { readRun, type SiteOrigin, withLiveInventory } from "../read-run.ts";
import { version } from "../version.ts";
import { type EvaluatedCheck, evaluateOne, groupOf, idOf } from "./evaluate-rule.ts";
import { documentsOf, withChanges } from "./edited-sources.ts";
import { guideQuote } from "./guide-quote.ts";
import { decidingGaps } from "./missing-values.ts";
import { areValid, isField } from "./other-values.ts";
import { keyOf, type ReadValue, Recording } from "./recording.ts";
import { byRelevance } from "./relevance.ts";
import { suggestions, Trials } from "./trials.ts";

/** Why a check has its verdict; null when a file has errors. */
export interface WhyResult {
  readonly explanation: Explanation | null;
  readonly inputs: RunInputs;
}

/**
 * Explains one check: the values that it read, which of them decide the verdict, and what would change it. Contacts no
 * servers: answers come from recorded evidence; without it, the queries that would be sent are listed. Throws
 * PreflightErrors for invalid options, and for an unknown rule or subject.
 */
export async function why(options: WhyOptions): Promise<WhyResult> {
  const { config, origin: files, account, inputs: read } = await readRun({ ...options, only: [], live: true });
  const recordings = files === null ? { value: [], inputs: NO_INPUTS } : await readRecordings(options);
  const ofFiles = merge(read, recordings.inputs);
  options.onFiles?.(ofFiles.reserved);
  if (files === null || ofFiles.errors.length > 0) return { explanation: null, inputs: ofFiles };
  const { value: origin, inputs: live } = await withLiveInventory(files, options, account);
  const inputs = merge(ofFiles, live);
  if (inputs.errors.length > 0) return { explanation: null, inputs };
  const { rules } = config.policy.catalogue;
  const rule = rules.find(({ id }) => id === options.rule);
  if (rule === undefined) throw new PreflightErrors([unknownRule(options.rule, rules)]);
  const enabled = enabledOf(config, rule);
  const now = options.now ?? Date.now();
  const subject = subjectOf(options.subject, enabled, origin.siteFrom(origin.sources, []));
  const recorded = recordings.value.map(({ file }) => file);
  const { maxAge_ms = config.settings.max_age.value } = options;
  const places = await vantagePoints(recorded, { now, maxAge_ms });
  const explained: Explanation[] = [];
  for (const place of places) {
    explained.push(await explain({ ...place, origin, enabled, subject, now, page: options.pageOf?.(rule) ?? null }));
  }
  const [worst] = worstVantagePoint(
    explained.map(({ check }, index) => ({ from: places[index]?.from ?? "", checks: [check] })),
  );
  const found = explained.find(({ check }) => check.verdict === worst?.verdict) ?? null;
  return { explanation: found, inputs };
}

/** The rule as configured for the run; if it is off, as it declares itself, so that it can still be explained. */
function enabledOf(config: LoadedConfig, rule: Rule): EnabledRule {
  const enabled = config.enabled.find((each) => each.rule === rule);
  return enabled ?? { rule, severity: null, options: defaultOptions(rule), skip: null };
}

/** The source of answers. */
interface VantagePoint {
  readonly from: string | null;
  readonly responder: Responder;
  readonly systemResolvers: readonly string[];
}

async function vantagePoints(
  files: readonly EvidenceFile[],
  limits: { readonly now: number; readonly maxAge_ms: number | null },
): Promise<readonly VantagePoint[]> {
  if (files.length === 0) return [{ from: null, responder: imagine, systemResolvers: [] }];
  const { replay } = await import("../../probe/replay.ts");
  return [...new Set(files.map(({ from }) => from))].map((from) => {
    const own = files.filter((file) => file.from === from);
    const answers = own.flatMap((file) => file.answers);
    return { from, responder: replay(answers, { from, ...limits }), systemResolvers: systemResolversOf(own) };
  });
}

/** The subject given as `node:oslo-conf01`, `node oslo-conf01` or by its name alone. Throws PreflightErrors. */
function subjectOf(text: string, enabled: EnabledRule, site: Site): SubjectId {
  const subjects = plan([enabled], site).groups.flatMap((group) => group.subjects);
  const distinct = [...new Map(subjects.map((subject) => [idOf(subject), subject])).values()];
  const named = distinct.filter((subject) =>
    [idOf(subject), `${subject.kind} ${subject.name}`, subject.name].includes(text),
  );
  const [found, other] = named;
  if (found !== undefined && other === undefined) return { kind: found.kind, name: found.name };
  const ids = distinct.map(idOf);
  const names = distinct.map(({ name }) => name);
  const near = suggest(text, [...ids, ...names]);
  const hint =
    found !== undefined
      ? `name its kind too: ${named.map(idOf).join(" or ")}`
      : near !== null
        ? `did you mean ${near}?`
        : ids.length === 0
          ? "the rule is off for every subject of this deployment"
          : `its subjects are ${shortList(ids)}`;
  const message = `${quoted(text)} is ${found === undefined ? "not a subject" : "more than one subject"} of rule ${enabled.rule.id}.`;
  throw new PreflightErrors([new PreflightError("unknown-subject", message, null, hint)]);
}

interface ExplainInput extends VantagePoint {
  readonly origin: SiteOrigin;
  readonly enabled: EnabledRule;
  readonly subject: SubjectId;
  readonly now: number;
  /** The rule's page. */
  readonly page: string | null;
}

async function explain(input: ExplainInput): Promise<Explanation> {
  const { origin, enabled, subject, now, page } = input;
  const { rule } = enabled;
  const recording = new Recording();
  const site = origin.siteFrom(recording.watch(origin.sources), input.systemResolvers);
  const group = groupOf(site, enabled, subject);
  if (group === null) throw new Error(`${idOf(subject)} is not a subject of ${rule.id}`);
  const evaluated = await recording.evaluating(() => evaluateOne(site, recording.watchRule(group), input));
  const queries = evaluated.evidence.map(({ question, answer }): ExplainedQuery => {
    return { question, answer: input.from === null ? null : answer };
  });
  // Imagined answers decide no verdict.
  const isUnanswered = input.from === null && queries.length > 0;
  const check = isUnanswered ? unanswered(evaluated.check) : evaluated.check;
  const isTried = !isUnanswered && group.noSubject === null;
  const trials = new Trials({ ...input, check });
  const tried = isTried
    ? await triedValues(trials, recording, input)
    : { values: recording.values.filter(({ isLinked }) => !isLinked).map(untriedValue(input)), untried: 0 };
  const plain = origin.siteFrom(origin.sources, input.systemResolvers);
  const [object] = groupOf(plain, enabled, subject)?.subjects ?? [];
  const { title, source } = rule;
  return {
    schema_version: 1,
    tool: { name: "infinity-preflight", version },
    as_of: new Date(now).toISOString(),
    check,
    requirement: { title, ...source, quote: page === null ? null : guideQuote(page) },
    counterexamples: isTried && object !== undefined ? await trials.counterexamples(plain, object) : [],
    ...tried,
    certificates: recording.certificates,
    reads_time: recording.readsTime,
    facts: recording.facts.map((fact) => ({ ...fact, value: JSON.stringify(fact.value) })),
    options: Object.entries(rule.options ?? {})
      .filter(([name]) => recording.options.has(name))
      .map(([name, option]) => ({
        name,
        value: JSON.stringify(group.enabled.options[name]),
        default: JSON.stringify(option.default),
      })),
    queries,
    would_decide: isUnanswered
      ? []
      : await wouldDecide(evaluated, input, group).then((gaps) =>
          gaps.map(({ what, sourceRef }) => ({
            what,
            location: sourceRef === null ? null : sourceRef.document.locate(sourceRef.path),
          })),
        ),
  };
}

/** A live check without answers. */
function unanswered(check: Check): Check {
  return {
    ...check,
    verdict: "inconclusive",
    reason: "no server was queried; record its answers with preflight probe, and add --evidence FILE",
    findings: [],
    missing: [],
    evidence: [],
    root_causes: [],
    remediation: null,
  };
}

/** The values that decide the verdict first; of those used only to link objects, only the deciding ones. */
async function triedValues(
  trials: Trials,
  recording: Recording,
  { origin, enabled, subject, now, systemResolvers }: ExplainInput,
): Promise<Pick<Explanation, "values" | "untried">> {
  const site = origin.siteFrom(origin.sources, systemResolvers);
  const [object] = groupOf(site, enabled, subject)?.subjects ?? [];
  const mutations = enabled.rule.mutations ?? [];
  const suggested: ReadonlyMap<string, readonly unknown[]> =
    object === undefined ? new Map() : suggestions(mutations, object, { site, now });
  // A missing value counts only if the rule itself requested it.
  const documents = documentsOf(origin.sources);
  const wanted = recording.values.filter(
    ({ file, path, value, request, isLinked }) =>
      value !== undefined || (request !== null && !isLinked && isField(documents.get(file), path)),
  );
  const all = object === undefined ? wanted : byRelevance(wanted, object);
  const candidates = (read: ReadValue) =>
    trials.candidates(read, [...(suggested.get(keyOf(read.file, read.path)) ?? []), ...peers(read, all)]);
  const explained: ExplainedValue[] = [];
  const left: ReadValue[] = [];
  const explainAll = async (reads: readonly ReadValue[]): Promise<void> => {
    for (const read of reads) {
      if (trials.isSpent) left.push(read);
      else {
        const value = await trials.explained(read, candidates(read));
        if (value.decisive === true || !read.isLinked) explained.push(value);
      }
    }
  };
  await explainAll(all.filter(({ isLinked }) => !isLinked));
  // Most reads only link objects, and few of those decide the verdict: they are screened in groups.
  const links = all.filter(({ isLinked }) => isLinked);
  const screened = await trials.screen(links.map((read) => ({ read, values: candidates(read) })));
  await explainAll(screened.suspects);
  left.push(...screened.left);
  const untried = left.filter(({ isLinked }) => !isLinked).map(untriedValue({ origin }));
  const values = [...explained, ...untried].sort((one, other) => weight(one) - weight(other));
  return { values, untried: left.length - untried.length };
}

/**
 * Values that make a check fail first, then those whose removal changes the verdict, then those that make it
 * inconclusive.
 */
function weight({ decisive, removed, changed }: ExplainedValue): number {
  if (decisive !== true) return decisive === false ? 4 : 5;
  if (changed !== null && changed.verdict !== "inconclusive") return 1;
  return removed !== null ? 2 : 3;
}

/** Other values of the same field that the check read, those of its subject first: duplicates may be an error. */
function peers({ path, value }: ReadValue, all: readonly ReadValue[]): readonly unknown[] {
  const field = path.findLast((step) => typeof step === "string");
  const same = all.filter((other) => other.path.findLast((step) => typeof step === "string") === field);
  const values = same.flatMap((other) =>
    typeof other.value === "object" || other.value === value ? [] : [other.value],
  );
  return [...new Set(values.filter((other) => other !== undefined))].slice(0, MOST_PEERS);
}

const MOST_PEERS = 3;

function untriedValue({ origin: { sources } }: Pick<ExplainInput, "origin">) {
  const documents = documentsOf(sources);
  return ({ file, path, value, request }: ReadValue): ExplainedValue => ({
    ...{ file, location: documents.get(file)?.locate(path) ?? null, path: pathText(path), request },
    value: value === undefined ? null : JSON.stringify(value),
    ...{ decisive: null, removed: null, changed: null },
  });
}

/**
 * The gaps of an inconclusive check: a minimal set of values that gives it a verdict; all gaps that it reports if no
 * such values are found.
 */
async function wouldDecide(
  { check, outcome }: EvaluatedCheck,
  { origin, enabled, subject, now, responder, systemResolvers }: ExplainInput,
  { noSubject }: PlannedGroup,
): Promise<readonly Missing[]> {
  if (outcome?.verdict !== "inconclusive") return [];
  const reported = distinctGaps(outcome.missing);
  if (noSubject !== null) return reported;
  const found = await decidingGaps(outcome.missing, origin.sources, async (changes) => {
    const changed = withChanges(origin.sources, changes);
    if (!areValid(changed, origin.sources)) return null;
    const site = origin.siteFrom(changed, systemResolvers);
    const group = groupOf(site, enabled, subject);
    if (group === null) return null;
    const after = await evaluateOne(site, group, { now, responder });
    const missing = after.outcome?.verdict === "inconclusive" ? after.outcome.missing : [];
    return { verdict: after.check.verdict, missing };
  });
  if (found !== null) return found;
  return reported.length > 0 ? reported : [{ what: check.reason ?? "an answer", sourceRef: null }];
}
