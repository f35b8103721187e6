import type { Coverage, ListName } from "./coverage.ts";

/** Something besides the list itself that shows how many entries it has. */
export interface Witness {
  readonly count: number;
  /** What shows it: `the vHost tab counts 3 VMs on esxi01.example.com`. */
  readonly source: string;
}

/**
 * A list as a source gives it. It is known to be complete only when every row or object that was seen could be named, and
 * no witness counts more. Every importer makes its lists with this, so that what a source lost is never taken for absent.
 */
export class Listing<T> {
  readonly items: T[] = [];
  /** Reasons why entries are missing that nothing counts, such as a tab without a header. */
  readonly gaps = new Set<string>();
  readonly witnesses: Witness[] = [];
  readonly #unnamed = new Map<string, number>();

  /** A row or object that has a name. */
  add(item: T): void {
    this.items.push(item);
  }

  /** A row or object without a name: something is there, and nothing tells what. `where` is `the vInfo tab`. */
  addUnnamed(where: string): void {
    this.#unnamed.set(where, (this.#unnamed.get(where) ?? 0) + 1);
  }

  /** Something else shows that there are so many entries. */
  witness(count: number, source: string): void {
    this.witnesses.push({ count, source });
  }

  /** Entries that are missing for this reason, however many. */
  gap(reason: string): void {
    this.gaps.add(reason);
  }

  /** How many rows or objects were seen. */
  get seen(): number {
    return [...this.#unnamed.values()].reduce((sum, count) => sum + count, this.items.length);
  }

  /** How many of them have a name. */
  get named(): number {
    return this.items.length;
  }

  /** Why the list may have more entries; null when it is complete. */
  get reason(): string | null {
    const unnamed = [...this.#unnamed].map(([where, count]) =>
      count === 1 ? `an entry of ${where} has no name` : `${count} entries of ${where} have no name`,
    );
    const more = this.witnesses
      .filter(({ count }) => count > this.named)
      .map(({ source }) => `${source}, and ${this.named} ${this.named === 1 ? "is" : "are"} listed`);
    const reasons = [...this.gaps, ...unnamed, ...more];
    return reasons.length === 0 ? null : [...new Set(reasons)].slice(0, MOST_REASONS).join("; ");
  }
}

/** More than that are not read by anybody. */
const MOST_REASONS = 3;

/**
 * A list at the top level of an inventory: an incomplete one keeps its entries, and the inventory says that there may be
 * more. Undefined when nothing of it is known.
 */
export function topLevelList<T>(key: string, { items, reason }: Listing<T>, coverage: Coverage): T[] | undefined {
  if (reason === null) return items;
  if (items.length > 0) coverage.incomplete(key, reason);
  else coverage.whole(key, reason);
  return items.length > 0 ? items : undefined;
}

/** A list of one object: undefined when it is incomplete, as rules take what such a list does not have for absent. */
export function ownList<T>(
  { items, reason }: Listing<T>,
  coverage: Coverage,
  [list, name, field]: readonly [list: ListName, name: string, field: string],
): T[] | undefined {
  if (reason === null) return items;
  coverage.field(list, name, field, reason);
  return undefined;
}
