import { expect, it } from "vitest";
import rule from "../../../rules/cluster/drs-not-fully-automated.ts";
import { checksOf, ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const deployment = "conferencing_nodes: [{ name: oslo, hostname: conf01 }]";

const inventory = (cluster: string, vm: string, hosts = 2) => `
clusters:
  - { name: vc-core, ${cluster} }
virtual_machines:
  - { name: conf01, host: esxi01, ${vm} }
hosts:
${Array.from({ length: hosts }, (_, index) => `  - { name: esxi0${index + 1}, cluster: vc-core }`).join("\n")}
`;

const evaluated = (
  name: string,
  cluster: string,
  vm: string,
  expected: RuleCase["expect"][string],
  hosts?: number,
): RuleCase => ({ name, deployment, inventory: inventory(cluster, vm, hosts), expect: { "node:oslo": expected } });

const FULLY = "drs_enabled: true, drs_behavior: «drs_behavior-1|fullyAutomated»";
const PARTLY = "drs_enabled: true, drs_behavior: partiallyAutomated";
const NONE = "drs_behavior: null";

ruleTester.run(rule, [
  evaluated("passes DRS that only recommends", PARTLY, NONE, { verdict: "pass" }),
  evaluated("passes manual DRS", "drs_enabled: true, drs_behavior: manual", NONE, { verdict: "pass" }),
  evaluated("fails fully automated DRS", FULLY, NONE, {
    verdict: "fail",
    findings: [
      ["cluster", "«drs_behavior-1»", "DRS of cluster vc-core is fully automated, and VM conf01 of node oslo"],
    ],
    severity: "warn",
  }),
  evaluated("passes a VM with a partially automated override", FULLY, "drs_behavior: partiallyAutomated", {
    verdict: "pass",
  }),
  evaluated("passes a VM with a manual override", FULLY, "drs_behavior: manual", { verdict: "pass" }),
  evaluated("passes a VM for which DRS is disabled", FULLY, "drs_behavior: disabled", { verdict: "pass" }),
  evaluated("fails a VM whose own override is fully automated", PARTLY, "drs_behavior: «fullyAutomated»", {
    verdict: "fail",
    findings: [["override", "VM conf01 of node oslo has a DRS override that is fully automated"]],
  }),
  evaluated(
    "fails it once where the cluster is fully automated too",
    FULLY,
    "drs_behavior: «drs_behavior-2|fullyAutomated»",
    {
      verdict: "fail",
      findings: [["override", "«drs_behavior-2»"]],
    },
  ),
  evaluated("does not apply while DRS is off", "drs_enabled: false, drs_behavior: fullyAutomated", NONE, {
    verdict: "not-applicable",
    reason: "DRS is disabled",
  }),
  evaluated(
    "does not apply to a cluster of one host",
    FULLY,
    NONE,
    { verdict: "not-applicable", reason: "one host" },
    1,
  ),
  {
    name: "fails whatever other host may belong to the cluster",
    deployment,
    inventory: inventory(FULLY, NONE).replace("hosts:\n", "hosts:\n  - { name: esxi09 }\n"),
    expect: { "node:oslo": { verdict: "fail", findings: [["cluster", "«drs_behavior-1»"]] } },
  },
  {
    name: "fails a plan whatever other host may belong to the cluster",
    deployment: "conferencing_nodes: [{ name: oslo, hostname: conf01, vm: { cluster: vc-core } }]",
    inventory: `
clusters: [{ name: vc-core, ${FULLY} }]
hosts: [{ name: esxi01, cluster: vc-core }, { name: esxi02, cluster: vc-core }, { name: esxi09 }]
virtual_machines: []
`,
    expect: { "node:oslo": { verdict: "fail", findings: [["planned", "«drs_behavior-1»"]] } },
  },
  {
    name: "does not decide for a planned host of unknown cluster",
    deployment: "conferencing_nodes: [{ name: oslo, hostname: conf01, vm: { host: esxi09 } }]",
    inventory: `
clusters: [{ name: vc-core, ${FULLY} }]
hosts: [{ name: esxi01, cluster: vc-core }, { name: esxi09 }]
virtual_machines: []
`,
    expect: { "node:oslo": { verdict: "inconclusive", missing: ["hosts.cluster is not in the inventory"] } },
  },
  {
    name: "counts a host that only another VM names, in the same cluster",
    deployment,
    inventory: inventory(FULLY, NONE, 1).replace(
      "virtual_machines:",
      "virtual_machines:\n  - { name: dc01, host: esxi09, cluster: vc-core }",
    ),
    expect: { "node:oslo": { verdict: "fail", findings: [["cluster", "«drs_behavior-1»"]] } },
  },
  {
    name: "does not count on one host while a datastore names another that is not listed",
    deployment,
    inventory: `${inventory(FULLY, NONE, 1)}\ndatastores: [{ name: ds, hosts: [esxi01, esxi09] }]`,
    expect: {
      "node:oslo": {
        verdict: "inconclusive",
        missing: ["host esxi09, which datastore ds names, is not in the inventory"],
      },
    },
  },
  evaluated("does not take a missing override for none", FULLY, "cpus: 4", {
    verdict: "inconclusive",
    missing: ["virtual_machines.drs_behavior is not in the inventory"],
  }),
  evaluated("does not take a missing override for none where the cluster only recommends", PARTLY, "cpus: 4", {
    verdict: "inconclusive",
    missing: ["virtual_machines.drs_behavior is not in the inventory"],
  }),
  evaluated("does not guess the cluster's setting", "drs_enabled: true", NONE, {
    verdict: "inconclusive",
    missing: ["clusters.drs_behavior is not in the inventory"],
  }),
  evaluated("does not need the cluster's setting beside an override", "drs_enabled: true", "drs_behavior: manual", {
    verdict: "pass",
  }),
  evaluated("does not guess whether DRS is on", "drs_behavior: fullyAutomated", NONE, {
    verdict: "inconclusive",
    missing: ["clusters.drs_enabled is not in the inventory"],
  }),
  {
    name: "evaluates the planned cluster while there is no VM",
    deployment: `
conferencing_nodes:
  - { name: a, hostname: a, vm: { cluster: vc-core } }
  - { name: b, hostname: b, vm: { host: esxi01 } }
  - { name: c, hostname: c, vm: { cluster: vc-manual } }
  - { name: e, hostname: e, vm: { host: alone } }
`,
    inventory: `
clusters:
  - { name: vc-core, drs_enabled: true, drs_behavior: «fullyAutomated» }
  - { name: vc-manual, drs_enabled: true, drs_behavior: manual }
hosts:
  - { name: esxi01, cluster: vc-core }
  - { name: esxi02, cluster: vc-core }
  - { name: esxi11, cluster: vc-manual }
  - { name: esxi12, cluster: vc-manual }
  - { name: alone, cluster: null }
virtual_machines: []
`,
    expect: {
      "node:a": { verdict: "fail", findings: [["planned", "DRS of cluster vc-core is fully automated"]] },
      "node:b": {
        verdict: "fail",
        findings: [["planned", "planned node b, DRS may move the node while conferences run on"]],
      },
      "node:c": { verdict: "pass" },
      "node:e": { verdict: "not-applicable", reason: "not in a cluster" },
    },
  },
  {
    name: "needs the level of the planned cluster, and a planned cluster",
    deployment: `
conferencing_nodes:
  - { name: a, hostname: a, vm: { cluster: vc-core } }
  - { name: b, hostname: b }
`,
    inventory: `
clusters: [{ name: vc-core, drs_enabled: true }]
hosts: [{ name: esxi01, cluster: vc-core }, { name: esxi02, cluster: vc-core }]
virtual_machines: []
`,
    expect: {
      "node:a": { verdict: "inconclusive", missing: ["clusters.drs_behavior is not in the inventory"] },
      "node:b": { verdict: "inconclusive" },
    },
  },
  {
    name: "does not apply to a VM outside of clusters",
    deployment: "conferencing_nodes: [{ name: b, hostname: b }]",
    inventory: `
clusters: [{ name: vc-core, ${FULLY} }]
hosts: [{ name: esxi01, cluster: vc-core }, { name: esxi02, cluster: vc-core }, { name: alone, cluster: null }]
virtual_machines: [{ name: b, host: alone }]
`,
    expect: {
      "node:b": { verdict: "not-applicable", reason: "not in a cluster" },
    },
  },
  {
    name: "does not take a cluster for one of one host while another host may belong to it",
    deployment,
    inventory: `
clusters: [{ name: vc-core, ${FULLY} }]
hosts: [{ name: esxi01, cluster: vc-core }, { name: esxi02 }]
virtual_machines: [{ name: conf01, host: esxi01, drs_behavior: null }]
`,
    expect: { "node:oslo": { verdict: "inconclusive", missing: ["hosts.cluster is not in the inventory"] } },
  },
  {
    name: "does not judge the Management Node, which no conference runs on",
    deployment: "management_node: { name: m, hostname: conf01 }\nconferencing_nodes: []",
    inventory: inventory(FULLY, NONE),
    expect: { "deployment:deployment": { verdict: "not-applicable", reason: "no Conferencing Node" } },
  },
  {
    name: "does not know without an inventory whether there is a VM",
    deployment,
    expect: { "node:oslo": { verdict: "inconclusive", missing: ["no inventory given"] } },
  },
]);

it("prints the command that overrides DRS for this VM", async () => {
  const [check] = await checksOf(rule, { deployment, inventory: inventory(FULLY, NONE) });
  expect(check?.remediation?.split("\n").slice(1)).toEqual([
    "govc cluster.override.change -cluster vc-core -vm conf01 -drs-enabled -drs-mode partiallyAutomated",
  ]);
});
