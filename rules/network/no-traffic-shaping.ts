import { given, set } from "../../src/engine/api/mutation.ts";
import { command } from "../../src/engine/api/command.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { attachmentsOf } from "../../src/site/relations/network-attachment.ts";
import { ownName } from "../../src/site/core/site-object.ts";

const SHAPING_OFF = {
  in: "switch/distributed-ingress-shaping-off",
  out: "switch/distributed-egress-shaping-off",
} as const;

/**
 * The guide: "Any shaping of the Conferencing Node traffic that can potentially limit its flow should not be used without
 * considerable planning." (L224)
 */
export default defineRule({
  id: "network/no-traffic-shaping",
  title: "Disallow traffic shaping on node networks",
  severity: "warn",
  since: "0.1.0",
  source: guide("Traffic shaping", "strongly-recommended"),
  subject: "port-group",
  messages: {
    own: "Port group {{portGroup}} has traffic shaping enabled ({{setting}}); disable it, and limit bandwidth in call control.",
    inherited:
      "Port group {{portGroup}} inherits traffic shaping from {{virtualSwitch}}; disable it, and limit bandwidth in call control.",
  },
  remediation:
    "Disable traffic shaping for the port group: on a standard switch with the esxcli command below on the host itself, on a distributed switch with PowerCLI. If calls use too much bandwidth, limit it in call control.",
  commands: (portGroup) =>
    attachmentsOf(portGroup).items.flatMap(({ kindOfGroup, group, host, shaping }) =>
      shaping.items
        .filter(({ value }) => value)
        .map(({ at: [, setting] }) =>
          kindOfGroup === "standard"
            ? command("host/standard-shaping-off", { host: ownName(host), group: ownName(group) })
            : command(SHAPING_OFF[setting === "ingress_shaping_enabled" ? "in" : "out"], { group: ownName(group) }),
        ),
    ),
  mutations: [{ edit: (portGroup) => set(given(portGroup, "standard"), "shaping_enabled", true) }],
  check(portGroup, { each, fail }) {
    const { name } = portGroup;
    each(attachmentsOf(portGroup), ({ group, shaping }) => {
      each(shaping, ({ value, at, inheritedFrom }) => {
        if (!value) return;
        if (inheritedFrom === null) {
          fail("own", { at, data: { portGroup: name, setting: at[1] } });
          return;
        }
        fail("inherited", {
          at,
          data: { portGroup: name, virtualSwitch: inheritedFrom.name },
          related: [{ message: `port group ${name} inherits it`, at: [group, "shaping_enabled"] }],
        });
      });
    });
  },
});
