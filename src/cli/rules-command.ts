import { rules } from "../../rules/index.generated.ts";
import { wrap } from "../report/flow.ts";
import type { ExitCode, Surroundings } from "./main.ts";

/** On a terminal that leaves less room beside the ids, titles stand below them. */
const TITLE_ROOM = 40;

/** `preflight rules list`: every rule with its severity, whether it asks servers, and what it requires. */
export async function listRules({ stdout }: Surroundings): Promise<ExitCode> {
  const rows = rules.map(({ id, severity, live, title }) => ({
    id,
    severity,
    live: live === true ? "live" : "",
    title,
  }));
  const widest = (column: "id" | "severity" | "live") => Math.max(...rows.map((row) => row[column].length));
  const widths = { id: widest("id"), severity: widest("severity"), live: widest("live") };
  const left = widths.id + widths.severity + widths.live + 6;
  // Elsewhere a rule is one line, for grep and its like.
  const width = stdout.isTerminal ? stdout.width : Infinity;
  const indent = width - left < TITLE_ROOM ? 4 : left;
  await stdout.write(
    rows.map(({ id, severity, live, title }) => {
      const head = `${id.padEnd(widths.id)}  ${severity.padEnd(widths.severity)}  ${live.padEnd(widths.live)}  `;
      const text = wrap(title, width - indent).map((line) => " ".repeat(indent) + line);
      const lines =
        indent === left ? [head + (text[0] ?? "").trimStart(), ...text.slice(1)] : [head.trimEnd(), ...text];
      return `${lines.join("\n")}\n`;
    }),
  );
  return 0;
}
