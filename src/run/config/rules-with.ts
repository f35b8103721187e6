import type { Rule } from "../../engine/api/rule.ts";
import { type EffectiveSetting, settingOf } from "./effective-config.ts";
import type { RunInputs } from "../../input/source/run-inputs.ts";
import { type ConfigOptions, loadConfig } from "./load-config.ts";

/** A rule, and its setting under a config for every subject without an override. */
interface RuleWith {
  readonly rule: Rule;
  readonly setting: EffectiveSetting;
  /** Whether an override sets another value for some subjects. */
  readonly isOverridden: boolean;
}

/** The built-in rules and those of plugins, in this order; empty if the config has errors. */
export interface RulesWith {
  readonly rules: readonly RuleWith[];
  readonly inputs: RunInputs;
}

/** All rules under a config or policy given by name, which is thereby trusted to load its plugins. */
export async function rulesWith(
  named: Pick<ConfigOptions, "config" | "policy">,
  { cwd, pluginWatch }: Pick<ConfigOptions, "cwd" | "pluginWatch">,
): Promise<RulesWith> {
  const choice = { ...named, cwd, pluginWatch, deployment: "-", only: [], severities: [], live: true };
  const { policy, inputs } = await loadConfig(choice);
  if (inputs.errors.length > 0) return { rules: [], inputs };
  const overridden = new Set(policy.overrides.flatMap(({ rules }) => [...rules.keys()]));
  const rules = policy.catalogue.rules.map((rule) => ({
    rule,
    setting: settingOf(policy.effective(rule, null), null),
    isOverridden: overridden.has(rule.id),
  }));
  return { rules, inputs };
}
