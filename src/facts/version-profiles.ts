import type { EsxiVersion } from "./esxi-version.ts";

/** An ESXi release, or all releases of a major version: `6.7`, `6.x`. */
type EsxiRelease = `${number}.${number | "x"}`;

/** The limits that change with the Pexip Infinity software version. */
export interface VersionProfile {
  readonly name: "v25" | "v34";
  readonly major: number;
  /** The ESXi releases that it supports. */
  readonly esxi: readonly EsxiRelease[];
  /** Those of them that it recommends; null when it does not say. */
  readonly recommendedEsxi: readonly EsxiRelease[] | null;
}

// Pexip Infinity VMware Installation Guide, software version 25 (document 25.a), "Supported ESXi versions".
const V25: VersionProfile = { name: "v25", major: 25, esxi: ["5.x", "6.x"], recommendedEsxi: ["6.x"] };

// docs.pexip.com, "VMware ESXi administration", v34.2 and v35.1.
const V34: VersionProfile = { name: "v34", major: 34, esxi: ["6.7", "7.0", "8.0"], recommendedEsxi: null };

/** Oldest first. Nothing in between was read. */
const PROFILES: readonly VersionProfile[] = [V25, V34];

/**
 * The profile for a software version such as `25` or `34.2`: its own, else the nearest lower one, else the oldest.
 * `exact` is false where it had to be chosen in place of a missing one.
 */
export function versionProfile(version: string | number | undefined): { profile: VersionProfile; exact: boolean } {
  const major = softwareMajor(version);
  if (major === null) return { profile: V25, exact: false };
  const profile = PROFILES.findLast((candidate) => candidate.major <= major) ?? V25;
  return { profile, exact: profile.major === major };
}

/**
 * The profiles that may hold for a software version: its own alone; without one the nearest below and above; all of them
 * when no version can be read.
 */
export function candidateProfiles(version: string | number | undefined): readonly VersionProfile[] {
  const major = softwareMajor(version);
  if (major === null) return PROFILES;
  const below = PROFILES.findLast((profile) => profile.major <= major);
  if (below?.major === major) return [below];
  const above = PROFILES.find((profile) => profile.major > major);
  return [below, above].filter((profile) => profile !== undefined);
}

/** The first number of a software version; null when there is none to be read. */
export function softwareMajor(version: string | number | undefined): number | null {
  const digits = /^\s*v?(\d{1,3})(?:\.|\s*$)/.exec(String(version ?? ""))?.[1];
  return digits === undefined ? null : Number(digits);
}

/** Whether a list of releases has the one of this ESXi version. */
export function hasRelease(releases: readonly EsxiRelease[], { major, minor }: EsxiVersion): boolean {
  return releases.some((release) => release === `${major}.${minor}` || release === `${major}.x`);
}
