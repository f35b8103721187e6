/*
 * One mistake each in the clean example, and the rule that must fail for it, there and nowhere else. A path leads to a
 * value by keys, names and indices; `REMOVED` takes it away.
 */

export const REMOVED = Symbol("removed");

type Edits = Readonly<Record<string, unknown>>;

/** A mistake. */
export interface Seed {
  readonly rule: string;
  readonly deployment?: Edits;
  readonly inventory?: Edits;
  /** Where the rule points, as `deployment:<path>` or `inventory:<path>`; by default at the first value that is changed. */
  readonly at?: string;
  /** The rules that fail too, and why that is right. */
  readonly also?: Readonly<Record<string, string>>;
  /** When the example is judged, where that is the mistake. */
  readonly now?: string;
}

const ESXI01 = "hosts/esxi01.example.com";
/** The host of oslo-edge01 alone, which no other node can come to run on. */
const ESXI11 = "hosts/esxi11.example.com";
const MGMT_VM = "virtual_machines/pexip-mgmt01";
const CONF01_VM = "virtual_machines/pexip-conf01";
const MANAGER = "management_node";
const CONF01 = "conferencing_nodes/oslo-conf01";
/** Has no VM yet. */
const CONF04 = "conferencing_nodes/oslo-conf04";
const EDGE01 = "conferencing_nodes/oslo-edge01";
const CORE = "clusters/vc-core";

const CORE_HOSTS = ["01", "02", "03", "04"].map((number) => `hosts/esxi${number}.example.com`);
const CORE_VMS = ["mgmt01", "conf01", "conf02", "conf03"].map((name) => `virtual_machines/pexip-${name}`);

/** The same for each object. */
const inAll = (objects: readonly string[], field: string, value: unknown): Edits =>
  Object.fromEntries(objects.map((object) => [`${object}/${field}`, value]));

const DEPRECATED = "automatic deployment is deprecated by itself";
const AUTOMATIC = { "platform/automatic-deployment-deprecated": DEPRECATED };
const automatic = { [`${CONF04}/deployment_type`]: "AUTOMATIC" };

/** A VM that is no node's. */
const stranger = (host: string, ...addresses: readonly string[]) => ({
  name: "dc01",
  host,
  cluster: null,
  power_state: "poweredOn",
  ip_addresses: addresses,
});

const crowd = Array.from({ length: 55 }, (_, index) => ({
  name: `oslo-crowd${index}`,
  hostname: `crowd${index}`,
  domain: "vc.example.com",
  system_location: "Oslo",
  address: `10.44.10.${100 + index}`,
  netmask: "255.255.255.0",
  gateway: "10.44.10.1",
  alternative_fqdn: `crowd${index}.vc.example.com`,
}));

