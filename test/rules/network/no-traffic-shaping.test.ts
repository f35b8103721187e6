import { expect, it } from "vitest";
import rule from "../../../rules/network/no-traffic-shaping.ts";
import { MEDIA, mediaNode, onDistributedSwitch, onStandardSwitch } from "../../support/port-groups.ts";
import { checksOf, type RuleCase, ruleTester } from "../../support/rule-tester.ts";

const evaluated = (name: string, inventory: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: mediaNode,
  inventory,
  expect: { [MEDIA]: expected },
});
const standard = (onSwitch: string, onGroup: string) => onStandardSwitch({ onSwitch, onGroup });
const distributed = (group: string) => onDistributedSwitch({ group });

ruleTester.run(
  rule,
  [
    evaluated(
      "passes a port group that inherits no shaping",
      standard("shaping_enabled: false", "shaping_enabled: null"),
      {
        verdict: "pass",
      },
    ),
    evaluated(
      "passes a port group that turns its switch's shaping off",
      standard("shaping_enabled: true", "shaping_enabled: false"),
      {
        verdict: "pass",
      },
    ),
    evaluated(
      "needs no switch where the port group has a setting of its own",
      standard("mtu: 1500", "shaping_enabled: false"),
      {
        verdict: "pass",
      },
    ),
    evaluated("fails shaping of the port group", standard("shaping_enabled: false", "shaping_enabled: «true»"), {
      verdict: "fail",
      severity: "warn",
      findings: [["own", "esxi01/media has traffic shaping enabled (shaping_enabled)"]],
    }),
    evaluated(
      "fails shaping that the port group inherits, at the switch",
      standard("shaping_enabled: «true»", "shaping_enabled: null"),
      {
        verdict: "fail",
        findings: [["inherited", "inherits traffic shaping from esxi01/vSwitch0"]],
      },
    ),
    evaluated("does not take a missing setting for an inherited one", standard("shaping_enabled: false", "vlan: 7"), {
      verdict: "inconclusive",
      missing: ["hosts.port_groups.shaping_enabled is not in the inventory"],
    }),
    evaluated("does not know what a switch does not tell", standard("mtu: 1500", "shaping_enabled: null"), {
      verdict: "inconclusive",
      missing: ["hosts.virtual_switches.shaping_enabled is not in the inventory"],
    }),

    evaluated(
      "passes a distributed port group without shaping",
      distributed("ingress_shaping_enabled: false, egress_shaping_enabled: false"),
      { verdict: "pass" },
    ),
    evaluated(
      "fails shaping in one direction",
      distributed("ingress_shaping_enabled: false, egress_shaping_enabled: «true»"),
      { verdict: "fail", findings: [["own", "egress_shaping_enabled"]] },
    ),
    evaluated(
      "fails each direction by itself",
      distributed("ingress_shaping_enabled: «true», egress_shaping_enabled: «true»"),
      {
        verdict: "fail",
        findings: [["own"], ["own"]],
      },
    ),
    evaluated("fails one direction although the other is missing", distributed("egress_shaping_enabled: true"), {
      verdict: "fail",
    }),
    evaluated("does not take one direction for both", distributed("ingress_shaping_enabled: false"), {
      verdict: "inconclusive",
      missing: ["distributed_port_groups.egress_shaping_enabled is not in the inventory"],
    }),
    evaluated("nor the other", distributed("egress_shaping_enabled: false"), {
      verdict: "inconclusive",
      missing: ["distributed_port_groups.ingress_shaping_enabled is not in the inventory"],
    }),

    evaluated(
      "does not know a network that is on neither side",
      onStandardSwitch({}).replace("name: media,", "name: other,"),
      { verdict: "inconclusive", missing: ["no port group of this name is in the inventory of esxi01"] },
    ),
    {
      name: "decides nothing without an inventory",
      deployment: mediaNode,
      expect: {
        [MEDIA]: { verdict: "inconclusive", missing: ["no inventory given"] },
        "deployment:deployment": { verdict: "inconclusive" },
      },
    },
    {
      name: "does not apply where there is no node",
      deployment: "conferencing_nodes: []",
      expect: { "deployment:deployment": { verdict: "not-applicable" } },
    },
  ],
  { optional: ["distributed_switch", "hosts", "port_groups"] },
);

it("prints a command for a standard port group, and for each direction of a distributed one", async () => {
  const remediationOf = async (inventory: string) =>
    (await checksOf(rule, { deployment: mediaNode, inventory }))[0]?.remediation?.split("\n").slice(1);
  expect(await remediationOf(standard("shaping_enabled: true", "shaping_enabled: null"))).toEqual([
    "esxcli network vswitch standard portgroup policy shaping set --portgroup-name=media --enabled=false",
  ]);
  expect(await remediationOf(distributed("ingress_shaping_enabled: true, egress_shaping_enabled: true"))).toEqual([
    "Get-VDPortgroup -Name 'media' | Get-VDTrafficShapingPolicy -Direction In | Set-VDTrafficShapingPolicy -Enabled $false",
    "Get-VDPortgroup -Name 'media' | Get-VDTrafficShapingPolicy -Direction Out | Set-VDTrafficShapingPolicy -Enabled $false",
  ]);
});
