import { describe, expect, it } from "vitest";
import { isManualEsxiType, isOlderType, manualTypeFor } from "../../src/facts/manual-deployment-types.ts";

describe("manualTypeFor", () => {
  it.each([
    [4, 1, undefined],
    [5, 0, "MANUAL-ESXI-5.X"],
    [5, 5, "MANUAL-ESXI-5.X"],
    [6, 0, "MANUAL-ESXI-6.0"],
    [6, 5, "MANUAL-ESXI-6.0"],
    [6, 7, "MANUAL-ESXI-6.7"],
    [7, 0, "MANUAL-ESXI-6.7"],
    [8, 0, "MANUAL-ESXI-6.7"],
  ])("ESXi %i.%i takes %s", (major, minor, type) => {
    expect(manualTypeFor({ major, minor, update: null })).toBe(type);
  });
});

describe("deployment types", () => {
  it("are for certain ESXi versions, or not", () => {
    expect(["MANUAL-ESXI-6.0", "AUTOMATIC", "MANUAL-PROVISION-ONLY"].map(isManualEsxiType)).toEqual([
      true,
      false,
      false,
    ]);
  });

  it("are ordered by those versions", () => {
    expect(isOlderType("MANUAL-ESXI-5.X", "MANUAL-ESXI-6.0")).toBe(true);
    expect(isOlderType("MANUAL-ESXI-6.7", "MANUAL-ESXI-6.0")).toBe(false);
    expect(isOlderType("MANUAL-ESXI-6.7", "MANUAL-ESXI-6.7")).toBe(false);
  });
});
