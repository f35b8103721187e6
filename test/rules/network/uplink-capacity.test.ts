import rule from "../../../rules/network/uplink-capacity.ts";
import { mediaNode, onStandardSwitch } from "../../support/port-groups.ts";
import { type RuleCase, ruleTester } from "../../support/rule-tester.ts";

const location = (fields: string) =>
  `system_locations:\n  - { name: Oslo${fields} }${mediaNode.replace("hostname: a", "hostname: a\n    system_location: Oslo")}`;

const evaluated = (name: string, calls: string, inventory: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: location(calls),
  inventory,
  expect: { "location:Oslo": expected },
});

const TWO_GIGABIT = onStandardSwitch({});
const cluster = (ha: boolean) => `
clusters: [{ name: core, ha_host_monitoring: true, ha_enabled: ${ha}, drs_enabled: false }]
hosts:
  - name: esxi01
    cluster: core
    physical_nics: [{ name: vmnic0, speed_mbps: 1000 }]
    virtual_switches: [{ name: vSwitch0, uplinks: [vmnic0] }]
    port_groups: [{ name: media, virtual_switch: vSwitch0 }, { name: other, virtual_switch: vSwitch0 }]
  - name: esxi02
    cluster: core
    physical_nics: [{ name: vmnic0, speed_mbps: 2000 }]
    virtual_switches: [{ name: vSwitch0, uplinks: [vmnic0] }]
    port_groups: [{ name: media, virtual_switch: vSwitch0 }, { name: other, virtual_switch: vSwitch0 }]
distributed_port_groups: []
virtual_machines: []
`;
const twoNodes = `
system_locations: [{ name: Oslo, expected_calls: «expected_calls|334» }]
conferencing_nodes:
  - { name: a, hostname: a, system_location: Oslo, vm: { host: esxi01, network: media } }
  - { name: b, hostname: b, system_location: Oslo, vm: { host: esxi01, network: other } }
`;

ruleTester.run(
  rule,
  [
    evaluated("passes as many calls as the uplinks carry", ", expected_calls: 666", TWO_GIGABIT, { verdict: "pass" }),
    evaluated("fails one call more", ", expected_calls: «667»", TWO_GIGABIT, {
      verdict: "fail",
      severity: "info",
      findings: [["tooLittle", "667 expected calls of location Oslo need up to 2001 Mbit/s"]],
    }),
    evaluated(
      "counts a link that is down as nothing",
      ", expected_calls: «334»",
      onStandardSwitch({ nics: "[{ name: vmnic0, speed_mbps: 1000 }, { name: vmnic1, speed_mbps: null }]" }),
      { verdict: "fail", findings: [["tooLittle", "provide 1000 Mbit/s"]] },
    ),
    evaluated("does not pass a location without expected calls", "", TWO_GIGABIT, {
      verdict: "inconclusive",
      missing: ["system_locations.expected_calls is not in the deployment"],
    }),
    evaluated(
      "does not know a speed that is missing",
      ", expected_calls: 1",
      onStandardSwitch({ nics: "[{ name: vmnic0, speed_mbps: 1000 }, { name: vmnic1 }]" }),
      { verdict: "inconclusive", missing: ["hosts.physical_nics.speed_mbps is not in the inventory"] },
    ),
    evaluated(
      "does not know uplinks that are missing",
      ", expected_calls: 1",
      onStandardSwitch({ onSwitch: "mtu: 1500" }),
      {
        verdict: "inconclusive",
        missing: ["hosts.virtual_switches.uplinks is not in the inventory"],
      },
    ),
    {
      name: "counts an uplink that two networks and nodes share once",
      deployment: twoNodes,
      inventory: cluster(false),
      expect: {
        "location:Oslo": { verdict: "fail", findings: [["tooLittle", "«expected_calls»", "provide 1000 Mbit/s"]] },
      },
    },
    {
      name: "counts every host that a node may come to run on",
      deployment: twoNodes.replace("334", "1000"),
      inventory: cluster(true),
      expect: { "location:Oslo": { verdict: "pass" } },
    },
    {
      name: "and no more",
      deployment: twoNodes.replace("334", "«2|1001»"),
      inventory: cluster(true),
      expect: {
        "location:Oslo": { verdict: "fail", findings: [["tooLittle", "«2»", "provide 3000 Mbit/s"]] },
      },
    },
    {
      name: "counts the second network where the node has a secondary address: calls take it",
      deployment: `
system_locations: [{ name: Edge, expected_calls: «34» }]
conferencing_nodes:
  - name: a
    hostname: a
    system_location: Edge
    secondary_address: 192.0.2.5
    vm: { host: esxi01, network: inside, secondary_network: outside }
`,
      inventory: `
hosts:
  - name: esxi01
    cluster: null
    physical_nics: [{ name: vmnic0, speed_mbps: 1000 }, { name: vmnic1, speed_mbps: 100 }]
    virtual_switches: []
    port_groups: [{ name: inside, uplinks: [vmnic0] }, { name: outside, uplinks: [vmnic1] }]
distributed_port_groups: []
virtual_machines: []
`,
      expect: {
        "location:Edge": { verdict: "fail", findings: [["tooLittle", "provide 100 Mbit/s"]] },
      },
    },
    {
      name: "does not know the second network of a VM with one adapter",
      deployment: location(", expected_calls: 1").replace(
        "hostname: a",
        "hostname: a\n    secondary_address: 192.0.2.5",
      ),
      inventory: TWO_GIGABIT,
      expect: {
        "location:Oslo": { verdict: "inconclusive", reason: "node a has no network for its calls" },
      },
    },
    {
      name: "does not pass while a node does not tell its location: it may be in this one",
      deployment: `${location(", expected_calls: 1")}  - { name: b, hostname: b, vm: { host: esxi01, network: media } }\n`,
      inventory: TWO_GIGABIT,
      expect: {
        "location:Oslo": {
          verdict: "inconclusive",
          missing: ["conferencing_nodes.system_location is not in the deployment"],
        },
      },
    },
    {
      name: "does not apply to a location without nodes, nor where there is no location",
      deployment: "system_locations: [{ name: Oslo, expected_calls: 9 }]\nconferencing_nodes: []",
      expect: { "location:Oslo": { verdict: "not-applicable", reason: "no node is in this location" } },
    },
    {
      name: "does not apply where there is no location",
      deployment: "system_locations: []",
      expect: { "deployment:deployment": { verdict: "not-applicable" } },
    },
    {
      name: "decides nothing without an inventory",
      deployment: location(", expected_calls: 9"),
      expect: { "location:Oslo": { verdict: "inconclusive", missing: ["no inventory given"] } },
    },
  ],
  { optional: ["ha_enabled", "ha_host_monitoring", "shaping_enabled"] },
);
