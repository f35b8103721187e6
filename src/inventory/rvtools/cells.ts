import { decodeName } from "../../values/network/host-name.ts";
import type { CellValue } from "../spreadsheet/sheet-xml.ts";

/*
 * Parsers for cells, by type. Each returns undefined for a blank, and for an invalid value: in the inventory, a missing
 * key means that a value is unknown.
 */

/** vSphere's own integers are not larger. */
const LARGEST = 2_147_483_647;

/** A licence key: five groups of five. None may be written to any output, regardless of its column. */
const LICENCE_KEY = /\b[0-9A-Z]{5}(?:-[0-9A-Z]{5}){4}\b/gi;

/** A text without leading and trailing blanks; numbers as written. */
export function text(cell: CellValue): string | undefined {
  if (cell === undefined) return undefined;
  const value = (typeof cell === "boolean" ? (cell ? "True" : "False") : String(cell)).trim();
  return value === "" ? undefined : value.includes("-") ? value.replaceAll(LICENCE_KEY, "*****") : value;
}

/** An integer of at least 0; digits may be grouped by thousands, as in CSV files of some countries. */
export function integer(cell: CellValue): number | undefined {
  const value = number(cell);
  return value !== undefined && value >= 0 && value <= LARGEST ? Math.trunc(value) : undefined;
}

/** An integer of at least 1. */
export function positive(cell: CellValue): number | undefined {
  const value = integer(cell);
  return value === 0 ? undefined : value;
}

/** A limit: -1 means none, which is null in the inventory. */
export function limit(cell: CellValue): number | null | undefined {
  const value = number(cell);
  return value === -1 ? null : integer(cell);
}

/** The words for true and false in Excel and Windows programs, in languages with words of their own. */
const TRUE_WORDS = new Set(
  "true yes wahr ja vrai oui verdadero sí si vero waar verdadeiro sim sant sann sand tosi prawda tak igaz pravda истина да doğru evet".split(
    " ",
  ),
);
const FALSE_WORDS = new Set(
  "false no falsch nein faux non falso onwaar nee falskt nei nej usann falsk epätosi fałsz nie hamis nepravda ложь нет yanlış hayır".split(
    " ",
  ),
);

/** `True` and `False` as texts in any of these languages, or Excel's own booleans. */
export function flag(cell: CellValue): boolean | undefined {
  if (typeof cell === "boolean") return cell;
  const word = text(cell)?.toLowerCase();
  if (word === undefined) return undefined;
  return TRUE_WORDS.has(word) ? true : FALSE_WORDS.has(word) ? false : undefined;
}

/** One of the words, ignoring case. */
export function oneOf<Word extends string>(words: readonly Word[]): (cell: CellValue) => Word | undefined {
  return (cell) => {
    const word = text(cell)?.toLowerCase();
    return words.find((candidate) => candidate.toLowerCase() === word);
  };
}

/** A vSphere name, decoded as in the vSphere Client. */
export function name(cell: CellValue): string | undefined {
  const value = text(cell);
  return value === undefined ? undefined : decodeName(value);
}

/** Names separated by commas, without duplicates. */
export function names(cell: CellValue): readonly string[] | undefined {
  const parts = text(cell)?.split(/\s*[,;]\s*/);
  return parts === undefined ? undefined : [...new Set(parts.filter((part) => part !== "").map(decodeName))];
}

/** The description of a cell that `read` rejects. */
export function whyUnreadable(read: (cell: CellValue) => unknown): string {
  if (read === flag) return "neither True nor False";
  return read === integer || read === positive || read === limit ? "not a whole number" : "not understood";
}

function number(cell: CellValue): number | undefined {
  if (typeof cell === "number") return cell;
  const digits = text(cell)
    ?.replace(/^(-?\d{1,3}(?:[.,'’\u00a0\u202f ]\d{3})+)$/, (grouped) => grouped.replaceAll(/[^\d-]/g, ""))
    .replace(/^(-?\d+)[.,](\d{1,9})$/, "$1.$2");
  return digits !== undefined && /^-?\d{1,15}(?:\.\d{1,9})?$/.test(digits) ? Number(digits) : undefined;
}
