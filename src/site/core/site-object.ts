import { canonicalName } from "../../values/network/host-name.ts";
import type { Path, PathSegment } from "../../values/location.ts";
import type { Described, Description } from "./description.ts";
import { computed, reused } from "./kept-reads.ts";
import { agreedFields, contradiction, entriesOf, type EntryDescriptions, sameEntries } from "./merged-lists.ts";
import { type Missing, positionsOf, type SourceRef } from "./missing.ts";

/** A field as it stands: a value, or the gap in its place. Must be unwrapped before it can be compared. */
export type Field<T> =
  { readonly known: true; readonly value: T } | { readonly known: false; readonly missing: readonly Missing[] };

/** How a gap of an object is put into words; the path leads from the object to the value. */
export type MissingField = (object: Described, path: Path) => Missing;

export interface SiteObjectInit<F> extends Described {
  readonly missing: MissingField;
  /**
   * Links and derived values; computed on first use, once. Each is given the object that it is of, so that one table
   * serves all objects of a kind.
   */
  readonly derived?: DerivedFields<F>;
  /** What an absent key means, where the product has a default for it. */
  readonly defaults?: Partial<F>;
}

/** A table holds functions of one class of objects, and is given to objects of that class alone. */
export type DerivedFields<F> = { readonly [K in keyof F]?: (object: never) => Field<Exclude<F[K], undefined>> };

const NO_DERIVED = {};
const NO_DEFAULTS = {};

/**
 * A node, host, cluster … of the site. Its values are read only through `read`, which a rule reaches by `need` and
 * `known`; there is no property to compare by accident. `F` maps field names to value types: those of the documents in
 * snake_case, links and derived values in camelCase.
 */
export class SiteObject<F = object> implements Described {
  /** Only for the compiler: binds `F` to the object. */
  declare readonly __fields?: F | undefined;
  readonly kind: string;
  readonly name: string;
  readonly descriptions: readonly Description[];
  readonly sourceRef: SourceRef;
  readonly ownName: string | undefined;
  readonly #derived: Readonly<Record<string, (object: never) => Field<unknown>>>;
  readonly #defaults: Readonly<Record<string, unknown>>;
  protected readonly missing: MissingField;
  /** The record of an object that one document describes: most are. */
  readonly #record: Readonly<Record<string, unknown>> | null;
  // Made when something comes: there are tens of thousands of objects, and few of them need all.
  #memo: Map<string, Field<unknown>> | null = null;
  #entries: Map<string, Field<readonly unknown[]>> | null = null;
  #entriesByName: Map<string, ReadonlyMap<string, unknown>> | null = null;

  constructor(init: SiteObjectInit<F>) {
    this.kind = init.kind;
    this.name = init.name;
    this.descriptions = init.descriptions;
    this.sourceRef = init.sourceRef;
    this.ownName = init.ownName;
    this.missing = init.missing;
    this.#derived = init.derived ?? NO_DERIVED;
    this.#defaults = init.defaults ?? NO_DEFAULTS;
    const { descriptions } = init;
    this.#record = descriptions.length === 1 ? (descriptions[0]?.record ?? null) : null;
  }

  /** The value of a field, or undefined for a gap, which is not put into words: half of all reads are of optional fields. */
  valueOrUndefined<K extends keyof F & string>(field: K): Exclude<F[K], undefined> | undefined {
    const record = this.#record;
    if (record === null || this.#isDerived(field)) {
      const found = this.read(field);
      return found.known ? found.value : undefined;
    }
    const value = record[field];
    return (value === undefined ? this.#default(field) : value) as Exclude<F[K], undefined> | undefined;
  }

  #default(field: string): unknown {
    return this.#defaults === NO_DEFAULTS ? undefined : this.#defaults[field];
  }

