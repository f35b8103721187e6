import type { Document } from "../site/core/document.ts";
import type { Inventory } from "../schema/inventory.generated.ts";
import { Site } from "../site/site.ts";
import type { PreflightError } from "../values/preflight-error.ts";
import { type LoadedConfig, loadConfig } from "./config/load-config.ts";
import type { CheckOptions, FileOptions, RuleOptions } from "./options.ts";
import { readInputs } from "./inputs/read-documents.ts";
import type { ReadInput } from "./inputs/read-input.ts";

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
export async function readRun(
  options: FileOptions & RuleOptions & Pick<CheckOptions, "evidence" | "waivers" | "baselinePlan">,
): Promise<ReadRun> {
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
            new Site({
              deployment: documents.deployment,
              inventories: [...documents.inventories, ...more],
              certificates: documents.certificates,
              systemResolvers,
              configs: config.documents,
            }),
    documents: [...config.documents, ...(documents === null ? [] : [documents.deployment, ...documents.inventories])],
    inputs: [...read.inputs, ...config.inputs],
    files: [...config.files, ...read.files],
    sources: new Map([...read.sources, ...config.sources]),
    errors,
  };
}
