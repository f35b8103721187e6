import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seedFrom } from "./support/property-seed.ts";

describe("the seed of the property tests", () => {
  it("is the same in every run", () => {
    expect(seedFrom({})).toBe(20_261_122);
    expect(seedFrom({ PREFLIGHT_FUZZ_SEED: "" })).toBe(20_261_122);
  });

  it("can be given, as fast-check prints it", () => {
    expect(seedFrom({ PREFLIGHT_FUZZ_SEED: "110762765" })).toBe(110_762_765);
    expect(seedFrom({ PREFLIGHT_FUZZ_SEED: "-2147483648" })).toBe(-2_147_483_648);
  });

  it("is fresh on request", () => {
    const seeds = Array.from({ length: 100 }, () => seedFrom({ PREFLIGHT_FUZZ_SEED: "random" }));
    for (const seed of seeds) expect(seedFrom({ PREFLIGHT_FUZZ_SEED: String(seed) })).toBe(seed);
    expect(new Set(seeds).size).toBeGreaterThan(90);
  });

  it.each(["yes", "1.5", "2147483648", "1e3", " 1"])("is not %j", (text) => {
    expect(() => seedFrom({ PREFLIGHT_FUZZ_SEED: text })).toThrow(RangeError);
  });

  it("is in force without a test's doing", () => {
    expect(fc.readConfigureGlobal().seed).toBe(seedFrom(process.env));
    const draw = () => fc.sample(fc.integer(), 5);
    expect(draw()).toEqual(draw());
  });
});
