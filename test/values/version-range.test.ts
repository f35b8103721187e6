import { describe, expect, it } from "vitest";
import { isInRange, parseVersionRange } from "../../src/values/version-range.ts";

describe("a range of versions", () => {
  it.each([
    [">=1.2.3 <2", ["1.2.3", "1.9.0", "1.10.0"], ["1.2.2", "2.0.0", "0.9.9", "1.2.3-rc.1"]],
    [">= 1.2.3, < 2", ["1.2.3"], ["2.0.0"]],
    ["1.2.3", ["1.2.3", "v1.2.3", "1.2.3+build.5"], ["1.2.4", "1.2.3-rc.1"]],
    ["=1.2.3", ["1.2.3"], ["1.2.4"]],
    ["1.2", ["1.2.0", "1.2.99"], ["1.3.0", "1.1.9"]],
    ["1", ["1.0.0", "1.99.0"], ["2.0.0", "0.1.0"]],
    [">1.2", ["1.3.0", "2.0.0"], ["1.2.9", "1.2.0"]],
    ["<=1.2", ["1.2.9", "0.1.0"], ["1.3.0"]],
    [">1.2.3", ["1.2.4"], ["1.2.3"]],
    ["<1.2.3", ["1.2.2", "1.2.3-rc.1"], ["1.2.3"]],
    [
      ">=1.0.0-rc.2",
      ["1.0.0-rc.2", "1.0.0-rc.10", "1.0.0-x", "1.0.0", "1.0.0-rc.2.1"],
      ["1.0.0-rc.1", "1.0.0-rc", "1.0.0-2"],
    ],
    [">=0.1.0", ["0.1.0", "10.0.0"], ["0.0.9"]],
  ])("%s holds %j and not %j", (text, inside, outside) => {
    const range = parseVersionRange(text);
    if (range === null) throw new Error(`${text} is no range`);
    for (const version of inside) expect(isInRange(version, range), version).toBe(true);
    for (const version of outside) expect(isInRange(version, range), version).toBe(false);
    expect(isInRange("no version", range)).toBe(false);
  });

  it.each(["", " ", "latest", "^1.2.3", "~1.2", "1.x", ">=", "1.2.3.4", "1 || 2", ">=1 <", "<<1", "-1"])(
    "is not %j",
    (text) => {
      expect(parseVersionRange(text)).toBeNull();
    },
  );
});
