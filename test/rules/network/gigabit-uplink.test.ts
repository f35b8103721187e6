import rule from "../../../rules/network/gigabit-uplink.ts";
import { MEDIA, mediaNode, onDistributedSwitch, onStandardSwitch } from "../../support/port-groups.ts";
import { type RuleCase, ruleTester } from "../../support/rule-tester.ts";

const evaluated = (name: string, inventory: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: mediaNode,
  inventory,
  expect: { [MEDIA]: expected },
});
const GOOD = "{ name: vmnic1, speed_mbps: 1000, full_duplex: true }";
/** The first uplink as given; the second is in order. */
const uplink = (fields: string) => onStandardSwitch({ nics: `[{ name: vmnic0${fields} }, ${GOOD}]` });

ruleTester.run(
  rule,
  [
    evaluated("passes uplinks of 1000 Mbit/s, full duplex", onStandardSwitch({}), { verdict: "pass" }),
    evaluated("passes faster uplinks of a distributed switch", onDistributedSwitch({ group: "vlan: 7" }), {
      verdict: "pass",
    }),
    evaluated("fails an uplink just below", uplink(", speed_mbps: «999», full_duplex: true"), {
      verdict: "fail",
      severity: "warn",
      findings: [["slow", "Uplink esxi01/vmnic0 of port group esxi01/media runs at 999 Mbit/s"]],
    }),
    evaluated("fails half duplex", uplink(", speed_mbps: 1000, full_duplex: «false»"), {
      verdict: "fail",
      findings: [["halfDuplex", "half duplex"]],
    }),
    evaluated(
      "says both of an uplink that is slow and half duplex",
      uplink(", speed_mbps: «100», full_duplex: «false»"),
      {
        verdict: "fail",
        findings: [["slow"], ["halfDuplex"]],
      },
    ),
    evaluated(
      "says of a link that is down that it is down, and asks for nothing more",
      uplink(", speed_mbps: «null»"),
      {
        verdict: "fail",
        findings: [
          [
            "down",
            "Uplink esxi01/vmnic0 of port group esxi01/media is down, so it provides neither bandwidth nor failover; connect or remove it.",
          ],
        ],
      },
    ),
    evaluated(
      "looks at no adapter but the uplinks",
      onStandardSwitch({ nics: `[${GOOD}, { name: vmnic7, speed_mbps: 10 }]`, onSwitch: "uplinks: [vmnic1]" }),
      {
        verdict: "pass",
      },
    ),
    evaluated(
      "looks at the port group's own uplinks where it has some",
      onStandardSwitch({
        nics: `[{ name: vmnic0, speed_mbps: 10, full_duplex: true }, ${GOOD}]`,
        onGroup: "uplinks: [VMNIC1]",
      }),
      { verdict: "pass" },
    ),
    evaluated("fails a port group without any uplink", onStandardSwitch({ onSwitch: "uplinks: «[]»" }), {
      verdict: "fail",
      findings: [["none", "has no uplink"]],
    }),
    evaluated(
      "fails a host that gives the distributed switch no uplink",
      onDistributedSwitch({ group: "vlan: 7", member: "{ name: esxi01, uplinks: «[]» }" }),
      { verdict: "fail", findings: [["none"]] },
    ),
    evaluated(
      "fails a slow uplink of a distributed switch",
      onDistributedSwitch({
        group: "vlan: 7",
        nics: "[{ name: vmnic2, speed_mbps: «100», full_duplex: true }]",
        member: "{ name: esxi01, uplinks: [vmnic2] }",
      }),
      { verdict: "fail", findings: [["slow"]] },
    ),

    evaluated("does not know a speed that is missing", uplink(", full_duplex: true"), {
      verdict: "inconclusive",
      missing: ["hosts.physical_nics.speed_mbps is not in the inventory"],
    }),
    evaluated("does not take a missing duplex for full duplex", uplink(", speed_mbps: 1000"), {
      verdict: "inconclusive",
      missing: ["hosts.physical_nics.full_duplex is not in the inventory"],
    }),
    evaluated(
      "does not hide a slow uplink behind a gap in another",
      onStandardSwitch({ nics: "[{ name: vmnic0 }, { name: vmnic1, speed_mbps: «100» }]" }),
      { verdict: "fail", findings: [["slow"]] },
    ),
    evaluated("does not know an uplink that the host does not describe", onStandardSwitch({ nics: `[${GOOD}]` }), {
      verdict: "inconclusive",
      missing: ["physical adapter vmnic0 of host esxi01 is not in the inventory"],
    }),
    evaluated("does not know the uplinks that the switch does not tell", onStandardSwitch({ onSwitch: "mtu: 1500" }), {
      verdict: "inconclusive",
      missing: ["hosts.virtual_switches.uplinks is not in the inventory"],
    }),
    evaluated(
      "does not know the adapters of a host that lists none",
      onStandardSwitch({}).replace(/ {4}physical_nics:\n.*\n/, ""),
      { verdict: "inconclusive", missing: ["hosts.physical_nics is not in the inventory"] },
    ),
    {
      name: "does not know a host that is not described",
      deployment: mediaNode.replace("esxi01", "esxi09"),
      inventory: onStandardSwitch({}),
      expect: {
        "port-group:esxi09/media": { verdict: "inconclusive", missing: ["host esxi09 is not in the inventory"] },
        "deployment:deployment": { verdict: "inconclusive" },
      },
    },
    {
      name: "does not apply where there is no node",
      deployment: "conferencing_nodes: []",
      expect: { "deployment:deployment": { verdict: "not-applicable" } },
    },
  ],
  { optional: ["port_groups", "shaping_enabled"] },
);
