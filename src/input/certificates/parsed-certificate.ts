import { X509Certificate } from "node:crypto";
import type { Certificate, PublicKeyFacts, SignatureFacts } from "../../site/deployment/certificate.ts";
import { parseSubjectAltNames, type SubjectAltNames } from "../../values/network/subject-alt-names.ts";
import { signatureFacts } from "./signature-facts.ts";

/** A certificate that was read. */
export class ParsedCertificate implements Certificate {
  readonly fingerprint: string;
  readonly name: string;
  readonly subject: string;
  readonly issuer: string;
  readonly names: SubjectAltNames;
  readonly validity: Certificate["validity"];
  readonly isCa: boolean;
  readonly isSelfSigned: boolean;
  readonly key: PublicKeyFacts | null;
  readonly signature: SignatureFacts;
  readonly #x509: X509Certificate;

  private constructor(x509: X509Certificate) {
    this.#x509 = x509;
    this.fingerprint = x509.fingerprint256.replaceAll(":", "").toLowerCase();
    this.subject = oneLine(x509.subject);
    this.issuer = oneLine(x509.issuer);
    this.name = commonName(x509.subject) ?? this.subject;
    this.names = parseSubjectAltNames(x509.subjectAltName);
    this.validity = validityOf(x509);
    this.isCa = x509.ca;
    // Not `checkIssued`: a self-signed certificate of a server often lacks the key usage of a CA.
    this.isSelfSigned = x509.subject === x509.issuer && isSignedBy(x509, x509);
    this.key = keyFacts(x509);
    this.signature = signatureFacts(x509.raw);
  }

  /** From DER bytes; null when they are no certificate, or more than one. */
  static from(der: Buffer): ParsedCertificate | null {
    try {
      const x509 = new X509Certificate(der);
      return x509.raw.length === der.length ? new ParsedCertificate(x509) : null;
    } catch {
      return null;
    }
  }

  get pem(): string {
    return this.#x509.toString();
  }

  isIssuedBy(issuer: Certificate): boolean {
    // Certificates of one run come from this class alone.
    if (!(issuer instanceof ParsedCertificate)) return false;
    return this.#x509.checkIssued(issuer.#x509) && isSignedBy(this.#x509, issuer.#x509);
  }
}

function isSignedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.verify(issuer.publicKey);
  } catch {
    // A key of an unknown kind, or a signature that is none: nothing is proven.
    return false;
  }
}

function keyFacts(x509: X509Certificate): PublicKeyFacts | null {
  try {
    const { asymmetricKeyType: type, asymmetricKeyDetails: details } = x509.publicKey;
    if (type === undefined) return null;
    // The names of curves carry their size: prime256v1, secp384r1, brainpoolP512t1.
    const curve = /\d{3}/.exec(details?.namedCurve ?? "")?.[0];
    return { type, bits: details?.modulusLength ?? (curve === undefined ? null : Number(curve)) };
  } catch {
    return null;
  }
}

function validityOf({ validFrom, validTo }: X509Certificate): Certificate["validity"] {
  const from = Date.parse(validFrom);
  const to = Date.parse(validTo);
  return Number.isNaN(from) || Number.isNaN(to) ? null : { from, to };
}

/** Node writes a name one attribute a line, with control characters escaped; a certificate may have none. */
function oneLine(name: string | undefined): string {
  return (name ?? "").split("\n").join(", ");
}

function commonName(subject: string | undefined): string | null {
  return /^CN=(.+)$/m.exec(subject ?? "")?.[1] ?? null;
}
