import { defaultOptions, type EnabledRule } from "../engine/plan.ts";
import type { Rule } from "../engine/rule.ts";
import type { Severity } from "../engine/run-report.ts";
import { PreflightError, PreflightErrors } from "../values/preflight-error.ts";
import { suggest } from "../values/suggest.ts";

/** Which rules take part, as options say it. */
export interface RuleChoice {
  /** Rule ids or `group/*`; empty = all. The checks of other rules are skipped, visibly. */
  readonly only: readonly string[];
  /** `ID: SEVERITY`; `off` takes a rule out of the plan. */
  readonly severities: readonly string[];
  /** False skips the checks of live rules. */
  readonly live: boolean;
}

const SEVERITIES = ["off", "info", "warn", "error"] as const;

/**
 * The rules of a run. Throws PreflightErrors for every unknown id, group or severity at once, each with the nearest
 * known one, also where the rule is set to `off`.
 */
export function enabledRules(rules: readonly Rule[], choice: RuleChoice): readonly EnabledRule[] {
  const errors: PreflightError[] = [];
  const severities = new Map<string, Severity | "off">();
  for (const setting of choice.severities) {
    const [id, severity] = splitSetting(setting);
    const level = SEVERITIES.find((candidate) => candidate === severity);
    if (!rules.some((rule) => rule.id === id)) errors.push(unknownRule(id, rules));
    else if (level === undefined) errors.push(unknownSeverity(setting, severity));
    else severities.set(id, level);
  }
  for (const pattern of choice.only) {
    if (!rules.some(({ id }) => matches(id, pattern))) errors.push(unknownRule(pattern, rules));
  }
  if (errors.length > 0) throw new PreflightErrors(errors);

  return rules.flatMap((rule) => {
    const severity = severities.get(rule.id) ?? null;
    if (severity === "off") return [];
    return [{ rule, severity, options: defaultOptions(rule), skip: skipReason(rule, choice) }];
  });
}

function skipReason(rule: Rule, { only, live }: RuleChoice): string | null {
  if (only.length > 0 && !only.some((pattern) => matches(rule.id, pattern))) return "not chosen by --only";
  return rule.live === true && !live ? "servers are not asked (--no-live)" : null;
}

function matches(id: string, pattern: string): boolean {
  return pattern.endsWith("/*") ? id.startsWith(pattern.slice(0, -1)) : id === pattern;
}

function splitSetting(setting: string): readonly [string, string] {
  const colon = setting.lastIndexOf(":");
  if (colon < 0) return [setting.trim(), ""];
  return [
    setting.slice(0, colon).trim(),
    setting
      .slice(colon + 1)
      .trim()
      .toLowerCase(),
  ];
}

/** The mistake of naming a rule or group that there is not. */
export function unknownRule(name: string, rules: readonly Rule[]): PreflightError {
  const groups = [...new Set(rules.map(({ id }) => `${id.split("/")[0] ?? ""}/*`))];
  const near = suggest(name, [...rules.map(({ id }) => id), ...groups]);
  const hint = near === null ? "preflight rules list shows every rule" : `did you mean ${near}?`;
  return new PreflightError("unknown-rule", `There is no rule ${JSON.stringify(name)}.`, null, hint);
}

function unknownSeverity(setting: string, severity: string): PreflightError {
  const near = suggest(severity, SEVERITIES);
  const hint = `write "ID: off", "ID: info", "ID: warn" or "ID: error"${near === null ? "" : `; did you mean ${near}?`}`;
  return new PreflightError("unknown-severity", `${JSON.stringify(setting)} does not end in a severity.`, null, hint);
}