  #isDerived(field: string): boolean {
    // Fields of documents and links have no names that every object has.
    return this.#derived !== NO_DERIVED && this.#derived[field] !== undefined;
  }

  /** The value of a field, or its gap. Two descriptions that differ make a gap that quotes both. */
  read<K extends keyof F & string>(field: K): Field<Exclude<F[K], undefined>> {
    const isDerived = this.#isDerived(field);
    if (this.#record !== null && !isDerived) {
      const value = this.#record[field];
      if (value !== undefined) return { known: true, value: value as Exclude<F[K], undefined> };
    }
    let result = this.#memo?.get(field);
    if (result === undefined) {
      const derive = isDerived ? this.#derived[field] : undefined;
      result = computed(() => (derive === undefined ? this.#described(field) : derive(this as never)));
      (this.#memo ??= new Map<string, Field<unknown>>()).set(field, result);
    } else reused(result);
    return result as Field<Exclude<F[K], undefined>>;
  }

  /** Whether a document gives the field, even if documents differ in its value. */
  isGiven(field: string): boolean {
    return this.descriptions.some(({ record }) => record[field] !== undefined);
  }

  /** Where the field stands, or would stand; further steps lead into its value. */
  sourceRefOf(field: string, ...rest: readonly PathSegment[]): SourceRef {
    const owner = this.descriptions.find(({ record }) => record[field] !== undefined) ?? this.descriptions[0];
    if (owner === undefined) return this.sourceRef;
    return { document: owner.sourceRef.document, path: [...owner.sourceRef.path, field, ...rest] };
  }

  /** A nested record (`vm`, `cpu`) as an object under this one's name; all its fields are missing when it is absent. */
  part<P>(key: string, ...inside: readonly string[]): SiteObject<P> {
    const keys = [key, ...inside];
    const descriptions = this.descriptions.flatMap(({ record, sourceRef }) => {
      const inner = keys.reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), record);
      return isRecord(inner)
        ? [{ record: inner, sourceRef: { ...sourceRef, path: [...sourceRef.path, ...keys] } }]
        : [];
    });
    const { kind, name } = this;
    return new SiteObject<P>({
      kind,
      name,
      descriptions,
      sourceRef: this.sourceRefOf(key, ...inside),
      missing: (_, path) => this.missing(this, [...keys, ...path]),
    });
  }

  /**
   * The records of a list (`nics`, `disks`) as objects, in order, each called after its `name` or `label`. A file that
   * lists a name twice with different values leaves it open which entries there are; equal records are one entry.
   */
  entries<K extends keyof F & string>(field: K): Field<readonly SiteObject<EntryOf<F[K]>>[]> {
    const list = this.read(field);
    if (!list.known) return list;
    let entries = this.#entries?.get(field) as Field<readonly SiteObject<EntryOf<F[K]>>[]> | undefined;
    if (entries !== undefined) reused(entries);
    else {
      entries = computed(() => {
        const groups = this.#entryGroups(field);
        const repeated = groups.flatMap((descriptions) => repetition(this, field, descriptions) ?? []);
        return repeated.length > 0
          ? unknown(...repeated)
          : known(groups.map((descriptions) => this.#entry<EntryOf<F[K]>>(field, descriptions)));
      });
      (this.#entries ??= new Map<string, Field<readonly unknown[]>>()).set(field, entries);
    }
    return entries;
  }

  /** One of them, by its position; an object without values where there is none. */
  entry<K extends keyof F & string>(field: K, index: number): SiteObject<EntryOf<F[K]>> {
    const descriptions = this.#entryGroups(field)[index];
    return this.#entry(field, descriptions ?? [{ record: {}, sourceRef: this.sourceRefOf(field, index) }]);
  }

  /**
   * One of them, by its name as names compare; null when the list has none of that name. Several entries of one name are
   * one object: what they differ in is a gap that quotes two of them. Every lookup by name in a list of an object goes
   * through here.
   */
  entryNamed<K extends keyof F & string>(field: K, name: string): Field<SiteObject<EntryOf<F[K]>> | null> {
    const list = this.read(field);
    if (!list.known) return list;
    let index = this.#entriesByName?.get(field) as ReadonlyMap<string, SiteObject<EntryOf<F[K]>>> | undefined;
    if (index !== undefined) reused(index);
    else {
      index = computed(() => {
        const entries = this.#entryGroups(field).map((descriptions) => this.#entry<EntryOf<F[K]>>(field, descriptions));
        return new Map(entries.map((entry) => [canonicalName(ownName(entry)), entry]));
      });
      (this.#entriesByName ??= new Map<string, ReadonlyMap<string, unknown>>()).set(field, index);
    }
    return known(index.get(canonicalName(name)) ?? null);
  }

  /** The descriptions of each entry; of several documents, what each says of it. */
  #entryGroups(field: string): readonly EntryDescriptions[] {
    const given = this.#given(field);
    const [first] = given;
    if (first === undefined) return [];
    return (given.length > 1 ? sameEntries(given, field) : null) ?? entriesOf(first, field);
  }

  #entry<E>(field: string, descriptions: EntryDescriptions): SiteObject<E> {
    const [{ record, sourceRef }] = descriptions;
    const index = sourceRef.path.at(-1) ?? 0;
    const label = record["name"] ?? record["label"];
    return new SiteObject<E>({
      kind: this.kind,
      name: `${this.name}/${typeof label === "string" ? label : `${field}[${index}]`}`,
      descriptions,
      sourceRef,
      missing: (_, path) => this.missing(this, [field, index, ...path]),
    });
  }

  #given(field: string): readonly Description[] {
    return this.descriptions.filter(({ record }) => record[field] !== undefined);
  }

  #described(field: string): Field<unknown> {
    const given = this.#given(field);
    const first = given[0];
    if (first === undefined) {
      const value = this.#default(field);
      return value === undefined ? absent(() => this.missing(this, [field])) : { known: true, value };
    }
    const conflict = this.descriptions.length > 1 ? contradiction(this.descriptions, field, isEqual) : null;
    if (conflict === null) return { known: true, value: first.record[field] };
    // Entries of one name are one entry, of which each file may know something else.
    const entries = sameEntries(given, field);
    if (entries !== null) return { known: true, value: entries.map((entry) => agreedFields(entry, isEqual)) };
    return { known: false, missing: [disagreement(this, field, ...conflict)] };
  }
}