export const SEEDS: readonly Seed[] = [
  // platform
  {
    rule: "platform/esxi-supported-version",
    inventory: { [`${ESXI11}/version`]: "7.0.3", [`${ESXI11}/api_version`]: REMOVED },
  },
  {
    rule: "platform/esxi-supported-version",
    inventory: { [`${ESXI11}/version`]: "4.1.0", [`${ESXI11}/api_version`]: REMOVED },
  },
  {
    rule: "platform/esxi-recommended-version",
    inventory: { [`${ESXI11}/version`]: "5.5.0", [`${ESXI11}/api_version`]: REMOVED },
    also: {
      "platform/deployment-type-matches-esxi": "the node is still to be deployed as for ESXi 6.7",
      "vm/hardware-version-runs-on-host": "ESXi 5.5 is supported and does not start the node's VM",
    },
  },
  { rule: "platform/version-profile-known", deployment: { "platform/version": "27" } },
  { rule: "platform/version-profile-known", deployment: { "platform/version": REMOVED } },
  {
    rule: "platform/free-edition",
    inventory: { [`${ESXI11}/edition`]: "free" },
    also: { "platform/edition-standard": "the catalogue has both fail for the free edition" },
  },
  {
    rule: "platform/edition-standard",
    deployment: { "platform/environment": "test" },
    inventory: { [`${ESXI11}/edition`]: "free" },
    at: `inventory:${ESXI11}/edition`,
  },
  {
    rule: "platform/distributed-switch-edition",
    inventory: { [`${ESXI01}/edition`]: "standard" },
  },
  {
    rule: "platform/automatic-deployment-needs-api",
    deployment: { [`${EDGE01}/deployment_type`]: "AUTOMATIC" },
    inventory: { [`${ESXI11}/edition`]: "free" },
    also: {
      ...AUTOMATIC,
      "platform/free-edition": "of the host",
      "platform/edition-standard": "of the host",
      "cluster/datastore-cluster": "the host is in a cluster, and its datastore in none",
    },
  },
  { rule: "platform/automatic-deployment-deprecated", deployment: automatic },
  { rule: "platform/deployment-type-matches-esxi", deployment: { [`${CONF04}/deployment_type`]: "MANUAL-ESXI-6.0" } },
  { rule: "platform/lockdown-mode", inventory: { [`${ESXI11}/lockdown_mode`]: "lockdownDisabled" } },
  { rule: "platform/standalone-host", inventory: { [`${ESXI11}/managed_by_vcenter`]: false } },

  // host
  { rule: "host/cpu-avx", inventory: { [`${ESXI11}/cpu/features/avx`]: false } },
  { rule: "host/cpu-avx2", inventory: { [`${ESXI11}/cpu/features/avx2`]: false } },
  { rule: "host/cpu-cache-size", inventory: { [`${ESXI11}/cpu/cache_mb`]: 11 } },
  {
    rule: "host/dedicated",
    inventory: { "virtual_machines/+": stranger("esxi11.example.com") },
    at: "inventory:virtual_machines/+/host",
  },
  {
    rule: "host/cpu-overcommit",
    inventory: {
      [`${ESXI01}/cpu/hyperthreading_active`]: false,
      [`${MGMT_VM}/host`]: "esxi01.example.com",
      "virtual_machines/pexip-conf02/host": "esxi01.example.com",
    },
    at: `inventory:${ESXI01}/cpu/cores`,
  },
  { rule: "host/memory-overcommit", inventory: { [`${ESXI11}/memory_mb`]: 8188 } },
  { rule: "host/in-maintenance-mode", inventory: { [`${ESXI11}/in_maintenance_mode`]: true } },
  { rule: "host/in-maintenance-mode", inventory: { [`${ESXI11}/connection_state`]: "notResponding" } },

  // time
  { rule: "time/host-ntp-configured", inventory: { [`${ESXI11}/ntp/servers`]: [] } },
  { rule: "time/host-ntp-running", inventory: { [`${ESXI11}/ntp/running`]: false } },
  { rule: "time/host-ntp-startup-policy", inventory: { [`${ESXI11}/ntp/startup_policy`]: "automatic" } },
  {
    rule: "time/host-ntp-server-count",
    inventory: { [`${ESXI11}/ntp/servers`]: ["a.example.com", "A.example.com.", "b.example.com iburst"] },
  },
  { rule: "time/host-ntp-firewall", inventory: { [`${ESXI11}/ntp/firewall_open`]: false } },
  { rule: "time/host-clock-offset", inventory: { [`${ESXI11}/clock_offset_ms`]: -1500 } },
  { rule: "time/node-ntp-configured", deployment: { ntp_servers: [] } },
  { rule: "time/node-ntp-configured", deployment: { "system_locations/Oslo/ntp_servers": [] } },
  { rule: "time/node-ntp-server-count", deployment: { "ntp_servers/2": REMOVED }, at: "deployment:ntp_servers" },
  { rule: "time/ntp-server-address", deployment: { "ntp_servers/1": "http://ntp2.vc.example.com" } },
  { rule: "time/ntp-not-self", deployment: { "ntp_servers/1": "10.44.10.5" } },
  { rule: "time/utc-only", deployment: { [`${CONF01}/timezone`]: "Europe/Oslo" } },

  // cluster
  { rule: "cluster/evc-min-sandy-bridge", inventory: { [`${CORE}/evc_mode`]: "intel-westmere" } },
  {
    rule: "cluster/evc-min-sandy-bridge",
    // As an export has it: all VMs and hosts of the cluster show it.
    inventory: {
      [`${CORE}/evc_mode`]: "intel-westmere",
      ...inAll(CORE_HOSTS, "cpu/evc_mode", "intel-westmere"),
      ...inAll(CORE_HOSTS, "cpu/features", { avx: false, avx2: false, avx512f: false }),
      ...inAll(CORE_VMS, "min_required_evc_mode", "intel-westmere"),
    },
  },
  {
    rule: "cluster/evc-disabled-on-mixed-cpus",
    inventory: { [`${CORE}/evc_mode`]: "intel-broadwell" },
    also: { "vm/evc-level-current": "running VMs above a mode that was lowered have to be shut down (L263)" },
  },
  { rule: "cluster/single-cpu-vendor", inventory: { "hosts/esxi12.example.com/cpu/vendor": "amd" } },
  { rule: "cluster/drs-not-fully-automated", inventory: { [`${CORE}/drs_behavior`]: "fullyAutomated" } },
  {
    rule: "cluster/datastore-cluster",
    deployment: automatic,
    inventory: { "datastores/core-ssd-02/datastore_cluster": null },
    at: "inventory:datastores/core-ssd-02/datastore_cluster",
    also: AUTOMATIC,
  },

  // vm
  { rule: "vm/hardware-version-minimum", deployment: { [`${CONF04}/vm/hardware_version`]: 7 } },
  { rule: "vm/hardware-version-minimum", inventory: { [`${CONF01_VM}/hardware_version`]: 7 } },
  { rule: "vm/hardware-version-avx2", deployment: { [`${CONF04}/vm/hardware_version`]: 10 } },
  { rule: "vm/hardware-version-avx2", inventory: { [`${CONF01_VM}/hardware_version`]: 10 } },
  { rule: "vm/hardware-version-avx512", deployment: { [`${CONF04}/vm/hardware_version`]: 13 } },
  { rule: "vm/hardware-version-matches-host", deployment: { [`${CONF04}/vm/hardware_version`]: 14 } },
  { rule: "vm/hardware-version-runs-on-host", deployment: { [`${CONF04}/vm/hardware_version`]: 17 } },
  { rule: "vm/memory-multiple-of-4", deployment: { [`${CONF04}/vm_system_memory`]: 8190 } },
  { rule: "vm/memory-multiple-of-4", deployment: { [`${CONF01}/vm_system_memory`]: 16382 } },
  { rule: "vm/memory-multiple-of-4", inventory: { [`${CONF01_VM}/memory_mb`]: 16383 } },
  { rule: "vm/memory-per-vcpu", deployment: { [`${CONF04}/vm_system_memory`]: 4096 } },
  { rule: "vm/memory-per-vcpu", deployment: { [`${CONF04}/vm_system_memory`]: 20480 } },
  { rule: "vm/size-within-limits", deployment: { [`${CONF04}/vm_cpu_count`]: 1 } },
  { rule: "vm/size-within-limits", deployment: { [`${CONF04}/vm_cpu_count`]: 129 } },
  { rule: "vm/size-within-limits", deployment: { [`${CONF04}/vm_system_memory`]: 1996 } },
  { rule: "vm/size-within-limits", deployment: { [`${CONF01}/vm_system_memory`]: 64004 } },
  { rule: "vm/vcpu-per-core", deployment: { [`${CONF04}/vm_cpu_count`]: 33, [`${CONF04}/vm_system_memory`]: 33792 } },
  { rule: "vm/cpu-reserved", inventory: { [`${CONF01_VM}/cpu_reservation_mhz`]: 0 } },
  {
    rule: "vm/memory-reserved",
    inventory: { [`${CONF01_VM}/memory_reservation_mb`]: 8192, [`${CONF01_VM}/memory_reservation_locked`]: false },
  },
  { rule: "vm/no-resource-limits", inventory: { [`${CONF01_VM}/cpu_limit_mhz`]: 20000 } },
  { rule: "vm/no-resource-limits", inventory: { [`${CONF01_VM}/memory_limit_mb`]: 16384 } },
  { rule: "vm/thick-disk", deployment: { [`${CONF04}/vm/disk_provisioning`]: "thin" } },
  { rule: "vm/thick-disk", inventory: { [`${CONF01_VM}/disks/0/thin`]: true } },
  { rule: "vm/ssd-datastore", inventory: { "datastores/esxi11-local-ssd/ssd": false } },
  { rule: "vm/static-mac-management", inventory: { [`${MGMT_VM}/nics/0/mac_address_type`]: "assigned" } },
  { rule: "vm/mac-address", inventory: { [`${CONF01_VM}/nics/0/mac_address`]: "01:50:56:91:4c:21" } },
  { rule: "vm/mac-address", deployment: { [`${CONF04}/vm/mac_address`]: "00:50:56:91:4c" } },
  { rule: "vm/automatic-startup", inventory: { [`${CONF01_VM}/ha_restart_priority`]: "disabled" } },
  { rule: "vm/automatic-startup", inventory: { [`${ESXI11}/autostart/enabled`]: false } },
  { rule: "vm/evc-level-current", inventory: { [`${CONF01_VM}/min_required_evc_mode`]: "intel-haswell" } },
  { rule: "vm/evc-mode-avx", inventory: { [`${CONF01_VM}/min_required_evc_mode`]: "intel-westmere" } },
  {
    rule: "vm/numa-affinity-without-vmotion",
    inventory: { [`${CONF01_VM}/numa_node_affinity`]: "0", [`${CONF01_VM}/drs_behavior`]: "fullyAutomated" },
    also: { "cluster/drs-not-fully-automated": "DRS moves the node, bound or not" },
  },
  { rule: "vm/tools-time-sync-off", inventory: { [`${CONF01_VM}/tools_time_sync`]: true } },
  { rule: "vm/no-snapshots", inventory: { [`${CONF01_VM}/snapshots`]: 2 } },
  {
    rule: "vm/unique-identity",
    inventory: { "virtual_machines/pexip-conf02/uuid": "4211a5c1-0b7d-4e52-8a31-90d6c2f41e21" },
  },
  { rule: "vm/placement-exists", deployment: { [`${CONF04}/vm/cluster`]: "vc-cor" } },
  { rule: "vm/placement-exists", deployment: { [`${CONF04}/vm/network`]: "conferencing" } },
  { rule: "vm/placement-exists", deployment: { [`${CONF04}/vm/datastore`]: "esxi11-local-ssd" } },
  { rule: "vm/placement-exists", deployment: { [`${CONF04}/vm/resource_pool`]: "video" } },
  { rule: "vm/placement-exists", deployment: { [`${CONF04}/vm/host`]: "esxi11.example.com" } },
  {
    rule: "vm/network-on-every-host",
    inventory: { "datastores/core-ssd-02/hosts/3": REMOVED },
    at: "inventory:datastores/core-ssd-02/hosts",
  },
  { rule: "vm/matches-plan", inventory: { [`${CONF01_VM}/cpus`]: 12 }, at: `deployment:${CONF01}/vm_cpu_count` },
  { rule: "vm/management-node-size", inventory: { [`${MGMT_VM}/cpus`]: 3 } },

  // network
  {
    rule: "network/no-ip-hash-teaming",
    inventory: { "distributed_port_groups/conferencing-core/teaming_policy": "loadbalance_ip" },
  },
  {
    rule: "network/no-ip-hash-teaming",
    inventory: { [`${ESXI11}/virtual_switches/vSwitch2/teaming_policy`]: "loadbalance_ip" },
  },
  {
    rule: "network/recommended-teaming",
    inventory: { [`${ESXI11}/port_groups/dmz-external/teaming_policy`]: "failover_explicit" },
  },
  { rule: "network/no-traffic-shaping", inventory: { [`${ESXI11}/port_groups/dmz-external/shaping_enabled`]: true } },
  { rule: "network/gigabit-uplink", inventory: { [`${ESXI11}/physical_nics/vmnic3/speed_mbps`]: 100 } },
  { rule: "network/gigabit-uplink", inventory: { [`${ESXI11}/physical_nics/vmnic3/full_duplex`]: false } },
  { rule: "network/uplink-capacity", deployment: { "system_locations/Oslo DMZ/expected_calls": 2000 } },
  { rule: "network/mtu-receive-check", inventory: { [`${ESXI11}/options/Net.Vmxnet3NonTsoPacketGtMtuAllowed`]: 0 } },
  { rule: "network/mtu-range", deployment: { "system_locations/Oslo/mtu": 1501 } },
  { rule: "network/ipv4-address", deployment: { [`${CONF04}/address`]: "10.44.10.255" } },
  { rule: "network/ipv4-address", deployment: { [`${CONF04}/netmask`]: "255.255.0.255" } },
  { rule: "network/ipv6-address", deployment: { [`${CONF04}/ipv6_address`]: "ff02::1" } },
  { rule: "network/gateway-in-subnet", deployment: { [`${CONF04}/gateway`]: "10.44.11.1" } },
  { rule: "network/unique-address", deployment: { [`${CONF04}/address`]: "10.44.10.23" } },
  {
    rule: "network/unique-address",
    inventory: { "virtual_machines/+": stranger("esxi99.example.com", "10.44.10.23") },
    at: "deployment:conferencing_nodes/oslo-conf03/address",
  },
  { rule: "network/secondary-interface", deployment: { [`${EDGE01}/secondary_netmask`]: REMOVED } },
  { rule: "network/secondary-interface", deployment: { [`${EDGE01}/secondary_address`]: "172.20.20.121" } },
  { rule: "network/static-nat-address", deployment: { [`${EDGE01}/static_nat_address`]: "192.168.4.4" } },
  { rule: "network/nat-not-mixed-in-location", deployment: { [`${EDGE01}/static_nat_address`]: REMOVED } },
  { rule: "network/static-route", deployment: { [`${EDGE01}/static_routes/0/gateway`]: "172.20.40.1" } },
  {
    rule: "network/wizard-default-address",
    deployment: { [`${MANAGER}/address`]: "192.168.0.100", [`${MANAGER}/gateway`]: "192.168.0.1" },
  },

  // node
  { rule: "node/unique-hostname", deployment: { [`${CONF04}/hostname`]: "CONF03" } },
  { rule: "node/unique-name", deployment: { [`${CONF04}/name`]: "oslo-conf03" } },
  { rule: "node/hostname-valid", deployment: { [`${CONF04}/hostname`]: "conf_04" } },
  { rule: "node/domain-valid", deployment: { [`${CONF04}/domain`]: "vc..example.com" } },
  { rule: "node/domain-valid", deployment: { [`${CONF04}/domain`]: REMOVED } },
  { rule: "node/location-exists", deployment: { [`${CONF04}/system_location`]: "Bergen" } },
  { rule: "node/role-not-mixed-in-location", deployment: { [`${CONF04}/node_type`]: "PROXYING" } },
  {
    rule: "node/proxying-needs-transcoding",
    deployment: Object.fromEntries([0, 1, 2, 3].map((index) => [`conferencing_nodes/${index}/node_type`, "PROXYING"])),
  },
  {
    rule: "node/conferencing-node-declared",
    deployment: { conferencing_nodes: [] },
    also: { "host/dedicated": "the VMs of the nodes that are no longer declared are foreign" },
  },
  { rule: "node/sip-tls-fqdn-unique", deployment: { [`${CONF04}/alternative_fqdn`]: "conf03.vc.example.com" } },
  { rule: "node/sip-tls-fqdn-set", deployment: { [`${CONF04}/alternative_fqdn`]: REMOVED } },
  { rule: "node/distributed-database", deployment: { [`${CONF04}/enable_distributed_database`]: true } },
  { rule: "node/ssh-global", deployment: { [`${EDGE01}/enable_ssh`]: "ON" } },
  {
    rule: "node/replication-interval",
    deployment: Object.fromEntries(crowd.map((node, index) => [`conferencing_nodes/${6 + index}`, node])),
    at: "deployment:conferencing_nodes",
    also: { "tls/certificate-declared": "the crowd has none" },
  },

  // dns
  { rule: "dns/server-configured", deployment: { dns_servers: [] } },
  { rule: "dns/server-address", deployment: { "dns_servers/1": "dns2.vc.example.com" } },
  { rule: "dns/server-count", deployment: { dns_servers: ["10.44.0.10", "10.44.0.11", "10.44.0.12", "10.44.0.13"] } },
  { rule: "dns/server-default", deployment: { dns_servers: ["8.8.8.8"], [`${CONF04}/domain`]: "vc.local" } },

  // tls
  { rule: "tls/certificate-declared", deployment: { [`${CONF04}/tls_certificate`]: REMOVED } },
  { rule: "tls/certificate-readable", deployment: { [`${CONF01}/tls_certificate`]: "certs/conf01.der" } },
  { rule: "tls/certificate-readable", deployment: { [`${CONF01}/tls_certificate`]: "certs/nowhere.pem" } },
  { rule: "tls/certificate-covers-fqdn", deployment: { [`${CONF04}/tls_certificate`]: "certs/conf03.pem" } },
  { rule: "tls/certificate-covers-fqdn", deployment: { [`${CONF04}/alternative_fqdn`]: "sip.vc.example.com" } },
  { rule: "tls/not-self-signed", deployment: { [`${CONF01}/tls_certificate`]: "certs/conf01-self-signed.pem" } },
  { rule: "tls/chain-complete", deployment: { [`${CONF01}/tls_certificate`]: "certs/conf01-without-issuer.pem" } },
  {
    rule: "tls/certificate-in-validity",
    deployment: { [`${CONF01}/tls_certificate`]: "certs/conf01-expired-2022-01-04.pem" },
    now: "2022-02-01",
  },
  {
    rule: "tls/certificate-expires-soon",
    deployment: { [`${CONF01}/tls_certificate`]: "certs/conf01-expired-2022-01-04.pem" },
    now: "2021-12-20",
  },
  { rule: "tls/certificate-key-strength", deployment: { [`${CONF01}/tls_certificate`]: "certs/conf01-rsa-1024.pem" } },
  { rule: "tls/certificate-key-strength", deployment: { [`${CONF01}/tls_certificate`]: "certs/conf01-sha1.pem" } },

  // access
  { rule: "access/no-plaintext-secrets", deployment: { "vm_manager/password": "hunter2" } },
  { rule: "access/no-plaintext-secrets", inventory: { "licences/0/licence_key": "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE" } },
  {
    rule: "access/vm-manager-declared",
    deployment: { ...automatic, vm_manager: REMOVED },
    at: `deployment:`,
    also: AUTOMATIC,
  },
  { rule: "access/vm-manager-matches-hosts", deployment: { "vm_manager/type": "esxi" } },
  { rule: "access/vm-manager-matches-hosts", deployment: { "vm_manager/address": "vcenter02.vc.example.com" } },
  {
    rule: "access/vsphere-privileges",
    deployment: automatic,
    inventory: { "permissions/0/privileges/2": REMOVED },
    at: "inventory:permissions/0/privileges",
    also: AUTOMATIC,
  },
  {
    rule: "access/permission-scope",
    deployment: automatic,
    inventory: { "permissions/0/propagate": false },
    at: "inventory:permissions/0/propagate",
    also: AUTOMATIC,
  },
  { rule: "access/licence-capacity", deployment: { licences: [] } },
  {
    rule: "access/licence-capacity",
    deployment: { "licences/1": REMOVED },
    at: "deployment:licences/0/concurrent_calls",
  },
];
