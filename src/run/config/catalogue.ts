import { builtInCatalogue, type RuleCatalogue } from "../../engine/api/rule-catalogue.ts";
import { NO_INPUTS, onlyErrors, type Read } from "../../input/source/run-inputs.ts";
import { PreflightError } from "../../values/preflight-error.ts";
import { rules } from "../../../rules/index.generated.ts";
import type { PluginReference } from "./config-settings.ts";
import type { PluginWatch } from "../options.ts";
import { version } from "../version.ts";

/**
 * The built-in rules, and those of plugins.
 *
 * @param areTrusted whether the config was given by name: code that it names is loaded only then
 */
export async function loadCatalogue(
  references: readonly PluginReference[],
  areTrusted: boolean,
  watch: PluginWatch | undefined,
): Promise<Read<RuleCatalogue>> {
  const builtIn = builtInCatalogue(rules, version);
  if (references.length === 0) return { value: builtIn, inputs: NO_INPUTS };
  if (!areTrusted) return { value: builtIn, inputs: onlyErrors(references.map(refused)) };
  // Loaded on demand: most runs have no plugins.
  const [{ loadPlugins }, { presetsWith }] = await Promise.all([
    import("./load-plugins.ts"),
    import("../../engine/api/plugin.ts"),
  ]);
  const { value: plugins, inputs } = await loadPlugins(
    references,
    rules.map(({ id }) => id),
    watch,
  );
  const value = {
    rules: [...builtIn.rules, ...plugins.flatMap((plugin) => plugin.rules)],
    presets: presetsWith(builtIn.presets, plugins),
  };
  return { value, inputs };
}

/** A discovered config may be part of the very change that it evaluates. */
function refused({ location }: PluginReference): PreflightError {
  return new PreflightError(
    "plugins-refused",
    "Plugins are loaded only from a config given by --config or PREFLIGHT_CONFIG; this one was discovered.",
    location,
    "It may be part of the change under review. Check it, then give it by name: --config FILE.",
  );
}