/** The type of a list's records. */
export type EntryOf<T> = NonNullable<T> extends readonly (infer E)[] ? E : never;

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function known<T>(value: T): Field<T> {
  return { known: true, value };
}

export function unknown(...missing: readonly Missing[]): Field<never> {
  return { known: false, missing };
}

/** A gap that is put into words when it is read: most are of fields whose absence a rule handles. */
function absent(say: () => Missing): Field<never> {
  let missing: readonly Missing[] | null = null;
  return {
    known: false,
    get missing() {
      return (missing ??= [say()]);
    },
  };
}

/** The name as documents write it, without the qualifiers that make subject names unique. */
export function ownName(object: Described): string {
  const name = object.descriptions[0]?.record["name"];
  return typeof name === "string" ? name : (object.ownName ?? object.name);
}

function isEqual(a: unknown, b: unknown): boolean {
  return a === b || comparable(a) === comparable(b);
}

/** Equal text = equal value: names compare as names do, and the order of a mapping's keys says nothing. */
function comparable(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === "string") return canonicalName(part);
    return isRecord(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part;
  });
}

/** Longer values (a whole list of port groups) are cut when a sentence quotes them. */
const MOST_QUOTED = 80;

/** Entries of one name in one file that differ, as a gap; null where all are equal. */
function repetition(object: Described, field: string, descriptions: EntryDescriptions): Missing | null {
  if (descriptions.length === 1) return null;
  const isTwin = (one: Description, other: Description) =>
    one.sourceRef.document === other.sourceRef.document && !isEqual(one.record, other.record);
  const second = descriptions.find((other, index) => descriptions.slice(0, index).some((one) => isTwin(one, other)));
  if (second === undefined) return null;
  const sourceRefs = descriptions.map(({ sourceRef }) => sourceRef);
  const label = String(second.record["name"] ?? second.record["label"]);
  return {
    what: `${object.kind} ${object.name} lists ${label} more than once in ${field}, with different values (${positionsOf(sourceRefs)})`,
    sourceRef: second.sourceRef,
  };
}

function disagreement(object: Described, field: string, first: Description, other: Description): Missing {
  const isOneFile = first.sourceRef.document === other.sourceRef.document;
  const positionOf = ({ sourceRef: { document, path } }: Description) =>
    isOneFile ? positionsOf([{ document, path: [...path, field] }]) : document.path;
  const quote = (description: Description) => {
    const value = description.record[field];
    if (value === undefined) return `none in ${positionOf(description)}`;
    const text = JSON.stringify(value);
    return `${text.length > MOST_QUOTED ? `${text.slice(0, MOST_QUOTED)}…` : text} in ${positionOf(description)}`;
  };
  return {
    what: `${object.kind} ${object.name} has two values for ${field}: ${quote(first)} and ${quote(other)}`,
    sourceRef: { document: other.sourceRef.document, path: [...other.sourceRef.path, field] },
  };
}
