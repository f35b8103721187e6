import type { X509Certificate } from "node:crypto";

import type { ServedCertificate, TlsProblem } from "../../engine/api/question.ts";
import { namesCover, parseSubjectAltNames } from "../../values/network/subject-alt-names.ts";
import { certificateExtensions } from "../../values/x509/certificate-extensions.ts";
import { isRejected, type UsageFaultKind, usageFaults } from "../../values/x509/server-usage.ts";
import { signatureFacts } from "../../values/x509/signature-facts.ts";
import { weakHash, weakKey } from "../../values/x509/strength.ts";
import { isIssuedBy, isSelfSigned, isSignedBy, keyFacts, nameInOneLine } from "../../values/x509/x509.ts";

/** What a served chain is checked against. */
export interface EvaluationContext {
  /** The name or address that the user configured. */
  readonly name: string;
  /** ms since 1970. */
  readonly now: number;
  readonly anchors: TrustAnchors;
}

/** The trusted certificates: each ends a chain, whether it is self-signed or not. */
export interface TrustAnchors {
  /** Those whose subject is the issuer name of the certificate. */
  issuersOf(certificate: X509Certificate): readonly X509Certificate[];
  has(certificate: X509Certificate): boolean;
}

export interface Evaluation {
  /** The first of the problems. */
  readonly reason: "trusted" | TlsProblem;
  /** All problems, in the order of `PRECEDENCE`. */
  readonly problems: readonly TlsProblem[];
  /** One sentence for each problem; null when the chain is trusted. */
  readonly detail: string | null;
  /** The leaf. */
  readonly certificate: ServedCertificate;
  /** The earliest end of validity in the chain: RFC 3339, UTC; null when one cannot be read. */
  readonly valid_until: string | null;
}

/**
 * The order in which problems are named. Dates first: they are certain regardless of the issuer, and renewal comes
 * before anything else. The name is certain too. Trust comes last, as it depends on the list of trusted certificates.
 */
const PRECEDENCE: readonly TlsProblem[] = [
  "expired",
  "not-yet-valid",
  "name-mismatch",
  "wrong-usage",
  "incomplete-chain",
  "untrusted",
  "weak-key",
  "weak-signature",
  "unusual-usage",
];

type Problem = readonly [TlsProblem, string];

/**
 * Verifies the certificates that a server sent, the leaf first, the others in any order (RFC 8446 section 4.4.2), as
 * `openssl verify -purpose sslserver` does. Pure, and independent of the OpenSSL in this version of Node, whose
 * verdicts depend on the version.
 */
export function verifyChain(
  leaf: X509Certificate,
  others: readonly X509Certificate[],
  { name, now, anchors }: EvaluationContext,
): Evaluation {
  const certificate = describe(leaf);
  const path = findPath(leaf, others, now, anchors);
  const found: Problem[] = path.certificates.flatMap((one) => dateProblems(one, now));
  if (!namesCover({ dns: certificate.dns_names, ip: certificate.ip_addresses }, name)) {
    found.push(["name-mismatch", `The certificate is not for ${name}.`]);
  }
  if (path.problem !== null) found.push(path.problem);
  found.push(...usageProblems(path.certificates), ...path.certificates.flatMap(strengthProblems));

  const problems = PRECEDENCE.filter((problem) => found.some(([kind]) => kind === problem));
  const sentences = problems.flatMap((problem) => found.filter(([kind]) => kind === problem).map(([, text]) => text));
  return {
    reason: problems[0] ?? "trusted",
    problems,
    detail: sentences.length === 0 ? null : sentences.join(" "),
    certificate,
    valid_until: earliestEnd(path.certificates),
  };
}

interface Path {
  /** From the leaf up, as far as issuers are known. */
  readonly certificates: readonly X509Certificate[];
  /** Why the path ends before a trusted certificate, or null. */
  readonly problem: Problem | null;
}

/**
 * Builds the path from the leaf to the first trusted issuer. If the path ends without one, a self-signed certificate is
 * untrusted, and so is a CA above the leaf whose issuer is missing: a server need not send its root (RFC 8446 section
 * 4.4.2), so such a chain may be complete. A leaf whose issuer is unknown was sent without its chain.
 */
function findPath(leaf: X509Certificate, others: readonly X509Certificate[], now: number, anchors: TrustAnchors): Path {
  const certificates: X509Certificate[] = [];
  let top = leaf;
  for (;;) {
    certificates.push(top);
    if (anchors.has(top)) return { certificates, problem: null };
    const anchor = pickIssuer(top, anchors.issuersOf(top), now);
    if (anchor !== null) return { certificates: [...certificates, anchor], problem: null };
    if (isSelfSigned(top)) return { certificates, problem: ["untrusted", selfSignedText(top, leaf)] };
    const unused = others.filter((other) => !certificates.some((used) => used.raw.equals(other.raw)));
    const cas = unused.filter((other) => other.ca);
    const issuer = pickIssuer(top, cas, now);
    if (issuer === null) {
      const signer = unused.find((other) => top.issuer === other.subject && isSignedBy(top, other));
      return { certificates, problem: signer === undefined ? missingIssuer(top, leaf) : unfitIssuer(signer) };
    }
    top = issuer;
  }
}

