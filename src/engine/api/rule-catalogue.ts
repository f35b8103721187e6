import type { RuleLevel, RuleSettings, Sourced } from "./config-layer.ts";
import type { Rule } from "./rule.ts";
import type { Location } from "../../values/location.ts";
import { PreflightError } from "../../values/preflight-error.ts";
import { quoted } from "../../values/text/quoted.ts";
import { suggest } from "../../values/text/suggest.ts";

/** All rules, and the presets by name. */
export interface RuleCatalogue {
  readonly rules: readonly Rule[];
  /** `recommended` applies if no preset is set. */
  readonly presets: ReadonlyMap<string, RuleSettings>;
}

/** The eight essential checks of the gate, whatever the guide's wording: every preset includes their rules. */
export const ESSENTIAL_RULES: ReadonlySet<string> = new Set([
  "time/ntp-reachable",
  "dns/srv-record",
  "dns/srv-target-resolves",
  "network/port-443-vm-manager",
  "network/port-443-esxi-host",
  "node/unique-hostname",
  "cluster/evc-min-sandy-bridge",
  "vm/hardware-version-avx2",
  "vm/memory-multiple-of-4",
  "network/no-ip-hash-teaming",
]);

/**
 * The built-in rules with their presets, which follow from the declarations of the rules:
 * `recommended` has every rule as it declares itself, `strict` the same with warnings as errors and `strictOptions`, `must` the rules whose
 * wording is "must" and the essential ones, and all others off.
 *
 * @param version of this program. A rule that came in between two major versions is in no preset before the next one, so
 * that an update adds no findings to a gate.
 */
export function builtInCatalogue(rules: readonly Rule[], version: string): RuleCatalogue {
  const inPresets = rules.filter(({ since }) => isInMajorVersion(since, version));
  const preset = (
    name: string,
    level: (rule: Rule) => RuleLevel,
    options: (rule: Rule) => Rule["strictOptions"] = () => ({}),
  ) =>
    [
      name,
      new Map(
        inPresets.map((rule) => {
          const origin = { by: `preset ${name}`, location: null };
          const set = Object.entries(options(rule) ?? {}).map(
            ([option, value]) => [option, { value, origin }] as const,
          );
          return [rule.id, { level: { value: level(rule), origin }, options: new Map<string, Sourced<unknown>>(set) }];
        }),
      ),
    ] as const;
  return {
    rules,
    presets: new Map([
      preset("recommended", () => "own"),
      preset(
        "strict",
        () => "strict",
        ({ strictOptions }) => strictOptions,
      ),
      preset("must", ({ id, source }) => (source.wording === "must" || ESSENTIAL_RULES.has(id) ? "own" : "off")),
    ]),
  };
}

/**
 * Whether a rule was there when the present major version began. Before 1.0.0 the second number counts as the major
 * version (https://semver.org, clause 4: anything may change).
 */
export function isInMajorVersion(since: string, version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = numbers(since);
  const [nowMajor = 0, nowMinor = 0] = numbers(version);
  if (nowMajor > major) return true;
  return major === 0 ? nowMinor > minor || patch === 0 : minor === 0 && patch === 0;
}

function numbers(version: string): readonly number[] {
  return version.split(/[.+-]/).slice(0, 3).map(Number);
}

/**
 * The error for a rule or group that does not exist; `location` if a file names it.
 *
 * @param otherwise the hint if no rule has a similar name
 */
export function unknownRule(
  name: string,
  rules: readonly { readonly id: string }[],
  location: Location | null = null,
  otherwise = "preflight rules list shows every rule",
): PreflightError {
  const groups = [...new Set(rules.map(({ id }) => `${id.split("/")[0] ?? ""}/*`))];
  // A config sets single rules, so it cannot name a group.
  const near = suggest(name, [...rules.map(({ id }) => id), ...(location === null ? groups : [])]);
  const hint = near === null ? otherwise : `did you mean ${near}?`;
  return new PreflightError("unknown-rule", `There is no rule ${quoted(name)}.`, location, hint);
}
