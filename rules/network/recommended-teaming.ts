import { given, set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { attachmentsOf } from "../../src/site/relations/network-attachment.ts";
import { ownName } from "../../src/site/core/site-object.ts";
import { originatingPortCommand } from "../shared/teaming-command.ts";

const NAMED_BY_THE_GUIDE = ["loadbalance_srcid", "loadbalance_srcmac"];
/** Algorithms of LAGs that are the same: `srcPortId` and `srcMac`. */
const LIKE_THE_GUIDE = ["srcportid", "srcmac"];

/** The guide: "we recommend you load balance based on **originating virtual port ID** due to its low complexity" (L228). */
export default defineRule({
  id: "network/recommended-teaming",
  title: "Require NIC teaming by originating virtual port or source MAC hash",
  severity: "info",
  since: "0.1.0",
  source: guide("NIC teaming", "recommended"),
  subject: "port-group",
  messages: {
    own: "Port group {{portGroup}} uses {{policy}} for teaming; the guide recommends the originating virtual port, or else the source MAC hash.",
    inherited:
      "Port group {{portGroup}} inherits {{policy}} from {{virtualSwitch}}; the guide recommends the originating virtual port, or else the source MAC hash.",
    lag: "LAG {{lag}}, which port group {{portGroup}} uses, balances by {{algorithm}}; the guide recommends the originating virtual port, or else the source MAC hash.",
  },
  remediation:
    "Set the port group's load balancing to the originating virtual port, unless the current policy is required.",
  commands: (portGroup, { known }) =>
    attachmentsOf(portGroup).items.flatMap((attachment) => {
      const { kindOfGroup, group, host } = attachment;
      const hasLag = (known(attachment, "lags") ?? []).length > 0;
      const named = { kind: kindOfGroup, host: ownName(host), name: ownName(group) };
      return hasLag ? [] : [originatingPortCommand(named, "other")];
    }),
  mutations: [{ edit: (portGroup) => set(given(portGroup, "standard"), "teaming_policy", "failover_explicit") }],
  check(portGroup, { need, known, each, fail, inconclusive, notApplicable }) {
    const { name } = portGroup;
    each(attachmentsOf(portGroup), (attachment) => {
      if (known(attachment, "hasSeveralUplinks") === false) {
        notApplicable("the port group has at most one uplink");
      }
      const lags = known(attachment, "lags") ?? [];
      if (lags.length > 0) {
        each(lags, (lag) => {
          const algorithm = need(lag, "load_balance");
          if (LIKE_THE_GUIDE.includes(algorithm.toLowerCase())) return;
          const at = [lag, "load_balance"] as const;
          fail("lag", { at, dependsOn: [at], data: { lag: ownName(lag), portGroup: name, algorithm } });
        });
        return;
      }
      const { value, at, inheritedFrom } = need(attachment, "teaming");
      if (NAMED_BY_THE_GUIDE.includes(value)) {
        if (need(attachment, "portsMayOverrideTeaming")) {
          inconclusive(
            `ports of ${attachment.group.name} may override its teaming policy, and port settings are not in the inventory`,
          );
        }
        need(attachment, "lags");
        return;
      }
      need(attachment, "hasSeveralUplinks");
      // IP hash fails network/no-ip-hash-teaming.
      const dependsOn = value === "loadbalance_ip" ? [at] : [];
      if (inheritedFrom === null) {
        fail("own", { at, dependsOn, data: { portGroup: name, policy: value } });
        return;
      }
      fail("inherited", {
        at,
        dependsOn,
        data: { portGroup: name, policy: value, virtualSwitch: inheritedFrom.name },
        related: [{ message: `port group ${name} inherits it`, at: [attachment.group, "teaming_policy"] }],
      });
    });
  },
});
