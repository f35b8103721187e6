import type { CheckWaiver, SubjectId } from "../../schema/report.generated.ts";
import { type Location, positionText } from "../../values/location.ts";
import { thousands } from "../../values/text/counted.ts";
import { clip, terminal } from "./escape.ts";

export { counted, thousands } from "../../values/text/counted.ts";

/** Longest message and longest name that are shown in full, in UTF-16 units; the JSON report has the full text. */
const LONGEST_TEXT = 1000;
const LONGEST_NAME = 200;

/** Text from a file, a server or a rule on one line, escaped and limited in length. */
export function escapeForTerminal(text: string): string {
  return terminal(clip(text, LONGEST_TEXT));
}

const OVERLONG = new RegExp(`\\S{${LONGEST_NAME + 1},}`, "g");

/** A message as `escapeForTerminal` returns it, with overlong names cut as well. Not for paths and commands, which are copied. */
export function messageText(message: string): string {
  return escapeForTerminal(message.replace(OVERLONG, (word) => clip(word, LONGEST_NAME)));
}

/** A location as people and editors write it: `deployment.yaml:41:23`, or `estate.xlsx:vHost!B4` in a workbook. */
export function locationText(location: Location): string {
  return escapeForTerminal(positionText(location));
}

/** A subject as reports name it: `node oslo-conf01`. */
export function subjectName(subject: SubjectId): string {
  return terminal(`${subject.kind} ${clip(subject.name, LONGEST_NAME)}`);
}

/** A subject by its name alone, for contexts that state its kind. */
export function subjectTitle({ name }: SubjectId): string {
  return terminal(clip(name, LONGEST_NAME));
}

/** `dns-server` as words: `DNS server`. */
export function kindNoun(kind: string): string {
  return terminal(kind)
    .replace(/^(?:dns|ntp|vm)\b/, (short) => short.toUpperCase())
    .replaceAll("-", " ");
}

/** `a`, `a and b`, `a, b and c`, and beyond `limit`: `a, b, c and 4 more`. */
export function listed(items: readonly string[], limit = Infinity): string {
  const named = items.length > limit ? [...items.slice(0, limit), `${thousands(items.length - limit)} more`] : items;
  const last = named.at(-1) ?? "";
  return named.length < 2 ? last : `${named.slice(0, -1).join(", ")} and ${last}`;
}

/** The text with exactly one final period. */
export function sentence(text: string): string {
  return /[.!?。！？]$/.test(text) ? text : `${text}.`;
}

/** The text without its final period, so that it can be continued. */
export function phrase(text: string): string {
  return text.replace(/[.。]$/, "");
}

/** A hint as a sentence. If it starts with a command, its first letter keeps its case. */
export function advice(hint: string): string {
  const text = sentence(escapeForTerminal(hint));
  return /^preflight\b/.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1);
}

/** The terms of a waiver: `Waived until 2027-01-31 by vc-operations (CHG-1042): the lab has no more space.` */
export function waivedText(waiver: CheckWaiver | null): string {
  if (waiver === null) return "Waived.";
  const { expires, owner, ticket, reason } = waiver;
  const by = owner === null ? "" : ` by ${owner}`;
  const agreed = ticket === null ? "" : ` (${ticket})`;
  return sentence(escapeForTerminal(`Waived until ${expires}${by}${agreed}: ${phrase(reason)}`));
}
