import { createRequire } from "node:module";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Rule } from "../../engine/api/rule.ts";
import { type Plugin, pluginErrors } from "../../engine/api/plugin.ts";
import { pluginCode } from "../../input/policy/plugin-code.ts";
import { merge, onlyErrors, type Read, type RunInputs } from "../../input/source/run-inputs.ts";
import { PreflightError } from "../../values/preflight-error.ts";
import { quoted } from "../../values/text/quoted.ts";
import type { PluginWatch } from "../options.ts";
import type { PluginReference } from "./config-settings.ts";

const LONGEST_REASON = 200;

/**
 * Loads plugins, except those with errors: runs their code. Only for a config given by name.
 *
 * @param known ids of the existing rules
 */
export async function loadPlugins(
  references: readonly PluginReference[],
  known: readonly string[],
  watch: PluginWatch | undefined,
): Promise<Read<readonly Plugin[]>> {
  const plugins: Plugin[] = [];
  const errors: PreflightError[] = [];
  const code: RunInputs[] = [];
  // Even if one is refused.
  const reserved = references.flatMap(({ name, config }) => fileOf(name, config) ?? []);
  for (const reference of references) {
    const ids = new Set([...known, ...plugins.flatMap(({ rules }) => rules.map(({ id }) => id))]);
    watch?.enter(`the plugin ${quoted(reference.name)}`);
    const loaded = await load(reference, ids);
    watch?.leave();
    if (loaded instanceof PreflightError) {
      errors.push(loaded);
      continue;
    }
    code.push(loaded.code);
    errors.push(...loaded.errors.map((mistake) => invalid(reference, mistake)));
    if (loaded.errors.length > 0) continue;
    const plugin = watch === undefined ? loaded.plugin : watched(loaded.plugin, watch);
    if (plugins.some(({ meta }) => meta.name === plugin.meta.name)) {
      errors.push(invalid(reference, `there is another plugin named ${plugin.meta.name}`));
    } else plugins.push(plugin);
  }
  return { value: plugins, inputs: merge(...code, { ...onlyErrors(errors), reserved }) };
}

/** The exports of a plugin, and its errors. */
interface Loaded {
  readonly plugin: Plugin;
  readonly errors: readonly string[];
  readonly code: RunInputs;
}

/** The exports of a plugin: its default export if it has one. */
async function load(reference: PluginReference, ids: ReadonlySet<string>): Promise<Loaded | PreflightError> {
  const { name, config, location } = reference;
  const file = fileOf(name, config);
  if (file === null) {
    const isPath = /^\.{0,2}[/\\]/.test(name);
    const hint = isPath
      ? "The path is relative to the folder of the config."
      : "Install it in the config's folder, or write the path of a file: ./NAME.js.";
    return new PreflightError("plugin-not-found", `There is no plugin ${quoted(name)}.`, location, hint);
  }
  try {
    // Before it runs: a plugin must not be able to choose what is hashed.
    const code = pluginCode(file, { absolute: config, shown: location.path });
    const module = (await import(pathToFileURL(file).href)) as Readonly<Record<string, unknown>>;
    // Deferred work of the plugin runs now, so that its errors are found before anything is evaluated or written.
    await new Promise((resolve) => setImmediate(resolve));
    const exported = module["default"] ?? module;
    // Within `try`, as it reads properties, which may be getters that throw. Without errors, it is a valid plugin.
    return { plugin: exported as Plugin, errors: pluginErrors(exported, ids), code };
  } catch (thrown) {
    const [reason = ""] = (thrown instanceof Error ? thrown.message : String(thrown)).split("\n");
    const message = `The plugin ${quoted(name)} cannot be loaded: ${reason.slice(0, LONGEST_REASON).replace(/\.$/, "")}.`;
    return new PreflightError("plugin-failed", message, location, "The error is in the plugin's code.");
  }
}

/** The same rules, with all their code monitored by the watch. */
function watched(plugin: Plugin, watch: PluginWatch): Plugin {
  const rules = plugin.rules.map((rule): Rule => {
    const under =
      <A extends readonly unknown[], R>(run: (...args: A) => R) =>
      (...args: A): R => {
        watch.enter(`the rule ${rule.id}`);
        try {
          return run(...args);
        } finally {
          watch.leave();
        }
      };
    const check = under<Parameters<Rule["check"]>, unknown>((...args) => rule.check(...args));
    const commands =
      rule.commands && under((...args: Parameters<NonNullable<Rule["commands"]>>) => rule.commands?.(...args));
    // Not copied: a rule may be an instance of a class, with inherited fields.
    return Object.create(rule, {
      check: { value: check },
      ...(commands && { commands: { value: commands } }),
    }) as Rule;
  });
  return { meta: plugin.meta, rules, ...(plugin.presets && { presets: plugin.presets }) };
}

/** The file of a plugin, absolute; null if there is none. Paths and packages are resolved from the config's folder. */
function fileOf(name: string, config: string): string | null {
  const require = createRequire(config);
  try {
    if (/^\.{1,2}[/\\]/.test(name) || isAbsolute(name)) return require.resolve(resolve(dirname(config), name));
    return require.resolve(name);
  } catch (thrown) {
    const { code } = thrown as { readonly code?: string };
    return code === "ERR_PACKAGE_PATH_NOT_EXPORTED" ? importedFile(name, require) : null;
  }
}

/** The file that a package exports only for `import`, which `require.resolve` does not find. */
function importedFile(name: string, require: NodeJS.Require): string | null {
  for (const folder of require.resolve.paths(name) ?? []) {
    const root = join(folder, name);
    try {
      const { exports } = require(join(root, "package.json")) as { readonly exports?: unknown };
      const target = importTarget(exports);
      return target === null ? null : join(root, target);
    } catch {
      // Not in this folder.
    }
  }
  return null;
}

/** Conditional exports, https://nodejs.org/api/packages.html#conditional-exports: the first matching condition. */
function importTarget(exports: unknown): string | null {
  if (typeof exports === "string") return exports;
  if (typeof exports !== "object" || exports === null) return null;
  for (const [key, value] of Object.entries(exports)) {
    if (key !== "." && key !== "import" && key !== "node" && key !== "default") continue;
    const found = importTarget(value);
    if (found !== null) return found;
  }
  return null;
}

function invalid({ name, location }: PluginReference, mistake: string): PreflightError {
  const message = `The plugin ${quoted(name)} is invalid: ${mistake}.`;
  return new PreflightError("invalid-plugin", message, location, "See docs/plugins.md.");
}
