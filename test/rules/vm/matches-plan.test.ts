import rule from "../../../rules/vm/matches-plan.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

/** A node, its VM, and what else is in the inventory. */
const evaluated = (
  name: string,
  node: string,
  machine: string,
  expected: RuleCase["expect"][string],
  more = "",
): RuleCase => ({
  name,
  deployment: `conferencing_nodes:\n  - { name: a, hostname: a, ${node} }\n`,
  inventory: `virtual_machines: [{ name: a, ${machine} }]\n${more}`,
  expect: { "node:a": expected },
});

const differs = (words: string): RuleCase["expect"][string] => ({
  verdict: "fail",
  findings: [["differs", words]],
  severity: "warn",
});
const lacks = (field: string): RuleCase["expect"][string] => ({
  verdict: "inconclusive",
  missing: [`${field} is not in the inventory`],
});

ruleTester.run(
  rule,
  [
    evaluated(
      "passes a VM that is as planned, however it is written",
      'vm_cpu_count: 8, vm_system_memory: 8192, vm: { hardware_version: vmx-14, host: ESXI01., cluster: VC-Core, datastore: DS1, network: Core, secondary_network: DMZ, disk_provisioning: thick, mac_address: "00:50:56:2A:00:05" }',
      "cpus: 8, memory_mb: 8192, hardware_version: 14, host: esxi01, cluster: vc-core, disks: [{ datastore: ds1, thin: false }], nics: [{ network: core, mac_address: 0050.562a.0005 }, { network: dmz }]",
      { verdict: "pass" },
    ),
    evaluated(
      "fails other vCPUs",
      "vm_cpu_count: «8»",
      "cpus: 16",
      differs("Number of vCPUs of node a is 8 in the deployment file, but 16 on its VM a"),
    ),
    evaluated(
      "fails other memory",
      "vm_system_memory: «8192»",
      "memory_mb: 4096",
      differs("Memory (MB) of node a is 8192"),
    ),
    evaluated(
      "fails another hardware version",
      "vm: { hardware_version: «14» }",
      "hardware_version: vmx-13",
      differs("is 14 in the deployment file, but vmx-13"),
    ),
    evaluated("fails another host", "vm: { host: «esxi01» }", "host: esxi02", differs("Host of node a is esxi01")),
    evaluated("fails another cluster", "vm: { cluster: «one» }", "cluster: two", differs("but two on")),
    evaluated("fails a VM that is in no cluster", "vm: { cluster: «one» }", "cluster: null", differs("but none on")),
    evaluated(
      "takes the cluster of the VM's host",
      "vm: { cluster: «one» }",
      "host: esxi01",
      differs("but two on"),
      "hosts: [{ name: esxi01, cluster: two }]",
    ),
    evaluated(
      "fails another datastore",
      "vm: { datastore: «ds1» }",
      "disks: [{ datastore: ds2 }]",
      differs("Datastore of node a is ds1"),
    ),
    evaluated(
      "fails a second disk that lies elsewhere",
      "vm: { datastore: «ds1» }",
      "disks: [{ datastore: ds1 }, { datastore: ds2 }]",
      differs("but ds2 on"),
    ),
    evaluated(
      "fails another network",
      "vm: { network: «core» }",
      "nics: [{ network: dmz }]",
      differs("Network of node a is core"),
    ),
    evaluated(
      "fails another secondary network",
      "vm: { secondary_network: «dmz» }",
      "nics: [{ network: core }, { network: lan }]",
      differs("Secondary network of node a is dmz"),
    ),
    evaluated(
      "fails networks that are the wrong way round",
      "vm: { network: «core», secondary_network: «dmz» }",
      "nics: [{ network: dmz }, { network: core }]",
      {
        verdict: "fail",
        findings: [["differs"], ["differs"]],
      },
    ),
    evaluated("fails a thin disk", "vm: { disk_provisioning: «thick» }", "disks: [{ thin: true }]", {
      verdict: "fail",
      findings: [["differs"]],
    }),
    evaluated("fails memory that is wrong in itself", "vm_system_memory: «8192»", "memory_mb: 8190", {
      verdict: "fail",
      findings: [["differs"]],
    }),
    evaluated("fails where the plan is outside the limits", "vm_cpu_count: «129»", "cpus: 8", {
      verdict: "fail",
      findings: [["differs"]],
    }),
    evaluated("fails a hardware version that is too old", "vm: { hardware_version: «14» }", "hardware_version: 7", {
      verdict: "fail",
      findings: [["differs"]],
    }),
    evaluated(
      "fails a thick disk",
      "vm: { disk_provisioning: «thin» }",
      "disks: [{ thin: false }]",
      differs("but thick on"),
    ),
    evaluated(
      "fails another MAC address",
      'vm: { mac_address: «"00:50:56:2a:00:05"» }',
      'nics: [{ mac_address: "00:50:56:2a:00:06" }]',
      differs("MAC address of node a is 00:50:56:2a:00:05"),
    ),
    evaluated(
      "fails a planned MAC address that is none",
      "vm: { mac_address: «none» }",
      'nics: [{ mac_address: "00:50:56:2a:00:06" }]',
      differs("is none"),
    ),
    evaluated(
      "fails one key whatever is missing of another",
      "vm_cpu_count: «8», vm_system_memory: 8192",
      "cpus: 16",
      differs("vCPUs"),
    ),

    evaluated(
      "passes a disk in the datastore cluster of the plan",
      "vm: { datastore: pod }",
      "disks: [{ datastore: ds1 }]",
      { verdict: "pass" },
      "datastores: [{ name: ds1, datastore_cluster: Pod }]",
    ),
    evaluated(
      "fails a disk outside of the datastore cluster of the plan",
      "vm: { datastore: «pod» }",
      "disks: [{ datastore: ds2 }]",
      differs("is pod in the deployment file, but ds2"),
      "datastores: [{ name: ds1, datastore_cluster: pod }, { name: ds2, datastore_cluster: null }]",
    ),
    evaluated(
      "does not guess which datastore cluster a disk is in",
      "vm: { datastore: pod }",
      "disks: [{ datastore: ds2 }]",
      lacks("datastores.datastore_cluster"),
      "datastores: [{ name: ds1, datastore_cluster: pod }, { name: ds2 }]",
    ),
    evaluated(
      "does not judge the format where the storage decides it",
      "vm: { disk_provisioning: thick }",
      "disks: [{ thin: true, datastore: ds1 }]",
      {
        verdict: "not-applicable",
        reason: "the deployment does not control Disk format",
      },
      "datastores: [{ name: ds1, type: vsan }]",
    ),
    evaluated(
      "fails a second adapter that is missing",
      "vm: { secondary_network: «dmz» }",
      "nics: [{ network: core }]",
      {
        verdict: "fail",
        findings: [["differs"]],
      },
    ),

    evaluated("needs the vCPUs", "vm_cpu_count: 8", "memory_mb: 8192", lacks("virtual_machines.cpus")),
    evaluated("needs the memory", "vm_system_memory: 8192", "cpus: 8", lacks("virtual_machines.memory_mb")),
    evaluated(
      "needs the hardware version",
      "vm: { hardware_version: 14 }",
      "cpus: 8",
      lacks("virtual_machines.hardware_version"),
    ),
    evaluated("needs the host", "vm: { host: esxi01 }", "cpus: 8", lacks("virtual_machines.host")),
    evaluated("needs the cluster", "vm: { cluster: one }", "cpus: 8", lacks("virtual_machines.cluster")),
    evaluated("needs the disks", "vm: { datastore: ds1 }", "cpus: 8", lacks("virtual_machines.disks")),
    evaluated(
      "needs every disk's datastore",
      "vm: { datastore: ds1 }",
      "disks: [{ datastore: ds1 }, {}]",
      lacks("virtual_machines.disks.datastore"),
    ),
    evaluated(
      "needs every disk's format",
      "vm: { disk_provisioning: thick }",
      "disks: [{ thin: false }, {}]",
      lacks("virtual_machines.disks.thin"),
    ),
    evaluated("needs the adapters", "vm: { network: core }", "cpus: 8", lacks("virtual_machines.nics")),
    evaluated(
      "needs the adapter's network",
      "vm: { network: core }",
      "nics: [{}]",
      lacks("virtual_machines.nics.network"),
    ),
    evaluated(
      "needs the adapter's MAC address",
      'vm: { mac_address: "00:50:56:2a:00:05" }',
      "nics: [{}]",
      lacks("virtual_machines.nics.mac_address"),
    ),
    evaluated(
      "does not pass a VM without disks or adapters",
      "vm: { datastore: ds1, network: core }",
      "disks: [], nics: []",
      {
        verdict: "inconclusive",
        reason: "the node's VM has no disk in the inventory",
      },
    ),
    evaluated(
      "does not compare what the deployment does not give",
      "description: nothing planned",
      "cpus: 16, host: esxi01",
      {
        verdict: "not-applicable",
        reason: "the deployment does not",
      },
    ),
    evaluated(
      "fails a plan that names a host that does not exist",
      "vm: { host: «esxi09» }",
      "host: esxi01, cluster: null",
      { verdict: "fail", findings: [["differs"]] },
      "hosts: [{ name: esxi01 }]",
    ),
    {
      name: "compares a VM that two nodes claim with the first",
      deployment: `
conferencing_nodes:
  - { name: a, hostname: a, vm_cpu_count: 8 }
  - { name: b, hostname: b, vm_cpu_count: 16, vm: { name: a } }
`,
      inventory: "virtual_machines: [{ name: a, cpus: 8 }]",
      expect: {
        "node:a": { verdict: "pass" },
        "node:b": { verdict: "inconclusive", reason: "VM a is already used by node a" },
      },
    },
    {
      name: "does not apply before there is a VM",
      deployment: "conferencing_nodes: [{ name: a, hostname: a, vm_cpu_count: 8 }]",
      inventory: "virtual_machines: []",
      expect: { "node:a": { verdict: "not-applicable", reason: "applies after deployment" } },
    },
    {
      name: "does not know without an inventory whether there is a VM",
      deployment: "conferencing_nodes: [{ name: a, hostname: a, vm_cpu_count: 8 }]",
      expect: { "node:a": { verdict: "inconclusive", missing: ["no inventory given"] } },
    },
  ],
  {
    optional: [
      "cluster",
      "datastore",
      "disk_provisioning",
      "hardware_version",
      "host",
      "mac_address",
      "network",
      "secondary_network",
      "vm_cpu_count",
      "vm_system_memory",
    ],
  },
);
