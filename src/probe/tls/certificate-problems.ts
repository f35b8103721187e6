import type { X509Certificate } from "node:crypto";

import type { ServedCertificate, TlsProblem } from "../../engine/api/question.ts";
import { namesCover, parseSubjectAltNames } from "../../values/network/subject-alt-names.ts";

/** What a served chain is held against. */
export interface EvaluationContext {
  /** The name or address that the user configured. */
  readonly name: string;
  /** ms since 1970. */
  readonly now: number;
  readonly anchors: TrustAnchors;
  /** What OpenSSL found during the handshake (`authorizationError`), or null when it found nothing. */
  readonly openssl: string | null;
}

/** The certificates that are trusted: each ends a chain, whether it is self-signed or not. */
export interface TrustAnchors {
  /** Those whose subject is the issuer's name of the certificate. */
  issuersOf(certificate: X509Certificate): readonly X509Certificate[];
  has(certificate: X509Certificate): boolean;
}

export interface Evaluation {
  /** The first of the problems. */
  readonly reason: "trusted" | TlsProblem;
  /** All that is wrong, in the order of `PRECEDENCE`. */
  readonly problems: readonly TlsProblem[];
  /** One sentence for each problem; null when the chain is trusted. */
  readonly detail: string | null;
  /** The leaf. */
  readonly certificate: ServedCertificate;
}

/**
 * What is named first when several things are wrong. Dates first: they are certain whoever issued the certificate, and
 * renewing it comes before anything else. The name is certain too. Trust comes last, as it depends on our own list.
 */
const PRECEDENCE: readonly TlsProblem[] = [
  "expired",
  "not-yet-valid",
  "name-mismatch",
  "incomplete-chain",
  "untrusted",
];

/**
 * Findings of OpenSSL that are checked here instead: building the chain (it does not accept an intermediate as an anchor)
 * and dates (it knows only this machine's clock). Anything else, such as a wrong purpose, a violated name constraint or
 * a weak key, makes the chain untrusted.
 */
const CHECKED_HERE: readonly string[] = [
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "CERT_HAS_EXPIRED",
  "CERT_NOT_YET_VALID",
];

type Problem = readonly [TlsProblem, string];

/**
 * Verifies the certificates that a server sent, the leaf first, the others in any order (RFC 8446 section 4.4.2). Pure.
 */
export function verifyChain(
  leaf: X509Certificate,
  others: readonly X509Certificate[],
  { name, now, anchors, openssl }: EvaluationContext,
): Evaluation {
  const certificate = describe(leaf);
  const path = findPath(leaf, others, now, anchors);
  const found: Problem[] = path.certificates.flatMap((one) => dateProblems(one, now));
  if (!namesCover({ dns: certificate.dns_names, ip: certificate.ip_addresses }, name)) {
    found.push(["name-mismatch", `The certificate is not for ${name}.`]);
  }
  if (path.problem !== null) {
    found.push(path.problem);
  } else if (openssl !== null && !CHECKED_HERE.includes(openssl)) {
    found.push(["untrusted", `OpenSSL rejects the chain: ${openssl}.`]);
  }

  const problems = PRECEDENCE.filter((problem) => found.some(([kind]) => kind === problem));
  const sentences = problems.flatMap((problem) => found.filter(([kind]) => kind === problem).map(([, text]) => text));
  return {
    reason: problems[0] ?? "trusted",
    problems,
    detail: sentences.length === 0 ? null : sentences.join(" "),
    certificate,
  };
}

interface Path {
  /** From the leaf up, as far as issuers are known. */
  readonly certificates: readonly X509Certificate[];
  /** Why the path ends before a trusted certificate, or null. */
  readonly problem: Problem | null;
}

/**
 * Climbs from the leaf to the first trusted issuer. Where the climb ends without one, a self-signed certificate is
 * untrusted, and so is a CA above the leaf whose issuer is not there: a server need not send its root (RFC 8446 section
 * 4.4.2), so such a chain may be complete. A leaf whose issuer nobody knows was sent without its chain.
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

/** The issuer among the candidates, one that is valid now if there are several (a renewed CA keeps its name and key). */
function pickIssuer(
  certificate: X509Certificate,
  candidates: readonly X509Certificate[],
  now: number,
): X509Certificate | null {
  const issuers = candidates.filter((candidate) => isIssuedBy(certificate, candidate));
  return issuers.find((issuer) => dateProblems(issuer, now).length === 0) ?? issuers[0] ?? null;
}

/** By name, key id and key usage (`checkIssued`), and by the signature itself. */
function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && isSignedBy(certificate, issuer);
}

/** Not `checkIssued`: a self-signed certificate of a server often lacks the key usage of a CA. */
function isSelfSigned(certificate: X509Certificate): boolean {
  return certificate.subject === certificate.issuer && isSignedBy(certificate, certificate);
}

function isSignedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.verify(issuer.publicKey);
  } catch {
    // A key of an unknown kind, or a signature that is none: nothing is proven.
    return false;
  }
}

function selfSignedText(top: X509Certificate, leaf: X509Certificate): string {
  return top === leaf
    ? "The certificate is self-signed."
    : `The chain ends in a CA that is not trusted: ${oneLine(top.subject)}.`;
}

function missingIssuer(top: X509Certificate, leaf: X509Certificate): Problem {
  const issuer = oneLine(top.issuer);
  return top === leaf || !top.ca
    ? ["incomplete-chain", `The server does not send the issuer of its certificate: ${issuer}.`]
    : ["untrusted", `The chain ends below a CA that is neither sent nor trusted: ${issuer}.`];
}

/** Sent, and not allowed to sign certificates (RFC 5280 sections 4.2.1.3 and 4.2.1.9). */
function unfitIssuer(issuer: X509Certificate): Problem {
  return ["untrusted", `The certificate ${oneLine(issuer.subject)}, which signed it, is not that of a CA.`];
}

function dateProblems(certificate: X509Certificate, now: number): readonly Problem[] {
  const from = Date.parse(certificate.validFrom);
  const to = Date.parse(certificate.validTo);
  const whose = oneLine(certificate.subject) || "without a subject";
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
    subject: oneLine(leaf.subject),
    issuer: oneLine(leaf.issuer),
    not_before: isoTime(Date.parse(leaf.validFrom)),
    not_after: isoTime(Date.parse(leaf.validTo)),
    dns_names: names.dns,
    ip_addresses: names.ip,
    self_signed: isSelfSigned(leaf),
  };
}

/** Node writes a name one attribute a line, with control characters escaped; a certificate may have none. */
function oneLine(name: string | undefined): string {
  return (name ?? "").split("\n").join(", ");
}

function isoTime(ms: number): string | null {
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

function isoDate(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
