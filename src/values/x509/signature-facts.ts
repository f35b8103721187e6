import { type DerElement, derChildren, derElement, objectIdentifier } from "./der.ts";

/** How a certificate was signed. */
export interface SignatureFacts {
  /** Object identifier of the algorithm, `1.2.840.113549.1.1.11`. */
  readonly algorithm: string;
  /** `SHA-256`; `intrinsic` for Ed25519 and Ed448, which need none; null when the algorithm is not known here. */
  readonly hash: string | null;
}

/** Signature algorithms by the hash they use: RFC 3279 section 2.2, RFC 4055, RFC 5758, RFC 8410; OIW for the last three. */
const HASHES: Readonly<Record<string, string>> = {
  "1.2.840.113549.1.1.2": "MD2",
  "1.2.840.113549.1.1.4": "MD5",
  "1.2.840.113549.1.1.5": "SHA-1",
  "1.2.840.113549.1.1.14": "SHA-224",
  "1.2.840.113549.1.1.11": "SHA-256",
  "1.2.840.113549.1.1.12": "SHA-384",
  "1.2.840.113549.1.1.13": "SHA-512",
  "1.2.840.10040.4.3": "SHA-1",
  "2.16.840.1.101.3.4.3.1": "SHA-224",
  "2.16.840.1.101.3.4.3.2": "SHA-256",
  "1.2.840.10045.4.1": "SHA-1",
  "1.2.840.10045.4.3.1": "SHA-224",
  "1.2.840.10045.4.3.2": "SHA-256",
  "1.2.840.10045.4.3.3": "SHA-384",
  "1.2.840.10045.4.3.4": "SHA-512",
  "1.3.101.112": "intrinsic",
  "1.3.101.113": "intrinsic",
  "1.3.14.3.2.3": "MD5",
  "1.3.14.3.2.27": "SHA-1",
  "1.3.14.3.2.29": "SHA-1",
};

/** RSASSA-PSS has its hash in its parameters (RFC 4055 section 3.1). */
const RSASSA_PSS = "1.2.840.113549.1.1.10";

/** Hashes by their own identifiers: RFC 3279 section 2.1, RFC 4055 section 2.1. */
const PSS_HASHES: Readonly<Record<string, string>> = {
  "1.3.14.3.2.26": "SHA-1",
  "2.16.840.1.101.3.4.2.4": "SHA-224",
  "2.16.840.1.101.3.4.2.1": "SHA-256",
  "2.16.840.1.101.3.4.2.2": "SHA-384",
  "2.16.840.1.101.3.4.2.3": "SHA-512",
};

/** The algorithm and hash of a certificate's signature, from its DER form, because Node 20 does not provide them. */
export function signatureFacts(der: Uint8Array): SignatureFacts {
  // Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm, signatureValue } (RFC 5280 section 4.1)
  const certificate = derElement(der, 0);
  const algorithm = certificate === null ? undefined : derChildren(der, certificate, 2)[1];
  const [identifier, parameters] = algorithm === undefined ? [] : derChildren(der, algorithm, 2);
  const oid = objectIdentifier(der, identifier);
  if (oid === null) return { algorithm: "unreadable", hash: null };
  const hash = oid === RSASSA_PSS ? pssHash(der, parameters) : (HASHES[oid] ?? null);
  return { algorithm: oid, hash };
}

/** `[0] hashAlgorithm DEFAULT sha1` */
function pssHash(der: Uint8Array, parameters: DerElement | undefined): string | null {
  const tagged = parameters === undefined ? undefined : derChildren(der, parameters, 1)[0];
  if (tagged?.tag !== 0xa0) return "SHA-1";
  const algorithm = derElement(der, tagged.start, tagged.end);
  const oid = algorithm === null ? null : objectIdentifier(der, derChildren(der, algorithm, 1)[0]);
  return oid === null ? null : (PSS_HASHES[oid] ?? null);
}
