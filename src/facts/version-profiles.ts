/** The limits that change with the Pexip Infinity software version. */
export interface VersionProfile {
  readonly name: "v25" | "v34";
  readonly major: number;
}

// v25: Pexip Infinity VMware Installation Guide, software version 25 (document 25.a). v34: docs.pexip.com,
// "VMware ESXi administration", v34.2 and v35.1. Nothing in between was read.
const PROFILES: readonly VersionProfile[] = [
  { name: "v25", major: 25 },
  { name: "v34", major: 34 },
];

const OLDEST: VersionProfile = { name: "v25", major: 25 };

/**
 * The profile for a software version such as `25` or `34.2`: its own, else the nearest lower one, else the oldest.
 * `exact` is false where it had to be chosen in place of a missing one.
 */
export function versionProfile(version: string | number | undefined): { profile: VersionProfile; exact: boolean } {
  const major = /^\s*v?(\d{1,3})(?:\.|\s*$)/.exec(String(version ?? ""))?.[1];
  if (major === undefined) return { profile: OLDEST, exact: false };
  const profile = PROFILES.findLast((candidate) => candidate.major <= Number(major)) ?? OLDEST;
  return { profile, exact: profile.major === Number(major) };
}
