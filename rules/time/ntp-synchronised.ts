import { resolve } from "../../src/engine/dns-answers.ts";
import { defineRule } from "../../src/engine/rule.ts";

/** The guide: "Installation will fail if the Management Node is unable to synchronize its time with an NTP server" (L428). */
export default defineRule({
  id: "time/ntp-synchronised",
  title: "Require every NTP server to be synchronised itself",
  severity: "error",
  since: "0.1.0",
  live: true,
  source: { document: "guide-v25", section: "Running the installation wizard", wording: "must" },
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
      "NTP server {{server}} is up to {{distance}} ms off its reference clock ({{address}}); at most {{limit}} ms are taken.",
  },
  remediation:
    "Let the server synchronise with a reference clock, allow this network to use it, or name another server.",
  check(server, context) {
    const { need, ask, each, fail, options } = context;
    const endpoint = need(server, "endpoint");
    const addresses = resolve(endpoint, server.resolvers, context);
    const answers = ask(addresses.map((address) => ({ kind: "ntp" as const, address, port: endpoint.port })));
    const answering = answers.flatMap(({ status, reason, reply }, index) =>
      status === "answered" && reply !== null ? [{ reason, reply, address: addresses[index] ?? "" }] : [],
    );
    if (answering.length === 0) return context.inconclusive("it gives no valid answer");
    each(answering, ({ reason, reply, address }) => {
      const place = { at: [server] as const, key: address };
      const named = { server: server.name, address };
      if (reason === "kiss-of-death") {
        fail("kissOfDeath", { ...place, data: { ...named, code: reply.kiss_code } });
        return;
      }
      if (reason === "unsynchronised") {
        fail("unsynchronised", { ...place, data: { ...named, leap: reply.leap, stratum: reply.stratum } });
        return;
      }
      const distance = Math.round(reply.root_delay_ms / 2 + reply.root_dispersion_ms);
      const limit = options.root_distance_ms;
      if (distance > limit) fail("tooFar", { ...place, data: { ...named, distance, limit } });
    });
  },
});
