import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import type { DnsAnswer } from "../../src/engine/api/question.ts";
import { withFixes } from "../shared/unreachable-fixes.ts";
import { shortList } from "../../src/values/text/counted.ts";

/** Answers of a server that was reached and does not resolve names; the first ones are codes of the protocol. */
const CODES = ["servfail", "refused", "notimp", "formerr"];
const REFUSALS = [...CODES, "other-rcode", "lame", "referral"];

/**
 * The guide: "Pexip Infinity uses DNS to resolve the hostnames of external system components … The address of at least
 * one DNS server must be added to your system" (L466).
 */
export default defineRule({
  id: "dns/server-reachable",
  title: "Require reachable DNS servers",
  severity: "error",
  since: "0.1.0",
  live: true,
  source: guide("Configuring the Pexip Infinity platform", "must"),
  subject: "dns-server",
  messages: {
    silent: "DNS server {{server}} did not return a valid response to any query ({{reasons}}).",
    unwilling: "DNS server {{server}} does not resolve any name ({{reasons}}).",
    noTcp:
      "DNS server {{server}} answers over UDP only (TCP port {{port}}: {{reasons}}); nodes cannot receive answers that are too long for UDP.",
    tcpOnly: "DNS server {{server}} answers over TCP only; it does not return valid responses on UDP port {{port}}.",
  },
  messageSeverity: { noTcp: "warn", tcpOnly: "warn" },
  remediation:
    "Check that the server is running and serves this network, and that UDP and TCP port 53 are open to it; or use another server.",
  check(server, { site, need, query, fail, inconclusive }) {
    const { host, port } = need(server, "endpoint");
    // Names that nodes query anyway: a server that is not an open resolver need not answer for others. Nor does one
    // broken zone make a server unreachable, so any name that it resolves, or reports as nonexistent, is sufficient.
    const lookups = site.relations.lookupsAt(server);
    const asked = lookups.length > 0 ? lookups : [{ name: ".", types: ["NS"] as const }];
    const questions = asked.flatMap(({ name, types }) =>
      types.map((type) => ({ kind: "dns" as const, server: host, port, name, type })),
    );
    // A truncated answer is queried again over TCP (RFC 7766 section 5), so both transports must work.
    const overTcp = questions.slice(0, 1).map((question) => ({ ...question, transport: "tcp" as const }));
    const [answers, byTcp] = split(query([...questions, ...overTcp]), questions.length);
    const said = answers.filter(({ status }) => status !== "not-asked");
    if (said.length === 0) return inconclusive(`it could not be queried (${reasonsIn(answers)})`);
    const useful = said.filter(({ status, reason }) => status === "answered" && !REFUSALS.includes(reason));
    const sourceRef = { at: [server] as const };
    const data = { server: server.name, reasons: reasonsIn(said), port };
    if (useful.length > 0) {
      if (useful.every(cameByTcpAlone)) fail("tcpOnly", { ...sourceRef, data });
      else {
        for (const { status, reason, attempts } of byTcp) {
          if (status === "not-asked") inconclusive(`it was not queried over TCP (${reason})`);
          const reasons = attempts.at(-1)?.result ?? reason;
          if (status === "no-answer") fail("noTcp", { ...sourceRef, data: { ...data, reasons } });
        }
      }
    } else if (said.some(({ status }) => status === "answered")) fail("unwilling", { ...sourceRef, data });
    else fail("silent", { ...sourceRef, data });
  },
});

/** Each reason once, codes of the protocol as it writes them: `SERVFAIL, timeout`. */
function reasonsIn(answers: readonly DnsAnswer[]): string {
  const written = answers.map(({ reason }) => (CODES.includes(reason) ? reason.toUpperCase() : reason));
  return withFixes(shortList([...new Set(written)]), written);
}

/** The first items of a list, and the others. */
function split<T>(items: readonly T[], count: number): readonly [readonly T[], readonly T[]] {
  return [items.slice(0, count), items.slice(count)];
}

/** TCP brought the answer after every try by UDP had failed, now or before; a truncated answer is none of those. */
function cameByTcpAlone({ attempts }: DnsAnswer): boolean {
  const datagrams = attempts.filter(({ transport }) => transport === "udp");
  const failed = /^(timeout|port-unreachable|unreachable|admin-prohibited|unreachable-or-prohibited)\b/;
  return attempts.some(({ transport }) => transport === "tcp") && datagrams.every(({ result }) => failed.test(result));
}
