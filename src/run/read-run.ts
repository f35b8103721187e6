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
   * The site for a vantage point with these DNS servers of its own, with inventories that were not read from files; null
   * when anything is wrong with a file.
   */
  readonly siteWith: ((systemResolvers: readonly string[], more?: readonly Document<Inventory>[]) => Site) | null;
  /** What that site is made of, and how: for runs that make it of changed documents too. Null where `siteWith` is. */
  readonly origin: SiteOrigin | null;
  /** Config, deployment and inventories, as far as they could be read; for directives in their comments. */
  readonly documents: readonly Document[];
  /** The deploying account, where the deployment names one. */
  readonly account: string | undefined;
  /** The deployment as it is written; null when it could not be read. */
  readonly deployment: Deployment | null;
  /** What the documents set and the policy overrules. */
  readonly ignored: readonly IgnoredSetting[];
  /** Of config and documents. */
  readonly inputs: RunInputs;
}

/** The documents of a run, and how a site is made of them or of others in their place. */
export interface SiteOrigin {
  readonly sources: SiteSources;
  readonly siteFrom: (sources: SiteSources, systemResolvers: readonly string[]) => Site;
}

/** Everything that a site is made of. */
export interface SiteSources extends SiteDocuments {
  readonly configs: readonly Document[];
}

/** Reads config, deployment and inventories. Throws PreflightErrors for options that make no sense. */
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

/** The origin with the inventory of the server that a run names, beside those of its files. */
export async function withLiveInventory(
  { sources, siteFrom }: SiteOrigin,
  options: LiveInventoryOptions,
  account: string | undefined,
): Promise<Read<SiteOrigin>> {
  const { value, inputs } = await readLiveInventory(options, account);
  return { value: { sources: { ...sources, inventories: [...sources.inventories, ...value] }, siteFrom }, inputs };
}

/** How many checks the nodes alone lead to: known before objects are linked, which takes a minute where there are too many. */
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
