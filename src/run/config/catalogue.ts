import { builtInCatalogue, type RuleCatalogue } from "../../engine/api/rule-catalogue.ts";
import { PreflightError } from "../../values/preflight-error.ts";
import { rules } from "../../../rules/index.generated.ts";
import type { PluginReference } from "./plugin-reference.ts";
import { version } from "../version.ts";

/** All rules and presets that a run can use, and what keeps some of them from being there. */
export interface LoadedCatalogue {
  readonly catalogue: RuleCatalogue;
  /** The files of plugins, absolute. */
  readonly files: readonly string[];
  readonly errors: readonly PreflightError[];
}

/**
 * The built-in rules, and those of plugins.
 *
 * @param areTrusted whether somebody named the config: only then is code loaded that it names
 */
export async function loadCatalogue(
  references: readonly PluginReference[],
  areTrusted: boolean,
): Promise<LoadedCatalogue> {
  const builtIn = builtInCatalogue(rules, version);
  if (references.length === 0) return { catalogue: builtIn, files: [], errors: [] };
  if (!areTrusted) return { catalogue: builtIn, files: [], errors: references.map(refused) };
  // Loaded on demand: most runs have no plugins.
  const [{ loadPlugins }, { presetsWith }] = await Promise.all([
    import("./load-plugins.ts"),
    import("../../engine/api/plugin.ts"),
  ]);
  const { plugins, files, errors } = await loadPlugins(
    references,
    rules.map(({ id }) => id),
  );
  const catalogue = {
    rules: [...builtIn.rules, ...plugins.flatMap((plugin) => plugin.rules)],
    presets: presetsWith(builtIn.presets, plugins),
  };
  return { catalogue, files, errors };
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
