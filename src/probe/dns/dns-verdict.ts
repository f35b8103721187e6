import type { DnsReason, DnsRecord, DnsRecordType } from "../../engine/api/question.ts";
import type { DnsReply } from "./dns-message.ts";
import { isWithin, labelTexts } from "./dns-name.ts";

/** The meaning of a reply for the question; `follow`: the alias leads to a name that the reply does not cover. */
export type Verdict =
  | {
      readonly kind: "final";
      readonly reason: DnsReason;
      readonly records: readonly DnsRecord[];
      readonly chain: readonly string[];
    }
  | { readonly kind: "follow"; readonly chain: readonly string[] };

/** Resolvers give up earlier, and no working configuration has this many. */
const MAX_ALIASES = 16;

/**
 * Evaluates the reply to the query for the last name of the chain.
 *
 * @param chain the queried name, and the aliases from earlier replies
 */
export function checkReply(reply: DnsReply, chain: readonly string[], type: DnsRecordType): Verdict {
  const walked = walkAliases(reply, chain, type);
  const final = (reason: DnsReason, records: readonly DnsRecord[] = []): Verdict => {
    return { kind: "final", reason, records, chain: walked.chain };
  };
  // A visible loop is more specific than the SERVFAIL that many resolvers return for it.
  if (walked.endless) return final("cname-loop");
  if (reply.rcode !== 0) return final(reasonOfRcode(reply.rcode));

  const name = walked.chain.at(-1) ?? ".";
  const records = distinct(reply.answers.filter((record) => record.type === type && record.name === name));
  if (records.length > 0) return final("ok", records);
  if (reply.authorities.some((record) => record.type === "SOA" && isWithin(name, record.name))) return final("nodata");
  if (walked.chain.length > chain.length) return { kind: "follow", chain: walked.chain };
  return final(reasonOfEmptyReply(reply, name));
}

interface Walk {
  readonly chain: readonly string[];
  /** The aliases form a loop, or there are too many. */
  readonly endless: boolean;
}

/**
 * Follows the CNAME records inside one reply. DNAME records need no handling: a server adds the CNAME (RFC 6672 3.1).
 */
function walkAliases(reply: DnsReply, start: readonly string[], type: DnsRecordType): Walk {
  const chain = [...start];
  if (type === "CNAME") return { chain, endless: false };
  const targets = new Map<string, string>();
  for (const record of reply.answers) {
    // A name has one CNAME (RFC 2181 section 10.1); of several the first is used.
    if (record.type === "CNAME" && !targets.has(record.name)) targets.set(record.name, record.target);
  }
  for (;;) {
    const target = targets.get(chain.at(-1) ?? ".");
    if (target === undefined) return { chain, endless: false };
    const seen = chain.includes(target);
    chain.push(target);
    if (seen || chain.length > MAX_ALIASES + 1) return { chain, endless: true };
  }
}

/**
 * NOERROR without SOA and without records of the type. RFC 2308 section 2.2: NS without SOA is a referral. A referral
 * to the root, to a top-level domain, or to a zone that does not contain the name does not lead to the name: the server
 * is not configured for it.
 */
function reasonOfEmptyReply(reply: DnsReply, name: string): DnsReason {
  if (reply.authoritative) return "nodata";
  const zones = reply.authorities.filter((record) => record.type === "NS").map((record) => record.name);
  if (zones.length > 0) {
    return zones.some((zone) => labelTexts(zone).length > 1 && isWithin(name, zone)) ? "referral" : "lame";
  }
  return reply.recursionAvailable ? "nodata" : "lame";
}

function reasonOfRcode(rcode: number): DnsReason {
  switch (rcode) {
    case 1:
      return "formerr";
    case 2:
      return "servfail";
    case 3:
      return "nxdomain";
    case 4:
      return "notimp";
    case 5:
      return "refused";
    default:
      return "other-rcode";
  }
}

/** RFC 2181 section 5: a set of records has no duplicates. */
function distinct(records: readonly DnsRecord[]): DnsRecord[] {
  return [...new Map(records.map((record) => [JSON.stringify({ ...record, ttl: 0 }), record])).values()];
}
