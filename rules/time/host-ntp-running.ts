import { set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { ownName } from "../../src/site/core/site-object.ts";
import { shellQuote } from "../../src/values/text/shell-quote.ts";

/**
 * The guide: "All host servers **must** be synchronized with accurate time before you install the Management Node or
 * Conferencing Nodes on them" (L115). Servers that are named but not asked synchronise nothing.
 */
export default defineRule({
  id: "time/host-ntp-running",
  title: "Require the NTP service to run on every host",
  severity: "error",
  since: "0.1.0",
  source: guide("Synchronizing time", "must"),
  subject: "runnable-host",
  messages: {
    stopped: "The NTP service (ntpd) of host {{host}} is not running, so its clock drifts; start it.",
  },
  remediation: "Start the NTP service of the host, and let it start and stop with the host.",
  commands: (host) => [`govc host.service -host ${shellQuote(ownName(host))} start ntpd`],
  mutations: [{ edit: (host) => set(host.ntp, "running", false) }],
  check(host, { need, known, fail, notApplicable }) {
    if (known(host, "timeProtocol") === "ptp") return notApplicable("the host keeps time by PTP");
    const running = need(host.ntp, "running");
    need(host, "timeProtocol");
    if (!running) fail("stopped", { at: [host.ntp, "running"], data: { host: host.name } });
  },
});
