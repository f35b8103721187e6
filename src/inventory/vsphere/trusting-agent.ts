import { Agent, type AgentOptions } from "node:https";
import type { X509Certificate } from "node:crypto";
import type { Duplex } from "node:stream";
import { type ConnectionOptions, connect, rootCertificates, type TLSSocket } from "node:tls";

/** How to verify the identity of the server. */
export interface Trust {
  /** PEM texts in addition to Node's built-in roots; null = only those (and NODE_EXTRA_CA_CERTS). */
  readonly ca: readonly string[] | null;
  /**
   * SHA-1 or SHA-256 fingerprints; if there are any, the server's certificate must have one of them, and nothing else
   * is checked.
   */
  readonly thumbprints: readonly string[];
  /** Trust any server. */
  readonly insecure: boolean;
}

/** The server's certificate is not trusted. No data was sent. */
export class UntrustedServer extends Error {
  override readonly name = "UntrustedServer";

  /**
   * @param code of OpenSSL or Node: `DEPTH_ZERO_SELF_SIGNED_CERT`; `THUMBPRINT` if another one was expected; `WEAK_KEY`
   * @param thumbprint SHA-256 of the server's certificate
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
 * Opens TLS connections and verifies the certificate before a byte of HTTP is sent. `checkServerIdentity` is not
 * sufficient: Node skips it if the chain is invalid, which is exactly when a fingerprint is used.
 */
export class TrustingAgent extends Agent {
  readonly #trust: Trust;

  constructor(trust: Trust, options: AgentOptions) {
    // A resumed session has no certificate.
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
        // The file may contain the server's own certificate or an intermediate one.
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

/** Why the server is not trusted; null if it is. */
function distrust(socket: TLSSocket, { thumbprints, insecure }: Trust): UntrustedServer | null {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return new UntrustedServer("NO_CERTIFICATE", "", "");
  const { fingerprint, fingerprint256, subject } = certificate;
  const isPinned = thumbprints.includes(fingerprint256) || thumbprints.includes(fingerprint);
  if (thumbprints.length > 0) return isPinned ? null : new UntrustedServer("THUMBPRINT", fingerprint256, subject);
  if (insecure) return null;
  // Versions of Node differ in the keys that OpenSSL accepts: 20 and 22 would accept RSA with 1024 bits.
  const weak = weakKey(certificate);
  if (socket.authorized) return weak === null ? null : new UntrustedServer("WEAK_KEY", fingerprint256, subject, weak);
  // Declared as Error, but Node sets the code, a text.
  const reason: unknown = socket.authorizationError;
  const code = reason instanceof Error ? ((reason as NodeJS.ErrnoException).code ?? reason.message) : String(reason);
  // A certificate rejected by OpenSSL's security level has no code of its own in Node.
  const isWeak = code === "UNSPECIFIED" && weak !== null;
  return new UntrustedServer(isWeak ? "WEAK_KEY" : code, fingerprint256, subject, isWeak ? weak : null);
}

/**
 * The RSA key length required by OpenSSL's security level 2: as strong as 112 bits (NIST SP 800-57 part 1, table 2).
 */
const RSA_BITS = 2048;
/** OpenSSL follows at most this many certificates. */
const LONGEST_CHAIN = 100;

/** The length of the first RSA key that is too short, in the certificate and its known issuers. */
function weakKey(certificate: X509Certificate): number | null {
  let at: X509Certificate | undefined = certificate;
  // The server chooses what it sends; certificates may refer to each other as issuers.
  for (let depth = 0; at !== undefined && depth < LONGEST_CHAIN; depth++, at = at.issuerCertificate) {
    const { asymmetricKeyType, asymmetricKeyDetails } = at.publicKey;
    const bits = asymmetricKeyDetails?.modulusLength;
    if (asymmetricKeyType?.startsWith("rsa") === true && bits !== undefined && bits < RSA_BITS) return bits;
  }
  return null;
}
