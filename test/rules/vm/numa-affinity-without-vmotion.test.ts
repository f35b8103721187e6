import rule from "../../../rules/vm/numa-affinity-without-vmotion.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const deployment = "conferencing_nodes: [{ name: oslo, hostname: conf01 }]";

const evaluated = (
  name: string,
  cluster: string,
  vm: string,
  expected: RuleCase["expect"][string],
  hosts: readonly string[] = ["esxi01", "esxi02"],
): RuleCase => ({
  name,
  deployment,
  inventory: `
clusters: [{ name: vc-core, ${cluster} }]
hosts: [${hosts.map((host) => `{ name: ${host}, cluster: vc-core }`).join(", ")}]
virtual_machines: [{ name: conf01, host: esxi01, ${vm} }]
`,
  expect: { "node:oslo": expected },
});

const FULLY = "drs_enabled: true, drs_behavior: fullyAutomated";
const PARTLY = "drs_enabled: true, drs_behavior: partiallyAutomated";
const BOUND = "numa_node_affinity: «0», drs_behavior: null";

ruleTester.run(rule, [
  evaluated("fails an affinity in a cluster whose DRS is fully automated", FULLY, BOUND, {
    verdict: "fail",
    findings: [["movable", "VM conf01 of node oslo is bound to NUMA node 0, but DRS of cluster vc-core"]],
    severity: "warn",
  }),
  evaluated("fails an affinity that is written as text", FULLY, 'numa_node_affinity: «"0,1"», drs_behavior: null', {
    verdict: "fail",
    findings: [["movable", "NUMA node 0,1"]],
  }),
  evaluated(
    "fails an override that is fully automated",
    PARTLY,
    "numa_node_affinity: «1», drs_behavior: fullyAutomated",
    {
      verdict: "fail",
      findings: [["movable"]],
    },
  ),
  evaluated("passes where DRS only recommends", PARTLY, BOUND, { verdict: "pass" }),
  evaluated(
    "passes an override that keeps the VM where it is",
    FULLY,
    "numa_node_affinity: 0, drs_behavior: disabled",
    {
      verdict: "pass",
    },
  ),
  evaluated("passes an override that lets DRS only recommend", FULLY, "numa_node_affinity: 0, drs_behavior: manual", {
    verdict: "pass",
  }),
  evaluated("passes where DRS is off", "drs_enabled: false", BOUND, { verdict: "pass" }),
  evaluated("passes in a cluster of one host", FULLY, BOUND, { verdict: "pass" }, ["esxi01"]),
  {
    name: "does not count on one host while a distributed switch names another that is not listed",
    deployment,
    inventory: `
clusters: [{ name: vc-core, ${FULLY} }]
hosts: [{ name: esxi01, cluster: vc-core }]
distributed_switches: [{ name: dvs, hosts: [{ name: esxi01 }, { name: esxi09 }] }]
virtual_machines: [{ name: conf01, host: esxi01, ${BOUND} }]
`,
    expect: { "node:oslo": { verdict: "inconclusive", missing: ["host esxi09, which distributed switch dvs names"] } },
  },
  evaluated("does not apply to a VM that is bound to none", FULLY, "numa_node_affinity: null, drs_behavior: null", {
    verdict: "not-applicable",
    reason: "bound to a NUMA node",
  }),
  evaluated("takes an empty setting for none", FULLY, 'numa_node_affinity: "", drs_behavior: null', {
    verdict: "not-applicable",
    reason: "bound to a NUMA node",
  }),
  evaluated("does not take a missing affinity for none", FULLY, "drs_behavior: null", {
    verdict: "inconclusive",
    missing: ["virtual_machines.numa_node_affinity is not in the inventory"],
  }),
  evaluated("does not guess whether DRS is on", "drs_behavior: fullyAutomated", BOUND, {
    verdict: "inconclusive",
    missing: ["clusters.drs_enabled is not in the inventory"],
  }),
  evaluated("does not guess how far DRS goes", "drs_enabled: true", BOUND, {
    verdict: "inconclusive",
    missing: ["clusters.drs_behavior is not in the inventory"],
  }),
  evaluated("does not take a missing override for none", PARTLY, "numa_node_affinity: 0", {
    verdict: "inconclusive",
    missing: ["virtual_machines.drs_behavior is not in the inventory"],
  }),
  {
    name: "does not take a cluster for one of one host while another host may belong to it",
    deployment,
    inventory: `
clusters: [{ name: vc-core, ${FULLY} }]
hosts: [{ name: esxi01, cluster: vc-core }, { name: esxi02 }]
virtual_machines: [{ name: conf01, host: esxi01, ${BOUND} }]
`,
    expect: { "node:oslo": { verdict: "inconclusive", missing: ["hosts.cluster is not in the inventory"] } },
  },
  {
    name: "passes a VM that is in no cluster, and waits for one that does not exist",
    deployment: "conferencing_nodes: [{ name: a, hostname: a }, { name: b, hostname: b }]",
    inventory: `
hosts: [{ name: alone, cluster: null }]
virtual_machines: [{ name: a, host: alone, ${BOUND} }]
`,
    expect: {
      "node:a": { verdict: "pass" },
      "node:b": { verdict: "not-applicable", reason: "applies after deployment" },
    },
  },
]);
