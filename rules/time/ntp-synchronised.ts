import { describeAddresses, familyOf, hasNoRoute, queryAddresses } from "../shared/ntp-clocks.ts";
import type { NtpAnswer, NtpReply } from "../../src/engine/api/question.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";

/** ntpd's MAXDIST, which ESXi keeps: it does not select a server with a larger root distance. */
const ESXI_ROOT_DISTANCE_MS = 1500;

/** Its clients have stratum 16, which means "not synchronised" (RFC 5905 figure 11). */
const LAST_STRATUM = 15;

/**
 * The guide: "Installation will fail if the Management Node is unable to synchronize its time with an NTP server"
 * (L428). A client does not use a server that declares itself unsynchronized (RFC 5905 sections 7.3 and 7.4) or is too
 * far from its reference clock; RFC 5905 and common servers draw that line at a root distance of 1 to 3 s.
 */
export default defineRule({
  id: "time/ntp-synchronised",
  title: "Require synchronized NTP servers",
  severity: "error",
  since: "0.1.0",
  live: true,
  source: guide("Running the installation wizard", "must"),
  subject: "ntp-server",
  options: {
    root_distance_ms: {
      type: "integer",
      minimum: 1,
      default: 3000,
      description: "Largest root distance (half the root delay plus the root dispersion), in ms.",
    },
  },
  messages: {
    kissOfDeath:
      "NTP server {{server}} refuses to serve this client ({{replies}}); allow this network or use another server.",
    unsynchronised: "NTP server {{server}} is not synchronized ({{replies}}).",
    tooFar: "NTP server {{server}} may be more than {{limit}} ms off its reference clock ({{replies}}).",
    ownClock: "NTP server {{server}} has no time source other than its own clock ({{replies}}).",
    lastStratum: "NTP server {{server}} is at stratum 15, so its clients are not synchronized ({{replies}}).",
    aboveEsxiLimit:
      "NTP server {{server}} exceeds the root distance that ESXi accepts, {{limit}} ms (`tos maxdist`): {{replies}}; lower the server's root dispersion.",
  },
  messageSeverity: { ownClock: "warn", lastStratum: "warn", aboveEsxiLimit: "warn" },
  stricterOptions: { root_distance_ms: "lower" },
  remediation: "Synchronize the server with a reference clock, allow this network to use it, or use another server.",
  check(server, context) {
    const { fail, inconclusive, options } = context;
    const addresses = queryAddresses(server, context);
    const replies = addresses.flatMap(({ address, answer: { reason, reply } }) =>
      reply === null ? [] : [{ address, reason, reply }],
    );
    // An address that does not respond, or to which this machine has no route, is ignored if another one answers.
    if (replies.length === 0) inconclusive(`it did not return a valid response (${describeAddresses(addresses)})`);

    const found = new Map<string, { readonly problem: Problem; readonly family: string; readonly shown: string[] }>();
    for (const { address, reason, reply } of replies) {
      const family = familyOf(address);
      for (const problem of problemsOf(reason, reply, options.root_distance_ms)) {
        const key = `${problem.id} ${family}`;
        const entry = found.get(key) ?? { problem, family, shown: [] };
        found.set(key, entry);
        entry.shown.push(`${address}: ${problem.figures}`);
      }
    }
    for (const { problem, family, shown } of found.values()) {
      const data = { server: server.name, replies: shown.join(", "), limit: problem.limit };
      fail(problem.id, { at: [server], data, key: `${server.name} ${family}` });
    }
    const unasked = addresses.filter((one) => one.answer.status === "not-asked" && !hasNoRoute(one));
    if (unasked.length > 0) inconclusive(`not every address was queried (${describeAddresses(addresses)})`);
  },
});

interface Problem {
  readonly id: "kissOfDeath" | "unsynchronised" | "tooFar" | "ownClock" | "lastStratum" | "aboveEsxiLimit";
  /** What the reply shows, in words. */
  readonly figures: string;
  readonly limit: number;
}

/** What keeps clients from using a reply: the first error, or else all warnings. */
function problemsOf(reason: NtpAnswer["reason"], reply: NtpReply, limit: number): readonly Problem[] {
  const { leap, stratum, refid, kiss_code, root_delay_ms, root_dispersion_ms } = reply;
  if (reason === "kiss-of-death") return [{ id: "kissOfDeath", figures: `kiss code ${kiss_code ?? "unknown"}`, limit }];
  if (reason === "unsynchronised") {
    return [{ id: "unsynchronised", figures: `leap indicator ${leap}, stratum ${stratum}`, limit }];
  }
  const distance = Math.round(root_delay_ms / 2 + root_dispersion_ms);
  const figures = `root distance ${distance} ms, of which root dispersion ${Math.round(root_dispersion_ms)} ms`;
  if (distance > limit) return [{ id: "tooFar", figures, limit }];
  const problems: Problem[] = [];
  if (isOwnClock(reply)) {
    problems.push({ id: "ownClock", figures: `reference ID ${refid}, stratum ${stratum}`, limit });
  }
  if (stratum === LAST_STRATUM) problems.push({ id: "lastStratum", figures: `reference ID ${refid}`, limit });
  if (distance > ESXI_ROOT_DISTANCE_MS) {
    problems.push({ id: "aboveEsxiLimit", figures, limit: ESXI_ROOT_DISTANCE_MS });
  }
  return problems;
}

/**
 * Whether a server follows nothing but its own clock. At stratum 1 the reference ID is a name: `LOCL` (RFC 5905 figure
 * 12); above it is an address: 127.127.1.x is the local clock of ntpd and chronyd, 127.0.0.1 the orphan mode of ntpd.
 */
function isOwnClock({ stratum, refid }: NtpReply): boolean {
  if (stratum === 1) return refid === "LOCL" || refid.startsWith(LOCAL_CLOCK_AT_STRATUM_1);
  return refid === "127.0.0.1" || refid.startsWith("127.127.1.");
}

/** The octets 127, 127, 1 as the reference ID of a stratum 1 server is written. */
const LOCAL_CLOCK_AT_STRATUM_1 = String.raw`\x7f\x7f\x01`;
