import type { Coverage, ListName } from "./coverage.ts";

/** Independent evidence of the number of entries in a list. */
export interface Witness {
  readonly count: number;
  /** The source of the count: `the vHost tab counts 3 VMs on esxi01.example.com`. */
  readonly source: string;
}

/**
 * A list from a source. It is complete only if every row or object has a name, and no witness counts more. Every
 * importer creates its lists with this class, so that what a source lost is never considered absent.
 */
export class Listing<T> {
  readonly items: T[] = [];
  /** Reasons why entries are missing that cannot be counted, such as a tab without a header. */
  readonly gaps = new Set<string>();
  readonly witnesses: Witness[] = [];
  readonly #unnamed = new Map<string, number>();

  /** Adds a row or object with a name. */
  add(item: T): void {
    this.items.push(item);
  }

  /** Records an unidentified row or object without a name. `where` is `the vInfo tab`. */
  addUnnamed(where: string): void {
    this.#unnamed.set(where, (this.#unnamed.get(where) ?? 0) + 1);
  }

  /** Records a count of the entries from another source. */
  witness(count: number, source: string): void {
    this.witnesses.push({ count, source });
  }

  /** Records that an unknown number of entries is missing for this reason. */
  gap(reason: string): void {
    this.gaps.add(reason);
  }

  /** Number of rows or objects. */
  get seen(): number {
    return [...this.#unnamed.values()].reduce((sum, count) => sum + count, this.items.length);
  }

  /** Number of those with a name. */
  get named(): number {
    return this.items.length;
  }

  /** Why the list may have more entries; null if it is complete. */
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

/** More reasons than this are not useful to a reader. */
const MOST_REASONS = 3;

/**
 * A top-level list of an inventory: an incomplete one keeps its entries, and the inventory states that there may be
 * more. Undefined if nothing is known.
 */
export function topLevelList<T>(key: string, { items, reason }: Listing<T>, coverage: Coverage): T[] | undefined {
  if (reason === null) return items;
  if (items.length > 0) coverage.incomplete(key, reason);
  else coverage.whole(key, reason);
  return items.length > 0 ? items : undefined;
}

/** A list of one object: undefined if it is incomplete, as rules consider missing entries of such a list absent. */
export function ownList<T>(
  { items, reason }: Listing<T>,
  coverage: Coverage,
  [list, name, field]: readonly [list: ListName, name: string, field: string],
): T[] | undefined {
  if (reason === null) return items;
  coverage.field(list, name, field, reason);
  return undefined;
}
