import { resolve } from "../shared/dns-answers.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";

/**
 * The guide: "Installation will fail if the Management Node is unable to synchronize its time with an NTP server" (L428).
 * A client takes no time from a server that says so itself (RFC 5905 sections 7.3 and 7.4) or is too far from its
 * reference clock; RFC 5905 and common servers draw that line at a root distance of 1 to 3 s.
 */
export default defineRule({
  id: "time/ntp-synchronised",
  title: "Require every NTP server to be synchronised itself",
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
    kissOfDeath: "NTP server {{server}} refuses to serve this client: {{address}} sends the kiss code {{code}}.",
    unsynchronised:
      "NTP server {{server}} is not synchronised: {{address}} answers with leap indicator {{leap}} and stratum {{stratum}}.",
    tooFar:
      "NTP server {{server}} may be {{distance}} ms off its reference clock ({{address}}); at most {{limit}} ms are taken.",
  },
  remediation:
    "Let the server synchronise with a reference clock, allow this network to use it, or name another server.",
  check(server, context) {
    const { need, query, each, fail, inconclusive, options } = context;
    const endpoint = need(server, "endpoint");
    const addresses = resolve(endpoint, server.resolvers, context);
    const answers = query(addresses.map((address) => ({ kind: "ntp" as const, address, port: endpoint.port })));
    const tried = answers.map((answer, index) => ({ ...answer, address: addresses[index] ?? "" }));
    const words = tried.map(({ address, reason }) => `${address}: ${reason}`).join(", ");
    // An address that is silent, or that this machine has no route to, is passed over while another one answers.
    if (!tried.some(({ reply }) => reply !== null)) inconclusive(`it gives no valid answer (${words})`);
    const evaluated = tried.filter(
      ({ status, reason, reply }) => reply !== null || (status === "not-asked" && reason !== "own-network-error"),
    );

    each(evaluated, ({ reason, reply, address }) => {
      if (reply === null) return inconclusive(`not every address was asked (${words})`);
      const at = { at: [server] as const, key: address };
      const named = { server: server.name, address };
      const distance = Math.round(reply.root_delay_ms / 2 + reply.root_dispersion_ms);
      const limit = options.root_distance_ms;
      if (reason === "kiss-of-death") fail("kissOfDeath", { ...at, data: { ...named, code: reply.kiss_code } });
      else if (reason === "unsynchronised") {
        fail("unsynchronised", { ...at, data: { ...named, leap: reply.leap, stratum: reply.stratum } });
      } else if (distance > limit) fail("tooFar", { ...at, data: { ...named, distance, limit } });
    });
  },
});
