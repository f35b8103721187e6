import { askServers, describeAnswers, serversWithoutAddress } from "../../src/engine/dns-answers.ts";
import { defineRule } from "../../src/engine/rule.ts";

/** The guide: DNS servers are used "to resolve the hostnames of … NTP servers" (L466). */
export default defineRule({
  id: "dns/ntp-server-resolves",
  title: "Require the names of NTP servers to resolve",
  severity: "error",
  since: "0.1.0",
  live: true,
  source: { document: "guide-v25", section: "Initial platform configuration", wording: "must" },
  subject: "ntp-server",
  messages: {
    noAddress: "NTP server name {{name}} has no address ({{answers}}).",
  },
  remediation: "Add an A or AAAA record for the name on every DNS server of the list, or name a server that has one.",
  check(server, context) {
    const endpoint = context.need(server, "endpoint");
    if (endpoint.isAddress) return context.notApplicable("the server is given by its address");
    const answers = askServers(endpoint.host, ["A", "AAAA"], server.resolvers, context);
    if (serversWithoutAddress(answers).length === 0) return;
    context.fail("noAddress", { at: [server], data: { name: endpoint.host, answers: describeAnswers(answers) } });
  },
});
