import type { Edit, Mutation } from "../../engine/api/mutation.ts";
import type { Rule } from "../../engine/api/rule.ts";
import { defaultOptions, type EnabledRule } from "../../engine/evaluation/plan.ts";
import { applyWaivers } from "../../engine/waivers/waivers.ts";
import type { WaiverEntry } from "../../engine/waivers/waiver-entry.ts";
import { merge, type RunInputs } from "../../input/source/run-inputs.ts";
import type { ChangedValue, RuleTest, SelfTest, TestedRule } from "../../schema/proof/selftest.generated.ts";
import type { Check, SubjectId } from "../../schema/report.generated.ts";
import type { SiteObject } from "../../site/core/site-object.ts";
import type { Site } from "../../site/site.ts";
import { subjectKinds } from "../../site/subjects.ts";
import { pathText } from "../../values/location.ts";
import { counted } from "../../values/text/counted.ts";
import type { LoadedConfig } from "../config/load-config.ts";
import { readExceptions } from "../exceptions/read-exceptions.ts";
import type { SelftestOptions } from "../options.ts";
import { readRun, type SiteOrigin } from "../read-run.ts";
import { version } from "../version.ts";
import { withEdits } from "./edited-sources.ts";
import { checksOfRule, idOf } from "./evaluate-rule.ts";
import { FAULTS, faulty } from "./faults.ts";
import { type Answers, healthyNetwork } from "./healthy-network.ts";

/** The results of a self-test; null if a file has errors. */
export interface SelftestResult {
  readonly selftest: SelfTest | null;
  readonly inputs: RunInputs;
}

/** Number of subjects of a rule on which an error is tried, until its check fails. */
const MOST_SUBJECTS = 5;

/**
 * Whether each rule can fail on this deployment. Errors are inserted into copies of the documents, one at a time: the
 * mutations that rules declare; live rules get answers of a network with a fault. Contacts no servers and writes no
 * files. Throws PreflightErrors for invalid options.
 */
export async function selftest(options: SelftestOptions): Promise<SelftestResult> {
  const { config, origin, documents, inputs: read } = await readRun(options);
  const exceptions = await readExceptions(options, config, documents);
  const inputs = merge(read, exceptions.inputs);
  options.onFiles?.(inputs.reserved);
  if (origin === null || inputs.errors.length > 0) return { selftest: null, inputs };
  const now = options.now ?? Date.now();
  const tester = new Tester(config, origin, exceptions.entries, now);
  const rules: TestedRule[] = [];
  for (const rule of config.policy.catalogue.rules) rules.push(await tester.test(rule));
  const count = (result: TestedRule["result"]) => rules.filter((tested) => tested.result === result).length;
  return {
    selftest: {
      schema_version: 1,
      tool: { name: "infinity-preflight", version },
      as_of: new Date(now).toISOString(),
      passed: count("silent") === 0,
      summary: {
        rules: rules.length,
        fails: count("fails"),
        silent: count("silent"),
        not_exercised: count("not-exercised"),
        waived: rules.filter(isWaived).length,
      },
      rules,
    },
    inputs,
  };
}

function isWaived({ tests }: TestedRule): boolean {
  const failed = tests.filter(({ verdict }) => verdict === "fail");
  return failed.length > 0 && failed.every(({ waived }) => waived);
}

/** The result of a rule, and the errors tried on it. */
type Tried = Pick<TestedRule, "result" | "reason" | "tests">;

class Tester {
  readonly #site: Site;
  readonly #healthy: Answers;
  readonly #unwaivable: ReadonlySet<string>;

  constructor(
    private readonly config: LoadedConfig,
    private readonly origin: SiteOrigin,
    private readonly waivers: readonly WaiverEntry[],
    private readonly now: number,
  ) {
    this.#site = origin.siteFrom(origin.sources, []);
    this.#healthy = healthyNetwork(this.#site, now);
    const { rules } = config.policy.catalogue;
    this.#unwaivable = new Set(rules.filter(({ waivable }) => waivable === false).map(({ id }) => id));
  }

  async test(rule: Rule): Promise<TestedRule> {
    const { result, reason, tests } = await this.#tried(rule);
    const decisive = tests.find(({ verdict }) => verdict === "fail") ?? tests[0];
    const { id, title, live } = rule;
    return { rule: id, title, live: live === true, result, subject: decisive?.subject ?? null, reason, tests };
  }

