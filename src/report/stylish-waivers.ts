import type { Baseline, Check, CheckReference, CheckWaiver, WaiverRecord } from "../engine/run-report.ts";
import { flow, words, wrap } from "./flow.ts";
import { aside, type Page } from "./stylish-page.ts";
import { counted, listed, phrase, place, sentence, shown, subjectName, thousands } from "./wording.ts";

const NAMED = 3;
const MOST_ROWS = 20;

/** What is waived, by whom, why and until when: one entry for each waived check, with what waits for it. */
export function waivedBlock(waived: readonly Check[], page: Page): string[] {
  const waiting = new Map<string, number>();
  const named = waived.flatMap(({ rule, subject, waiver }) => {
    if (waiver === null) return [];
    if (waiver.through === null) return [{ rule, subject, waiver }];
    const cause = keyOf(waiver.through);
    waiting.set(cause, (waiting.get(cause) ?? 0) + 1);
    return [];
  });
  const lines = [page.paint("Waived", "underline")];
  for (const check of named.slice(0, MOST_ROWS)) {
    const count = waiting.get(keyOf(check)) ?? 0;
    const others = count === 0 ? "" : `; ${counted(count, "check")} ${count === 1 ? "waits" : "wait"} for it`;
    const what = `${shown(check.rule)} for ${subjectName(check.subject)}${others}`;
    lines.push(...entry(words(what, page.width - 4), page), ...aside(terms(check.waiver), 4, page));
  }
  return [...lines, ...more(named.length, "waived check", page)];
}

/** `fails, allowed until 2027-01-31 by vc-operations (CHG-1042): the lab has no more space.` */
function terms({ verdict, expires, owner, ticket, reason }: CheckWaiver): string {
  const what = verdict === "fail" ? "fails" : "undecided";
  const by = owner === null ? "" : ` by ${owner}`;
  const agreed = ticket === null ? "" : ` (${ticket})`;
  return sentence(shown(`${what}, allowed until ${expires}${by}${agreed}: ${phrase(reason)}`));
}

/** Waivers that expired, are not needed, match nothing or may not be; null when all is well with them. */
export function waiverNotes(records: readonly WaiverRecord[], page: Page): string[] | null {
  const noted = records.filter(({ state }) => state !== "used" && state !== "not-judged");
  if (noted.length === 0) return null;
  const lines = [page.paint("Waivers to look at", "underline")];
  for (const { message, location } of noted.slice(0, MOST_ROWS)) {
    const where = location === null ? [] : [page.paint(place(location), "dim")];
    lines.push(...entry([...where, ...words(shown(message ?? ""), page.width - 4)], page));
  }
  return [...lines, ...more(noted.length, "waiver", page)];
}

/** Checks of the approved plan that the run does not judge, by why; null when it judges them all. */
export function baselineBlock({ path, planned, missing }: Baseline, page: Page): string[] | null {
  if (missing.length === 0) return null;
  const reasons = new Map<string, { rule: string; references: CheckReference[] }>();
  for (const { rule, subject, reason } of missing) {
    const group = reasons.get(`${rule}\n${reason}`) ?? { rule, references: [] };
    group.references.push({ rule, subject });
    reasons.set(`${rule}\n${reason}`, group);
  }
  const lines = [page.paint("No longer judged", "underline")];
  const head = `${shown(path)} has ${counted(planned, "check")}; ${thousands(missing.length)} of them did not take place:`;
  lines.push(...wrap(head, page.width - 2).map((line) => `  ${line}`));
  for (const [key, { rule, references }] of [...reasons].slice(0, MOST_ROWS)) {
    const subjects = listed(
      references.map(({ subject }) => subjectName(subject)),
      NAMED,
    );
    const reason = key.slice(rule.length + 1);
    lines.push(...entry(words(`${shown(rule)} for ${subjects}: ${shown(reason)}`, page.width - 4), page));
  }
  return [...lines, ...more(reasons.size, "rule", page)];
}

function more(count: number, noun: string, page: Page): string[] {
  return count > MOST_ROWS ? aside(`… and ${counted(count - MOST_ROWS, noun)} more`, 2, page) : [];
}

/** Lines of one entry, the later ones a step further in. */
function entry(parts: readonly string[], { width }: Page): string[] {
  return flow(parts, width - 4).map((line, index) => (index === 0 ? `  ${line}` : `    ${line}`));
}

function keyOf({ rule, subject }: CheckReference): string {
  return `${rule}\n${subject.kind}:${subject.name}`;
}
