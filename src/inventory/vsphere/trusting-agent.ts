import { Agent, type AgentOptions } from "node:https";
import type { X509Certificate } from "node:crypto";
import type { Duplex } from "node:stream";
import { type ConnectionOptions, connect, rootCertificates, type TLSSocket } from "node:tls";

/** Whom to believe that it is the server. */
export interface Trust {
  /** PEM texts beside the roots that Node brings along; null = only those (and NODE_EXTRA_CA_CERTS). */
  readonly ca: readonly string[] | null;
  /** SHA-1 or SHA-256 fingerprints; when there are any, the server's certificate must have one of them, and nothing else. */
  readonly thumbprints: readonly string[];
  /** Anybody. */
  readonly insecure: boolean;
}

/** The server's certificate is not to be believed. Nothing was sent. */
export class UntrustedServer extends Error {
  override readonly name = "UntrustedServer";

  /**
   * @param code of OpenSSL or Node: `DEPTH_ZERO_SELF_SIGNED_CERT`; `THUMBPRINT` when another one was expected; `WEAK_KEY`
   * @param thumbprint SHA-256 of what the server showed
   * @param weakKey_bits length of the key that is too short, or null
   */
  constructor(
    readonly code: string,
    readonly thumbprint: string,
    readonly subject: string,
    readonly weakKey_bits: number | null = null,
  ) {
    super(code);
  }
}

/**
 * Opens TLS connections and verifies the certificate before a byte of HTTP is sent. `checkServerIdentity` would not do: Node
 * leaves it out as soon as the chain has a flaw, which is just where a fingerprint is wanted.
 */
export class TrustingAgent extends Agent {
  readonly #trust: Trust;

  constructor(trust: Trust, options: AgentOptions) {
    // A resumed session shows no certificate.
    super({ ...options, maxCachedSessions: 0 });
    this.#trust = trust;
  }

  override createConnection(
    options: ConnectionOptions,
    done?: (error: Error | null, socket: Duplex) => void,
  ): undefined {
    const { ca } = this.#trust;
    const socket = connect({
      ...options,
      rejectUnauthorized: false,
      ...(ca !== null && {
        ca: [...rootCertificates, ...ca],
        // The file may hold the server's own certificate or an intermediate one.
        allowPartialTrustChain: true,
      }),
    });
    const settle = (error: Error | null): void => {
      socket.removeAllListeners("secureConnect").removeListener("error", settle).removeListener("timeout", late);
      if (error !== null) socket.destroy();
      done?.(error, socket);
    };
    const late = (): void => settle(Object.assign(new Error("timeout"), { code: "ETIMEDOUT" }));
    socket.once("error", settle);
    socket.once("timeout", late);
    socket.once("secureConnect", () => settle(distrust(socket, this.#trust)));
  }
}

/** Why the server at the other end is not to be believed; null when it is. */
function distrust(socket: TLSSocket, { thumbprints, insecure }: Trust): UntrustedServer | null {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return new UntrustedServer("NO_CERTIFICATE", "", "");
  const { fingerprint, fingerprint256, subject } = certificate;
  const isPinned = thumbprints.includes(fingerprint256) || thumbprints.includes(fingerprint);
  if (thumbprints.length > 0) return isPinned ? null : new UntrustedServer("THUMBPRINT", fingerprint256, subject);
  if (insecure) return null;
  // Versions of Node differ in the keys that OpenSSL accepts: 20 and 22 would take RSA of 1024 bits.
  const weak = weakKey(certificate);
  if (socket.authorized) return weak === null ? null : new UntrustedServer("WEAK_KEY", fingerprint256, subject, weak);
  // Node declares an Error and gives the code, a text.
  const reason: unknown = socket.authorizationError;
  const code = reason instanceof Error ? ((reason as NodeJS.ErrnoException).code ?? reason.message) : String(reason);
  // What OpenSSL's security level forbids has no code of its own in Node.
  const isWeak = code === "UNSPECIFIED" && weak !== null;
  return new UntrustedServer(isWeak ? "WEAK_KEY" : code, fingerprint256, subject, isWeak ? weak : null);
}

/** What OpenSSL's security level 2 asks of an RSA key: as strong as 112 bits (NIST SP 800-57 part 1, table 2). */
const RSA_BITS = 2048;
/** OpenSSL follows no more certificates than these. */
const LONGEST_CHAIN = 100;

/** The length of the first RSA key that is too short, of the certificate and those above it as far as they are known. */
function weakKey(certificate: X509Certificate): number | null {
  let at: X509Certificate | undefined = certificate;
  // The server chooses what it sends; certificates may name each other as their issuers.
  for (let depth = 0; at !== undefined && depth < LONGEST_CHAIN; depth++, at = at.issuerCertificate) {
    const { asymmetricKeyType, asymmetricKeyDetails } = at.publicKey;
    const bits = asymmetricKeyDetails?.modulusLength;
    if (asymmetricKeyType?.startsWith("rsa") === true && bits !== undefined && bits < RSA_BITS) return bits;
  }
  return null;
}
