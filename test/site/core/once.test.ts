import { describe, expect, it, vi } from "vitest";
import { once, oncePer } from "../../../src/site/core/once.ts";

describe("once", () => {
  it("computes a value only on first use, even one that is null", () => {
    const compute = vi.fn((): string | null => null);
    const value = once(compute);
    expect(compute).not.toHaveBeenCalled();
    expect([value(), value()]).toEqual([null, null]);
    expect(compute).toHaveBeenCalledTimes(1);
  });
});

describe("oncePer", () => {
  it("computes one value per key, compared by identity", () => {
    const compute = vi.fn((key: { readonly name: string }) => [key.name]);
    const valueOf = oncePer(compute);
    const [a, b] = [{ name: "same" }, { name: "same" }];
    expect(valueOf(a)).toBe(valueOf(a));
    expect(valueOf(a)).not.toBe(valueOf(b));
    expect(compute.mock.calls).toEqual([[a], [b]]);
  });
});
