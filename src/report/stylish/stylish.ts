import { checksWith } from "../../engine/evaluation/check-table.ts";
import type { Check, RunReport } from "../../schema/report.generated.ts";
import { renderErrors } from "../errors.ts";
import type { FormatOptions } from "../format-options.ts";
import { codeFrame } from "../model/code-frame.ts";
import { excerptLines } from "../model/excerpt-lines.ts";
import { changeBlocks } from "./comparison.ts";
import { findingBlocks } from "./findings.ts";
import { groupFindings } from "./grouped-findings.ts";
import type { Page } from "./page.ts";
import { crashedBlock, inconclusiveBlock } from "./inconclusive.ts";
import { baselineBlock, waivedBlock, waiverNotes } from "./waivers.ts";
import { placeholderBlock } from "./placeholders.ts";
import { verdictBlock } from "./verdict.ts";
import { shortBasis } from "../model/run-notes.ts";
import { wrap } from "../text/flow.ts";
import { escapeForTerminal } from "../text/wording.ts";
import { withoutCommands } from "../text/runner-commands.ts";
import { openFindings } from "../model/open-findings.ts";
import { hyperlink, painter } from "../text/paint.ts";
import { isTextLocation, type Location } from "../../values/location.ts";

/** Minimum width of the layout; below, columns would leave no room for words. */
const NARROWEST = 30;

/**
 * The report for a person at a terminal: failures by file, inconclusive checks by missing value, crashes, waivers and
 * errors, then the counts and the gate. It reads the same without color.
 */
export function* stylish(report: RunReport, options: FormatOptions): Generator<string> {
  const page: Page = {
    paint: painter(options.color),
    width: Math.max(NARROWEST, options.width),
    all: options.all ?? false,
    frame: framer(report, options),
    link: linker(options.links),
  };
  const isWanted = (check: Check) => !options.quiet || check.severity === "error";
  const open = openFindings(report).filter(({ check }) => isWanted(check));
  const findings = groupFindings(open, page);
  const inconclusive = checksWith(report.checks, "inconclusive").filter(isWanted);
  const crashed = checksWith(report.checks, "crashed");
  const waived = checksWith(report.checks, "waived").filter(isWanted);
  const inputs = report.inputs.map(({ path }) => path);

  const basis = shortBasis(report);
  if (basis !== null) yield text(wrap(escapeForTerminal(basis), page.width));
  const unfilled = placeholderBlock(open, inconclusive, page);
  if (unfilled !== null) yield text(unfilled);
  else {
    for (const block of findingBlocks(findings, inputs, page)) yield text(block);
    if (inconclusive.length > 0) yield text(inconclusiveBlock(inconclusive, page));
  }
  if (crashed.length > 0) yield text(crashedBlock(crashed, report.tool, page));
  if (waived.length > 0) yield text(waivedBlock(waived, page));
  const notes = waiverNotes(report.waivers, page);
  if (notes !== null) yield text(notes);
  const unplanned = baselineBlock(report, page);
  if (unplanned !== null) yield text(unplanned);
  if (report.errors.length > 0)
    yield `${renderErrors(report.errors, { color: options.color, width: page.width, excerpts: report.excerpts, all: page.all })}\n`;
  if (report.comparison !== undefined) {
    const { color } = options;
    for (const block of changeBlocks(report.comparison, { color, width: page.width, all: page.all })) yield text(block);
  }
  const view = { quiet: options.quiet, grouped: unfilled === null ? open.length - findings.length : 0 };
  yield* verdictBlock(report, view, page).map((line) => `${withoutCommands(line)}\n`);
}

function framer({ excerpts }: RunReport, { color, frames = false }: FormatOptions): Page["frame"] {
  if (!frames) return () => [];
  const lineAt = excerptLines(excerpts);
  return (location, width) => codeFrame(lineAt, location, { color, width });
}

function linker(links: FormatOptions["links"]): Page["link"] {
  if (links === undefined) return (text) => text;
  return (text: string, target: Location | string) => {
    const [path, line] =
      typeof target === "string" ? [target, null] : [target.path, isTextLocation(target) ? target.line : null];
    const url = links(path, line);
    return url === null ? text : hyperlink(text, url);
  };
}

/** A block of lines, followed by a blank line. */
function text(lines: readonly string[]): string {
  return `${lines.map(withoutCommands).join("\n")}\n\n`;
}
