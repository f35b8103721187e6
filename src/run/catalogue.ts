import { builtInCatalogue, type RuleCatalogue } from "../engine/rule-catalogue.ts";
import type { TextLocation } from "../values/location.ts";
import { PreflightError } from "../values/preflight-error.ts";
import { quoted } from "../values/quoted.ts";
import { rules } from "../../rules/index.generated.ts";
import { version } from "./version.ts";

/** A plugin as a config names it. */
export interface PluginReference {
  /** A package or the path of a file. */
  readonly name: string;
  /** The config file that names it, absolute; paths start from its folder. */
  readonly config: string;
  readonly location: TextLocation;
}

/** All rules and presets that a run can use, and what keeps some of them from being there. */
export interface LoadedCatalogue {
  readonly catalogue: RuleCatalogue;
  readonly errors: readonly PreflightError[];
}

/**
 * The built-in rules, and those of plugins.
 *
 * @param areTrusted whether somebody named the config: only then is code loaded that it names
 */
export function loadCatalogue(plugins: readonly PluginReference[], areTrusted: boolean): LoadedCatalogue {
  const errors = plugins.map((plugin) => (areTrusted ? unsupported(plugin) : refused(plugin)));
  return { catalogue: builtInCatalogue(rules, version), errors };
}

/** A config that was merely found may lie in the very change that it judges. */
function refused({ location }: PluginReference): PreflightError {
  return new PreflightError(
    "plugins-refused",
    "Plugins are loaded only by a config that --config or PREFLIGHT_CONFIG names, and this one was merely found.",
    location,
    "It may be part of the change that it judges. Look at it, then name it: --config FILE.",
  );
}

function unsupported({ name, location }: PluginReference): PreflightError {
  const message = `The plugin ${quoted(name)} cannot be loaded: this version knows no plugins.`;
  return new PreflightError("plugins-unsupported", message, location, "Take it out of the config.");
}
