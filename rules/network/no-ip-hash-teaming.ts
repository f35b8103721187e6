import { given, set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { attachmentsOf } from "../../src/site/relations/network-attachment.ts";
import { ownName } from "../../src/site/core/site-object.ts";
import { originatingPortCommand } from "../shared/teaming-command.ts";

/** The guide: "we do not recommend IP hash because of the high CPU overhead" (L228). */
export default defineRule({
  id: "network/no-ip-hash-teaming",
  title: "Disallow NIC teaming by IP hash on networks that nodes use",
  severity: "error",
  since: "0.1.0",
  source: guide("NIC teaming", "recommended"),
  subject: "port-group",
  messages: {
    own: "Port group {{portGroup}} balances by IP hash; use the originating virtual port or the source MAC hash.",
    inherited:
      "Port group {{portGroup}} inherits IP hash from {{virtualSwitch}}; use the originating virtual port or the source MAC hash.",
  },
  remediation:
    "Change the teaming policy to the originating virtual port, together with the physical switch: IP hash needs an EtherChannel there, and changing one side alone cuts the host off.",
  commands: (portGroup) =>
    attachmentsOf(portGroup).items.map(({ kindOfGroup, group, host }) =>
      originatingPortCommand({ kind: kindOfGroup, host: ownName(host), name: ownName(group) }),
    ),
  mutations: [
    { edit: (portGroup) => set(given(portGroup, "distributed")?.[0], "teaming_policy", "loadbalance_ip") },
    {
      edit: (portGroup) => {
        const standard = given(portGroup, "standard");
        return given(standard, "teaming_policy") === null
          ? set(given(standard, "onSwitch"), "teaming_policy", "loadbalance_ip")
          : null;
      },
    },
  ],
  check(portGroup, { need, known, each, fail, inconclusive, notApplicable }) {
    const { name } = portGroup;
    each(attachmentsOf(portGroup), (attachment) => {
      const uplinks = known(attachment, "uplinks");
      if (uplinks !== undefined && uplinks.value.length <= 1) {
        notApplicable("it has at most one uplink, so there is nothing to balance");
      }
      const { value, at, inheritedFrom } = need(attachment, "teaming");
      if (value !== "loadbalance_ip") {
        if (need(attachment, "portsMayOverrideTeaming")) {
          inconclusive(
            `single ports of ${attachment.group.name} may override its teaming policy, and the inventory does not tell what they do`,
          );
        }
        return;
      }
      need(attachment, "uplinks");
      if (inheritedFrom === null) {
        fail("own", { at, data: { portGroup: name } });
        return;
      }
      fail("inherited", {
        at,
        data: { portGroup: name, virtualSwitch: inheritedFrom.name },
        related: [{ message: `port group ${name} inherits it`, at: [attachment.group, "teaming_policy"] }],
      });
    });
  },
});
