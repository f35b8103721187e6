import { displayPath } from "../../input/source/read-source.ts";
import type { RunInputs } from "../../input/source/run-inputs.ts";
import { PreflightErrors } from "../../values/preflight-error.ts";
import type { OptionValues } from "../arguments/options.ts";
import { usageError } from "../arguments/usage-error.ts";
import { type SelectedSite, selectSites } from "./select-sites.ts";

type SiteOptions = OptionValues<"inventory" | "no-inventory"> & Partial<OptionValues<"evidence">>;

/**
 * The arguments as if the command line listed only this site, with its inventories and evidence before those for all
 * sites.
 */
export function siteArguments<Options extends SiteOptions>(
  site: SelectedSite,
  options: Options,
): Options & { readonly deployment: string; readonly evidence: readonly string[] } {
  const { deployment, inventories, evidence } = site;
  return {
    ...options,
    deployment,
    inventory: [...(inventories ?? []), ...options.inventory],
    evidence: [...evidence, ...(options.evidence ?? [])],
    // A site that lists its inventories uses no other.
    "no-inventory": options["no-inventory"] || inventories !== null,
  };
}

/** The arguments for a site, and its name if there may be several. */
export interface NamedArguments<Options> {
  readonly name: string;
  readonly options: Options;
}

/**
 * The arguments for each site to which a word refers: a deployment file, or the folder of a project, from which
 * `--site` selects. None if the project file has errors. Throws PreflightErrors for a word that matches nothing.
 */
export async function argumentsOfSites<Options extends SiteOptions & OptionValues<"site" | "allow-outside-paths">>(
  options: Options & { readonly deployment: string },
  cwd: string,
): Promise<{
  readonly sites: readonly NamedArguments<ReturnType<typeof siteArguments<Options>>>[];
  readonly inputs: RunInputs;
}> {
  const { sites, inputs } = await selectSites([options.deployment], {
    ...{ site: options.site, cwd, allowOutsidePaths: options["allow-outside-paths"] },
  });
  return { sites: sites.map((site) => ({ name: site.name, options: siteArguments<Options>(site, options) })), inputs };
}

/** The only one of several sites. Throws PreflightErrors that list them. */
export function onlySite<Options>(
  sites: readonly NamedArguments<Options>[],
  { deployment, cwd, why }: { readonly deployment: string; readonly cwd: string; readonly why: string },
): Options | null {
  const [first, ...others] = sites;
  if (first === undefined) return null;
  if (others.length === 0) return first.options;
  const message = `${displayPath(deployment, cwd)} has ${sites.length} sites, and ${why}.`;
  throw new PreflightErrors([usageError(message, `choose one with --site, such as --site ${first.name}`)]);
}
