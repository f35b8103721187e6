import { constants, X509Certificate } from "node:crypto";
import { createSecureContext, DEFAULT_CIPHERS, rootCertificates } from "node:tls";
import type { SecureContext } from "node:tls";

import type { TrustAnchors } from "./certificate-problems.ts";

/**
 * Old servers must be detected, with equal results on every version of Node: OpenSSL's security level is 1 in Node 20
 * and 22 and 2 in Node 24, which then refuses RSA keys of 1024 bits. Rules decide how strong a key should be.
 */
const CIPHERS = `${DEFAULT_CIPHERS}:@SECLEVEL=1`;

/** Settings for ten-year-old servers: TLS 1.0, any key, and no RFC 5746. Only the handshake is sent with them. */
export const LEGACY_TLS = {
  minVersion: "TLSv1",
  ciphers: `${DEFAULT_CIPHERS}:@SECLEVEL=0`,
  secureOptions: constants.SSL_OP_LEGACY_SERVER_CONNECT,
} as const;

let usual: SecureContext | null = null;
let legacy: SecureContext | null = null;

/** Options for a handshake. Without CAs, which take time to load: OpenSSL's verdict on a chain is not used. */
export function defaultContext(): SecureContext {
  return (usual ??= createSecureContext({ ciphers: CIPHERS, ca: [] }));
}

/** Options for a second attempt with a server that ended the handshake. */
export function legacyContext(): SecureContext {
  return (legacy ??= createSecureContext({ ...LEGACY_TLS, ca: [] }));
}

/** Reading the roots takes tens of milliseconds, so it is done once per list of CAs. */
const STORES = new WeakMap<readonly string[], TrustAnchors>();

/** Node's own root certificates and the given ones (PEM texts, each with any number of certificates). */
export function trustStore(ca: readonly string[]): TrustAnchors {
  const known = STORES.get(ca);
  if (known !== undefined) return known;
  const anchors = trustAnchors([...ca.flatMap(splitPem), ...rootCertificates].map((pem) => new X509Certificate(pem)));
  STORES.set(ca, anchors);
  return anchors;
}

/** Finds issuers by name: a store has over a hundred certificates, and comparing keys is slow. */
export function trustAnchors(certificates: readonly X509Certificate[]): TrustAnchors {
  const bySubject = new Map<string, X509Certificate[]>();
  for (const certificate of certificates) {
    const subject = comparable(certificate.subject);
    const same = bySubject.get(subject);
    if (same === undefined) bySubject.set(subject, [certificate]);
    else same.push(certificate);
  }
  return {
    issuersOf: (certificate) => bySubject.get(comparable(certificate.issuer)) ?? [],
    has: (certificate) =>
      (bySubject.get(comparable(certificate.subject)) ?? []).some((anchor) => anchor.raw.equals(certificate.raw)),
  };
}

/** The certificates of a PEM text; other blocks (keys) and text in between are ignored. */
function splitPem(text: string): readonly string[] {
  return text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
}

/** Names are compared case-insensitively and with repeated blanks collapsed (RFC 5280 section 7.1). */
function comparable(name: string | undefined): string {
  return (name ?? "").toLowerCase().replace(/[^\S\n]+/g, " ");
}
