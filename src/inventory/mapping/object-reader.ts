import type { Coverage } from "./coverage.ts";
import { type ManagedObject, property, type Source } from "./managed-objects.ts";
import type { Tree } from "./tree.ts";
import type { InventoryPaths } from "./inventory-paths.ts";

type ListName = Parameters<Coverage["field"]>[0];

/** Reads one object field by field; what it cannot find becomes a reason in the coverage, never a value. */
export class ObjectReader {
  constructor(
    readonly source: Source,
    readonly coverage: Coverage,
    readonly list: ListName,
    readonly object: ManagedObject,
    readonly name: string,
  ) {}

  /** Without a word when it is not there. */
  get(path: string): Tree | undefined {
    return property(this.object, path);
  }

  /**
   * The value of a field: of the first of the paths that has one which can be read. When none has, the reason is noted
   * and the value undefined.
   */
  take<T>(field: string, paths: string | readonly string[], read: (value: Tree) => T | undefined): T | undefined {
    const all = typeof paths === "string" ? [paths] : paths;
    for (const path of all) {
      const tree = this.get(path);
      const value = tree === undefined ? undefined : read(tree);
      if (value !== undefined) return value;
    }
    const [first = ""] = all;
    const fault = all.map((path) => this.#fault(path)).find((reason) => reason !== undefined);
    this.noteMissing(field, fault ?? this.reason(first));
    return undefined;
  }

  /** The same, where the API says what it means that a property is not set. */
  takeOr<T, U>(field: string, path: string, read: (value: Tree) => T | undefined, unset: U): T | U | undefined {
    return this.isUnset(path) ? unset : this.take(field, path, read);
  }

  /**
   * Whether the property was asked for, could be read and is not set. What holds it must be there: an object that lacks its
   * whole `summary` does not say that one of the values in it is not set.
   */
  isUnset(path: string): boolean {
    const { given, type, id } = this.object;
    const isGiven = upwards(path).some((step) => given.has(step)) || this.source.isRequested(type, path, id);
    return this.get(path) === undefined && this.#fault(path) === undefined && isGiven;
  }

  /** Why there is no value that could be used. */
  reason(path: string): string {
    if (this.get(path) !== undefined) return `unknown vSphere value of ${path}`;
    const fault = this.#fault(path);
    if (fault !== undefined) return fault;
    if (!this.#isRequested(path)) return this.source.whyNotRequested(this.object.type, path);
    return `vSphere does not report ${path}`;
  }

  /** A value that is found otherwise; when there is none, the reason is noted. */
  orMissing<T>(field: string, value: T | undefined, reason: () => string): T | undefined {
    if (value === undefined) this.noteMissing(field, reason());
    return value;
  }

  /** Notes why a field is not known. */
  noteMissing(field: string, reason: string): void {
    this.coverage.field(this.list, this.name, field, reason);
  }

  #isRequested(path: string): boolean {
    const { given, type, id } = this.object;
    return upwards(path).some((step) => given.has(step) || this.source.isRequested(type, step, id));
  }

  #fault(path: string): string | undefined {
    const faulty = upwards(path).find((step) => this.object.faults.has(step));
    return faulty === undefined ? undefined : this.object.faults.get(faulty);
  }
}

/** A path and all that hold it: `a.b.c`, `a.b`, `a`. */
function upwards(path: string): readonly string[] {
  const steps = path.split(".");
  return steps.map((_, index) => steps.slice(0, steps.length - index).join("."));
}

/** What reading an object of any list takes. */
export interface ListContext {
  readonly source: Source;
  readonly coverage: Coverage;
  readonly inventoryPaths: InventoryPaths;
}
