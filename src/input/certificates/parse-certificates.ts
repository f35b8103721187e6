import type { CertificateFile, CertificateProblem } from "../../site/deployment/certificate.ts";
import { derChildren, derElement, INTEGER, objectIdentifier, SEQUENCE } from "../../values/x509/der.ts";
import { ParsedCertificate } from "./parsed-certificate.ts";
import { decodeBase64, type PemBlock, pemBlocks } from "./pem.ts";

/** `X509 CERTIFICATE` is an older label of the same (RFC 7468 section 5.1). */
const CERTIFICATE = /^X\.?509 CERTIFICATE$|^CERTIFICATE$/;

/** Labels of blocks other than certificates (RFC 7468 sections 7, 8, 10, 11; OpenSSL's older labels). */
const OTHER_BLOCKS: readonly (readonly [RegExp, CertificateProblem])[] = [
  [/^(NEW )?CERTIFICATE REQUEST$/, "request"],
  [/^(PKCS7|CMS)$/, "pkcs7"],
];

/** Object identifiers of PKCS #7 content: data and signedData (RFC 2315 section 14). */
const PKCS7_DATA = "1.2.840.113549.1.7.1";
const PKCS7_SIGNED_DATA = "1.2.840.113549.1.7.2";

/** A file that could not be read. */
export function unreadableFile(path: string, problem: CertificateProblem): CertificateFile {
  return { path, problem, line: null, certificates: [], privateKey: "none" };
}

/** The certificates of a PEM file, or why there are none. Text between blocks, any line endings and a BOM are accepted. */
export function parseCertificates(path: string, bytes: Buffer): CertificateFile {
  const text = bytes.toString("latin1").replace(/^\u00ef\u00bb\u00bf/, "");
  if (text.trim() === "") return unreadableFile(path, "empty");
  const blocks = pemBlocks(text);
  if (blocks.length === 0) return unreadableFile(path, withoutBlocks(bytes));

  const privateKey = privateKeyIn(blocks);
  const failed = (problem: CertificateProblem, line: number | null): CertificateFile => ({
    ...{ path, problem, line, privateKey },
    certificates: [],
  });
  const certificates: ParsedCertificate[] = [];
  for (const { label, line, body } of blocks) {
    if (!CERTIFICATE.test(label)) continue;
    if (body === null) return failed("truncated", line);
    const der = decodeBase64(body);
    const certificate = der === null ? null : ParsedCertificate.from(der);
    if (certificate === null) return failed("damaged", line);
    certificates.push(certificate);
  }
  if (certificates.length > 0) return { path, problem: null, line: null, certificates, privateKey };

  const other = OTHER_BLOCKS.find(([pattern]) => blocks.some(({ label }) => pattern.test(label)));
  if (other !== undefined) return failed(other[1], null);
  if (privateKey === "none") return failed("noCertificate", null);
  return failed(privateKey === "clear" ? "privateKey" : "encryptedPrivateKey", null);
}

/** PKCS #8 marks encryption in the label, OpenSSL's older form in a header (RFC 1421 section 4.6.1.1). */
function privateKeyIn(blocks: readonly PemBlock[]): CertificateFile["privateKey"] {
  const keys = blocks.filter(({ label }) => label.endsWith("PRIVATE KEY"));
  if (keys.length === 0) return "none";
  const isEncrypted = ({ label, body }: PemBlock) =>
    label === "ENCRYPTED PRIVATE KEY" || /^\s*Proc-Type:\s*4,\s*ENCRYPTED/m.test(body ?? "");
  return keys.every(isEncrypted) ? "encrypted" : "clear";
}

/** The kind of a file without PEM blocks. */
function withoutBlocks(bytes: Buffer): CertificateProblem {
  if (/^(?:fffe|feff|00[^0].|[^0].00)/.test(bytes.toString("hex", 0, 4))) return "wide";
  const outer = derElement(bytes, 0);
  if (outer?.tag === SEQUENCE) {
    if (ParsedCertificate.from(bytes.subarray(0, outer.end)) !== null) return "der";
    const [first, second] = derChildren(bytes, outer, 2);
    if (objectIdentifier(bytes, first) === PKCS7_SIGNED_DATA) return "pkcs7";
    // PFX ::= SEQUENCE { version INTEGER (v3), authSafe ContentInfo … } (RFC 7292 section 4)
    const isVersion3 = first?.tag === INTEGER && first.end - first.start === 1 && bytes[first.start] === 3;
    const content = second === undefined ? null : objectIdentifier(bytes, derChildren(bytes, second, 1)[0]);
    if (isVersion3 && (content === PKCS7_DATA || content === PKCS7_SIGNED_DATA)) return "pkcs12";
  }
  return bytes.includes(0) ? "binary" : "noCertificate";
}
