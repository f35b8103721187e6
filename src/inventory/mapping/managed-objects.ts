import { at, isObject, type Tree, type TreeObject } from "./tree.ts";

/** An object of a vSphere estate with the properties that a source gives. */
export interface ManagedObject {
  /** As the API calls it: `HostSystem`. */
  readonly type: string;
  /** The value of its reference, unique within one server: `host-21`. */
  readonly id: string;
  /** All properties in one tree: `config.network.vnic` stands at `properties.config.network.vnic`. */
  readonly properties: TreeObject;
  /** The paths that the source gave a value for, be it an empty one. */
  readonly given: ReadonlySet<string>;
  /** Why properties that were asked for are not there, by path. */
  readonly faults: ReadonlyMap<string, string>;
}

interface Growing extends ManagedObject {
  readonly properties: Record<string, Tree | undefined>;
  readonly given: Set<string>;
  readonly faults: Map<string, string>;
}

/** A property as it comes in: its path and value. */
export type Property = readonly [path: string, value: Tree];

/**
 * The objects of one server, by reference. A source adds what it reads in any order and as often as it likes; what is
 * said of one object in several places becomes one.
 */
export class ManagedObjects {
  readonly #objects = new Map<string, Growing>();

  /** @param faults why a property that was asked for is not there, by its path */
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

  /** All objects of these types, in the order in which they came. */
  of(...types: readonly string[]): readonly ManagedObject[] {
    return [...this.#objects.values()].filter(({ type }) => types.includes(type));
  }

  /** The types that there are objects of. */
  get types(): ReadonlySet<string> {
    return new Set([...this.#objects.values()].map(({ type }) => type));
  }

  get size(): number {
    return this.#objects.size;
  }
}

/** Puts a value at its path; what already stands below it stays where the new value does not say otherwise. */
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

/** Without the names that every object inherits: keys come from other people's files. */
function empty(): Record<string, Tree | undefined> {
  return Object.create(null) as Record<string, Tree | undefined>;
}

/** How far a host's clock was from that of the machine that asked, ms, negative when it was behind; or why that is not known. */
export type ClockOffset = { readonly offset_ms: number } | { readonly unknown: string };

/** What a source knows of a server, in the words of the vSphere API: the common ground of live reading and `govc`. */
export interface Source {
  readonly objects: ManagedObjects;
  /** `ServiceContent.about`, as far as the source has it. */
  readonly about: Tree | undefined;
  /**
   * Whether a property was asked for, so that its absence says something (no snapshot, EVC off). One that was given, or
   * stands below one that was given, counts as asked for in any case.
   *
   * @param id the object whose property it is; absent = any object of that type
   */
  readonly isRequested: (type: string, path: string, id?: string) => boolean;
  /** Why a property is unknown that was never asked for: `the govc output does not hold config.option`. */
  readonly whyNotRequested: (type: string, path: string) => string;
  /** Why a list may have more objects than the source has; absent, or undefined = none are missing. */
  readonly incomplete?: (list: string) => string | undefined;
  /** `AuthorizationManager.RetrieveAllPermissions` and `roleList`; a text says why they could not be read. */
  readonly permissions:
    | {
        readonly all: readonly Tree[];
        readonly roles: readonly Tree[];
        /** Why there may be more of them. */
        readonly incomplete?: string;
        /** Why it is not known whether effective ones hold below their objects; absent where each says so. */
        readonly unknownPropagation?: string;
      }
    | string;
  /** `LicenseAssignmentManager.QueryAssignedLicenses`; a text says why they could not be read. */
  readonly licences: readonly Tree[] | string;
  /** By host id, of the hosts that were asked for their time; absent when the source asks none. */
  readonly clocks?: ReadonlyMap<string, ClockOffset>;
}

/** The value of a property, or of what lies below one. */
export function property({ properties }: ManagedObject, path: string): Tree | undefined {
  return at(properties, path);
}
