import { set } from "../../src/engine/api/mutation.ts";
import { command } from "../../src/engine/api/command.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { ownName } from "../../src/site/core/site-object.ts";
import { timeServiceIn, timeServiceOf } from "../shared/time-service.ts";

/**
 * Follows from the guide: "All host servers **must** be synchronized with accurate time" (L115). The NTP client of a host
 * reaches its servers only while the firewall rule set ntpClient (UDP 123, outbound) is enabled.
 */
export default defineRule({
  id: "time/host-ntp-firewall",
  title: "Require host firewalls to allow the time service",
  severity: "warn",
  since: "0.1.0",
  source: guide("Synchronizing time", "derived"),
  subject: "runnable-host",
  messages: {
    closed: "The firewall of host {{host}} blocks its NTP client; enable rule set ntpClient.",
    ptpClosed: "The firewall of host {{host}} blocks PTP; enable the rule sets of its PTP service.",
  },
  remediation:
    "Enable firewall rule set ntpClient (NTP Client) on the host; for PTP, the rule sets of the PTP service.",
  commands: (host, { known }) =>
    timeServiceOf(host, { known }).protocol === "PTP" ? [] : [command("host/open-ntp", { host: ownName(host) })],
  mutations: [{ edit: (host) => set(timeServiceIn(host), "firewall_open", false) }],
  check(host, { need, known, fail }) {
    const { object, protocol } = timeServiceOf(host, { known });
    const open = need(object, "firewall_open");
    need(host, "timeProtocol");
    const id = protocol === "PTP" ? "ptpClosed" : "closed";
    if (!open) fail(id, { at: [object, "firewall_open"], data: { host: host.name } });
  },
});
