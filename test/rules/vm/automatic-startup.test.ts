import { expect, it } from "vitest";
import rule from "../../../rules/vm/automatic-startup.ts";
import { checksOf, ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const deployment = "management_node: { name: m, hostname: mgmt01 }";

/** A VM on a standalone host. */
const alone = (name: string, autostart: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment,
  inventory: `
hosts: [{ name: esxi01, cluster: null, autostart: { ${autostart} } }]
virtual_machines: [{ name: mgmt01, host: esxi01 }]
`,
  expect: { "node:m": expected },
});

const clustered = (cluster: string, vm: string, autostart: string) => `
clusters: [{ name: vc-core, ${cluster} }]
hosts: [{ name: esxi01, cluster: vc-core, autostart: { ${autostart} } }]
virtual_machines: [{ name: mgmt01, host: esxi01, ${vm} }]
`;

const inCluster = (
  name: string,
  [cluster, vm, autostart]: readonly [cluster: string, vm: string, autostart: string],
  expected: RuleCase["expect"][string],
): RuleCase => ({ name, deployment, inventory: clustered(cluster, vm, autostart), expect: { "node:m": expected } });

const OFF = "enabled: «enabled|false», virtual_machines: []";
const ON = "enabled: true, virtual_machines: [other, MGMT01]";

