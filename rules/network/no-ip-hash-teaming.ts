import { defineRule, type RuleContext } from "../../src/engine/rule.ts";
import type { PortGroup } from "../../src/site/deployment-objects.ts";
import type { DistributedPortGroup, StandardPortGroup } from "../../src/site/estate-objects.ts";
import { ownName } from "../../src/site/site-object.ts";
import { canonicalName } from "../../src/values/host-name.ts";
import { powerShellQuote } from "../../src/values/shell-quote.ts";

const IP_HASH = "loadbalance_ip";
const ONE_UPLINK = "it has at most one uplink, so there is nothing to balance";

const messages = {
  own: "Port group {{portGroup}} balances by IP hash; use the originating virtual port or the source MAC hash.",
  inherited:
    "Port group {{portGroup}} inherits IP hash from {{virtualSwitch}}; use the originating virtual port or the source MAC hash.",
} as const;

/** The guide: "we do not recommend IP hash because of the high CPU overhead" (L228). */
export default defineRule({
  id: "network/no-ip-hash-teaming",
  title: "Disallow NIC teaming by IP hash on networks that nodes use",
  severity: "error",
  since: "0.1.0",
  source: { document: "guide-v25", section: "NIC teaming", wording: "recommended" },
  subject: "port-group",
  messages,
  remediation:
    "Change the teaming policy to the originating virtual port, together with the physical switch: IP hash needs an EtherChannel there, and changing one side alone cuts the host off.",
  commands: (portGroup, { known }) => {
    const standard = known(portGroup, "standard");
    if (standard == null) return [];
    const group = powerShellQuote(standard.name.slice(portGroup.host.name.length + 1));
    return [
      `Get-VMHost ${powerShellQuote(portGroup.host.name)} | Get-VirtualPortGroup -Standard -Name ${group} | Get-NicTeamingPolicy | Set-NicTeamingPolicy -LoadBalancingPolicy LoadBalanceSrcId`,
    ];
  },
  check(portGroup, context) {
    const { need, known, each, inconclusive } = context;
    const standard = known(portGroup, "standard");
    const distributed = known(portGroup, "distributed") ?? [];
    // Found on neither side: each gap, or the absence itself, leaves the network unknown.
    if (standard == null && distributed.length === 0) {
      need(portGroup, "standard");
      need(portGroup, "distributed");
      inconclusive(`no port group of this name is in the inventory of ${portGroup.host.name}`);
    }
    // A name that is both a standard and a distributed port group is judged on both.
    each([...(standard == null ? [] : [standard]), ...distributed], (group) => {
      if (group === standard) judgeStandard(standard, portGroup, context);
      else judgeDistributed(group as DistributedPortGroup, portGroup, context);
    });
  },
});

type Context = Pick<RuleContext<typeof messages>, "need" | "known" | "fail" | "inconclusive" | "notApplicable">;

function judgeStandard(group: StandardPortGroup, { name }: PortGroup, context: Context): void {
  const { need, known, fail, notApplicable } = context;
  const own = need(group, "teaming_policy");
  const policy = own ?? need(need(group, "onSwitch"), "teaming_policy");
  if (policy !== IP_HASH) return;
  const uplinks = known(group, "uplinks") ?? need(need(group, "onSwitch"), "uplinks");
  if (uplinks.length <= 1) notApplicable(ONE_UPLINK);
  if (own !== null) {
    fail("own", { at: [group, "teaming_policy"], data: { portGroup: name } });
    return;
  }
  const virtualSwitch = need(group, "onSwitch");
  fail("inherited", {
    at: [virtualSwitch, "teaming_policy"],
    data: { portGroup: name, virtualSwitch: virtualSwitch.name },
    related: [{ message: `port group ${name} inherits it`, at: [group, "teaming_policy"] }],
  });
}

function judgeDistributed(group: DistributedPortGroup, { name, host }: PortGroup, context: Context): void {
  const { need, fail, inconclusive, notApplicable } = context;
  if (need(group, "teaming_policy") === IP_HASH) {
    const members = need(need(group, "onSwitch"), "hosts");
    const member = members.find((candidate) => canonicalName(candidate.name ?? "") === canonicalName(ownName(host)));
    if (member?.uplinks === undefined) {
      return inconclusive(`the uplinks of ${host.name} on the distributed switch are not in the inventory`);
    }
    if (member.uplinks.length <= 1) notApplicable(ONE_UPLINK);
    fail("own", { at: [group, "teaming_policy"], data: { portGroup: name } });
    return;
  }
  if (need(group, "port_teaming_override_allowed")) {
    inconclusive(
      `single ports of ${group.name} may override its teaming policy, and the inventory does not tell what they do`,
    );
  }
}
