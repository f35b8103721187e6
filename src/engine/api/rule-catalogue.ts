import type { RuleLevel, RuleSettings } from "./config-layer.ts";
import type { Rule } from "./rule.ts";

/** The rules that there are, and the presets over them by name. */
export interface RuleCatalogue {
  readonly rules: readonly Rule[];
  /** `recommended` is what holds when nothing is said. */
  readonly presets: ReadonlyMap<string, RuleSettings>;
}

/**
 * The built-in rules with their presets, which follow from what the rules say of themselves:
 * `recommended` has every rule as it declares itself, `strict` the same with warnings as errors, `must` only the rules
 * whose wording is "must", and all others off.
 *
 * @param version of this program. A rule that came in between two major versions is in no preset before the next one, so
 * that an update adds no findings to a gate.
 */
export function builtInCatalogue(rules: readonly Rule[], version: string): RuleCatalogue {
  const inPresets = rules.filter(({ since }) => isSettled(since, version));
  const preset = (name: string, level: (rule: Rule) => RuleLevel) =>
    [
      name,
      new Map(
        inPresets.map((rule) => {
          const origin = { by: `preset ${name}`, location: null };
          return [rule.id, { level: { value: level(rule), origin }, options: new Map<string, never>() }];
        }),
      ),
    ] as const;
  return {
    rules,
    presets: new Map([
      preset("recommended", () => "own"),
      preset("strict", () => "strict"),
      preset("must", ({ source }) => (source.wording === "must" ? "own" : "off")),
    ]),
  };
}

/**
 * Whether a rule was there when the present major version began. Before 1.0.0 the second number counts as the major
 * version (https://semver.org, clause 4: anything may change).
 */
export function isSettled(since: string, version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = numbers(since);
  const [nowMajor = 0, nowMinor = 0] = numbers(version);
  if (nowMajor > major) return true;
  return major === 0 ? nowMinor > minor || patch === 0 : minor === 0 && patch === 0;
}

function numbers(version: string): readonly number[] {
  return version.split(/[.+-]/).slice(0, 3).map(Number);
}
