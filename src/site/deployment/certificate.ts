import type { SubjectAltNames } from "../../values/network/subject-alt-names.ts";
import type { CertificateExtensions } from "../../values/x509/certificate-extensions.ts";
import type { SignatureFacts } from "../../values/x509/signature-facts.ts";
import type { PublicKeyFacts } from "../../values/x509/strength.ts";

/** The parts of an X.509 certificate that rules evaluate. */
export interface Certificate {
  /** SHA-256 of the DER form, in hexadecimal digits: equal = the same certificate. */
  readonly fingerprint: string;
  /** The certificate itself, as text. */
  readonly pem: string;
  /** For messages: the common name, else the whole subject; empty when it has none. */
  readonly name: string;
  /** Distinguished names in one line: `O=Example Video, CN=conf01.vc.example.com`. */
  readonly subject: string;
  readonly issuer: string;
  /** The names that count for a TLS server; never the common name (RFC 9525 section 2). */
  readonly names: SubjectAltNames;
  /** ms since 1970; both ends belong to the validity (RFC 5280 section 4.1.2.5). Null when they cannot be read. */
  readonly validity: { readonly from: number; readonly to: number } | null;
  /** Whether it is a CA according to its basic constraints. */
  readonly isCa: boolean;
  /** Issuer and subject are equal, and its own key verifies its signature. */
  readonly isSelfSigned: boolean;
  /** Null when the key is of a kind that this program cannot read. */
  readonly key: PublicKeyFacts | null;
  readonly signature: SignatureFacts;
  /** Null when they cannot be read. */
  readonly extensions: CertificateExtensions | null;
  /** By name, key identifier and key usage, and by the signature itself. */
  isIssuedBy(issuer: Certificate): boolean;
}

/** Why a file contains no readable certificate. */
export type CertificateProblem =
  /** What kept the file from being read. */
  | "noName"
  | "noSuchFile"
  | "denied"
  | "folder"
  | "notAFile"
  | "outside"
  | "tooLarge"
  | "unreadable"
  /** What it contains instead of PEM certificates. */
  | "empty"
  | "der"
  | "pkcs12"
  | "pkcs7"
  | "binary"
  | "wide"
  | "truncated"
  | "damaged"
  | "privateKey"
  | "encryptedPrivateKey"
  | "request"
  | "noCertificate";

/** A certificate file, as it was read. */
export interface CertificateFile {
  /** As the deployment writes it. */
  readonly path: string;
  readonly problem: CertificateProblem | null;
  /** The line of the PEM block that has the problem; null when the file as a whole has it. */
  readonly line: number | null;
  /** In the order of the file; empty when there is a problem. */
  readonly certificates: readonly Certificate[];
  /** Whether the file contains a private key, unencrypted or encrypted. The key itself is never kept. */
  readonly privateKey: "none" | "clear" | "encrypted";
}

/** Whether a certificate is valid at a time. The last second belongs to it, hence the thousand ms. */
export function validityAt(certificate: Certificate, now: number): "valid" | "expired" | "not-yet-valid" | "unknown" {
  if (certificate.validity === null) return "unknown";
  const { from, to } = certificate.validity;
  if (now >= to + 1000) return "expired";
  return now < from ? "not-yet-valid" : "valid";
}

/**
 * The node's own certificate among those of its file: the first one, unless that is a CA's and another one is not. A
 * wrong order is a separate error and must not make every other check evaluate the wrong certificate.
 */
export function leafOf(certificates: readonly Certificate[]): Certificate | undefined {
  return (
    certificates.find(({ isCa, isSelfSigned }) => !isCa && !isSelfSigned) ??
    certificates.find(({ isCa }) => !isCa) ??
    certificates[0]
  );
}
