import type { Coverage } from "./coverage.ts";
import { type ManagedObject, property, type Source } from "./managed-objects.ts";
import type { Tree } from "./tree.ts";
import type { InventoryPaths } from "./inventory-paths.ts";

type ListName = Parameters<Coverage["field"]>[0];

/** Reads one object field by field; a missing value becomes a reason in the coverage, never a default. */
export class ObjectReader {
  constructor(
    readonly source: Source,
    readonly coverage: Coverage,
    readonly list: ListName,
    readonly object: ManagedObject,
    readonly name: string,
  ) {}

  /** Records no reason if it is missing. */
  get(path: string): Tree | undefined {
    return property(this.object, path);
  }

  /**
   * The value of a field: of the first path with a readable value. If there is none, the reason is recorded and the
   * value is undefined.
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

  /** Like `take`, if the API defines the meaning of a property that is not set. */
  takeOr<T, U>(field: string, path: string, read: (value: Tree) => T | undefined, unset: U): T | U | undefined {
    return this.isUnset(path) ? unset : this.take(field, path, read);
  }

  /**
   * Whether the property was requested, could be read and is not set. Its parent must exist: if the whole `summary` is
   * missing, that does not mean that a value in it is not set.
   */
  isUnset(path: string): boolean {
    const { given, type, id } = this.object;
    const isGiven = upwards(path).some((step) => given.has(step)) || this.source.isRequested(type, path, id);
    return this.get(path) === undefined && this.#fault(path) === undefined && isGiven;
  }

  /** Why there is no usable value. */
  reason(path: string): string {
    if (this.get(path) !== undefined) return `unknown vSphere value of ${path}`;
    const fault = this.#fault(path);
    if (fault !== undefined) return fault;
    if (!this.#isRequested(path)) return this.source.whyNotRequested(this.object.type, path);
    return `vSphere does not report ${path}`;
  }

  /** A value obtained otherwise; if there is none, the reason is recorded. */
  orMissing<T>(field: string, value: T | undefined, reason: () => string): T | undefined {
    if (value === undefined) this.noteMissing(field, reason());
    return value;
  }

  /** Records why a field is unknown. */
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

/** A path and its ancestors: `a.b.c`, `a.b`, `a`. */
function upwards(path: string): readonly string[] {
  const steps = path.split(".");
  return steps.map((_, index) => steps.slice(0, steps.length - index).join("."));
}

/** Context for reading an object of any list. */
export interface ListContext {
  readonly source: Source;
  readonly coverage: Coverage;
  readonly inventoryPaths: InventoryPaths;
}
