import { atLeast, type EsxiVersion } from "./esxi-version.ts";
import { noted } from "./fact-reads.ts";

// Pexip Infinity VMware Installation Guide v25, "Manually deploying a Conferencing Node on an ESXi host": the choices
// "ESXi 5.x", "ESXi 6.0 and 6.5" and "ESXi 6.7 and above", under the names of the deployment file. Oldest first.
const TYPES = [
  { type: "MANUAL-ESXI-5.X", from: [5, 0] },
  { type: "MANUAL-ESXI-6.0", from: [6, 0] },
  { type: "MANUAL-ESXI-6.7", from: [6, 7] },
] as const;

export type ManualEsxiType = (typeof TYPES)[number]["type"];

/** The manual deployment type for an ESXi version; undefined below 5.0, which has none. */
export function manualTypeFor(esxi: EsxiVersion): ManualEsxiType | undefined {
  return noted(TYPES.findLast(({ from: [major, minor] }) => atLeast(esxi, major, minor))?.type, (type) => ({
    table: "manual deployment type by ESXi version",
    key: `${esxi.major}.${esxi.minor}`,
    value: type ?? null,
    source: 'VMware Installation Guide v25, "Manually deploying a Conferencing Node on an ESXi host"',
    confirmed: true,
  }));
}

/** Whether a deployment type is for certain ESXi versions. */
export function isManualEsxiType(type: string): type is ManualEsxiType {
  return TYPES.some((row) => row.type === type);
}

/** Whether a type is for older ESXi than another. */
export function isOlderType(type: ManualEsxiType, than: ManualEsxiType): boolean {
  const rank = (wanted: ManualEsxiType) => TYPES.findIndex((row) => row.type === wanted);
  return rank(type) < rank(than);
}
