import { clocksOf, consensusOf, TOLERANCE_MS } from "../shared/ntp-clocks.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";

/**
 * Follows from the guide, which requires "accurate system time" (L113): offsets are measured against the clock of this
 * machine, and certificates are evaluated with it, so a wrong clock makes both unreliable.
 */
export default defineRule({
  id: "time/local-clock-offset",
  title: "Require an accurate clock on the machine that runs the checks",
  severity: "info",
  since: "0.1.0",
  live: true,
  source: guide("Synchronizing time", "derived"),
  subject: "deployment",
  options: {
    limit_ms: {
      type: "integer",
      minimum: 1,
      default: 1000,
      description: "Maximum offset of the clock of this machine, in ms.",
    },
  },
  messages: {
    off: "The clock of the machine that sent the queries is {{off}} ms {{direction}} the time that {{count}} of {{total}} NTP servers agree on; synchronize it.",
  },
  stricterOptions: { limit_ms: "lower" },
  remediation:
    "Synchronize the clock of the machine that runs the checks, and run them again: its measurements have the same offset.",
  check(deployment, context) {
    const { site, fail, notApplicable, inconclusive, options } = context;
    const servers = site.servers("ntp");
    if (servers.items.length === 0 && servers.missing.length === 0) return notApplicable("no NTP server is in use");
    const { clocks, votes } = clocksOf(servers, TOLERANCE_MS, context);
    const consensus = consensusOf(clocks, votes, TOLERANCE_MS);
    if (consensus === null) return inconclusive("no majority of the NTP servers agrees on the time");
    const { offset_ms, error_ms } = consensus.reference;
    if (Math.abs(offset_ms) - error_ms <= options.limit_ms) {
      if (error_ms <= options.limit_ms) return;
      return inconclusive(
        `the measurement error of ±${Math.ceil(error_ms)} ms exceeds the limit of ${options.limit_ms} ms`,
      );
    }
    const off = Math.round(Math.abs(offset_ms));
    const direction = offset_ms > 0 ? "behind" : "ahead of";
    const data = { off, direction, count: consensus.agreeing.length, total: votes };
    fail("off", { at: [deployment, "ntp_servers"], data });
  },
});
