import { isIP, type Socket } from "node:net";

import type { Attempt, TlsAnswer, TlsQuestion } from "../../engine/api/question.ts";
import { answerStatus } from "../../engine/evaluation/answer-status.ts";
import { startStopwatch } from "../query/bounded-wait.ts";
import type { Semaphore } from "../query/semaphore.ts";
import { connectTcp } from "../tcp/tcp.ts";
import { verifyChain } from "./certificate-problems.ts";
import { failedHandshake, type Handshake, shakeHands } from "./handshake.ts";
import { SocketTap } from "./socket-tap.ts";
import { legacyContext, trustStore, defaultContext } from "./trust-anchors.ts";
import { answersPlainHttp, spokenInsteadOfTls } from "./without-tls.ts";

export interface TlsOptions {
  /** The vantage point; it becomes part of the answer. */
  readonly from: string;
  /** Timeout of the TCP connection, in milliseconds. */
  readonly timeout_ms: number;
  /** Timeout of the handshake after that, in milliseconds. */
  readonly handshake_timeout_ms: number;
  readonly signal: AbortSignal;
  /** PEM texts of the CAs that are trusted in addition to Node's own list. */
  readonly ca: readonly string[];
  /** The time for which certificates are verified, ms since 1970; by default this machine's clock. */
  readonly now?: number;
  /** A limit shared by the handshakes of several queries: each keeps this process busy for some milliseconds. */
  readonly handshakes?: Semaphore;
}

/** Timeout of a plain HTTP request to a server without TLS; it is sent only for a better message. */
const PLAIN_HTTP_TIMEOUT_MS = 1000;

/**
 * Determines which certificate a server presents for a name, and whether it is trusted. The handshake itself verifies
 * nothing, so that a bad certificate can still be shown; the chain is verified afterwards. Rejects only for a bug.
 *
 * A server that ends the handshake is contacted again with TLS 1.0 and OpenSSL's security level 0 (ESXi 5.x). If that
 * fails too, the protocol is detected from what the server sent.
 *
 * The result has one reason, the first that applies: what prevented the handshake from completing (`timeout`,
 * `refused`, `reset`, `silent`, `protocol` …), then `expired`, `not-yet-valid`, `name-mismatch`, `incomplete-chain`,
 * `untrusted` …, `trusted`. `problems` has all problems of the chain, even if a server sends its chain and then ends
 * the handshake.
 */
export async function probeTls(question: TlsQuestion, options: TlsOptions): Promise<TlsAnswer> {
  // A CA that cannot be read is an error before a server is contacted.
  trustStore(options.ca);
  const watch = startStopwatch();
  const attempts: Attempt[] = [];
  const { handshake, legacy } = await handshakeOf(question, options, (duration_ms, result) =>
    attempts.push({ transport: "tcp", duration_ms, result }),
  );
  return {
    kind: "tls",
    ...verdictOf(handshake, question, options),
    protocol: handshake.protocol,
    legacy,
    chain: handshake.served.map((certificate) => certificate.toString()),
    attempts,
    started_at: watch.started_at,
    duration_ms: watch.elapsed_ms(),
    from: options.from,
  };
}

/** The versions that RFC 8996 deprecates. */
const OLD_PROTOCOLS = ["TLSv1", "TLSv1.1"];

type Note = (duration_ms: number, result: string) => void;

/** The final handshake, after as many connections as necessary. */
async function handshakeOf(
  question: TlsQuestion,
  options: TlsOptions,
  note: Note,
): Promise<{ readonly handshake: Handshake; readonly legacy: boolean }> {
  const { signal } = options;
  const attempted = isIP(question.address) !== 0 && !signal.aborted;
  const first = await attempt(question, options, attempted ? note : () => undefined, (socket) =>
    shakeHands(socket, question, { ...options, context: defaultContext() }),
  );
  const done = { handshake: first, legacy: false };
  const { failure } = first;
  if (failure === null || first.served.length > 0 || signal.aborted) return done;
  if (failure === "protocol" || failure === "closed" || failure === "reset") {
    let bytes: Buffer = Buffer.alloc(0);
    const second = await attempt(
      question,
      options,
      (duration_ms, result) => note(duration_ms, `TLS 1.0 allowed: ${result}`),
      async (socket) => {
        const tap = new SocketTap(socket);
        const handshake = await shakeHands(tap, question, { ...options, context: legacyContext() });
        bytes = tap.first;
        return handshake;
      },
    );
    if (second.failure === null) {
      // A server that disconnected once and uses TLS 1.2 the next time does not require old versions.
      return { handshake: second, legacy: failure === "protocol" || OLD_PROTOCOLS.includes(second.protocol ?? "") };
    }
    const spoken = spokenInsteadOfTls(bytes);
    // It uses TLS: a plain request would only show how an HTTPS server rejects those.
    if (spoken === null && bytes.length > 0) return done;
    const reason = spoken === "plain-http" || (await speaksPlainHttp(question, options, note)) ? "plain-http" : spoken;
    return reason === null ? done : { handshake: failedHandshake(reason), legacy: false };
  }
  if (failure === "silent" && (await speaksPlainHttp(question, options, note))) {
    return { handshake: failedHandshake("plain-http"), legacy: false };
  }
  return done;
}

/** Connects, and uses the connection when a slot is free; its timeout starts then. */
async function attempt(
  question: TlsQuestion,
  options: TlsOptions,
  note: Note,
  shake: (socket: Socket) => Promise<Handshake>,
): Promise<Handshake> {
  const watch = startStopwatch();
  const { socket, reason, result } = await connectTcp(question.address, question.port, options);
  if (socket === null) {
    note(watch.elapsed_ms(), result);
    return failedHandshake(reason, result);
  }
  try {
    const turn = () => shake(socket);
    const handshake = await (options.handshakes === undefined ? turn() : options.handshakes.pass(turn));
    note(watch.elapsed_ms(), handshake.result);
    return handshake;
  } finally {
    socket.destroy();
  }
}

async function speaksPlainHttp(question: TlsQuestion, options: TlsOptions, note: Note): Promise<boolean> {
  const watch = startStopwatch();
  const timeout_ms = Math.min(options.handshake_timeout_ms, PLAIN_HTTP_TIMEOUT_MS);
  const { socket } = await connectTcp(question.address, question.port, { ...options, timeout_ms });
  if (socket === null) return false;
  const speaks = await answersPlainHttp(socket, question.name, { timeout_ms, signal: options.signal });
  note(watch.elapsed_ms(), `plain HTTP: ${speaks ? "answered" : "no answer"}`);
  return speaks;
}

type Verdict = Pick<TlsAnswer, "status" | "reason" | "problems" | "detail" | "certificate" | "valid_until">;

/** The chain's verdict; a handshake failure takes precedence. */
function verdictOf(handshake: Handshake, question: TlsQuestion, options: TlsOptions): Verdict {
  const { failure, served } = handshake;
  const [leaf, ...others] = served;
  const evaluation =
    leaf === undefined
      ? null
      : verifyChain(leaf, others, {
          name: question.name,
          now: options.now ?? Date.now(),
          anchors: trustStore(options.ca),
        });
  const reason = failure ?? evaluation?.reason ?? "protocol";
  return {
    status: answerStatus("tls", reason),
    reason,
    problems: evaluation?.problems ?? [],
    detail: evaluation?.detail ?? null,
    certificate: evaluation?.certificate ?? null,
    valid_until: evaluation?.valid_until ?? null,
  };
}
