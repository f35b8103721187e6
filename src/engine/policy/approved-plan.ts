import type {
  Baseline,
  Check,
  CheckReference,
  MilderSetting,
  PolicyRecord,
  Severity,
  UnplannedCheck,
} from "../../schema/report.generated.ts";
import type { Sequence } from "../../values/sequence.ts";
import type { PlannedCheck } from "../evaluation/plan.ts";
import { isMilder, isMilderEffect, isMilderLimit, relaxesOption, weightOf } from "./strictness.ts";

/** The gate settings of a policy. */
interface GateTerms {
  readonly inconclusive: PolicyRecord["inconclusive"];
  readonly maxWarnings: number | null;
}

/** An approved plan: the checks to be evaluated (at least one), and their severities and options. */
export interface ApprovedPlan extends GateTerms {
  readonly path: string;
  readonly checks: readonly ApprovedCheck[];
}

export interface ApprovedCheck extends CheckReference, CheckSettings {
  /** Its rule had no subject, or not all of them were known: the rule then only has to be enabled. */
  readonly isWithoutSubject: boolean;
}

/** The severity and options of a planned check. */
export interface CheckSettings {
  readonly severity: Severity;
  /** Severities of the messages that may have another one than the check. */
  readonly messages: Readonly<Record<string, Severity>>;
  readonly options: Readonly<Record<string, unknown>>;
}

/** The severity and options of a check of this run, as in a plan. */
export function checkSettings({ enabled, severity }: Pick<PlannedCheck, "enabled" | "severity">): CheckSettings {
  const { rule, severity: set, strict = false, options } = enabled;
  const own = set === null ? Object.entries(rule.messageSeverity ?? {}) : [];
  const messages = own.flatMap(([id, one]): readonly (readonly [string, Severity])[] => {
    const weight = one === undefined ? "off" : weightOf(strict ? "strict" : "own", one);
    return weight === "off" ? [] : [[id, weight]];
  });
  return { severity, messages: Object.fromEntries(messages), options };
}

/** A run to compare with the approved plan. */
export interface ComparedRun extends GateTerms {
  readonly checks: Sequence<Check>;
  readonly planned: Iterable<PlannedCheck>;
}

/**
 * Compares a run with the approved plan. A check that was to be evaluated and now is skipped, or does not exist at all,
 * is missing: without it the gate would cover less than was agreed on. So would a check with a lower severity or more
 * relaxed options, or whose inconclusive verdict no longer fails the gate.
 */
export function compareWithPlan(approved: ApprovedPlan, run: ComparedRun): Baseline {
  return {
    path: approved.path,
    planned: approved.checks.length,
    missing: missingChecks(approved.checks, run.checks),
    relaxed: [...relaxedGate(approved, run), ...relaxedChecks(approved.checks, run.planned)],
  };
}

function missingChecks(approved: readonly ApprovedCheck[], checks: Sequence<Check>): readonly UnplannedCheck[] {
  const wanted = new Set(approved.map(keyOf));
  const now = new Map<string, Check>();
  const rules = new Set<string>();
  const evaluated = new Set<string>();
  for (const check of checks) {
    rules.add(check.rule);
    if (check.verdict !== "skipped") evaluated.add(check.rule);
    const key = keyOf(check);
    if (wanted.has(key)) now.set(key, check);
  }
  return approved.flatMap(({ rule, subject, isWithoutSubject }): readonly UnplannedCheck[] => {
    const check = now.get(keyOf({ rule, subject }));
    if (isWithoutSubject ? evaluated.has(rule) : check !== undefined && check.verdict !== "skipped") return [];
    const reason =
      check === undefined
        ? rules.has(rule)
          ? `${subject.kind}:${subject.name} no longer exists, or the rule is off for it`
          : "the rule did not run"
        : `skipped: ${check.reason ?? "the run was told to"}`;
    return [{ rule, subject, reason }];
  });
}

function relaxedGate(approved: GateTerms, run: GateTerms): readonly MilderSetting[] {
  const all = { rule: null, subject: null };
  const limit = (value: number | null) => (value === null ? "any number" : String(value));
  return [
    ...(isMilderEffect(run.inconclusive, approved.inconclusive)
      ? [{ ...all, setting: "inconclusive", from: approved.inconclusive, to: run.inconclusive }]
      : []),
    ...(isMilderLimit(run.maxWarnings, approved.maxWarnings)
      ? [{ ...all, setting: "max_warnings", from: limit(approved.maxWarnings), to: limit(run.maxWarnings) }]
      : []),
  ];
}

function relaxedChecks(approved: readonly ApprovedCheck[], planned: Iterable<PlannedCheck>): readonly MilderSetting[] {
  const wanted = new Map(approved.map((check) => [keyOf(check), check]));
  const relaxed: MilderSetting[] = [];
  for (const check of planned) {
    const before = wanted.get(keyOf({ rule: check.enabled.rule.id, subject: check.subject }));
    if (before === undefined) continue;
    const { rule, subject } = before;
    relaxed.push(
      ...milderSettings(before, checkSettings(check), check).map((change) => ({ rule, subject, ...change })),
    );
  }
  return relaxed;
}

function milderSettings(
  approved: CheckSettings,
  now: CheckSettings,
  { enabled: { rule } }: PlannedCheck,
): readonly Pick<MilderSetting, "setting" | "from" | "to">[] {
  const severity = (setting: string, from: Severity, to: Severity) =>
    isMilder(to, from) ? [{ setting, from, to }] : [];
  const messages = new Set([...Object.keys(approved.messages), ...Object.keys(now.messages)]);
  const options = Object.keys(approved.options).flatMap((name) => {
    const [from, to] = [approved.options[name], now.options[name]];
    if (to === undefined || !relaxesOption(rule, name, { from, to })) return [];
    return [{ setting: `option ${name}`, from: JSON.stringify(from), to: JSON.stringify(to) }];
  });
  return [
    ...severity("severity", approved.severity, now.severity),
    ...[...messages].flatMap((id) =>
      severity(`severity of ${id}`, approved.messages[id] ?? approved.severity, now.messages[id] ?? now.severity),
    ),
    ...options,
  ];
}

function keyOf({ rule, subject }: CheckReference): string {
  return `${rule}\n${subject.kind}:${subject.name}`.toLowerCase();
}
