import type { X509Certificate } from "node:crypto";
import { isIP, type Socket } from "node:net";
import { connect } from "node:tls";

import type { AnswerStatus, Attempt, TlsAnswer, TlsQuestion, TlsReason } from "../../engine/api/question.ts";
import { boundedWait, startStopwatch } from "../query/bounded-wait.ts";
import { verifyChain } from "./certificate-problems.ts";
import { describeFailure, socketReason, systemErrorCode } from "../query/socket-reason.ts";
import { connectTcp } from "../tcp/tcp.ts";
import { trustStore } from "./trust-anchors.ts";
import type { Semaphore } from "../query/semaphore.ts";

export interface TlsOptions {
  /** The place that asks; it becomes part of the answer. */
  readonly from: string;
  /** How long to wait for the TCP connection, in milliseconds. */
  readonly timeout_ms: number;
  /** How long to wait for the handshake after that, in milliseconds. */
  readonly handshake_timeout_ms: number;
  readonly signal: AbortSignal;
  /** PEM texts of the CAs that are trusted besides Node's own list. */
  readonly ca: readonly string[];
  /** The time for which certificates are verified, ms since 1970; by default this machine's clock. */
  readonly now?: number;
  /** Where handshakes of several questions take turns: each keeps this process busy for some milliseconds. */
  readonly handshakes?: Semaphore;
}

/**
 * Which certificate a server presents for a name, and whether it should be believed. The handshake itself verifies
 * nothing, so that a bad certificate can still be shown; the chain is verified afterwards. Rejects only for a bug.
 *
 * One reason is given, the first that applies: what kept the handshake from ending (`timeout`, `refused`, `reset`,
 * `protocol` …), then `expired`, `not-yet-valid`, `name-mismatch`, `incomplete-chain`, `untrusted`, `trusted`. All
 * problems of the chain stand in `problems`, also when a server shows its chain and then ends the handshake.
 */
export async function probeTls(question: TlsQuestion, options: TlsOptions): Promise<TlsAnswer> {
  const watch = startStopwatch();
  const attempted = isIP(question.address) !== 0 && !options.signal.aborted;
  const { socket, reason, result } = await connectTcp(question.address, question.port, options);
  const handshake = socket === null ? failed(reason, result) : await takeTurn(socket, question, options);
  const duration_ms = watch.elapsed_ms();
  const attempts: readonly Attempt[] = attempted ? [{ transport: "tcp", duration_ms, result: handshake.result }] : [];
  return {
    kind: "tls",
    ...verdictOf(handshake, question, options),
    protocol: handshake.protocol,
    chain: handshake.served.map((certificate) => certificate.toString()),
    attempts,
    started_at: watch.started_at,
    duration_ms,
    from: options.from,
  };
}

interface Handshake {
  /** Why the handshake did not end, or null when it did. */
  readonly failure: TlsReason | null;
  /** For the attempt: how far it came, with the code of an error. */
  readonly result: string;
  readonly protocol: string | null;
  /** Leaf first, as sent; a server that wants a client certificate shows its own even when it then hangs up. */
  readonly served: readonly X509Certificate[];
  /** What OpenSSL thinks of the chain. */
  readonly openssl: string | null;
}

/** The handshake, when it is its turn; its time begins then. */
async function takeTurn(socket: Socket, question: TlsQuestion, options: TlsOptions): Promise<Handshake> {
  const shake = () => shakeHands(socket, question, options);
  try {
    return await (options.handshakes === undefined ? shake() : options.handshakes.pass(shake));
  } finally {
    socket.destroy();
  }
}

