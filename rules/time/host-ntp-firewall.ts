import { set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { ownName } from "../../src/site/core/site-object.ts";
import { shellQuote } from "../../src/values/text/shell-quote.ts";

/**
 * Follows from the guide: "All host servers **must** be synchronized with accurate time" (L115). The NTP client of a host
 * reaches its servers only while the firewall rule set ntpClient (UDP 123, outbound) is enabled.
 */
export default defineRule({
  id: "time/host-ntp-firewall",
  title: "Require the host's firewall to let NTP out",
  severity: "warn",
  since: "0.1.0",
  source: guide("Synchronizing time", "derived"),
  subject: "runnable-host",
  messages: {
    closed:
      "The firewall of host {{host}} keeps its NTP client in (rule set ntpClient is disabled); it cannot reach its servers.",
  },
  remediation: "Enable the firewall rule set ntpClient (NTP Client) on the host.",
  commands: (host) => [
    `govc host.esxcli -host ${shellQuote(ownName(host))} network firewall ruleset set -r ntpClient -e true`,
  ],
  mutations: [{ edit: (host) => set(host.ntp, "firewall_open", false) }],
  check(host, { need, known, fail, notApplicable }) {
    if (known(host, "timeProtocol") === "ptp") return notApplicable("the host keeps time by PTP");
    const open = need(host.ntp, "firewall_open");
    need(host, "timeProtocol");
    if (!open) fail("closed", { at: [host.ntp, "firewall_open"], data: { host: host.name } });
  },
});
