/**
 * The properties read for each type of object: only those that rules use. As in the API, a type includes its subtypes:
 * ComputeResource includes ClusterComputeResource, Folder includes StoragePod.
 */
export const PROPERTIES: Readonly<Record<string, readonly string[]>> = {
  Folder: ["name", "parent"],
  Datacenter: ["name", "parent"],
  ComputeResource: ["name", "parent", "host", "configurationEx", "summary"],
  ResourcePool: ["name", "parent"],
  HostSystem: [
    "name",
    "parent",
    "vm",
    "runtime.connectionState",
    "runtime.inMaintenanceMode",
    "summary.config.product",
    "summary.hardware",
    "summary.managementServerIp",
    "summary.maxEVCModeKey",
    "summary.currentEVCModeKey",
    "hardware.cpuInfo",
    "hardware.cpuPkg",
    "hardware.memorySize",
    "config.adminDisabled",
    "config.autoStart",
    "config.dateTimeInfo",
    "config.featureCapability",
    "config.firewall.ruleset",
    "config.hyperThread",
    "config.lockdownMode",
    "config.maskedFeatureCapability",
    "config.network.pnic",
    "config.network.portgroup",
    "config.network.proxySwitch",
    "config.network.vswitch",
    "config.option",
    "config.product",
    "config.service",
    "configManager.dateTimeSystem",
  ],
  DistributedVirtualSwitch: ["name", "parent", "uuid", "config", "summary.hostMember"],
  DistributedVirtualPortgroup: [
    "name",
    "parent",
    "key",
    "config.distributedVirtualSwitch",
    "config.backingType",
    "config.defaultPortConfig",
    "config.policy",
  ],
  OpaqueNetwork: ["name", "summary"],
  Datastore: ["name", "parent", "summary.type", "info", "host", "vm"],
  VirtualMachine: [
    "name",
    "parent",
    "runtime.connectionState",
    "runtime.host",
    "runtime.minRequiredEVCModeKey",
    "runtime.powerState",
    "config.cpuAllocation",
    "config.extraConfig",
    "config.hardware.device",
    "config.hardware.memoryMB",
    "config.hardware.numCoresPerSocket",
    "config.hardware.numCPU",
    "config.memoryAllocation",
    "config.memoryReservationLockedToMax",
    "config.template",
    "config.tools",
    "config.uuid",
    "config.version",
    "guest.ipAddress",
    "guest.net",
    "snapshot",
  ],
};

const SUPERTYPES: Readonly<Record<string, string>> = {
  ClusterComputeResource: "ComputeResource",
  StoragePod: "Folder",
  VirtualApp: "ResourcePool",
  VmwareDistributedVirtualSwitch: "DistributedVirtualSwitch",
};

/** The type with which objects of a type are requested. */
export function requestedAs(type: string): string {
  return SUPERTYPES[type] ?? type;
}
