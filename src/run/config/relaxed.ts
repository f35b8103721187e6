import type { Sourced } from "../../engine/api/config-layer.ts";
import type { GatePolicy } from "../../engine/gate/gate.ts";
import { relaxedRules, relaxedSettings } from "../../engine/policy/relaxations.ts";
import type { RelaxedSetting } from "../../schema/report.generated.ts";
import type { Site } from "../../site/site.ts";
import type { CheckOptions, GateOptions, ProbeLimits } from "../options.ts";
import { ageText } from "./effective-config.ts";
import { DEFAULT_MAX_AGE_MS, limitsOf, PROBE_DEFAULTS } from "./config-settings.ts";
import type { LoadedConfig } from "./load-config.ts";

/** The gate's effective settings: options, else the config. */
export function gatePolicy(options: GateOptions, { settings }: LoadedConfig): GatePolicy {
  const { inconclusive, maxWarnings } = sourcedGate(options, settings);
  return { inconclusive: inconclusive.value, maxWarnings: maxWarnings.value };
}

/** Everything that relaxes what the rules of the run declare. Without a site, only the settings. */
export function relaxedBy(options: CheckOptions, config: LoadedConfig, site: Site | null): readonly RelaxedSetting[] {
  const { settings, isNamed } = config;
  const { inconclusive, maxWarnings } = sourcedGate(options, settings);
  const set = Object.keys(limitsOf(settings)) as (keyof ProbeLimits)[];
  // An option for the same limit takes precedence.
  const found = isNamed ? [] : set.filter((name) => options.probe?.[name] === undefined);
  return [
    ...(site === null ? [] : relaxedRules(config, site)),
    ...relaxedSettings({
      inconclusive,
      maxWarnings,
      strictestMaxWarnings: settings.strictestMaxWarnings,
      maxAge: (options.evidence ?? []).length === 0 ? null : maxAgeOf(options, settings),
      foundLimits: found.map((name) => ({ name, from: PROBE_DEFAULTS[name], set: settings.probe[name] })),
    }),
  ];
}

function maxAgeOf({ maxAge_ms }: CheckOptions, { max_age }: LoadedConfig["settings"]) {
  const { value, origin } = over(max_age, maxAge_ms === null ? Infinity : maxAge_ms, "--max-age");
  const isOlder = value > DEFAULT_MAX_AGE_MS;
  return { from: ageText(DEFAULT_MAX_AGE_MS), set: { value: ageText(value), origin }, isOlder };
}

function sourcedGate({ inconclusive, maxWarnings }: GateOptions, settings: LoadedConfig["settings"]) {
  return {
    inconclusive: over(settings.inconclusive, inconclusive, "--inconclusive"),
    maxWarnings: over(settings.max_warnings, maxWarnings, "--max-warnings"),
  };
}

/** The value of an option, else of the config. */
function over<T>(setting: Sourced<T>, given: T | undefined, option: string): Sourced<T> {
  return given === undefined ? setting : { value: given, origin: { by: option, location: null } };
}
