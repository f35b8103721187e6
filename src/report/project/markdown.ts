import type { ProjectReport } from "../../schema/project/project-report.generated.ts";
import type { FormatOptions } from "../format-options.ts";
import { markdown } from "../markdown.ts";
import { markdownCode, markdownText } from "../text/markdown-text.ts";
import { counted, locationText, thousands } from "../text/wording.ts";
import { comparisonNotes, GATE_WORDS, projectGate, projectReason, summaryRows } from "./summary.ts";

/** GitHub rejects a job summary of more than 1 MiB for all steps of a job together. */
const MOST_BYTES = 900_000;

const SIGNS = { passed: "✅", failed: "❌", "no-verdict": "⛔" } as const;

/** A job summary: the gate and a table of the sites, the cross-site findings, then each site while there is room. */
export function* projectMarkdown(report: ProjectReport, options: Pick<FormatOptions, "quiet">): Generator<string> {
  const head = [
    `## ${SIGNS[projectGate(report)]} Gate ${GATE_WORDS[projectGate(report)]}`,
    markdownText(projectReason(report)),
    siteTable(report),
    ...comparisonNotes(report).map(markdownText),
    ...across(report, options),
    "",
  ].join("\n\n");
  yield head;
  let room = MOST_BYTES - Buffer.byteLength(head);
  let left = 0;
  for (const { name, report: site } of report.sites) {
    const text = [`\n# ${markdownText(name)}\n\n`, ...markdown(site, options)].join("");
    room -= Buffer.byteLength(text);
    if (room >= 0) yield text;
    else left++;
  }
  if (left > 0) yield `\n**${counted(left, "site")} more did not fit;** the JSON report has them all.\n`;
}

function siteTable(report: ProjectReport): string {
  const rows = summaryRows(report).map(({ name, gate, errors, warnings, inconclusive, path }) => [
    markdownText(name),
    `${SIGNS[gate]} ${GATE_WORDS[gate]}`,
    ...[errors, warnings, inconclusive].map(thousands),
    markdownText(path),
  ]);
  const header = [
    ["Site", "Gate", "Errors", "Warnings", "Inconclusive", "Deployment"],
    ["---", "---", "--:", "--:", "--:", "---"],
  ];
  return [...header, ...rows].map(row).join("\n");
}

function across({ cross_site }: ProjectReport, { quiet }: Pick<FormatOptions, "quiet">): readonly string[] {
  const shown = (cross_site?.findings ?? []).filter(({ severity }) => !quiet || severity === "error");
  if (shown.length === 0) return [];
  const rows = shown.map(({ severity, rule, message, nodes }) => {
    const where = nodes.flatMap(({ location }) => (location === null ? [] : [markdownText(locationText(location))]));
    return row([
      severity === "warn" ? "warning" : severity,
      where.join("<br>"),
      markdownCode(rule),
      markdownText(message),
    ]);
  });
  const header = [row(["", "Where", "Rule", "What"]), row(["---", "---", "---", "---"])];
  return [`### Across sites (${thousands(shown.length)})`, [...header, ...rows].join("\n")];
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
