import type { SchemaName } from "../arguments/commands.ts";

/** Where the schemas for editors lie, below the folder of the files. */
export const SCHEMA_FOLDER = ".preflight";

/** A file that `preflight init` writes. */
export interface StarterFile {
  readonly path: string;
  readonly schema: Extract<SchemaName, "deployment" | "inventory" | "config">;
  readonly text: string;
}

/*
 * What stands behind `# ` is prose; a line that begins with `#` and a key is YAML: without the # the file is still valid.
 * Every name to be replaced says so, and is no name that a DNS server knows. Nothing here lets a required check pass
 * that depends on the site: as long as facts are missing, the gate fails.
 */

const DEPLOYMENT = `# yaml-language-server: $schema=${SCHEMA_FOLDER}/deployment.schema.json
#
# What you are going to deploy. Replace every value that says replace-me, and every address of 192.0.2.x; take the #
# away in front of what you have; delete what you do not have. What is left out is not guessed: the checks that need
# it stay inconclusive, and the gate fails.
# Passwords and licence keys have no place here.

platform:
  version: "25" # of Pexip Infinity
  environment: production # or test

# The servers that the nodes will use: DNS servers by address, at least two; NTP servers by name or address, at least
# three. Without --no-live they are asked.
#dns_servers: [192.0.2.53, 192.0.2.54]
#ntp_servers: [ntp1.replace-me.example.com, ntp2.replace-me.example.com, ntp3.replace-me.example.com]

# The domains that people dial, and the services that need DNS records.
#domains:
#  - name: replace-me.example.com
#    services: [sip, sips, h323, pexapp]
#    locations: [replace-me-location]

# Only for automatic deployment of Conferencing Nodes: the vCenter Server or ESXi host that Pexip deploys through.
#vm_manager:
#  address: vcenter.replace-me.example.com
#  type: vcenter
#  account: VSPHERE.LOCAL\\replace-me

# Licences: how many calls they allow, never their keys.
#licences:
#  - concurrent_calls: 50
#expected_calls: 40

system_locations:
  - name: replace-me-location
    #mtu: 1500

management_node:
  name: replace-me-manager
  hostname: replace-me-mgmt01
  domain: replace-me.example.com
  #address: 192.0.2.10
  #netmask: 255.255.255.0
  #gateway: 192.0.2.1
  #tls_certificate: certs/mgmt01.pem
  #vm_cpu_count: 4
  #vm_system_memory: 4096
  vm:
    # Names as vSphere shows them; instead of the host, a cluster.
    host: replace-me-esxi01.example.com
    #datastore: replace-me-datastore
    #network: replace-me-port-group
    #hardware_version: 14
    #disk_provisioning: thick

conferencing_nodes:
  - name: replace-me-conf01
    hostname: replace-me-conf01
    domain: replace-me.example.com
    system_location: replace-me-location
    #node_type: CONFERENCING
    #deployment_type: MANUAL-ESXI-6.7
    #address: 192.0.2.21
    #netmask: 255.255.255.0
    #gateway: 192.0.2.1
    #alternative_fqdn: conf01.replace-me.example.com
    #tls_certificate: certs/conf01.pem
    #vm_cpu_count: 8
    #vm_system_memory: 8192
    vm:
      host: replace-me-esxi01.example.com
      #datastore: replace-me-datastore
      #network: replace-me-port-group
      #hardware_version: 14
      #disk_provisioning: thick
`;

const INVENTORY = `# yaml-language-server: $schema=${SCHEMA_FOLDER}/inventory.schema.json
#
# What vSphere has, as far as the nodes are concerned. Replace every value that says replace-me; take the # away in front
# of what you know. An empty list says that there is none; a list that is left out says nothing, and keeps checks
# inconclusive.

# When you looked: the inventory may be 30 days old.
#collected_at: "2026-01-31T08:00:00Z"

#vcenter:
#  address: vcenter.replace-me.example.com
#  version: "6.7.0"
#  api_type: VirtualCenter

#clusters:
#  - name: replace-me-cluster
#    evc_mode: null
#    ha_enabled: true
#    ha_host_monitoring: true
#    drs_enabled: false

hosts:
  - name: replace-me-esxi01.example.com
    # The name of its cluster, or null when it is in none.
    #cluster: null
    #version: "6.7.0"
    #memory_mb: 131072
    #in_maintenance_mode: false
    #cpu:
    #  vendor: intel
    #  model: Intel(R) Xeon(R) Gold 6142 CPU @ 2.60GHz
    #  sockets: 2
    #  cores: 32
    #  hyperthreading_active: true
    #  features: { avx: true, avx2: true }
    #ntp:
    #  servers: [ntp1.replace-me.example.com]
    #  running: true
    #virtual_switches:
    #  - { name: vSwitch0, uplinks: [vmnic0, vmnic1], teaming_policy: loadbalance_srcid, shaping_enabled: false }
    #port_groups:
    #  - { name: replace-me-port-group, virtual_switch: vSwitch0, teaming_policy: null, shaping_enabled: null }

#datastores:
#  - { name: replace-me-datastore, ssd: true, local: false, hosts: [replace-me-esxi01.example.com] }

# All of them, also those that have nothing to do with Pexip.
#virtual_machines: []
`;

const CONFIG = `# yaml-language-server: $schema=${SCHEMA_FOLDER}/config.schema.json
#
# What your team has agreed on: which rules count, how much, and how servers are asked. It is found from the folder of
# the deployment file upward. preflight deployment.yaml --print-config shows every setting and where it comes from.

# recommended: every rule as it declares itself, also without this line; strict: warnings count as errors;
# must: only what the installation guide says with "must". Other files by their path: ./team.yaml
extends: [recommended]

# off, info, warn or error; with options: { severity: warn, options: { days: 60 } }
#rules:
#  vm/memory-per-vcpu: error
#  tls/certificate-expires-soon: { options: { days: 60 } }

# For some subjects: a kind, a colon and a name; * stands for any characters.
#overrides:
#  - subjects: ["node:lab-*"]
#    rules:
#      vm/ssd-datastore: off

# What an inconclusive check does: fail (the gate fails), warn counts as a warning, ignore.
inconclusive: fail
# More warnings than this fail the gate; null allows any number.
max_warnings: null

# Live checks contact unicast addresses on ports 53, 123, 443 and 5061. A lab with servers on loopback or other ports lists
# them here; allow counts only in a config that is named with --config or in a policy, not in one that is found.
#probe:
#  allow: ["127.0.0.0/8", "192.0.2.53/32:5353"]
#  timeout_ms: 2000
#  retries: 1
#  deadline_ms: 30000
`;

/**
 * The files of a new site whose inventory is there already: the names of its estate stand as comments where the deployment
 * refers to them.
 *
 * @param choicesAt the comments at an indent
 */
export function starterFor(choicesAt: (indent: string) => string): readonly StarterFile[] {
  const deployment = DEPLOYMENT.replace(/^( +)vm:\n/gm, (line, indent: string) => `${line}${choicesAt(`${indent}  `)}`);
  return [
    { path: "deployment.yaml", schema: "deployment", text: deployment },
    { path: "preflight.config.yaml", schema: "config", text: CONFIG },
  ];
}

/** The files of a new site, to be filled in. */
export const STARTER: readonly StarterFile[] = [
  { path: "deployment.yaml", schema: "deployment", text: DEPLOYMENT },
  { path: "inventory.yaml", schema: "inventory", text: INVENTORY },
  { path: "preflight.config.yaml", schema: "config", text: CONFIG },
];
