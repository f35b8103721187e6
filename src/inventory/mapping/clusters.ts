import type { Cluster, VmHostRule } from "../../schema/inventory.generated.ts";
import type { InventoryPaths } from "./inventory-paths.ts";
import { type ManagedObject, property, type Source } from "./managed-objects.ts";
import { type ListContext, ObjectReader } from "./object-reader.ts";
import { bool, int, known, list, oneOf, reference, str, type Tree } from "./tree.ts";

const DRS_BEHAVIORS = ["manual", "partiallyAutomated", "fullyAutomated"] as const;

export function clusterOf(
  object: ManagedObject,
  name: string,
  { source, coverage, inventoryPaths, hostWithEvc }: ClusterContext,
): Cluster {
  const reader = new ObjectReader(source, coverage, "clusters", object, name);
  return known({
    name,
    datacenter: reader.orMissing("datacenter", inventoryPaths.datacenterOf(object), () =>
      inventoryPaths.whyNoDatacenter(object, source),
    ),
    host_count: reader.take("host_count", "summary.numHosts", (value) => {
      const count = int(value);
      return count === undefined || count < 0 ? undefined : count;
    }),
    evc_mode: evcModeOf(reader, hostWithEvc(object)),
    ha_enabled: reader.take("ha_enabled", "configurationEx.dasConfig.enabled", bool),
    // ClusterDasConfigInfo.hostMonitoring: "The default value is enabled."
    ha_host_monitoring: reader.takeOr(
      "ha_host_monitoring",
      "configurationEx.dasConfig.hostMonitoring",
      (value) => SERVICE_STATES[str(value)?.trim().toLowerCase() ?? ""],
      true,
    ),
    drs_enabled: reader.take("drs_enabled", "configurationEx.drsConfig.enabled", bool),
    drs_behavior: reader.take("drs_behavior", "configurationEx.drsConfig.defaultVmBehavior", (value) =>
      oneOf(DRS_BEHAVIORS, value),
    ),
    vm_host_rules: reader.take("vm_host_rules", "configurationEx", (settings) => vmHostRules(settings, inventoryPaths)),
  });
}

/**
 * ClusterComputeResourceSummary.currentEVCModeKey is unset when EVC is disabled. HostListSummary.currentEVCModeKey: "If the
 * host is in a cluster where EVC is active, this will match the cluster's EVC mode; otherwise this will be unset."
 */
function evcModeOf(reader: ObjectReader, hostWithEvc: string | undefined): string | null | undefined {
  const mode = reader.takeOr("evc_mode", "summary.currentEVCModeKey", str, null);
  if (mode !== null || hostWithEvc === undefined) return mode;
  reader.noteMissing("evc_mode", `the cluster has no EVC mode, but its host ${hostWithEvc} has one`);
  return undefined;
}

/** Finds a host of each cluster that has an EVC mode, by its name; of a host that is not connected, the last one is old. */
export function hostsWithEvc(
  { objects }: Source,
  inventoryPaths: InventoryPaths,
): (cluster: ManagedObject) => string | undefined {
  const names = new Map<string, string>();
  for (const host of objects.of("HostSystem")) {
    const state =
      str(property(host, "runtime.connectionState")) ?? str(property(host, "summary.runtime.connectionState"));
    const cluster = reference(property(host, "parent"));
    if (state !== "connected" || cluster === undefined || property(host, "summary.currentEVCModeKey") === undefined)
      continue;
    names.set(cluster, inventoryPaths.nameOf(host.id) ?? host.id);
  }
  return ({ id }) => names.get(id);
}

/** What reading a cluster takes. */
interface ClusterContext extends ListContext {
  readonly hostWithEvc: (cluster: ManagedObject) => string | undefined;
}

/** ClusterDasConfigInfoServiceState. */
const SERVICE_STATES: Readonly<Record<string, boolean>> = { enabled: true, disabled: false };

/**
 * The rules of type ClusterVmHostRuleInfo with the members of their groups. A group that is missing, or that has a host
 * without a readable name, is omitted: unknown data must not exclude a machine from a host.
 */
function vmHostRules(settings: Tree, inventoryPaths: InventoryPaths): readonly VmHostRule[] {
  const groups = new Map(list(settings, "group").map((group) => [str(group, "name"), group]));
  const membersOf = (name: string | undefined, key: "vm" | "host"): readonly (string | undefined)[] | undefined => {
    const group = name === undefined ? undefined : groups.get(name);
    return group === undefined ? undefined : list(group, key).map((member) => inventoryPaths.nameOf(reference(member)));
  };
  return list(settings, "rule").flatMap((rule): readonly VmHostRule[] => {
    const machines = membersOf(str(rule, "vmGroupName"), "vm");
    if (machines === undefined) return [];
    const affine = membersOf(str(rule, "affineHostGroupName"), "host");
    const antiAffine = membersOf(str(rule, "antiAffineHostGroupName"), "host");
    const given = (names: readonly (string | undefined)[]) => names.filter((name) => name !== undefined);
    return [
      known({
        name: str(rule, "name") ?? "",
        // ClusterRuleInfo.enabled and mandatory are unset only while a rule is created: both are then false.
        enabled: bool(rule, "enabled") ?? false,
        mandatory: bool(rule, "mandatory") ?? false,
        virtual_machines: given(machines),
        affine_hosts: affine?.includes(undefined) === true ? undefined : affine && given(affine),
        anti_affine_hosts: antiAffine && given(antiAffine),
      }),
    ];
  });
}

/** A cluster's settings for one of its virtual machines: undefined if unknown. */
export interface ClusterRules {
  readonly haRestartPriority: string | undefined;
  /** Null if the machine follows the cluster. */
  readonly drsBehavior: (typeof DRS_BEHAVIORS)[number] | "disabled" | null | undefined;
  /** Why all of them are unknown; null if the settings can be read. */
  readonly unreadable: string | null;
}

/** Looks up the settings of a cluster for a machine; created once per cluster, as there may be many machines. */
export function clusterRules(cluster: ManagedObject): (machine: string) => ClusterRules {
  const settings = property(cluster, "configurationEx");
  const unreadable = cluster.faults.get("configurationEx") ?? "vSphere does not report the settings of its cluster";
  const ha = byMachine(list(settings, "dasVmConfig"));
  // ClusterDrsConfigInfo.enableVmBehaviorOverrides: settings of single machines count only if it is true, which is the
  // default.
  const isOverridable = bool(settings, "drsConfig.enableVmBehaviorOverrides") ?? true;
  const drs = byMachine(isOverridable ? list(settings, "drsVmConfig") : []);
  const fallback = str(settings, "dasConfig.defaultVmSettings.restartPriority");
  return (machine) => {
    if (settings === undefined) return { haRestartPriority: undefined, drsBehavior: undefined, unreadable };
    const own = ha.get(machine);
    const priority = str(own, "dasSettings.restartPriority") ?? str(own, "restartPriority");
    const override = drs.get(machine);
    return {
      haRestartPriority: priority === undefined || /^clusterRestartPriority$/i.test(priority) ? fallback : priority,
      unreadable: null,
      drsBehavior:
        bool(override, "enabled") === false ? "disabled" : (oneOf(DRS_BEHAVIORS, override, "behavior") ?? null),
    };
  };
}

function byMachine(entries: readonly Tree[]): ReadonlyMap<string, Tree> {
  return new Map(entries.map((entry) => [reference(entry, "key") ?? "", entry]));
}
