/** What a spreadsheet takes for the beginning of a formula; in East Asian versions also in full width. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/**
 * Where else one may begin: behind a semicolon, because where that separates cells, as in most of Europe, quotes within a
 * line do not count as such; and on a further line of a cell.
 */
const INNER_FORMULA = /(?<=[;\r\n])(?=[=+\-@\t＝＋－＠])/g;

/**
 * A row of RFC 4180. Cells are in quotes where they must be; one that a spreadsheet would take for a formula begins with
 * an apostrophe, which makes it text.
 */
export function csvRow(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(",")}\r\n`;
}

/** A cell of a row. */
export function csvCell(text: string): string {
  const inner = text.replace(INNER_FORMULA, "'");
  const plain = FORMULA.test(text) ? `'${inner}` : inner;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
