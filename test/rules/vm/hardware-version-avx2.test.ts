import { expect, it } from "vitest";
import rule from "../../../rules/vm/hardware-version-avx2.ts";
import { checksOf, ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const AVX2 = "cpu: { features: { avx2: true } }";
const NO_AVX2 = "cpu: { features: { avx2: false } }";
const ESXI = 'version: "6.7.0"';

/** A node on one standalone host. */
const onHost = (plan: string) => `
conferencing_nodes:
  - name: a
    hostname: a
    vm:
      host: esxi01
      ${plan}
`;
const lone = (fields = `${ESXI}, ${AVX2}`) => `
hosts: [{ name: esxi01, cluster: null, ${fields} }]
virtual_machines: []
`;

const planned = (name: string, plan: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: onHost(plan),
  inventory: lone(),
  expect: { "node:a": expected },
});

const host = (name: string, fields: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: onHost("hardware_version: «10»"),
  inventory: lone(fields),
  expect: { "node:a": expected },
});

/** The node's VM on that host. */
const withVm = (vm: string) => `
hosts: [{ name: esxi01, cluster: null, ${ESXI}, ${AVX2} }]
virtual_machines:
  - name: a
    host: esxi01
    ${vm}
`;

/** The node on the first of two hosts of a cluster. */
const inCluster = (
  name: string,
  { cluster, hosts }: { readonly cluster: string; readonly hosts: readonly [string, string] },
  expected: RuleCase["expect"][string],
): RuleCase => ({
  name,
  deployment: onHost("hardware_version: «10»"),
  inventory: `
clusters: [{ name: vc-core, ${cluster} }]
hosts:
  - { name: esxi01, cluster: vc-core, ${hosts[0]} }
  - { name: esxi02, cluster: vc-core, ${hosts[1]} }
virtual_machines: []
`,
  expect: { "node:a": expected },
});

const FAILS = { verdict: "fail", findings: [["tooOld", "Hardware version 10 of node a"]] } as const;

