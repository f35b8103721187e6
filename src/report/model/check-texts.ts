import { CheckTable } from "../../engine/evaluation/check-table.ts";
import type { Check } from "../../schema/report.generated.ts";
import { type ItemTexts, jsonItem } from "../text/json-text.ts";
import { ByKind, BySubject, isPlain } from "./plain-checks.ts";

/** For the checks of a run, whose keys have one order; checks of saved reports keep the order of their files. */
export const checkTexts: ItemTexts = (list, level) => (list instanceof CheckTable ? tableTexts(list, level) : null);

function* tableTexts(checks: CheckTable, level: number): Generator<string> {
  const kinds = new ByKind((check) => template(check, level));
  const subjects = new BySubject(({ subject, location }) => ({
    subject: jsonItem(subject, level + 1),
    location: jsonItem(location, level + 1),
  }));
  for (const check of checks) {
    if (isPlain(check)) {
      const [start, between, end] = kinds.of(check);
      const { subject, location } = subjects.of(check);
      yield start + subject + between + location + end;
    } else yield jsonItem(check, level);
  }
}

/** The text of a check around its subject and its location. */
function template(check: Check, level: number): readonly [start: string, between: string, end: string] {
  const text = jsonItem({ ...check, subject: "\0", location: "\0" }, level);
  const [start = "", rest = ""] = cutBehind(text, "subject", level);
  const [between = "", end = ""] = cutBehind(rest, "location", level);
  return [start, between, end];
}

/** A JSON string contains no line break, so a line break with this indent is followed by a key of the check itself. */
function cutBehind(text: string, key: string, level: number): readonly string[] {
  const before = `\n${"  ".repeat(level + 1)}"${key}": `;
  const index = text.indexOf(`${before}"\\u0000"`) + before.length;
  return [text.slice(0, index), text.slice(index + '"\\u0000"'.length)];
}
