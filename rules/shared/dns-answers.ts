import type { Node, Server } from "../../src/site/deployment/deployment-objects.ts";
import type { PartialList } from "../../src/site/core/partial-list.ts";
import type { Endpoint } from "../../src/values/network/endpoint.ts";
import {
  type DnsAnswer,
  type DnsQuestion,
  type DnsRecord,
  type DnsRecordType,
  isDecisive,
} from "../../src/engine/api/question.ts";
import { parseIpAddress } from "../../src/values/network/ip-address.ts";
import type { RuleContext } from "../../src/engine/api/rule.ts";

type Context = Pick<RuleContext<Record<string, string>>, "need" | "known" | "needAll" | "query" | "inconclusive">;

/** The answer of one server for a name. */
export interface ServerAnswer {
  readonly server: string;
  readonly type: DnsRecordType;
  readonly answer: DnsAnswer;
}

/**
 * The answers of a list's servers for a name: one entry for each server that knows whether the record exists. A server
 * that does not respond or refuses does not count for the name (other rules check the server); if none counts, the
 * check is inconclusive. The same applies if a server was not queried after all, because its answer is unknown. Several
 * types are queried together.
 */
export function queryServers(
  name: string,
  types: readonly DnsRecordType[],
  servers: PartialList<Server>,
  context: Context,
): readonly ServerAnswer[] {
  const answers = queryEach(name, types, servers, context);
  // A server that this machine cannot query (no IPv6) is ignored while another one can be queried; so is an unresponsive one.
  const unasked = answers.filter(
    ({ answer: { status, reason } }) =>
      status === "not-asked" && reason !== "own-network-error" && reason !== "server-silent",
  );
  if (unasked.length > 0)
    context.inconclusive(`not every DNS server was queried for ${name} (${describeAnswers(unasked)})`);
  return decisiveOf(name, answers, context);
}

/** The addresses of a server: itself if it is a literal, otherwise the answers of its DNS servers without duplicates. One answer is enough. */
export function resolve(endpoint: Endpoint, servers: PartialList<Server>, context: Context): readonly string[] {
  if (endpoint.isAddress) return [endpoint.host];
  const answers = decisiveOf(endpoint.host, queryEach(endpoint.host, ["A", "AAAA"], servers, context), context);
  const addresses = addressesIn(answers);
  if (addresses.length === 0) {
    context.inconclusive(`${endpoint.host} does not resolve to an address (${describeAnswers(answers)})`);
  }
  return addresses;
}

/** The answers of the servers of a list, in its order, whatever they are. */
export function queryEach(
  name: string,
  types: readonly DnsRecordType[],
  servers: PartialList<Server>,
  context: Context,
): readonly ServerAnswer[] {
  const declared = context.needAll(servers);
  const usable = declared.filter((server) => context.known(server, "endpoint") !== undefined);
  const targets = usable.length > 0 ? usable : declared;
  const questions = targets.flatMap((server) => {
    const { host, port } = context.need(server, "endpoint");
    return types.map((type): DnsQuestion => ({ kind: "dns", server: host, port, name, type }));
  });
  return context.query(questions).map((answer, index) => {
    const question = questions[index];
    return { answer, server: serverName(question), type: question?.type ?? "A" };
  });
}

/** The answers that show whether the record exists; without one the check is inconclusive. */
function decisiveOf(name: string, answers: readonly ServerAnswer[], context: Context): readonly ServerAnswer[] {
  const decisive = answers.filter(
    ({ server, answer }) =>
      isDecisive(answer) &&
      // "No such record" for one type is not decisive while the same server has not answered for another type.
      (answer.reason !== "nodata" || answers.every((other) => other.server !== server || isDecisive(other.answer))),
  );
  if (decisive.length === 0) context.inconclusive(`no DNS server answered for ${name} (${describeAnswers(answers)})`);
  return decisive;
}

/** Every address in the answers, each once. */
export function addressesIn(answers: readonly ServerAnswer[]): readonly string[] {
  const records = answers.flatMap(({ answer }) => answer.records);
  return [
    ...new Set(records.flatMap((record) => (record.type === "A" || record.type === "AAAA" ? [record.address] : []))),
  ];
}

/** The SRV records in the answers; a server may add records of other types. */
export function srvRecordsIn(answers: readonly ServerAnswer[]): readonly Extract<DnsRecord, { type: "SRV" }>[] {
  const records = answers.flatMap(({ answer }) => answer.records);
  return records.flatMap((record) => (record.type === "SRV" ? [record] : []));
}

/** The servers whose answers contain no address. */
export function serversWithoutAddress(answers: readonly ServerAnswer[]): readonly string[] {
  const servers = [...new Set(answers.map(({ server }) => server))];
  return servers.filter((server) => addressesIn(answers.filter((answer) => answer.server === server)).length === 0);
}

/** A family that a node has an address of, and servers that have addresses for its name, but none of that family. */
export interface MissingFamily {
  readonly family: "IPv4" | "IPv6";
  readonly type: "A" | "AAAA";
  readonly servers: readonly string[];
}

/**
 * The families without a record, of those that the node has an address of: clients of such a family do not reach it by
 * this name. A server without any address is a finding of its own.
 */
export function missingFamilies(
  node: Node,
  answers: readonly ServerAnswer[],
  { known }: Pick<Context, "known">,
): readonly MissingFamily[] {
  const without = serversWithoutAddress(answers);
  const versions = [known(node, "address"), known(node, "ipv6_address")].map(
    (address) => parseIpAddress(address ?? "")?.version,
  );
  return FAMILIES.flatMap(({ family, type, version }) => {
    if (!versions.includes(version)) return [];
    const lacking = answers.filter(
      (one) => one.type === type && one.answer.records.length === 0 && !without.includes(one.server),
    );
    return lacking.length === 0 ? [] : [{ family, type, servers: lacking.map(({ server }) => server) }];
  });
}

const FAMILIES = [
  { family: "IPv4", type: "A", version: 4 },
  { family: "IPv6", type: "AAAA", version: 6 },
] as const;

/** `10.44.0.10: NXDOMAIN, 10.44.0.11: timeout`, for messages. */
export function describeAnswers(answers: readonly ServerAnswer[]): string {
  return [...new Set(answers.map(({ server, answer }) => `${server}: ${wording(answer)}`))].join(", ");
}

function wording({ reason }: DnsAnswer): string {
  if (reason === "nodata") return "no such record";
  if (reason === "server-silent") return "no response earlier, not queried again";
  if (reason === "nxdomain" || reason === "servfail" || reason === "refused") return reason.toUpperCase();
  return reason;
}

function serverName(question: DnsQuestion | undefined): string {
  if (question === undefined) return "";
  const host = question.server.includes(":") ? `[${question.server}]` : question.server;
  return question.port === 53 ? question.server : `${host}:${question.port}`;
}
