import type { Check, CheckWaiver, RunReport, SubjectId, WaiverRecord } from "../../schema/report.generated.ts";
import { unplannedChecks } from "../model/unplanned.ts";
import { flow, words, wrap } from "../text/flow.ts";
import { aside, type Page } from "./page.ts";
import { counted, listed, phrase, locationText, escapeForTerminal, subjectName, thousands } from "../text/wording.ts";

const NAMED = 3;
const MOST_ROWS = 20;

/**
 * Waived checks: each waiver once, with the checks that it covers and the number of other checks that depend on those.
 */
export function waivedBlock(waived: readonly Check[], page: Page): string[] {
  const agreements = new Map<string, Map<string, SubjectId[]>>();
  const waiting = new Map<string, number>();
  for (const { rule, subject, waiver } of waived) {
    if (waiver === null) continue;
    const words = terms(waiver);
    if (waiver.through !== null) {
      waiting.set(words, (waiting.get(words) ?? 0) + 1);
      continue;
    }
    const what = `${rule}${waiver.verdict === "fail" ? "" : " (inconclusive)"}`;
    const rules = agreements.get(words) ?? new Map<string, SubjectId[]>();
    const subjects = rules.get(what) ?? [];
    subjects.push(subject);
    rules.set(what, subjects);
    agreements.set(words, rules);
  }
  const lines = [page.paint("Waived", "underline")];
  for (const [agreed, rules] of [...agreements].slice(0, mostRows(page))) {
    lines.push(...entry(words(agreed, page.width - 4), page));
    for (const [what, subjects] of [...rules].slice(0, mostRows(page))) {
      lines.push(...aside(`${escapeForTerminal(what)} for ${listed(subjects.map(subjectName), NAMED)}`, 4, page));
    }
    lines.push(...more(rules.size, "rule", 4, page));
    const others = waiting.get(agreed) ?? 0;
    if (others > 0) lines.push(...aside(`and ${counted(others, "check")} that depend on these`, 4, page));
  }
  return [...lines, ...more(agreements.size, "agreement", 2, page)];
}

/** `The lab has no more space, until 2027-01-31, by vc-operations (CHG-1042):` */
function terms({ expires, owner, ticket, reason }: CheckWaiver): string {
  const by = owner === null ? "" : `, by ${owner}`;
  const agreed = ticket === null ? "" : ` (${ticket})`;
  return escapeForTerminal(`${phrase(reason)}, until ${expires}${by}${agreed}:`);
}

/** Waivers that expired, are not needed, match nothing or are not allowed; null if there are none. */
export function waiverNotes(records: readonly WaiverRecord[], page: Page): string[] | null {
  const noted = records.filter(({ state }) => state !== "used" && state !== "not-evaluated");
  if (noted.length === 0) return null;
  const lines = [page.paint("Waivers that need attention", "underline")];
  for (const { message, location } of noted.slice(0, mostRows(page))) {
    const where = location === null ? [] : [page.link(page.paint(locationText(location), "dim"), location)];
    lines.push(...entry([...where, ...words(escapeForTerminal(message ?? ""), page.width - 4)], page));
  }
  return [...lines, ...more(noted.length, "waiver", 2, page)];
}

/** Deviations of the run from the approved plan, by reason; null if there are none. */
export function baselineBlock(report: RunReport, page: Page): string[] | null {
  const groups = unplannedChecks(report);
  if (report.baseline === null || groups.length === 0) return null;
  const { path, planned, missing, relaxed } = report.baseline;
  const lines = [page.paint(missing.length > 0 ? "No longer evaluated" : "Relaxed since approval", "underline")];
  const counts = [
    ...(missing.length > 0 ? [`${thousands(missing.length)} of them were not evaluated`] : []),
    ...(relaxed.length > 0
      ? [`${counted(relaxed.length, "setting")} ${relaxed.length === 1 ? "has" : "have"} been relaxed`]
      : []),
  ];
  const head = `${escapeForTerminal(path)} has ${counted(planned, "check")}; ${listed(counts)}:`;
  lines.push(...wrap(head, page.width - 2).map((line) => `  ${line}`));
  for (const { rule, reason, subjects } of groups.slice(0, mostRows(page))) {
    const names = listed(subjects.map(subjectName), NAMED);
    const whom = subjects.length === 0 ? "" : ` for ${names}`;
    const text = `${escapeForTerminal(rule)}${whom}: ${escapeForTerminal(reason)}`;
    lines.push(...entry(words(text, page.width - 4), page));
  }
  return [...lines, ...more(groups.length, "rule", 2, page)];
}

function more(count: number, noun: string, indent: number, page: Page): string[] {
  const most = mostRows(page);
  return count > most ? aside(`… and ${counted(count - most, `more ${noun}`)}; --all lists them`, indent, page) : [];
}

function mostRows({ all }: Page): number {
  return all ? Infinity : MOST_ROWS;
}

/** Lines of one entry, indented further after the first. */
function entry(parts: readonly string[], { width }: Page): string[] {
  return flow(parts, width - 4).map((line, index) => (index === 0 ? `  ${line}` : `    ${line}`));
}
