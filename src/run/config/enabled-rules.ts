import type { ConfigLayer, RuleLevel, RuleSetting } from "../../engine/api/config-layer.ts";
import type { Rule } from "../../engine/api/rule.ts";
import type { RuleOptions } from "../options.ts";
import { unknownRule } from "../../engine/api/rule-catalogue.ts";
import { PreflightError, PreflightErrors } from "../../values/preflight-error.ts";
import { isGlob, matchesGlob } from "../../values/text/glob.ts";
import { escapeForMessage, quoted } from "../../values/text/quoted.ts";
import { suggest } from "../../values/text/suggest.ts";

const SEVERITIES = ["off", "info", "warn", "error"] as const;

/**
 * The rule settings of options; takes precedence over every config. Throws PreflightErrors for every unknown id, group
 * or severity at once, each with the nearest known one, even if the rule is set to `off`.
 */
export function optionLayer(rules: readonly Rule[], { only, severities }: RuleOptions): ConfigLayer {
  const errors: PreflightError[] = [];
  const settings = new Map<string, RuleSetting>();
  for (const setting of severities) {
    const [id, severity] = splitSetting(setting);
    const level = SEVERITIES.find((candidate) => candidate === severity);
    const chosen = rules.filter((rule) => matches(rule.id, id));
    if (level === undefined && setting.includes("=")) errors.push(equalsSign(setting));
    else if (chosen.length === 0) errors.push(unknownRule(id, rules));
    else if (level === undefined) errors.push(unknownSeverity(setting, severity));
    else for (const rule of chosen) settings.set(rule.id, { level: fromOption(level), options: new Map() });
  }
  for (const pattern of only) {
    if (!rules.some(({ id }) => matches(id, pattern))) errors.push(unknownRule(pattern, rules));
  }
  if (errors.length > 0) throw new PreflightErrors(errors);
  return { rules: settings, overrides: [] };
}

function fromOption(value: RuleLevel) {
  return { value, origin: { by: "--rule", location: null } };
}

/** Why the checks of a rule are not evaluated; null if they are. */
export function skipReason(rule: Rule, { only, live }: RuleOptions): string | null {
  if (only.length > 0 && !only.some((pattern) => matches(rule.id, pattern))) return "not selected by --only";
  return rule.live === true && !live ? "live checks are skipped (--no-live)" : null;
}

/** Whether a pattern matches a rule: by its id, by a glob such as `dns/srv-*`, or by its group, `vm` or `vm/*`. */
function matches(id: string, pattern: string): boolean {
  if (id === pattern || id.startsWith(`${pattern}/`)) return true;
  if (pattern.endsWith("/*") && id.startsWith(pattern.slice(0, -1))) return true;
  return isGlob(pattern) && matchesGlob(id, pattern);
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

/** Other programs use `id=severity`. */
function equalsSign(setting: string): PreflightError {
  const [id = "", severity = ""] = setting.split("=").map((part) => part.trim());
  const level = SEVERITIES.find((candidate) => candidate === severity.toLowerCase()) ?? "SEVERITY";
  const hint = `write "ID: SEVERITY", here "${escapeForMessage(id)}: ${level}"`;
  return new PreflightError("unknown-severity", `${quoted(setting)} has no colon before the severity.`, null, hint);
}

function unknownSeverity(setting: string, severity: string): PreflightError {
  const near = suggest(severity, SEVERITIES);
  const hint = `write "ID: off", "ID: info", "ID: warn" or "ID: error"${near === null ? "" : `; did you mean ${near}?`}`;
  return new PreflightError("unknown-severity", `${quoted(setting)} does not end with a severity.`, null, hint);
}
