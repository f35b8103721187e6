import type { EvidenceFile } from "../schema/evidence.generated.ts";
import type { DataSource } from "../schema/report.generated.ts";
import type { Site } from "../site/site.ts";
import { collectionTime } from "../values/collection-time.ts";

/** An evidence file that was read. */
export interface Recording {
  /** As shown in reports. */
  readonly path: string;
  readonly file: EvidenceFile;
}

/**
 * The basis of a run's verdicts besides its deployment: inventories, then evidence, with their ages at `now`.
 *
 * @param found the discovered inventory, as shown in reports; null if there is none
 */
export function dataSources(
  site: Site,
  recordings: readonly Recording[],
  { now, found }: { readonly now: number; readonly found: string | null },
): readonly DataSource[] {
  const inventories = site.inventories.map(({ document, isLive }): DataSource => {
    const { collected_at = null, source, vcenter } = document.value;
    return {
      ...{ kind: "inventory", path: document.path, source: source?.kind ?? null },
      ...{ server: source?.server ?? vcenter?.address ?? null, collected_at },
      age_s: isLive ? 0 : ageAt(now, collected_at),
      ...(document.path === found && { is_found: true }),
    };
  });
  const evidence = recordings.map(({ path, file: { from, recorded_at } }): DataSource => {
    return {
      kind: "evidence",
      path,
      source: "probe",
      server: from,
      collected_at: recorded_at,
      age_s: ageAt(now, recorded_at),
    };
  });
  return [...inventories, ...evidence];
}

/** In whole seconds, never negative; for a time without a zone, the maximum possible age. */
function ageAt(now: number, collected: string | null): number | null {
  const time = collected === null ? null : collectionTime(collected);
  return time === null ? null : Math.max(0, Math.floor((now - time.earliest) / 1000));
}
