import { noted } from "./fact-reads.ts";

/** ESXi as major.minor and update level; null if the level is unknown. */
export interface EsxiVersion {
  readonly major: number;
  readonly minor: number;
  readonly update: number | null;
}

// First builds of ESXi 6.7 and its updates, newest first (VMware KB 2143832). Later patches count on from the update that
// they belong to.
const UPDATES_OF_67: readonly (readonly [build: number, update: number])[] = [
  [14320388, 3],
  [13006603, 2],
  [10302608, 1],
  [8169922, 0],
];

/**
 * Reads `product.version`, `product.apiVersion` and `product.build`. `version` is 6.7.0 for every update of 6.7 (and of
 * all releases before 7.0), so the update level comes from `apiVersion` (6.7.3 = U3), else from what `version` contains
 * beyond that, else, for 6.7, from the build; from 7.0 on `version` contains it. Null when neither version can be read.
 *
 * `version` may also be written as people and exports do: `6.7 U3`, `7.0 Update 3c`, `VMware ESXi 8.0.3
 * build-24674464`.
 */
export function esxiVersion(
  version: string | undefined,
  apiVersion: string | undefined,
  build?: string | number,
): EsxiVersion | null {
  const own = written(version);
  const api = numbers(apiVersion);
  const base = own ?? api;
  if (base === null) return null;
  const { major, minor } = base;
  if (api !== null && api.major === major && api.minor === minor && api.third !== undefined) {
    return { major, minor, update: api.third };
  }
  if (own?.update !== undefined) return { major, minor, update: own.update };
  // The third number is 0 throughout before 7.0; another one can only mean the update.
  if (own?.third !== undefined && (major >= 7 || own.third > 0)) return { major, minor, update: own.third };
  return { major, minor, update: major === 6 && minor === 7 ? updateOf67(build ?? own?.build) : null };
}

function updateOf67(build: string | number | undefined): number | null {
  const digits = /^\s*(\d{1,9})\s*$/.exec(String(build ?? ""))?.[1];
  return noted(UPDATES_OF_67.find(([first]) => Number(digits) >= first)?.[1] ?? null, (value) => ({
    ...{ table: "updates of ESXi 6.7 by build", key: digits ?? "no build", value },
    ...{ source: "VMware KB 2143832", confirmed: true },
  }));
}

interface Numbers {
  readonly major: number;
  readonly minor: number;
  readonly third: number | undefined;
}

interface Written extends Numbers {
  /** Of `U3` or `Update 3`. */
  readonly update: number | undefined;
  readonly build: string | undefined;
}

/** `VMware ESXi`, the numbers, `U3` or `Update 3` with the letter of a patch, and the build, as RVTools and vSphere write it. */
const WRITTEN =
  /^(?:(?:VMware\s+)?ESXi?,?\s+)?(\d[\d.]*)(?:\s*(?:U|Update)\s*(\d{1,2})[a-z]?)?(?:,?\s+\(?(?:build[- ]?)?(\d{6,9})\)?)?$/i;

function written(text: string | undefined): Written | null {
  const [, version, update, build] = WRITTEN.exec((text ?? "").trim()) ?? [];
  const parsed = numbers(version);
  if (parsed === null) return null;
  const level = update === undefined ? undefined : Number(update);
  // 7.0.2 Update 3 contradicts itself.
  const isClear = level === undefined || !parsed.third || parsed.third === level;
  return isClear ? { ...parsed, update: level, build } : null;
}

function numbers(text: string | undefined): Numbers | null {
  const match = /^\s*(\d{1,2})\.(\d{1,2})(?:\.(\d{1,2}))?(?:\.\d+)*\s*$/.exec(text ?? "");
  if (match === null) return null;
  return {
    major: Number(match[1]),
    minor: Number(match[2]),
    third: match[3] === undefined ? undefined : Number(match[3]),
  };
}

/** Whether the version is at least major.minor. */
export function atLeast(version: EsxiVersion, major: number, minor: number): boolean {
  return version.major > major || (version.major === major && version.minor >= minor);
}

/**
 * Whether an ESXi release, by its `product.version`, is older than the Precision Time Protocol in vSphere, which came with
 * 7.0: such a host can set its clock by NTP alone. False when the version cannot be read.
 */
export function precedesPtp(version: string | undefined): boolean {
  const own = written(version);
  return own !== null && own.major < 7;
}
