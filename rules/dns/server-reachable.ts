import { defineRule } from "../../src/engine/rule.ts";
import type { DnsAnswer } from "../../src/engine/question.ts";

const messages = {
  silent: "DNS server {{server}} gives no valid answer to {{question}} ({{reason}}).",
  unwilling: "DNS server {{server}} answers {{question}} with {{reason}}.",
  tcpOnly: "DNS server {{server}} answers {{question}} over TCP only; UDP port {{port}} stays silent.",
} as const;

const REFUSALS: ReadonlySet<string> = new Set([
  "servfail",
  "refused",
  "notimp",
  "formerr",
  "other-rcode",
  "lame",
  "referral",
]);

/** The guide: "You must specify at least one DNS server … to resolve the hostnames" of other servers (L466). */
export default defineRule({
  id: "dns/server-reachable",
  title: "Require every DNS server to answer",
  severity: "error",
  since: "0.1.0",
  live: true,
  source: { document: "guide-v25", section: "Initial platform configuration", wording: "must" },
  subject: "dns-server",
  messages,
  messageSeverity: { tcpOnly: "warn" },
  remediation:
    "Check that the server runs and serves this network, and that UDP and TCP port 53 are open to it; or name another server.",
  check(server, { site, need, known, ask, fail, inconclusive }) {
    const { host, port } = need(server, "endpoint");
    // A name that the deployment needs: a server that is no open resolver need not know any other.
    const user = site.firstNodeUsing(server);
    const name = (user === undefined ? undefined : known(user, "fqdn")) ?? site.domainServices.items[0]?.domain ?? ".";
    const type = name === "." ? "NS" : "A";
    const [answer] = ask([{ kind: "dns" as const, server: host, port, name, type }]);
    if (answer === undefined || answer.status === "not-asked") {
      return inconclusive(`it could not be asked (${answer?.reason ?? "not asked"})`);
    }
    const at = { at: [server] as const };
    const data = { server: server.name, question: `${name} ${type}`, reason: answer.reason };
    if (answer.status === "no-answer") fail("silent", { ...at, data });
    else if (REFUSALS.has(answer.reason))
      fail("unwilling", { ...at, data: { ...data, reason: answer.reason.toUpperCase() } });
    else if (cameByTcpAlone(answer)) fail("tcpOnly", { ...at, data: { ...data, port } });
  },
});

/** Every try by UDP was met with silence, and TCP brought the answer. */
function cameByTcpAlone({ attempts }: DnsAnswer): boolean {
  const datagrams = attempts.filter(({ transport }) => transport === "udp");
  return (
    attempts.at(-1)?.transport === "tcp" &&
    datagrams.length > 0 &&
    datagrams.every(({ result }) => /^(timeout|port-unreachable|unreachable|admin-prohibited)/.test(result))
  );
}
