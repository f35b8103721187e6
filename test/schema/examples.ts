/** The deployment that the description of the format shows. */
export const deploymentExample = `# yaml-language-server: $schema=./node_modules/infinity-preflight/schema/deployment.schema.json
platform:
  version: "25"                    # Pexip Infinity software version; picks the version profile
  environment: production          # production (default) | test
vm_manager:                        # the guide's "VM manager"; only automatic deployment needs it
  address: vcenter01.vc.example.com
  type: vcenter                    # vcenter | esxi
  verify_tls: true
dns_servers: [10.44.0.10, 10.44.0.11]           # used by every node whose location or itself gives none
ntp_servers: [ntp1.vc.example.com, ntp2.vc.example.com, ntp3.vc.example.com]
domains:                           # the domains that people dial; drives the DNS/SRV rules
  - name: vc.example.com
    services: [sip, sips, h323, pexapp]         # sip sips h323 h323_registration pexapp sip_federation
    locations: [Oslo]              # nodes of these locations are the SRV targets; default: every location
licences:
  - concurrent_calls: 50
expected_calls: 40
system_locations:
  - name: Oslo                     # R
    mtu: 1500
    dns_servers: [10.44.0.10]
    ntp_servers: [ntp1.vc.example.com, ntp2.vc.example.com, ntp3.vc.example.com]
    expected_calls: 40
management_node:
  name: manager                    # R
  hostname: mgmt01                 # R
  domain: vc.example.com
  address: 10.44.10.5
  netmask: 255.255.255.0
  gateway: 10.44.10.1
  tls_certificate: certs/mgmt01.pem
  vm_cpu_count: 4
  vm_system_memory: 4096
  vm: { name: pexip-mgmt01, cluster: vc-cluster, mac_address: "00:50:56:2a:00:05" }
conferencing_nodes:
  - name: oslo-conf01              # R
    hostname: conf01               # R
    domain: vc.example.com
    node_type: CONFERENCING        # CONFERENCING (= transcoding, default) | PROXYING
    system_location: Oslo
    deployment_type: MANUAL-ESXI-6.7
    address: 10.44.10.21
    netmask: 255.255.255.0
    gateway: 10.44.10.1
    alternative_fqdn: conf01.vc.example.com     # the guide's "SIP TLS FQDN"
    tls_certificate: certs/conf01.pem
    vm_cpu_count: 8
    vm_system_memory: 8192
    vm:
      name: pexip-conf01
      host: esxi01.example.com
      datastore: ssd-01
      network: conferencing
      hardware_version: 14
      disk_provisioning: thick
`;

