import { canonicalName } from "../../values/network/host-name.ts";
import { type Missing, positionsOf, type SourceRef } from "../core/missing.ts";
import { byName } from "../core/names.ts";
import { oncePer } from "../core/once.ts";
import type { Document } from "../core/document.ts";
import type { Described } from "../core/description.ts";
import { type Field, known, ownName, type SiteObject, unknown } from "../core/site-object.ts";
import { mayShareVcenter, vcenterOf } from "./vcenters.ts";
import { computed, reused } from "../core/kept-reads.ts";

/** The names of an object that is only referred to: unique, and as written. */
export interface GivenNames {
  readonly name: string;
  readonly ownName: string;
}

/** The described objects of one kind by the names that others use for them. */
export class NamedObjects<T extends SiteObject<{ readonly datacenter?: string }>> {
  readonly #kind: string;
  readonly #described: ReadonlyMap<string, readonly T[]>;
  readonly #onlyNamed = new Map<string, T>();
  /** Results for all references of a document: tens of thousands of VMs name their host and cluster. */
  readonly #found = oncePer<Document, Map<string, Field<T | null>>>(() => new Map());

  constructor(kind: string, objects: readonly T[]) {
    this.#kind = kind;
    this.#described = byName(objects, ownName);
  }

  /** All of that name, wherever they are. */
  called(name: string): readonly T[] {
    return this.#described.get(canonicalName(name)) ?? [];
  }

  /**
   * The one that `namedAt` means: in the datacenter (when it names one), of its vCenter, and described in its own file
   * rather than in another. Null when there is none, a gap when there are several.
   */
  find(name: string, datacenter: string | undefined, namedAt: SourceRef): Field<T | null> {
    const found = this.#found(namedAt.document);
    const key = datacenter === undefined ? name : JSON.stringify([datacenter, name]);
    const earlier = found.get(key);
    if (earlier !== undefined) return reused(earlier);
    const field = computed(() => this.#find(name, datacenter, namedAt));
    // A gap belongs to the reference that shows it.
    if (field.known) found.set(key, field);
    return field;
  }

  #find(name: string, datacenter: string | undefined, namedAt: SourceRef): Field<T | null> {
    const fitting = this.called(name).filter(
      (object) =>
        inDatacenter(object, datacenter) &&
        object.descriptions.every(({ sourceRef }) => mayShareVcenter(sourceRef.document, namedAt.document)),
    );
    const own = fitting.filter((object) => isDescribedIn(object, namedAt));
    const found = own.length > 0 ? own : fitting;
    return found.length > 1 ? unknown(ambiguous(this.#kind, name, namedAt, found)) : known(found[0] ?? null);
  }

  /** The same; if there is none, an object without values, shared by all references to that name. */
  findOrMake(
    name: string,
    datacenter: string | undefined,
    namedAt: SourceRef,
    make: (names: GivenNames) => T,
  ): Field<T> {
    const found = this.find(name, datacenter, namedAt);
    if (!found.known) return found;
    if (found.value !== null) return known(found.value);
    // If others have the name, this one is qualified by where it should be.
    const scope = this.called(name).length > 0 ? (datacenter ?? vcenterOf(namedAt.document)) : undefined;
    const full = scope === undefined ? name : `${scope}/${name}`;
    const object = this.#onlyNamed.get(canonicalName(full)) ?? make({ name: full, ownName: name });
    this.#onlyNamed.set(canonicalName(full), object);
    return known(object);
  }
}

/** The stated datacenter of an object. */
export function datacenterOf(object: SiteObject<{ readonly datacenter?: string }>): string | undefined {
  const datacenter = object.read("datacenter");
  return datacenter.known ? datacenter.value : undefined;
}

/** Whether two objects may belong to one vCenter. */
export function mayBelongTogether(one: Described, other: Described): boolean {
  return one.descriptions.every(({ sourceRef: a }) =>
    other.descriptions.every(({ sourceRef: b }) => mayShareVcenter(a.document, b.document)),
  );
}

function inDatacenter(object: SiteObject<{ readonly datacenter?: string }>, wanted: string | undefined): boolean {
  const own = datacenterOf(object);
  return wanted === undefined || own === undefined || canonicalName(own) === canonicalName(wanted);
}

function isDescribedIn(object: Described, { document }: SourceRef): boolean {
  return object.descriptions.some(({ sourceRef }) => sourceRef.document === document);
}

function ambiguous(kind: string, name: string, sourceRef: SourceRef, found: readonly Described[]): Missing {
  const positions = positionsOf(found.map((object) => object.sourceRef));
  const fix =
    sourceRef.document.kind === "deployment"
      ? "set vm.datacenter, or remove the duplicate"
      : "add the datacenter, or remove the duplicate";
  return { what: `more than one ${kind.replaceAll("-", " ")} is named ${name} (${positions}); ${fix}`, sourceRef };
}
