import { at, isObject, type Tree, type TreeObject } from "./tree.ts";

/** A vSphere object with the properties from a source. */
export interface ManagedObject {
  /** The API's type: `HostSystem`. */
  readonly type: string;
  /** The value of its reference, unique within one server: `host-21`. */
  readonly id: string;
  /** All properties in one tree: `config.network.vnic` is at `properties.config.network.vnic`. */
  readonly properties: TreeObject;
  /** The paths for which the source has a value, even an empty one. */
  readonly given: ReadonlySet<string>;
  /** Why requested properties are missing, by path. */
  readonly faults: ReadonlyMap<string, string>;
}

interface Growing extends ManagedObject {
  readonly properties: Record<string, Tree | undefined>;
  readonly given: Set<string>;
  readonly faults: Map<string, string>;
}

/** A property as read from a source: its path and value. */
export type Property = readonly [path: string, value: Tree];

/**
 * The objects of one server, by reference. A source adds what it reads in any order and any number of times; the data
 * of one object is merged.
 */
export class ManagedObjects {
  readonly #objects = new Map<string, Growing>();

  /** @param faults why a requested property is missing, by its path */
  add(
    type: string,
    id: string,
    properties: Iterable<Property>,
    faults: Iterable<readonly [string, string]> = [],
  ): void {
    let object = this.#objects.get(id);
    if (object === undefined) {
      object = { type, id, properties: empty(), given: new Set(), faults: new Map() };
      this.#objects.set(id, object);
    }
    for (const [path, value] of properties) {
      object.given.add(path);
      inventoryPath(object.properties, path.split("."), value);
    }
    for (const [path, reason] of faults) object.faults.set(path, reason);
  }

  get(id: string | undefined): ManagedObject | undefined {
    return id === undefined ? undefined : this.#objects.get(id);
  }

  /** All objects of these types, in the order in which they were added. */
  of(...types: readonly string[]): readonly ManagedObject[] {
    return [...this.#objects.values()].filter(({ type }) => types.includes(type));
  }

  /** The types that have objects. */
  get types(): ReadonlySet<string> {
    return new Set([...this.#objects.values()].map(({ type }) => type));
  }

  get size(): number {
    return this.#objects.size;
  }
}

/** Puts a value at its path; existing values below it are kept unless the new value replaces them. */
function inventoryPath(
  into: Record<string, Tree | undefined>,
  [step = "", ...rest]: readonly string[],
  value: Tree,
): void {
  const there = Object.hasOwn(into, step) ? into[step] : undefined;
  if (rest.length === 0) {
    into[step] = isObject(there) && isObject(value) ? merged(there, value) : value;
    return;
  }
  const inner = Object.assign(empty(), isObject(there) ? there : {});
  inventoryPath(inner, rest, value);
  into[step] = inner;
}

function merged(old: TreeObject, fresh: TreeObject): TreeObject {
  const both = Object.assign(empty(), old);
  for (const [key, value] of Object.entries(fresh)) {
    const there = both[key];
    both[key] = isObject(there) && isObject(value) ? merged(there, value) : value;
  }
  return both;
}

/** Without a prototype, as keys come from files of others. */
function empty(): Record<string, Tree | undefined> {
  return Object.create(null) as Record<string, Tree | undefined>;
}

/**
 * The offset of a host's clock from that of the measuring machine in ms, negative if it was behind; or why it is
 * unknown.
 */
export type ClockOffset = { readonly offset_ms: number } | { readonly unknown: string };

/** A server's data from a source, in the terms of the vSphere API: common to live reading and `govc`. */
export interface Source {
  readonly objects: ManagedObjects;
  /** `ServiceContent.about`, if the source has it. */
  readonly about: Tree | undefined;
  /**
   * Whether a property was requested, so that its absence is meaningful (no snapshot, EVC off). A property with a
   * value, or below one with a value, always counts as requested.
   *
   * @param id the object with the property; absent = any object of that type
   */
  readonly isRequested: (type: string, path: string, id?: string) => boolean;
  /** Why a property that was never requested is unknown: `the govc output does not hold config.option`. */
  readonly whyNotRequested: (type: string, path: string) => string;
  /** Why a list may have more objects than the source; absent or undefined = none are missing. */
  readonly incomplete?: (list: string) => string | undefined;
  /** `AuthorizationManager.RetrieveAllPermissions` and `roleList`; a text is the reason why they could not be read. */
  readonly permissions:
    | {
        readonly all: readonly Tree[];
        readonly roles: readonly Tree[];
        /** Why there may be more of them. */
        readonly incomplete?: string;
        /** Why it is unknown whether effective permissions apply below their objects; absent if each states it. */
        readonly unknownPropagation?: string;
      }
    | string;
  /** `LicenseAssignmentManager.QueryAssignedLicenses`; a text is the reason why they could not be read. */
  readonly licences: readonly Tree[] | string;
  /** By host id, for the hosts whose time was queried; absent if the source does not query it. */
  readonly clocks?: ReadonlyMap<string, ClockOffset>;
}

/** The value of a property, or of a path below one. */
export function property({ properties }: ManagedObject, path: string): Tree | undefined {
  return at(properties, path);
}
