import { parseIpAddress } from "../network/ip-address.ts";
import type { SubjectAltNames } from "../network/subject-alt-names.ts";
import type { CertificateExtensions, NameConstraint, NameConstraints } from "./certificate-extensions.ts";

/** Extended key usages (RFC 5280 section 4.2.1.12); the last one was used for servers before the standard. */
const SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
const CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
const ANY_EXTENDED_KEY_USAGE = "2.5.29.37.0";
const SERVER_GATED_CRYPTO = ["1.3.6.1.4.1.311.10.3.3", "2.16.840.1.113730.4.1"];

/** The facts that determine the permitted use of a certificate. */
export interface UsageFacts {
  /** Null when they cannot be read. */
  readonly extensions: CertificateExtensions | null;
  readonly names: SubjectAltNames;
  readonly subject: string;
  readonly issuer: string;
  readonly isCa: boolean;
  readonly isSelfSigned: boolean;
}

/** Why a certificate cannot, or should not, be used by a TLS server. */
export type UsageFaultKind =
  /** Extended key usages without that for servers. */
  | "noServerAuth"
  /** Key usages without one that a handshake needs. */
  | "noServerKeyUsage"
  | "unknownCritical"
  | "nameConstraint"
  | "pathLength"
  /** It is not wrong by RFC 5280, and some clients reject it. */
  | "anyExtendedKeyUsage"
  | "caLeaf";

export interface UsageFault {
  readonly kind: UsageFaultKind;
  /** Which certificate of the path, from 0. */
  readonly index: number;
  /** What is not allowed: an identifier, a name, a number. */
  readonly detail: string;
}

/** Whether clients reject the certificate because of the fault. */
export function isRejected({ kind }: UsageFault): boolean {
  return kind !== "anyExtendedKeyUsage" && kind !== "caLeaf";
}

/**
 * What is wrong with the use of the certificates of a path, from the server's own up: what `openssl verify -purpose
 * sslserver` checks (RFC 5280 section 6.1). An absent extension allows everything. Certificates whose extensions cannot be
 * read are passed over; see `UsageFacts`.
 */
export function usageFaults(path: readonly UsageFacts[]): readonly UsageFault[] {
  const [leaf] = path;
  if (leaf === undefined) return [];
  const faults = path.flatMap((certificate, index) => ownFaults(certificate, index));
  const usage = leaf.extensions?.keyUsage ?? null;
  const isServerKey =
    usage === null ||
    usage.some((one) => one === "digitalSignature" || (one.startsWith("key") && one !== "keyCertSign"));
  if (!isServerKey) faults.push({ kind: "noServerKeyUsage", index: 0, detail: usage.join(", ") });
  if (leaf.isCa && !leaf.isSelfSigned) faults.push({ kind: "caLeaf", index: 0, detail: "" });
  return [...faults, ...pathLengthFaults(path), ...nameFaults(path)];
}

/** Whether a certificate may also be used by a client, as nodes do when they call each other over TLS. */
export function allowsClient(extensions: CertificateExtensions): boolean {
  const usages = extensions.extendedKeyUsage;
  return usages === null || usages.includes(CLIENT_AUTH) || usages.includes(ANY_EXTENDED_KEY_USAGE);
}

function ownFaults({ extensions }: UsageFacts, index: number): UsageFault[] {
  if (extensions === null) return [];
  const faults: UsageFault[] = extensions.unknownCritical.map((detail) => ({ kind: "unknownCritical", index, detail }));
  const usages = extensions.extendedKeyUsage;
  if (usages !== null && ![SERVER_AUTH, ...SERVER_GATED_CRYPTO].some((usage) => usages.includes(usage))) {
    const isAny = usages.includes(ANY_EXTENDED_KEY_USAGE);
    faults.push({ kind: isAny ? "anyExtendedKeyUsage" : "noServerAuth", index, detail: usages.join(", ") });
  }
  return faults;
}

/** The path length limits the number of CAs that are not self-issued below a CA (section 4.2.1.9). */
function pathLengthFaults(path: readonly UsageFacts[]): readonly UsageFault[] {
  return path.flatMap(({ extensions }, index): readonly UsageFault[] => {
    const most = index === 0 ? null : (extensions?.pathLength ?? null);
    const below = path.slice(1, index).filter((one) => !isSelfIssued(one)).length;
    return most !== null && below > most ? [{ kind: "pathLength", index, detail: String(most) }] : [];
  });
}

