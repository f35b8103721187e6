/**
 * What is read of each type of object: no more than rules use. A type stands for its subtypes too, as the API has it:
 * ComputeResource for ClusterComputeResource, Folder for StoragePod.
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

/** The type under which objects of a type are asked for. */
export function requestedAs(type: string): string {
  return SUPERTYPES[type] ?? type;
}
