import type { Location } from "../../values/location.ts";
import type { Severity } from "../../schema/report.generated.ts";

/** Who said something: a place in a config file, or what stands for it in a sentence. */
export interface Origin {
  /** `preset strict`, `--rule`, `rule default`; of a file, its path. */
  readonly by: string;
  readonly location: Location | null;
}

/** A value, and who said it. */
export interface Sourced<T> {
  readonly value: T;
  readonly origin: Origin;
}

/**
 * How a rule counts: not at all, with one severity for all its messages, or as it declares itself (`own`: that may depend
 * on site and message). `strict` is its own severity, with warnings as errors.
 */
export type RuleLevel = Severity | "off" | "own" | "strict";

/** What one layer says of a rule. */
export interface RuleSetting {
  /** Null: as the layers below have it. */
  readonly level: Sourced<RuleLevel> | null;
  /** Those options that the layer sets. */
  readonly options: ReadonlyMap<string, Sourced<unknown>>;
}

export type RuleSettings = ReadonlyMap<string, RuleSetting>;

/** Settings for the subjects whose ids fit one of the patterns. */
export interface Override {
  /** `node:oslo-*` */
  readonly patterns: readonly Sourced<string>[];
  readonly rules: RuleSettings;
}

/** A preset, a config file or the command line: what it sets for everything, and then for some subjects. */
export interface ConfigLayer {
  readonly rules: RuleSettings;
  readonly overrides: readonly Override[];
}
