import type { JsonSchema } from "../values/json-schema.ts";
import { hostSchema, teaming, uplinks, vlan } from "./inventory-host.schema.ts";
import {
  document,
  flag,
  hardwareVersion,
  integer,
  list,
  map,
  name,
  nullable,
  oneOf,
  record,
  text,
  texts,
} from "./schema-parts.ts";

/** VMware's licence editions that matter to the rules; `other` is any edition not in this list. */
const editions = [
  "free",
  "essentials",
  "essentials_plus",
  "standard",
  "enterprise_plus",
  "vsphere_foundation",
  "cloud_foundation",
  "evaluation",
  "other",
];

const drsBehaviors = ["manual", "partiallyAutomated", "fullyAutomated"];

const source = record("Source", "The source of the inventory.", {
  kind: oneOf("Kind of source; manual means written by hand.", [
    "vsphere",
    "govc",
    "rvtools",
    "powercli",
    "vi-json",
    "manual",
  ]),
  server: text("Name or address of the vCenter Server or ESXi host that was read.", {
    examples: ["vcenter01.vc.example.com"],
  }),
  tool_version: text("Version of the tool that collected the data.", { examples: ["0.46.0"] }),
});

const coverage = map(
  "What the source does not provide, and why: a field (hosts.lockdown_mode) or one object (hosts[esxi03.example.com]) and the reason. A list that is named here and has entries may have more. Inconclusive checks quote the reason.",
  { type: "string" },
  { examples: [{ "hosts.lockdown_mode": "RVTools does not export it" }] },
);

const incomplete = map(
  "Lists that may have more entries than this inventory shows, and why: a list (virtual_machines), or the VMs of one host (hosts[esxi01.example.com].virtual_machines). What is not in such a list is unknown, not absent; inconclusive checks quote the reason.",
  { type: "string" },
  { examples: [{ virtual_machines: "2 rows of the vInfo tab have no name" }] },
);

const vcenter = record("Vcenter", "The server that the inventory comes from.", {
  address: text("Name or address of the server.", { examples: ["vcenter01.vc.example.com"] }),
  version: text("Version of the server's software, in quotes.", { examples: ["6.7.0"] }),
  api_type: oneOf("VirtualCenter is a vCenter Server, HostAgent a single ESXi host.", ["VirtualCenter", "HostAgent"]),
});

const license = record("Licence", "A VMware license in use, without its key.", {
  name: text("Name of the license as vSphere shows it."),
  edition: oneOf("Edition of the license.", editions),
});

const datacenter = record("Datacenter", "A vSphere datacenter.", {
  name: text("Name of the datacenter.", { examples: ["Oslo-DC"] }),
});

const vmHostRule = record(
  "VM/Host rule",
  "A VM/Host rule of a cluster: on which hosts some of its virtual machines run.",
  {
    name: name("Name of the rule.", "pexip-hosts"),
    enabled: flag("Whether the rule is enabled."),
    mandatory: flag(
      "Whether it is mandatory (must rule); a should rule does not exclude a virtual machine from a host.",
    ),
    virtual_machines: texts("Names of the virtual machines that the rule is for.", { examples: [["pexip-conf01"]] }),
    affine_hosts: texts("Names of the only hosts on which they run.", { examples: [["esxi01.example.com"]] }),
    anti_affine_hosts: texts("Names of the hosts on which they do not run.", { examples: [["esxi09.example.com"]] }),
  },
  ["name"],
);

const cluster = record(
  "Cluster",
  "A vSphere cluster of ESXi hosts.",
  {
    name: name("Name of the cluster.", "vc-cluster"),
    datacenter: text("Name of the datacenter that contains the cluster."),
    host_count: integer(
      "Number of hosts in the cluster, including those that are not in this inventory. If the inventory has fewer, checks of hosts are inconclusive.",
      { examples: [4] },
    ),
    evc_mode: nullable(
      text("EVC mode by vSphere's key, for example intel-sandybridge; null when EVC is disabled.", {
        examples: ["intel-sandybridge", null],
      }),
    ),
    ha_enabled: flag("Whether vSphere HA is on."),
    ha_host_monitoring: flag(
      "Whether HA monitors hosts (Host Monitoring), and so restarts the virtual machines of one that fails.",
    ),
    drs_enabled: flag("Whether DRS is on."),
    drs_behavior: oneOf("DRS automation level, as vSphere names it.", drsBehaviors),
    vm_host_rules: list("The VM/Host rules of the cluster.", vmHostRule),
  },
  ["name"],
);

