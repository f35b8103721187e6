import { assertMemoryForChecks } from "../input/source/budget.ts";
import { merge, type Read, type RunInputs } from "../input/source/run-inputs.ts";
import type { Deployment } from "../schema/deployment.generated.ts";
import type { Document } from "../site/core/document.ts";
import type { Inventory } from "../schema/inventory.generated.ts";
import { Site } from "../site/site.ts";
import type { IgnoredSetting } from "../schema/report.generated.ts";
import { ignoredSettings } from "./config/ignored-settings.ts";
import { type LoadedConfig, loadConfig } from "./config/load-config.ts";
import type { CheckOptions, FileOptions, RuleOptions } from "./options.ts";
import { type LiveInventoryOptions, readLiveInventory } from "./inputs/live-inventory.ts";
import { readDocuments, type SiteDocuments } from "./inputs/read-documents.ts";

/** Everything that a run reads from files before any server is contacted. */
export interface ReadRun {
  readonly config: LoadedConfig;
  /**
   * The site for a vantage point with these DNS servers, with additional inventories that were not read from files;
   * null if a file has errors.
   */
  readonly siteWith: ((systemResolvers: readonly string[], more?: readonly Document<Inventory>[]) => Site) | null;
  /** The documents and options of that site: for runs that also link changed documents. Null if `siteWith` is. */
  readonly origin: SiteOrigin | null;
  /** Config, deployment and inventories, if they could be read; for directives in their comments. */
  readonly documents: readonly Document[];
  /** The deploying account, if the deployment names one. */
  readonly account: string | undefined;
  /** The deployment as written; null if it could not be read. */
  readonly deployment: Deployment | null;
  /** Settings of the documents that the policy overrides. */
  readonly ignored: readonly IgnoredSetting[];
  /** Of config and documents. */
  readonly inputs: RunInputs;
}

/** The documents of a run, and how to link a site from them or from others in their place. */
export interface SiteOrigin {
  readonly sources: SiteSources;
  readonly siteFrom: (sources: SiteSources, systemResolvers: readonly string[]) => Site;
}

/** All documents of a site. */
export interface SiteSources extends SiteDocuments {
  readonly configs: readonly Document[];
}

/** Reads config, deployment and inventories. Throws PreflightErrors for invalid options. */
export async function readRun(
  options: FileOptions & RuleOptions & Pick<CheckOptions, "evidence" | "waivers" | "inline" | "baselinePlan">,
): Promise<ReadRun> {
  const config = await loadConfig(options);
  const { value: read, inputs: ofDocuments } = await readDocuments(options);
  const inputs = merge(config.inputs, ofDocuments);
  const documents = [...config.documents, ...(read === null ? [] : [read.deployment, ...read.inventories])];
  const deployment = read?.deployment.value ?? null;
  const account = deployment?.vm_manager?.account;
  const ignored = ignoredSettings(options, config, documents);
  if (read === null || inputs.errors.length > 0)
    return { config, siteWith: null, origin: null, documents, account, deployment, ignored, inputs };
  assertMemoryForChecks(leastChecks(read.deployment.value, config));
  const sources: SiteSources = { ...read, configs: config.documents };
  const siteFrom: SiteOrigin["siteFrom"] = (made, systemResolvers) =>
    new Site({
      ...made,
      systemResolvers,
      systemTime: Date.now(),
      ...(config.source !== null && { environment: "production" }),
    });
  return {
    config,
    account,
    deployment,
    siteWith: (systemResolvers, more = []) =>
      siteFrom({ ...sources, inventories: [...sources.inventories, ...more] }, systemResolvers),
    origin: { sources, siteFrom },
    documents,
    ignored,
    inputs,
  };
}

/** The origin with the inventory of a run's server, in addition to those of its files. */
export async function withLiveInventory(
  { sources, siteFrom }: SiteOrigin,
  options: LiveInventoryOptions,
  account: string | undefined,
): Promise<Read<SiteOrigin>> {
  const { value, inputs } = await readLiveInventory(options, account);
  return { value: { sources: { ...sources, inventories: [...sources.inventories, ...value] }, siteFrom }, inputs };
}

/**
 * The number of checks that result from the nodes alone: known before objects are linked, which takes a minute if there
 * are too many.
 */
function leastChecks(
  { conferencing_nodes: nodes }: Deployment,
  { enabled }: LoadedConfig,
): { readonly evaluated: number; readonly skipped: number } {
  const ofNodes = enabled.filter(
    ({ rule, exception }) =>
      exception === undefined && (rule.subject === "node" || rule.subject === "conferencing-node"),
  );
  const skipped = ofNodes.filter(({ skip }) => skip !== null).length;
  const count = nodes?.length ?? 0;
  return { evaluated: count * (ofNodes.length - skipped), skipped: count * skipped };
}
