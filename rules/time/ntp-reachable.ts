import { resolve } from "../shared/dns-answers.ts";
import { withFixes } from "../shared/unreachable-fixes.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";

/** The guide: "The NTP server must be accessible … at the time the startup wizard is run. Installation will fail" (L428). */
export default defineRule({
  id: "time/ntp-reachable",
  title: "Require every NTP server to answer",
  severity: "error",
  since: "0.1.0",
  live: true,
  source: guide("Running the installation wizard", "must"),
  subject: "ntp-server",
  messages: {
    unreachable: "NTP server {{server}} gives no valid answer ({{tried}}).",
  },
  remediation:
    "Check that the server runs, that it serves this network, and that UDP port 123 is open to it; or name another server.",
  check(server, context) {
    const { need, query, fail, inconclusive } = context;
    const endpoint = need(server, "endpoint");
    const addresses = resolve(endpoint, server.resolvers, context);
    const answers = query(addresses.map((address) => ({ kind: "ntp" as const, address, port: endpoint.port })));
    if (answers.some(({ status }) => status === "answered")) return;
    const tried = addresses.map((address, index) => `${address}: ${answers[index]?.reason ?? "not asked"}`).join(", ");
    // No evidence about the server, so no statement about it.
    if (answers.some(({ status }) => status === "not-asked"))
      inconclusive(`not every address could be asked (${tried})`);
    const reasons = answers.map(({ reason }) => reason);
    fail("unreachable", { at: [server], data: { server: server.name, tried: withFixes(tried, reasons) } });
  },
});
