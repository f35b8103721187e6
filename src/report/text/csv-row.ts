/** What a spreadsheet takes for the beginning of a formula; in East Asian versions also in full width. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/**
 * A row of RFC 4180. Cells are in quotes where they must be; one that a spreadsheet would take for a formula begins with
 * an apostrophe, which makes it text.
 */
export function csvRow(cells: readonly string[]): string {
  return `${cells.map(cell).join(",")}\r\n`;
}

function cell(text: string): string {
  const plain = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
