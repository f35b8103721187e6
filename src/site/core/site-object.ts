import { canonicalName } from "../../values/network/host-name.ts";
import type { Path, PathSegment } from "../../values/location.ts";
import type { Described, Description } from "./description.ts";
import { computed, reused } from "./kept-reads.ts";
import { agreedFields, contradiction, entriesOf, type EntryDescriptions, sameEntries } from "./merged-lists.ts";
import { type Missing, positionsOf, type SourceRef } from "./missing.ts";

/** A field: a value, or the gap in its place. Must be unwrapped before it can be compared. */
export type Field<T> =
  { readonly known: true; readonly value: T } | { readonly known: false; readonly missing: readonly Missing[] };

/** Words a gap of an object; the path is from the object to the value. */
export type MissingField = (object: Described, path: Path) => Missing;

export interface SiteObjectInit<F> extends Described {
  readonly missing: MissingField;
  /**
   * Links and derived values; computed on first use, once. Each is given the object that it is of, so that one table
   * serves all objects of a kind.
   */
  readonly derived?: DerivedTable<F>;
  /** What an absent key means, where the product has a default for it. */
  readonly defaults?: Partial<F>;
}

/** A table contains functions for one class of objects, and is used only by objects of that class. */
export type DerivedFields<F> = { readonly [K in keyof F]?: (object: never) => Field<Exclude<F[K], undefined>> };

/** The slot of a derived value in an object, and the function that computes it. */
interface DerivedField {
  readonly slot: number;
  readonly derive: (object: never) => Field<unknown>;
}

/** The derived fields of a class of objects by name; created once for all objects that share them. */
export type DerivedTable<F> = ReadonlyMap<string, DerivedField> & { readonly __fields?: F };

/** The table for `SiteObjectInit.derived`. */
export function derivedTable<F>(fields: DerivedFields<F>): DerivedTable<F> {
  const functions = Object.entries(fields) as [string, DerivedField["derive"]][];
  return new Map(functions.map(([name, derive], slot) => [name, { slot, derive }]));
}

/** The entries of one list of an object, as far as they were used. */
interface EntryList {
  readonly field: string;
  readonly next: EntryList | null;
  inOrder: Field<readonly unknown[]> | null;
  byName: ReadonlyMap<string, unknown> | null;
}

/**
 * A node, host, cluster … of the site. Its values are read only through `read`, which a rule reaches by `need` and
 * `known`; there is no property to compare by accident. `F` maps field names to value types: those of the documents in
 * snake_case, links and derived values in camelCase.
 *
 * What `read` uses are plain properties: functions that see many classes read `#` names several times as slowly, and a
 * run reads millions of fields.
 */
export class SiteObject<F = object> implements Described {
  /** Only for the compiler: binds `F` to the object. */
  declare readonly __fields?: F | undefined;
  readonly kind: string;
  readonly name: string;
  readonly descriptions: readonly Description[];
  readonly sourceRef: SourceRef;
  readonly ownName: string | undefined;
  protected readonly missing: MissingField;
  private readonly derived: DerivedTable<F> | null;
  private readonly defaults: Readonly<Record<string, unknown>> | null;
  /** The record of an object that one document describes: most are. */
  private readonly record: Readonly<Record<string, unknown>> | null;
  // Created on first use: there are tens of thousands of objects, and few of them need all.
  private slots: (Field<unknown> | undefined)[] | null = null;
  /** Fields of an object that several documents describe, or none. */
  private merged: Map<string, Field<unknown>> | null = null;
  private gaps: Map<string, readonly Missing[]> | null = null;
  private lists: EntryList | null = null;

  constructor(init: SiteObjectInit<F>) {
    this.kind = init.kind;
    this.name = init.name;
    this.descriptions = init.descriptions;
    this.sourceRef = init.sourceRef;
    this.ownName = init.ownName;
    this.missing = init.missing;
    this.derived = init.derived ?? null;
    this.defaults = init.defaults ?? null;
    const { descriptions } = init;
    this.record = descriptions.length === 1 ? (descriptions[0]?.record ?? null) : null;
  }

