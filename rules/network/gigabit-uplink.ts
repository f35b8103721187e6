import { set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import type { PortGroup } from "../../src/site/relations/networks-in-use.ts";
import { guide } from "../../src/facts/guide.ts";
import { attachmentsOf, type PhysicalNic } from "../../src/site/relations/network-attachment.ts";

const GIGABIT = 1000;

/** The guide: "Gigabit Ethernet connectivity from the host server is strongly recommended" (L220). */
export default defineRule({
  id: "network/gigabit-uplink",
  title: "Require full-duplex gigabit uplinks on node networks",
  severity: "warn",
  since: "0.1.0",
  source: guide("Network", "strongly-recommended"),
  subject: "port-group",
  messages: {
    slow: "Uplink {{nic}} of port group {{portGroup}} runs at {{speed}} Mbit/s; {{limit}} Mbit/s or more is required.",
    halfDuplex:
      "Uplink {{nic}} of port group {{portGroup}} is half duplex; set both ends of the link to auto-negotiation.",
    down: "Uplink {{nic}} of port group {{portGroup}} is down, so it provides neither bandwidth nor failover; connect or remove it.",
    none: "Port group {{portGroup}} has no uplink, so its nodes cannot reach anything outside the host.",
  },
  remediation:
    "Connect the uplink to a switch port of 1000 Mbit/s or more, with speed and duplex auto-negotiated at both ends. Remove uplinks that are not connected.",
  mutations: [
    { edit: (portGroup) => set(firstNic(portGroup), "speed_mbps", 100) },
    { edit: (portGroup) => set(firstNic(portGroup), "full_duplex", false) },
  ],
  check(portGroup, { need, each, fail }) {
    const { name } = portGroup;
    each(attachmentsOf(portGroup), (attachment) => {
      const uplinks = need(attachment, "uplinks");
      if (uplinks.value.length === 0) {
        fail("none", { at: uplinks.at, data: { portGroup: name } });
        return;
      }
      each(attachment.nics, (nic) => {
        const data = { nic: nic.name, portGroup: name };
        const speed = need(nic, "speed_mbps");
        if (speed === null) {
          fail("down", { at: [nic, "speed_mbps"], data });
          return;
        }
        if (speed < GIGABIT) fail("slow", { at: [nic, "speed_mbps"], data: { ...data, speed, limit: GIGABIT } });
        if (!need(nic, "full_duplex")) fail("halfDuplex", { at: [nic, "full_duplex"], data });
      });
    });
  },
});

function firstNic(portGroup: PortGroup): PhysicalNic | undefined {
  return attachmentsOf(portGroup).items[0]?.nics.items[0];
}
