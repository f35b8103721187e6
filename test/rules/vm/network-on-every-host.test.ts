import rule from "../../../rules/vm/network-on-every-host.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

/** Three hosts in a cluster with HA: `conferencing` on a distributed switch, `storage` on standard ones. */
const SITE = `
clusters: [{ name: vc-core, ha_enabled: true, ha_host_monitoring: true, drs_enabled: true }]
hosts:
  - { name: esxi01, cluster: vc-core, port_groups: «esxi01|[{ name: storage }]» }
  - { name: esxi02, cluster: vc-core, port_groups: «esxi02|[{ name: STORAGE }]» }
  - { name: esxi03, cluster: vc-core, port_groups: «esxi03|[{ name: storage }]» }
  - { name: alone, cluster: null, port_groups: [{ name: storage }] }
distributed_switches:
  - { name: dvs, hosts: «dvs|[{ name: esxi01 }, { name: esxi02 }, { name: ESXI03. }]» }
distributed_port_groups: [{ name: conferencing, distributed_switch: dvs }]
datastores:
  - { name: ds1, hosts: [esxi01, esxi02, esxi03] }
`;

const CORE = "cluster: vc-core, network: conferencing, datastore: ds1";

const planned = (
  name: string,
  vm: string,
  expected: RuleCase["expect"][string],
  change: (site: string) => string = (site) => site,
): RuleCase => ({
  name,
  deployment: `conferencing_nodes:\n  - name: a\n    hostname: a\n    vm: { ${vm} }\n`,
  inventory: change(`${SITE}virtual_machines: []\n`),
  expect: { "node:a": expected },
});

const replace = (text: string, by: string) => (site: string) => site.replace(text, by);

