/** Limits on concurrent work. */
export interface QueueLimits<Item> {
  /** In total; at least 1. */
  readonly total: number;
  /** For one target; at least 1. */
  readonly per_target: number;
  target(item: Item): string;
}

export interface QueueWork<Item, Result> {
  run(item: Item): Promise<Result>;
  /** Whether the result only means that this process had no file descriptors left. */
  starved(result: Result): boolean;
  /** Called once for each item when it ends. */
  done(item: Item, result: Result): void;
  /** Called with each error of `run` and `done`: a bug, after which the item has no result. */
  failed(item: Item, error: unknown): void;
}

/**
 * The number of items that start before Node may process its sockets again: a burst of a thousand datagrams overruns
 * the receive buffers of the server and of this machine, and the losses look like timeouts.
 */
const BURST = 8;

/**
 * Runs work for items, concurrently up to the limits, started in the order in which they are added unless their target
 * is at its limit.
 *
 * An item that runs out of file descriptors returns to the queue while others hold some, and from then on no more items
 * run concurrently than those; if no other item is running, its result is final.
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

  /** The first item whose target is free. Only targets at their limit are skipped, so the search is short. */
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
    // No pause from here on: the item must not count as ended before its result is passed on.
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
