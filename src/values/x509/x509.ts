import type { X509Certificate } from "node:crypto";
import type { PublicKeyFacts } from "./strength.ts";

/** Whether the key of one certificate made the signature of another. */
export function isSignedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.verify(issuer.publicKey);
  } catch {
    // A key of an unknown kind, or an invalid signature: nothing is proven.
    return false;
  }
}

/** By name, key identifier and key usage (`checkIssued`), and by the signature itself. */
export function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && isSignedBy(certificate, issuer);
}

/** Not `checkIssued`: a self-signed certificate of a server often lacks the key usage of a CA. */
export function isSelfSigned(certificate: X509Certificate): boolean {
  return certificate.subject === certificate.issuer && isSignedBy(certificate, certificate);
}

/** Kind and size of the key; null when it is of a kind that this version of OpenSSL cannot read. */
export function keyFacts(certificate: X509Certificate): PublicKeyFacts | null {
  try {
    const { asymmetricKeyType: type, asymmetricKeyDetails: details } = certificate.publicKey;
    if (type === undefined) return null;
    // The names of curves contain their size: prime256v1, secp384r1, brainpoolP512t1.
    const curve = /\d{3}/.exec(details?.namedCurve ?? "")?.[0];
    return { type, bits: details?.modulusLength ?? (curve === undefined ? null : Number(curve)) };
  } catch {
    return null;
  }
}

/** Node writes a name one attribute a line, with control characters escaped; a certificate may have none. */
export function nameInOneLine(name: string | undefined): string {
  return (name ?? "").split("\n").join(", ");
}
