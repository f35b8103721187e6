import rule from "../../../rules/vm/placement-exists.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const SITE = `
datacenters: [{ name: Oslo-DC1 }, { name: Bergen-DC1 }]
clusters:
  - { name: vc-core, datacenter: Oslo-DC1, ha_enabled: true, ha_host_monitoring: true, drs_enabled: false }
  - { name: vc-far, datacenter: Bergen-DC1, ha_enabled: true, ha_host_monitoring: true, drs_enabled: false }
hosts:
  - { name: esxi01, cluster: vc-core, port_groups: [{ name: storage }, { name: only-on-01 }] }
  - { name: esxi02, cluster: vc-core, port_groups: [{ name: storage }] }
  - { name: alone, cluster: null, port_groups: [{ name: edge }] }
distributed_switches: [{ name: dvs, hosts: [{ name: esxi01 }, { name: esxi02 }] }]
distributed_port_groups: [{ name: conferencing, distributed_switch: dvs }]
datastores:
  - { name: ds1, hosts: [esxi01, esxi02], datastore_cluster: pod }
  - { name: ds-alone, hosts: [alone], datastore_cluster: null }
  - { name: ds-01, hosts: [esxi01], datastore_cluster: null }
resource_pools:
  - { name: pexip, path: /Oslo-DC1/host/vc-core/Resources/pexip, cluster: vc-core }
  - { name: edge-pool, cluster: null }
