import type { Location } from "../../values/location.ts";
import type { Severity } from "../../schema/report.generated.ts";

/** The origin of a setting: a location in a config file, or a phrase for it in sentences. */
export interface Origin {
  /** `preset strict`, `--rule`, `rule default`; of a file, its path. */
  readonly by: string;
  readonly location: Location | null;
}

/** A value and its origin. */
export interface Sourced<T> {
  readonly value: T;
  readonly origin: Origin;
}

/**
 * How a rule counts: not at all, with one severity for all its messages, or as it declares itself (`own`: that may depend
 * on site and message). `strict` is its own severity, with warnings as errors.
 */
export type RuleLevel = Severity | "off" | "own" | "strict";

/** The settings of one layer for a rule. */
export interface RuleSetting {
  /** Null: as the layers below have it. */
  readonly level: Sourced<RuleLevel> | null;
  /** Those options that the layer sets. */
  readonly options: ReadonlyMap<string, Sourced<unknown>>;
}

export type RuleSettings = ReadonlyMap<string, RuleSetting>;

/** Settings for the subjects whose ids match one of the patterns. */
export interface Override {
  /** `node:oslo-*` */
  readonly patterns: readonly Sourced<string>[];
  readonly rules: RuleSettings;
}

/** A preset, a config file or the command line: its settings for all subjects, then for some. */
export interface ConfigLayer {
  readonly rules: RuleSettings;
  readonly overrides: readonly Override[];
}