/** The issuer among the candidates; of several, one that is valid now (a renewed CA keeps its name and key). */
function pickIssuer(
  certificate: X509Certificate,
  candidates: readonly X509Certificate[],
  now: number,
): X509Certificate | null {
  const issuers = candidates.filter((candidate) => isIssuedBy(certificate, candidate));
  return issuers.find((issuer) => dateProblems(issuer, now).length === 0) ?? issuers[0] ?? null;
}

function selfSignedText(top: X509Certificate, leaf: X509Certificate): string {
  return top === leaf
    ? "The certificate is self-signed."
    : `The chain ends in a CA that is not trusted: ${nameInOneLine(top.subject)}.`;
}

function missingIssuer(top: X509Certificate, leaf: X509Certificate): Problem {
  const issuer = nameInOneLine(top.issuer);
  return top === leaf || !top.ca
    ? ["incomplete-chain", `The server does not send the issuer of its certificate: ${issuer}.`]
    : ["untrusted", `The issuer at the end of the chain is neither sent nor trusted: ${issuer}.`];
}

/** A sent certificate that may not sign certificates (RFC 5280 sections 4.2.1.3 and 4.2.1.9). */
function unfitIssuer(issuer: X509Certificate): Problem {
  return ["untrusted", `The certificate ${nameInOneLine(issuer.subject)}, which signed it, is not a CA certificate.`];
}

function usageProblems(path: readonly X509Certificate[]): readonly Problem[] {
  const facts = path.map((certificate) => ({
    extensions: certificateExtensions(certificate.raw),
    names: parseSubjectAltNames(certificate.subjectAltName),
    subject: certificate.subject,
    issuer: certificate.issuer,
    isCa: certificate.ca,
    isSelfSigned: isSelfSigned(certificate),
  }));
  return usageFaults(facts).map((fault): Problem => {
    const whose = nameInOneLine(path[fault.index]?.subject) || "without a subject";
    return [
      isRejected(fault) ? "wrong-usage" : "unusual-usage",
      `The certificate ${whose} ${USAGE[fault.kind]}${fault.detail === "" ? "" : ` (${fault.detail})`}.`,
    ];
  });
}

const USAGE: Readonly<Record<UsageFaultKind, string>> = {
  noServerAuth: "is not for TLS servers by its extended key usage",
  noServerKeyUsage: "cannot be used in a TLS handshake by its key usage",
  unknownCritical: "has an unknown critical extension",
  nameConstraint: "does not permit a name below it",
  pathLength: "allows fewer CAs below it",
  anyExtendedKeyUsage: "has anyExtendedKeyUsage and not serverAuth",
  caLeaf: "is a CA certificate",
};

/** A key or signature that is too weak; that of a root is not checked, as it is trusted by configuration. */
function strengthProblems(certificate: X509Certificate, index: number): readonly Problem[] {
  const whose = nameInOneLine(certificate.subject) || "without a subject";
  const problems: Problem[] = [];
  const key = weakKey(keyFacts(certificate));
  if (key === "unknown") problems.push(["weak-key", `The key of the certificate ${whose} is of an unknown kind.`]);
  else if (key !== null) {
    const { type, bits, limit } = key;
    problems.push(["weak-key", `The certificate ${whose} has a key of ${bits} bits (${type}), fewer than ${limit}.`]);
  }
  const hash = index > 0 && isSelfSigned(certificate) ? null : weakHash(signatureFacts(certificate.raw));
  if (hash !== null) {
    const by = hash === "unknown" ? "an unknown algorithm" : hash;
    problems.push(["weak-signature", `The certificate ${whose} is signed with ${by}.`]);
  }
  return problems;
}

function earliestEnd(path: readonly X509Certificate[]): string | null {
  const ends = path.map(({ validTo }) => Date.parse(validTo));
  return isoTime(Math.min(...ends));
}

function dateProblems(certificate: X509Certificate, now: number): readonly Problem[] {
  const from = Date.parse(certificate.validFrom);
  const to = Date.parse(certificate.validTo);
  const whose = nameInOneLine(certificate.subject) || "without a subject";
  if (Number.isNaN(from) || Number.isNaN(to)) {
    return [["untrusted", `The certificate ${whose} has dates that cannot be read.`]];
  }
  // Both ends are inclusive (RFC 5280 section 4.1.2.5), in whole seconds.
  if (now >= to + 1000) return [["expired", `The certificate ${whose} expired on ${isoDate(to)}.`]];
  if (now < from) return [["not-yet-valid", `The certificate ${whose} is valid only from ${isoDate(from)}.`]];
  return [];
}

function describe(leaf: X509Certificate): ServedCertificate {
  const names = parseSubjectAltNames(leaf.subjectAltName);
  return {
    subject: nameInOneLine(leaf.subject),
    issuer: nameInOneLine(leaf.issuer),
    not_before: isoTime(Date.parse(leaf.validFrom)),
    not_after: isoTime(Date.parse(leaf.validTo)),
    dns_names: names.dns,
    ip_addresses: names.ip,
    self_signed: isSelfSigned(leaf),
  };
}

function isoTime(ms: number): string | null {
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

function isoDate(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
