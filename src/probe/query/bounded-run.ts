/** How much may go on at once. */
export interface RunLimits<Item> {
  /** In all; at least 1. */
  readonly total: number;
  /** For one target; at least 1. */
  readonly per_target: number;
  target(item: Item): string;
}

export interface RunWork<Item, Result> {
  run(item: Item): Promise<Result>;
  /** Whether the result only says that this process has no file descriptor left. */
  starved(result: Result): boolean;
  /** Called once for each item, as it ends. */
  done(item: Item, result: Result): void;
  /** Called at the first error, so that what is under way can end early. */
  failed(): void;
}

/**
 * How many items begin before Node may turn to its sockets again: a burst of a thousand datagrams overruns the receive
 * buffer of the server, and of ours, and its losses look like silence.
 */
const BURST = 8;

/**
 * Runs the work for every item, as many at once as the limits allow, begun in order as far as targets are free.
 *
 * An item that starves goes back into the queue while others hold descriptors, and no more items than those are run at
 * once from then on; with nothing else under way there is nothing to wait for, and its result stands.
 * Rejects with the first error, once all that was under way has ended.
 */
export function runBounded<Item, Result>(
  items: readonly Item[],
  limits: RunLimits<Item>,
  work: RunWork<Item, Result>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const waiting = new Map<string, Item[]>();
    const active = new Map<string, number>();
    let total = limits.total;
    let underWay = 0;
    let failure: { readonly error: unknown } | null = null;
    let pumping = false;

    const queue = (item: Item): void => {
      const target = limits.target(item);
      const others = waiting.get(target);
      if (others === undefined) waiting.set(target, [item]);
      else others.push(item);
    };

    /** The first item whose target is free. Only targets at their limit are passed over, so the search is short. */
    const next = (): Item | undefined => {
      for (const [target, queued] of waiting) {
        if ((active.get(target) ?? 0) >= limits.per_target) continue;
        const item = queued.shift();
        if (queued.length === 0) waiting.delete(target);
        return item;
      }
      return undefined;
    };

    const begin = async (item: Item): Promise<void> => {
      const target = limits.target(item);
      underWay++;
      active.set(target, (active.get(target) ?? 0) + 1);
      const ended = await work.run(item).then(
        (result) => ({ result }),
        (error: unknown) => ({ error }),
      );
      // From here on without a pause: nobody may see the item as ended before its result is handed on.
      underWay--;
      leave(target);
      if ("error" in ended) fail(ended.error);
      else conclude(item, ended.result);
      pump();
    };

    const conclude = (item: Item, result: Result): void => {
      if (work.starved(result) && underWay > 0) {
        total = Math.min(total, underWay);
        if (failure === null) queue(item);
        return;
      }
      try {
        work.done(item, result);
      } catch (error) {
        fail(error);
      }
    };

    const leave = (target: string): void => {
      const count = (active.get(target) ?? 1) - 1;
      if (count === 0) active.delete(target);
      else active.set(target, count);
    };

    const fail = (error: unknown): void => {
      if (failure !== null) return;
      failure = { error };
      waiting.clear();
      work.failed();
    };

    const pump = (): void => {
      if (pumping) return;
      for (let begun = 0; underWay < total; begun++) {
        if (begun === BURST) {
          pumping = true;
          setImmediate(() => {
            pumping = false;
            pump();
          });
          return;
        }
        const item = next();
        if (item === undefined) break;
        void begin(item);
      }
      if (underWay > 0) return;
      if (failure === null) resolve();
      // The reason is passed on as it was thrown.
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
      else reject(failure.error);
    };

    items.forEach(queue);
    pump();
  });
}
