import { asStrict } from "../../engine/evaluation/plan.ts";
import type { Override, Sourced } from "../../engine/api/config-layer.ts";
import type { EffectiveRule } from "../../engine/policy/policy.ts";
import type { Rule } from "../../engine/api/rule.ts";
import type { Severity } from "../../schema/report.generated.ts";
import type { RunInputs } from "../../input/source/run-inputs.ts";
import { subjectKinds } from "../../site/subjects.ts";
import type { Location } from "../../values/location.ts";
import { matchesPattern } from "../../values/text/name-pattern.ts";
import { PreflightErrors } from "../../values/preflight-error.ts";
import { skipReason } from "./enabled-rules.ts";
import type { FileOptions, GateOptions, ProbeLimits } from "../options.ts";
import { type ConfigOptions, type LoadedConfig, loadConfig } from "./load-config.ts";

/** An effective value and its source: the path of a file, a preset, an option, the rule itself, or none. */
export interface EffectiveValue<T> {
  readonly value: T;
  readonly from: string;
  readonly location: Location | null;
}

export interface EffectiveSetting {
  readonly severity: EffectiveValue<Severity | "off">;
  /** Deviations of the rule's declared severity: `error from profile 34`. Empty if one severity is set for all. */
  readonly varies: readonly string[];
  /** Why its checks are not evaluated, or null. */
  readonly skipped: string | null;
  readonly options: Readonly<Record<string, EffectiveValue<unknown>>>;
}

/** Every setting of a config, with its source: the content of `--print-config`. */
export interface EffectiveConfig {
  readonly schema_version: 1;
  /** The id of the subject whose overrides are applied; null = none. */
  readonly subject: string | null;
  /** The files and presets that were read, in order of increasing precedence. */
  readonly extends: readonly { readonly kind: "preset" | "file"; readonly name: string }[];
  readonly settings: Readonly<Record<string, EffectiveValue<string | number | null>>>;
  /** By rule id; for a subject, only the rules that evaluate its kind. */
  readonly rules: Readonly<Record<string, EffectiveSetting>>;
  readonly overrides: readonly {
    readonly subjects: readonly string[];
    readonly rules: readonly string[];
    /** Whether it applies to the subject; null if none is given. */
    readonly applies: boolean | null;
    readonly location: Location | null;
  }[];
}

export interface EffectiveConfigOptions extends ConfigOptions, GateOptions {
  readonly probe: ProbeLimits;
  readonly subject: string | null;
  readonly onFiles?: FileOptions["onFiles"];
}

/** An effective config, or its errors. */
export interface EffectiveConfigResult {
  readonly config: EffectiveConfig | null;
  readonly inputs: RunInputs;
}

/** Determines the effective settings from the config alone. Throws PreflightErrors for invalid options. */
export async function effectiveConfig(options: EffectiveConfigOptions): Promise<EffectiveConfigResult> {
  const { subject } = options;
  if (subject !== null) await assertSubject(subject);
  const loaded = await loadConfig(options);
  const { policy, parts, inputs } = loaded;
  options.onFiles?.(inputs.reserved);
  if (inputs.errors.length > 0) return { config: null, inputs };
  const kind = subject?.split(":", 1)[0];
  const rules = policy.catalogue.rules.filter(
    // Checks on behalf of unknown subjects have the deployment as subject: any rule may have one.
    (rule) => kind === undefined || kind === "deployment" || subjectKinds[rule.subject].ids.includes(kind),
  );
  return {
    config: {
      schema_version: 1,
      subject,
      extends: parts.map((part) =>
        part.kind === "preset" ? { kind: "preset", name: part.name } : { kind: "file", name: part.config.path },
      ),
      settings: settingsOf(loaded, options),
      rules: Object.fromEntries(
        rules.map((rule) => [rule.id, settingOf(policy.effective(rule, subject), skipReason(rule, options))]),
      ),
      overrides: policy.overrides.map((override) => overrideOf(override, subject)),
    },
    inputs,
  };
}

