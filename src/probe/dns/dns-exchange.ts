import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

import type { Attempt, DnsReason, DnsRecordType } from "../../engine/api/question.ts";
import type { DnsReply } from "./dns-message.ts";
import { tryTcp } from "./dns-tcp.ts";
import { makeQuery } from "./dns-try.ts";
import type { DnsQuery, DnsServer, TryFailure, TryLimits, TryOutcome, TryResult } from "./dns-try.ts";
import { tryUdp } from "./dns-udp.ts";

/** A query for one name and type to one server. */
export interface ExchangeQuestion {
  readonly server: DnsServer;
  readonly name: string;
  readonly type: DnsRecordType;
  /** Uses this transport only. */
  readonly transport?: "tcp";
  /** False once the server has rejected EDNS. */
  readonly edns: boolean;
}

export interface ExchangeLimits extends TryLimits {
  readonly tries: number;
}

/** The reply, or why there is none, with all attempts over both transports. */
export interface Exchange {
  readonly result: DnsReply | DnsReason;
  readonly attempts: readonly Attempt[];
  readonly ignored: number;
  readonly edns: boolean;
}

/** The result of an attempt that could not be made. */
export const NOT_A_NAME = "not sent: the name is not valid in a DNS message";

/** Retries are spread over this time, so that queries that were lost together are not repeated together. */
const JITTER_MS = 100;

/**
 * FORMERR, NOTIMP, BADVERS: the server does not support EDNS, or not this version of it (RFC 6891 sections 6.1.3, 7).
 */
const EDNS_REFUSALS: readonly number[] = [1, 4, 16];

/** Queries with EDNS first; a server that rejects it is queried once more without it. */
export async function exchange(question: ExchangeQuestion, limits: ExchangeLimits): Promise<Exchange> {
  const first = await exchangeOnce(question, limits);
  const refused = typeof first.result !== "string" && EDNS_REFUSALS.includes(first.result.rcode);
  if (!question.edns || !refused) return first;
  const second = await exchangeOnce({ ...question, edns: false }, limits);
  return {
    ...second,
    attempts: [...first.attempts, ...second.attempts],
    ignored: first.ignored + second.ignored,
  };
}

/**
 * UDP, repeated on timeout only; TCP when the reply was truncated (RFC 7766 section 5) or when UDP does not get
 * through: an answer over TCP then distinguishes a filter from a dead server.
 */
async function exchangeOnce(question: ExchangeQuestion, limits: ExchangeLimits): Promise<Exchange> {
  const attempts: Attempt[] = [];
  let ignored = 0;

  const run = async (transport: "udp" | "tcp"): Promise<TryOutcome> => {
    const query = makeQuery(question.name, question.type, question.edns);
    if (query === null) {
      attempts.push({ transport, duration_ms: 0, result: NOT_A_NAME });
      return { kind: "failed", reason: "malformed", code: null };
    }
    if (limits.signal.aborted) return { kind: "failed", reason: "aborted", code: null };
    const started = performance.now();
    const done = await (transport === "udp" ? tryUdp : tryTcp)(query, question.server, limits);
    attempts.push({ transport, duration_ms: Math.round(performance.now() - started), result: describe(done, query) });
    ignored += done.ignored;
    return done.outcome;
  };

  if (question.transport === "tcp") {
    return { result: concludeTcp(await run("tcp")), attempts, ignored, edns: question.edns };
  }
  let udp = await run("udp");
  for (let tries = 1; tries < limits.tries && isFailure(udp, "timeout"); tries++) {
    await pause(randomInt(JITTER_MS + 1), limits.signal);
    udp = await run("udp");
  }
  const tryTcpToo = udp.kind === "truncated" || isFailure(udp, ...NOT_THROUGH);
  const tcp = tryTcpToo ? await run("tcp") : null;
  return { result: conclude(udp, tcp), attempts, ignored, edns: question.edns };
}

/** UDP failures that do not predict the result over TCP. */
const NOT_THROUGH: readonly TryFailure[] = [
  "timeout",
  "port-unreachable",
  "unreachable",
  "admin-prohibited",
  "unreachable-or-prohibited",
];

function isFailure(outcome: TryOutcome, ...reasons: readonly TryFailure[]): boolean {
  return outcome.kind === "failed" && reasons.includes(outcome.reason);
}

/** The combined result of both transports. If neither has a reply, the UDP failure is reported: DNS uses UDP first. */
function conclude(udp: TryOutcome, tcp: TryOutcome | null): DnsReply | DnsReason {
  const last = tcp ?? udp;
  if (last.kind === "reply") return last.reply;
  if (isFailure(last, "aborted")) return "aborted";
  // Only a TCP connection can be closed, which the type does not express.
  if (udp.kind === "failed") return udp.reason === "closed" ? "timeout" : udp.reason;
  return isFailure(last, "own-network-error") ? "own-network-error" : "truncated";
}

/** The result of TCP alone. A connection that was closed without an answer did not deliver one in time. */
function concludeTcp(tcp: TryOutcome): DnsReply | DnsReason {
  if (tcp.kind === "reply") return tcp.reply;
  if (tcp.kind === "truncated") return "truncated";
  return tcp.reason === "closed" ? "timeout" : tcp.reason;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  // The next attempt notices the abort.
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}

/** RFC 6895 section 2.3. */
const RCODE_NAMES = ["noerror", "formerr", "servfail", "nxdomain", "notimp", "refused"];

/** Only fixed words, numbers, error codes and canonical names: nothing that a server can fill with text of its own. */
function describe({ outcome, ignored, connected }: TryResult, query: DnsQuery): string {
  const note = ignored === 0 ? "" : `; ${ignored} ignored`;
  switch (outcome.kind) {
    case "reply":
      return `${RCODE_NAMES[outcome.reply.rcode] ?? `rcode ${outcome.reply.rcode}`} for ${query.name}${note}`;
    case "truncated":
      return `truncated${note}`;
    case "failed":
      return `${connected && outcome.reason === "timeout" ? "open, then " : ""}${outcome.reason}${outcome.code === null ? "" : ` (${outcome.code})`}${note}`;
  }
}
