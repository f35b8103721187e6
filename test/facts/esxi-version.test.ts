import { describe, expect, it } from "vitest";
import { atLeast, esxiVersion } from "../../src/facts/esxi-version.ts";

const version = (major: number, minor: number, update: number | null) => ({ major, minor, update });

describe("esxiVersion", () => {
  it.each([
    ["6.7.0", "6.7.3", version(6, 7, 3)],
    ["6.7.0", "6.7.0", version(6, 7, 0)],
    ["6.7.0", "6.7", version(6, 7, null)],
    ["7.0.3", "7.0.3.0", version(7, 0, 3)],
    ["8.0.2", "8.0.2.0", version(8, 0, 2)],
    [" 6.5.0 ", "6.5", version(6, 5, null)],
  ])("reads version %j with API version %j", (own, api, expected) => {
    expect(esxiVersion(own, api)).toEqual(expected);
  });

  it("does not take the third number of a version before 7.0 for an update level", () => {
    expect(esxiVersion("6.7.0", undefined)).toEqual(version(6, 7, null));
    expect(esxiVersion("6.0.0", undefined)).toEqual(version(6, 0, null));
  });

  it("reads the update level of 7.0 and later from the version", () => {
    expect(esxiVersion("7.0.2", undefined)).toEqual(version(7, 0, 2));
    expect(esxiVersion("8.0", undefined)).toEqual(version(8, 0, null));
  });

  it("reads the API version if there is no version, or none that can be read", () => {
    expect(esxiVersion(undefined, "6.7.3")).toEqual(version(6, 7, 3));
    expect(esxiVersion("VMware ESXi 6.7.0 build-14320388", "6.7.3")).toEqual(version(6, 7, 3));
  });

  it.each([
    ["8169922", 0],
    ["10302607", 0],
    ["10302608", 1],
    ["13006602", 1],
    [13006603, 2],
    ["14320387", 2],
    [" 14320388 ", 3],
    ["17499825", 3],
  ])("reads the update level of 6.7 from build %j where the API version does not tell it", (build, update) => {
    expect(esxiVersion("6.7.0", undefined, build)).toEqual(version(6, 7, update));
    expect(esxiVersion("6.7.0", "6.7", build)).toEqual(version(6, 7, update));
    expect(esxiVersion("6.7.0", "6.7.3", build)).toEqual(version(6, 7, 3));
  });

  it("reads no update level from a build that is older than 6.7, not a number, or of another release", () => {
    for (const build of [8169921, "releasebuild-14320388", "", undefined]) {
      expect(esxiVersion("6.7.0", undefined, build)).toEqual(version(6, 7, null));
    }
    expect(esxiVersion("6.5.0", undefined, "17499825")).toEqual(version(6, 5, null));
    expect(esxiVersion("7.0", undefined, "17499825")).toEqual(version(7, 0, null));
  });

  it.each([
    ["6.7 U3", version(6, 7, 3)],
    ["6.7u3", version(6, 7, 3)],
    ["6.7U3b", version(6, 7, 3)],
    ["6.7.0 Update 3", version(6, 7, 3)],
    ["6.7.3", version(6, 7, 3)],
    ["ESXi 7.0 Update 3c", version(7, 0, 3)],
    ["7.0.3 U3", version(7, 0, 3)],
    ["VMware ESXi 8.0.3 build-24674464", version(8, 0, 3)],
    ["VMware ESXi 6.7.0 build-14320388", version(6, 7, 3)],
    ["VMware ESXi, 6.7.0, 13006603", version(6, 7, 2)],
    ["6.7.0 (build 10302608)", version(6, 7, 1)],
    ["VMware ESXi 6.5.0 build-17499825", version(6, 5, null)],
  ])("reads %j as exports and people write it", (text, expected) => {
    expect(esxiVersion(text, undefined)).toEqual(expected);
  });

  it("believes the API version and the build of their own before what the version adds", () => {
    expect(esxiVersion("6.7 U1", "6.7.3")).toEqual(version(6, 7, 3));
    expect(esxiVersion("VMware ESXi 6.7.0 build-10302608", undefined, "14320388")).toEqual(version(6, 7, 3));
  });

  it("does not mix the update level of one release into another", () => {
    expect(esxiVersion("6.7.0", "6.5.1")).toEqual(version(6, 7, null));
  });

  it.each([
    undefined,
    "",
    "6",
    "six",
    "6.x",
    "-6.7",
    "6,7",
    "6.7.",
    "123.4",
    "7.0.2 Update 3",
    "6.7 U",
    "6.7 EP 14",
    "8.0.3 beta",
    "vCenter 7.0.3",
    "6.7.0 build",
  ])("cannot read %j", (text) => {
    expect(esxiVersion(text, undefined)).toBeNull();
  });
});

describe("atLeast", () => {
  it.each([
    ["6.7", 6, 7, true],
    ["6.7", 6, 5, true],
    ["6.7", 6, 8, false],
    ["6.7", 7, 0, false],
    ["7.0", 6, 7, true],
    ["10.0", 9, 5, true],
  ])("%s against %d.%d is %s", (own, major, minor, expected) => {
    expect(atLeast(esxiVersion(own, undefined) ?? version(0, 0, null), major, minor)).toBe(expected);
  });
});