  /** The value of a field, or undefined for a gap, which is not put into words: half of all reads are of optional fields. */
  valueOrUndefined<K extends keyof F & string>(field: K): Exclude<F[K], undefined> | undefined {
    const derived = this.derived === null ? undefined : this.derived.get(field);
    const { record } = this;
    if (derived === undefined && record !== null) {
      const value = record[field];
      return (value === undefined ? this.default(field) : value) as Exclude<F[K], undefined> | undefined;
    }
    const found = derived === undefined ? this.mergedField(field) : this.derivedField(derived);
    return found.known ? (found.value as Exclude<F[K], undefined>) : undefined;
  }

  /** The value of a field, or its gap. Two descriptions that differ make a gap that quotes both. */
  read<K extends keyof F & string>(field: K): Field<Exclude<F[K], undefined>> {
    const derived = this.derived === null ? undefined : this.derived.get(field);
    const { record } = this;
    let found: Field<unknown>;
    if (derived !== undefined) found = this.derivedField(derived);
    else if (record === null) found = this.mergedField(field);
    else {
      const given = record[field];
      const value = given === undefined ? this.default(field) : given;
      found = value === undefined ? new AbsentField(this, field) : { known: true, value };
    }
    return found as Field<Exclude<F[K], undefined>>;
  }

  /** The gap of a field that no document gives, in words; the same array for every reader. */
  absence(field: string): readonly Missing[] {
    let missing = this.gaps?.get(field);
    if (missing === undefined) {
      missing = [this.missing(this, [field])];
      (this.gaps ??= new Map<string, readonly Missing[]>()).set(field, missing);
    }
    return missing;
  }

  private default(field: string): unknown {
    return this.defaults === null ? undefined : this.defaults[field];
  }

  private derivedField({ slot, derive }: DerivedField): Field<unknown> {
    // At its full length from the start: an array that grows takes several times the memory.
    this.slots ??= new Array<Field<unknown> | undefined>(this.derived?.size ?? 0);
    const kept = this.slots[slot];
    return kept === undefined ? (this.slots[slot] = computed(() => derive(this as never))) : reused(kept);
  }

