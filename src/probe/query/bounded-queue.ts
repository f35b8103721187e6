/** How much may be under way at once. */
export interface QueueLimits<Item> {
  /** In all; at least 1. */
  readonly total: number;
  /** For one target; at least 1. */
  readonly per_target: number;
  target(item: Item): string;
}

export interface QueueWork<Item, Result> {
  run(item: Item): Promise<Result>;
  /** Whether the result only says that this process has no file descriptor left. */
  starved(result: Result): boolean;
  /** Called once for each item, as it ends. */
  done(item: Item, result: Result): void;
  /** Called with each error of `run` and `done`: a bug, after which the item has no result. */
  failed(item: Item, error: unknown): void;
}

/**
 * How many items begin before Node may turn to its sockets again: a burst of a thousand datagrams overruns the receive
 * buffer of the server, and of ours, and its losses look like silence.
 */
const BURST = 8;

/**
 * Runs work for items, as many at once as the limits allow, begun in the order in which they are added as far as targets
 * are free.
 *
 * An item that starves goes back into the queue while others hold descriptors, and no more items than those are run at
 * once from then on; with nothing else under way there is nothing to wait for, and its result stands.
 */
export class BoundedQueue<Item, Result> {
  readonly #waiting = new Map<string, Item[]>();
  readonly #active = new Map<string, number>();
  readonly #limits: QueueLimits<Item>;
  readonly #work: QueueWork<Item, Result>;
  #total: number;
  #underWay = 0;
  #pumping = false;

  constructor(limits: QueueLimits<Item>, work: QueueWork<Item, Result>) {
    this.#limits = limits;
    this.#work = work;
    this.#total = limits.total;
  }

  add(items: readonly Item[]): void {
    for (const item of items) this.#queue(item);
    this.#pump();
  }

  #queue(item: Item): void {
    const target = this.#limits.target(item);
    const others = this.#waiting.get(target);
    if (others === undefined) this.#waiting.set(target, [item]);
    else others.push(item);
  }

  /** The first item whose target is free. Only targets at their limit are passed over, so the search is short. */
  #next(): Item | undefined {
    for (const [target, queued] of this.#waiting) {
      if ((this.#active.get(target) ?? 0) >= this.#limits.per_target) continue;
      const item = queued.shift();
      if (queued.length === 0) this.#waiting.delete(target);
      return item;
    }
    return undefined;
  }

  async #begin(item: Item): Promise<void> {
    const target = this.#limits.target(item);
    this.#underWay++;
    this.#active.set(target, (this.#active.get(target) ?? 0) + 1);
    const ended = await this.#work.run(item).then(
      (result) => ({ result }),
      (error: unknown) => ({ error }),
    );
    // From here on without a pause: the item must not be seen as ended before its result is handed on.
    this.#underWay--;
    this.#leave(target);
    if ("error" in ended) this.#work.failed(item, ended.error);
    else this.#conclude(item, ended.result);
    this.#pump();
  }

  #conclude(item: Item, result: Result): void {
    if (this.#work.starved(result) && this.#underWay > 0) {
      this.#total = Math.min(this.#total, this.#underWay);
      this.#queue(item);
      return;
    }
    try {
      this.#work.done(item, result);
    } catch (error) {
      this.#work.failed(item, error);
    }
  }

  #leave(target: string): void {
    const count = (this.#active.get(target) ?? 1) - 1;
    if (count === 0) this.#active.delete(target);
    else this.#active.set(target, count);
  }

  #pump(): void {
    if (this.#pumping) return;
    for (let begun = 0; this.#underWay < this.#total; begun++) {
      if (begun === BURST) {
        this.#pumping = true;
        setImmediate(() => {
          this.#pumping = false;
          this.#pump();
        });
        return;
      }
      const item = this.#next();
      if (item === undefined) return;
      void this.#begin(item);
    }
  }
}
