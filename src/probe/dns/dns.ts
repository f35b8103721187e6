import { setMaxListeners } from "node:events";
import { isIP } from "node:net";

import type { Attempt, DnsAnswer, DnsQuestion, DnsReason, DnsRecord } from "../../engine/api/question.ts";
import { answerStatus } from "../../engine/evaluation/answer-status.ts";
import { exchange, NOT_A_NAME } from "./dns-exchange.ts";
import { dnsName, nameFromLabels } from "./dns-name.ts";
import { checkReply } from "./dns-verdict.ts";

export interface DnsOptions {
  /** The vantage point; it becomes part of the answer. */
  readonly from: string;
  /** Timeout of each attempt in milliseconds, including the connection. */
  readonly timeout_ms: number;
  /** Number of times the query is sent over UDP if there is no reply; at least 1. */
  readonly tries: number;
  readonly signal: AbortSignal;
}

/**
 * Sends one query to one given server, and follows aliases by further queries to the same server. Never throws;
 * resolves to the answer within its own timeouts, or to `not-asked`, `aborted` when the signal aborts.
 */
export async function queryDns(question: DnsQuestion, options: DnsOptions): Promise<DnsAnswer> {
  const started_at = new Date().toISOString();
  const started = performance.now();
  const findings = await resolve(question, options);
  return {
    kind: "dns",
    status: answerStatus("dns", findings.reason),
    ...findings,
    started_at,
    duration_ms: Math.round(performance.now() - started),
    from: options.from,
  };
}

type Findings = Pick<DnsAnswer, "reason" | "records" | "chain" | "authoritative" | "attempts" | "bogus">;

async function resolve(question: DnsQuestion, options: DnsOptions): Promise<Findings> {
  const attempts: Attempt[] = [];
  let bogus = 0;
  let authoritative = false;
  const name = dnsName(question.name);
  let chain: readonly string[] = [name ?? escaped(question.name)];
  const findings = (reason: DnsReason, records: readonly DnsRecord[] = []): Findings => {
    return { reason, records, chain, authoritative, attempts, bogus };
  };

  if (options.signal.aborted) return findings("aborted");
  if (isIP(question.server) === 0) return findings("name-not-resolved");
  if (!isPort(question.port)) return findings("own-network-error");
  if (name === null) {
    attempts.push({ transport: question.transport ?? "udp", duration_ms: 0, result: NOT_A_NAME });
    return findings("malformed");
  }

  // Hundreds of queries listen to one signal; Node warns at eleven.
  setMaxListeners(0, options.signal);
  const server = { address: question.server, port: question.port };
  for (let edns = true; ;) {
    const asked = chain.at(-1) ?? name;
    const { type, transport } = question;
    const done = await exchange({ server, name: asked, type, edns, ...(transport && { transport }) }, options);
    attempts.push(...done.attempts);
    bogus += done.ignored;
    edns = done.edns;
    if (typeof done.result === "string") {
      authoritative = false;
      return findings(done.result);
    }
    authoritative = done.result.authoritative;
    // Each round makes the chain longer, and its length is limited.
    const verdict = checkReply(done.result, chain, question.type);
    chain = verdict.chain;
    if (verdict.kind === "final") return findings(verdict.reason, verdict.records);
  }
}

/** A text that is not a name, shown without unsafe characters. */
function escaped(text: string): string {
  return nameFromLabels(text.split(".").map((label) => Buffer.from(label)));
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65535;
}
