import rule from "../../../rules/vm/ssd-datastore.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const planned = (name: string, datastore: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: "conferencing_nodes: [{ name: a, hostname: a, vm: { datastore: ds1 } }]",
  inventory: `virtual_machines: []\ndatastores: [{ name: ds1, ${datastore} }]`,
  expect: { "node:a": expected },
});

ruleTester.run(rule, [
  planned("passes SSDs", "ssd: true", { verdict: "pass" }),
  planned("passes SSDs of an array", "ssd: true, local: false", { verdict: "pass" }),
  planned("fails local disks that are none", "ssd: «false», local: true", {
    verdict: "fail",
    findings: [["disk", "Datastore ds1 of node a is not on SSDs"]],
    severity: "warn",
  }),
  planned("does not believe an array that says it has none", "ssd: false, local: false", {
    verdict: "inconclusive",
    reason: "arrays do not report whether they use SSDs",
  }),
  planned("does not guess whether a datastore without SSDs is local", "ssd: false", {
    verdict: "inconclusive",
    missing: ["datastores.local is not in the inventory"],
  }),
  planned("does not guess whether it has SSDs", "local: true", {
    verdict: "inconclusive",
    missing: ["datastores.ssd is not in the inventory"],
  }),
  {
    name: "judges the disks of the VM, each datastore once, and not the plan",
    deployment: "management_node: { name: m, hostname: m, vm: { datastore: good } }",
    inventory: `
virtual_machines: [{ name: m, disks: [{ datastore: good }, { datastore: BAD }, { datastore: bad }] }]
datastores: [{ name: good, ssd: true }, { name: bad, ssd: «false», local: true }]
`,
    expect: { "node:m": { verdict: "fail", findings: [["disk"]] } },
  },
  {
    name: "does not need the plan of a node that has its VM",
    deployment: "management_node: { name: m, hostname: m, vm: { datastore: bad } }",
    inventory: `
virtual_machines: [{ name: m, disks: [{ datastore: good }] }]
datastores: [{ name: good, ssd: true }, { name: bad, ssd: false, local: true }]
`,
    expect: { "node:m": { verdict: "pass" } },
  },
  {
    name: "does not pass one disk for the other",
    deployment: "management_node: { name: m, hostname: m }",
    inventory: `
virtual_machines: [{ name: m, disks: [{ datastore: good }, {}] }]
datastores: [{ name: good, ssd: true }]
`,
    expect: {
      "node:m": { verdict: "inconclusive", missing: ["virtual_machines.disks.datastore is not in the inventory"] },
    },
  },
  {
    name: "does not pass a VM without disks, or without a list of them",
    deployment: "conferencing_nodes: [{ name: a, hostname: a }, { name: b, hostname: b }]",
    inventory: "virtual_machines: [{ name: a, disks: [] }, { name: b }]\ndatastores: []",
    expect: {
      "node:a": { verdict: "inconclusive", reason: "no disk in the inventory" },
      "node:b": { verdict: "inconclusive", missing: ["virtual_machines.disks is not in the inventory"] },
    },
  },
  {
    name: "judges a plan on a datastore cluster by all that the cluster holds",
    deployment: "conferencing_nodes: [{ name: a, hostname: a, vm: { datastore: pod } }]",
    inventory: `virtual_machines: []
datastores:
  - { name: ds1, ssd: true, datastore_cluster: pod }
  - { name: ds2, ssd: «false», local: true, datastore_cluster: Pod }
`,
    expect: { "node:a": { verdict: "fail", findings: [["disk"]] } },
  },
  {
    name: "does not pass a datastore that the inventory does not have, or a plan without one",
    deployment: "conferencing_nodes: [{ name: a, hostname: a, vm: { datastore: ds9 } }, { name: b, hostname: b }]",
    inventory: "virtual_machines: []\ndatastores: []",
    expect: {
      "node:a": { verdict: "inconclusive", missing: ["datastore ds9 is not in the inventory"] },
      "node:b": { verdict: "inconclusive", missing: ["vm.datastore is not in the deployment"] },
    },
  },
  {
    name: "does not apply where there is no node",
    deployment: "conferencing_nodes: []",
    inventory: "virtual_machines: []",
    expect: { "deployment:deployment": { verdict: "not-applicable", reason: "no node" } },
  },
]);
