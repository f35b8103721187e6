import type { Document } from "../../site/core/document.ts";
import type { Inventory } from "../../schema/inventory.generated.ts";
import { Site } from "../../site/site.ts";
import type { PreflightError } from "../../values/preflight-error.ts";
import { type ConfigOptions, type LoadedConfig, loadConfig } from "../config/load-config.ts";
import { type InputFiles, readInputs } from "./read-documents.ts";
import type { ReadInput } from "./read-input.ts";

export interface RunFiles extends InputFiles, ConfigOptions {
  /** Recordings, waivers and plans, which are read elsewhere: a file is given once, as whatever. */
  readonly evidence?: readonly string[];
  readonly waivers?: string | false;
  readonly baselinePlan?: string;
  /**
   * Told once, before anybody is asked, which files the run has read or is going to write, as absolute paths; what it
   * throws ends the run. For a caller that writes files of its own.
   */
  readonly onFiles?: (files: readonly string[]) => void;
}

/** Everything that a run reads from files before anybody is asked. */
export interface ReadRun {
  readonly config: LoadedConfig;
  /**
   * The site for a place with these DNS servers of its own, with inventories that were not read from files; null when a
   * file has mistakes.
   */
  readonly siteWith: ((systemResolvers: readonly string[], more?: readonly Document<Inventory>[]) => Site) | null;
  /** Config, deployment and inventories, as far as they could be read; for comments that speak to this program. */
  readonly documents: readonly Document[];
  readonly inputs: readonly ReadInput[];
  /** Every file that was read, absolute. */
  readonly files: readonly string[];
  /** Text by path, secrets blanked. */
  readonly sources: ReadonlyMap<string, string>;
  /** The mistakes of all files. */
  readonly errors: readonly PreflightError[];
}

/** Reads config, deployment and inventories. Throws PreflightErrors for options that make no sense. */
export async function readRun(options: RunFiles): Promise<ReadRun> {
  const config = await loadConfig(options);
  const read = await readInputs(options);
  const errors = [...config.errors, ...read.errors];
  const { documents } = read;
  return {
    config,
    siteWith:
      documents === null || errors.length > 0
        ? null
        : (systemResolvers, more = []) =>
            new Site(
              documents.deployment,
              [...documents.inventories, ...more],
              documents.certificates,
              systemResolvers,
              config.documents,
            ),
    documents: [...config.documents, ...(documents === null ? [] : [documents.deployment, ...documents.inventories])],
    inputs: [...read.inputs, ...config.inputs],
    files: [...config.files, ...read.files],
    sources: new Map([...read.sources, ...config.sources]),
    errors,
  };
}
