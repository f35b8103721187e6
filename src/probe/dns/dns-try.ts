import { randomInt } from "node:crypto";

import type { DnsRecordType } from "../../engine/api/question.ts";
import { CLASS_IN, encodeQuery, readHead, readReply, TYPE_NUMBERS } from "./dns-message.ts";
import type { DnsReply } from "./dns-message.ts";
import { type SocketFailure, type SocketReason, socketReason } from "../query/socket-reason.ts";

/** A query as it is sent; every attempt has an id of its own. */
export interface DnsQuery {
  readonly id: number;
  readonly name: string;
  readonly type: DnsRecordType;
  readonly bytes: Buffer;
}

/** A server: a literal address and a port. */
export interface DnsServer {
  readonly address: string;
  readonly port: number;
}

export interface TryLimits {
  readonly timeout_ms: number;
  readonly signal: AbortSignal;
}

/** `closed` is a TCP connection that ended before the reply was received; `port-unreachable` includes a refused one. */
export type TryFailure =
  Exclude<SocketReason, "refused" | "reset"> | "malformed" | "port-unreachable" | "closed" | "aborted";

export type TryOutcome =
  | { readonly kind: "reply"; readonly reply: DnsReply }
  | { readonly kind: "truncated" }
  | { readonly kind: "failed"; readonly reason: TryFailure; readonly code: string | null };

export interface TryResult {
  readonly outcome: TryOutcome;
  /** Messages that were not the reply to this query, or could not be read. */
  readonly ignored: number;
  /** Whether a connection was established. */
  readonly connected: boolean;
}

/** The events that a transport reports while it is open. */
export interface TryEvents {
  connected(): void;
  message(bytes: Uint8Array): void;
  failed(reason: TryFailure, code: string | null): void;
}

/** A query with a random id (RFC 5452 section 9.2), or null when the name cannot be queried. */
export function makeQuery(name: string, type: DnsRecordType, edns: boolean): DnsQuery | null {
  const id = randomInt(0x10000);
  const bytes = encodeQuery(id, name, type, edns);
  return bytes === null ? null : { id, name, type, bytes };
}

/**
 * Opens a transport and waits for the reply to the query until the timeout, ignoring everything else that is received.
 * Never rejects; when it resolves, the transport is closed and all resources are released.
 *
 * @param open opens the transport and returns the function that closes it
 */
export function oneTry(
  query: DnsQuery,
  limits: TryLimits,
  open: (events: TryEvents) => () => void,
): Promise<TryResult> {
  return new Promise((resolve) => {
    let ignored = 0;
    let malformed = false;
    let connected = false;
    let settled = false;
    let close: () => void = () => undefined;
    const isSettled = (): boolean => settled;

    const finish = (outcome: TryOutcome): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      clearImmediate(lastLook);
      limits.signal.removeEventListener("abort", onAbort);
      close();
      resolve({ outcome, ignored, connected });
    };
    const failed = (reason: TryFailure, code: string | null): void => {
      // A server that sent only invalid messages before the timeout is not unresponsive.
      const nonsense = malformed && (reason === "timeout" || reason === "closed");
      finish({ kind: "failed", reason: nonsense ? "malformed" : reason, code });
    };
    const message = (bytes: Uint8Array): void => {
      if (settled) return;
      const received = receive(bytes, query);
      if (received === "not-ours" || received === "malformed") {
        // Either may be forged: keep waiting for the right one (RFC 5452 section 9.1).
        ignored++;
        malformed ||= received === "malformed";
      } else {
        finish(received);
      }
    };
    const onAbort = (): void => failed("aborted", null);
    let lastLook: NodeJS.Immediate | undefined;
    const timer = setTimeout(() => {
      // Timers run before sockets are read: after a busy moment (TLS handshakes) the reply may be waiting here.
      lastLook = setImmediate(() => failed("timeout", null));
    }, limits.timeout_ms);
    limits.signal.addEventListener("abort", onAbort, { once: true });

    try {
      close = open({ connected: () => (connected = true), message, failed });
    } catch (error) {
      failed("own-network-error", errorCode(error));
    }
    // Settled while it was being opened: there was nothing to close yet.
    if (isSettled()) close();
  });
}

/** The meaning of a transport error; its code is null for one that the system did not report. */
export function socketFailure(failure: Omit<SocketFailure, "code"> & { readonly code: string | null }): TryFailure {
  const { code, transport } = failure;
  if (code === null) return "own-network-error";
  const reason = socketReason({ ...failure, code });
  // Windows reports ICMP "port unreachable" to a UDP socket as a reset.
  if (reason === "refused" || (reason === "reset" && transport === "udp")) return "port-unreachable";
  return reason === "reset" ? "closed" : reason;
}

/** The system's error code; the message text is never used. */
export function errorCode(error: unknown): string | null {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;
}

/** Evaluates one message: the reply to this query, or why it is not. */
export function receive(bytes: Uint8Array, query: DnsQuery): TryOutcome | "not-ours" | "malformed" {
  const head = readHead(bytes);
  if (head === null) return "malformed";
  if (head.id !== query.id || !head.response || head.opcode !== 0) return "not-ours";
  const [question, ...others] = head.questions;
  if (question === undefined) {
    // A server that could not read the question cannot repeat it, only report that (RFC 1035 section 4.1.1, RCODE 1).
    if (head.headerRcode === 0 || head.headerRcode === 3) return "not-ours";
  } else {
    const ours =
      question.name === query.name && question.type === TYPE_NUMBERS[query.type] && question.class === CLASS_IN;
    if (!ours || others.length > 0) return "not-ours";
  }
  // Before the records are read: some servers truncate in the middle of one.
  if (head.truncated) return { kind: "truncated" };
  const reply = readReply(bytes);
  return reply === null ? "malformed" : { kind: "reply", reply };
}
