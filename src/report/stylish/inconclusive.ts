import type { Check, RunReport } from "../../schema/report.generated.ts";
import type { Location } from "../../values/location.ts";
import { flow, words, wrap } from "../text/flow.ts";
import { gapsOf, type Gap } from "../model/gaps.ts";
import { aside, type Page } from "./page.ts";
import { counted, listed, sentence, escapeForTerminal, subjectName } from "../text/wording.ts";

const NAMED = 3;
const MOST_ROWS = 20;

/** Inconclusive checks: one entry for each missing value, the one that affects most checks first. */
export function inconclusiveBlock(inconclusive: readonly Check[], page: Page): string[] {
  const lines = [page.paint("Inconclusive", "underline")];
  const gaps = gapsOf(inconclusive);
  const named = gaps.reduce((sum, { checks }) => sum + checks.length, 0);
  if (named > inconclusive.length) {
    const text = `${counted(inconclusive.length, "check")}; one with several reasons is counted under each.`;
    lines.push(...aside(text, 2, page));
  }
  const most = page.all ? gaps.length : MOST_ROWS;
  for (const gap of gaps.slice(0, most)) {
    const count = page.paint(counted(gap.checks.length, "check"), "yellow");
    lines.push(...entry([...words(`${escapeForTerminal(gap.what)}:`, page.width - 4), count], page));
    lines.push(...aside(examples(gap), 4, page));
  }
  if (gaps.length > most)
    lines.push(...aside(`… and ${counted(gaps.length - most, "more reason")}; --all lists them`, 2, page));
  return lines;
}

/** The affected checks: the first rules if there are several, else the subjects of the one; and the first location. */
function examples({ checks, location }: Gap): (string | Location)[] {
  const rules = distinct(checks.map(({ rule }) => escapeForTerminal(rule)));
  const subjects = distinct(checks.map(({ subject }) => subjectName(subject)));
  const named = listed(rules, NAMED) + (rules.length === 1 ? ` for ${listed(subjects, NAMED)}` : "");
  return location === null ? [named] : [`${named}; ${checks.length === 1 ? "at" : "first at"}`, location];
}

/** Rules that failed with an internal error: which one, for which subject, the error, and what to do about it. */
export function crashedBlock(crashed: readonly Check[], tool: RunReport["tool"], page: Page): string[] {
  const lines = [page.paint("Crashed", "underline")];
  for (const [first, ...others] of alike(crashed)) {
    const subjects = listed(distinct([first, ...others].map(({ subject }) => subjectName(subject))), NAMED);
    const cause = escapeForTerminal(first.reason ?? "it gave no reason");
    const rest = words(`on ${subjects}: ${sentence(cause)}`, page.width - 4);
    lines.push(...entry([page.paint(escapeForTerminal(first.rule), "red", "bold"), ...rest], page));
  }
  const advice =
    "This is a bug in the rule, not in your files; every other check was evaluated. Please report it to the author of the " +
    `rule (for built-in rules: ${tool.name}) with the lines above and the version, ${sentence(escapeForTerminal(tool.version))}`;
  lines.push(...wrap(advice, page.width - 2).map((line) => `  ${line}`));
  return lines;
}

/** Lines of one entry, indented further after the first. */
function entry(parts: readonly string[], { width }: Page): string[] {
  return flow(parts, width - 4).map((line, index) => (index === 0 ? `  ${line}` : `    ${line}`));
}

/** Crashes grouped by rule and reason: a bug rarely affects only one subject. */
function alike(crashed: readonly Check[]): [Check, ...Check[]][] {
  const groups = new Map<string, [Check, ...Check[]]>();
  for (const check of crashed) {
    const key = `${check.rule}\n${check.reason ?? ""}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [check]);
    else group.push(check);
  }
  return [...groups.values()];
}

function distinct(items: readonly string[]): string[] {
  return [...new Set(items)];
}
