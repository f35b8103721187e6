import type { DirectiveComment, Document } from "../../site/core/document.ts";
import { endOfDay } from "../../values/rfc3339.ts";
import { PreflightError } from "../../values/preflight-error.ts";
import { thousands } from "../../values/text/counted.ts";
import { quoted } from "../../values/text/quoted.ts";
import { suggest } from "../../values/text/suggest.ts";
import type { WaiverEntry } from "./waiver-entry.ts";

const NAME = "preflight-disable-next-line";
const FORM = `# ${NAME} RULE[, RULE] until YYYY-MM-DD -- REASON`;

/** More than a person writes; each becomes a waiver, and those without effect are listed in every report. */
const MOST_DIRECTIVES = 50_000;

/** Directives as waivers, one for each rule that they name, and the errors of others. */
export interface ReadDirectives {
  readonly entries: readonly WaiverEntry[];
  readonly errors: readonly PreflightError[];
}

/**
 * The directives in the comments of documents: `# preflight-disable-next-line vm/thick-disk until 2027-01-31 --
 * reason`. Rules, date and reason are mandatory. A comment that begins like a directive and is not a valid one is an
 * error: it would be ignored although its author expects an effect.
 */
export function readDirectives(documents: readonly Document[], ruleIds: readonly string[]): ReadDirectives {
  const entries: WaiverEntry[] = [];
  const errors: PreflightError[] = [];
  const count = documents.reduce((sum, { directives }) => sum + directives.length, 0);
  const [excess] = count > MOST_DIRECTIVES ? documents.filter(({ directives }) => directives.length > 0) : [];
  if (excess !== undefined) {
    const message = `There are ${thousands(count)} directives, more than the limit of ${thousands(MOST_DIRECTIVES)}.`;
    const hint = "disable the rule in the config, or waive its checks in a waivers file";
    return {
      entries,
      errors: [new PreflightError("too-many-directives", message, excess.directives[0]?.location, hint)],
    };
  }
  const known = new Set(ruleIds);
  const nearest = new Map<string, string | null>();
  for (const document of documents) {
    for (const comment of document.directives) {
      const read = readDirective(comment, known, (rule) => {
        // The same error may be on thousands of lines.
        const near = nearest.has(rule) ? (nearest.get(rule) ?? null) : suggest(rule, ruleIds);
        nearest.set(rule, near);
        return near;
      });
      if (read instanceof PreflightError) errors.push(read);
      else entries.push(...read);
    }
  }
  return { entries, errors };
}

function readDirective(
  comment: DirectiveComment,
  known: ReadonlySet<string>,
  nearest: (rule: string) => string | null,
): WaiverEntry[] | PreflightError {
  const { location } = comment;
  const [, word = "", rest = ""] = /^(\S+)\s*(.*)$/.exec(comment.text) ?? [];
  if (word !== NAME) return directiveError(`There is no directive ${quoted(word)}.`, `write ${FORM}`);
  if (!comment.isAloneOnLine) {
    return directiveError("A directive must be on a separate line.", "move it above the line that it applies to");
  }
  if (comment.nextLine === null) return directiveError("No line follows this directive.", "remove it");
  const [, list = "", day = "", reason = ""] = /^(.*?)\s*\buntil\s+(\S+)\s+--\s+(.*)$/.exec(rest) ?? [];
  const rules = list.split(/[\s,]+/).filter((rule) => rule !== "");
  if (rules.length === 0 || reason.trim() === "") {
    return directiveError("A directive requires rules, a last day and a reason.", `write ${FORM}`);
  }
  if (endOfDay(day) === null) {
    return directiveError(`${quoted(day)} is not a date.`, "write its last day, such as 2027-01-31");
  }
  const unknown = rules.find((rule) => !known.has(rule));
  if (unknown !== undefined) {
    const near = nearest(unknown);
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
