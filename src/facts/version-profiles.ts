import type { EsxiVersion } from "./esxi-version.ts";
import { limits } from "./fact-reads.ts";

/** An ESXi release, or all releases of a major version: `6.7`, `6.x`. */
type EsxiRelease = `${number}.${number | "x"}`;

/** The limits that change with the Pexip Infinity software version. */
export interface VersionProfile {
  readonly name: `v${number}`;
  readonly major: number;
  /** Where the limits were read. */
  readonly source: string;
  /** The ESXi releases that it supports. */
  readonly esxi: readonly EsxiRelease[];
  /** Those of them that it recommends; null if it recommends none. */
  readonly recommendedEsxi: readonly EsxiRelease[] | null;
  /** Whether it supports ESXi hosts that no vCenter manages. */
  readonly standaloneHosts: boolean;
  /** Whether manual deployment requires the ESXi version of the host. */
  readonly asksForEsxi: boolean;
}

const V24: VersionProfile = {
  name: "v24",
  major: 24,
  source: 'docs.pexip.com/v24, "VMware ESXi administration" (24.3)',
  esxi: ["5.x", "6.x"],
  recommendedEsxi: ["6.x"],
  standaloneHosts: true,
  asksForEsxi: true,
};

const V25: VersionProfile = {
  ...{ ...V24, name: "v25", major: 25 },
  source: 'VMware Installation Guide v25 (document 25.a), "Supported ESXi versions"',
};

const V34: VersionProfile = {
  name: "v34",
  major: 34,
  source: 'docs.pexip.com, "VMware ESXi administration" (34.2)',
  esxi: ["6.7", "7.0", "8.0"],
  recommendedEsxi: null,
  standaloneHosts: false,
  asksForEsxi: false,
};

const V35: VersionProfile = {
  ...{ ...V34, name: "v35", major: 35 },
  source: 'docs.pexip.com, "VMware ESXi administration" (35.1)',
};

/** Oldest first. The documentation of versions in between was not available. */
const PROFILES: readonly VersionProfile[] = [V24, V25, V34, V35].map((profile) =>
  limits(`version profile ${profile.name}`, profile.source, { ...profile }, ["name", "major", "source"]),
);

/**
 * The profile for a software version such as `25` or `34.2`: its own, else the nearest lower one, else the oldest; v25
 * when no version can be read. `exact` is false where it had to be chosen in place of a missing one.
 */
export function versionProfile(version: string | number | undefined): { profile: VersionProfile; exact: boolean } {
  const major = softwareMajor(version);
  const closest = (most: number) => PROFILES.findLast((candidate) => candidate.major <= most) ?? PROFILES[0] ?? V24;
  if (major === null) return { profile: closest(V25.major), exact: false };
  const profile = closest(major);
  return { profile, exact: profile.major === major };
}

/**
 * The profiles that may apply to a software version: its own alone; without one the nearest below and above; all of
 * them when no version can be read.
 */
export function candidateProfiles(version: string | number | undefined): readonly VersionProfile[] {
  const major = softwareMajor(version);
  if (major === null) return PROFILES;
  const below = PROFILES.findLast((profile) => profile.major <= major);
  if (below?.major === major) return [below];
  const above = PROFILES.find((profile) => profile.major > major);
  return [below, above].filter((profile) => profile !== undefined);
}

/**
 * Whether a software version supports an ESXi release; null where that is unknown: the profiles that may apply differ,
 * or the version is newer than all of them and so is the ESXi release, or both are older.
 */
export function supportsEsxi(version: string | number | undefined, esxi: EsxiVersion): boolean | null {
  const candidates = candidateProfiles(version);
  const supporting = candidates.filter((profile) => hasRelease(profile.esxi, esxi));
  if (supporting.length > 0) return supporting.length === candidates.length ? true : null;
  const major = softwareMajor(version);
  const [only] = candidates;
  if (major === null || only === undefined || candidates.length > 1 || only.major === major) return false;
  const isOpen = major > only.major ? isBefore(only.esxi.at(-1), esxi) : !isBefore(only.esxi[0], esxi);
  return isOpen ? null : false;
}

/** The major number of a software version; null if it cannot be read. */
export function softwareMajor(version: string | number | undefined): number | null {
  const digits = /^\s*v?(\d{1,3})(?:\.|\s*$)/.exec(String(version ?? ""))?.[1];
  return digits === undefined ? null : Number(digits);
}

/** Whether a list of releases contains that of this ESXi version. */
export function hasRelease(releases: readonly string[], { major, minor }: EsxiVersion): boolean {
  return releases.some((release) => release === `${major}.${minor}` || release === `${major}.x`);
}

/** Whether a release of a profile precedes an ESXi version that is not in its list. */
function isBefore(release: EsxiRelease | undefined, { major, minor }: EsxiVersion): boolean {
  const [itsMajor = 0, itsMinor = 0] = (release ?? "").replace("x", "0").split(".").map(Number);
  return itsMajor < major || (itsMajor === major && itsMinor < minor);
}