ruleTester.run(rule, [
  alone("passes a VM that starts with its host", ON, { verdict: "pass" }),
  alone("fails where the host starts none", "enabled: «false», virtual_machines: [mgmt01]", {
    verdict: "fail",
    findings: [["hostOff", "VM mgmt01 of node m does not start with host esxi01"]],
    severity: "error",
  }),
  alone("fails where the host starts others", "enabled: true, virtual_machines: «[other]»", {
    verdict: "fail",
    findings: [["notListed", "not in the automatic startup list of host esxi01"]],
  }),
  alone("does not take the host's switch for the VM's start", "enabled: true", {
    verdict: "inconclusive",
    missing: ["hosts.autostart.virtual_machines is not in the inventory"],
  }),
  alone("does not take the list for the host's switch", "virtual_machines: [mgmt01]", {
    verdict: "inconclusive",
    missing: ["hosts.autostart.enabled is not in the inventory"],
  }),
  inCluster(
    "passes a VM that HA restarts, though no host starts it",
    ["ha_enabled: true, ha_host_monitoring: true", 'ha_restart_priority: " Medium "', OFF],
    {
      verdict: "pass",
    },
  ),
  ...["lowest", "low", "HIGH", "highest"].map((priority) =>
    inCluster(
      `passes restart priority ${priority}`,
      ["ha_enabled: true, ha_host_monitoring: true", `ha_restart_priority: ${priority}`, OFF],
      {
        verdict: "pass",
      },
    ),
  ),
  inCluster(
    "does not assume that HA monitors hosts",
    ["drs_enabled: true, ha_enabled: true", "ha_restart_priority: medium", ON],
    { verdict: "inconclusive", missing: ["clusters.ha_host_monitoring is not in the inventory"] },
  ),
  inCluster(
    "fails a VM without a restart priority, whether or not HA monitors hosts",
    ["drs_enabled: true, ha_enabled: true", "ha_restart_priority: «disabled»", ON],
    { verdict: "fail", findings: [["noRestart"]] },
  ),
  inCluster(
    "fails a VM in a cluster whose HA does not monitor hosts, though a host starts it",
    ["ha_enabled: true, ha_host_monitoring: «false»", "ha_restart_priority: medium", ON],
    {
      verdict: "fail",
      findings: [
        [
          "noMonitoring",
          "HA of cluster vc-core does not monitor hosts, so VM mgmt01 of node m is not restarted after a",
        ],
      ],
    },
  ),
  {
    name: "does not take the default for what an export could not know",
    deployment,
    inventory: `coverage: { clusters.ha_host_monitoring: the export has no such column }\n${clustered("ha_enabled: true", "ha_restart_priority: medium", OFF)}`,
    expect: {
      "node:m": {
        verdict: "inconclusive",
        missing: ["clusters.ha_host_monitoring is not in the inventory (the export has no such column)"],
      },
    },
  },
  inCluster(
    "fails a VM that HA does not restart",
    ["ha_enabled: true, ha_host_monitoring: true", "ha_restart_priority: «ha_restart_priority|disabled»", OFF],
    {
      verdict: "fail",
      findings: [["noRestart", "«ha_restart_priority»", "HA of cluster vc-core does not restart VM mgmt01"]],
    },
  ),
  inCluster(
    "fails it though it is in the host's list, which counts for nothing in a cluster with HA",
    ["ha_enabled: true, ha_host_monitoring: true", "ha_restart_priority: «disabled»", ON],
    { verdict: "fail", findings: [["noRestart"]] },
  ),
  inCluster("does not guess the restart priority", ["ha_enabled: true, ha_host_monitoring: true", "cpus: 4", ON], {
    verdict: "inconclusive",
    missing: ["virtual_machines.ha_restart_priority is not in the inventory"],
  }),
  inCluster(
    "does not take the cluster's default, unseen, for a restart",
    ["ha_enabled: true, ha_host_monitoring: true", "ha_restart_priority: clusterRestartPriority", ON],
    {
      verdict: "inconclusive",
      reason: 'restart priority "clusterrestartpriority"',
    },
  ),
  inCluster("does not guess whether HA is on", ["drs_enabled: true", "ha_restart_priority: medium", ON], {
    verdict: "inconclusive",
    missing: ["clusters.ha_enabled is not in the inventory"],
  }),
  inCluster(
    "does not count a restart priority while HA is off",
    ["ha_enabled: false", "ha_restart_priority: high", OFF],
    {
      verdict: "fail",
      findings: [["hostOff", "«enabled»"]],
    },
  ),
  inCluster(
    "passes a VM that starts with its host while HA is off",
    ["ha_enabled: false", "ha_restart_priority: high", ON],
    {
      verdict: "pass",
    },
  ),
  {
    name: "does not know what starts a VM whose host is unknown",
    deployment,
    inventory: "virtual_machines: [{ name: mgmt01, cluster: null }]",
    expect: { "node:m": { verdict: "inconclusive", missing: ["virtual_machines.host is not in the inventory"] } },
  },
  {
    name: "does not know what a host starts that the inventory does not describe",
    deployment,
    inventory: "hosts: []\nclusters: []\nvirtual_machines: [{ name: mgmt01, host: esxi01, cluster: null }]",
    expect: { "node:m": { verdict: "inconclusive", missing: ["host esxi01 is not in the inventory"] } },
  },
  {
    name: "does not apply before there is a VM",
    deployment,
    inventory: "virtual_machines: []",
    expect: { "node:m": { verdict: "not-applicable", reason: "applies after deployment" } },
  },
]);

it("prints the commands that let the host start the VM", async () => {
  const inventory = `
hosts: [{ name: esxi01, cluster: null, autostart: { enabled: false } }]
virtual_machines: [{ name: mgmt01, host: esxi01 }]
`;
  const [check] = await checksOf(rule, { deployment, inventory });
  expect(check?.remediation?.split("\n").slice(1)).toEqual([
    "govc host.autostart.configure -host esxi01 -enabled=true",
    "govc host.autostart.add -host esxi01 mgmt01",
  ]);
});

it("prints the command that lets HA restart it, in a cluster with HA", async () => {
  const inventory = clustered("ha_enabled: true, ha_host_monitoring: true", "ha_restart_priority: disabled", OFF);
  const [check] = await checksOf(rule, { deployment, inventory });
  expect(check?.remediation?.split("\n").slice(1)).toEqual([
    "govc cluster.override.change -cluster vc-core -vm mgmt01 -ha-restart-priority medium",
  ]);
});
