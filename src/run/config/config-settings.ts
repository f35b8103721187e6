import { dirname, resolve } from "node:path";
import type { Origin, Sourced } from "../../engine/api/config-layer.ts";
import type { GatePolicy } from "../../engine/gate/gate.ts";
import type { ConfigFile } from "../../input/policy/config-parts.ts";
import type { PolicyFiles } from "../../input/policy/find-policy.ts";
import type { Config } from "../../schema/config.generated.ts";
import type { Path, TextLocation } from "../../values/location.ts";
import { SOFTWARE_VERSION } from "../../schema/config.schema.ts";
import { PreflightError } from "../../values/preflight-error.ts";
import { quoted } from "../../values/text/quoted.ts";
import { parseDuration } from "../../values/duration.ts";
import type { ProbeLimits } from "../options.ts";

/** The settings of a config other than rules; a setting that is in no file has the program's default. */
export interface ConfigSettings {
  readonly inconclusive: Sourced<GatePolicy["inconclusive"]>;
  readonly max_warnings: Sourced<number | null>;
  /** The lowest limit of warnings in any of the files; null = none sets one. */
  readonly strictestMaxWarnings: number | null;
  readonly probe: { readonly [K in keyof ProbeLimits]-?: Sourced<number | null> };
  /** Addresses that live checks may contact besides the usual targets (`probe.allow`). */
  readonly probe_allow: Sourced<readonly string[]>;
  /** Maximum age of recorded answers, in ms; Infinity = any. */
  readonly max_age: Sourced<number>;
  /** Absolute path of the waivers file; null = none. */
  readonly waivers: Sourced<string | null>;
  /** ESXi releases by version of Pexip Infinity (`facts.esxi_releases`), separated by commas. */
  readonly esxi_releases: Readonly<Record<string, Sourced<string>>>;
  /** Absolute path of the approved plan; null = none. */
  readonly baseline_plan: Sourced<string | null>;
}

export const DEFAULT_MAX_AGE_MS = 7 * 86_400_000;
const BY_DEFAULT: Origin = { by: "default", location: null };
/** The prober's defaults; its concurrency differs by protocol. */
export const PROBE_DEFAULTS = { timeout_ms: 2000, retries: 1, concurrency: null, deadline_ms: 30_000 } as const;

/** The settings of valid config files, the last one first; then the files in a policy folder beside the config. */
export function configSettings(files: readonly ConfigFile[], policy: PolicyFiles): ConfigSettings {
  const last = <T>(
    path: Path,
    read: (value: Config, file: string) => T | undefined,
    fallback: T,
    origin = BY_DEFAULT,
  ) =>
    files.reduce<Sourced<T>>(
      (found, { source, file, path: by }) => {
        const value = source === null ? undefined : read(source.value as Config, file);
        return value === undefined || source === null
          ? found
          : { value, origin: { by, location: source.locate(path) } };
      },
      { value: fallback, origin },
    );
  const file = (key: "waivers" | "baseline_plan", inFolder: string | null) => {
    const origin = inFolder === null ? BY_DEFAULT : { by: policy.path ?? "", location: null };
    return last<string | null>(
      [key],
      ({ [key]: name }, config) => (name === undefined ? undefined : resolve(dirname(config), name)),
      inFolder,
      origin,
    );
  };
  const limit = (name: keyof ProbeLimits) =>
    last<number | null>(["probe", name], ({ probe }) => probe?.[name], PROBE_DEFAULTS[name]);
  return {
    inconclusive: last(["inconclusive"], ({ inconclusive }) => inconclusive, "fail"),
    max_warnings: last<number | null>(["max_warnings"], ({ max_warnings }) => max_warnings, null),
    strictestMaxWarnings: files.reduce<number | null>((lowest, { source }) => {
      const limit = (source?.value as Config | undefined)?.max_warnings ?? null;
      return limit === null ? lowest : Math.min(limit, lowest ?? Infinity);
    }, null),
    max_age: last(["max_age"], ({ max_age }) => ageOf(max_age), DEFAULT_MAX_AGE_MS),
    probe: {
      timeout_ms: limit("timeout_ms"),
      retries: limit("retries"),
      concurrency: limit("concurrency"),
      deadline_ms: limit("deadline_ms"),
    },
    probe_allow: last<readonly string[]>(["probe", "allow"], ({ probe }) => probe?.allow, []),
    waivers: file("waivers", policy.waivers),
    baseline_plan: file("baseline_plan", policy.plan),
    esxi_releases: Object.fromEntries(files.flatMap(esxiReleases)),
  };
}

function esxiReleases({ source, path: by }: ConfigFile): readonly (readonly [version: string, Sourced<string>])[] {
  const { esxi_releases: lists = {} } = (source?.value as Config | null | undefined)?.facts ?? {};
  return Object.entries(lists).flatMap(([version, releases]) => {
    if (source === null) return [];
    const location = source.locate(["facts", "esxi_releases", version]);
    return [[version, { value: releases.join(", "), origin: { by, location } }] as const];
  });
}

/** Keys of `facts.esxi_releases` that are not a version: their lists would silently have no effect. */
export function versionErrors(files: readonly ConfigFile[]): readonly PreflightError[] {
  return files.flatMap(({ source }) => {
    const { esxi_releases: lists = {} } = (source?.value as Config | null | undefined)?.facts ?? {};
    return Object.keys(lists).flatMap((key) => {
      if (source === null || new RegExp(SOFTWARE_VERSION).test(key)) return [];
      const location = source.locateKey(["facts", "esxi_releases", key]);
      const [near] = /[1-9]\d/.exec(key) ?? [];
      const hint = `Write the first number of the version, such as "33"${near === undefined ? "" : `. Did you mean "${near}"?`}`;
      return [
        new PreflightError(
          "not-allowed-value",
          `${quoted(key)} is not a version of Pexip Infinity.`,
          location,
          near === undefined ? `${hint}.` : hint,
        ),
      ];
    });
  });
}

/** `7d`, in ms; undefined if a config does not set it. */
function ageOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  return text === "none" ? Infinity : (parseDuration(text) ?? undefined);
}

/** The limits that a config sets; the prober has defaults for the others. */
export function limitsOf({ probe }: ConfigSettings): ProbeLimits {
  const set = Object.entries(probe).filter(([, { value, origin }]) => value !== null && origin !== BY_DEFAULT);
  return Object.fromEntries(set.map(([name, { value }]) => [name, value]));
}

/** A reference to a plugin in a config. */
export interface PluginReference {
  /** A package or the path of a file. */
  readonly name: string;
  /** The config file that contains the reference, absolute; relative paths start from its folder. */
  readonly config: string;
  readonly location: TextLocation;
}

/** The plugins to which config files refer, in their order. */
export function pluginsOf(files: readonly ConfigFile[]): readonly PluginReference[] {
  return files.flatMap(({ source, file }) => {
    const value = source === null ? undefined : (source.value as { readonly plugins?: unknown } | null)?.plugins;
    if (source === null || !Array.isArray(value)) return [];
    return value.flatMap((name: unknown, index) =>
      typeof name === "string" ? [{ name, config: file, location: source.locate(["plugins", index]) }] : [],
    );
  });
}
