import rule from "../../../rules/cluster/datastore-cluster.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const planned = (type: string, vm: string) => `
conferencing_nodes:
  - name: a
    hostname: a
    ${type}
    vm: { ${vm} }
`;

const AUTOMATIC = "deployment_type: AUTOMATIC";
const ON_CLUSTER = "cluster: vc-core, datastore: ds1";

const inventory = (...datastores: readonly string[]) => `
clusters: [{ name: vc-core, ha_enabled: true, drs_enabled: true }]
hosts:
  - { name: esxi01, cluster: vc-core }
  - { name: esxi02, cluster: vc-core }
  - { name: alone, cluster: null }
virtual_machines: []
datastores:
${datastores.map((datastore) => `  - { ${datastore} }`).join("\n")}
`;

const evaluated = (
  name: string,
  vm: string,
  datastores: readonly string[],
  expected: RuleCase["expect"][string],
): RuleCase => ({
  name,
  deployment: planned(AUTOMATIC, vm),
  inventory: inventory(...datastores),
  expect: { "node:a": expected },
});

ruleTester.run(
  rule,
  [
    evaluated("passes a datastore of a datastore cluster", ON_CLUSTER, ["name: ds1, datastore_cluster: pod"], {
      verdict: "pass",
    }),
    evaluated(
      "passes a node that is planned for the datastore cluster itself",
      "cluster: vc-core, datastore: POD",
      ["name: ds1, datastore_cluster: pod"],
      {
        verdict: "pass",
      },
    ),
    evaluated("fails a datastore of none", ON_CLUSTER, ["name: ds1, datastore_cluster: «null»"], {
      verdict: "fail",
      findings: [["none", "Datastore ds1 of node a is not in a datastore cluster"]],
      severity: "info",
    }),
    evaluated(
      "finds out by itself that the host is in a cluster",
      "host: esxi01, datastore: ds1",
      ["name: ds1, datastore_cluster: null"],
      {
        verdict: "fail",
      },
    ),
    evaluated(
      "does not apply to a host that stands alone",
      "host: alone, datastore: ds1",
      ["name: ds1, datastore_cluster: null"],
      {
        verdict: "not-applicable",
        reason: "none of the node's hosts is in a cluster",
      },
    ),
    evaluated("does not guess whether the datastore is in one", ON_CLUSTER, ["name: ds1"], {
      verdict: "inconclusive",
      missing: ["datastores.datastore_cluster is not in the inventory"],
    }),
    evaluated(
      "does not pass a datastore that the inventory does not have",
      ON_CLUSTER,
      ["name: ds2, datastore_cluster: pod"],
      {
        verdict: "inconclusive",
        reason: "no datastore ds1",
      },
    ),
    evaluated("does not pass a node without a datastore", "cluster: vc-core", ["name: ds1, datastore_cluster: pod"], {
      verdict: "inconclusive",
      missing: ["vm.datastore is not in the deployment"],
    }),
    evaluated(
      "tells datastores of one name apart by their hosts",
      ON_CLUSTER,
      ["name: ds1, hosts: [alone], datastore_cluster: null", "name: ds1, hosts: [ESXI02], datastore_cluster: pod"],
      { verdict: "pass" },
    ),
    evaluated(
      "does not choose between datastores of one name",
      ON_CLUSTER,
      ["name: ds1, datastore_cluster: null", "name: ds1, datastore_cluster: pod"],
      { verdict: "inconclusive", reason: "several datastores are named ds1" },
    ),
    {
      name: "does not apply to nodes that are deployed by hand, which is the default",
      deployment: planned("description: by hand", ON_CLUSTER),
      inventory: inventory("name: ds1, datastore_cluster: null"),
      expect: { "node:a": { verdict: "not-applicable", reason: "not deployed automatically" } },
    },
    {
      name: "does not pass when the inventory lists no datastores",
      deployment: planned(AUTOMATIC, ON_CLUSTER),
      inventory: `
clusters: [{ name: vc-core }]
hosts: [{ name: esxi01, cluster: vc-core }]
virtual_machines: []
`,
      expect: {
        "node:a": { verdict: "inconclusive", missing: ["the list datastores is not in the inventory"] },
      },
    },
    {
      name: "judges the disks of a node that has its VM, and not the plan",
      deployment: planned(AUTOMATIC, ON_CLUSTER),
      inventory: `
clusters: [{ name: vc-core, ha_enabled: false, drs_enabled: false }]
hosts: [{ name: esxi01, cluster: vc-core }]
virtual_machines:
  - name: a
    host: esxi01
    disks: [{ label: one, datastore: ds2 }, { label: two, datastore: ds2 }, { label: three, datastore: ds3 }]
datastores:
  - { name: ds1, datastore_cluster: pod }
  - { name: ds2, datastore_cluster: «null» }
  - { name: ds3, datastore_cluster: pod }
`,
      expect: {
        "node:a": { verdict: "fail", findings: [["none", "Datastore ds2 of node a"]] },
      },
    },
    {
      name: "does not pass a VM one of whose disks does not tell its datastore",
      deployment: planned(AUTOMATIC, ON_CLUSTER),
      inventory: `
clusters: [{ name: vc-core, ha_enabled: false, drs_enabled: false }]
hosts: [{ name: esxi01, cluster: vc-core }]
virtual_machines: [{ name: a, host: esxi01, disks: [{ datastore: ds1 }, { label: two }] }]
datastores: [{ name: ds1, datastore_cluster: pod }]
`,
      expect: {
        "node:a": { verdict: "inconclusive", missing: ["virtual_machines.disks.datastore is not in the inventory"] },
      },
    },
  ],
  { optional: ["cluster", "datastore_cluster", "hosts"] },
);