const distributedSwitch = record(
  "Distributed switch",
  "A vSphere distributed switch.",
  {
    name: name("Name of the switch.", "dvs-core"),
    datacenter: text("Name of the datacenter that contains the switch."),
    mtu: integer("MTU of the switch, in bytes.", { minimum: 1, examples: [1500] }),
    lacp_api_version: oneOf(
      "How the switch supports LACP: multipleLag has LAGs, singleLag (basic LACP) has none and requires IP hash of port groups.",
      ["singleLag", "multipleLag"],
    ),
    lags: list(
      "Link aggregation groups of the switch; [] when it has none.",
      record(
        "Lag",
        "A link aggregation group (LAG), which port groups use like an uplink.",
        {
          name: name("Name of the LAG.", "lag1"),
          load_balance: text("Load-balancing algorithm, by vSphere's key.", {
            examples: ["srcDestIpTcpUdpPortVlan", "srcMac"],
          }),
        },
        ["name"],
      ),
    ),
    hosts: list(
      "The member hosts of the switch.",
      record("Switch member", "A member host of a distributed switch.", {
        name: text("Name of the host.", { examples: ["esxi01.example.com"] }),
        uplinks: uplinks("Physical network adapters of the host that are uplinks of the switch."),
      }),
    ),
  },
  ["name"],
);

const distributedPortGroup = record(
  "Distributed port group",
  "A port group of a distributed switch; it exists on every host of the switch.",
  {
    name: name("Name of the port group.", "dv-conferencing"),
    datacenter: text("Name of the datacenter that contains the port group and its switch."),
    distributed_switch: text("Name of the distributed switch that the port group belongs to."),
    vlan,
    teaming_policy: teaming("Load balancing across the uplinks, by vSphere's key."),
    active_uplinks: texts("Active uplinks and LAGs of the port group, by their names on the switch.", {
      examples: [["Uplink 1", "Uplink 2"], ["lag1"]],
    }),
    standby_uplinks: texts("Its standby uplinks and LAGs.", { examples: [[]] }),
    unused_uplinks: texts("Uplinks and LAGs of the switch that it does not use.", { examples: [["Uplink 3"]] }),
    ingress_shaping_enabled: flag("Whether traffic shaping is on for packets from virtual machines to the switch."),
    egress_shaping_enabled: flag("Whether traffic shaping is on for packets from the switch to virtual machines."),
    port_teaming_override_allowed: flag("Whether individual ports may override the teaming policy."),
  },
  ["name"],
);

const nsxSegment = record(
  "NSX segment",
  "A network that NSX manages.",
  { name: name("Name of the segment.", "conferencing-segment") },
  ["name"],
);

const datastore = record(
  "Datastore",
  "A datastore.",
  {
    name: name("Name of the datastore.", "ssd-01"),
    type: text("Type of the datastore in vSphere.", { examples: ["VMFS", "NFS", "vsan", "VVOL"] }),
    ssd: flag("Whether vSphere treats the datastore as solid-state storage."),
    local: flag("Whether the storage belongs to one host, as opposed to a shared array."),
    hosts: texts("Names of the hosts that can use the datastore.", { examples: [["esxi01.example.com"]] }),
    datastore_cluster: nullable(text("Name of its datastore cluster; null if it is not in one.")),
  },
  ["name"],
);

const resourcePool = record(
  "Resource pool",
  "A resource pool.",
  {
    name: name("Name of the resource pool.", "pexip"),
    path: text("Inventory path of the resource pool.", { examples: ["/Oslo-DC/host/vc-cluster/Resources/pexip"] }),
    cluster: nullable(text("Name of the cluster that contains the pool; null for a pool of a standalone host.")),
  },
  ["name"],
);

const disk = record("Disk", "A virtual disk.", {
  label: text("Label of the disk as vSphere shows it.", { examples: ["Hard disk 1"] }),
  thin: flag("Whether the disk is thin provisioned."),
  datastore: text("Name of the datastore that contains the disk."),
  capacity_mb: integer("Capacity in MB.", { examples: [101376] }),
});

const nic = record("Nic", "A virtual network adapter.", {
  label: text("Label of the adapter as vSphere shows it.", { examples: ["Network adapter 1"] }),
  adapter: text("Type of the adapter.", { examples: ["vmxnet3", "e1000e"] }),
  network: text("Name of the port group that the adapter is connected to.", { examples: ["conferencing"] }),
  mac_address: text("MAC address of the adapter.", { examples: ["00:50:56:2a:00:05"] }),
  mac_address_type: oneOf(
    "Where the MAC address comes from: manual is a static one, generated by the host, assigned by vCenter.",
    ["manual", "generated", "assigned"],
  ),
});

