import { agreeing, type Clock, clockOf } from "../../src/engine/ntp-clocks.ts";
import { defineRule } from "../../src/engine/rule.ts";

/** From the guide: at least three distinct NTP servers "ensures that log entries … are properly synchronized" (L118). */
export default defineRule({
  id: "time/ntp-agreement",
  title: "Require the NTP servers of a list to tell the same time",
  severity: "error",
  since: "0.1.0",
  live: true,
  source: { document: "guide-v25", section: "Synchronizing time", wording: "derived" },
  subject: "ntp-server-list",
  options: {
    tolerance_ms: {
      type: "integer",
      minimum: 0,
      default: 500,
      description: "How far two clocks may differ beyond their error bounds, in ms.",
    },
  },
  messages: {
    outlier: "NTP server {{server}} is {{difference}} ms off the time of {{majority}}.",
    divided: "The NTP servers do not agree on the time: {{clocks}}.",
  },
  remediation:
    "Find out which server is wrong, correct it or take it out of the list; name at least four, so that one may fail.",
  check(list, context) {
    const { needAll, notApplicable, inconclusive, each, fail, options } = context;
    const servers = needAll(list.servers);
    if (servers.length < 2) return notApplicable("the list has one server, so there is nothing to compare it with");
    const clocks: Clock[] = [];
    each(servers, (server) => {
      clocks.push(clockOf(server, context));
    });
    if (clocks.length < 2) return inconclusive("fewer than two of its servers tell the time");
    const majority = agreeing(clocks, options.tolerance_ms);
    if (majority.length === clocks.length) return;
    if (majority.length * 2 <= clocks.length) {
      const said = clocks.map(({ server, offset_ms }) => `${server.name} ${signed(offset_ms)} ms`).join(", ");
      fail("divided", { at: [clocks[0]?.server ?? list], data: { clocks: said } });
      return;
    }
    const median = majority.map(({ offset_ms }) => offset_ms).sort((a, b) => a - b)[majority.length >> 1] ?? 0;
    const names = majority.map(({ server }) => server.name).join(", ");
    for (const { server, offset_ms } of clocks.filter((clock) => !majority.includes(clock))) {
      const difference = signed(offset_ms - median);
      fail("outlier", { at: [server], data: { server: server.name, difference, majority: names }, key: server.name });
    }
  },
});

function signed(ms: number): string {
  return `${ms < 0 ? "-" : "+"}${Math.round(Math.abs(ms))}`;
}
