import { rules } from "../../rules/index.generated.ts";
import type { ExitCode, Surroundings } from "./main.ts";

/** `preflight rules list`: every rule with its severity, whether it asks servers, and what it requires. */
export async function listRules({ stdout }: Surroundings): Promise<ExitCode> {
  const rows = rules.map(
    ({ id, severity, live, title }) => [id, severity, live === true ? "live" : "", title] as const,
  );
  const width = (column: 0 | 1 | 2) => Math.max(...rows.map((row) => row[column].length));
  const widths = [width(0), width(1), width(2)] as const;
  const lines = rows.map(
    ([id, severity, live, title]) =>
      `${id.padEnd(widths[0])}  ${severity.padEnd(widths[1])}  ${live.padEnd(widths[2])}  ${title}\n`,
  );
  await stdout.write(lines);
  return 0;
}