function nameFaults(path: readonly UsageFacts[]): readonly UsageFault[] {
  return path.flatMap(({ extensions }, index): readonly UsageFault[] => {
    const constraints = extensions?.nameConstraints ?? null;
    if (constraints === null) return [];
    const detail = path
      .slice(0, index)
      .flatMap((one, at) => (at > 0 && isSelfIssued(one) ? [] : namesOf(one, at)))
      .find((name) => !isPermitted(name, constraints));
    return detail === undefined ? [] : [{ kind: "nameConstraint", index, detail: detail.text }];
  });
}

function isSelfIssued({ subject, issuer }: UsageFacts): boolean {
  return subject === issuer;
}

type Name = { readonly text: string } & (
  { readonly kind: "dns" | "ip" | "email" } | { readonly kind: "directory"; readonly parts: readonly string[] }
);

/** Attributes of a distinguished name, in the form of `CertificateExtensions.subject`. */
const COMMON_NAME = "2.5.4.3=";
const EMAIL_ADDRESS = "1.2.840.113549.1.9.1=";

/**
 * The names that constraints are about. The e-mail addresses of the subject count too (RFC 5280 section 4.2.1.10), and, as
 * `openssl verify` has it, a server's common name that is a host name where no dNSName is given.
 */
function namesOf({ extensions, names, subject }: UsageFacts, index: number): readonly Name[] {
  const parts = extensions?.subject ?? [];
  const attributes = (prefix: string) =>
    parts
      .flatMap((part) => part.split("+"))
      .flatMap((attribute) => (attribute.startsWith(prefix) ? [attribute.slice(prefix.length)] : []));
  const hostNames = index > 0 || names.dns.length > 0 ? [] : attributes(COMMON_NAME).filter((text) => HOST.test(text));
  return [
    ...hostNames.map((text) => ({ kind: "dns" as const, text })),
    ...[...names.email, ...attributes(EMAIL_ADDRESS)].map((text) => ({ kind: "email" as const, text })),
    ...(parts.length === 0 ? [] : [{ kind: "directory" as const, text: subject, parts }]),
    ...names.dns.map((text) => ({ kind: "dns" as const, text })),
    ...names.ip.map((text) => ({ kind: "ip" as const, text })),
  ];
}

/** At least two labels. */
const HOST = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)+$/;

/** If names of a kind are permitted, one of them must contain the name; none of the excluded ones may. */
function isPermitted(name: Name, { permitted, excluded }: NameConstraints): boolean {
  const ofKind = permitted.filter(({ kind }) => kind === name.kind);
  if (ofKind.length > 0 && !ofKind.some((base) => isBelow(name, base))) return false;
  return !excluded.some((base) => isBelow(name, base));
}

function isBelow(name: Name, constraint: NameConstraint): boolean {
  switch (constraint.kind) {
    case "dns": {
      if (name.kind !== "dns") return false;
      const { base } = constraint;
      return base === "" || name.text === base || name.text.endsWith(base.startsWith(".") ? base : `.${base}`);
    }
    case "email": {
      if (name.kind !== "email") return false;
      const at = name.text.lastIndexOf("@");
      const host = name.text.slice(at + 1).toLowerCase();
      const base = constraint.base.slice(constraint.base.lastIndexOf("@") + 1).toLowerCase();
      // A mailbox, whose local part is compared as it is; a domain with the hosts below it; or one host.
      if (constraint.base.includes("@")) {
        return host === base && constraint.base.slice(0, -base.length) === name.text.slice(0, at + 1);
      }
      return base.startsWith(".") ? host.endsWith(base) : host === base;
    }
    case "ip": {
      const address = name.kind === "ip" ? parseIpAddress(name.text) : null;
      if (address?.version !== constraint.version) return false;
      return (address.value & constraint.mask) === (constraint.value & constraint.mask);
    }
    case "directory":
      return name.kind === "directory" && constraint.base.every((part, index) => part === name.parts[index]);
    case "other":
      return false;
  }
}
