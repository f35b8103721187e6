import { set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { ownName } from "../../src/site/core/site-object.ts";
import { shellQuote } from "../../src/values/text/shell-quote.ts";
import { isWithoutNtp, WITHOUT_NTP } from "../shared/time-service.ts";

/**
 * The guide: "All host servers **must** be synchronized with accurate time before you install the Management Node or
 * Conferencing Nodes on them" (L115), and "Use Network Time Protocol (Enable NTP client)" (L129).
 */
export default defineRule({
  id: "time/host-ntp-configured",
  title: "Require an NTP server on every host",
  severity: "error",
  since: "0.1.0",
  source: guide("Synchronizing time", "must"),
  subject: "runnable-host",
  messages: {
    none: "Host {{host}} has no NTP server, so its clock is not synchronized; configure at least three.",
  },
  remediation:
    "Enter at least three NTP servers in the host's time configuration, and set the NTP service to start and stop with the host.",
  commands: (host) => {
    const name = shellQuote(ownName(host));
    const servers = [1, 2, 3].map((number) => `-server '<NTP server ${number}>'`).join(" ");
    return [
      `govc host.date.change -host ${name} ${servers}`,
      `govc host.service -host ${name} enable ntpd`,
      `govc host.service -host ${name} start ntpd`,
    ];
  },
  mutations: [{ edit: (host) => set(host.ntp, "servers", []) }],
  check(host, { need, known, fail, notApplicable }) {
    if (isWithoutNtp(host, { need, known })) return notApplicable(WITHOUT_NTP);
    const servers = need(host.ntp, "servers");
    need(host, "timeProtocol");
    if (servers.every((entry) => entry.trim() === ""))
      fail("none", { at: [host.ntp, "servers"], data: { host: host.name } });
  },
});
