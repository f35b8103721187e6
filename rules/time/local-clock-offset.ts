import { type Clock, clockOf } from "../../src/engine/ntp-clocks.ts";
import { defineRule } from "../../src/engine/rule.ts";

/** Derived: offsets are measured against this machine's clock, so a wrong one makes them suspect. */
export default defineRule({
  id: "time/local-clock-offset",
  title: "Require this machine's clock to agree with the NTP servers",
  severity: "info",
  since: "0.1.0",
  live: true,
  source: { document: "guide-v25", section: "Synchronizing time", wording: "derived" },
  subject: "deployment",
  options: {
    limit_ms: {
      type: "integer",
      minimum: 1,
      default: 1000,
      description: "How far this machine's clock may be off, in ms.",
    },
  },
  messages: {
    off: "This machine's clock is {{offset}} ms off the time of {{count}} of {{total}} NTP servers; correct it before trusting offsets seen from here.",
  },
  remediation: "Synchronise the clock of the machine that runs the check.",
  check(deployment, context) {
    const { site, needAll, each, fail, notApplicable, options } = context;
    const servers = needAll(site.servers("ntp"));
    if (servers.length === 0) return notApplicable("no NTP server is in use");
    const clocks: Clock[] = [];
    each(servers, (server) => {
      clocks.push(clockOf(server, context));
    });
    const off = clocks.filter(({ offset_ms, error_ms }) => Math.abs(offset_ms) - error_ms > options.limit_ms);
    if (off.length * 2 <= clocks.length) return;
    const median = off.map(({ offset_ms }) => offset_ms).sort((a, b) => a - b)[off.length >> 1] ?? 0;
    fail("off", {
      at: [deployment, "ntp_servers"],
      data: { offset: Math.round(-median), count: off.length, total: servers.length },
    });
  },
});