  async #tried(rule: Rule): Promise<Tried> {
    const enabled = this.config.enabled.find((each) => each.rule === rule);
    if (enabled === undefined) {
      const { origin } = this.config.policy.effective(rule, null).level;
      return notExercised(`the rule is off (${origin.by})`);
    }
    if (enabled.skip !== null) return notExercised(enabled.skip);
    const before = await this.#checks(this.#site, enabled, this.#healthy);
    const passing = before.filter(({ verdict }) => verdict === "pass");
    if (passing.length === 0) return notExercised(whyNonePasses(before));
    return rule.live === true ? this.#live(enabled, passing) : this.#static(enabled, passing);
  }

  #checks(site: Site, enabled: EnabledRule, answers: Answers): Promise<readonly Check[]> {
    const responder = (questions: Parameters<Answers>[0][]) => Promise.resolve(questions.map(answers));
    return checksOfRule(site, { enabled, now: this.now, responder: (questions) => responder([...questions]) });
  }

  /** The mutations that the rule declares, each on the first passing subjects to which it can be applied. */
  async #static(enabled: EnabledRule, passing: readonly Check[]): Promise<Tried> {
    const { rule } = enabled;
    const mutations = rule.mutations ?? [];
    if (mutations.length === 0) return notExercised("the rule declares no errors (mutations)");
    const names = new Set(passing.map(({ subject }) => idOf(subject)));
    const subjects: readonly SiteObject[] = subjectKinds[rule.subject].find(this.#site).items;
    const candidates = subjects.filter((subject) => names.has(idOf(subject)));
    const tests: RuleTest[] = [];
    for (const mutation of mutations) {
      const test = await this.#mutated(enabled, mutation, candidates);
      if (test !== null) tests.push(test);
    }
    if (tests.length === 0) {
      return notExercised(`${counted(mutations.length, "declared error")}, none of which fits this deployment`);
    }
    const silent = tests.find(({ verdict }) => !isReported(verdict));
    if (silent === undefined) return resultOf(tests);
    const differing = differingOptions(enabled);
    // With a threshold that was changed on purpose, the declared error may pass.
    if (differing !== null) {
      const standard: EnabledRule = { rule, severity: null, options: defaultOptions(rule), skip: null };
      const { result } = await this.#static(standard, passing);
      if (result === "fails") return { result: "not-exercised", reason: differing, tests };
    }
    return { result: "silent", reason: `the check is ${silent.verdict} in spite of the error`, tests };
  }

  async #mutated(
    enabled: EnabledRule,
    mutation: Mutation<SiteObject>,
    candidates: readonly SiteObject[],
  ): Promise<RuleTest | null> {
    let last: RuleTest | null = null;
    let tried = 0;
    for (const subject of candidates) {
      const edits = mutation.edit(subject, { site: this.#site, now: this.now }) ?? [];
      if (edits.length === 0) continue;
      const site = this.origin.siteFrom(withEdits(this.origin.sources, edits), []);
      const checks = await this.#checks(site, enabled, this.#healthy);
      const changes = edits.flatMap(changeOf);
      const error = changes.length > 0 ? changesText(changes) : "another certificate in the node's file";
      last = this.#testOf(error, subject, changes, checks);
      // An inconclusive check keeps the gate from passing as well; another subject may give a clearer result.
      if (last.verdict === "fail" || !isReported(last.verdict) || ++tried === MOST_SUBJECTS) return last;
    }
    return last;
  }

  /** Network faults, for the protocols that the rule uses. */
  async #live(enabled: EnabledRule, passing: readonly Check[]): Promise<Tried> {
    const tests: RuleTest[] = [];
    const [first] = passing;
    if (first === undefined) return notExercised("no check of it passes");
    for (const fault of FAULTS) {
      const kinds = new Set<string>();
      const answers = faulty(this.#healthy, fault);
      const checks = await this.#checks(this.#site, enabled, (question) => {
        kinds.add(question.kind);
        return answers(question);
      });
      if (!kinds.has(fault.kind)) continue;
      const failed = checks.find(
        ({ verdict, subject }) => verdict === "fail" && passing.some((one) => idOf(one.subject) === idOf(subject)),
      );
      tests.push(this.#testOf(fault.what, failed?.subject ?? first.subject, [], checks));
    }
    const reported = tests.filter(({ verdict }) => verdict === "fail");
    // Not every fault concerns every rule: one reported fault proves that it can fail.
    if (reported.length > 0) return resultOf(reported);
    if (tests.length === 0) return notExercised("its checks send no query on this deployment");
    return { result: "silent", reason: `it passes with each network fault that was tried (${tests.length})`, tests };
  }

  #testOf(error: string, subject: SubjectId, changes: readonly ChangedValue[], checks: readonly Check[]): RuleTest {
    const waived = applyWaivers(checks, this.waivers, { now: this.now, unwaivable: this.#unwaivable }).checks;
    const all = [...waived];
    const own = all.find((check) => idOf(check.subject) === idOf(subject));
    const failed = [own, ...all].find((check) => check !== undefined && isFailed(check));
    const shown = failed ?? own;
    const base = { error, subject: { kind: subject.kind, name: subject.name }, changes };
    if (shown === undefined) return { ...base, verdict: "gone", severity: null, waived: false, message: null };
    const isFailure = isFailed(shown);
    return {
      ...base,
      verdict: isFailure ? "fail" : plainVerdict(shown),
      severity: isFailure ? shown.severity : null,
      waived: shown.verdict === "waived",
      message: shown.findings[0]?.message ?? shown.reason ?? shown.missing[0]?.what ?? null,
    };
  }
}

function isFailed({ verdict, waiver }: Check): boolean {
  return verdict === "fail" || waiver?.verdict === "fail";
}

function plainVerdict({ verdict, waiver }: Check): RuleTest["verdict"] {
  if (waiver !== null) return waiver.verdict;
  return verdict === "skipped" || verdict === "waived" ? "not-applicable" : verdict;
}

/** Whether an error kept the check from passing. */
function isReported(verdict: RuleTest["verdict"]): boolean {
  return verdict === "fail" || verdict === "inconclusive" || verdict === "crashed";
}

/** The result of a rule that let no error pass: it fails, or its checks become inconclusive. */
function resultOf(tests: readonly RuleTest[]): Tried {
  if (tests.some(({ verdict }) => verdict === "fail")) return { result: "fails", reason: null, tests };
  return { result: "not-exercised", reason: "its checks become inconclusive, and do not fail", tests };
}

function notExercised(reason: string): Tried {
  return { result: "not-exercised", reason, tests: [] };
}

function whyNonePasses(checks: readonly Check[]): string {
  const [only] = checks;
  const verdicts = [...new Set(checks.map(({ verdict }) => verdict))];
  if (only === undefined) return "it has no checks on this deployment: it is off for every subject";
  if (verdicts.length === 1 && only.verdict === "not-applicable") return `it does not apply: ${only.reason ?? ""}`;
  const counts = verdicts.map((each) => `${checks.filter(({ verdict }) => verdict === each).length} ${each}`);
  const lacking = checks.find(({ verdict }) => verdict === "inconclusive");
  const why = lacking?.missing[0]?.what ?? lacking?.reason ?? null;
  return `no check of it passes before the error is inserted: ${counts.join(", ")}${why === null ? "" : ` (${why})`}`;
}

/** The non-default options of a rule, as a reason; null if there are none. */
function differingOptions({ rule, options }: EnabledRule): string | null {
  const defaults = defaultOptions(rule);
  const changed = Object.keys(options).filter(
    (name) => JSON.stringify(options[name]) !== JSON.stringify(defaults[name]),
  );
  if (changed.length === 0) return null;
  const set = changed.map(
    (name) => `${name} is ${JSON.stringify(options[name])}, not ${JSON.stringify(defaults[name])}`,
  );
  return `the declared error is one under the default options only: ${set.join(", ")}`;
}

function changeOf(edit: Edit): readonly ChangedValue[] {
  if (!("sourceRef" in edit)) return [];
  const { sourceRef, value } = edit;
  const { document, path } = sourceRef;
  return [
    { location: document.locate(path), path: pathText(path), value: value === undefined ? "" : JSON.stringify(value) },
  ];
}

/** Number of changes listed; more are counted. */
const MOST_CHANGES = 3;

function changesText(changes: readonly ChangedValue[]): string {
  const texts = changes.map(({ path, value }) => (value === "" ? `${path} removed` : `${path} = ${value}`));
  const rest = texts.length - MOST_CHANGES;
  return [...texts.slice(0, MOST_CHANGES), ...(rest > 0 ? [counted(rest, "more change")] : [])].join(", ");
}
