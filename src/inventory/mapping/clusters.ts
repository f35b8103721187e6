import type { Cluster } from "../../schema/inventory.generated.ts";
import { type ManagedObject, property } from "./managed-objects.ts";
import { type ListContext, ObjectReader } from "./object-reader.ts";
import { bool, int, known, list, oneOf, reference, str, type Tree } from "./tree.ts";

const DRS_BEHAVIORS = ["manual", "partiallyAutomated", "fullyAutomated"] as const;

export function clusterOf(
  object: ManagedObject,
  name: string,
  { source, coverage, inventoryPaths }: ListContext,
): Cluster {
  const reader = new ObjectReader(source, coverage, "clusters", object, name);
  return known({
    name,
    datacenter: inventoryPaths.datacenterOf(object),
    host_count: reader.take("host_count", "summary.numHosts", (value) => {
      const count = int(value);
      return count === undefined || count < 0 ? undefined : count;
    }),
    // ClusterComputeResourceSummary.currentEVCModeKey is unset when EVC is disabled.
    evc_mode: reader.takeOr("evc_mode", "summary.currentEVCModeKey", str, null),
    ha_enabled: reader.take("ha_enabled", "configurationEx.dasConfig.enabled", bool),
    drs_enabled: reader.take("drs_enabled", "configurationEx.drsConfig.enabled", bool),
    drs_behavior: reader.take("drs_behavior", "configurationEx.drsConfig.defaultVmBehavior", (value) =>
      oneOf(DRS_BEHAVIORS, value),
    ),
  });
}

/** What a cluster lays down for one of its virtual machines: undefined where that is not known. */
export interface ClusterRules {
  readonly haRestartPriority: string | undefined;
  /** Null when the machine follows the cluster. */
  readonly drsBehavior: (typeof DRS_BEHAVIORS)[number] | "disabled" | null | undefined;
}

/** Looks up what the settings of a cluster say of a machine; made once a cluster, as there may be many machines. */
export function clusterRules(cluster: ManagedObject): (machine: string) => ClusterRules {
  const settings = property(cluster, "configurationEx");
  const ha = byMachine(list(settings, "dasVmConfig"));
  const drs = byMachine(list(settings, "drsVmConfig"));
  const fallback = str(settings, "dasConfig.defaultVmSettings.restartPriority");
  return (machine) => {
    if (settings === undefined) return { haRestartPriority: undefined, drsBehavior: undefined };
    const own = ha.get(machine);
    const priority = str(own, "dasSettings.restartPriority") ?? str(own, "restartPriority");
    const override = drs.get(machine);
    return {
      haRestartPriority: priority === undefined || /^clusterRestartPriority$/i.test(priority) ? fallback : priority,
      drsBehavior:
        bool(override, "enabled") === false ? "disabled" : (oneOf(DRS_BEHAVIORS, override, "behavior") ?? null),
    };
  };
}

function byMachine(entries: readonly Tree[]): ReadonlyMap<string, Tree> {
  return new Map(entries.map((entry) => [reference(entry, "key") ?? "", entry]));
}
