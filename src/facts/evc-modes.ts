import { limits, noted } from "./fact-reads.ts";

/** CPU features that an EVC mode exposes to virtual machines. */
export interface EvcMode {
  readonly vendor: "intel" | "amd";
  /** Order within the vendor's line; not comparable across vendors. */
  readonly rank: number;
  readonly avx: boolean;
  readonly avx2: boolean;
  readonly avx512f: boolean;
  /** False where the key or its features are derived from CPU generations instead of a VMware source. */
  readonly confirmed: boolean;
}

type Row = readonly [key: string, avx: boolean, avx2: boolean, avx512f: boolean, confirmed: boolean];

const GUIDE = 'VMware Installation Guide v25, "Enhanced vMotion Compatibility (EVC)"';
/** Of the keys, and of AVX from Sandy Bridge on. */
const SOURCE = `PowerCLI, Set-VMEvcMode; vSphere API, EVCMode.key; ${GUIDE}`;

// AVX2 and AVX-512 per CPU generation (Haswell, Skylake-SP, Zen): not confirmed by a text on VMware's EVC baselines.
const INTEL: readonly Row[] = [
  ["intel-merom", false, false, false, true],
  ["intel-penryn", false, false, false, true],
  ["intel-nehalem", false, false, false, true],
  ["intel-westmere", false, false, false, true],
  ["intel-sandybridge", true, false, false, true],
  ["intel-ivybridge", true, false, false, true],
  ["intel-haswell", true, true, false, false],
  ["intel-broadwell", true, true, false, false],
  ["intel-skylake", true, true, true, false],
  ["intel-cascadelake", true, true, true, false],
  ["intel-icelake", true, true, true, false],
  ["intel-sapphirerapids", true, true, true, false],
  ["intel-graniterapids", true, true, true, false],
];

// AVX from Bulldozer on: CPU generation; amd-greyhound is no subset of the Bulldozer line (VMware KB 1003212).
const AMD: readonly Row[] = [
  ["amd-rev-e", false, false, false, true],
  ["amd-rev-f", false, false, false, true],
  ["amd-greyhound-no3dnow", false, false, false, true],
  ["amd-greyhound", false, false, false, true],
  ["amd-bulldozer", true, false, false, true],
  ["amd-piledriver", true, false, false, true],
  ["amd-steamroller", true, false, false, true],
  ["amd-zen", true, true, false, false],
  ["amd-zen2", true, true, false, false],
  ["amd-zen3", true, true, false, false],
  ["amd-zen4", true, true, true, false],
  ["amd-zen5", true, true, true, false],
];

const MODES: ReadonlyMap<string, EvcMode> = new Map(
  [...rows("intel", INTEL), ...rows("amd", AMD)].map(({ key, mode }) => [key, mode]),
);

function rows(vendor: "intel" | "amd", table: readonly Row[]) {
  return table.map(([key, avx, avx2, avx512f, confirmed], rank) => ({
    key,
    mode: { vendor, rank, avx, avx2, avx512f, confirmed },
  }));
}

/** The lowest mode with AVX: the one that the guide requires ("Sandy Bridge") and its AMD counterpart. */
export const LOWEST_AVX_MODE = limits("lowest EVC mode with AVX", `${GUIDE}; AMD: its counterpart`, {
  intel: "intel-sandybridge",
  amd: "amd-bulldozer",
});

/** An EVC mode by its vSphere key (any case), or undefined if the key is not in the table: unknown, never a pass. */
export function evcMode(key: string): EvcMode | undefined {
  return noted(MODES.get(key.trim().toLowerCase()), (mode) => ({
    table: "EVC modes",
    key,
    value: mode === undefined ? null : { rank: mode.rank, avx: mode.avx, avx2: mode.avx2, avx512f: mode.avx512f },
    source: mode?.confirmed === false ? "CPU generations" : SOURCE,
    confirmed: mode?.confirmed === true,
  }));
}
