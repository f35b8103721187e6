import { set } from "../../src/engine/api/mutation.ts";
import { command } from "../../src/engine/api/command.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { ownName } from "../../src/site/core/site-object.ts";
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
    const [name, service] = [ownName(host), "ntpd"];
    return [
      command("host/set-ntp-servers", { host: name }),
      command("host/enable-service", { host: name, service }),
      command("host/start-service", { host: name, service }),
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
