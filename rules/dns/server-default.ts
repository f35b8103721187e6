import { all, replace, set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { isPrivateDomain } from "../../src/facts/dns-names.ts";
import { usersInWords } from "../../src/site/relations/server-list-users.ts";
import { quoted } from "../../src/values/text/quoted.ts";

/** What the installation wizard enters when nothing is typed (L417). */
const WIZARD = "8.8.8.8";

/**
 * The guide's wizard: "DNS servers", default "8.8.8.8" (L417), one public server. It does not know the names of a private
 * domain, which Pexip Infinity needs "to resolve the hostnames of external system components" (L466).
 */
export default defineRule({
  id: "dns/server-default",
  title: "Disallow the wizard's default as the only DNS server for private domains",
  severity: "warn",
  since: "0.1.0",
  source: guide("Running the installation wizard", "derived"),
  subject: "dns-server-list",
  messages: {
    publicOnly:
      "The only DNS server for {{users}} is the installation wizard's default {{server}}, which cannot resolve the private domain {{domain}} of node {{node}}.",
  },
  remediation: "Replace the wizard's default with the DNS servers of your network.",
  mutations: [
    {
      edit: (list, { site }) =>
        all(replace(list.sourceRef, [WIZARD]), set(site.relations.nodesUsing(list).items.at(-1), "domain", "vc.local")),
    },
  ],
  check(list, { site, need, needAll, each, fail }) {
    const servers = needAll(list.servers).map(({ name }) => name);
    if (servers.some((server) => server !== WIZARD)) return;
    const seen = new Set<string>();
    each(site.relations.nodesUsing(list), (node) => {
      const domain = need(node, "domain");
      if (!isPrivateDomain(domain) || seen.has(domain)) return;
      seen.add(domain);
      fail("publicOnly", {
        at: [list],
        data: { users: usersInWords(list), server: WIZARD, domain: quoted(domain), node: node.name },
        related: [{ message: `domain of node ${node.name}`, at: [node, "domain"] }],
        key: domain,
      });
    });
  },
});
