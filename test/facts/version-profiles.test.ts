import { describe, expect, it } from "vitest";
import { versionProfile } from "../../src/facts/version-profiles.ts";

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