  private mergedField(field: string): Field<unknown> {
    const kept = this.merged?.get(field);
    if (kept !== undefined) return reused(kept);
    const found = computed(() => this.#described(field));
    (this.merged ??= new Map<string, Field<unknown>>()).set(field, found);
    return found;
  }

  /** Whether a document gives the field, even if documents differ in its value. */
  isGiven(field: string): boolean {
    return this.descriptions.some(({ record }) => record[field] !== undefined);
  }

  /** The location of the field, or the location where it belongs; further steps lead into its value. */
  sourceRefOf(field: string, ...rest: readonly PathSegment[]): SourceRef {
    const { descriptions } = this;
    const [first] = descriptions;
    const owner =
      descriptions.length < 2 ? first : (descriptions.find(({ record }) => record[field] !== undefined) ?? first);
    if (owner === undefined) return this.sourceRef;
    return { document: owner.sourceRef.document, path: [...owner.sourceRef.path, field, ...rest] };
  }

  /** A nested record (`vm`, `cpu`) as an object under this one's name; all its fields are missing when it is absent. */
  part<P>(key: string, ...inside: readonly string[]): SiteObject<P> {
    const keys = [key, ...inside];
    const descriptions: Description[] = [];
    for (const { record, sourceRef } of this.descriptions) {
      let inner: unknown = record;
      for (const step of keys) inner = isRecord(inner) ? inner[step] : undefined;
      if (!isRecord(inner)) continue;
      const { document, path } = sourceRef;
      descriptions.push({ record: inner, sourceRef: { document, path: [...path, ...keys] } });
    }
    const { kind, name } = this;
    return new SiteObject<P>({
      kind,
      name,
      descriptions,
      // Of several documents the first one with the record's key, whatever its value.
      sourceRef: (this.record === null ? null : descriptions[0]?.sourceRef) ?? this.sourceRefOf(key, ...inside),
      missing: (_, path) => this.missing(this, [...keys, ...path]),
    });
  }

  /**
   * The records of a list (`nics`, `disks`) as objects, in order, each called after its `name` or `label`. If a file
   * lists a name twice with different values, it is unknown which entries there are; equal records are one entry.
   */
  entries<K extends keyof F & string>(field: K): Field<readonly SiteObject<EntryOf<F[K]>>[]> {
    if (this.valueOrUndefined(field) === undefined) return this.read(field) as Field<never>;
    const list = this.#list(field);
    if (list.inOrder !== null) reused(list.inOrder);
    else {
      list.inOrder = computed(() => {
        const groups = this.#entryGroups(field);
        const repeated = groups.flatMap((descriptions) => repetition(this, field, descriptions) ?? []);
        return repeated.length > 0
          ? unknown(...repeated)
          : known(groups.map((descriptions) => this.#entry<EntryOf<F[K]>>(field, descriptions)));
      });
    }
    return list.inOrder as Field<readonly SiteObject<EntryOf<F[K]>>[]>;
  }

  /** One of them, by its position; an object without values where there is none. */
  entry<K extends keyof F & string>(field: K, index: number): SiteObject<EntryOf<F[K]>> {
    const descriptions = this.#entryGroups(field)[index];
    return this.#entry(field, descriptions ?? [{ record: {}, sourceRef: this.sourceRefOf(field, index) }]);
  }

  /**
   * One of them, by its canonical name; null when the list has none of that name. Several entries of one name are one
   * object: what they differ in is a gap that quotes two of them. Every lookup by name in a list of an object goes
   * through here.
   */
  entryNamed<K extends keyof F & string>(field: K, name: string): Field<SiteObject<EntryOf<F[K]>> | null> {
    if (this.valueOrUndefined(field) === undefined) return this.read(field) as Field<never>;
    const list = this.#list(field);
    if (list.byName !== null) reused(list.byName);
    else {
      list.byName = computed(() => {
        const entries = this.#entryGroups(field).map((descriptions) => this.#entry<EntryOf<F[K]>>(field, descriptions));
        return new Map(entries.map((entry) => [canonicalName(ownName(entry)), entry]));
      });
    }
    const index = list.byName as ReadonlyMap<string, SiteObject<EntryOf<F[K]>>>;
    return known(index.get(canonicalName(name)) ?? null);
  }

  #list(field: string): EntryList {
    let list = this.lists;
    while (list !== null && list.field !== field) list = list.next;
    return list ?? (this.lists = { field, next: this.lists, inOrder: null, byName: null });
  }

  /** The descriptions of each entry, one for each document that has it. */
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
      const value = this.default(field);
      return value === undefined ? new AbsentField(this, field) : { known: true, value };
    }
    const conflict = this.descriptions.length > 1 ? contradiction(this.descriptions, field, isEqual) : null;
    if (conflict === null) return { known: true, value: first.record[field] };
    // Entries of one name are one entry, of which each file may contain other values.
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

/** A gap that is worded when it is read: for most of them, a rule handles the missing value. */
class AbsentField {
  readonly known = false;

  constructor(
    private readonly object: { absence(field: string): readonly Missing[] },
    private readonly field: string,
  ) {}

  get missing(): readonly Missing[] {
    return this.object.absence(this.field);
  }
}

/** The name as documents write it, without the qualifiers that make subject names unique. */
export function ownName(object: Described): string {
  const name = object.descriptions[0]?.record["name"];
  return typeof name === "string" ? name : (object.ownName ?? object.name);
}

function isEqual(a: unknown, b: unknown): boolean {
  return a === b || comparable(a) === comparable(b);
}

/** Equal text = equal value: names are compared in canonical form, and the order of keys is irrelevant. */
function comparable(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === "string") return canonicalName(part);
    return isRecord(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part;
  });
}

/** Longer values (a whole list of port groups) are cut when a sentence quotes them. */
const MOST_QUOTED = 80;

/** Entries of one name in one file that differ, as a gap; null if all are equal. */
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
