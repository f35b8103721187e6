import type { Check } from "../../schema/report.generated.ts";
import { markup, code, type Markup } from "./markup.ts";
import { grouped, type Ledger } from "./ledger.ts";
import { nounOf } from "./matrix.ts";
import { foldout, scrolling, type Section, table } from "./page.ts";
import { counted, listed, phrase, escapeForTerminal, thousands } from "../text/wording.ts";

/** So many subjects are named; the count says how many there are. */
const NAMED = 12;
/** So many reasons are told one by one. */
const REASONS = 300;

/** Everything that passed, a row a rule. */
export function passedSection({ passed, rules }: Ledger): Section {
  return {
    id: "passed",
    title: "Passed",
    count: passed.length,
    *body() {
      if (passed.length === 0) {
        yield markup`<p>No check passed.</p> `;
        return;
      }
      const groups = [...grouped(passed, ({ rule }) => rule)];
      const rows = groups.map(
        ([rule, checks]) =>
          markup`<th scope="row">${rules.get(rule)?.title ?? rule}<br /><span class="meta">${code(rule)}</span></th>
            <td class="number">${thousands(checks.length)}</td>
            <td>${subjectsOf(checks)}</td>`,
      );
      const caption = `${counted(passed.length, "check")} of ${counted(groups.length, "rule")} passed`;
      yield foldout(caption, scrolling(caption, table(caption, ["Requirement", "Checks", "Holds for"], rows)));
    },
  };
}

/** What does not apply and what was skipped, by the reason. */
export function restSection({ notApplicable, skipped }: Ledger): Section {
  return {
    id: "rest",
    title: "Not applicable and skipped",
    count: notApplicable.length + skipped.length,
    *body() {
      yield* reasons("Not applicable", notApplicable);
      yield* reasons("Skipped", skipped);
    },
  };
}

function* reasons(title: string, checks: readonly Check[]): Generator<Markup> {
  if (checks.length === 0) {
    yield markup`<p>${title}: none.</p> `;
    return;
  }
  const byReason = [...grouped(checks, ({ reason }) => reason ?? "no reason was given")];
  const rows = byReason
    .sort(([, a], [, b]) => b.length - a.length)
    .slice(0, REASONS)
    .map(([reason, members]) => {
      const rules = [...new Set(members.map(({ rule }) => rule))];
      return markup`<th scope="row">${phrase(reason)}</th>
        <td class="number">${thousands(members.length)}</td>
        <td>
          ${rules.slice(0, NAMED).map((rule) => markup`${code(rule)} `)}${rules.length > NAMED ? `and ${counted(rules.length - NAMED, "more rule")}` : null}
        </td>`;
    });
  const caption = `${title}: ${counted(checks.length, "check")}`;
  const left = byReason.length - rows.length;
  yield foldout(
    caption,
    markup`${scrolling(caption, table(caption, ["Reason", "Checks", "Rules"], rows))}${
      left === 0 ? null : markup`<p>${counted(left, "more reason")}: see the JSON report.</p> `
    }`,
  );
}

/** Names of subjects, behind their kind once where all are of one kind. */
function subjectsOf(checks: readonly Check[]): string {
  const kinds = new Set(checks.map(({ subject }) => subject.kind));
  const [kind = ""] = kinds;
  if (kinds.size === 1 && kind === "deployment") return "the deployment";
  const names = checks.map(({ subject }) =>
    escapeForTerminal(kinds.size === 1 ? subject.name : `${nounOf(subject.kind)} ${subject.name}`),
  );
  return kinds.size === 1 ? `${nounOf(kind)} ${listed(names, NAMED)}` : listed(names, NAMED);
}
