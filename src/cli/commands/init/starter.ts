import type { SchemaName } from "../../arguments/commands.ts";

/** Location of the schemas for editors, below the folder of the files. */
export const SCHEMA_FOLDER = ".preflight";

/** A file that `preflight init` writes. */
export interface StarterFile {
  readonly path: string;
  readonly schema: Extract<SchemaName, "deployment" | "inventory" | "config">;
  readonly text: string;
}

/*
 * A line that starts with `# ` is prose; one that starts with `#` and a key is YAML: the file is valid with and without
 * the #. Every name to be replaced contains replace-me and does not resolve. No value here lets a required check of the
 * site pass: while facts are missing, the gate fails.
 */

const DEPLOYMENT = `# yaml-language-server: $schema=${SCHEMA_FOLDER}/deployment.schema.json
#
# The planned deployment. Replace every value that contains replace-me and every address in 192.0.2.x, uncomment the keys
# that apply, and delete the others. A missing value is not guessed: checks that need it are inconclusive, and the gate
# fails.
# Do not store passwords or license keys here.

platform:
  version: "25" # of Pexip Infinity
  environment: production # or test

# The servers that the nodes will use: DNS servers by address, at least two; NTP servers by name or address, at least
# three. Without --no-live they are queried.
#dns_servers: [192.0.2.53, 192.0.2.54]
#ntp_servers: [ntp1.replace-me.example.com, ntp2.replace-me.example.com, ntp3.replace-me.example.com]

# The domains that users dial, and the services that need DNS records.
#domains:
#  - name: replace-me.example.com
#    services: [sip, sips, h323, pexapp]
#    locations: [replace-me-location]

# Only for automatic deployment of Conferencing Nodes: the vCenter Server or ESXi host that Pexip Infinity deploys through.
#vm_manager:
#  address: vcenter.replace-me.example.com
#  type: vcenter
#  account: VSPHERE.LOCAL\\replace-me

# Licenses: the number of calls that each permits; no license keys.
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
    # Names as vSphere shows them; a cluster may replace the host.
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
# The part of the vSphere estate that the nodes will use. Replace every value that contains replace-me, and uncomment the
# keys whose values you know. An empty list means that there are none; a missing list means that they are unknown, and
# checks that need it are inconclusive.

# When these values were collected; an inventory may be 30 days old.
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
    # The name of its cluster, or null for a standalone host.
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

# All VMs, including those unrelated to Pexip Infinity.
#virtual_machines: []
`;

const CONFIG = `# yaml-language-server: $schema=${SCHEMA_FOLDER}/config.schema.json
#
# The rules of your team: severities, options, the gate and live checks. preflight looks for this file in the folder of
# the deployment and the folders above it. preflight deployment.yaml --print-config shows every setting and its origin.

# recommended (default): every rule with its declared severity; strict: warnings count as errors; must: only what the
# installation guide requires with "must". Other config files are listed by their path: ./team.yaml
extends: [recommended]

# off, info, warn or error; with options: { severity: warn, options: { days: 60 } }
#rules:
#  vm/memory-per-vcpu: error
#  tls/certificate-expires-soon: { options: { days: 60 } }

# Settings for some subjects, written as kind:name; * matches any characters.
#overrides:
#  - subjects: ["node:lab-*"]
#    rules:
#      vm/ssd-datastore: off

# Inconclusive checks: fail (the gate fails), warn (each counts as a warning) or ignore.
inconclusive: fail
# Maximum number of warnings; null allows any number.
max_warnings: null

# Live checks contact unicast addresses on ports 53, 123, 443 and 5061. List servers of a lab on loopback addresses or other
# ports here. allow is used only from a config named with --config or from a policy.
#probe:
#  allow: ["127.0.0.0/8", "192.0.2.53/32:5353"]
#  timeout_ms: 2000
#  retries: 1
#  deadline_ms: 30000
`;

/**
 * The files of a new site with an inventory: comments list the names of its hosts, clusters, datastores and networks
 * where the deployment refers to them.
 *
 * @param choicesAt the comments for an indent
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
