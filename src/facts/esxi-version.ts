/** ESXi as major.minor and update level; null where the source does not tell the level. */
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
 * Reads `product.version`, `product.apiVersion` and `product.build`. `version` says 6.7.0 for every update of 6.7 (and of
 * all releases before 7.0), so the update level comes from `apiVersion` (6.7.3 = U3), else, for 6.7, from the build; from
 * 7.0 on `version` carries it. Null when neither version can be read.
 */
export function esxiVersion(
  version: string | undefined,
  apiVersion: string | undefined,
  build?: string | number,
): EsxiVersion | null {
  const own = numbers(version);
  const api = numbers(apiVersion);
  const base = own ?? api;
  if (base === null) return null;
  const [major, minor, third] = base;
  if (api !== null && api[0] === major && api[1] === minor && api[2] !== undefined) {
    return { major, minor, update: api[2] };
  }
  if (major === 6 && minor === 7) return { major, minor, update: updateOf67(build) };
  return { major, minor, update: major >= 7 && own !== null ? (third ?? null) : null };
}

function updateOf67(build: string | number | undefined): number | null {
  const digits = /^\s*(\d{1,9})\s*$/.exec(String(build ?? ""))?.[1];
  return UPDATES_OF_67.find(([first]) => Number(digits) >= first)?.[1] ?? null;
}

function numbers(text: string | undefined): readonly [number, number, number | undefined] | null {
  const match = /^\s*(\d{1,2})\.(\d{1,2})(?:\.(\d{1,2}))?(?:\.\d+)*\s*$/.exec(text ?? "");
  if (match === null) return null;
  return [Number(match[1]), Number(match[2]), match[3] === undefined ? undefined : Number(match[3])];
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
  const own = numbers(version);
  return own !== null && own[0] < 7;
}
