import { expect, it } from "vitest";
import rule from "../../../rules/network/mtu-receive-check.ts";
import { checksOf, type RuleCase, ruleTester } from "../../support/rule-tester.ts";

const HOST = "host:esxi01";
const OPTION = "Net.Vmxnet3NonTsoPacketGtMtuAllowed";

const deployment = (location: string) => `
system_locations:
  - { name: Oslo${location} }
conferencing_nodes:
  - name: a
    hostname: a
    system_location: Oslo
    vm: { host: esxi01, network: media }
`;

const inventory = ({
  host = `version: "6.7.0", api_version: "6.7.2"`,
  options = `options: { ${OPTION}: «0» }`,
  switchFields = "mtu: 1500",
  machines = "[]",
}: {
  readonly host?: string;
  readonly options?: string;
  readonly switchFields?: string;
  readonly machines?: string;
}) => `
hosts:
  - { name: esxi01, cluster: null, ${host},
      ${options},
      virtual_switches: [{ name: vSwitch0, ${switchFields} }],
      port_groups: [{ name: media, virtual_switch: vSwitch0 }] }
distributed_port_groups: []
virtual_machines: ${machines}
`;

/** A location whose nodes have an MTU below their network's by default. */
const evaluated = (
  name: string,
  given: Parameters<typeof inventory>[0],
  expected: RuleCase["expect"][string],
  location = ", mtu: 1400, network_mtu: 1500",
): RuleCase => ({ name, deployment: deployment(location), inventory: inventory(given), expect: { [HOST]: expected } });

const machine = (nics: string) => `[{ name: a, host: esxi01, nics: [${nics}] }]`;
const FAILS = { verdict: "fail", findings: [["checked"]] } as const;

