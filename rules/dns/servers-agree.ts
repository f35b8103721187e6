import { defineRule, type RuleContext } from "../../src/engine/rule.ts";
import type { DnsAnswer, DnsQuestion, DnsRecord } from "../../src/engine/question.ts";
import type { Server } from "../../src/site/deployment-objects.ts";
import { canonicalName } from "../../src/values/host-name.ts";

const messages = {
  odd: "DNS server {{server}} answers differently from {{majority}} for {{names}}.",
  divided: "The DNS servers {{servers}} answer differently for {{names}}.",
} as const;

/** Derived: a node asks its DNS servers in turn, so a stale one makes it see another network than its neighbours. */
export default defineRule({
  id: "dns/servers-agree",
  title: "Require the DNS servers of a list to give the same answers",
  severity: "warn",
  since: "0.1.0",
  live: true,
  source: { document: "guide-v25", section: "Initial platform configuration", wording: "derived" },
  subject: "dns-server-list",
  messages,
  remediation:
    "Bring the servers to the same data: check zone transfers, forwarders and views of the one that differs.",
  check(list, context) {
    const { site, needAll, known, ask, fail, notApplicable, inconclusive } = context;
    const servers = needAll(list.servers).filter((server) => known(server, "endpoint") !== undefined);
    if (servers.length < 2) return notApplicable("the list has one server, so there is nothing to compare it with");
    const names = site.nodesUsing(list).flatMap((node) => {
      const own = [known(node, "fqdn"), known(node, "alternative_fqdn")];
      return own.flatMap((name) => (name === undefined ? [] : [canonicalName(name)]));
    });
    const questions = [...new Set(names)].flatMap((name) => (["A", "AAAA"] as const).map((type) => ({ name, type })));
    const asked = servers.map((server) => ask(questions.map((question) => toServer(server, question, context))));

    const differences = new Map<string, Set<string>>();
    let compared = 0;
    for (const [index, { name }] of questions.entries()) {
      const said = servers.flatMap((server, position) => {
        const answer = asked[position]?.[index];
        return answer !== undefined && isDecisive(answer) ? [{ server: server.name, text: contents(answer) }] : [];
      });
      if (said.length < 2) continue;
      compared++;
      const odd = oddOnes(said);
      if (odd === null) continue;
      const group = differences.get(JSON.stringify(odd)) ?? new Set();
      differences.set(JSON.stringify(odd), group.add(name));
    }
    if (compared === 0) return inconclusive("no name was answered by two of its servers");
    for (const [key, found] of differences) {
      const { odd, majority } = JSON.parse(key) as Split;
      const listed = shortList([...found]);
      const at = { at: [servers.find(({ name }) => name === odd[0]) ?? list] as const, key: odd.join(" ") };
      if (majority.length > 0)
        fail("odd", { ...at, data: { server: odd.join(", "), majority: majority.join(", "), names: listed } });
      else fail("divided", { ...at, data: { servers: odd.join(", "), names: listed } });
    }
  },
});

interface Split {
  readonly odd: readonly string[];
  /** Empty when no answer has more servers behind it than another. */
  readonly majority: readonly string[];
}

/** Who stands apart: all but the largest group; everybody when two groups are equally large. Null when all agree. */
function oddOnes(said: readonly { readonly server: string; readonly text: string }[]): Split | null {
  const groups = new Map<string, string[]>();
  for (const { server, text } of said) groups.set(text, [...(groups.get(text) ?? []), server]);
  if (groups.size === 1) return null;
  const [first = [], second = []] = [...groups.values()].sort((a, b) => b.length - a.length);
  if (first.length === second.length) return { odd: said.map(({ server }) => server), majority: [] };
  return { odd: said.map(({ server }) => server).filter((server) => !first.includes(server)), majority: first };
}

function toServer(
  server: Server,
  { name, type }: Pick<DnsQuestion, "name" | "type">,
  { need }: Pick<RuleContext<typeof messages>, "need">,
): DnsQuestion {
  const { host, port } = need(server, "endpoint");
  return { kind: "dns", server: host, port, name, type };
}

function isDecisive({ reason }: DnsAnswer): boolean {
  return reason === "ok" || reason === "nodata" || reason === "nxdomain";
}

/** What the answer says, whatever the order and the time to live of its records. */
function contents({ reason, records }: DnsAnswer): string {
  return [reason, ...records.map(datum).sort()].join(" ");
}

function datum(record: DnsRecord): string {
  return record.type === "A" || record.type === "AAAA" ? record.address : record.type;
}

function shortList(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(", ");
  return names.length > 3 ? `${shown} and ${names.length - 3} more names` : shown;
}
