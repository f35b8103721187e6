import { absentName, isWildcardAnswer, PUBLIC_ZONE, zoneOf } from "../shared/dns-wildcards.ts";
import type { DnsAnswer, DnsRecordType } from "../../src/engine/api/question.ts";
import { defineRule, type RuleContext } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import type { Server } from "../../src/site/deployment/deployment-objects.ts";
import { shortList } from "../../src/values/text/counted.ts";

const messages = {
  everyName:
    "DNS server {{server}} resolves names that do not exist ({{name}} to {{answer}}), so misspelled names appear to work.",
  wildcard:
    "DNS server {{server}} answers for every name in {{zone}} ({{name}} with {{answer}}), so misspelled and missing names appear to exist.",
} as const;

/**
 * Derived from "Verify your node's DNS records" (L791): where every name has an answer, an answer verifies nothing. Resolvers
 * that replace NXDOMAIN do so for public names, wildcard records (RFC 4592) for those of their zone.
 */
export default defineRule({
  id: "dns/server-no-wildcard",
  title: "Disallow DNS servers that answer for nonexistent names",
  severity: "warn",
  since: "0.1.0",
  live: true,
  source: guide("Pexip Infinity Administrator interface", "derived"),
  subject: "dns-server",
  messages,
  remediation:
    "Disable NXDOMAIN rewriting on the server, or remove the wildcard record from the zone; until then, check server and service names manually.",
  check(server, context) {
    const { need, query, each, fail, inconclusive } = context;
    const { host, port } = need(server, "endpoint");
    const zones = [{ zone: PUBLIC_ZONE, type: "A" as const }, ...zonesAt(server, context)];
    const answers = query(
      zones.map(({ zone, type }) => ({ kind: "dns" as const, server: host, port, name: absentName(zone), type })),
    );
    if (!answers.some(({ status }) => status === "answered")) {
      return inconclusive(`it did not respond (${shortList([...new Set(answers.map(({ reason }) => reason))])})`);
    }
    const found = zones.flatMap(({ zone, type }, index) => {
      const answer = answers[index];
      return answer === undefined ? [] : [{ zone, type, answer }];
    });
    const isEveryName = found.some(({ zone, answer }) => zone === PUBLIC_ZONE && isWildcardAnswer(answer));
    each(found, ({ zone, type, answer }) => {
      if (answer.status === "not-asked") return inconclusive(`not every name was queried (${answer.reason})`);
      if (!isWildcardAnswer(answer)) return;
      const data = { server: server.name, name: absentName(zone), answer: inWords(answer), zone };
      if (zone === PUBLIC_ZONE) fail("everyName", { at: [server], data });
      // One that answers for every name at all has no further finding for each zone.
      else if (!isEveryName) fail("wildcard", { at: [server], data, key: `${zone} ${type}` });
    });
  },
});

interface Zone {
  readonly zone: string;
  readonly type: DnsRecordType;
}

/** The zones of names that are only checked for existence: of NTP servers, and of SRV records. */
function zonesAt(server: Server, { site, known }: RuleContext<typeof messages>): readonly Zone[] {
  const zones = new Map<string, Zone>();
  const add = (zone: string, type: DnsRecordType): void => {
    if (zone !== "") zones.set(`${zone} ${type}`, { zone, type });
  };
  for (const ntp of site.servers("ntp").items) {
    const endpoint = known(ntp, "endpoint");
    if (endpoint?.isAddress === false && ntp.resolvers.items.includes(server)) add(zoneOf(endpoint.host), "A");
  }
  for (const { owner, domain, resolvers } of site.domainServices.items) {
    if (resolvers.items.includes(server)) add(zoneOf(`${owner}.${domain}`), "SRV");
  }
  return [...zones.values()];
}

function inWords({ records }: DnsAnswer): string {
  return shortList(
    records.map((record) =>
      record.type === "A" ? record.address : record.type === "SRV" ? record.target : record.type,
    ),
  );
}
