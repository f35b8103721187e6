import type { Rule } from "../src/engine/rule.ts";
import { markdownTable } from "./markdown-table.ts";

/** The rules as a Markdown table, sorted by id: each with its page, its severity, whether it asks servers, its title. */
export function ruleTableMarkdown(rules: readonly Pick<Rule, "id" | "severity" | "live" | "title">[]): string {
  const rows = [...rules]
    .sort((one, other) => (one.id < other.id ? -1 : 1))
    .map(({ id, severity, live, title }) => [
      `[${id}](docs/rules/${id}.md)`,
      severity,
      live === true ? "live" : "",
      title,
    ]);
  return markdownTable(["rule", "severity", "live", "title"], rows);
}
