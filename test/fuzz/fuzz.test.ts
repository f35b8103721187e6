import { describe, expect, it } from "vitest";
import { SEED_VARIABLE, seedFrom } from "../support/property-seed.ts";
import { corpusOf } from "./corpus.ts";
import { mutated, Random } from "./mutations.ts";
import { TARGETS } from "./targets.ts";

const VARIANTS = 300;

describe.each(Object.entries(TARGETS))("%s", (name, target) => {
  const corpus = corpusOf(name);

  it("holds for every input of its corpus", async () => {
    expect(corpus.length).toBeGreaterThan(0);
    for (const input of corpus) await target(input);
  });

  it("holds for variants of them", async () => {
    const random = new Random(seedFrom(process.env));
    for (let count = 0; count < VARIANTS; count++) {
      const input = mutated(random.of(corpus), corpus, random);
      try {
        await target(input);
      } catch (error) {
        throw new Error(`${SEED_VARIABLE}, variant ${count}: ${input.toString("base64").slice(0, 2000)}`, {
          cause: error,
        });
      }
    }
  });
});

it("variants are the same for the same seed, and differ for another", () => {
  const inputs = (seed: number) => {
    const random = new Random(seed);
    return Array.from({ length: 50 }, () =>
      mutated(Buffer.from("a: 1\nb: [2]\n"), [Buffer.from("{}")], random).toString("hex"),
    );
  };
  expect(inputs(1)).toEqual(inputs(1));
  expect(inputs(1)).not.toEqual(inputs(2));
  expect(new Set(inputs(1)).size).toBeGreaterThan(30);
});
