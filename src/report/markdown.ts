import { checksWith } from "../engine/evaluation/check-table.ts";
import type { Check, CheckWaiver, RunReport } from "../schema/report.generated.ts";
import type { TextLocation } from "../values/location.ts";
import type { FormatOptions } from "./format-options.ts";
import { comparisonTables } from "./comparison-markdown.ts";
import { problems, type Problem } from "./model/problems.ts";
import { basisNotes, gateReason, runNotes } from "./model/run-notes.ts";
import { markdownCode, markdownText } from "./text/markdown-text.ts";
import { counted, listed, locationText, sentence, subjectName, thousands } from "./text/wording.ts";

/** GitHub rejects a job summary of more than 1 MiB for all steps of a job together. */
const MOST_BYTES = 900_000;
/** Number of rows of a table that are visible; the others are collapsed. */
const MOST_OPEN = 50;

const GATES = { passed: "✅ Gate passed", failed: "❌ Gate failed", "no-verdict": "⛔ No verdict" } as const;
const WORDS = { error: "error", warn: "warning", info: "info" } as const;

/** A job summary in GitHub Flavored Markdown: the gate and counts, then what is wrong, inconclusive and waived. */
export function* markdown(report: RunReport, { quiet }: Pick<FormatOptions, "quiet">): Generator<string> {
  const end = foot(report);
  let room = MOST_BYTES - Buffer.byteLength(end);
  let left = 0;
  for (const { text, rows } of blocks(report, quiet)) {
    room -= Buffer.byteLength(text);
    if (room >= 0) yield text;
    else left += rows;
  }
  if (left > 0) yield `\n**${counted(left, "row")} more did not fit;** the JSON report has them all.\n`;
  yield end;
}

/** A piece of text that is not split, and the number of rows that are lost without it. */
interface Block {
  readonly text: string;
  readonly rows: number;
}

function* blocks(report: RunReport, quiet: boolean): Generator<Block> {
  yield { text: head(report), rows: 0 };
  const wanted = problems(report, "every-gap").filter(({ severity }) => !quiet || severity === "error");
  const of = (...kinds: readonly Problem["kind"][]) => wanted.filter(({ kind }) => kinds.includes(kind));
  yield* table("Errors in the run", ["Where", "What"], of("mistake").map(placedRow));
  yield* table("Crashed", ["Rule", "What"], of("crash").map(ruleRow));
  yield* table("Deviations from the approved plan", ["Rule", "What"], of("unplanned").map(ruleRow));
  yield* table("Failed", ["", "Where", "Rule", "What"], of("failure").map(failureRow));
  yield* table("Inconclusive", ["", "What is missing"], of("inconclusive").map(inconclusiveRow));
  yield* table("Waivers that need attention", ["Where", "What"], of("waiver").map(placedRow));
  if (report.comparison !== undefined) {
    for (const text of comparisonTables(report.comparison)) yield { text, rows: 0 };
  }
  const waived = checksWith(report.checks, "waived");
  yield* table("Waived", ["Rule", "Subject", "Until", "By", "Why"], waived.map(waivedRow), 0);
}

/** The ticket, the user and the job of the run. */
function provenance({ provenance: known }: RunReport): readonly string[] {
  if (known === undefined) return [];
  const { ticket, run_by, job } = known;
  const parts = [
    ...(ticket === null ? [] : [`Ticket ${markdownText(ticket)}`]),
    ...(run_by === null ? [] : [`run by ${markdownText(run_by)}`]),
    ...(job === null ? [] : [`job ${markdownText(job)}`]),
  ];
  return parts.length === 0 ? [] : [`${parts.join(", ")}.`];
}

