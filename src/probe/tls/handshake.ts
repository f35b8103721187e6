import type { X509Certificate } from "node:crypto";
import { isIP, type Socket } from "node:net";
import { connect, type SecureContext } from "node:tls";

import type { TlsQuestion, TlsReason } from "../../engine/api/question.ts";
import { boundedWait } from "../query/bounded-wait.ts";
import { describeFailure, socketReason, systemErrorCode } from "../query/socket-reason.ts";
import type { SocketTap } from "./socket-tap.ts";

export interface HandshakeOptions {
  readonly handshake_timeout_ms: number;
  readonly signal: AbortSignal;
  readonly context: SecureContext;
}

/** The progress of a handshake. */
export interface Handshake {
  /** Why the handshake did not complete; null if it did. */
  readonly failure: TlsReason | null;
  /** Text for the attempt: the progress, with the code of an error. */
  readonly result: string;
  readonly protocol: string | null;
  /** Leaf first, as sent; a server that requires a client certificate sends its own even when it then disconnects. */
  readonly served: readonly X509Certificate[];
}

/**
 * Performs a handshake over a connected socket, which is closed when it ends. Verifies nothing. Rejects only for a bug.
 */
export async function shakeHands(
  socket: Socket | SocketTap,
  { name, address }: TlsQuestion,
  options: HandshakeOptions,
): Promise<Handshake> {
  let seen: Handshake | null = null;
  const halted = (silent: "silent" | "closed"): Handshake => {
    // The reset may have arrived while the connection waited for its turn.
    const reason = socket.errored !== null ? "reset" : socket.bytesRead === 0 ? silent : "partial";
    return failedHandshake(reason, `open, then ${reason}`);
  };
  return boundedWait<Handshake>(
    {
      timeout_ms: options.handshake_timeout_ms,
      signal: options.signal,
      timedOut: () => seen ?? halted("silent"),
      aborted: () => seen ?? failedHandshake("aborted"),
    },
    ({ end, fail }) => {
      // Node's own `timeout` option only emits an event and would keep an unresponsive server connected.
      const secure = connect({
        socket,
        secureContext: options.context,
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
        };
        seen = done;
        // This client's last handshake message still has to be sent; without it the server would log a failure.
        secure.end(() => end(done));
      });
      const failedWith = (error: Error): void => {
        if (seen !== null) {
          end(seen);
          return;
        }
        // Node's own error for a connection that ends early; an error of the operating system has a number.
        if (codeOf(error) === "ECONNRESET" && !("errno" in error)) {
          end(halted("closed"));
          return;
        }
        const reason = handshakeFailure(error, isIP(address) === 6 ? 6 : 4);
        if (reason === null) {
          fail(error);
          return;
        }
        const served = servedCertificates(secure.getPeerX509Certificate());
        end({ ...failedHandshake(reason, `open, then ${describeFailure(reason, codeOf(error) ?? "")}`), served });
      };
      secure.on("error", failedWith);
      socket.on("error", failedWith);
      secure.on("close", () => end(seen ?? halted("closed")));
      return () => {
        socket.removeListener("error", failedWith);
        secure.destroy();
      };
    },
  );
}

export function failedHandshake(failure: TlsReason, result: string = failure): Handshake {
  return { failure, result, protocol: null, served: [] };
}

/**
 * The chain in the order in which it was sent: Node links each certificate to the next one as its issuer. Must be
 * called only once per connection, since Node removes the certificates from OpenSSL's list as it reads them.
 */
function servedCertificates(leaf: X509Certificate | undefined): readonly X509Certificate[] {
  const served: X509Certificate[] = [];
  for (let next = leaf; next !== undefined; next = next.issuerCertificate) served.push(next);
  return served;
}

/** `protocol` for any error of OpenSSL, a socket's reason for socket errors, null for anything else. */
function handshakeFailure(error: Error, family: 4 | 6): TlsReason | null {
  const code = codeOf(error);
  if (code === "EPROTO" || code?.startsWith("ERR_SSL_") === true || code?.startsWith("ERR_OSSL_") === true) {
    return "protocol";
  }
  const system = systemErrorCode(error);
  if (system === null) return null;
  return socketReason({ code: system, transport: "tcp", family, from_network: true });
}

function codeOf(error: Error): string | null {
  return "code" in error && typeof error.code === "string" ? error.code : null;
}
