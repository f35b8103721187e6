/** Fields of the inventory that RVTools has no column for. */
export const NEVER_EXPORTED: readonly string[] = [
  "hosts.api_version",
  "hosts.lockdown_mode",
  "hosts.connection_state",
  "hosts.clock_offset_ms",
  "hosts.cpu.features",
  "hosts.cpu.features_unmasked",
  "hosts.ntp.startup_policy",
  "hosts.ntp.firewall_open",
  "hosts.autostart",
  "hosts.options",
  "hosts.port_groups.uplinks",
  "datastores.ssd",
  "datastores.local",
  "resource_pools.cluster",
  "virtual_machines.numa_node_affinity",
  "virtual_machines.drs_behavior",
  "permissions",
];

/** Why those are unknown. */
export { RVTOOLS_LACKS as NOT_EXPORTED } from "../../site/estate/inventory-gaps.ts";
