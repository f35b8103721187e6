import { terminal } from "./escape.ts";
import { withoutCommands } from "./runner-commands.ts";

/** Characters with which a formula starts in a spreadsheet; in East Asian versions also in full width. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/**
 * Positions within a cell at which a formula may start: after a semicolon, because where that separates cells, as in
 * most of Europe, quotes within a line do not protect it; and at the start of a further line.
 */
const INNER_FORMULA = /(?<=[;\r\n])(?=[=+\-@\t＝＋－＠])/g;

/**
 * A row of RFC 4180. Cells are quoted if necessary; a cell that a spreadsheet would treat as a formula gets a leading
 * apostrophe, which makes it text.
 */
export function csvRow(cells: readonly (string | number | null | undefined)[]): string {
  // Where a line begins, a runner of a CI system looks for commands.
  const texts = cells.map((value, index) => (index === 0 ? withoutCommands(cell(value)) : cell(value)));
  return `${texts.map(csvCell).join(",")}\r\n`;
}

/** A cell of a row. */
export function csvCell(text: string): string {
  const inner = text.replace(INNER_FORMULA, "'");
  const plain = FORMULA.test(text) ? `'${inner}` : inner;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

/** Keeps line breaks within a cell; makes every other deceptive character visible. */
export function cell(value: string | number | null | undefined): string {
  if (typeof value !== "string") return String(value ?? "");
  if (!value.includes("\n")) return terminal(value);
  return value
    .split("\n")
    .map((line, index) => (index === 0 ? terminal(line) : withoutCommands(terminal(line))))
    .join("\n");
}
