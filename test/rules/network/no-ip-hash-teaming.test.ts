import { expect, it } from "vitest";
import rule from "../../../rules/network/no-ip-hash-teaming.ts";
import { checksOf, ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const SUBJECT = "port-group:esxi01/media";

const deployment = `
conferencing_nodes:
  - name: a
    hostname: a
    vm: { host: esxi01, network: media }
`;

/** A host with one standard switch and the port group `media` on it. */
const standard = ({
  teaming,
  uplinks = "[vmnic0, vmnic1]",
  portGroup = "teaming_policy: null",
}: {
  readonly teaming: string;
  readonly uplinks?: string;
  readonly portGroup?: string;
}) => `
hosts:
  - name: esxi01
    cluster: null
    virtual_switches:
      - name: vSwitch0
        uplinks: ${uplinks}
        ${teaming}
    port_groups:
      - name: media
        virtual_switch: vSwitch0
        ${portGroup}
distributed_port_groups: []
virtual_machines: []
`;

const onStandard = (
  name: string,
  given: Parameters<typeof standard>[0],
  expected: RuleCase["expect"][string],
): RuleCase => ({ name, deployment, inventory: standard(given), expect: { [SUBJECT]: expected } });

/** A host that is a member of a distributed switch with the port group `media`. */
const distributed = ({
  group,
  member = "{ name: esxi01, uplinks: [vmnic0, vmnic1] }",
  onHost = "port_groups: []",
  lags = "lags: []",
}: {
  readonly group: string;
  readonly lags?: string;
  readonly member?: string;
  readonly onHost?: string;
}) => `
hosts:
  - { name: esxi01, cluster: null, ${onHost} }
distributed_switches:
  - name: dvs
    ${lags}
    hosts: [${member}]
distributed_port_groups:
  - name: media
    distributed_switch: dvs
    ${group}
virtual_machines: []
`;

const onDistributed = (
  name: string,
  given: Parameters<typeof distributed>[0],
  expected: RuleCase["expect"][string],
): RuleCase => ({ name, deployment, inventory: distributed(given), expect: { [SUBJECT]: expected } });

const FIXED = "port_teaming_override_allowed: false";
const SRC_ID = `teaming_policy: loadbalance_srcid\n    ${FIXED}`;
const IP_HASH = `teaming_policy: «loadbalance_ip»\n    ${FIXED}`;
const ON_LAG = "active_uplinks: [lag1]\n    standby_uplinks: []";
const OFF_LAG = "active_uplinks: [Uplink 1, Uplink 2]\n    standby_uplinks: []";
const lag = (algorithm: string) => `lags: [{ name: lag1, load_balance: ${algorithm} }]`;

const lagCases: readonly RuleCase[] = [
  ...["srcDestIpTcpUdpPortVlan", "destIp", "srcTcpUdpPort", "SRCIPVLAN"].map((algorithm) =>
    onDistributed(
      `fails a LAG in use that balances by ${algorithm}, whatever the port group's policy`,
      { group: `${SRC_ID}\n    ${ON_LAG}`, lags: lag(`«${algorithm}»`) },
      {
        verdict: "fail",
        severity: "warn",
        findings: [
          [
            "lag",
            `LAG lag1, which port group esxi01/media uses, balances by ${algorithm}, a hash of IP addresses or ports; the port group's own teaming policy has no effect.`,
          ],
        ],
      },
    ),
  ),
  ...["srcMac", "destMac", "srcDestMac", "vlan", "srcPortId"].map((algorithm) =>
    onDistributed(
      `passes a LAG in use that balances by ${algorithm}, whatever the port group's policy`,
      { group: `${IP_HASH}\n    ${ON_LAG}`, lags: lag(algorithm) },
      { verdict: "pass" },
    ),
  ),
  onDistributed(
    "counts a standby LAG",
    { group: `${SRC_ID}\n    active_uplinks: [Uplink 1]\n    standby_uplinks: [LAG1]`, lags: lag("«srcIp»") },
    { verdict: "fail", findings: [["lag"]] },
  ),
  {
    ...onDistributed(
      "fails it as an error where lag_severity says so",
      { group: `${SRC_ID}\n    ${ON_LAG}`, lags: lag("«srcIp»") },
      { verdict: "fail", severity: "error", findings: [["lagAsError"]] },
    ),
    options: { lag_severity: "error" },
  },
  {
    ...onDistributed(
      "fails it as information where lag_severity says so",
      { group: `${SRC_ID}\n    ${ON_LAG}`, lags: lag("«srcIp»") },
      { verdict: "fail", severity: "info", findings: [["lagAsInfo"]] },
    ),
    options: { lag_severity: "info" },
  },
  onDistributed(
    "passes a LAG that the port group does not use",
    { group: `${SRC_ID}\n    ${OFF_LAG}`, lags: lag("srcIp") },
    { verdict: "pass" },
  ),
  onDistributed(
    "passes a LAG that is unused, though the other uplinks are not known",
    { group: `${SRC_ID}\n    unused_uplinks: [lag1]`, lags: lag("srcIp") },
    { verdict: "pass" },
  ),
  onDistributed(
    "fails IP hash beside a LAG that the port group does not use",
    { group: `${IP_HASH}\n    ${OFF_LAG}`, lags: lag("srcMac") },
    { verdict: "fail", severity: "error", findings: [["own"]] },
  ),
  onDistributed(
    "goes by the port group's policy with basic LACP",
    { group: IP_HASH, lags: "lacp_api_version: singleLag" },
    { verdict: "fail", severity: "error", findings: [["own"]] },
  ),
  onDistributed(
    "passes another policy with basic LACP",
    { group: SRC_ID, lags: "lacp_api_version: singleLag" },
    { verdict: "pass" },
  ),
  onDistributed(
    "does not know the uplinks of a port group where the switch has a LAG",
    { group: SRC_ID, lags: lag("srcMac") },
    {
      verdict: "inconclusive",
      severity: "warn",
      missing: [
        "distributed_port_groups.active_uplinks is not in the inventory",
        "distributed_port_groups.standby_uplinks is not in the inventory",
      ],
    },
  ),
  onDistributed(
    "does not know whether the switch has a LAG",
    { group: SRC_ID, lags: "mtu: 1500" },
    { verdict: "inconclusive", severity: "warn", missing: ["distributed_switches.lags is not in the inventory"] },
  ),
  onDistributed(
    "fails IP hash though it is not known whether a LAG is in use",
    { group: IP_HASH, lags: "mtu: 1500" },
    { verdict: "fail", severity: "error", findings: [["own"]] },
  ),
  onDistributed(
    "does not know the algorithm of a LAG that the inventory does not give",
    { group: `${SRC_ID}\n    ${ON_LAG}`, lags: "lags: [{ name: lag1 }]" },
    {
      verdict: "inconclusive",
      severity: "warn",
      missing: ["distributed_switches.lags.load_balance is not in the inventory"],
    },
  ),
  onDistributed(
    "does not know an algorithm that is not in the table",
    { group: `${SRC_ID}\n    ${ON_LAG}`, lags: lag("srcFlowLabel") },
    {
      verdict: "inconclusive",
      severity: "warn",
      missing: ['algorithm "srcFlowLabel" of LAG lag1 is not in this program\'s table'],
    },
  ),
  onDistributed(
    "does not know what single ports do beside a LAG that passes",
    {
      group: `teaming_policy: loadbalance_srcid\n    port_teaming_override_allowed: true\n    ${ON_LAG}`,
      lags: lag("srcMac"),
    },
    { verdict: "inconclusive", severity: "error", reason: "ports of media may override its teaming policy" },
  ),
  onDistributed(
    "does not apply to a port group that uses one of several uplinks",
    { group: `teaming_policy: loadbalance_ip\n    ${FIXED}\n    active_uplinks: [Uplink 1]\n    standby_uplinks: []` },
    { verdict: "not-applicable", reason: "at most one uplink" },
  ),
];

ruleTester.run(
  rule,
  [
    ...["loadbalance_srcid", "loadbalance_srcmac", "failover_explicit"].map((policy) =>
      onStandard(`passes ${policy}`, { teaming: `teaming_policy: ${policy}` }, { verdict: "pass" }),
    ),
    onStandard(
      "fails IP hash that the port group inherits, at the switch",
      { teaming: "teaming_policy: «loadbalance_ip»" },
      {
        verdict: "fail",
        findings: [["inherited", "esxi01/media inherits IP hash from esxi01/vSwitch0"]],
      },
    ),
    onStandard(
      "fails IP hash of the port group itself, though its switch has none",
      { teaming: "teaming_policy: loadbalance_srcid", portGroup: "teaming_policy: «loadbalance_ip»" },
      {
        verdict: "fail",
        findings: [
          [
            "own",
            "Port group esxi01/media uses IP hash teaming; use the originating virtual port or the source MAC hash.",
          ],
        ],
      },
    ),
    onStandard(
      "passes a port group that overrides its switch's IP hash",
      { teaming: "teaming_policy: loadbalance_ip", portGroup: "teaming_policy: loadbalance_srcmac" },
      { verdict: "pass" },
    ),
    onStandard(
      "does not apply with one uplink",
      { teaming: "teaming_policy: loadbalance_ip", uplinks: "[vmnic0]" },
      { verdict: "not-applicable", reason: "at most one uplink" },
    ),
    onStandard(
      "does not apply without any uplink",
      { teaming: "teaming_policy: loadbalance_ip", uplinks: "[]" },
      { verdict: "not-applicable", reason: "at most one uplink" },
    ),
    onStandard(
      "does not ask for a policy where there is one uplink",
      { teaming: "mtu: 1500", uplinks: "[vmnic0]" },
      { verdict: "not-applicable", reason: "at most one uplink" },
    ),
    onStandard(
      "counts the port group's own uplinks first",
      { teaming: "teaming_policy: loadbalance_ip", portGroup: "teaming_policy: null\n        uplinks: [vmnic1]" },
      { verdict: "not-applicable", reason: "at most one uplink" },
    ),
    onStandard(
      "does not know a policy that the switch does not tell",
      { teaming: "mtu: 1500" },
      { verdict: "inconclusive", missing: ["hosts.virtual_switches.teaming_policy is not in the inventory"] },
    ),
    onStandard(
      "does not take a missing policy for an inherited one",
      { teaming: "teaming_policy: loadbalance_srcid", portGroup: "vlan: 44" },
      { verdict: "inconclusive", missing: ["hosts.port_groups.teaming_policy is not in the inventory"] },
    ),
    {
      name: "needs no switch where the port group tells all by itself",
      deployment,
      inventory: `
hosts:
  - name: esxi01
    cluster: null
    port_groups: [{ name: media, teaming_policy: «loadbalance_ip», uplinks: [vmnic0, vmnic1] }]
distributed_port_groups: []
virtual_machines: []
`,
      expect: { [SUBJECT]: { verdict: "fail", findings: [["own"]] } },
    },
    {
      name: "does not know the uplinks that the switch does not tell",
      deployment,
      inventory: `
hosts:
  - name: esxi01
    cluster: null
    virtual_switches: [{ name: vSwitch0, teaming_policy: loadbalance_ip }]
    port_groups: [{ name: media, virtual_switch: vSwitch0, teaming_policy: null }]
distributed_port_groups: []
virtual_machines: []
`,
      expect: {
        [SUBJECT]: { verdict: "inconclusive", missing: ["hosts.virtual_switches.uplinks is not in the inventory"] },
      },
    },
    {
      name: "does not know what a port group inherits from a switch that is not described",
      deployment,
      inventory: `
hosts:
  - name: esxi01
    cluster: null
    virtual_switches: []
    port_groups: [{ name: media, virtual_switch: vSwitch0, teaming_policy: null }]
distributed_port_groups: []
virtual_machines: []
`,
      expect: {
        [SUBJECT]: { verdict: "inconclusive", missing: ["virtual switch esxi01/vSwitch0 is not in the inventory"] },
      },
    },
    {
      name: "nor from a switch that is not named",
      deployment,
      inventory: `
hosts:
  - { name: esxi01, cluster: null, virtual_switches: [], port_groups: [{ name: media, teaming_policy: null }] }
distributed_port_groups: []
virtual_machines: []
`,
      expect: {
        [SUBJECT]: {
          verdict: "inconclusive",
          missing: ["hosts.port_groups.virtual_switch is not in the inventory"],
        },
      },
    },
    {
      name: "nor when the host's switches are not listed",
      deployment,
      inventory: `
hosts:
  - { name: esxi01, cluster: null, port_groups: [{ name: media, virtual_switch: vSwitch0, teaming_policy: null }] }
distributed_port_groups: []
virtual_machines: []
`,
      expect: {
        [SUBJECT]: { verdict: "inconclusive", missing: ["hosts.virtual_switches is not in the inventory"] },
      },
    },

    onDistributed(
      "passes a distributed port group without IP hash",
      { group: `teaming_policy: loadbalance_loadbased\n    ${FIXED}` },
      { verdict: "pass" },
    ),
    onDistributed(
      "fails a distributed port group with IP hash",
      { group: `teaming_policy: «loadbalance_ip»\n    ${FIXED}` },
      {
        verdict: "fail",
        findings: [
          [
            "own",
            "Port group esxi01/media uses IP hash teaming; use the originating virtual port or the source MAC hash.",
          ],
        ],
      },
    ),
    onDistributed(
      "does not know what single ports do that may override the policy",
      { group: "teaming_policy: loadbalance_srcid\n    port_teaming_override_allowed: true" },
      { verdict: "inconclusive", reason: "ports of media may override its teaming policy" },
    ),
    onDistributed(
      "does not take a missing override setting for a forbidden override",
      { group: "teaming_policy: loadbalance_srcid" },
      {
        verdict: "inconclusive",
        missing: ["distributed_port_groups.port_teaming_override_allowed is not in the inventory"],
      },
    ),
    onDistributed(
      "fails IP hash whatever single ports may do",
      { group: "teaming_policy: loadbalance_ip\n    port_teaming_override_allowed: true" },
      { verdict: "fail" },
    ),
    onDistributed(
      "does not know a distributed port group's missing policy",
      { group: FIXED },
      { verdict: "inconclusive", missing: ["distributed_port_groups.teaming_policy is not in the inventory"] },
    ),
    onDistributed(
      "does not apply where the host has one uplink on the distributed switch",
      { group: `teaming_policy: loadbalance_ip\n    ${FIXED}`, member: "{ name: ESXI01., uplinks: [vmnic0] }" },
      { verdict: "not-applicable", reason: "at most one uplink" },
    ),
    onDistributed(
      "does not know uplinks that the distributed switch does not tell",
      { group: `teaming_policy: loadbalance_ip\n    ${FIXED}`, member: "{ name: esxi01 }" },
      {
        verdict: "inconclusive",
        missing: ["the uplinks of esxi01 on the distributed switch are not in the inventory"],
      },
    ),
    onDistributed(
      "does not find the network on a distributed switch that the host is no member of",
      {
        group: `teaming_policy: loadbalance_ip\n    ${FIXED}`,
        member: "{ name: esxi02, uplinks: [vmnic0, vmnic1] }",
      },
      { verdict: "inconclusive", missing: ["no port group of this name is in the inventory of esxi01"] },
    ),
    onDistributed(
      "judges a name that is standard and distributed on both",
      {
        group: `teaming_policy: «loadbalance_ip»\n    ${FIXED}`,
        onHost: "port_groups: [{ name: media, teaming_policy: loadbalance_srcid }]",
      },
      { verdict: "fail", findings: [["own"]] },
    ),
    onDistributed(
      "does not hide one of the two behind a gap in the other",
      { group: `teaming_policy: «loadbalance_ip»\n    ${FIXED}`, onHost: "port_groups: [{ name: media }]" },
      { verdict: "fail", findings: [["own"]] },
    ),
    onDistributed(
      "does not need the standard port groups of a host whose distributed one is known",
      { group: `teaming_policy: loadbalance_srcid\n    ${FIXED}`, onHost: "virtual_switches: []" },
      { verdict: "pass" },
    ),
    onDistributed(
      "fails a distributed port group although the standard ones are not listed",
      { group: `teaming_policy: loadbalance_ip\n    ${FIXED}`, onHost: "virtual_switches: []" },
      { verdict: "fail" },
    ),
    {
      name: "does not need distributed port groups where the standard one is known",
      deployment,
      inventory: standard({ teaming: "teaming_policy: loadbalance_srcid" }).replace(
        "distributed_port_groups: []\n",
        "",
      ),
      expect: {
        [SUBJECT]: { verdict: "pass" },
      },
    },
    {
      name: "does not know a distributed port group whose switch is not described",
      deployment,
      inventory: distributed({ group: `teaming_policy: loadbalance_ip\n    ${FIXED}` }).replace(
        "- name: dvs\n",
        "- name: other\n",
      ),
      expect: {
        [SUBJECT]: { verdict: "inconclusive", missing: ["distributed switch dvs is not in the inventory"] },
      },
    },

    ...lagCases,
    {
      name: "does not know a network that is on neither side",
      deployment,
      inventory:
        "hosts: [{ name: esxi01, cluster: null, port_groups: [] }]\ndistributed_port_groups: []\nvirtual_machines: []",
      expect: {
        [SUBJECT]: { verdict: "inconclusive", missing: ["no port group of this name is in the inventory of esxi01"] },
      },
    },
    {
      name: "judges the secondary network too, and each host of a cluster",
      deployment: `
conferencing_nodes:
  - name: edge
    hostname: edge
    vm: { cluster: vc-edge, network: INSIDE, secondary_network: outside }
`,
      inventory: `
clusters: [{ name: vc-edge }]
hosts:
  - name: esxi01
    cluster: vc-edge
    virtual_switches: [{ name: vSwitch0, uplinks: [vmnic0, vmnic1], teaming_policy: loadbalance_srcid }]
    port_groups:
      - { name: inside, virtual_switch: vSwitch0, teaming_policy: null }
      - { name: outside, virtual_switch: vSwitch0, teaming_policy: «loadbalance_ip» }
  - name: esxi02
    cluster: vc-edge
    virtual_switches: [{ name: vSwitch0, uplinks: [vmnic0, vmnic1], teaming_policy: «loadbalance_ip» }]
    port_groups:
      - { name: inside, virtual_switch: vSwitch0, teaming_policy: null }
      - { name: outside, virtual_switch: vSwitch0, teaming_policy: loadbalance_srcid }
distributed_port_groups: []
virtual_machines: []
`,
      expect: {
        "port-group:esxi01/INSIDE": { verdict: "pass" },
        "port-group:esxi01/outside": { verdict: "fail", findings: [["own"]] },
        "port-group:esxi02/INSIDE": { verdict: "fail", findings: [["inherited"]] },
        "port-group:esxi02/outside": { verdict: "pass" },
      },
    },
    {
      name: "judges the networks of the VM once there is one, not the planned one",
      deployment,
      inventory: `
hosts:
  - name: esxi01
    cluster: null
    port_groups:
      - { name: media, teaming_policy: loadbalance_srcid, uplinks: [vmnic0, vmnic1] }
      - { name: dmz, teaming_policy: «loadbalance_ip», uplinks: [vmnic0, vmnic1] }
distributed_port_groups: []
virtual_machines: [{ name: a, host: esxi01, nics: [{ network: dmz }] }]
`,
      expect: { "port-group:esxi01/dmz": { verdict: "fail", findings: [["own"]] } },
    },
    {
      name: "does not know the networks of a VM whose adapters are not listed",
      deployment,
      inventory: "hosts: [{ name: esxi01, cluster: null }]\nvirtual_machines: [{ name: a, host: esxi01 }]",
      expect: {
        "deployment:deployment": {
          verdict: "inconclusive",
          missing: ["virtual_machines.nics is not in the inventory"],
        },
      },
    },
    {
      name: "does not know the network of a node that names none",
      deployment: "conferencing_nodes: [{ name: a, hostname: a, vm: { host: esxi01 } }]",
      inventory: "hosts: [{ name: esxi01, cluster: null }]\nvirtual_machines: []",
      expect: {
        "deployment:deployment": {
          verdict: "inconclusive",
          missing: ["conferencing_nodes.vm.network is not in the deployment"],
        },
      },
    },
    {
      name: "decides nothing without an inventory",
      deployment,
      expect: {
        [SUBJECT]: { verdict: "inconclusive", missing: ["no inventory given; add --inventory FILE"] },
        "deployment:deployment": { verdict: "inconclusive", missing: ["no inventory given; add --inventory FILE"] },
      },
    },
    {
      name: "does not apply where there is no node",
      deployment: "conferencing_nodes: []",
      expect: {
        "deployment:deployment": { verdict: "not-applicable", reason: "no node is attached to a network" },
      },
    },
  ],
  // A policy of a port group whose LAG is in force; a list of uplinks beside one that has the LAG, or none of it.
  {
    optional: [
      "active_uplinks",
      "distributed_switch",
      "hosts",
      "port_groups",
      "standby_uplinks",
      "unused_uplinks",
      "uplinks",
      "virtual_switch",
      "virtual_switches",
    ],
  },
);

it("points from an inherited policy to the port group that inherits it", async () => {
  const [check] = await checksOf(rule, {
    deployment,
    inventory: standard({ teaming: "teaming_policy: loadbalance_ip" }),
  });
  expect(check?.findings[0]?.related).toMatchObject([
    { message: "port group esxi01/media inherits it", location: { line: 12, column: 25 } },
  ]);
});

it("warns of the physical switch, and quotes names for PowerShell", async () => {
  const [check] = await checksOf(rule, {
    deployment: `conferencing_nodes: [{ name: a, hostname: a, vm: { host: esxi01, network: "it's; Stop-VM *" } }]`,
    inventory: `
hosts:
  - name: esxi01
    cluster: null
    port_groups: [{ name: "it's; Stop-VM *", teaming_policy: loadbalance_ip, uplinks: [vmnic0, vmnic1] }]
distributed_port_groups: []
virtual_machines: []
`,
  });
  expect(check?.remediation).toContain("changing one side alone disconnects the host");
  expect(check?.remediation).toContain(
    "Get-VMHost 'esxi01' | Get-VirtualPortGroup -Standard -Name 'it''s; Stop-VM *' | Get-NicTeamingPolicy",
  );
});

it("names a host in a command without the datacenter that distinguishes it from one of the same name", async () => {
  const fields =
    "cluster: null, port_groups: [{ name: media, teaming_policy: loadbalance_ip, uplinks: [vmnic0, vmnic1] }]";
  const [check] = await checksOf(rule, {
    deployment: deployment.replace("host: esxi01", "datacenter: Oslo, host: esxi01"),
    inventory: `
hosts:
  - { name: esxi01, datacenter: Oslo, ${fields} }
  - { name: esxi01, datacenter: Bergen, ${fields} }
distributed_port_groups: []
virtual_machines: []
`,
  });
  expect(check?.subject.name).toBe("Oslo/esxi01/media");
  expect(check?.remediation).toContain("Get-VMHost 'esxi01' | Get-VirtualPortGroup -Standard -Name 'media'");
});

it("prints the command for a distributed port group", async () => {
  const [check] = await checksOf(rule, {
    deployment,
    inventory: distributed({ group: `teaming_policy: loadbalance_ip\n    ${FIXED}` }),
  });
  expect(check?.remediation).toContain(
    "Get-VDPortgroup -Name 'media' | Get-VDUplinkTeamingPolicy | Set-VDUplinkTeamingPolicy -LoadBalancingPolicy LoadBalanceSrcId",
  );
});

it("prints no command for a LAG, as port groups cannot change it", async () => {
  const [check] = await checksOf(rule, {
    deployment,
    inventory: distributed({ group: `${SRC_ID}\n    ${ON_LAG}`, lags: lag("srcIp") }),
  });
  expect(check?.verdict).toBe("fail");
  expect(check?.remediation).not.toContain("Get-VDPortgroup");
});