/** An inventory with every field of the format. */
export const inventoryExample = `$schema: ./schema/inventory.schema.json
collected_at: 2026-11-22T08:00:00Z
source: { kind: manual, server: vcenter01.vc.example.com, tool_version: "1.0" }
coverage:
  hosts.clock_offset_ms: nobody looked
  hosts[esxi02.example.com]: not reachable when the data was collected
incomplete:
  virtual_machines: 2 rows of the vInfo tab have no name
vcenter: { address: vcenter01.vc.example.com, version: "6.7.0", api_type: VirtualCenter }
licences:
  - { name: vSphere 6 Standard, edition: standard }
datacenters:
  - { name: Oslo-DC }
clusters:
  - name: vc-cluster
    datacenter: Oslo-DC
    host_count: 1
    evc_mode: null
    ha_enabled: true
    ha_host_monitoring: true
    drs_enabled: true
    drs_behavior: partiallyAutomated
    vm_host_rules:
      - name: pexip-hosts
        enabled: true
        mandatory: true
        virtual_machines: [pexip-conf01]
        affine_hosts: [esxi01.example.com]
        anti_affine_hosts: []
hosts:
  - name: esxi01.example.com
    cluster: vc-cluster
    datacenter: Oslo-DC
    version: 6.7.0
    api_version: 6.7.3
    build: "15160138"
    edition: standard
    managed_by_vcenter: true
    lockdown_mode: lockdownNormal
    in_maintenance_mode: false
    connection_state: connected
    memory_mb: 131072
    clock_offset_ms: -12
    cpu:
      vendor: intel
      model: Intel(R) Xeon(R) Gold 6242 CPU @ 2.80GHz
      sockets: 2
      cores: 32
      threads: 64
      hyperthreading_active: true
      mhz: 2800
      cache_mb: 22
      max_evc_mode: intel-cascadelake
      evc_mode: null
      features: { avx: true, avx2: true, avx512f: true }
      features_unmasked: { avx: true, avx2: true, avx512f: true }
    ntp:
      servers: [ntp1.vc.example.com, ntp2.vc.example.com, ntp3.vc.example.com]
      running: true
      startup_policy: on
      protocol: ntp
      firewall_open: true
    ptp: { running: false, startup_policy: "off", firewall_open: false, fallback_to_ntp: true }
    autostart: { enabled: true, virtual_machines: [pexip-conf01] }
    options: { Net.Vmxnet3NonTsoPacketGtMtuAllowed: 1 }
    physical_nics:
      - { name: vmnic0, speed_mbps: 10000, full_duplex: true }
      - { name: vmnic1, speed_mbps: null }
    virtual_switches:
      - { name: vSwitch0, mtu: 1500, uplinks: [vmnic0, vmnic1], teaming_policy: loadbalance_srcid, shaping_enabled: false }
    port_groups:
      - { name: conferencing, virtual_switch: vSwitch0, vlan: 110, teaming_policy: null, shaping_enabled: null, uplinks: [vmnic0] }
  - name: esxi02.example.com
    cluster: null
distributed_switches:
  - name: dvs-core
    datacenter: Oslo-DC
    mtu: 1500
    lacp_api_version: multipleLag
    lags: [{ name: lag1, load_balance: srcMac }]
    hosts: [{ name: esxi01.example.com, uplinks: [vmnic2] }]
distributed_port_groups:
  - name: dv-conferencing
    datacenter: Oslo-DC
    distributed_switch: dvs-core
    vlan: 0-4094
    teaming_policy: loadbalance_loadbased
    active_uplinks: [Uplink 1]
    standby_uplinks: []
    unused_uplinks: [lag1]
    ingress_shaping_enabled: false
    egress_shaping_enabled: false
    port_teaming_override_allowed: true
nsx_segments: [{ name: seg-media }]
datastores:
  - { name: ssd-01, type: VMFS, ssd: true, local: true, hosts: [esxi01.example.com], datastore_cluster: null }
resource_pools:
  - { name: pexip, path: /Oslo-DC/host/vc-cluster/Resources/pexip, cluster: vc-cluster }
virtual_machines:
  - name: pexip-conf01
    uuid: 421c5e9f-6a3c-4d8e-9b1f-2f6a0c1d3e45
    host: esxi01.example.com
    cluster: vc-cluster
    datacenter: Oslo-DC
    power_state: poweredOn
    template: false
    hardware_version: vmx-14
    cpus: 8
    cores_per_socket: 8
    memory_mb: 8192
    cpu_reservation_mhz: 22400
    cpu_limit_mhz: null
    memory_reservation_mb: 8192
    memory_limit_mb: null
    memory_reservation_locked: true
    min_required_evc_mode: null
    numa_node_affinity: 0
    ha_restart_priority: medium
    drs_behavior: null
    tools_time_sync: false
    snapshots: 0
    ip_addresses: [10.44.10.21]
    disks: [{ label: Hard disk 1, thin: false, datastore: ssd-01, capacity_mb: 101376 }]
    nics:
      - { label: Network adapter 1, adapter: vmxnet3, network: conferencing, mac_address: "00:50:56:2a:00:06", mac_address_type: manual }
permissions:
  - { principal: VSPHERE.LOCAL\\svc-pexip, role: pexip-deploy, entity: Oslo-DC, entity_type: Datacenter, propagate: true, privileges: [Network.Assign] }
  - { principal: VSPHERE.LOCAL\\svc-pexip, role: effective privileges, entity: Oslo-DC, entity_type: Datacenter, privileges: [Network.Assign], is_effective: true }
`;