ruleTester.run(
  rule,
  [
    evaluated(
      "fails an option that is 0",
      {},
      {
        verdict: "fail",
        severity: "error",
        findings: [["checked", "the MTU of a, because option Net.Vmxnet3NonTsoPacketGtMtuAllowed is 0; set it to 1."]],
      },
    ),
    evaluated("fails a release after 6.7 with that minor number", { host: 'version: "9.7.0"' }, FAILS),
    ...["1", '"1"', '" 1 "', "true"].map((value) =>
      evaluated(
        `passes an option that is ${value}`,
        { options: `options: { ${OPTION}: ${value} }` },
        { verdict: "pass" },
      ),
    ),
    ...["2", '"0"', "false", '"yes"'].map((value) =>
      evaluated(`fails an option that is ${value}`, { options: `options: { ${OPTION}: «${value}» }` }, FAILS),
    ),
    evaluated(
      "says of an option that the host does not have that a patch brings it",
      { options: "options: «{}»" },
      {
        verdict: "fail",
        findings: [["absent", "ESXi670-201912001"]],
      },
    ),
    evaluated(
      "does not take options that are not listed for an option that is not there",
      { options: "datacenter: Oslo" },
      {
        verdict: "inconclusive",
        missing: ["hosts.options is not in the inventory"],
      },
    ),

    // Update levels: the version is 6.7.0 for every update.
    evaluated(
      "does not apply to 6.7 Update 1",
      { host: 'version: "6.7.0", api_version: "6.7.1"' },
      {
        verdict: "not-applicable",
        reason: "6.7 Update 2",
      },
    ),
    evaluated("does not apply to 6.5", { host: 'version: "6.5.0"' }, { verdict: "not-applicable" }),
    evaluated("applies to 7.0", { host: 'version: "7.0.0"' }, FAILS),
    evaluated("applies to a 6.7 whose build is Update 2", { host: 'version: "6.7.0", build: "13006603"' }, FAILS),
    evaluated(
      "does not apply to a 6.7 whose build is older",
      { host: 'version: "6.7.0", build: 13006602' },
      {
        verdict: "not-applicable",
      },
    ),
    evaluated(
      "does not know the update level from the version alone",
      { host: 'version: "6.7.0"' },
      {
        verdict: "inconclusive",
        missing: ["hosts.api_version is not in the inventory"],
      },
    ),
    evaluated(
      "nor from an API version without it",
      { host: 'version: "6.7.0", api_version: "6.7"' },
      {
        verdict: "inconclusive",
        reason: "the update level of ESXi 6.7 cannot be determined from api_version and build",
      },
    ),
    evaluated(
      "does not know a release that is missing",
      { host: 'build: "14320388"' },
      {
        verdict: "inconclusive",
        missing: ["hosts.version is not in the inventory"],
      },
    ),
    evaluated(
      "needs no release where the check is off",
      { host: 'build: "14320388"', options: `options: { ${OPTION}: 1 }` },
      { verdict: "pass" },
    ),

    // Whose MTU, and which network's.
    evaluated(
      "does not apply to the network's own MTU",
      {},
      { verdict: "not-applicable", reason: "no node on the" },
      ", mtu: 1500, network_mtu: 1500",
    ),
    evaluated(
      "does not apply to nodes with the default MTU",
      { switchFields: "mtu: 9000" },
      { verdict: "not-applicable" },
      "",
    ),
    evaluated(
      "fails the default MTU in a network of jumbo frames that the deployment states",
      {},
      FAILS,
      ", network_mtu: 9000",
    ),
    evaluated(
      "does not apply below 1500 where the network has no more",
      {},
      { verdict: "not-applicable" },
      ", mtu: 1400, network_mtu: 1400",
    ),
    evaluated("takes the switch's MTU for a network MTU that is not stated", {}, FAILS, ", mtu: 1499"),
    evaluated(
      "but no more than 1500 of it",
      { switchFields: "mtu: 9000" },
      { verdict: "not-applicable" },
      ", mtu: 1500",
    ),
    evaluated(
      "does not apply where the switch's MTU is as low",
      { switchFields: "mtu: 1400" },
      { verdict: "not-applicable" },
      ", mtu: 1400",
    ),
    evaluated(
      "does not know a switch MTU that is missing",
      { switchFields: "shaping_enabled: false" },
      { verdict: "inconclusive", missing: ["hosts.virtual_switches.mtu is not in the inventory"] },
      ", mtu: 1400",
    ),
    evaluated(
      "needs no switch MTU where the deployment states the network's",
      { switchFields: "shaping_enabled: false" },
      FAILS,
    ),
    {
      name: "takes the MTU of a distributed switch",
      deployment: deployment(", mtu: 1400"),
      inventory: `
hosts: [{ name: esxi01, cluster: null, version: "7.0.3", options: «{}», port_groups: [] }]
distributed_switches: [{ name: dvs, mtu: 9000, hosts: [{ name: esxi01 }] }]
distributed_port_groups: [{ name: media, distributed_switch: dvs }]
virtual_machines: []
`,
      expect: { [HOST]: { verdict: "fail", findings: [["absent"]] } },
    },
    {
      name: "takes the Management Node's own MTU",
      deployment:
        "management_node: { name: m, hostname: m, mtu: 1400, network_mtu: 1500, vm: { host: esxi01, network: media } }",
      inventory: inventory({}),
      expect: { [HOST]: FAILS },
    },
    {
      name: "does not know the MTU of a node whose location is not declared",
      deployment: deployment(", mtu: 1400, network_mtu: 1500").replace("location: Oslo", "location: Bergen"),
      inventory: inventory({}),
      expect: {
        [HOST]: {
          verdict: "inconclusive",
          missing: ["system location Bergen is not declared in system_locations"],
        },
      },
    },
    {
      name: "names every node that is concerned, and no other",
      deployment: `${deployment(", mtu: 1400, network_mtu: 1500")}  - { name: b, hostname: b, system_location: Oslo, vm: { host: esxi01, network: media } }
management_node: { name: m, hostname: m, vm: { host: esxi01, network: media } }
`,
      inventory: inventory({}),
      expect: { [HOST]: { verdict: "fail", findings: [["checked", "the MTU of a, b, because"]] } },
    },

    // Adapters.
    evaluated(
      "fails a VM with a vmxnet3 adapter",
      { machines: machine("{ adapter: Vmxnet3, network: media }") },
      FAILS,
    ),
    evaluated(
      "does not apply to a VM without one",
      { machines: machine("{ adapter: e1000, network: media }") },
      {
        verdict: "not-applicable",
        reason: "vmxnet3",
      },
    ),
    evaluated(
      "does not know an adapter that is missing",
      { machines: machine("{ network: media }") },
      {
        verdict: "inconclusive",
        missing: ["virtual_machines.nics.adapter is not in the inventory"],
      },
    ),
    evaluated(
      "fails a VM with a vmxnet3 adapter beside one that is missing",
      { machines: machine("{ network: media }, { adapter: vmxnet3, network: media }") },
      FAILS,
    ),

    {
      name: "judges every host that a node may come to run on",
      deployment: deployment(", mtu: 1400, network_mtu: 1500").replace("host: esxi01", "cluster: core"),
      inventory: `
clusters: [{ name: core }]
hosts:
  - { name: esxi01, cluster: core, version: "7.0.3", options: { ${OPTION}: 1 } }
  - { name: esxi02, cluster: core, version: "7.0.3", options: { ${OPTION}: «0» } }
virtual_machines: []
`,
      expect: {
        [HOST]: { verdict: "pass" },
        "host:esxi02": { verdict: "fail", findings: [["checked"]] },
      },
    },
    {
      name: "decides nothing without an inventory",
      deployment: deployment(", mtu: 1400, network_mtu: 1500"),
      expect: {
        [HOST]: { verdict: "inconclusive", missing: ["no inventory given"] },
        "deployment:deployment": { verdict: "inconclusive" },
      },
    },
  ],
  { optional: ["api_version", "build", "network", "system_location", "version"] },
);

it("prints the guide's command, and one for vCenter", async () => {
  const [check] = await checksOf(rule, {
    deployment: deployment(", mtu: 1400, network_mtu: 1500"),
    inventory: inventory({}),
  });
  expect(check?.remediation?.split("\n").slice(1)).toEqual([
    'esxcli system settings advanced set -o "/Net/Vmxnet3NonTsoPacketGtMtuAllowed" -i 1',
    `govc host.option.set -host esxi01 ${OPTION} 1`,
  ]);
});
