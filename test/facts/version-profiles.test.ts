import { describe, expect, it } from "vitest";
import { candidateProfiles, hasRelease, versionProfile } from "../../src/facts/version-profiles.ts";

describe("versionProfile", () => {
  it.each([
    ["25", "v25", true],
    [25, "v25", true],
    ["25.4", "v25", true],
    ["v25", "v25", true],
    [" 25 ", "v25", true],
    ["34.2", "v34", true],
    [34, "v34", true],
  ])("%j has a profile of its own, %s", (version, name, exact) => {
    const found = versionProfile(version);
    expect([found.profile.name, found.exact]).toEqual([name, exact]);
  });

  it.each([
    ["26", "v25"],
    ["33.1", "v25"],
    ["35.1", "v34"],
    ["100", "v34"],
  ])("%j falls back to the nearest lower one, %s, and says so", (version, name) => {
    const found = versionProfile(version);
    expect([found.profile.name, found.exact]).toEqual([name, false]);
  });

  it.each(["24", 9, "0", undefined, "", "latest", "25a", "-25", "2500"])(
    "%j falls back to the oldest one",
    (version) => {
      const found = versionProfile(version);
      expect([found.profile.name, found.exact]).toEqual(["v25", false]);
    },
  );
});

describe("candidateProfiles", () => {
  it.each([
    ["25.4", ["v25"]],
    [34, ["v34"]],
    ["30", ["v25", "v34"]],
    ["24", ["v25"]],
    ["35.1", ["v34"]],
    [undefined, ["v25", "v34"]],
    ["latest", ["v25", "v34"]],
  ])("of %j are %j", (version, names) => {
    expect(candidateProfiles(version).map(({ name }) => name)).toEqual(names);
  });
});

describe("hasRelease", () => {
  const [v25, v34] = candidateProfiles(undefined);

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
  ])("ESXi %i.%i: v25 %s, v34 %s", (major, minor, in25, in34) => {
    const lists = [v25, v34].map((profile) => hasRelease(profile?.esxi ?? [], { major, minor, update: null }));
    expect(lists).toEqual([in25, in34]);
  });
});
