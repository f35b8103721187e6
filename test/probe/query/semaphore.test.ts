import { expect, it } from "vitest";
import { Semaphore } from "../../../src/probe/query/semaphore.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it("limits concurrent work, in order, all of it, even if some fails", async () => {
  const semaphore = new Semaphore(3);
  let open = 0;
  let most = 0;
  const begun: number[] = [];
  const works = Array.from({ length: 20 }, (_, index) =>
    semaphore.pass(async () => {
      begun.push(index);
      most = Math.max(most, ++open);
      await turn();
      open--;
      if (index % 2 === 0) throw new Error(`${index}`);
      return index;
    }),
  );
  const ends = await Promise.allSettled(works);
  expect(most).toBe(3);
  expect(begun).toEqual(ends.map((_, index) => index));
  expect(ends.map(({ status }) => status)).toEqual(
    ends.map((_, index) => (index % 2 === 0 ? "rejected" : "fulfilled")),
  );
  // Nothing is lost when all are through.
  await expect(semaphore.pass(() => Promise.resolve("next"))).resolves.toBe("next");
});
