import { describe, expect, it } from "vitest";
import { candidateProfiles, hasRelease, supportsEsxi, versionProfile } from "../../src/facts/version-profiles.ts";

describe("versionProfile", () => {
  it.each([
    ["25", "v25", true],
    [25, "v25", true],
    ["25.4", "v25", true],
    ["v25", "v25", true],
    [" 25 ", "v25", true],
    ["34.2", "v34", true],
    [34, "v34", true],
    ["24.3", "v24", true],
    ["35.1", "v35", true],
  ])("%j has a profile of its own, %s", (version, name, exact) => {
    const found = versionProfile(version);
    expect([found.profile.name, found.exact]).toEqual([name, exact]);
  });

  it.each([
    ["26", "v25"],
    ["33.1", "v25"],
    ["36", "v35"],
    ["100", "v35"],
  ])("%j falls back to the nearest lower one, %s, and says so", (version, name) => {
    const found = versionProfile(version);
    expect([found.profile.name, found.exact]).toEqual([name, false]);
  });

  it.each(["23", 9, "0"])("%j falls back to the oldest one", (version) => {
    const found = versionProfile(version);
    expect([found.profile.name, found.exact]).toEqual(["v24", false]);
  });

  it.each([undefined, "", "latest", "25a", "-25", "2500"])("%j falls back to that of the guide", (version) => {
    const found = versionProfile(version);
    expect([found.profile.name, found.exact]).toEqual(["v25", false]);
  });
});

describe("candidateProfiles", () => {
  it.each([
    ["25.4", ["v25"]],
    [34, ["v34"]],
    ["30", ["v25", "v34"]],
    ["23", ["v24"]],
    ["36", ["v35"]],
    [undefined, ["v24", "v25", "v34", "v35"]],
    ["latest", ["v24", "v25", "v34", "v35"]],
  ])("of %j are %j", (version, names) => {
    expect(candidateProfiles(version).map(({ name }) => name)).toEqual(names);
  });
});

describe("hasRelease", () => {
  it.each([
    [4, 1, false, false],
    [5, 0, true, false],
    [5, 5, true, false],
    [6, 0, true, false],
    [6, 5, true, false],
    [6, 7, true, true],
    [7, 0, false, true],
    [8, 0, false, true],
    [9, 0, false, false],
  ])("ESXi %i.%i: v24 and v25 %s, v34 and v35 %s", (major, minor, inOld, inNew) => {
    const lists = ["24", "25", "34", "35"].map((version) =>
      hasRelease(versionProfile(version).profile.esxi, { major, minor, update: null }),
    );
    expect(lists).toEqual([inOld, inOld, inNew, inNew]);
  });
});

describe("supportsEsxi", () => {
  it.each([
    ["25.4", [6, 7], true],
    ["25.4", [7, 0], false],
    ["35", [8, 0], true],
    ["35", [9, 0], false],
    // Between two profiles, only values that both have are used.
    ["33", [6, 7], true],
    ["33", [5, 5], null],
    ["33", [7, 0], null],
    ["33", [9, 0], false],
    ["33", [4, 1], false],
    // Newer than all profiles: a newer ESXi may be supported by now, an older one does not come back.
    ["38", [8, 0], true],
    ["38", [9, 0], null],
    ["38", [6, 5], false],
    // Older than all profiles: the other way around.
    ["22", [6, 5], true],
    ["22", [4, 1], null],
    ["22", [7, 0], false],
    ["latest", [6, 7], true],
    ["latest", [5, 5], null],
    [undefined, [9, 0], false],
  ] as const)("Infinity %j, ESXi %j: %s", (version, [major, minor], expected) => {
    expect(supportsEsxi(version, { major, minor, update: null })).toBe(expected);
  });
});
