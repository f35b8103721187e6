import { dirname, resolve } from "node:path";
import type { RuleCatalogue } from "../../engine/api/rule-catalogue.ts";
import type { EnabledRule } from "../../engine/evaluation/plan.ts";
import type { ConfigLayer } from "../../engine/api/config-layer.ts";
import { Policy } from "../../engine/policy/policy.ts";
import { merge, NO_INPUTS, onlyErrors, type Read, type RunInputs } from "../../input/source/run-inputs.ts";
import { type Boundary, boundaryOf } from "../../input/source/untrusted-path.ts";
import { findConfig } from "../../input/policy/find-config.ts";
import type { ConfigFile, ConfigPart } from "../../input/policy/config-parts.ts";
import type { Config } from "../../input/policy/read-config.ts";
import type { Document } from "../../site/core/document.ts";
import { isTextLocation } from "../../values/location.ts";
import { PreflightError } from "../../values/preflight-error.ts";
import { loadCatalogue } from "./catalogue.ts";
import { type ConfigSettings, configSettings, pluginsOf } from "./config-settings.ts";
import type { FileOptions, RuleOptions } from "../options.ts";
import { optionLayer, skipReason } from "./enabled-rules.ts";
import { version } from "../version.ts";

/** What decides which config a run follows, and what rules it leaves. */
export type ConfigOptions = RuleOptions & Pick<FileOptions, "deployment" | "cwd" | "allowOutsidePaths">;

/** The config of a run, with the rules that it leaves. */
export interface LoadedConfig {
  /** What was read, the weakest first; a run without a config has none. */
  readonly parts: readonly ConfigPart[];
  /** Whether somebody named the config, so that it may load code. */
  readonly isNamed: boolean;
  /** Where files that the config refers to must be; null = anywhere. */
  readonly boundary: Boundary | null;
  readonly policy: Policy;
  readonly enabled: readonly EnabledRule[];
  readonly settings: ConfigSettings;
  /** The files as documents of the run, for rules about what must not stand in a file. */
  readonly documents: readonly Document[];
  /** Of configs and plugins, and the waivers file that a config names. With errors, nothing else here is of use. */
  readonly inputs: RunInputs;
}

/**
 * Finds and reads the config of a run. Mistakes in files are returned; throws PreflightErrors for options that make no
 * sense.
 */
export async function loadConfig(options: ConfigOptions): Promise<LoadedConfig> {
  const { read, isNamed, boundary } = await readChosen(options);
  const { files, parts } = read.value;
  const { value: catalogue, inputs: ofPlugins } = await loadCatalogue(pluginsOf(files), isNamed, options.pluginWatch);
  const layers = await layersOf(read.value, catalogue);
  const all = merge(read.inputs, ofPlugins, layers.inputs);
  const settings = configSettings(all.errors.length === 0 ? files : []);
  const reserved = [...all.reserved, ...[settings.waivers.value ?? []].flat()];
  const policy = new Policy(catalogue, [...layers.value, optionLayer(catalogue.rules, options)]);
  return {
    parts,
    isNamed,
    boundary,
    policy,
    enabled: policy.enabled((rule) => skipReason(rule, options)),
    settings,
    documents: await documentsOf(files),
    inputs: { ...all, reserved, errors: inOrder(all.errors, files) },
  };
}

const NOTHING: Read<Config> = { value: { parts: [], files: [] }, inputs: NO_INPUTS };

/** A config that was read, or what is wrong with it. */
type Chosen = Pick<LoadedConfig, "isNamed" | "boundary"> & { readonly read: Read<Config> };

async function readChosen({ config, deployment, cwd, allowOutsidePaths = false }: ConfigOptions): Promise<Chosen> {
  const none = { isNamed: false, boundary: null };
  if (config === false) return { read: NOTHING, ...none };
  try {
    const named = config === undefined ? null : resolve(cwd, fileName(config));
    const file = named ?? findConfig(deployment, cwd);
    if (file === null) return { read: NOTHING, ...none };
    // Loaded on demand: most runs have no config.
    const { readConfig } = await import("../../input/policy/read-config.ts");
    const boundary = named !== null || allowOutsidePaths ? null : boundaryOf(dirname(file));
    return { read: await readConfig(file, { cwd, version, boundary }), isNamed: named !== null, boundary };
  } catch (error) {
    if (error instanceof PreflightError) return { read: { ...NOTHING, inputs: onlyErrors([error]) }, ...none };
    throw error;
  }
}

async function layersOf({ files, parts }: Config, catalogue: RuleCatalogue): Promise<Read<readonly ConfigLayer[]>> {
  if (files.length === 0) return { value: [], inputs: NO_INPUTS };
  return (await import("../../input/policy/read-config.ts")).configLayers(parts, catalogue);
}

function fileName(config: string): string {
  // Not repeated: it may hold a password.
  if (config.includes("://")) throw notAFile("A config cannot come from a URL.");
  if (config !== "-" && config !== "") return config;
  throw notAFile(config === "" ? "The name of the config file is empty." : "A config cannot come from standard input.");
}

async function documentsOf(files: readonly ConfigFile[]): Promise<readonly Document[]> {
  if (files.length === 0) return [];
  const { documentOf } = await import("../../input/policy/read-config.ts");
  return files.flatMap((file) => documentOf(file) ?? []);
}

function notAFile(message: string): PreflightError {
  return new PreflightError("usage", message, null, "name a file");
}

/** The mistakes of each file in the order of its lines; those without a place first. */
function inOrder(errors: readonly PreflightError[], files: readonly ConfigFile[]): readonly PreflightError[] {
  const rank = ({ location }: PreflightError): readonly number[] =>
    isTextLocation(location)
      ? [files.findIndex(({ path }) => path === location.path), location.line, location.column]
      : [-1, 0, 0];
  return [...errors].sort((a, b) => {
    const [left, right] = [rank(a), rank(b)];
    return left.map((value, index) => value - (right[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
  });
}
