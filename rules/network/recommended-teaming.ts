import { given, set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { attachmentsOf } from "../../src/site/relations/network-attachment.ts";
import { ownName } from "../../src/site/core/site-object.ts";
import { originatingPortCommand } from "../shared/teaming-command.ts";

const NAMED_BY_THE_GUIDE = ["loadbalance_srcid", "loadbalance_srcmac"];

/** The guide: "we recommend you load balance based on **originating virtual port ID** due to its low complexity" (L228). */
export default defineRule({
  id: "network/recommended-teaming",
  title: "Require NIC teaming by originating virtual port or source MAC hash on networks that nodes use",
  severity: "info",
  since: "0.1.0",
  source: guide("NIC teaming", "recommended"),
  subject: "port-group",
  messages: {
    own: "Port group {{portGroup}} balances by {{policy}}; the guide recommends the originating virtual port, or else the source MAC hash.",
    inherited:
      "Port group {{portGroup}} inherits {{policy}} from {{virtualSwitch}}; the guide recommends the originating virtual port, or else the source MAC hash.",
  },
  remediation:
    "Let the port group balance by originating virtual port, unless there is a reason for the policy that it has.",
  commands: (portGroup) =>
    attachmentsOf(portGroup).items.map(({ kindOfGroup, group, host }) =>
      originatingPortCommand({ kind: kindOfGroup, host: ownName(host), name: ownName(group) }),
    ),
  mutations: [{ edit: (portGroup) => set(given(portGroup, "standard"), "teaming_policy", "failover_explicit") }],
  check(portGroup, { need, known, each, fail, inconclusive, notApplicable }) {
    const { name } = portGroup;
    each(attachmentsOf(portGroup), (attachment) => {
      const uplinks = known(attachment, "uplinks");
      if (uplinks !== undefined && uplinks.value.length <= 1) {
        notApplicable("it has at most one uplink, so there is nothing to balance");
      }
      const { value, at, inheritedFrom } = need(attachment, "teaming");
      if (NAMED_BY_THE_GUIDE.includes(value)) {
        if (need(attachment, "portsMayOverrideTeaming")) {
          inconclusive(
            `single ports of ${attachment.group.name} may override its teaming policy, and the inventory does not tell what they do`,
          );
        }
        return;
      }
      need(attachment, "uplinks");
      // IP hash fails by itself, as the guide forbids it.
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
