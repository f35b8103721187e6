import type { DirectiveComment, Document } from "../../site/core/document.ts";
import { endOfDay } from "../../values/rfc3339.ts";
import { PreflightError } from "../../values/preflight-error.ts";
import { quoted } from "../../values/text/quoted.ts";
import { suggest } from "../../values/text/suggest.ts";
import type { WaiverEntry } from "./waiver-entry.ts";

const NAME = "preflight-disable-next-line";
const FORM = `# ${NAME} RULE[, RULE] until YYYY-MM-DD -- REASON`;

/** Directives as waivers, one for each rule that they name, and what is wrong with others. */
export interface ReadDirectives {
  readonly entries: readonly WaiverEntry[];
  readonly errors: readonly PreflightError[];
}

/**
 * The directives in the comments of documents: `# preflight-disable-next-line vm/thick-disk until 2027-01-31 -- reason`.
 * Rules, date and reason are mandatory. A comment that begins like one and is none is an error: it would be ignored
 * while its writer believes in it.
 */
export function readDirectives(documents: readonly Document[], ruleIds: readonly string[]): ReadDirectives {
  const entries: WaiverEntry[] = [];
  const errors: PreflightError[] = [];
  for (const document of documents) {
    for (const comment of document.directives) {
      const read = readDirective(comment, ruleIds);
      if (read instanceof PreflightError) errors.push(read);
      else entries.push(...read);
    }
  }
  return { entries, errors };
}

function readDirective(comment: DirectiveComment, ruleIds: readonly string[]): WaiverEntry[] | PreflightError {
  const { location } = comment;
  const [, word = "", rest = ""] = /^(\S+)\s*(.*)$/.exec(comment.text) ?? [];
  if (word !== NAME) return directiveError(`There is no directive ${quoted(word)}.`, `write ${FORM}`);
  if (!comment.isAloneOnLine) {
    return directiveError("A directive must stand on a line of its own.", "move it above the line that it speaks of");
  }
  if (comment.nextLine === null) return directiveError("No line follows this directive.", "remove it");
  const [, list = "", day = "", reason = ""] = /^(.*?)\s*\buntil\s+(\S+)\s+--\s+(.*)$/.exec(rest) ?? [];
  const rules = list.split(/[\s,]+/).filter((rule) => rule !== "");
  if (rules.length === 0 || reason.trim() === "") {
    return directiveError("A directive names its rules, its last day and its reason.", `write ${FORM}`);
  }
  if (endOfDay(day) === null) {
    return directiveError(`${quoted(day)} is no date.`, "write the last day on which it counts, such as 2027-01-31");
  }
  const unknown = rules.find((rule) => !ruleIds.includes(rule));
  if (unknown !== undefined) {
    const near = suggest(unknown, ruleIds);
    const hint = near === null ? "preflight rules list shows every rule" : `did you mean ${near}?`;
    return new PreflightError("unknown-rule", `There is no rule ${quoted(unknown)}.`, location, hint);
  }
  const line = { path: location.path, line: comment.nextLine };
  return rules.map((rule) => ({
    ...{ kind: "inline" as const, rule, subject: null, fingerprints: null, verdict: null, line },
    ...{ reason: reason.trim(), owner: null, ticket: null, expires: day, location },
  }));

  function directiveError(message: string, hint: string): PreflightError {
    return new PreflightError("invalid-directive", message, location, hint);
  }
}
