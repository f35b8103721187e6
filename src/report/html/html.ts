import type { RunReport } from "../../schema/report.generated.ts";
import { isTextLocation } from "../../values/location.ts";
import { codeFrame } from "../model/code-frame.ts";
import { excerptLines } from "../model/excerpt-lines.ts";
import { markup, type Markup, verbatim } from "./markup.ts";
import { evidenceSection } from "./evidence.ts";
import { findingsSection, type Frames } from "./findings.ts";
import { gateBlock, gateWord, troubleSection } from "./gate.ts";
import { grouped, type Ledger, ledgerOf } from "./ledger.ts";
import { matrixSection } from "./matrix.ts";
import { baselineSection, offSection, passedSection, restSection } from "./coverage.ts";
import { contents, pageStart, type Section, sectionPieces } from "./page.ts";
import { comparisonSection } from "./comparison-page.ts";
import { deploymentSection } from "./deployment.ts";
import { runSection, titleBlock } from "./run.ts";
import { causesSection, inconclusiveSection } from "./inconclusive.ts";
import { waiversSection } from "./waivers.ts";
import { listed, locationText, escapeForTerminal, subjectName } from "../text/wording.ts";

const FRAME_WIDTH = 100;

/**
 * The report as one HTML file for a change ticket. It loads no resources and runs no scripts, and is readable as plain
 * HTML if a server forbids style sheets. Lists that would make it unwieldy are cut off with a count; the JSON report
 * has them in full.
 */
export function* html(report: RunReport): Generator<string> {
  yield head(report);
  yield* reportBody(report, 'id="content"');
  yield documentEnd(report.tool).text;
}

/** All of a report between the start and the end of a document: its title, the gate and the sections. */
export function* reportBody(report: RunReport, attributes: string, element = "main"): Generator<string> {
  const ledger = ledgerOf(report);
  const sections = sectionsOf(report, ledger, framesOf(report));
  yield `${titleBlock(report).text}<${element} ${attributes}>\n<div class="top">\n${gateBlock(report, ledger).text}</div>\n`;
  yield `<div class="columns">\n${contents(sections).text}<div class="sections">\n`;
  for (const section of sections) for (const piece of sectionPieces(section)) yield piece.text;
  yield `</div>\n</div>\n</${element}>\n`;
}

/** In the order in which a change manager reads. Without any check, only the errors can be shown. */
function sectionsOf(report: RunReport, ledger: Ledger, frame: Frames): readonly Section[] {
  const evaluated = [
    deploymentSection(report, ledger),
    matrixSection(report, ledger),
    findingsSection(ledger, frame),
    inconclusiveSection(ledger),
    causesSection(ledger),
    evidenceSection(report),
    passedSection(ledger),
    restSection(ledger),
    offSection(report),
    waiversSection(report, ledger),
  ];
  return [
    troubleSection(report, crashesOf(ledger), frame),
    comparisonSection(report),
    ...(report.checks.length === 0 ? [] : evaluated),
    baselineSection(report),
    runSection(report),
  ].filter((section) => section !== null);
}

/** The lines of a file around a location. */
function framesOf({ excerpts }: RunReport): Frames {
  const lineAt = excerptLines(excerpts);
  return (location) => {
    const lines = isTextLocation(location) ? codeFrame(lineAt, location, { color: false, width: FRAME_WIDTH }) : [];
    if (location === null || lines.length === 0) return null;
    return markup`<pre role="group" tabindex="0" aria-label="Lines of the file at ${locationText(location)}"><code>${verbatim(lines.join("\n"))}</code></pre>
`;
  };
}

/** Crashes grouped by rule and reason. */
function crashesOf({ crashed }: Ledger) {
  return [...grouped(crashed, ({ rule, reason }) => `${rule}\n${reason ?? ""}`).values()].flatMap((checks) => {
    const [first] = checks;
    if (first === undefined) return [];
    const subjects = listed(
      checks.map(({ subject }) => subjectName(subject)),
      5,
    );
    return [{ rule: first.rule, reason: first.reason ?? "it gave no reason", subjects }];
  });
}

function head({ inputs, checks, summary, tool }: RunReport): string {
  const deployment = inputs.find(({ kind }) => kind === "deployment")?.path ?? "no deployment";
  const title = `${gateWord(summary.gate)}: ${escapeForTerminal(deployment)}`;
  return pageStart(
    title,
    tool,
    checks.length === 0 ? { id: "content", to: "the report" } : { id: "findings", to: "the findings" },
  );
}

/** The end of a document. */
export function documentEnd({ name, version }: RunReport["tool"]): Markup {
  return markup`<footer>
<details id="print-all"><summary>Print all sections</summary><p>If this is open, every section is printed; otherwise only the gate, the picture and the run.</p></details>
<p>Made by ${name} ${version}. This page loads nothing and runs no script. Where it shows a count instead of a list, the JSON report (<code>--format json</code>) has all items.</p>
</footer>
</body>
</html>
`;
}
