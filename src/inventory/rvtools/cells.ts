import { decodeName } from "../../values/network/host-name.ts";
import type { CellValue } from "../spreadsheet/sheet-xml.ts";

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

/** What Excel and Windows programs write for true and false, in the languages that have words of their own. */
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

/** One of the words, whatever its case. */
export function oneOf<Word extends string>(words: readonly Word[]): (cell: CellValue) => Word | undefined {
  return (cell) => {
    const word = text(cell)?.toLowerCase();
    return words.find((candidate) => candidate.toLowerCase() === word);
  };
}

/** A name of vSphere, decoded as its client shows it. */
export function name(cell: CellValue): string | undefined {
  const value = text(cell);
  return value === undefined ? undefined : decodeName(value);
}

/** Names that are joined by commas, each once. */
export function names(cell: CellValue): readonly string[] | undefined {
  const parts = text(cell)?.split(/\s*[,;]\s*/);
  return parts === undefined ? undefined : [...new Set(parts.filter((part) => part !== "").map(decodeName))];
}

/** How a cell is called that `read` makes nothing of. */
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