ruleTester.run(
  rule,
  [
    planned("passes where every host has all of it", `${CORE}, secondary_network: storage`, { verdict: "pass" }),
    planned(
      "fails a host that is not on the distributed switch, at the switch",
      CORE,
      {
        verdict: "fail",
        findings: [
          ["lacking", "«dvs»", "Candidate host esxi03 does not have network conferencing, so it cannot run node"],
        ],
        severity: "warn",
      },
      replace(", { name: ESXI03. }", ""),
    ),
    planned(
      "fails a host without the port group, at the host",
      "cluster: vc-core, network: storage, datastore: ds1",
      { verdict: "fail", findings: [["lacking", "«esxi02»", "Candidate host esxi02 does not have network storage"]] },
      replace("{ name: STORAGE }", ""),
    ),
    planned(
      "fails each host that lacks the secondary network",
      `${CORE}, secondary_network: storage`,
      {
        verdict: "fail",
        findings: [
          ["lacking", "«esxi01»", "Candidate host esxi01"],
          ["lacking", "«esxi02»", "Candidate host esxi02"],
        ],
      },
      (site) => site.replace("{ name: STORAGE }", "").replace("{ name: storage }", "{ name: other }"),
    ),
    planned(
      "fails a host that does not reach the datastore, at the datastore",
      CORE,
      { verdict: "fail", findings: [["lacking", "Candidate host esxi02 does not have datastore ds1"]] },
      replace("hosts: [esxi01, esxi02, esxi03]", "hosts: «[esxi01, esxi03]»"),
    ),
    planned(
      "passes a datastore cluster that reaches every host with one datastore or another",
      "cluster: vc-core, network: conferencing, datastore: pod",
      { verdict: "pass" },
      replace(
        "{ name: ds1, hosts: [esxi01, esxi02, esxi03] }",
        "{ name: ds1, hosts: [esxi01], datastore_cluster: pod }\n  - { name: ds2, hosts: [esxi02, esxi03], datastore_cluster: pod }",
      ),
    ),
    planned("fails once what no host has", "cluster: vc-core, network: «lost», datastore: ds1", {
      verdict: "fail",
      findings: [["nowhere"]],
    }),
    planned(
      "fails one thing whatever is unknown of another",
      CORE,
      { verdict: "fail", findings: [["lacking", "«dvs»"]] },
      (site) => site.replace(", { name: ESXI03. }", "").replace(", hosts: [esxi01, esxi02, esxi03]", ""),
    ),
    planned("does not apply to a host that stands alone", "host: alone, network: storage", {
      verdict: "not-applicable",
      reason: "one candidate host",
    }),
    planned(
      "does not apply to one host of a cluster without HA and DRS",
      "host: esxi01, network: only-here",
      { verdict: "not-applicable", reason: "one candidate host" },
      replace("ha_enabled: true, ha_host_monitoring: true, drs_enabled: true", "ha_enabled: false, drs_enabled: false"),
    ),
    planned(
      "takes HA that is unknown neither for off nor for on",
      "host: esxi01, network: conferencing, datastore: ds1",
      { verdict: "inconclusive", missing: ["clusters.ha_enabled is not in the inventory"] },
      (site) =>
        site
          .replace("ha_enabled: true, ha_host_monitoring: true, drs_enabled: true", "drs_enabled: false")
          .replace(", { name: ESXI03. }", ""),
    ),
    planned(
      "does not need HA where DRS is on",
      "host: esxi01, network: conferencing, datastore: ds1",
      { verdict: "fail", findings: [["lacking", "«dvs»"]] },
      (site) => site.replace("ha_enabled: true, ha_host_monitoring: true, ", "").replace(", { name: ESXI03. }", ""),
    ),
    planned(
      "does not need HA where the node has no host yet",
      CORE,
      { verdict: "fail", findings: [["lacking", "«dvs»"]] },
      (site) =>
        site
          .replace(", ha_enabled: true, ha_host_monitoring: true, drs_enabled: true", "")
          .replace(", { name: ESXI03. }", ""),
    ),
    planned("needs the network", "cluster: vc-core, datastore: ds1", {
      verdict: "inconclusive",
      missing: ["vm.network is not in the deployment"],
    }),
    planned("needs the datastore", "cluster: vc-core, network: conferencing", {
      verdict: "inconclusive",
      missing: ["vm.datastore is not in the deployment"],
    }),
    planned(
      "needs the port groups of every host",
      "cluster: vc-core, network: storage, datastore: ds1",
      {
        verdict: "inconclusive",
        missing: ["hosts.port_groups is not in the inventory"],
      },
      replace(", port_groups: «esxi02|[{ name: STORAGE }]»", ""),
    ),
    planned(
      "needs the members of the distributed switch",
      CORE,
      {
        verdict: "inconclusive",
        missing: ["distributed_switches.hosts is not in the inventory"],
      },
      replace(", hosts: «dvs|[{ name: esxi01 }, { name: esxi02 }, { name: ESXI03. }]»", ""),
    ),
    planned(
      "needs the names of all members",
      CORE,
      {
        verdict: "inconclusive",
        missing: ["distributed_switches.hosts.name is not in the inventory"],
      },
      replace("{ name: ESXI03. }", "{ uplinks: [vmnic2] }"),
    ),
    planned(
      "needs the hosts of the datastore",
      CORE,
      {
        verdict: "inconclusive",
        missing: ["datastores.hosts is not in the inventory"],
      },
      replace(", hosts: [esxi01, esxi02, esxi03]", ""),
    ),
    planned(
      "needs to know which hosts the cluster has",
      CORE,
      {
        verdict: "inconclusive",
        missing: ["hosts.cluster is not in the inventory"],
      },
      replace("{ name: alone, cluster: null,", "{ name: alone,"),
    ),
    planned("needs a place", "network: conferencing", {
      verdict: "inconclusive",
      missing: ["placement of the node is"],
    }),
    {
      name: "judges the VM and not the plan",
      deployment: `conferencing_nodes: [{ name: a, hostname: a, vm: { ${CORE} } }]`,
      inventory: `${SITE}virtual_machines:
  - { name: a, host: esxi01, cluster: vc-core, disks: [{ datastore: ds2 }], nics: [{ network: only-01 }] }
`
        .replace("[{ name: storage }]", "[{ name: only-01 }]")
        .replace("datastores:", "datastores:\n  - { name: ds2, hosts: [esxi01, esxi02, esxi03] }"),
      expect: {
        "node:a": {
          verdict: "fail",
          findings: [
            ["lacking", "«esxi02»", "Candidate host esxi02 does not have network only-01"],
            ["lacking", "«esxi03»", "Candidate host esxi03 does not have network only-01"],
          ],
        },
      },
    },
    {
      name: "needs the disks and the adapters of the VM",
      deployment: `conferencing_nodes: [{ name: a, hostname: a, vm: { ${CORE} } }, { name: b, hostname: b }]`,
      inventory: `${SITE}virtual_machines:
  - { name: a, host: esxi01, nics: [{ network: conferencing }] }
  - { name: b, host: esxi01, disks: [{ datastore: ds1 }] }
`,
      expect: {
        "node:a": { verdict: "inconclusive", missing: ["virtual_machines.disks is not in the inventory"] },
        "node:b": { verdict: "inconclusive", missing: ["virtual_machines.nics is not in the inventory"] },
      },
    },
    {
      name: "does not know which host a VM stays on",
      deployment: "conferencing_nodes: [{ name: a, hostname: a }]",
      inventory: `
clusters: [{ name: vc-core, ha_enabled: false, drs_enabled: false }]
hosts: [{ name: esxi01, cluster: vc-core, port_groups: [{ name: core }] }, { name: esxi02, cluster: vc-core, port_groups: [] }]
distributed_port_groups: []
datastores: [{ name: ds1, hosts: [esxi01, esxi02] }]
virtual_machines: [{ name: a, cluster: vc-core, disks: [{ datastore: ds1 }], nics: [{ network: core }] }]
`,
      expect: { "node:a": { verdict: "inconclusive", missing: ["virtual_machines.host is not in the inventory"] } },
    },
    {
      name: "does not know without an inventory",
      deployment: `conferencing_nodes: [{ name: a, hostname: a, vm: { ${CORE} } }]`,
      expect: { "node:a": { verdict: "inconclusive", missing: ["no inventory given"] } },
    },
  ],
  { optional: ["port_groups", "secondary_network"] },
);
