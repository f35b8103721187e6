import { X509Certificate } from "node:crypto";
import type { Certificate } from "../../site/deployment/certificate.ts";
import { parseSubjectAltNames, type SubjectAltNames } from "../../values/network/subject-alt-names.ts";
import { certificateExtensions, type CertificateExtensions } from "../../values/x509/certificate-extensions.ts";
import { signatureFacts, type SignatureFacts } from "../../values/x509/signature-facts.ts";
import type { PublicKeyFacts } from "../../values/x509/strength.ts";
import { isIssuedBy, isSelfSigned, keyFacts, nameInOneLine } from "../../values/x509/x509.ts";

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
  readonly extensions: CertificateExtensions | null;
  readonly #x509: X509Certificate;

  private constructor(x509: X509Certificate) {
    this.#x509 = x509;
    this.fingerprint = x509.fingerprint256.replaceAll(":", "").toLowerCase();
    this.subject = nameInOneLine(x509.subject);
    this.issuer = nameInOneLine(x509.issuer);
    this.name = commonName(x509.subject) ?? this.subject;
    this.names = parseSubjectAltNames(x509.subjectAltName);
    this.validity = validityOf(x509);
    this.isCa = x509.ca;
    this.isSelfSigned = isSelfSigned(x509);
    this.key = keyFacts(x509);
    this.signature = signatureFacts(x509.raw);
    this.extensions = certificateExtensions(x509.raw);
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
    return isIssuedBy(this.#x509, issuer.#x509);
  }
}

function validityOf({ validFrom, validTo }: X509Certificate): Certificate["validity"] {
  const from = Date.parse(validFrom);
  const to = Date.parse(validTo);
  return Number.isNaN(from) || Number.isNaN(to) ? null : { from, to };
}

function commonName(subject: string | undefined): string | null {
  return /^CN=(.+)$/m.exec(subject ?? "")?.[1] ?? null;
}
