import {
  clockName,
  clocksOf,
  consensusOf,
  type DividedServer,
  familyOf,
  isWithin,
  type Reading,
  TOLERANCE_MS,
} from "../shared/ntp-clocks.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { usersInWords } from "../../src/site/relations/server-list-users.ts";

/**
 * Follows from the guide: at least three distinct NTP servers "ensures that log entries from all nodes are properly
 * synchronized" (L118), which they are only if the servers return the same time.
 */
export default defineRule({
  id: "time/ntp-agreement",
  title: "Require NTP servers to agree on the time",
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
      description: "Maximum difference between two clocks beyond their error bounds, in ms.",
    },
  },
  messages: {
    outlier: "NTP server {{server}} differs by {{difference}} ms from the time of {{majority}}.",
    divided:
      "NTP servers for {{users}} do not agree on the time, and there is no majority; offsets from this vantage point: {{clocks}}.",
    addressesDiffer:
      "Addresses of NTP server {{server}} differ by {{spread}} ms; offsets from this vantage point: {{clocks}}.",
  },
  stricterOptions: { tolerance_ms: "lower" },
  remediation:
    "Find the server with the wrong time, and correct or remove it; use at least four servers, so that one can fail.",
  check(list, context) {
    const { needAll, notApplicable, inconclusive, fail, options } = context;
    const { tolerance_ms } = options;
    const isSingle = needAll(list.servers).length < 2;
    const { clocks, divided, votes } = clocksOf(list.servers, tolerance_ms, context);
    const consensus = consensusOf(clocks, votes, tolerance_ms);
    for (const { server, addresses } of divided) {
      const key = `${server.name} ${familiesThatDiffer(addresses, consensus?.reference, tolerance_ms)}`;
      const data = {
        server: server.name,
        spread: spreadOf(addresses),
        clocks: addresses.map(addressInWords).join(", "),
      };
      fail("addressesDiffer", { at: [server], data, key });
    }
    const several = clocks.flatMap(({ addresses }) => addresses).length > clocks.length;
    if (votes < 2 && !several) {
      const what = isSingle ? "the list has only one server" : "all entries of the list are the same server";
      return notApplicable(`${what}, so there is nothing to compare it with`);
    }

    if (consensus === null) {
      if (clocks.every((one) => clocks.every((other) => isWithin(one, other, tolerance_ms)))) return;
      const readings = clocks.map((clock) => `${clockName(clock)} ${inWords(clock)}`).join(", ");
      fail("divided", { at: [list], data: { users: usersInWords(list), clocks: readings } });
      return;
    }
    const { reference, agreeing } = consensus;
    const majority = agreeing.map(clockName).join(", ");
    for (const clock of clocks.filter((one) => !agreeing.includes(one))) {
      const server = clockName(clock);
      const difference = signed(clock.offset_ms - reference.offset_ms);
      fail("outlier", { at: [clock.servers[0] ?? list], data: { server, difference, majority }, key: server });
    }
    const inexact = agreeing.flatMap(({ addresses }) => addresses).find(({ error_ms }) => error_ms > tolerance_ms);
    if (inexact !== undefined) {
      const { address, error_ms } = inexact;
      inconclusive(
        `the measurement error of ${address}, ±${Math.ceil(error_ms)} ms, exceeds the tolerance of ${tolerance_ms} ms`,
      );
    }
  },
});

/** The families of the addresses that differ from the others; of all if it is unknown which of them are wrong. */
function familiesThatDiffer(
  addresses: DividedServer["addresses"],
  reference: Reading | undefined,
  tolerance_ms: number,
): string {
  const odd = reference === undefined ? [] : addresses.filter((one) => !isWithin(one, reference, tolerance_ms));
  const named = odd.length > 0 ? odd : addresses;
  return [...new Set(named.map(({ address }) => familyOf(address)))].sort().join(" ");
}

function spreadOf(readings: readonly Reading[]): number {
  const offsets = readings.map(({ offset_ms }) => offset_ms);
  return Math.round(Math.max(...offsets) - Math.min(...offsets));
}

function addressInWords(clock: DividedServer["addresses"][number]): string {
  return `${clock.address} ${inWords(clock)}`;
}

function inWords({ offset_ms, error_ms }: Reading): string {
  return `${signed(offset_ms)} ms (±${Math.ceil(error_ms)} ms)`;
}

function signed(ms: number): string {
  return `${ms < 0 ? "-" : "+"}${Math.round(Math.abs(ms))}`;
}
