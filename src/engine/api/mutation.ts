import { type Certificate, type CertificateFile, leafOf } from "../../site/deployment/certificate.ts";
import type { Node } from "../../site/deployment/deployment-objects.ts";
import type { Document } from "../../site/core/document.ts";
import type { SourceRef } from "../../site/core/missing.ts";
import type { Site } from "../../site/site.ts";
import type { Described } from "../../site/core/description.ts";
import type { SiteObject } from "../../site/core/site-object.ts";

/** A value of a document that is replaced, added, or (undefined) removed: a key from its record, an item from its list. */
interface ValueEdit {
  readonly sourceRef: SourceRef;
  readonly value: unknown;
}

/** Other contents of a certificate file, by its path in the deployment. */
interface CertificateEdit {
  readonly certificate: CertificateFile;
}

export type Edit = ValueEdit | CertificateEdit;

/** Null: this subject cannot be changed in this way, because a value is missing or the case does not occur. */
export type Edits = readonly Edit[] | null;

/** What a mutation may read besides its subject. */
interface MutationContext {
  readonly site: Site;
  /** The time of evaluation, in ms since 1970. */
  readonly now: number;
}

/**
 * An error that the rule must report: edits of the documents of a subject for which its check passes. A mutation works on
 * any deployment, so it finds what it changes through the subject, and returns null rather than edits that might leave
 * the check as it is.
 */
export interface Mutation<Subject> {
  readonly edit: (subject: Subject, context: MutationContext) => Edits;
  /** Where the rule must point, when that is not inside the first value that is edited. */
  readonly at?: (subject: Subject, context: MutationContext) => SourceRef | undefined;
  /** Rules that fail for the same error, and why one error cannot be had without the other. */
  readonly alsoFails?: Readonly<Record<string, string>>;
}

/** Replaces or adds the value of a field, in every document that contains it. A function gets the current value. */
export function set<F, K extends keyof F & string>(
  object: SiteObject<F> | null | undefined,
  field: K,
  value: F[K] | undefined | ((current: Exclude<F[K], undefined>) => F[K]),
): Edits {
  if (object == null || object.descriptions.length === 0 || value === undefined) return null;
  if (typeof value !== "function") return editsOf(object, field, value);
  const current = object.read(field);
  // A function is never the value itself: documents have none.
  const change = value as (current: Exclude<F[K], undefined>) => F[K];
  return current.known ? editsOf(object, field, change(current.value)) : null;
}

/** Removes a field from every document that contains it; null if none does. */
export function remove<F>(object: SiteObject<F> | null | undefined, field: keyof F & string): Edits {
  return object?.isGiven(field) === true ? editsOf(object, field, undefined) : null;
}

/** Replaces, adds or (undefined) removes what is at a source location. */
export function replace(sourceRef: SourceRef, value: unknown): Edits {
  return [{ sourceRef, value }];
}

/** Adds a record to a list at the top level of a document. */
export function append(document: Document | undefined, list: string, item: unknown): Edits {
  const items = (document?.value as Readonly<Record<string, unknown>> | undefined)?.[list];
  if (document === undefined || (items !== undefined && !Array.isArray(items))) return null;
  return [{ sourceRef: { document, path: [list, items?.length ?? 0] }, value: item }];
}

/** Replaces what was read from a node's certificate file. */
export function setCertificate(
  node: SiteObject<NodeCertificate>,
  change: (file: CertificateFile) => CertificateFile,
): Edits {
  const file = node.read("certificate");
  return file.known ? [{ certificate: change(file.value) }] : null;
}

/** Replaces facts of the node's own certificate in that file. */
export function setOwnCertificate(node: SiteObject<NodeCertificate>, facts: Partial<Certificate>): Edits {
  return setCertificate(node, (file) => {
    const own = leafOf(file.certificates);
    const changed = (certificate: Certificate): Certificate => ({
      ...certificate,
      pem: certificate.pem,
      isIssuedBy: (issuer) => certificate.isIssuedBy(issuer),
      ...facts,
    });
    return { ...file, certificates: file.certificates.map((it) => (it === own ? changed(it) : it)) };
  });
}

type NodeCertificate = Pick<NonNullable<Node["__fields"]>, "certificate">;

/** All edits together; null if one of the parts is. */
export function all(...parts: readonly Edits[]): Edits {
  return parts.includes(null) ? null : parts.flatMap((part) => part ?? []);
}

/** A value that a mutation follows or compares; undefined if no input contains it. */
export function given<F, K extends keyof F & string>(
  object: SiteObject<F> | null | undefined,
  field: K,
): Exclude<F[K], undefined> | undefined {
  const value = object?.read(field);
  return value?.known === true ? value.value : undefined;
}

function editsOf(object: Described, field: string, value: unknown): Edits {
  const owners = object.descriptions.filter(({ record }) => record[field] !== undefined);
  return (owners.length === 0 ? object.descriptions.slice(0, 1) : owners).map(({ sourceRef }) => ({
    sourceRef: { document: sourceRef.document, path: [...sourceRef.path, field] },
    value,
  }));
}