function head(report: RunReport): string {
  const { summary } = report;
  const names = ["pass", "fail", "inconclusive", "not-applicable", "skipped", "waived", "crashed"] as const;
  const words = ["passed", "failed", "inconclusive", "not applicable", "skipped", "waived", "crashed"];
  const reason = sentence(markdownText(gateReason(report)));
  const partial = summary.partial ? ` Partial: ${counted(summary.skipped, "check")} skipped.` : "";
  return [
    `## ${GATES[summary.gate]}`,
    `Because: ${reason}${partial}`,
    ...provenance(report),
    ...basisNotes(report).map(({ text }) => markdownText(text)),
    [
      row(["checks", ...words]),
      row(["--:", ...words.map(() => "--:")]),
      row([summary.planned, ...names.map((name) => summary[name])].map(thousands)),
    ].join("\n"),
    ...runNotes(report).map(({ text }) => markdownText(text)),
    "",
  ].join("\n\n");
}

/** Inputs, rules and options that the verdict is based on. */
function foot({ inputs, rules, profile, mode, tool }: RunReport): string {
  const files =
    inputs.length === 0
      ? "no input"
      : listed(
          inputs.map(({ path }) => markdownText(path)),
          20,
        );
  const how = { static: "no servers contacted", live: "servers contacted", replay: "from recorded answers" }[mode];
  const by = `${tool.name} ${markdownText(tool.version)}`;
  return `\nChecked ${files} with ${counted(rules.length, "rule")}; profile ${markdownText(profile)}; ${how}; ${by}.\n`;
}

/** A heading with a table below, the rows after the first ones collapsed. */
function* table(
  title: string,
  columns: readonly string[],
  rows: readonly string[],
  open = MOST_OPEN,
): Generator<Block> {
  if (rows.length === 0) return;
  const header = `${row(columns)}\n${row(columns.map(() => "---"))}\n`;
  yield { text: `\n### ${title} (${thousands(rows.length)})\n\n`, rows: 0 };
  for (let from = 0; from < rows.length; from += MOST_OPEN) {
    const some = rows.slice(from, from + MOST_OPEN);
    const text = header + some.map((line) => `${line}\n`).join("");
    const which = `${thousands(from + 1)} to ${thousands(from + some.length)}`;
    const folded = `<details><summary>${title}: ${which}</summary>\n\n${text}\n</details>\n`;
    yield { text: `${from >= open ? folded : text}\n`, rows: some.length };
  }
}

const failureRow = ({ severity, where, name, message, fix }: Problem): string =>
  row([WORDS[severity], whereText(where), markdownCode(name), messageText(message, fix)]);

const ruleRow = ({ name, message }: Problem): string => row([markdownCode(name), markdownText(message)]);

const inconclusiveRow = ({ severity, message }: Problem): string =>
  row([WORDS[severity], markdownText(message.replace(/^Inconclusive: /, ""))]);

const placedRow = ({ where, message, fix }: Problem): string => row([whereText(where), messageText(message, fix)]);

function waivedRow({ rule, subject, waiver, findings }: Check): string {
  const what = findings.map(({ message }) => markdownText(message)).join("<br>");
  const terms = waiver === null ? ["", "", ""] : [waiver.expires, by(waiver), waiver.reason];
  const [until = "", who = "", why = ""] = terms.map(markdownText);
  return row([
    markdownCode(rule),
    markdownText(subjectName(subject)),
    until,
    who,
    what === "" ? why : `${why}<br>${what}`,
  ]);
}

function by({ owner, ticket }: CheckWaiver): string {
  return [owner, ticket].filter((text) => text !== null).join(", ");
}

/** The message, and below it the fix: prose, then commands. */
function messageText(message: string, fix: string | null): string {
  const [prose = "", ...commands] = (fix ?? "").split("\n").filter((line) => line.trim() !== "");
  return [
    markdownText(message),
    ...(prose === "" ? [] : [`<sub>${markdownText(prose)}</sub>`]),
    ...commands.map((line) => `<sub><code>${markdownText(line)}</code></sub>`),
  ].join("<br>");
}

function whereText(where: TextLocation | null): string {
  return where === null ? "" : markdownText(locationText(where));
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
