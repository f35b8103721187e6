import { agreeing, type Clock, clockName, clocksOf, median, TOLERANCE_MS } from "../shared/ntp-clocks.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { usersInWords } from "../../src/site/relations/server-list-users.ts";

/**
 * Follows from the guide: at least three distinct NTP servers "ensures that log entries from all nodes are properly
 * synchronized" (L118), which they are only if the servers tell the same time.
 */
export default defineRule({
  id: "time/ntp-agreement",
  title: "Require the NTP servers of a list to tell the same time",
  severity: "error",
  since: "0.1.0",
  live: true,
  source: guide("Synchronizing time", "derived"),
  subject: "ntp-server-list",
  options: {
    tolerance_ms: {
      type: "integer",
      minimum: 0,
      default: TOLERANCE_MS,
      description: "How far two clocks may differ beyond their error bounds, in ms.",
    },
  },
  messages: {
    outlier: "NTP server {{server}} is {{difference}} ms off the time of {{majority}}.",
    divided:
      "The NTP servers for {{users}} do not agree on the time, and no majority does; against the asking machine: {{clocks}}.",
  },
  remediation:
    "Find out which server is wrong, correct it or take it out of the list; name at least four, so that one may fail.",
  check(list, context) {
    const { needAll, notApplicable, fail, options } = context;
    if (needAll(list.servers).length < 2) {
      return notApplicable("the list has one server, so there is nothing to compare it with");
    }
    const { clocks, silent } = clocksOf(list.servers, context);
    const total = clocks.length + silent;
    if (total < 2) return notApplicable("all servers of the list are one, so there is nothing to compare it with");
    const group = agreeing(clocks, options.tolerance_ms);
    if (group.length === clocks.length) return;

    const reference = median(group);
    if (reference === undefined || group.length * 2 <= total) {
      fail("divided", { at: [list], data: { users: usersInWords(list), clocks: clocks.map(reading).join(", ") } });
      return;
    }
    const majority = group.map(clockName).join(", ");
    for (const clock of clocks.filter((one) => !group.includes(one))) {
      const server = clockName(clock);
      const difference = signed(clock.offset_ms - reference.offset_ms);
      fail("outlier", { at: [clock.servers[0] ?? list], data: { server, difference, majority }, key: server });
    }
  },
});

function reading(clock: Clock): string {
  return `${clockName(clock)} ${signed(clock.offset_ms)} ms (exact to ${Math.ceil(clock.error_ms)} ms)`;
}

function signed(ms: number): string {
  return `${ms < 0 ? "-" : "+"}${Math.round(Math.abs(ms))}`;
}
