import { softwareMajor } from "../../facts/version-profiles.ts";
import type { Config } from "../../schema/config.generated.ts";
import type { Document } from "../core/document.ts";
import type { SourceRef } from "../core/missing.ts";
import { SiteObject } from "../core/site-object.ts";

type ReleasesByVersion = Readonly<Record<string, readonly string[]>>;

/** The ESXi releases in a config for one version of Pexip Infinity, from the user's own installation guide. */
export interface ListedReleases {
  /** `facts.esxi_releases` */
  readonly lists: SiteObject<ReleasesByVersion>;
  /** The field with the list: a version as the config writes it. */
  readonly version: string;
}

/** The releases in the configs for a software version; the last one counts. Null if there are none. */
export function listedReleases(
  configs: readonly Document[],
  version: string | number | undefined,
): ListedReleases | null {
  const major = softwareMajor(version);
  if (major === null) return null;
  for (const document of configs.toReversed()) {
    const record = listsIn(document.value);
    const key = Object.keys(record).find((written) => softwareMajor(written) === major);
    if (key === undefined) continue;
    const sourceRef: SourceRef = { document, path: ["facts", "esxi_releases"] };
    const missing = () => ({ what: `${document.path} lists no ESXi releases for this version`, sourceRef });
    const init = { kind: "file", name: document.path, descriptions: [{ record, sourceRef }], sourceRef, missing };
    return { lists: new SiteObject<ReleasesByVersion>(init), version: key };
  }
  return null;
}

function listsIn(config: unknown): ReleasesByVersion {
  // An empty config file is null.
  return (config as Config | null)?.facts?.esxi_releases ?? {};
}
