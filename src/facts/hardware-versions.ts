import type { EsxiVersion } from "./esxi-version.ts";
import { limits, noted } from "./fact-reads.ts";

/**
 * The newest virtual hardware version that an ESXi release runs. `least` and `most` differ where the update level is
 * unknown and the release gained a version by an update.
 */
export interface NewestHardware {
  readonly least: number;
  /** Infinity for ESXi newer than the table: it runs at least what its predecessor does. */
  readonly most: number;
  /** False where a row is expected rather than confirmed by a source. */
  readonly confirmed: boolean;
}

interface Row {
  readonly release: `${number}.${number}`;
  /** First and last update level of the row. */
  readonly updates: readonly [first: number, last: number];
  readonly newest: number;
  readonly confirmed?: false;
}

/** For releases whose updates never added a hardware version, and that get no further updates. */
const ALL: Row["updates"] = [0, Infinity];

/** Both sources agree. Versions 12 and 16 are those of VMware Workstation. */
const SOURCE =
  'Broadcom, vSphere Automation API, enumeration Vm.Hardware.Version ("first supported in"); govmomi, vim25/types';

const ROWS: readonly Row[] = [
  { release: "4.0", updates: ALL, newest: 7 },
  { release: "4.1", updates: ALL, newest: 7 },
  { release: "5.0", updates: ALL, newest: 8 },
  { release: "5.1", updates: ALL, newest: 9 },
  { release: "5.5", updates: ALL, newest: 10 },
  { release: "6.0", updates: ALL, newest: 11 },
  { release: "6.5", updates: ALL, newest: 13 },
  { release: "6.7", updates: [0, 1], newest: 14 },
  { release: "6.7", updates: [2, 3], newest: 15 },
  { release: "7.0", updates: [0, 0], newest: 17 },
  { release: "7.0", updates: [1, 1], newest: 18 },
  { release: "7.0", updates: [2, 3], newest: 19 },
  { release: "8.0", updates: [0, 1], newest: 20 },
  { release: "8.0", updates: [2, 2], newest: 21 },
  // Expected; no source that was read names update 3.
  { release: "8.0", updates: [3, 3], newest: 21, confirmed: false },
  { release: "9.0", updates: [0, 0], newest: 22 },
];

/** The last release of the table may gain hardware versions by updates that the table does not have. */
const LAST = ROWS.at(-1)?.release;

/**
 * The newest version for a release; undefined when the table has neither the release nor an older update of it, and it is
 * not newer than the table: unknown, never "fine".
 */
export function newestHardware(esxi: EsxiVersion): NewestHardware | undefined {
  const { major, minor, update } = esxi;
  return noted(lookedUp(esxi), (row) => ({
    table: "newest hardware version by ESXi release",
    key: `${major}.${minor}${update === null ? "" : ` update ${update}`}`,
    value: row === undefined ? null : row.least === row.most ? row.least : { least: row.least, most: String(row.most) },
    source: SOURCE,
    confirmed: row?.confirmed === true,
  }));
}

function lookedUp(esxi: EsxiVersion): NewestHardware | undefined {
  const { major, minor, update } = esxi;
  const wanted = `${major}.${minor}`;
  const rows = ROWS.filter(
    ({ release, updates: [first, last] }) =>
      release === wanted && (update === null || (first <= update && update <= last)),
  );
  if (rows.length === 0 || (update === null && wanted === LAST)) return newerThanKnown(esxi);
  const newest = rows.map((row) => row.newest);
  return {
    least: Math.min(...newest),
    most: Math.max(...newest),
    confirmed: rows.every((row) => row.confirmed !== false),
  };
}

/** For an update or a release after the known ones: no ESXi release has dropped a hardware version of its predecessor. */
function newerThanKnown({ major, minor, update }: EsxiVersion): NewestHardware | undefined {
  const isAfter = (release: Row["release"]) => {
    const [itsMajor = 0, itsMinor = 0] = release.split(".").map(Number);
    return major > itsMajor || (major === itsMajor && minor > itsMinor);
  };
  const row =
    LAST !== undefined && isAfter(LAST)
      ? ROWS.at(-1)
      : ROWS.findLast(
          ({ release, updates: [first] }) =>
            release === `${major}.${minor}` && (update === null ? release === LAST : first <= update),
        );
  return row === undefined ? undefined : { least: row.newest, most: Infinity, confirmed: false };
}

/** A virtual hardware version as a number, from `14`, `"14"` or `vmx-14`; null for any other text. */
export function hardwareVersion(value: string | number): number | null {
  const digits = /^(?:vmx-)?0*([1-9]\d?)$/i.exec(String(value).trim())?.[1];
  return digits === undefined ? null : Number(digits);
}

/** The guide: "Pexip Infinity supports hardware versions 8 and later." (L234). */
export const HARDWARE_LIMITS = limits("hardware version", "VMware Installation Guide v25, L234", { least: 8 });

/**
 * What virtual machines see of a CPU depends on their hardware version. The guide: "AVX2 instruction set requires ESXi
 * 6.0+ and VM hardware version 11+" (L236), "AVX512 instruction set requires ESXi 6.7+ and VM hardware version 14+" (L237).
 */
export const FEATURE_HARDWARE = limits("hardware version by CPU feature", "VMware Installation Guide v25, L236, L237", {
  avx2: { esxi: [6, 0], least: 11 },
  avx512f: { esxi: [6, 7], least: 14 },
});