ruleTester.run(rule, [
  planned("fails the lowest supported version on its own", "hardware_version: «8»", {
    verdict: "fail",
    findings: [["tooOld"]],
  }),
  planned("fails what Pexip does not take at all", "hardware_version: «7»", {
    verdict: "fail",
    findings: [["tooOld"]],
  }),
  planned("passes version 11", "hardware_version: 11", { verdict: "pass" }),
  planned("passes a later one, as vSphere writes it", "hardware_version: vmx-14", { verdict: "pass" }),
  planned("fails version 10", "hardware_version: «10»", FAILS),
  planned("fails version 9 as vSphere writes it", "hardware_version: «vmx-09»", {
    verdict: "fail",
    findings: [["tooOld", "Hardware version vmx-09 of node a"]],
  }),
  planned("does not know a version that is not written", "datastore: ssd-01", {
    verdict: "inconclusive",
    missing: ["conferencing_nodes.vm.hardware_version is not in the deployment"],
  }),

  {
    name: "judges the VM alone once there is one, when it is too old",
    deployment: onHost("hardware_version: 14"),
    inventory: withVm("hardware_version: «10»"),
    expect: { "node:a": { verdict: "fail", findings: [["tooOld", "version 10"]] } },
  },
  {
    name: "judges the VM alone once there is one, when it is new enough",
    deployment: onHost("hardware_version: 10"),
    inventory: withVm("hardware_version: vmx-11"),
    expect: { "node:a": { verdict: "pass" } },
  },
  {
    name: "does not fall back to the plan when the VM's version is missing",
    deployment: onHost("hardware_version: 14"),
    inventory: withVm("cpus: 4"),
    expect: {
      "node:a": { verdict: "inconclusive", missing: ["virtual_machines.hardware_version is not in the inventory"] },
    },
  },
  {
    name: "takes the hosts of the VM, not the planned one",
    deployment: onHost("hardware_version: 14"),
    inventory: `
hosts:
  - { name: esxi01, cluster: null, ${ESXI}, ${AVX2} }
  - { name: esxi02, cluster: null, ${ESXI}, ${NO_AVX2} }
virtual_machines: [{ name: a, host: esxi02, hardware_version: 10 }]
`,
    expect: { "node:a": { verdict: "not-applicable", reason: "esxi02 has no AVX2" } },
  },

  host("does not apply to a host without AVX2", `${ESXI}, ${NO_AVX2}`, {
    verdict: "not-applicable",
    reason: "esxi01 has no AVX2",
  }),
  host("does not apply to ESXi 5.5", `version: "5.5.0", ${AVX2}`, {
    verdict: "not-applicable",
    reason: "esxi01 runs ESXi older than 6.0",
  }),
  host("applies from ESXi 6.0 on", `version: "6.0.0", ${AVX2}`, FAILS),
  host("applies to ESXi 8.0", `version: "8.0.2", ${AVX2}`, FAILS),
  host("reads the version from the API version where it must", `api_version: "6.7.3", ${AVX2}`, FAILS),
  host("does not know the features of a CPU that is not described", ESXI, {
    verdict: "inconclusive",
    missing: ["hosts.cpu.model is not in the inventory"],
  }),
  host("does not know the version of a host that has none", AVX2, {
    verdict: "inconclusive",
    missing: ["hosts.version is not in the inventory"],
  }),
  host("does not guess at a version that it cannot read", `version: latest, ${AVX2}`, {
    verdict: "inconclusive",
    missing: ['hosts.version "latest" is not an ESXi version'],
  }),
  host(
    "takes the highest EVC mode of a host for want of features",
    `${ESXI}, cpu: { max_evc_mode: intel-haswell }`,
    FAILS,
  ),
  host("likewise for a host that is too old", `${ESXI}, cpu: { max_evc_mode: intel-ivybridge }`, {
    verdict: "not-applicable",
    reason: "esxi01 has no AVX2",
  }),
  host("does not know an EVC mode that is not in the table", `${ESXI}, cpu: { max_evc_mode: intel-mystery }`, {
    verdict: "inconclusive",
    missing: ["hosts.cpu.model is not in the inventory"],
  }),

  inCluster(
    "counts all hosts of a cluster with HA: one without AVX2 decides",
    {
      cluster: "ha_enabled: true, ha_host_monitoring: true, drs_enabled: false",
      hosts: [`${ESXI}, ${AVX2}`, `${ESXI}, ${NO_AVX2}`],
    },
    { verdict: "not-applicable", reason: "esxi02 has no AVX2" },
  ),
  inCluster(
    "counts all hosts of a cluster with DRS",
    { cluster: "ha_enabled: false, drs_enabled: true", hosts: [`${ESXI}, ${AVX2}`, `${ESXI}, ${NO_AVX2}`] },
    { verdict: "not-applicable", reason: "esxi02 has no AVX2" },
  ),
  inCluster(
    "does not decide by a host that it may or may not come to run on",
    { cluster: "evc_mode: null", hosts: [`${ESXI}, ${AVX2}`, `version: "5.5.0", ${AVX2}`] },
    {
      verdict: "inconclusive",
      missing: [
        "clusters.ha_enabled is not in the inventory; it determines whether nodes may run on the other hosts of cluster vc-core",
        "clusters.drs_enabled is not in the inventory; it determines",
      ],
    },
  ),
  inCluster(
    "asks for the one of HA and DRS that is not known",
    { cluster: "ha_enabled: false", hosts: [`${ESXI}, ${AVX2}`, `${ESXI}, ${NO_AVX2}`] },
    { verdict: "inconclusive", missing: ["clusters.drs_enabled is not in the inventory"] },
  ),
  inCluster(
    "fails when the hosts that it may come to run on have AVX2 as well",
    { cluster: "evc_mode: null", hosts: [`${ESXI}, ${AVX2}`, `${ESXI}, ${AVX2}`] },
    FAILS,
  ),
  inCluster(
    "does not apply when the node's own host decides, whatever moves",
    { cluster: "evc_mode: null", hosts: [`${ESXI}, ${NO_AVX2}`, `${ESXI}, ${AVX2}`] },
    { verdict: "not-applicable", reason: "esxi01 has no AVX2" },
  ),
  inCluster(
    "counts the node's own host alone when its cluster moves nothing",
    { cluster: "ha_enabled: false, drs_enabled: false", hosts: [`${ESXI}, ${AVX2}`, `${ESXI}, ${NO_AVX2}`] },
    FAILS,
  ),
  inCluster(
    "fails when all hosts of the cluster have AVX2",
    { cluster: "ha_enabled: true, ha_host_monitoring: true", hosts: [`${ESXI}, ${AVX2}`, `${ESXI}, ${AVX2}`] },
    FAILS,
  ),
  inCluster(
    "lets one host without AVX2 decide although the other is unknown",
    { cluster: "ha_enabled: true, ha_host_monitoring: true", hosts: [ESXI, `${ESXI}, ${NO_AVX2}`] },
    { verdict: "not-applicable", reason: "esxi02 has no AVX2" },
  ),
  inCluster(
    "does not fail while one of the hosts is unknown",
    { cluster: "ha_enabled: true, ha_host_monitoring: true", hosts: [`${ESXI}, ${AVX2}`, ESXI] },
    { verdict: "inconclusive", missing: ["clusters.evc_mode is not in the inventory"] },
  ),
  inCluster(
    "does not apply where EVC hides AVX2",
    {
      cluster: "ha_enabled: true, ha_host_monitoring: true, evc_mode: intel-ivybridge",
      hosts: [`${ESXI}, cpu: { max_evc_mode: intel-skylake }`, `${ESXI}, cpu: { max_evc_mode: intel-skylake }`],
    },
    { verdict: "not-applicable", reason: "esxi01 has no AVX2" },
  ),
  inCluster(
    "applies where the EVC mode shows AVX2",
    { cluster: "ha_enabled: true, ha_host_monitoring: true, evc_mode: intel-haswell", hosts: [ESXI, ESXI] },
    FAILS,
  ),

  {
    name: "does not know the hosts of a cluster when one does not say where it belongs",
    deployment: "conferencing_nodes: [{ name: a, hostname: a, vm: { cluster: vc-core, hardware_version: 10 } }]",
    inventory: `
clusters: [{ name: vc-core }]
hosts:
  - { name: esxi01, cluster: vc-core, ${ESXI}, ${AVX2} }
  - { name: esxi02, ${ESXI}, ${AVX2} }
virtual_machines: []
`,
    expect: { "node:a": { verdict: "inconclusive", missing: ["hosts.cluster is not in the inventory"] } },
  },
  {
    name: "does not know where a node runs that is placed nowhere",
    deployment: "conferencing_nodes: [{ name: a, hostname: a, vm: { hardware_version: 10 } }]",
    inventory: "virtual_machines: []",
    expect: {
      "node:a": { verdict: "inconclusive", missing: [": no VM in the inventory, no vm.host, no vm.cluster"] },
    },
  },
  {
    name: "does not know a host that the inventory does not describe",
    deployment: onHost("hardware_version: 10"),
    inventory: "hosts: []\nvirtual_machines: []",
    expect: { "node:a": { verdict: "inconclusive", missing: ["host esxi01 is not in the inventory"] } },
  },
  {
    name: "decides nothing without an inventory",
    deployment: onHost("hardware_version: 10"),
    expect: { "node:a": { verdict: "inconclusive", missing: ["no inventory given; add --inventory FILE"] } },
  },
  {
    name: "leaves the management node alone, which handles no media",
    deployment: `
management_node: { name: m, hostname: m, vm: { host: esxi01, hardware_version: 8 } }
conferencing_nodes: []
`,
    inventory: lone(),
    expect: {
      "deployment:deployment": { verdict: "not-applicable", reason: "the deployment has no Conferencing Node" },
    },
  },
]);

it("quotes the VM's name for the shell", async () => {
  const [check] = await checksOf(rule, {
    deployment: `conferencing_nodes: [{ name: a, hostname: a, vm: { name: "it's $(reboot)" } }]`,
    inventory: `
hosts: [{ name: esxi01, cluster: null, ${ESXI}, ${AVX2} }]
virtual_machines: [{ name: "it's $(reboot)", host: esxi01, hardware_version: 10 }]
`,
  });
  expect(check?.remediation).toContain(String.raw`govc vm.upgrade -vm 'it'\''s $(reboot)' -version 11`);
});

it("prints no command for a VM that does not exist yet", async () => {
  const [check] = await checksOf(rule, { deployment: onHost("hardware_version: 10"), inventory: lone() });
  expect(check?.verdict).toBe("fail");
  expect(check?.remediation).not.toContain("govc");
});
