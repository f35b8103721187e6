import { addressesIn, queryServers, srvRecordsIn } from "../shared/dns-answers.ts";
import { defineRule, type RuleContext } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import type { DomainService, Node } from "../../src/site/deployment/deployment-objects.ts";
import { union } from "../../src/site/core/partial-list.ts";
import { canonicalName } from "../../src/values/network/host-name.ts";
import { canonicalIp } from "../../src/values/network/ip-address.ts";

const messages = {
  uncovered: "No SRV record of {{owner}} points to node {{node}}, which handles calls for the domain.",
  stranger: "SRV target {{target}} of {{owner}} is not a Conferencing Node of this deployment.",
} as const;

type Context = RuleContext<typeof messages>;

/** From the guide: "Verify your node's DNS records … to lookup and check SRV records for a domain" (L791). */
export default defineRule({
  id: "dns/srv-covers-nodes",
  title: "Require SRV records that list exactly the nodes of a service",
  severity: "warn",
  since: "0.1.0",
  live: true,
  source: guide("Pexip Infinity Administrator interface", "derived"),
  subject: "domain-service",
  messages,
  remediation:
    "Publish one SRV record for each node that handles calls for the domain, and remove records that point elsewhere.",
  check(service, context) {
    const { each, fail, inconclusive, notApplicable } = context;
    const nodes = callTakers(service, context);
    if (nodes.length === 0) return notApplicable("the domain's locations have no Conferencing Node");
    const owner = `${service.owner}.${service.domain}`;
    const records = srvRecordsIn(queryServers(owner, ["SRV"], service.resolvers, context));
    const names = new Set(records.map((record) => record.target));
    const targets = [...names].filter((name) => name !== ".");
    if (targets.length === 0) return inconclusive(`${owner} has no SRV record with a target`);

    const reached = new Set<Node>();
    let followed = 0;
    each(targets, (target) => {
      const found = nodesBehind(target, service, context).filter(({ role }) => role === "conferencing");
      if (found.length === 0) fail("stranger", { at: [service], data: { target, owner }, key: target });
      for (const node of found) reached.add(node);
      followed++;
    });
    // A target that does not resolve fails dns/srv-target-resolves; its node is not reported a second time.
    if (followed < targets.length) return;
    for (const node of nodes.filter((taker) => !reached.has(taker))) {
      const related = [{ message: `node ${node.name}`, at: [node] as const }];
      fail("uncovered", { at: [service], data: { owner, node: node.name }, key: node.name, related });
    }
  },
});

/** The nodes of the domain's locations; where it names none, of those with proxying nodes, if there are any. */
function callTakers({ namesLocations, locations }: DomainService, context: Context): readonly Node[] {
  const { site, need, needAll, known, each } = context;
  const nodes = needAll(site.conferencingNodeList);
  const proxying = nodes.filter((node) => known(node, "node_type") === "PROXYING");
  if (nodes.length === 0 || (!namesLocations && proxying.length === 0)) return nodes;
  const homes = namesLocations ? needAll(locations) : proxying.map((node) => need(node, "inLocation"));
  const found: Node[] = [];
  each(nodes, (node) => {
    if (homes.includes(need(node, "inLocation"))) found.push(node);
  });
  return found;
}

/** The nodes of a target, by name or otherwise by address; inconclusive while that is unknown. */
function nodesBehind(target: string, { resolvers, port }: DomainService, context: Context): readonly Node[] {
  const { site, needAll, inconclusive } = context;
  const literal = canonicalIp(target);
  const named = site.relations.nodesAt({ host: literal ?? canonicalName(target), isAddress: literal !== null, port });
  if (named.items.length > 0) return named.items;
  if (literal !== null) return needAll(named);
  const addresses = addressesIn(queryServers(target, ["A", "AAAA"], resolvers, context));
  if (addresses.length === 0) return inconclusive(`SRV target ${target} has no address`);
  const found = union(addresses.map((host) => site.relations.nodesAt({ host, isAddress: true, port })));
  return found.items.length > 0 ? found.items : needAll(union([named, found]));
}
