import { dirname, resolve } from "node:path";
import type { RuleCatalogue } from "../../engine/api/rule-catalogue.ts";
import type { EnabledRule } from "../../engine/evaluation/plan.ts";
import type { ConfigLayer } from "../../engine/api/config-layer.ts";
import { Policy } from "../../engine/policy/policy.ts";
import { merge, NO_INPUTS, onlyErrors, type Read, type RunInputs } from "../../input/source/run-inputs.ts";
import { type Boundary, boundaryOf } from "../../input/source/untrusted-path.ts";
import { findConfig } from "../../input/policy/find-config.ts";
import { NO_POLICY_FILES, type PolicyFiles, policyFiles } from "../../input/policy/find-policy.ts";
import type { ConfigFile, ConfigPart } from "../../input/policy/config-parts.ts";
import type { Config } from "../../input/policy/read-config.ts";
import type { Document } from "../../site/core/document.ts";
import { isTextLocation } from "../../values/location.ts";
import { PreflightError, PreflightErrors } from "../../values/preflight-error.ts";
import { loadCatalogue } from "./catalogue.ts";
import { type ConfigSettings, configSettings, pluginsOf, versionErrors } from "./config-settings.ts";
import type { ExceptionOptions, FileOptions, RuleOptions } from "../options.ts";
import { optionLayer, skipReason } from "./enabled-rules.ts";
import { version } from "../version.ts";

/** The options that determine the config of a run, and its rules. */
export type ConfigOptions = RuleOptions &
  Pick<FileOptions, "deployment" | "cwd" | "allowOutsidePaths"> &
  Pick<ExceptionOptions, "waivers" | "inline">;

/** The config of a run, with its enabled rules. */
export interface LoadedConfig {
  /** The files and presets that were read, in order of increasing precedence; empty without a config. */
  readonly parts: readonly ConfigPart[];
  /** Whether the config was given by an option: it may then load code, and no waivers are discovered. */
  readonly isNamed: boolean;
  /** Boundary for files to which the config refers; null = none. */
  readonly boundary: Boundary | null;
  /** The policy of `--policy`; null = the run uses discovered files. */
  readonly source: PolicyFiles | null;
  readonly policy: Policy;
  /** The same policy without the rule settings of options. */
  readonly withoutOptions: Policy;
  readonly enabled: readonly EnabledRule[];
  readonly settings: ConfigSettings;
  /** The files as documents of the run, for rules about forbidden content of files. */
  readonly documents: readonly Document[];
  /** Inputs of configs and plugins, and the waivers file of a config. If it has errors, do not use the other fields. */
  readonly inputs: RunInputs;
}

/** Finds and reads the config of a run. Errors in files are returned; throws PreflightErrors for invalid options. */
export async function loadConfig(options: ConfigOptions): Promise<LoadedConfig> {
  assertOnePolicy(options);
  const { read, isNamed, source, boundary } = await readChosen(options);
  const { files, parts } = read.value;
  const { value: catalogue, inputs: ofPlugins } = await loadCatalogue(pluginsOf(files), isNamed, options.pluginWatch);
  const layers = await layersOf(read.value, catalogue);
  const ofVersions = { ...NO_INPUTS, errors: read.inputs.errors.length === 0 ? versionErrors(files) : [] };
  const all = merge(read.inputs, ofPlugins, layers.inputs, ofVersions);
  const settings = configSettings(all.errors.length === 0 ? files : [], source ?? NO_POLICY_FILES);
  const named = [settings.waivers.value, settings.baseline_plan.value].filter((file) => file !== null);
  const reserved = [...all.reserved, ...named];
  const withoutOptions = new Policy(catalogue, layers.value);
  const policy = new Policy(catalogue, [...layers.value, optionLayer(catalogue.rules, options)]);
  return {
    parts,
    isNamed,
    source,
    boundary,
    policy,
    withoutOptions,
    enabled: policy.enabled((rule) => skipReason(rule, options)),
    settings,
    documents: await documentsOf(files),
    inputs: { ...all, reserved, errors: inOrder(all.errors, files) },
  };
}

/**
 * `--policy` determines everything that these options set; the command line reports conflicts of its own options in the
 * same way.
 */
function assertOnePolicy({ policy, config, waivers, inline }: ConfigOptions): void {
  if (policy === undefined) return;
  const other = [
    ...(config === undefined ? [] : ["config"]),
    ...(waivers === undefined ? [] : ["waivers"]),
    ...(inline === undefined ? [] : ["inline"]),
  ];
  if (other.length === 0) return;
  const message = `policy and ${other.join(", ")} cannot be used together.`;
  throw new PreflightErrors([new PreflightError("usage", message, null, "the policy includes it; omit the others")]);
}

const NOTHING: Read<Config> = { value: { parts: [], files: [] }, inputs: NO_INPUTS };

/** A config that was read, or its errors. */
type Chosen = Pick<LoadedConfig, "isNamed" | "source" | "boundary"> & { readonly read: Read<Config> };

async function readChosen(options: ConfigOptions): Promise<Chosen> {
  const { config, policy, deployment, cwd, allowOutsidePaths = false } = options;
  const none: Chosen = { read: NOTHING, isNamed: policy !== undefined, source: null, boundary: null };
  if (policy === false) return { ...none, source: NO_POLICY_FILES };
  if (config === false) return none;
  try {
    const source = policy === undefined ? null : policyFiles(policy, cwd);
    if (source !== null && source.config === null) return { ...none, source };
    const named = source?.config ?? (config === undefined ? null : resolve(cwd, fileName(config)));
    const file = named ?? findConfig(deployment, cwd);
    if (file === null) return none;
    // Loaded on demand: most runs have no config.
    const { readConfig } = await import("../../input/policy/read-config.ts");
    const boundary = named !== null || allowOutsidePaths ? null : boundaryOf(dirname(file));
    return { read: await readConfig(file, { cwd, version, boundary }), isNamed: named !== null, source, boundary };
  } catch (error) {
    if (!(error instanceof PreflightError)) throw error;
    return { ...none, read: { ...NOTHING, inputs: onlyErrors([error]) } };
  }
}

async function layersOf({ files, parts }: Config, catalogue: RuleCatalogue): Promise<Read<readonly ConfigLayer[]>> {
  if (files.length === 0) return { value: [], inputs: NO_INPUTS };
  return (await import("../../input/policy/read-config.ts")).configLayers(parts, catalogue);
}

function fileName(config: string): string {
  // Not repeated: it may contain a password.
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

/** The errors of each file in the order of its lines; those without a source location first. */
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
