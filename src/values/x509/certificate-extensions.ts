import { derChildren, type DerElement, derElement, INTEGER, objectIdentifier, SEQUENCE } from "./der.ts";

/** The bits of keyUsage in their order (RFC 5280 section 4.2.1.3). */
const KEY_USAGES = [
  "digitalSignature",
  "nonRepudiation",
  "keyEncipherment",
  "dataEncipherment",
  "keyAgreement",
  "keyCertSign",
  "cRLSign",
  "encipherOnly",
  "decipherOnly",
] as const;

type KeyUsage = (typeof KEY_USAGES)[number];

/** The extensions that restrict the use of a certificate's key; null if an extension is absent. */
export interface CertificateExtensions {
  /** How many CAs may follow below it in a chain; null = any number. */
  readonly pathLength: number | null;
  readonly keyUsage: readonly KeyUsage[] | null;
  /** Object identifiers. */
  readonly extendedKeyUsage: readonly string[] | null;
  /** The names that a CA may certify. */
  readonly nameConstraints: NameConstraints | null;
  /** Object identifiers of critical extensions that this program does not know. */
  readonly unknownCritical: readonly string[];
  /** The subject's relative distinguished names, in a form in which equal ones are equal texts. */
  readonly subject: readonly string[];
}

export interface NameConstraints {
  readonly permitted: readonly NameConstraint[];
  readonly excluded: readonly NameConstraint[];
}

/** `other` represents kinds of names that certificates of TLS servers do not have, such as URIs. */
export type NameConstraint =
  | { readonly kind: "dns"; readonly base: string }
  | { readonly kind: "email"; readonly base: string }
  | { readonly kind: "ip"; readonly version: 4 | 6; readonly value: bigint; readonly mask: bigint }
  | { readonly kind: "directory"; readonly base: readonly string[] }
  | { readonly kind: "other" };

const KEY_USAGE = "2.5.29.15";
const BASIC_CONSTRAINTS = "2.5.29.19";
const NAME_CONSTRAINTS = "2.5.29.30";
const EXTENDED_KEY_USAGE = "2.5.29.37";

/** Extensions that may be critical: those of RFC 5280 section 4.2 that a client of a TLS server evaluates or may ignore. */
const KNOWN: ReadonlySet<string> = new Set([
  ...[KEY_USAGE, BASIC_CONSTRAINTS, NAME_CONSTRAINTS, EXTENDED_KEY_USAGE],
  // Subject and authority key identifier, subject alternative name, CRL distribution points.
  ...["2.5.29.14", "2.5.29.35", "2.5.29.17", "2.5.29.31"],
  // Certificate policies, their mappings, their constraints, inhibit anyPolicy.
  ...["2.5.29.32", "2.5.29.33", "2.5.29.36", "2.5.29.54"],
  // Netscape certificate type, and OCSP no check (RFC 6960 section 4.2.2.2.1).
  ...["2.16.840.1.113730.1.1", "1.3.6.1.5.5.7.48.1.5"],
]);

const BOOLEAN = 0x01;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const BMP_STRING = 0x1e;
/** `[3] extensions` of TBSCertificate (RFC 5280 section 4.1). */
const EXTENSIONS = 0xa3;
const VERSION = 0xa0;
const MOST = 1000;

/** The extensions of a certificate, from its DER form; null if they cannot be read. */
export function certificateExtensions(der: Uint8Array): CertificateExtensions | null {
  const certificate = derElement(der, 0);
  const body = certificate === null ? undefined : derChildren(der, certificate, 1)[0];
  if (body?.tag !== SEQUENCE) return null;
  const parts = derChildren(der, body, 12);
  // version (absent in version 1), serialNumber, signature, issuer, validity, subject
  const subject = parts[parts[0]?.tag === VERSION ? 5 : 4];
  const wrapped = parts.find(({ tag }) => tag === EXTENSIONS);
  const list = wrapped === undefined ? undefined : derChildren(der, wrapped, 1)[0];
  const reader = new ExtensionReader(der);
  for (const extension of list === undefined ? [] : derChildren(der, list, MOST)) {
    if (!reader.read(extension)) return null;
  }
  if (subject === undefined) return null;
  return { ...reader.found, unknownCritical: reader.unknownCritical, subject: distinguishedName(der, subject) };
}

class ExtensionReader {
  found: Omit<CertificateExtensions, "unknownCritical" | "subject"> = {
    ...{ pathLength: null, keyUsage: null, extendedKeyUsage: null, nameConstraints: null },
  };
  readonly unknownCritical: string[] = [];

