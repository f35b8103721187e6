import type { CellValue } from "./sheet-xml.ts";

/*
 * What a cell says, by kind. Each returns undefined for a blank, and for what is no such value: in the inventory a
 * missing key says that a value is not known.
 */

/** vSphere's own integers are no larger. */
const LARGEST = 2_147_483_647;

/** A licence key: five groups of five. None may reach an output, whatever column it stands in. */
const LICENCE_KEY = /\b[0-9A-Z]{5}(?:-[0-9A-Z]{5}){4}\b/gi;

/** A text without blanks at its ends; numbers as they are written. */
export function text(cell: CellValue): string | undefined {
  if (cell === undefined) return undefined;
  const value = (typeof cell === "boolean" ? (cell ? "True" : "False") : String(cell)).trim();
  return value === "" ? undefined : value.includes("-") ? value.replaceAll(LICENCE_KEY, "*****") : value;
}

/** A whole number from 0 on; digits may be grouped by thousands, as CSV files of some countries have it. */
export function integer(cell: CellValue): number | undefined {
  const value = number(cell);
  return value !== undefined && value >= 0 && value <= LARGEST ? Math.trunc(value) : undefined;
}

/** A whole number from 1 on. */
export function positive(cell: CellValue): number | undefined {
  const value = integer(cell);
  return value === 0 ? undefined : value;
}

/** A limit: -1 stands for none, which the inventory calls null. */
export function limit(cell: CellValue): number | null | undefined {
  const value = number(cell);
  return value === -1 ? null : integer(cell);
}

/** `True` and `False` as texts, or Excel's own booleans. */
export function flag(cell: CellValue): boolean | undefined {
  if (typeof cell === "boolean") return cell;
  const word = text(cell)?.toLowerCase();
  return word === "true" || word === "yes" ? true : word === "false" || word === "no" ? false : undefined;
}

/** One of the words, whatever its case. */
export function oneOf<Word extends string>(words: readonly Word[]): (cell: CellValue) => Word | undefined {
  return (cell) => {
    const word = text(cell)?.toLowerCase();
    return words.find((candidate) => candidate.toLowerCase() === word);
  };
}

/** Names that are joined by commas, each once. */
export function names(cell: CellValue): readonly string[] | undefined {
  const parts = text(cell)?.split(/\s*[,;]\s*/);
  return parts === undefined ? undefined : [...new Set(parts.filter((part) => part !== ""))];
}

function number(cell: CellValue): number | undefined {
  if (typeof cell === "number") return cell;
  const digits = text(cell)
    ?.replace(/^(-?\d{1,3}(?:[.,'’\u00a0\u202f ]\d{3})+)$/, (grouped) => grouped.replaceAll(/[^\d-]/g, ""))
    .replace(/^(-?\d+)[.,]0+$/, "$1");
  return digits !== undefined && /^-?\d{1,15}$/.test(digits) ? Number(digits) : undefined;
}
