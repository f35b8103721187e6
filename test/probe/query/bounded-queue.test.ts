import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { BoundedQueue, type QueueLimits, type QueueWork } from "../../../src/probe/query/bounded-queue.ts";

interface Item {
  readonly id: number;
  readonly target: string;
}

const items = (count: number, targets = count): Item[] =>
  Array.from({ length: count }, (_, id) => ({ id, target: `t${id % targets}` }));

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Work that takes a few turns of the event loop and keeps count. */
function counted(turns: (item: Item) => number = () => 2): QueueWork<Item, string> & {
  readonly most: { total: number; target: number };
  readonly results: Map<number, string>;
} {
  const open: Item[] = [];
  const most = { total: 0, target: 0 };
  const results = new Map<number, string>();
  return {
    most,
    results,
    run: async (item) => {
      open.push(item);
      most.total = Math.max(most.total, open.length);
      most.target = Math.max(most.target, open.filter(({ target }) => target === item.target).length);
      for (let left = turns(item); left > 0; left--) await turn();
      open.splice(open.indexOf(item), 1);
      return `r${item.id}`;
    },
    starved: () => false,
    done: (item, result) => {
      if (results.has(item.id)) throw new Error(`${item.id} was done twice`);
      results.set(item.id, result);
    },
    failed: () => undefined,
  };
}

const target = (item: Item): string => item.target;

/** Runs the work for all items; the errors of those that failed, once every item has ended. */
function runBounded(
  all: readonly Item[],
  limits: QueueLimits<Item>,
  work: QueueWork<Item, string>,
): Promise<readonly unknown[]> {
  return new Promise((resolve) => {
    const errors: unknown[] = [];
    let left = all.length;
    const ended = (): void => {
      if (--left === 0) resolve(errors);
    };
    const queue = new BoundedQueue<Item, string>(limits, {
      ...work,
      done: (item, result) => {
        work.done(item, result);
        ended();
      },
      failed: (item, error) => {
        work.failed(item, error);
        errors.push(error);
        ended();
      },
    });
    // In two parts: what is added later is bounded by the same limits.
    queue.add(all.slice(0, all.length / 2));
    queue.add(all.slice(all.length / 2));
  });
}

describe("BoundedQueue", () => {
  it("does every item once and keeps any limits", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 5 }),
        async (count, targets, total, per_target) => {
          const work = counted(({ id }) => id % 3);
          await runBounded(items(count, targets), { total, per_target, target }, work);
          expect([...work.results.keys()].sort((a, b) => a - b)).toEqual(items(count).map(({ id }) => id));
          expect(work.most.total).toBeLessThanOrEqual(total);
          expect(work.most.target).toBeLessThanOrEqual(per_target);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("uses what the limits allow", async () => {
    const many = counted(() => 20);
    await runBounded(items(100), { total: 40, per_target: 1, target }, many);
    expect(many.most.total).toBe(40);
    const few = counted(() => 20);
    await runBounded(items(100, 5), { total: 40, per_target: 4, target }, few);
    expect(few.most).toEqual({ total: 20, target: 4 });
  });

  it("is not delayed by a busy target", async () => {
    let finish = (): void => undefined;
    const blocked = new Promise<void>((resolve) => (finish = resolve));
    const work = counted();
    const run = runBounded(
      [
        { id: 0, target: "slow" },
        { id: 1, target: "slow" },
        ...items(20).map((item) => ({ ...item, id: item.id + 2 })),
      ],
      { total: 4, per_target: 1, target },
      { ...work, run: async (item) => (item.id === 0 && (await blocked), work.run(item)) },
    );
    while (work.results.size < 20) await turn();
    expect(work.results.has(0)).toBe(false);
    finish();
    await run;
    expect(work.results.size).toBe(22);
  });

  it("starts only a few before Node may process its sockets", async () => {
    let begun = 0;
    const work = counted(() => 50);
    const run = runBounded(
      items(64),
      { total: 64, per_target: 1, target },
      { ...work, run: (item) => (begun++, work.run(item)) },
    );
    expect(begun).toBe(8);
    await run;
    expect(begun).toBe(64);
  });

  it("reports each error with its item, and continues with the others", async () => {
    const failed: number[] = [];
    const work = counted(() => 5);
    const errors = await runBounded(
      items(40),
      { total: 6, per_target: 1, target },
      {
        ...work,
        failed: ({ id }) => void failed.push(id),
        run: (item) => (item.id % 10 === 3 ? Promise.reject(new Error(`bug ${item.id}`)) : work.run(item)),
      },
    );
    expect(errors).toEqual([3, 13, 23, 33].map((id) => new Error(`bug ${id}`)));
    expect(failed).toEqual([3, 13, 23, 33]);
    expect(work.results.size).toBe(36);
  });

  it("reports what `done` throws, also for the last item", async () => {
    const work = counted();
    const done = (item: Item): void => {
      if (item.id === 9) throw new Error("bug in done");
    };
    const errors = await runBounded(items(10), { total: 3, per_target: 1, target }, { ...work, done });
    expect(errors).toEqual([new Error("bug in done")]);
  });
});

describe("an item that finds no file descriptor", () => {
  /** Work that needs one of a limited number of descriptors. */
  function scarce(descriptors: number) {
    let free = descriptors;
    let refusals = 0;
    const work = counted(() => 3);
    return {
      results: work.results,
      refusals: () => refusals,
      work: {
        ...work,
        run: async (item: Item): Promise<string> => {
          if (free === 0) {
            refusals++;
            await turn();
            return "starved";
          }
          free--;
          const result = await work.run(item);
          free++;
          return result;
        },
        starved: (result: string) => result === "starved",
      },
    };
  }

  it("waits until another one ends, and all are done", async () => {
    const { work, results, refusals } = scarce(5);
    await runBounded(items(200), { total: 64, per_target: 1, target }, work);
    expect(results.size).toBe(200);
    expect([...results.values()]).not.toContain("starved");
    // The limit came down to what there is: not every item had to run into it.
    expect(refusals()).toBeGreaterThan(0);
    expect(refusals()).toBeLessThan(100);
  });

  it("is reported when there is nothing to wait for", async () => {
    const { work, results } = scarce(0);
    await runBounded(items(20), { total: 8, per_target: 1, target }, work);
    expect([...results.values()]).toEqual(Array(20).fill("starved"));
  });
});