`;

const CORE = "cluster: vc-core, network: conferencing";

/** A node that is not deployed yet. */
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

const VM = "host: esxi01, cluster: vc-core, disks: [{ datastore: ds1 }], nics: [{ network: conferencing }]";

/** A node with a VM. */
const deployed = (
  name: string,
  plan: string,
  machine: string,
  expected: RuleCase["expect"][string],
  change: (site: string) => string = (site) => site,
): RuleCase => ({
  name,
  deployment: `conferencing_nodes:\n  - name: a\n    hostname: a\n    vm: { ${plan} }\n`,
  inventory: change(`virtual_machines:\n  - { name: a, ${machine} }${SITE}`),
  expect: { "node:a": expected },
});

/** Another cluster vc-core in Bergen-DC1, and the pool pexip at that path. */
const twins = (path: string | undefined) => (site: string) =>
  site
    .replace("vc-far, datacenter", "vc-core, datacenter")
    .replaceAll(/- \{ name: (?=esxi|alone)/g, "- { datacenter: Oslo-DC1, name: ")
    .replace(" path: /Oslo-DC1/host/vc-core/Resources/pexip,", path === undefined ? "" : ` path: ${path},`);

const without = (line: RegExp) => (site: string) => site.replace(line, "");
const fails = (words: string): RuleCase["expect"][string] => ({
  verdict: "fail",
  findings: [["unlisted", words]],
  severity: "error",
});

ruleTester.run(
  rule,
  [
    planned(
      "passes a plan all of whose names are in the inventory, in any case",
      "datacenter: OSLO-dc1, cluster: VC-Core, host: ESXI01., resource_pool: Pexip, datastore: DS1, network: Conferencing, secondary_network: storage",
      { verdict: "pass" },
    ),
    planned("passes a plan that names no more than a cluster and a network", CORE, { verdict: "pass" }),
    planned("passes a plan on a host that stands alone", "host: alone, datastore: ds-alone, network: edge", {
      verdict: "pass",
    }),
    planned("passes a resource pool by its path", `${CORE}, resource_pool: /oslo-dc1/host/vc-core/resources/pexip`, {
      verdict: "pass",
    }),
    planned("passes a datastore cluster", `${CORE}, datastore: pod`, { verdict: "pass" }),

    planned(
      "fails a datacenter",
      `${CORE}, datacenter: «Oslo»`,
      fails('is placed on datacenter "Oslo", which is not in'),
    ),
    planned("fails a cluster", "cluster: «vc-cor», network: conferencing", fails('on cluster "vc-cor"')),
    planned("fails a host", "host: «esxi09», network: conferencing, datastore: ds1", fails('on host "esxi09"')),
    planned("fails a name that is there in another form", "cluster: «vc_core», network: conferencing", {
      verdict: "fail",
      findings: [["similar", 'which is not in the inventory; the most similar name is "vc-core".']],
    }),
    planned("fails a resource pool", `${CORE}, resource_pool: «pexi»`, fails('on resource pool "pexi"')),
    planned("fails a datastore", `${CORE}, datastore: «ds9»`, fails('on datastore "ds9"')),
    planned("fails a network", "cluster: vc-core, network: «conference»", fails('on network "conference"')),
    planned(
      "does not take a network for absent that a VM uses, such as an NSX segment",
      "cluster: vc-core, network: seg-conf",
      {
        verdict: "inconclusive",
        missing: ["no port group is named seg-conf, but VM other uses a network of that name, such as an NSX segment"],
      },
      (site) =>
        site.replace("virtual_machines: []", "virtual_machines: [{ name: other, nics: [{ network: seg-conf }] }]"),
    ),
    planned("fails a secondary network", `${CORE}, secondary_network: «dmz»`, fails('on network "dmz"')),
    planned("fails each name that is not there", "cluster: vc-core, network: «network|x», datastore: «datastore|y»", {
      verdict: "fail",
      findings: [
        ["unlisted", "«datastore»", 'datastore "y"'],
        ["unlisted", "«network»", 'network "x"'],
      ],
    }),
    planned("fails an empty name", "cluster: vc-core, network: ''", { verdict: "fail" }),

    planned("fails a network that its host does not have", "host: alone, network: «conferencing»", {
      verdict: "fail",
      findings: [["unreachable", 'on network "conferencing", but host alone does not have it']],
    }),
    planned(
      "fails one that only another host of its cluster has",
      "host: esxi02, network: «only-on-01», datastore: ds1",
      {
        verdict: "fail",
        findings: [["unreachable", 'on network "only-on-01", but host esxi02 does not have it']],
      },
    ),
    planned("fails a network that none of its cluster's hosts has", "cluster: vc-core, network: «edge»", {
      verdict: "fail",
      findings: [["unreachable", "but no candidate host has it"]],
    }),
    planned(
      "fails a network that the node's hosts lack, whatever is unknown of others",
      "cluster: vc-core, network: «conference»",
      { verdict: "fail", findings: [["unreachable", "but no candidate host has it"]] },
      (site) =>
        site.replace("{ name: alone, cluster: null, port_groups: [{ name: edge }] }", "{ name: alone, cluster: null }"),
    ),
    planned(
      "does not decide on a network while the node's own host does not list its port groups",
      "host: esxi02, network: conference, datastore: ds1",
      { verdict: "inconclusive", missing: ["hosts.port_groups is not in the inventory"] },
      (site) => site.replace("esxi02, cluster: vc-core, port_groups: [{ name: storage }]", "esxi02, cluster: vc-core"),
    ),
    planned(
      "fails a network that its host does not have, whatever cluster the host is in",
      "cluster: vc-core, host: alone, network: «conferencing»",
      { verdict: "fail", findings: [["unreachable", 'on network "conferencing", but host alone does not have it']] },
      (site) => site.replace("name: alone, cluster: null", "name: alone"),
    ),
    planned(
      "does not take a datastore for the resource pool of its name",
      "host: alone, network: edge, datastore: pexip",
      { verdict: "pass" },
      (site) => site.replace("ds-alone", "pexip"),
    ),
    planned(
      "passes what a host of the cluster has, though another host may belong to the cluster",
      CORE,
      { verdict: "pass" },
      (site) => site.replace("name: alone, cluster: null", "name: alone"),
    ),
    planned("reports each gap of a cluster without hosts", "cluster: vc-far", {
      verdict: "inconclusive",
      missing: ["vm.network is not in the deployment", "no host of cluster vc-far is in the inventory"],
    }),
    planned(
      "fails a host of another datacenter",
      "datacenter: «Bergen-DC1», host: esxi01, network: conferencing",
      {
        verdict: "fail",
        findings: [["elsewhere", 'on host "esxi01", which is not in datacenter "Bergen-DC1"']],
      },
      (site) => site.replace("{ name: esxi01, cluster", "{ name: esxi01, datacenter: Oslo-DC1, cluster"),
    ),
    deployed("compares the datacenter of the plan with none of its VM's names", "datacenter: Bergen-DC1", VM, {
      verdict: "pass",
    }),
    planned(
      "does not decide which of two hosts of one name is planned",
      "cluster: vc-far, host: esxi01, network: storage",
      { verdict: "inconclusive", missing: ["more than one host is named esxi01"] },
      (site) =>
        site
          .replace("{ name: esxi01, cluster: vc-core", "{ name: esxi01, datacenter: Oslo-DC1, cluster: vc-core")
          .replace(
            "  - { name: alone",
            "  - { name: esxi01, cluster: vc-far, datacenter: Bergen-DC1, port_groups: [{ name: storage }] }\n  - { name: alone",
          ),
    ),
    planned(
      "passes the resource pool of a host without a cluster, whose name a pool of unknown owner has too",
      "host: alone, network: edge, resource_pool: edge-pool",
      { verdict: "pass" },
      (site) =>
        site.replace(
          "  - { name: edge-pool, cluster: null }",
          "  - { name: edge-pool }\n  - { name: edge-pool, cluster: null }",
        ),
    ),
    planned(
      "does not decide for a host without a cluster while it is not known whose a resource pool is",
      "host: alone, network: edge, resource_pool: edge-pool",
      { verdict: "inconclusive", missing: ["resource_pools.cluster is not in the inventory"] },
      (site) => site.replace("name: edge-pool, cluster: null", "name: edge-pool"),
    ),
    planned(
      "passes one of two resource pools with the same name in one of two clusters with the same name",
      `datacenter: Oslo-DC1, ${CORE}, resource_pool: pexip`,
      { verdict: "pass" },
      (site) =>
        twins("/Oslo-DC1/host/vc-core/Resources/pexip")(site).replace(
          "  - { name: edge-pool",
          "  - { name: pexip, path: /Bergen-DC1/host/vc-core/Resources/pexip, cluster: vc-core }\n  - { name: edge-pool",
        ),
    ),
    planned(
      "does not take a resource pool called like a datacenter for a step of the path",
      `datacenter: Oslo-DC1, ${CORE}, resource_pool: «pexip»`,
      { verdict: "fail", findings: [["otherPool"]] },
      twins("/Bergen-DC1/host/vc-core/Resources/Oslo-DC1/pexip"),
    ),
    planned(
      "fails a datastore that the host does not reach, under a network of its name",
      "host: alone, network: ds1, datastore: «ds1»",
      {
        verdict: "fail",
        findings: [["unreachable", 'on datastore "ds1"']],
      },
      (site) => site.replace("{ name: edge }", "{ name: ds1 }"),
    ),
    planned("fails a host outside of the cluster", "cluster: vc-core, host: «alone», network: edge", {
      verdict: "fail",
      findings: [["apart", 'is placed on host "alone" and on cluster "vc-core", but the host is not in a cluster']],
    }),
    planned("fails a host of another cluster", "cluster: vc-far, host: «esxi01», network: conferencing", {
      verdict: "fail",
      findings: [["apart", 'on cluster "vc-far", but the host is in cluster "vc-core"']],
    }),
    planned(
      "does not decide whether a host is in the cluster that does not tell its own",
      "cluster: vc-core, host: alone, network: edge",
      {
        verdict: "inconclusive",
        missing: ["hosts.cluster is not in the inventory; write cluster: null for a host without a cluster"],
      },
      (site) => site.replace("name: alone, cluster: null", "name: alone"),
    ),
    {
      name: "fails a host outside of the cluster even if the node may have a VM",
      deployment:
        "conferencing_nodes: [{ name: a, hostname: a, vm: { cluster: vc-core, host: «alone», network: edge } }]",
      inventory: SITE,
      expect: { "node:a": { verdict: "fail", findings: [["apart"]] } },
    },
    planned(
      "reports nothing else while host and cluster contradict each other",
      "cluster: vc-far, host: «esxi01», network: edge, resource_pool: edge-pool, datastore: ds-alone",
      { verdict: "fail", findings: [["apart"]] },
    ),
    planned(
      "reports a host that is nowhere once, whatever its cluster",
      "cluster: vc-core, host: «esxi09», network: conferencing",
      { verdict: "fail", findings: [["unlisted", 'on host "esxi09"']] },
    ),
    planned(
      "fails a resource pool that only a host outside the cluster has",
      "cluster: vc-core, network: conferencing, resource_pool: «edge-pool»",
      {
        verdict: "fail",
        findings: [["otherPool", 'in resource pool "edge-pool", but cluster vc-core has no such pool']],
      },
    ),
    planned(
      "passes a resource pool whose name another cluster has too",
      `${CORE}, resource_pool: pexip`,
      { verdict: "pass" },
      (site) => site.replace("  - { name: edge-pool", "  - { name: pexip, cluster: vc-far }\n  - { name: edge-pool"),
    ),
    planned(
      "passes a resource pool in one of two clusters with the same name, in two datacenters",
      `datacenter: Oslo-DC1, ${CORE}, resource_pool: pexip`,
      { verdict: "pass" },
      twins("/Oslo-DC1/host/vc-core/Resources/pexip"),
    ),
    planned(
      "fails a resource pool in the cluster of that name in another datacenter",
      `datacenter: Oslo-DC1, ${CORE}, resource_pool: «pexip»`,
      {
        verdict: "fail",
        findings: [["otherPool", 'in resource pool "pexip", but cluster Oslo-DC1/vc-core has no such pool']],
      },
      twins("/Bergen-DC1/host/vc-core/Resources/pexip"),
    ),
    planned(
      "does not decide for a resource pool in one of two clusters with the same name without its path",
      `datacenter: Oslo-DC1, ${CORE}, resource_pool: pexip`,
      { verdict: "inconclusive", missing: ["resource_pools.path is not in the inventory"] },
      twins(undefined),
    ),
    planned("is inconclusive on a cluster without hosts", "cluster: vc-far, network: conferencing", {
      verdict: "inconclusive",
    }),
    planned(
      "tells hosts of equal names apart by the datacenter",
      "datacenter: Bergen-DC1, cluster: vc-far, host: esxi01, network: storage",
      { verdict: "pass" },
      (site) =>
        site
          .replace(
            "cluster: vc-core, port_groups: [{ name: storage }, ",
            "cluster: vc-core, datacenter: Oslo-DC1, port_groups: [{ name: storage }, ",
          )
          .replace(
            "  - { name: alone",
            "  - { name: esxi01, cluster: vc-far, datacenter: Bergen-DC1, port_groups: [{ name: storage }] }\n  - { name: alone",
          ),
    ),
    deployed(
      "leaves a host outside of the cluster to vm/matches-plan once there is a VM",
      "cluster: vc-far, host: esxi01, datastore: ds1",
      VM,
      { verdict: "pass" },
    ),
    deployed("fails a planned network that is nowhere, beside the VM's", "network: «conference»", VM, {
      verdict: "fail",
      findings: [["unlisted", 'on network "conference"']],
    }),
    deployed(
      "fails it whatever is unknown of other hosts",
      "network: «conference»",
      VM,
      { verdict: "fail", findings: [["unreachable", "but host esxi01 does not have it"]] },
      (site) =>
        site.replace("{ name: alone, cluster: null, port_groups: [{ name: edge }] }", "{ name: alone, cluster: null }"),
    ),
    planned(
      "fails a datastore that none of the possible hosts reaches",
      "host: alone, network: edge, datastore: «ds1»",
      {
        verdict: "fail",
        findings: [["unreachable", 'on datastore "ds1"']],
      },
    ),
    planned(
      "leaves to another rule what some of the hosts have",
      "cluster: vc-core, network: only-on-01, datastore: ds-01",
      {
        verdict: "pass",
      },
    ),
    planned("fails the resource pool of another cluster", "host: alone, network: edge, resource_pool: «pexip»", {
      verdict: "fail",
      findings: [["otherPool", 'in resource pool "pexip", but host alone has no such pool']],
    }),
    planned(
      "passes the resource pool of a host that stands alone",
      "host: alone, network: edge, resource_pool: edge-pool",
      {
        verdict: "pass",
      },
    ),
    planned(
      "fails a cluster of another datacenter",
      "datacenter: «Bergen-DC1», cluster: vc-core, network: conferencing",
      {
        verdict: "fail",
        findings: [["elsewhere", 'on cluster "vc-core", which is not in datacenter "Bergen-DC1"']],
      },
    ),

    ...(
      [
        ["datacenters", `${CORE}, datacenter: Oslo-DC1`],
        ["clusters", CORE],
        ["hosts", CORE],
        ["resource_pools", `${CORE}, resource_pool: pexip`],
        ["datastores", `${CORE}, datastore: ds1`],
        ["distributed_port_groups", CORE],
        ["virtual_machines", CORE],
      ] as const
    ).map(([list, vm]) =>
      planned(
        `does not decide without the list ${list}`,
        vm,
        { verdict: "inconclusive", missing: [`the list ${list} is not in the inventory`] },
        (site) => site.replace(new RegExp(`^${list}:.*\\n(  .*\\n)*`, "m"), ""),
      ),
    ),
    planned(
      "does not decide without the port groups of a host",
      "host: alone, network: edge",
      {
        verdict: "inconclusive",
        missing: ["hosts.port_groups is not in the inventory"],
      },
      (site) => site.replace("port_groups: [{ name: edge }]", ""),
    ),
    planned(
      "needs the port groups of no host where a distributed switch has the network",
      CORE,
      { verdict: "pass" },
      (site) => site.replaceAll(/, port_groups: .*? \}$/gm, " }"),
    ),
    planned(
      "does not decide while it is not known which hosts a distributed switch reaches",
      CORE,
      { verdict: "inconclusive", missing: ["distributed_switches.hosts is not in the inventory"] },
      without(/, hosts: \[\{ name: esxi01 \}, \{ name: esxi02 \}\]/),
    ),
    planned(
      "does not decide while it is not known which hosts reach a datastore",
      `${CORE}, datastore: ds1`,
      { verdict: "inconclusive", missing: ["datastores.hosts is not in the inventory"] },
      without(/ hosts: \[esxi01, esxi02\],/),
    ),
    planned(
      "does not decide while it is not known whose a resource pool is",
      `${CORE}, resource_pool: pexip`,
      { verdict: "inconclusive", missing: ["resource_pools.cluster is not in the inventory"] },
      without(/, cluster: vc-core(?= \}\n  - \{ name: edge-pool)/),
    ),
    planned(
      "does not decide while a datacenter has no name",
      `${CORE}, datacenter: Molde-DC1`,
      { verdict: "inconclusive", missing: ["datacenters.name is not in the inventory"] },
      (site) => site.replace("{ name: Bergen-DC1 }", "{}"),
    ),
    planned("does not decide without host and cluster", "network: conferencing", {
      verdict: "inconclusive",
      missing: ["the placement of the node is unknown: no VM in the inventory, no vm.host, no vm.cluster"],
    }),
    planned("does not decide without a network", "cluster: vc-core", {
      verdict: "inconclusive",
      missing: ["vm.network is not in the deployment"],
    }),
    planned("fails whatever else is missing", "datastore: «ds9»", {
      verdict: "fail",
      findings: [["unlisted", 'datastore "ds9"']],
    }),
    {
      name: "does not decide without a plan, or without an inventory",
      deployment: "conferencing_nodes: [{ name: a, hostname: a }]",
      expect: { "node:a": { verdict: "inconclusive", missing: ["no inventory given"] } },
    },
    {
      name: "does not decide a plan without an inventory",
      deployment: `conferencing_nodes: [{ name: a, hostname: a, vm: { ${CORE}, datastore: ds1, resource_pool: pexip } }]`,
      expect: { "node:a": { verdict: "inconclusive", missing: ["no inventory given"] } },
    },

    deployed("passes a VM", "host: esxi01", VM, { verdict: "pass" }),
    deployed(
      "leaves to another rule what exists and is not what the VM has",
      "host: alone, network: edge, datastore: ds-alone",
      VM,
      {
        verdict: "pass",
      },
    ),
    deployed("fails what the VM has and the inventory does not", "host: esxi01", VM.replace("ds1", "«ds9»"), {
      verdict: "fail",
      findings: [["unlisted", 'datastore "ds9"']],
    }),
    deployed(
      "is inconclusive on a network that no list has and the VM itself uses",
      "network: Lost",
      VM.replace("conferencing", "lost"),
      { verdict: "inconclusive" },
    ),
    deployed(
      "fails a network that the VM's host has lost and others have",
      "network: «edge»",
      "host: alone, disks: [{ datastore: ds-alone }], nics: [{ network: edge }]",
      { verdict: "fail", findings: [["unreachable", 'network "edge"']] },
      (site) =>
        site
          .replace("port_groups: [{ name: edge }]", "port_groups: []")
          .replace("{ name: storage }] }", "{ name: edge }] }"),
    ),
    deployed(
      "fails it at the VM where the plan is silent",
      "host: alone",
      "host: alone, disks: [{ datastore: ds-alone }], nics: [{ network: «storage» }]",
      {
        verdict: "fail",
        findings: [["unreachable", 'network "storage"']],
      },
    ),
    ...(
      [
        ["host", VM.replace("host: esxi01, ", ""), "virtual_machines.host"],
        ["disks", VM.replace("disks: [{ datastore: ds1 }], ", ""), "virtual_machines.disks"],
        ["a disk's datastore", VM.replace("{ datastore: ds1 }", "{}"), "virtual_machines.disks.datastore"],
        ["adapters", VM.replace(", nics: [{ network: conferencing }]", ""), "virtual_machines.nics"],
        ["an adapter's network", VM.replace("{ network: conferencing }", "{}"), "virtual_machines.nics.network"],
      ] as const
    ).map(([what, machine, missing]) =>
      deployed(
        `does not decide without ${what} of the VM, whatever is planned`,
        `${CORE}, host: esxi01, datastore: ds1`,
        machine,
        {
          verdict: "inconclusive",
          missing: [`${missing} is not in the inventory`],
        },
      ),
    ),
    {
      name: "does not apply where there is no node",
      deployment: "conferencing_nodes: []",
      inventory: SITE,
      expect: { "deployment:deployment": { verdict: "not-applicable", reason: "no node" } },
    },
  ],
  {
    optional: [
      "cluster",
      "datacenter",
      "datastore",
      "datastore_cluster",
      "ha_enabled",
      "ha_host_monitoring",
      "host",
      "network",
      "path",
      "port_groups",
      "resource_pool",
      "secondary_network",
    ],
  },
);