const virtualMachine = record(
  "Virtual machine",
  "A virtual machine with its current settings.",
  {
    name: name("Name of the virtual machine.", "pexip-conf01"),
    uuid: text("BIOS UUID (config.uuid).", { examples: ["421c5e9f-6a3c-4d8e-9b1f-2f6a0c1d3e45"] }),
    host: text("Name of the host on which it is placed.", { examples: ["esxi01.example.com"] }),
    cluster: nullable(text("Name of its cluster; null on a standalone host.")),
    datacenter: text("Name of the datacenter that contains it."),
    power_state: oneOf("Power state.", ["poweredOn", "poweredOff", "suspended"]),
    template: flag("Whether it is a template; templates never run."),
    hardware_version: hardwareVersion("Virtual hardware version, as 14 or vmx-14."),
    cpus: integer("Number of virtual CPUs.", { minimum: 1, examples: [8] }),
    cores_per_socket: integer("Number of cores of one virtual socket.", { minimum: 1 }),
    memory_mb: integer("Memory in MB.", { examples: [8192] }),
    cpu_reservation_mhz: integer("Reserved CPU in MHz; 0 if none."),
    cpu_limit_mhz: nullable(integer("CPU limit of the VM in MHz; null when unlimited.")),
    memory_reservation_mb: integer("Reserved memory in MB; 0 if none."),
    memory_limit_mb: nullable(integer("Memory limit of the VM in MB; null when unlimited.")),
    memory_reservation_locked: flag("Whether all of its memory is reserved, regardless of its size."),
    min_required_evc_mode: nullable(
      text(
        "EVC mode that the running machine requires, by vSphere's key; null if it is powered off or EVC does not apply.",
      ),
    ),
    numa_node_affinity: {
      description: 'NUMA nodes that it is bound to (numa.nodeAffinity), as 0 or "0,1"; null when it is bound to none.',
      type: ["string", "integer", "null"],
      minimum: 0,
      examples: ["0,1", null],
    },
    ha_restart_priority: text(
      "Effective HA restart priority: its own, or else its cluster's default; disabled when HA does not restart it.",
      { examples: ["medium", "disabled"] },
    ),
    drs_behavior: nullable(
      oneOf(
        "Its DRS override; disabled if DRS does not manage it, null if it follows the cluster, also where overrides are not allowed.",
        [...drsBehaviors, "disabled"],
      ),
    ),
    tools_time_sync: flag("Whether VMware Tools synchronizes the guest's clock with the host's."),
    snapshots: integer("Number of snapshots."),
    ip_addresses: texts("IP addresses that VMware Tools reports."),
    disks: list("Virtual disks.", disk),
    nics: list("Virtual network adapters, in vSphere's order.", nic),
  },
  ["name"],
);

const permission = record("Permission", "A permission of a user or group on an object.", {
  principal: text("User or group that has the permission.", { examples: ["VSPHERE.LOCAL\\svc-pexip"] }),
  role: text("Name of the role.", { examples: ["pexip-deploy", "Admin"] }),
  entity: text("Name of the inventory object on which the permission is set.", { examples: ["Oslo-DC"] }),
  entity_type: text("Type of that object in vSphere.", { examples: ["Datacenter", "Folder"] }),
  propagate: flag("Whether the permission propagates to child objects."),
  privileges: texts("Privilege ids of the role.", { examples: [["Datastore.AllocateSpace", "Network.Assign"]] }),
  is_effective: flag(
    "Whether vCenter Server computed the privileges for the object, including those of groups and inherited ones; absent for a permission that was set.",
  ),
});

/** JSON Schema of an inventory: the current state of vSphere. */
export const inventorySchema: JsonSchema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  $id: "inventory.schema.json",
  ...document(
    "Inventory",
    "The current state of vSphere: hosts, clusters, networks, datastores and virtual machines, as flat lists that refer to each other by name. Written by an importer or by hand.",
    {
      collected_at: text("When the data was collected: an RFC 3339 time. Without a zone, its zone is unknown.", {
        pattern: "^\\d{4}-\\d{2}-\\d{2}[Tt]\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?([Zz]|[+-]\\d{2}:\\d{2})?$",
        examples: ["2026-11-22T08:00:00Z"],
      }),
      source,
      coverage,
      incomplete,
      vcenter,
      licences: list(
        "VMware licenses in use, for reference. Rules use hosts[].edition instead, because a list does not show which host has which license.",
        license,
      ),
      datacenters: list("Datacenters.", datacenter),
      clusters: list("Clusters.", cluster),
      hosts: list("ESXi hosts.", hostSchema(editions)),
      distributed_switches: list("Distributed switches.", distributedSwitch),
      distributed_port_groups: list("Port groups of distributed switches.", distributedPortGroup),
      nsx_segments: list(
        "Networks managed by NSX. vSphere does not show which hosts have them, or their teaming.",
        nsxSegment,
      ),
      datastores: list("Datastores.", datastore),
      resource_pools: list("Resource pools.", resourcePool),
      virtual_machines: list("Virtual machines, also those that are not part of the deployment.", virtualMachine),
      permissions: list("Permissions, for the account that deploys Conferencing Nodes.", permission),
    },
  ),
};
