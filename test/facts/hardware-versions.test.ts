import { describe, expect, it } from "vitest";
import { esxiVersion } from "../../src/facts/esxi-version.ts";
import { hardwareVersion, newestHardware } from "../../src/facts/hardware-versions.ts";

function newest(version: string, api?: string) {
  const esxi = esxiVersion(version, api);
  return esxi === null ? undefined : newestHardware(esxi);
}

const exactly = (hardware: number, confirmed = true) => ({ least: hardware, most: hardware, confirmed });

describe("newestHardware", () => {
  it.each([
    ["5.0.0", "5.0", 8],
    ["5.1.0", "5.1", 9],
    ["5.5.0", "5.5", 10],
    ["6.0.0", "6.0", 11],
    ["6.5.0", "6.5", 13],
    ["6.7.0", "6.7.1", 14],
    ["6.7.0", "6.7.2", 15],
    ["6.7.0", "6.7.3", 15],
    ["7.0.0", "7.0.0.0", 17],
    ["7.0.1", undefined, 18],
    ["7.0.2", undefined, 19],
    ["7.0.3", undefined, 19],
    ["8.0.0", undefined, 20],
    ["8.0.1", undefined, 20],
    ["8.0.2", undefined, 21],
    ["9.0.0", undefined, 22],
  ])("of ESXi %s with API %s is %i", (version, api, hardware) => {
    expect(newest(version, api)).toEqual(exactly(hardware));
  });

  it("is expected, not confirmed, for 8.0 U3", () => {
    expect(newest("8.0.3")).toEqual(exactly(21, false));
  });

  it("is between two versions if the update level is unknown and matters", () => {
    expect(newest("6.7.0")).toEqual({ least: 14, most: 15, confirmed: true });
    expect(newest("7.0")).toEqual({ least: 17, most: 19, confirmed: true });
    expect(newest("8.0")).toEqual({ least: 20, most: 21, confirmed: false });
  });

  it.each([
    ["7.0.4", undefined, 19],
    ["8.0.4", undefined, 21],
    ["9.0.1", undefined, 22],
    ["9.1.0", undefined, 22],
    ["10.0.0", undefined, 22],
    ["6.7.0", "6.7.4", 15],
  ])(
    "is at least that of the predecessor for ESXi %s with API %s, which the table does not have: %i",
    (version, api, hardware) => {
      expect(newest(version, api)).toEqual({ least: hardware, most: Infinity, confirmed: false });
    },
  );

  it("is at least that of its first release for the last release of the table at an unknown update", () => {
    expect(newest("9.0")).toEqual({ least: 22, most: Infinity, confirmed: false });
  });

  it.each(["3.5.0", "6.6.0", "7.1"])("is unknown for ESXi %s, which is not newer than the table", (version) => {
    expect(newest(version)).toBeUndefined();
  });
});

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
