import { addressesIn, describeAnswers, missingFamilies, queryServers, srvRecordsIn } from "../shared/dns-answers.ts";
import { assertNoWildcard } from "../shared/dns-wildcards.ts";
import { defineRule, type RuleContext } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import type { DomainService, Node } from "../../src/site/deployment/deployment-objects.ts";
import { parseIpAddress } from "../../src/values/network/ip-address.ts";

/**
 * The guide: "Verify your node's DNS records" (L791). RFC 2782: a target must have address records and must not be an
 * alias; "." means that there is no such service.
 */
export default defineRule({
  id: "dns/srv-target-resolves",
  title: "Require SRV targets with address records",
  severity: "error",
  since: "0.1.0",
  live: true,
  source: guide("Pexip Infinity Administrator interface", "recommended"),
  subject: "domain-service",
  messages: {
    notOffered:
      'SRV record {{owner}} has target ".", which means that the service is not available; point it to a node.',
    literal: "SRV record {{owner}} has the address {{target}} as its target; an SRV target must be a hostname.",
    alias:
      "SRV target {{target}} of {{owner}} is an alias of {{canonical}}; an SRV target must have its own address records.",
    noAddress: "SRV target {{target}} of {{owner}} does not resolve to an address ({{answers}}).",
    noAddressOfFamily:
      "SRV target {{target}} of {{owner}} has no {{type}} record on {{servers}}, so {{family}} callers cannot reach node {{node}}.",
  },
  messageSeverity: { noAddressOfFamily: "warn" },
  remediation: "Point every SRV record to a hostname that has its own A or AAAA record.",
  check(service, context) {
    const owner = `${service.owner}.${service.domain}`;
    const records = srvRecordsIn(queryServers(owner, ["SRV"], service.resolvers, context));
    const targets = [...new Set(records.map((record) => record.target))];
    if (targets.length === 0) context.inconclusive(`${owner} has no SRV record with a target that can be resolved`);

    context.each(targets, (target) => {
      const at = { at: [service] as const, key: target };
      if (target === ".") {
        context.fail("notOffered", { ...at, data: { owner } });
      } else if (parseIpAddress(target) !== null) {
        context.fail("literal", { ...at, data: { owner, target } });
      } else {
        const answers = queryServers(target, ["A", "AAAA"], service.resolvers, context);
        const [canonical] = answers.flatMap(({ answer: { chain } }) => (chain.length > 1 ? chain.slice(-1) : []));
        if (canonical !== undefined) {
          context.fail("alias", { ...at, data: { owner, target, canonical } });
        } else if (lackingServer(answers)) {
          context.fail("noAddress", { ...at, data: { owner, target, answers: describeAnswers(answers) } });
        }
        for (const node of nodesNamed(target, service, context)) {
          for (const { family, type, servers } of missingFamilies(node, answers, context)) {
            const data = { owner, target, family, type, node: node.name, servers: servers.join(", ") };
            context.fail("noAddressOfFamily", { at: [service], data, key: `${target} ${family}` });
          }
        }
        assertNoWildcard(target, answers, service.resolvers, context);
      }
    });
  },
});

/** The nodes with this name; a target that is not a node of the deployment has no required address families. */
function nodesNamed(
  target: string,
  { port }: DomainService,
  { site }: Pick<RuleContext<never>, "site">,
): readonly Node[] {
  return site.relations.nodesAt({ host: target, isAddress: false, port }).items;
}

/** Whether a server has no address at all. */
function lackingServer(answers: ReturnType<typeof queryServers>): boolean {
  const servers = new Set(answers.map(({ server }) => server));
  return [...servers].some((server) => addressesIn(answers.filter((answer) => answer.server === server)).length === 0);
}
