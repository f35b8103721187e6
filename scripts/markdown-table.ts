/** A Markdown table, its columns aligned as Prettier aligns them, so that formatting the file around it changes nothing. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  // A vertical bar would end the cell.
  const cells = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll("|", String.raw`\|`)));
  const widths = head.map((_, column) => Math.max(3, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[], fill: string) =>
    `| ${widths.map((width, column) => (row[column] ?? "").padEnd(width, fill)).join(" | ")} |\n`;
  const [first = [], ...rest] = cells;
  return [line(first, " "), line([], "-"), ...rest.map((row) => line(row, " "))].join("");
}
