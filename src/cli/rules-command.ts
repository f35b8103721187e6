import { readFileSync } from "node:fs";
import { rules } from "../../rules/index.generated.ts";
import type { Rule } from "../engine/rule.ts";
import { unknownRule } from "../engine/unknown-rule.ts";
import { PreflightErrors } from "../values/preflight-error.ts";
import { wrap } from "../report/flow.ts";
import type { ExitCode, Surroundings } from "./surroundings.ts";

/** On a terminal that leaves less room beside the ids, titles stand below them. */
const TITLE_ROOM = 40;

/** `preflight rules list`: every rule with its severity, whether it asks servers, and what it requires. */
export async function listRules(format: "text" | "json" | "markdown", around: Surroundings): Promise<ExitCode> {
  if (format === "text") return listText(around);
  const list = rules.map(facts);
  await around.stdout.write(format === "json" ? [`${JSON.stringify(list, null, 2)}\n`] : markdown(list));
  return 0;
}

/** `preflight rules show ID`: what a person needs to know of one rule, without a network: its facts and its page. */
export async function showRule(id: string, { stdout }: Surroundings): Promise<ExitCode> {
  const rule = rules.find((candidate) => candidate.id === id);
  if (rule === undefined) throw new PreflightErrors([unknownRule(id, rules)]);
  const { title, severity, live, subject, source, since, remediation, options } = facts(rule);
  const lines = [
    `${id} (${severity}${live ? ", live" : ""})`,
    `${title}.`,
    "",
    `subject      ${subject}`,
    `source       ${source.document}, "${source.section}" (${source.wording})`,
    `since        ${since}`,
    `remediation  ${remediation}`,
    ...Object.entries(options).map(
      ([name, option]) =>
        `option       ${name} (${option.type}, ${JSON.stringify(option.default)}): ${option.description}`,
    ),
  ];
  const text = page(id);
  await stdout.write([`${lines.join("\n")}\n`, text === null ? "" : `\n${text}`]);
  return 0;
}

/** A rule as `--json` lists it. */
function facts({ id, title, severity, live, subject, source, since, messages, options, remediation }: Rule) {
  return {
    id,
    title,
    severity,
    live: live === true,
    subject,
    source,
    since,
    messages,
    options: options ?? {},
    remediation,
  };
}

function* markdown(list: readonly ReturnType<typeof facts>[]): Generator<string> {
  yield "| rule | severity | live | title |\n| --- | --- | --- | --- |\n";
  for (const { id, severity, live, title } of list)
    yield `| ${id} | ${severity} | ${live ? "live" : ""} | ${title} |\n`;
}

/** The rule's page without its heading, as the package brings it along; null when the file is not there. */
function page(id: string): string | null {
  // From the bundle in dist/, or from this file in the sources.
  for (const root of ["../docs/rules/", "../../docs/rules/"]) {
    try {
      const text = readFileSync(new URL(`${root}${id}.md`, import.meta.url), "utf8");
      return text.slice(text.indexOf("\n## ") + 1);
    } catch {
      continue;
    }
  }
  return null;
}

async function listText({ stdout }: Surroundings): Promise<ExitCode> {
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
