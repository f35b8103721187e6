import { escapeForMessage } from "../../values/text/quoted.ts";
import { type Certificate, type CertificateFile, leafOf, validityAt } from "./certificate.ts";
import type { Missing } from "../core/missing.ts";
import { oncePer } from "../core/once.ts";
import type { PartialList } from "../core/partial-list.ts";

/** One certificate of a chain and its source. */
export interface ChainLink {
  readonly certificate: Certificate;
  /** Path of the file as the deployment writes it. */
  readonly file: string;
  /** Its position among the certificates of the file, from 1. */
  readonly position: number;
  /** Whether the file is one of `ca_certificates`, not the node's own. */
  readonly isDeclaredCa: boolean;
  /** Begins a message: `Certificate 2 of certs/conf01.pem (Example Video Site CA)`. */
  readonly title: string;
}

/** From the node's own certificate up. There are gaps if it ends at an issuer that an unreadable CA file may contain. */
export interface ChainPath extends PartialList<ChainLink> {
  /** The chain is complete when it ends at a CA: a root need not be there (RFC 8446 section 4.4.2). */
  readonly isComplete: boolean;
  /** Whether the file has the node's own certificate first. */
  readonly isLeafFirst: boolean;
  /** Whether the file has every issuer after what it issued. */
  readonly isInOrder: boolean;
  /** Where the chain is not complete: a certificate with the name of the missing issuer, whose key is another one. */
  readonly impostor: ChainLink | null;
}

/** The CAs that the deployment declares. */
export interface CaStore {
  readonly issuersOf: (certificate: Certificate) => readonly ChainLink[];
  readonly has: (certificate: Certificate) => boolean;
  /** Files that should contain CAs and cannot be read. */
  readonly missing: readonly Missing[];
}

/** Longer chains do not exist; a file may still contain a thousand certificates that appear to issue each other. */
const LONGEST = 16;

/** The chain of a node: the certificates of its file and their issuers. */
export class CertificateChain {
  readonly file: string;
  /** The node's own certificate. */
  readonly leaf: ChainLink;
  readonly #links: readonly ChainLink[];
  readonly #cas: CaStore;
  readonly #paths = oncePer((now: number) => this.#climb(now));

  private constructor(file: string, leaf: ChainLink, links: readonly ChainLink[], cas: CaStore) {
    this.file = file;
    this.leaf = leaf;
    this.#links = links;
    this.#cas = cas;
  }

  /** The chain of a file, or null when it contains no certificate. */
  static of(file: CertificateFile, cas: CaStore): CertificateChain | null {
    const links = linksOf(file, false);
    const own = leafOf(file.certificates);
    const leaf = links.find(({ certificate }) => certificate === own);
    return leaf === undefined ? null : new CertificateChain(file.path, leaf, links, cas);
  }

  /**
   * Climbs from the node's own certificate to a self-signed or declared one, or as far as issuers are known. Of several
   * issuers (a CA that was renewed keeps its name and key) one that is valid at `now` is taken, the file's before others.
   */
  path(now: number): ChainPath {
    return this.#paths(now);
  }

  #climb(now: number): ChainPath {
    const items: ChainLink[] = [];
    let top: ChainLink | undefined = this.leaf;
    let isEnded = false;
    while (top !== undefined && items.length < LONGEST) {
      items.push(top);
      isEnded = top.certificate.isSelfSigned || this.#cas.has(top.certificate);
      top = isEnded ? undefined : this.#issuerOf(top, items, now);
    }
    const last = items.at(-1) ?? this.leaf;
    const positions = items.flatMap((link) => (link.isDeclaredCa ? [] : [link.position]));
    const isComplete = isEnded || (items.length > 1 && last.certificate.isCa);
    return {
      items,
      missing: isEnded ? [] : this.#cas.missing,
      isComplete,
      isLeafFirst: positions[0] === 1,
      isInOrder: positions.every((position, index) => index === 0 || position > (positions[index - 1] ?? 0)),
      impostor: isComplete ? null : this.#impostorOf(last),
    };
  }

  #impostorOf({ certificate }: ChainLink): ChainLink | null {
    const issuer = comparableName(certificate.issuer);
    const others = [...this.#links, ...this.#cas.issuersOf(certificate)];
    return (
      others.find((link) => link.certificate !== certificate && comparableName(link.certificate.subject) === issuer) ??
      null
    );
  }

  #issuerOf({ certificate }: ChainLink, used: readonly ChainLink[], now: number): ChainLink | undefined {
    const seen = new Set(used.map((link) => link.certificate.fingerprint));
    const issuers = [...this.#links, ...this.#cas.issuersOf(certificate)].filter(
      (link) =>
        (link.certificate.isCa || link.isDeclaredCa) &&
        !seen.has(link.certificate.fingerprint) &&
        certificate.isIssuedBy(link.certificate),
    );
    return issuers.find((link) => validityAt(link.certificate, now) === "valid") ?? issuers[0];
  }
}

/** The certificates of a file as links of a chain. */
export function linksOf(file: CertificateFile, isDeclaredCa: boolean): readonly ChainLink[] {
  return file.certificates.map((certificate, index) => ({
    certificate,
    file: file.path,
    position: index + 1,
    isDeclaredCa,
    title: titleOf(certificate, file, index),
  }));
}

function titleOf(certificate: Certificate, { path, certificates }: CertificateFile, index: number): string {
  const which = certificates.length === 1 ? "The certificate" : `Certificate ${index + 1}`;
  return `${which} of ${path}${certificate.name === "" ? "" : ` (${escapeForMessage(certificate.name)})`}`;
}

/** Finds CAs by name: a bundle may contain hundreds, and comparing keys is slow. */
export function caStore(links: readonly ChainLink[], missing: readonly Missing[]): CaStore {
  const bySubject = new Map<string, ChainLink[]>();
  for (const link of links) {
    const subject = comparableName(link.certificate.subject);
    const same = bySubject.get(subject);
    if (same === undefined) bySubject.set(subject, [link]);
    else same.push(link);
  }
  const fingerprints = new Set(links.map(({ certificate }) => certificate.fingerprint));
  return {
    issuersOf: ({ issuer }) => bySubject.get(comparableName(issuer)) ?? [],
    has: ({ fingerprint }) => fingerprints.has(fingerprint),
    missing,
  };
}

/** Names compare without regard to case and repeated blanks (RFC 5280 section 7.1). */
function comparableName(name: string): string {
  return name.toLowerCase().replace(/\s+/g, " ");
}
