import { describe, expect, it } from "vitest";
import { evcMode, LOWEST_AVX_MODE } from "../../src/facts/evc-modes.ts";

/** The vendors' lines, oldest first, and the first mode of each that shows a feature. */
const INTEL = [
  "intel-merom",
  "intel-penryn",
  "intel-nehalem",
  "intel-westmere",
  "intel-sandybridge",
  "intel-ivybridge",
  "intel-haswell",
  "intel-broadwell",
  "intel-skylake",
  "intel-cascadelake",
  "intel-icelake",
  "intel-sapphirerapids",
  "intel-graniterapids",
];
const AMD = [
  "amd-rev-e",
  "amd-rev-f",
  "amd-greyhound-no3dnow",
  "amd-greyhound",
  "amd-bulldozer",
  "amd-piledriver",
  "amd-steamroller",
  "amd-zen",
  "amd-zen2",
  "amd-zen3",
  "amd-zen4",
  "amd-zen5",
];
const FIRST = {
  avx: ["intel-sandybridge", "amd-bulldozer"],
  avx2: ["intel-haswell", "amd-zen"],
  avx512f: ["intel-skylake", "amd-zen4"],
} as const;

describe.each([
  ["intel", INTEL],
  ["amd", AMD],
] as const)("EVC modes of %s", (vendor, line) => {
  it("are in the order of their generations", () => {
    const modes = line.map((key) => evcMode(key));
    expect(modes.map((mode) => mode?.vendor)).toEqual(line.map(() => vendor));
    expect(modes.map((mode) => mode?.rank)).toEqual(line.map((_, index) => index));
  });

  it.each(["avx", "avx2", "avx512f"] as const)("have %s from one generation on", (feature) => {
    const first = line.findIndex((key) => (FIRST[feature] as readonly string[]).includes(key));
    expect(first).toBeGreaterThan(0);
    expect(line.map((key) => evcMode(key)?.[feature])).toEqual(line.map((_, index) => index >= first));
  });

  it("are marked if the features are inferred from CPU generations: from AVX2 on", () => {
    expect(line.filter((key) => evcMode(key)?.confirmed === false)).toEqual(
      line.filter((key) => evcMode(key)?.avx2 === true),
    );
  });

  it("name the lowest mode with AVX", () => {
    expect(LOWEST_AVX_MODE[vendor]).toBe(line.find((key) => evcMode(key)?.avx === true));
  });
});

describe("evcMode", () => {
  it("ignores case and blanks: intel-cascadeLake occurs in practice", () => {
    expect(evcMode(" intel-cascadeLake ")).toBe(evcMode("intel-cascadelake"));
    expect(evcMode("INTEL-MEROM")).toMatchObject({ avx: false });
  });

  it.each(["", "intel-", "intel-sandy-bridge", "sandybridge", "intel-tigerlake", "null", "constructor", "__proto__"])(
    "does not recognize %j, and does not guess",
    (key) => {
      expect(evcMode(key)).toBeUndefined();
    },
  );
});
