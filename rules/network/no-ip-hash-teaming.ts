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
    const host = powerShellQuote(ownName(portGroup.host));
    const standard = known(portGroup, "standard");
    const distributed = known(portGroup, "distributed")?.[0];
    return [
      ...(standard == null
        ? []
        : [
            `Get-VMHost ${host} | Get-VirtualPortGroup -Standard -Name ${powerShellQuote(ownName(standard))} | Get-NicTeamingPolicy | Set-NicTeamingPolicy -LoadBalancingPolicy LoadBalanceSrcId`,
          ]),
      ...(distributed === undefined
        ? []
        : [
            `Get-VDPortgroup -Name ${powerShellQuote(ownName(distributed))} | Get-VDUplinkTeamingPolicy | Set-VDUplinkTeamingPolicy -LoadBalancingPolicy LoadBalanceSrcId`,
          ]),
    ];
  },
  check(portGroup, context) {
    const { need, known, each, inconclusive } = context;
    const standard = known(portGroup, "standard");
    const distributed = known(portGroup, "distributed") ?? [];
    // A name that is both a standard and a distributed port group is judged on both.
    const judgements = [
      ...(standard == null ? [] : [() => judgeStandard(standard, portGroup, context)]),
      ...distributed.map((group) => () => judgeDistributed(group, portGroup, context)),
    ];
    each(judgements, (judge) => judge());
    // A gap on one side may hide another port group of the name, whatever the one that was found is like.
    need(portGroup, "standard");
    need(portGroup, "distributed");
    if (judgements.length === 0) {
      inconclusive(`no port group of this name is in the inventory of ${portGroup.host.name}`);
    }
  },
});

type Context = Pick<RuleContext<typeof messages>, "need" | "known" | "fail" | "inconclusive" | "notApplicable">;

function judgeStandard(group: StandardPortGroup, { name }: PortGroup, context: Context): void {
  const { need, known, fail, notApplicable } = context;
  const onSwitch = known(group, "onSwitch");
  const uplinks = known(group, "uplinks") ?? (onSwitch && known(onSwitch, "uplinks"));
  if (uplinks !== undefined && uplinks.length <= 1) notApplicable(ONE_UPLINK);

  const own = need(group, "teaming_policy");
  const policy = own ?? need(need(group, "onSwitch"), "teaming_policy");
  if (policy !== IP_HASH) return;
  if (uplinks === undefined) need(need(group, "onSwitch"), "uplinks");
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
  const { need, known, fail, inconclusive, notApplicable } = context;
  const onSwitch = known(group, "onSwitch");
  const member = (onSwitch && known(onSwitch, "hosts"))?.find(
    (candidate) => canonicalName(candidate.name ?? "") === canonicalName(ownName(host)),
  );
  if (member?.uplinks !== undefined && member.uplinks.length <= 1) notApplicable(ONE_UPLINK);

  if (need(group, "teaming_policy") === IP_HASH) {
    if (member?.uplinks === undefined) {
      need(need(group, "onSwitch"), "hosts");
      inconclusive(`the uplinks of ${host.name} on the distributed switch are not in the inventory`);
    }
    fail("own", { at: [group, "teaming_policy"], data: { portGroup: name } });
    return;
  }
  if (need(group, "port_teaming_override_allowed")) {
    inconclusive(
      `single ports of ${group.name} may override its teaming policy, and the inventory does not tell what they do`,
    );
  }
}