async function assertSubject(subject: string): Promise<void> {
  const { subjectFault } = await import("../../input/policy/read-config.ts");
  const fault = subjectFault(subject);
  if (fault !== null) throw new PreflightErrors([fault]);
}

function settingsOf({ settings, isNamed }: LoadedConfig, options: EffectiveConfigOptions): EffectiveConfig["settings"] {
  const { inconclusive, maxWarnings, probe } = options;
  const limit = (name: keyof ProbeLimits, option: string) => over(settings.probe[name], probe[name], option);
  return {
    inconclusive: over(settings.inconclusive, inconclusive, "--inconclusive"),
    max_warnings: over(settings.max_warnings, maxWarnings, "--max-warnings"),
    "probe.timeout_ms": limit("timeout_ms", "--timeout"),
    "probe.retries": limit("retries", "--retries"),
    "probe.concurrency": limit("concurrency", "--concurrency"),
    "probe.deadline_ms": limit("deadline_ms", "--deadline"),
    // A discovered config may not allow any.
    "probe.allow": {
      ...shown(settings.probe_allow),
      value: isNamed ? settings.probe_allow.value.join(", ") || null : null,
    },
    waivers: shown(settings.waivers),
    ...Object.fromEntries(
      Object.entries(settings.esxi_releases).map(([major, list]) => [`facts.esxi_releases.${major}`, shown(list)]),
    ),
    max_age: shown({ ...settings.max_age, value: ageText(settings.max_age.value) }),
    baseline_plan: shown(settings.baseline_plan),
  };
}

/** `7d`; the largest unit that gives an integer. */
export function ageText(ms: number): string {
  if (ms === Infinity) return "none";
  const units = [
    ["d", 86_400_000],
    ["h", 3_600_000],
    ["m", 60_000],
  ] as const;
  const [unit, size] = units.find(([, one]) => ms % one === 0) ?? ["s", 1000];
  return `${ms / size}${unit}`;
}

/** The value of an option, else the setting. */
function over<T>(setting: Sourced<T>, given: T | undefined, option: string): EffectiveValue<T> {
  return given === undefined ? shown(setting) : { value: given, from: option, location: null };
}

function shown<T>({ value, origin: { by: from, location } }: Sourced<T>): EffectiveValue<T> {
  return { value, from, location };
}

/** The setting of a rule under a policy, with its sources. */
export function settingOf({ rule, level, options }: EffectiveRule, skipped: string | null): EffectiveSetting {
  const { value, origin } = level;
  const isOwn = value === "own" || value === "strict";
  const raised = (severity: Severity) => (value === "strict" ? asStrict(severity) : severity);
  return {
    severity: shown({ value: isOwn ? raised(rule.severity) : value, origin }),
    varies: isOwn ? variations(rule, raised) : [],
    skipped: value === "off" ? null : skipped,
    options: Object.fromEntries([...options].map(([name, option]) => [name, shown(option)])),
  };
}

/** Conditions under which a rule declares another severity than its usual one. */
function variations(rule: Rule, raised: (severity: Severity) => Severity): readonly string[] {
  const usual = raised(rule.severity);
  const conditions = (rule.severityWhen ?? []).map(({ severity, fromProfile, environment }) => {
    const when = [
      ...(fromProfile === undefined ? [] : [`from profile ${fromProfile}`]),
      ...(environment === undefined ? [] : [`in environment ${environment}`]),
    ];
    return [raised(severity), when.join(" ")] as const;
  });
  const messages = Object.entries(rule.messageSeverity ?? {}).map(
    ([id, severity]) => [raised(severity ?? rule.severity), `for message ${id}`] as const,
  );
  return [...conditions, ...messages].flatMap(([severity, when]) =>
    severity === usual ? [] : [`${severity} ${when}`],
  );
}

function overrideOf({ patterns, rules }: Override, subject: string | null): EffectiveConfig["overrides"][number] {
  return {
    subjects: patterns.map(({ value }) => value),
    rules: [...rules.keys()],
    applies: subject === null ? null : patterns.some(({ value }) => matchesPattern(subject, value)),
    location: patterns[0]?.origin.location ?? null,
  };
}
