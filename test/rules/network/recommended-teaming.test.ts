import { expect, it } from "vitest";
import rule from "../../../rules/network/recommended-teaming.ts";
import { MEDIA, mediaNode, onDistributedSwitch, onStandardSwitch } from "../../support/port-groups.ts";
import { checksOf, type RuleCase, ruleTester } from "../../support/rule-tester.ts";

const TWO = "uplinks: [vmnic0, vmnic1]";

const evaluated = (name: string, inventory: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: mediaNode,
  inventory,
  expect: { [MEDIA]: expected },
});
const inherited = (policy: string) => onStandardSwitch({ onSwitch: `${TWO}, teaming_policy: ${policy}` });
const distributed = (policy: string, override = "false") =>
  onDistributedSwitch({ group: `teaming_policy: ${policy}, port_teaming_override_allowed: ${override}` });

ruleTester.run(
  rule,
  [
    evaluated("passes the originating virtual port, inherited", inherited("loadbalance_srcid"), { verdict: "pass" }),
    evaluated("passes the source MAC hash", inherited("loadbalance_srcmac"), { verdict: "pass" }),
    evaluated(
      "passes a LAG by the source MAC hash",
      onDistributedSwitch({
        group: "teaming_policy: loadbalance_ip, active_uplinks: [lag1]",
        onSwitch: "lags: [{ name: lag1, load_balance: srcMac }]",
      }),
      { verdict: "pass" },
    ),
    evaluated("passes a distributed port group", distributed("loadbalance_srcid"), { verdict: "pass" }),
    evaluated("fails an inherited failover order, at the switch", inherited("«failover_explicit»"), {
      verdict: "fail",
      severity: "info",
      findings: [["inherited", "inherits failover_explicit from esxi01/vSwitch0"]],
    }),
    evaluated(
      "fails a failover order of the port group's own, though its switch has none",
      onStandardSwitch({
        onSwitch: `${TWO}, teaming_policy: loadbalance_srcid`,
        onGroup: "teaming_policy: «failover_explicit»",
      }),
      { verdict: "fail", findings: [["own", "media uses failover_explicit"]] },
    ),
    evaluated(
      "passes a port group that overrides its switch's failover order",
      onStandardSwitch({
        onSwitch: `${TWO}, teaming_policy: failover_explicit`,
        onGroup: "teaming_policy: loadbalance_srcmac",
      }),
      { verdict: "pass" },
    ),
    evaluated("fails load-based teaming of a distributed port group", distributed("«loadbalance_loadbased»"), {
      verdict: "fail",
      findings: [["own", "media uses loadbalance_loadbased"]],
    }),
    evaluated("fails IP hash", inherited("«loadbalance_ip»"), {
      verdict: "fail",
      findings: [["inherited"]],
    }),
    evaluated(
      "does not apply with one uplink",
      onStandardSwitch({ onSwitch: "uplinks: [vmnic0], teaming_policy: failover_explicit" }),
      { verdict: "not-applicable", reason: "at most one uplink" },
    ),
    evaluated("does not know what single ports do", distributed("loadbalance_srcid", "true"), {
      verdict: "inconclusive",
      reason: "ports of media may override its teaming policy",
    }),
    evaluated(
      "does not take a missing override setting for a forbidden override",
      onDistributedSwitch({ group: "teaming_policy: loadbalance_srcid" }),
      {
        verdict: "inconclusive",
        missing: ["distributed_port_groups.port_teaming_override_allowed is not in the inventory"],
      },
    ),
    evaluated("does not know a policy that nobody tells", onStandardSwitch({ onSwitch: TWO }), {
      verdict: "inconclusive",
      missing: ["hosts.virtual_switches.teaming_policy is not in the inventory"],
    }),
    evaluated(
      "does not take a missing policy for an inherited one",
      onStandardSwitch({ onSwitch: `${TWO}, teaming_policy: loadbalance_srcid`, onGroup: "vlan: 7" }),
      { verdict: "inconclusive", missing: ["hosts.port_groups.teaming_policy is not in the inventory"] },
    ),
    evaluated(
      "does not fail while it is not known whether there are two uplinks",
      onStandardSwitch({ onSwitch: "teaming_policy: failover_explicit" }),
      { verdict: "inconclusive", missing: ["hosts.virtual_switches.uplinks is not in the inventory"] },
    ),
    evaluated(
      "fails a LAG that balances by something else",
      onDistributedSwitch({
        onSwitch: "lags: [{ name: lag1, load_balance: «vlan» }]",
        group: "teaming_policy: loadbalance_srcid, port_teaming_override_allowed: false, active_uplinks: [lag1]",
      }),
      {
        verdict: "fail",
        severity: "info",
        findings: [["lag", "LAG lag1, which port group esxi01/media uses, balances by vlan"]],
      },
    ),
    evaluated(
      "passes a LAG that balances by originating port",
      onDistributedSwitch({
        onSwitch: "lags: [{ name: lag1, load_balance: srcPortId }]",
        group: "teaming_policy: loadbalance_ip, active_uplinks: [lag1]",
      }),
      { verdict: "pass" },
    ),
    evaluated(
      "does not know whether a LAG is in use",
      onDistributedSwitch({
        onSwitch: "mtu: 1500",
        group: "teaming_policy: loadbalance_srcid, port_teaming_override_allowed: false",
      }),
      { verdict: "inconclusive", missing: ["distributed_switches.lags is not in the inventory"] },
    ),
    {
      name: "judges the secondary network too",
      deployment: mediaNode.replace("network: media", "network: other, secondary_network: media"),
      inventory: inherited("failover_explicit"),
      expect: {
        "port-group:esxi01/other": { verdict: "inconclusive", missing: ["no port group of this name"] },
        [MEDIA]: { verdict: "fail" },
      },
    },
    {
      name: "judges a name that is standard and distributed on both",
      deployment: mediaNode,
      inventory: distributed("«failover_explicit»").replace(
        "port_groups: []",
        "port_groups: [{ name: media, teaming_policy: loadbalance_srcid, uplinks: [vmnic0, vmnic1] }]",
      ),
      expect: { [MEDIA]: { verdict: "fail", findings: [["own"]] } },
    },
    {
      name: "decides nothing without an inventory",
      deployment: mediaNode,
      expect: {
        [MEDIA]: { verdict: "inconclusive", missing: ["no inventory given"] },
        "deployment:deployment": { verdict: "inconclusive" },
      },
    },
  ],
  {
    optional: [
      "distributed_switch",
      "hosts",
      "port_groups",
      "shaping_enabled",
      "uplinks",
      "virtual_switch",
      "virtual_switches",
    ],
  },
);

it("points to the port group that inherits, and prints the command for it", async () => {
  const [check] = await checksOf(rule, { deployment: mediaNode, inventory: inherited("failover_explicit") });
  expect(check?.findings[0]?.related).toMatchObject([
    { message: "port group esxi01/media inherits it", location: { line: 10, column: 66 } },
  ]);
  expect(check?.remediation).toContain(
    "Get-VMHost 'esxi01' | Get-VirtualPortGroup -Standard -Name 'media' | Get-NicTeamingPolicy | Set-NicTeamingPolicy -LoadBalancingPolicy LoadBalanceSrcId",
  );
});
