import { queryServers, describeAnswers, serversWithoutAddress } from "../shared/dns-answers.ts";
import { assertNoWildcard } from "../shared/dns-wildcards.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";

/** The guide: "Pexip Infinity uses DNS to resolve the hostnames of external system components including NTP servers" (L466). */
export default defineRule({
  id: "dns/ntp-server-resolves",
  title: "Require resolvable NTP server names",
  severity: "error",
  since: "0.1.0",
  live: true,
  source: guide("Configuring the Pexip Infinity platform", "must"),
  subject: "ntp-server",
  messages: {
    noAddress: "NTP server name {{name}} does not resolve to an address ({{answers}}).",
  },
  remediation: "Add an A or AAAA record for the name on every configured DNS server, or use another NTP server.",
  check(server, context) {
    const { need, fail, notApplicable } = context;
    const { host: name, isAddress } = need(server, "endpoint");
    if (isAddress) return notApplicable("the server is configured by address");
    const answers = queryServers(name, ["A", "AAAA"], server.resolvers, context);
    const lacking = serversWithoutAddress(answers);
    if (lacking.length === 0) {
      assertNoWildcard(name, answers, server.resolvers, context);
      return;
    }
    const theirs = answers.filter((answer) => lacking.includes(answer.server));
    fail("noAddress", { at: [server], data: { name, answers: describeAnswers(theirs) } });
  },
});
