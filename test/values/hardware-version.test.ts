import { describe, expect, it } from "vitest";
import { hardwareVersion } from "../../src/values/hardware-version.ts";

describe("hardwareVersion", () => {
  it.each([
    [14, 14],
    ["14", 14],
    ["vmx-14", 14],
    ["vmx-08", 8],
    ["VMX-21", 21],
    [" vmx-14 ", 14],
    [4, 4],
  ])("reads %j as %d", (value, version) => {
    expect(hardwareVersion(value)).toBe(version);
  });

  it.each([0, -1, 14.5, 100, Number.NaN, "", "vmx", "vmx-", "vmx14", "vmx-0", "vmx-100", "14.0", "0x0e", "v14"])(
    "refuses %j",
    (value) => {
      expect(hardwareVersion(value)).toBeNull();
    },
  );

  it("orders vmx-08 below vmx-14, which their texts would not do for vmx-9", () => {
    const versions = ["vmx-14", "vmx-9", "vmx-08"].map(hardwareVersion);
    expect(versions.toSorted((a, b) => (a ?? 0) - (b ?? 0))).toEqual([8, 9, 14]);
  });
});