async function shakeHands(socket: Socket, { name, address }: TlsQuestion, options: TlsOptions): Promise<Handshake> {
  let seen: Handshake | null = null;
  return boundedWait<Handshake>(
    {
      timeout_ms: options.handshake_timeout_ms,
      signal: options.signal,
      timedOut: () => seen ?? failed("timeout", "open, then no handshake: timeout"),
      aborted: () => seen ?? failed("aborted"),
    },
    ({ end, fail }) => {
      // Node's own `timeout` option only emits an event and would leave a silent server connected.
      const secure = connect({
        socket,
        secureContext: trustStore(options.ca).context,
        rejectUnauthorized: false,
        // Names are checked later, by subjectAltName alone; Node would also accept a common name.
        checkServerIdentity: () => undefined,
        // An address is never sent as a server name (RFC 6066 section 3).
        ...(isIP(name) === 0 ? { servername: name } : {}),
      });
      secure.on("secureConnect", () => {
        const done: Handshake = {
          failure: null,
          result: "handshake done",
          protocol: secure.getProtocol(),
          served: servedCertificates(secure.getPeerX509Certificate()),
          openssl: codeOf(secure.authorizationError),
        };
        seen = done;
        // Our last message of the handshake is still to be sent; without it the server would log a failure.
        secure.end(() => end(done));
      });
      secure.on("error", (error: Error) => {
        if (seen !== null) {
          end(seen);
          return;
        }
        const reason = handshakeFailure(error, isIP(address) === 6 ? 6 : 4);
        if (reason === null) {
          fail(error);
          return;
        }
        const served = servedCertificates(secure.getPeerX509Certificate());
        end({ ...failed(reason, `open, then ${describeFailure(reason, codeOf(error) ?? "")}`), served });
      });
      secure.on("close", () => end(seen ?? failed("reset", "open, then closed")));
      return () => secure.destroy();
    },
  );
}

type Verdict = Pick<TlsAnswer, "status" | "reason" | "problems" | "detail" | "certificate">;

/** The chain's verdict; the failure of the handshake, where there is one, comes before it. */
function verdictOf(handshake: Handshake, question: TlsQuestion, options: TlsOptions): Verdict {
  const { failure, served, openssl } = handshake;
  const [leaf, ...others] = served;
  const evaluation =
    leaf === undefined
      ? null
      : verifyChain(leaf, others, {
          name: question.name,
          now: options.now ?? Date.now(),
          anchors: trustStore(options.ca).anchors,
          openssl,
        });
  const reason = failure ?? evaluation?.reason ?? "protocol";
  return {
    status: statusOf(reason),
    reason,
    problems: evaluation?.problems ?? [],
    detail: evaluation?.detail ?? null,
    certificate: evaluation?.certificate ?? null,
  };
}

/**
 * The chain in the order in which it was sent: Node links each certificate to the next one as its issuer. To be called
 * once for a connection, since Node takes the certificates out of OpenSSL's list as it reads them.
 */
function servedCertificates(leaf: X509Certificate | undefined): readonly X509Certificate[] {
  const served: X509Certificate[] = [];
  for (let next = leaf; next !== undefined; next = next.issuerCertificate) served.push(next);
  return served;
}

/** `protocol` for whatever OpenSSL objects to, a socket's reason for socket errors, null for anything else. */
function handshakeFailure(error: Error, family: 4 | 6): TlsReason | null {
  const code = codeOf(error);
  if (code === "EPROTO" || code?.startsWith("ERR_SSL_") === true || code?.startsWith("ERR_OSSL_") === true) {
    return "protocol";
  }
  const system = systemErrorCode(error);
  if (system === null) return null;
  return socketReason({ code: system, transport: "tcp", family, from_network: true });
}

/** The code of an error. Node declares `authorizationError` as an error, and sets it to the code itself. */
function codeOf(error: unknown): string | null {
  if (typeof error === "string") return error;
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;
}

function failed(failure: TlsReason, result: string = failure): Handshake {
  return { failure, result, protocol: null, served: [], openssl: null };
}

function statusOf(reason: TlsReason): AnswerStatus {
  switch (reason) {
    case "trusted":
    case "untrusted":
    case "name-mismatch":
    case "expired":
    case "not-yet-valid":
    case "incomplete-chain":
      return "answered";
    case "protocol":
    case "refused":
    case "timeout":
    case "unreachable":
    case "admin-prohibited":
    case "unreachable-or-prohibited":
    case "reset":
      return "no-answer";
    default:
      return "not-asked";
  }
}
