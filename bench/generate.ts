import { stringify } from "yaml";

/** The two input files of a generated site, as text. */
export interface GeneratedSite {
  readonly deployment: string;
  readonly inventory: string;
}

const HOSTS_PER_CLUSTER = 10;
const NODES_PER_HOST = 4;
const NODES_PER_LOCATION = 25;
/** One node in this many has an error, so that reports have findings. */
const MISTAKE_EVERY = 100;

/**
 * A site of this many Conferencing Nodes, correct except for one planned memory size in a hundred and for certificates,
 * which are missing. The same count gives the same text.
 */
export function generateSite(nodes: number): GeneratedSite {
  const hosts = Math.ceil(nodes / NODES_PER_HOST);
  const clusters = Math.ceil(hosts / HOSTS_PER_CLUSTER);
  const deployment = {
    platform: { version: "25.4" },
    dns_servers: ["10.0.0.10", "10.0.0.11"],
    ntp_servers: ["ntp1.vc.example.com", "ntp2.vc.example.com", "ntp3.vc.example.com"],
    licences: [{ concurrent_calls: nodes * 20 }],
    expected_calls: nodes * 10,
    system_locations: times(Math.ceil(nodes / NODES_PER_LOCATION), (index) => ({ name: location(index), mtu: 1500 })),
    management_node: {
      name: "manager",
      ...network("mgmt", 0),
      vm_cpu_count: 4,
      vm_system_memory: 4096,
      vm: { name: "pexip-mgmt", cluster: cluster(0), host: host(0), network: "conferencing" },
    },
    conferencing_nodes: times(nodes, (index) => ({
      name: `node-${index}`,
      ...network(`conf${index}`, index + 1),
      alternative_fqdn: `conf${index}.vc.example.com`,
      system_location: location(Math.floor(index / NODES_PER_LOCATION)),
      deployment_type: "MANUAL-ESXI-6.7",
      vm_cpu_count: 8,
      vm_system_memory: index % MISTAKE_EVERY === 0 ? 8190 : 8192,
      vm: {
        name: machine(index),
        cluster: cluster(Math.floor(hostOf(index) / HOSTS_PER_CLUSTER)),
        host: host(hostOf(index)),
        datastore: "ssd-01",
        network: "conferencing",
        hardware_version: 15,
        disk_provisioning: "thick",
      },
    })),
  };
  const inventory = {
    collected_at: "2026-11-22T08:00:00Z",
    source: { kind: "manual" },
    clusters: times(clusters, (index) => ({
      name: cluster(index),
      evc_mode: "intel-skylake",
      ha_enabled: true,
      ha_host_monitoring: true,
      drs_enabled: false,
    })),
    hosts: times(hosts, (index) => ({
      name: host(index),
      cluster: cluster(Math.floor(index / HOSTS_PER_CLUSTER)),
      version: "6.7.0",
      api_version: "6.7.3",
      edition: "enterprise_plus",
      managed_by_vcenter: true,
      in_maintenance_mode: false,
      connection_state: "connected",
      memory_mb: 393_216,
      lockdown_mode: "lockdownNormal",
      clock_offset_ms: 3,
      cpu: {
        vendor: "intel",
        sockets: 2,
        cores: 24,
        threads: 48,
        hyperthreading_active: true,
        mhz: 2600,
        cache_mb: 33,
        max_evc_mode: "intel-skylake",
        features: { avx: true, avx2: true, avx512f: true },
      },
      ntp: {
        servers: ["10.0.0.20", "10.0.0.21", "10.0.0.22"],
        running: true,
        startup_policy: "on",
        protocol: "ntp",
        firewall_open: true,
      },
      physical_nics: ["vmnic0", "vmnic1"].map((name) => ({ name, speed_mbps: 10_000, full_duplex: true })),
      virtual_switches: [
        { name: "vSwitch0", mtu: 1500, uplinks: ["vmnic0", "vmnic1"], teaming_policy: "loadbalance_srcid" },
      ],
      port_groups: [
        { name: "conferencing", virtual_switch: "vSwitch0", vlan: 10, teaming_policy: null, shaping_enabled: false },
      ],
    })),
    datastores: [{ name: "ssd-01", type: "VMFS", ssd: true, local: false, hosts: times(hosts, host) }],
    virtual_machines: [
      virtualMachine({ name: "pexip-mgmt", index: 0, hostIndex: 0, cpus: 4, memory: 4096 }),
      ...times(nodes, (index) =>
        virtualMachine({ name: machine(index), index: index + 1, hostIndex: hostOf(index), cpus: 8, memory: 8192 }),
      ),
    ],
  };
  return { deployment: stringify(deployment, { lineWidth: 0 }), inventory: JSON.stringify(inventory, null, 1) };
}

interface MachineInit {
  readonly name: string;
  /** Distinguishes VMs in values that must be unique. */
  readonly index: number;
  readonly hostIndex: number;
  readonly cpus: number;
  readonly memory: number;
}

function virtualMachine({ name, index, hostIndex, cpus, memory }: MachineInit) {
  const digits = index.toString(16).padStart(6, "0");
  return {
    name,
    uuid: `4203c0de-0000-4000-8000-000000${digits}`,
    host: host(hostIndex),
    cluster: cluster(Math.floor(hostIndex / HOSTS_PER_CLUSTER)),
    power_state: "poweredOn",
    hardware_version: 15,
    cpus,
    memory_mb: memory,
    cpu_reservation_mhz: cpus * 2600,
    cpu_limit_mhz: null,
    memory_reservation_mb: memory,
    memory_limit_mb: null,
    min_required_evc_mode: "intel-skylake",
    ha_restart_priority: "medium",
    numa_node_affinity: null,
    tools_time_sync: false,
    snapshots: 0,
    disks: [{ label: "Hard disk 1", thin: false, datastore: "ssd-01", capacity_mb: 51_200 }],
    nics: [
      {
        label: "Network adapter 1",
        adapter: "vmxnet3",
        network: "conferencing",
        mac_address_type: "manual",
        mac_address: `00:50:56:${digits.replace(/(..)(..)(..)/, "$1:$2:$3")}`,
      },
    ],
  };
}

function network(hostname: string, index: number) {
  const address = (last: number) => `10.${1 + Math.floor(index / 65_000)}.${Math.floor(index / 250) % 256}.${last}`;
  return {
    hostname,
    domain: "vc.example.com",
    address: address(2 + (index % 250)),
    netmask: "255.255.255.0",
    gateway: address(1),
  };
}

function hostOf(node: number): number {
  return Math.floor(node / NODES_PER_HOST);
}

const location = (index: number) => `location-${index}`;
const cluster = (index: number) => `cluster-${index}`;
const host = (index: number) => `esxi${index}.example.com`;
const machine = (index: number) => `pexip-conf${index}`;

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}
