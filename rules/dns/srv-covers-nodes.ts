import { addressesIn, askServers } from "../../src/engine/dns-answers.ts";
import { defineRule, type RuleContext } from "../../src/engine/rule.ts";
import type { DomainService, Node } from "../../src/site/deployment-objects.ts";
import { canonicalName } from "../../src/values/host-name.ts";
import { canonicalIp } from "../../src/values/ip-address.ts";

const messages = {
  uncovered: "No SRV record of {{owner}} leads to node {{node}}, which takes calls of the domain.",
  stranger: "SRV target {{target}} of {{owner}} is none of the deployment's nodes.",
} as const;

const ADDRESS_FIELDS = ["address", "secondary_address", "static_nat_address", "ipv6_address"] as const;

/** From the guide: "Verify your node's DNS records … to lookup and check SRV records for a domain" (L791). */
export default defineRule({
  id: "dns/srv-covers-nodes",
  title: "Require the SRV records of a service to name all its nodes and nothing else",
  severity: "warn",
  since: "0.1.0",
  live: true,
  source: { document: "guide-v25", section: "Pexip Infinity Administrator interface", wording: "derived" },
  subject: "domain-service",
  messages,
  remediation:
    "Publish one SRV record for each node that takes calls of the domain, and remove those that lead elsewhere.",
  check(service, context) {
    const { needAll, need, each, fail, inconclusive, notApplicable, site } = context;
    const owner = `${service.owner}.${service.domain}`;
    const locations = needAll(service.locations);
    const inThem = needAll(site.conferencingRoster).filter((node) => locations.includes(need(node, "inLocation")));
    const nodes = callTakers(inThem, context);
    if (nodes.length === 0) return notApplicable("no node is in the domain's locations");

    const records = askServers(owner, ["SRV"], service.resolvers, context).flatMap(({ answer }) => answer.records);
    const names = [...new Set(records.flatMap((record) => (record.type === "SRV" ? [record.target] : [])))];
    const targets = names.filter((name) => name !== ".");
    if (targets.length === 0) return inconclusive(`${owner} has no SRV record`);

    const reached = new Set<Node>();
    each(targets, (target) => {
      const found = site.nodes.filter((node) => isNamed(node, target, context));
      const nodesOfTarget = found.length > 0 ? found : byAddress(target, service, context);
      for (const node of nodesOfTarget) reached.add(node);
      if (nodesOfTarget.length === 0) fail("stranger", { at: [service], data: { target, owner }, key: target });
    });
    for (const node of nodes) {
      if (reached.has(node)) continue;
      fail("uncovered", {
        at: [service],
        data: { owner, node: node.name },
        key: node.name,
        related: [{ message: `node ${node.name}`, at: [node] }],
      });
    }
  },
});

/** In a location with proxying nodes those take the calls; where the domain names no location, such locations alone do. */
function callTakers(nodes: readonly Node[], { known }: Pick<RuleContext<typeof messages>, "known">): readonly Node[] {
  const proxying = nodes.filter((node) => known(node, "node_type") === "PROXYING");
  return proxying.length > 0 ? proxying : nodes;
}

function isNamed(node: Node, target: string, { known }: RuleContext<typeof messages>): boolean {
  return known(node, "fqdn") === target || canonicalName(known(node, "alternative_fqdn") ?? "") === target;
}

/** The nodes that have one of the target's addresses. */
function byAddress(target: string, service: DomainService, context: RuleContext<typeof messages>): readonly Node[] {
  const literal = canonicalIp(target);
  const answers = literal === null ? askServers(target, ["A", "AAAA"], service.resolvers, context) : [];
  const addresses = literal === null ? addressesIn(answers) : [literal];
  return context.site.nodes.filter((node) =>
    ADDRESS_FIELDS.some((field) => {
      const own = context.known(node, field);
      return own !== undefined && addresses.includes(canonicalIp(own) ?? own);
    }),
  );
}
