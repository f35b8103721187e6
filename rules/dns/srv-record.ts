import { queryServers, srvRecordsIn } from "../shared/dns-answers.ts";
import { assertNoWildcard } from "../shared/dns-wildcards.ts";
import { command } from "../../src/engine/api/command.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";

/**
 * The guide: "Create DNS records to allow endpoints/clients to discover your Pexip Infinity Conferencing Nodes" (L776),
 * and "check SRV records for a domain" (L791). That an SRV owner is no alias follows from RFC 2782 and RFC 2181 section 10.1.
 */
export default defineRule({
  id: "dns/srv-record",
  title: "Require SRV records for declared services",
  severity: "error",
  since: "0.1.0",
  live: true,
  source: guide("Prior to installation", "must"),
  subject: "domain-service",
  messages: {
    noRecord: "{{owner}} has no SRV record (queried {{servers}}).",
    alias: "{{owner}} is an alias of {{target}} (queried {{servers}}); publish the SRV records at the name itself.",
    wrongPort:
      "SRV record {{owner}} directs calls for {{target}} to port {{actual}}, but the service listens on {{expected}}.",
  },
  remediation:
    "Publish one SRV record for each node that handles calls for this service, at the name itself and with the service's port.",
  commands: ({ owner, domain, port }) => [command("dns/srv-record", { owner, domain, port })],
  check(service, context) {
    const owner = `${service.owner}.${service.domain}`;
    const answers = queryServers(owner, ["SRV"], service.resolvers, context);
    const serversWith = (test: (answer: (typeof answers)[number]["answer"]) => boolean) =>
      answers
        .filter(({ answer }) => test(answer))
        .map(({ server }) => server)
        .join(", ");

    const without = serversWith(({ reason }) => reason !== "ok");
    if (without !== "") context.fail("noRecord", { at: [service], data: { owner, servers: without } });

    const isAlias = ({ reason, chain }: (typeof answers)[number]["answer"]) => reason === "ok" && chain.length > 1;
    const [target] = answers.flatMap(({ answer }) => (isAlias(answer) ? answer.chain.slice(-1) : []));
    if (target !== undefined) {
      context.fail("alias", { at: [service], data: { owner, target, servers: serversWith(isAlias) } });
    }

    const wrong = new Map(
      srvRecordsIn(answers)
        .filter((record) => record.port !== service.port && record.target !== ".")
        .map((record) => [`${record.target}:${record.port}`, record]),
    );
    for (const [key, { target, port }] of wrong) {
      context.fail("wrongPort", { at: [service], data: { owner, target, actual: port, expected: service.port }, key });
    }
    assertNoWildcard(owner, answers, service.resolvers, context);
  },
});
