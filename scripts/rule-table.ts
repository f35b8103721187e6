import type { Rule } from "../src/engine/rule.ts";

/**
 * The rules as a Markdown table, sorted by id: each with its page, its severity, whether it asks servers, its title.
 * Columns are aligned as Prettier aligns them, so that formatting the file around it changes nothing.
 */
export function ruleTableMarkdown(rules: readonly Pick<Rule, "id" | "severity" | "live" | "title">[]): string {
  const rows = [...rules]
    .sort((one, other) => (one.id < other.id ? -1 : 1))
    .map(({ id, severity, live, title }) => [
      `[${id}](docs/rules/${id}.md)`,
      severity,
      live === true ? "live" : "",
      // A vertical bar would end the cell.
      title.replaceAll("|", String.raw`\|`),
    ]);
  const head = ["rule", "severity", "live", "title"];
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[], fill: string) =>
    `| ${widths.map((width, column) => (cells[column] ?? "").padEnd(width, fill)).join(" | ")} |\n`;
  return [line(head, " "), line([], "-"), ...rows.map((row) => line(row, " "))].join("");
}
