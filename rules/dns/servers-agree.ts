import { describeAnswers, type ServerAnswer } from "../shared/dns-answers.ts";
import { type DnsRecord, type DnsRecordType, isDecisive } from "../../src/engine/api/question.ts";
import { defineRule, type RuleContext } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import type { ServerList } from "../../src/site/deployment/deployment-objects.ts";
import { groupBy } from "../../src/site/core/names.ts";
import { canonicalName } from "../../src/values/network/host-name.ts";
import { shortList } from "../../src/values/text/counted.ts";

const messages = {
  odd: "DNS server {{server}} answers differently from {{majority}} for {{names}}.",
  divided: "DNS servers {{servers}} answer differently for {{names}}, without a majority.",
} as const;

/** Derived from "uses DNS to resolve the hostnames" (L466): every server that a node queries must give the same answer. */
export default defineRule({
  id: "dns/servers-agree",
  title: "Require consistent answers from all DNS servers",
  severity: "warn",
  since: "0.1.0",
  live: true,
  source: guide("Configuring the Pexip Infinity platform", "derived"),
  subject: "dns-server-list",
  messages,
  remediation:
    "Make the servers return the same data: check zone transfers, forwarders and views of those that differ.",
  check(list, context) {
    const { need, needAll, each, query, fail, notApplicable, inconclusive } = context;
    if (needAll(list.servers).length < 2) {
      return notApplicable("the list has only one server");
    }
    const servers: { readonly server: string; readonly host: string; readonly port: number }[] = [];
    each(list.servers, (server) => servers.push({ server: server.name, ...need(server, "endpoint") }));

    const found = new Map<string, Split & { readonly names: Set<string> }>();
    each(recordsOf(list, context), ({ name, type }) => {
      const questions = servers.map(({ host, port }) => ({ kind: "dns" as const, server: host, port, name, type }));
      const said = query(questions).map((answer, index) => ({ answer, type, server: servers[index]?.server ?? "" }));
      const split = splitOf(said.filter(({ answer }) => isDecisive(answer)));
      if (split !== null) {
        const key = JSON.stringify(split);
        found.set(key, { ...split, names: (found.get(key)?.names ?? new Set()).add(name) });
        return;
      }
      const open = said.filter(({ answer }) => !isDecisive(answer));
      if (open.length === 0) return;
      // Read again, separately: these answers make the check inconclusive, not those of the other servers.
      query(questions.filter((_, index) => open.some(({ answer }) => answer === said[index]?.answer)));
      inconclusive(`not every DNS server answered for ${name} (${describeAnswers(open)})`);
    });
    for (const { odd, majority, names } of found.values()) {
      const data = { majority: majority.join(", "), names: shortList([...names]) };
      if (majority.length === 0) fail("divided", { at: [list], data: { ...data, servers: odd.join(", ") } });
      else {
        for (const server of list.servers.items.filter(({ name }) => odd.includes(name))) {
          fail("odd", {
            at: [server],
            data: { ...data, server: server.name },
            key: `${server.name} against ${data.majority}`,
          });
        }
      }
    }
  },
});

/**
 * What is compared: the names of the nodes that use the list, and SRV records that all its servers are queried for. Not
 * the names of NTP servers: a pool returns different addresses for each query.
 */
function recordsOf(
  list: ServerList,
  { site, need, known, each }: RuleContext<typeof messages>,
): readonly { readonly name: string; readonly type: DnsRecordType }[] {
  const names = new Set<string>();
  each(site.relations.nodesUsing(list), (node) => {
    const alternative = known(node, "alternative_fqdn");
    if (alternative !== undefined) names.add(canonicalName(alternative));
    names.add(need(node, "fqdn"));
  });
  const services = site.domainServices.items.filter(({ resolvers }) =>
    list.servers.items.every((server) => resolvers.items.includes(server)),
  );
  return [
    ...[...names].flatMap((name) => (["A", "AAAA"] as const).map((type) => ({ name, type }))),
    ...services.map(({ owner, domain }) => ({ name: `${owner}.${domain}`, type: "SRV" as const })),
  ];
}

interface Split {
  readonly odd: readonly string[];
  /** Empty when no answer comes from more servers than another; then all are reported. */
  readonly majority: readonly string[];
}

/** The servers that differ: all but the largest group. Null if all agree. */
function splitOf(said: readonly ServerAnswer[]): Split | null {
  const groups = [...groupBy(said, ({ answer }) => answer.records.map(contents).sort().join("\n")).values()];
  const [first, second] = groups.toSorted((a, b) => b.length - a.length);
  if (first === undefined || second === undefined) return null;
  const majority = first.length > second.length ? first : [];
  const names = (answers: readonly ServerAnswer[]) => answers.map(({ server }) => server);
  return { odd: names(said.filter((one) => !majority.includes(one))), majority: names(majority) };
}

/** The content of a record, without its time to live. The codes for "no record" are equal here. */
function contents(record: DnsRecord): string {
  if (record.type === "A" || record.type === "AAAA") return record.address;
  return record.type === "SRV" ? `${record.priority} ${record.weight} ${record.port} ${record.target}` : "";
}