  constructor(private readonly der: Uint8Array) {}

  /** False when the extension is malformed. */
  read(extension: DerElement): boolean {
    const parts = derChildren(this.der, extension, 3);
    const oid = objectIdentifier(this.der, parts[0]);
    const value = parts.at(-1);
    if (oid === null || value?.tag !== OCTET_STRING) return false;
    const isCritical = parts[1]?.tag === BOOLEAN && this.der[parts[1].start] !== 0;
    const content = derElement(this.der, value.start, value.end);
    switch (oid) {
      case KEY_USAGE:
        if (content?.tag !== BIT_STRING) return false;
        this.found = { ...this.found, keyUsage: keyUsages(this.der.subarray(content.start, content.end)) };
        return true;
      case BASIC_CONSTRAINTS:
        if (content?.tag !== SEQUENCE) return false;
        this.found = { ...this.found, pathLength: this.#pathLength(content) };
        return true;
      case EXTENDED_KEY_USAGE: {
        if (content?.tag !== SEQUENCE) return false;
        const usages = derChildren(this.der, content, MOST).map((usage) => objectIdentifier(this.der, usage));
        this.found = { ...this.found, extendedKeyUsage: usages.filter((usage) => usage !== null) };
        return true;
      }
      case NAME_CONSTRAINTS:
        if (content?.tag !== SEQUENCE) return false;
        this.found = { ...this.found, nameConstraints: this.#nameConstraints(content) };
        return true;
      default:
        if (isCritical && !KNOWN.has(oid)) this.unknownCritical.push(oid);
        return true;
    }
  }

  #pathLength(constraints: DerElement): number | null {
    const integer = derChildren(this.der, constraints, 2).find(({ tag }) => tag === INTEGER);
    if (integer === undefined) return null;
    return this.der.subarray(integer.start, integer.end).reduce((sum, byte) => sum * 256 + byte, 0);
  }

  /** NameConstraints ::= SEQUENCE { permitted [0], excluded [1] }, each of { base GeneralName … } (section 4.2.1.10). */
  #nameConstraints(constraints: DerElement): NameConstraints {
    const trees = derChildren(this.der, constraints, 2);
    const basesOf = (tag: number): readonly NameConstraint[] =>
      trees
        .filter((tree) => tree.tag === tag)
        .flatMap((tree) => derChildren(this.der, tree, MOST))
        .map((subtree) => this.#constraint(derChildren(this.der, subtree, 1)[0]));
    return { permitted: basesOf(0xa0), excluded: basesOf(0xa1) };
  }

  #constraint(base: DerElement | undefined): NameConstraint {
    const bytes = base === undefined ? new Uint8Array() : this.der.subarray(base.start, base.end);
    switch (base?.tag) {
      case 0x81:
        return { kind: "email", base: latin1(bytes) };
      case 0x82:
        return { kind: "dns", base: latin1(bytes).toLowerCase() };
      case 0x87: {
        if (bytes.length !== 8 && bytes.length !== 32) return { kind: "other" };
        const half = bytes.length / 2;
        const [value, mask] = [number(bytes.subarray(0, half)), number(bytes.subarray(half))];
        return { kind: "ip", version: half === 4 ? 4 : 6, value, mask };
      }
      case 0xa4: {
        const name = derElement(this.der, base.start, base.end);
        return name === null ? { kind: "other" } : { kind: "directory", base: distinguishedName(this.der, name) };
      }
      default:
        return { kind: "other" };
    }
  }
}

/** A BIT STRING begins with the number of unused bits (X.690 section 8.6.2). */
function keyUsages([, ...bytes]: Uint8Array): readonly KeyUsage[] {
  return KEY_USAGES.filter((_, bit) => (((bytes[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1) === 1);
}

/** Values are compared without case and repeated spaces (RFC 5280 section 7.1). */
function distinguishedName(der: Uint8Array, name: DerElement): readonly string[] {
  return derChildren(der, name, MOST).map((set) =>
    derChildren(der, set, MOST)
      .map((attribute) => {
        const [type, value] = derChildren(der, attribute, 2);
        const bytes = value === undefined ? new Uint8Array() : der.subarray(value.start, value.end);
        const text = new TextDecoder(value?.tag === BMP_STRING ? "utf-16be" : "utf-8").decode(bytes);
        return `${objectIdentifier(der, type) ?? ""}=${text.trim().toLowerCase().replace(/\s+/g, " ")}`;
      })
      .sort()
      .join("+"),
  );
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, MOST));
}

function number(bytes: Uint8Array): bigint {
  return bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
}
