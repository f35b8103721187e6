import { randomBytes, randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { isIP } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import type { Attempt, NtpAnswer, NtpQuestion, NtpReason, NtpReply } from "../../engine/api/question.ts";
import { answerStatus } from "../../engine/evaluation/answer-status.ts";
import { boundedWait, startStopwatch } from "../query/bounded-wait.ts";
import { decodeNtpPacket, encodeNtpPacket, ntpRequest, type NtpTimestamp } from "./ntp-packet.ts";
import { validateNtpReply } from "./ntp-reply.ts";
import { describeFailure, socketReason, systemErrorCode } from "../query/socket-reason.ts";

export interface NtpOptions {
  /** The vantage point; it becomes part of the answer. */
  readonly from: string;
  /** Timeout of each attempt, in milliseconds. */
  readonly timeout_ms: number;
  /** Number of times the request is sent if there is no reply; at least 1. */
  readonly tries: number;
  readonly signal: AbortSignal;
}

/** Retries are spread over this time, so that requests that were lost together are not repeated together. */
const JITTER_MS = 100;

/**
 * Queries one NTP server for its time: one exchange, repeated on timeout only (client etiquette: RFC 4330 section 10).
 * Anything that is not the reply to the request is counted and ignored. Resolves in every state of the server and the
 * network; rejects only for a bug.
 */
export async function queryNtp(question: NtpQuestion, options: NtpOptions): Promise<NtpAnswer> {
  const watch = startStopwatch();
  const attempts: Attempt[] = [];
  let bogus = 0;

  const answer = (reason: NtpReason, reply: NtpReply | null): NtpAnswer => ({
    kind: "ntp",
    status: answerStatus("ntp", reason),
    reason,
    reply,
    bogus,
    attempts,
    started_at: watch.started_at,
    duration_ms: watch.elapsed_ms(),
    from: options.from,
  });

  if (isIP(question.address) === 0) return answer("name-not-resolved", null);
  for (;;) {
    if (options.signal.aborted) return answer("aborted", null);
    const attempt = startStopwatch();
    const exchange = await exchangeOnce(question, options);
    bogus += exchange.bogus;
    attempts.push({ transport: "udp", duration_ms: attempt.elapsed_ms(), result: exchange.result });
    const silent = exchange.reason === "no-reply";
    if (!silent || attempts.length >= options.tries) return answer(exchange.reason, exchange.reply);
    // An abort ends the pause; the loop above notices it.
    await sleep(randomInt(JITTER_MS + 1), undefined, { signal: options.signal }).catch(() => undefined);
  }
}

interface Exchange {
  readonly reason: NtpReason;
  readonly reply: NtpReply | null;
  readonly bogus: number;
  /** Text for the attempt: the reason, with the code of a socket error. */
  readonly result: string;
}

/**
 * One request from a new, connected socket: the kernel drops datagrams from other sources (RFC 4330 section 5, checks 1
 * and 2) and reports a closed port at once. The clock is read once, at T1; durations are monotonic.
 */
function exchangeOnce({ address, port }: NtpQuestion, { timeout_ms, signal }: NtpOptions): Promise<Exchange> {
  const family = isIP(address) === 6 ? 6 : 4;
  const transmit = randomTimestamp();
  let bogus = 0;
  const ended = (reason: NtpReason, reply: NtpReply | null = null, result: string = reason): Exchange => ({
    reason,
    reply,
    bogus,
    result: bogus === 0 ? result : `${result}; ${bogus} ignored`,
  });

  return boundedWait<Exchange>(
    {
      timeout_ms,
      signal,
      timedOut: () => ended(bogus === 0 ? "no-reply" : "bad-reply"),
      aborted: () => ended("aborted"),
    },
    ({ end, fail }) => {
      const socket = createSocket({
        type: `udp${family}`,
        // Addresses are literals, including the wildcard that Node binds to; the system's resolver must never be used.
        lookup: (literal, _options, callback) => callback(null, literal, family),
      });
      let sent_at_ms = 0;
      let started = 0;

      const onError = (error: Error, from_network: boolean): void => {
        const code = systemErrorCode(error);
        if (code === null) {
          fail(error);
          return;
        }
        const reason = ntpReason(socketReason({ code, transport: "udp", family, from_network }));
        end(ended(reason, null, describeFailure(reason, code)));
      };
      socket.on("message", (bytes) => {
        const elapsed_ms = performance.now() - started;
        const packet = decodeNtpPacket(bytes);
        const evaluated = packet === null ? null : validateNtpReply(packet, { sent: transmit, sent_at_ms, elapsed_ms });
        // Forged, garbled or late: the right one may still arrive (RFC 5905 section 8).
        if (evaluated === null) bogus++;
        else end(ended(evaluated.reason, evaluated.reply));
      });
      // Once the request has been sent, an error of the socket itself is an ICMP message.
      socket.on("error", (error) => onError(error, started > 0));
      socket.on("connect", () => {
        sent_at_ms = Date.now();
        started = performance.now();
        socket.send(encodeNtpPacket(ntpRequest(transmit)), (error) => {
          if (error !== null) onError(error, false);
        });
      });
      socket.connect(port, address);
      return () => socket.close();
    },
  );
}

/** 64 random bits that only this client knows; zero would mean "unknown". */
function randomTimestamp(): NtpTimestamp {
  const bytes = randomBytes(8);
  return { seconds: bytes.readUInt32BE(0), fraction: bytes.readUInt32BE(4) || 1 };
}

function ntpReason(reason: ReturnType<typeof socketReason>): NtpReason {
  switch (reason) {
    // Windows reports ICMP port unreachable as a reset.
    case "refused":
    case "reset":
      return "port-unreachable";
    case "timeout":
      return "no-reply";
    default:
      return reason;
  }
}
