import { unpainted } from "./paint.ts";

const PRINTABLE_ASCII = /^[ -~]*$/;
const NO_COLUMN = /\p{M}/u;
/** The blocks that Unicode Standard Annex 11 calls wide or full-width, and the characters shown as emoji by default. */
const TWO_COLUMNS =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18dff}\u{1aff0}-\u{1b2ff}\u{20000}-\u{3fffd}\p{Emoji_Presentation}]/u;

/** Columns that a text takes on a terminal, not counting codes of styles and links. */
export function textWidth(text: string): number {
  if (PRINTABLE_ASCII.test(text)) return text.length;
  let width = 0;
  for (const character of unpainted(text)) width += characterWidth(character);
  return width;
}

/** The longest prefix of a text that fits into a number of columns. */
export function fitStart(text: string, columns: number): string {
  let width = 0;
  let length = 0;
  for (const character of text) {
    width += characterWidth(character);
    if (width > columns) break;
    length += character.length;
  }
  return text.slice(0, length);
}

/** The longest suffix of a text that fits into a number of columns. */
export function fitEnd(text: string, columns: number): string {
  let rest = textWidth(text);
  let length = 0;
  for (const character of text) {
    if (rest <= columns) break;
    rest -= characterWidth(character);
    length += character.length;
  }
  return text.slice(length);
}

function characterWidth(character: string): number {
  if (TWO_COLUMNS.test(character)) return 2;
  return NO_COLUMN.test(character) ? 0 : 1;
}
