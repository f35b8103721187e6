import type { Server } from "../../src/site/deployment/deployment-objects.ts";
import type { PartialList } from "../../src/site/core/partial-list.ts";
import type { DnsAnswer, DnsRecord, DnsRecordType } from "../../src/engine/api/question.ts";
import type { RuleContext } from "../../src/engine/api/rule.ts";
import { queryEach, type ServerAnswer } from "./dns-answers.ts";

type Context = Pick<RuleContext<Record<string, string>>, "need" | "known" | "needAll" | "query" | "inconclusive">;

/** A public top-level domain: resolvers may answer for `.invalid` and for internal domains themselves. */
export const PUBLIC_ZONE = "com";

/** The zone, as far as a name shows, in which a wildcard record would answer for it: its parent. */
export function zoneOf(name: string): string {
  return name.split(".").slice(1).join(".");
}

/**
 * A name in the zone that does not exist. Its label only has to be unlikely; it is the same in every run, so that
 * recorded evidence contains its answer.
 */
export function absentName(zone: string): string {
  return `preflight-${hash(zone)}.${zone}`;
}

/** FNV-1a, 64 bits. */
function hash(text: string): string {
  let value = 0xcbf29ce484222325n;
  for (const char of `infinity-preflight ${text}`) {
    value = BigInt.asUintN(64, (value ^ BigInt(char.codePointAt(0) ?? 0)) * 0x100000001b3n);
  }
  return value.toString(16).padStart(16, "0");
}

/** Whether a server answers for a name that does not exist. SERVFAIL, a refusal and a timeout are no wildcard. */
export function isWildcardAnswer({ reason }: DnsAnswer): boolean {
  return reason === "ok";
}

/**
 * Ends the check as inconclusive when a server has, for a name that does not exist in the same zone, the very records that
 * seem to show that this name exists: it answers every name like that.
 */
export function assertNoWildcard(
  name: string,
  answers: readonly ServerAnswer[],
  servers: PartialList<Server>,
  context: Context,
): void {
  const claims = answers.filter(({ answer }) => answer.records.length > 0);
  const zone = zoneOf(name);
  if (claims.length === 0 || zone === "") return;
  const types = [...new Set(claims.map(({ type }) => type))];
  // One query per server: of a name with addresses of both families the IPv4 ones are compared.
  const type = types.includes("A") ? "A" : (types[0] ?? "A");
  const absent = absentName(zone);
  const others = queryEach(absent, [type], servers, context);
  const doubtful = claims.filter((claim) =>
    others.some(
      (other) =>
        other.server === claim.server &&
        claim.type === type &&
        isWildcardAnswer(other.answer) &&
        contents(other.answer, type) === contents(claim.answer, type),
    ),
  );
  if (doubtful.length === 0) return;
  const named = [...new Set(doubtful.map(({ server }) => server))].join(", ");
  context.inconclusive(`${named} answers for ${name} as for names that do not exist, such as ${absent}`);
}

/** The content of the records of a type, without owner and time to live. */
function contents({ records }: DnsAnswer, type: DnsRecordType): string {
  const said = (record: DnsRecord): string => {
    if (record.type === "A" || record.type === "AAAA") return record.address;
    return record.type === "SRV" ? `${record.priority} ${record.weight} ${record.port} ${record.target}` : "";
  };
  return records
    .filter((record) => record.type === type)
    .map(said)
    .sort()
    .join("\n");
}
