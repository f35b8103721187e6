import type { RunReport } from "../../schema/report.generated.ts";
import { readsFold } from "./explanation.ts";
import { type Counted, type Digest, type Ledger, NAMED } from "./ledger.ts";
import { breakable, code, markup, type Markup } from "./markup.ts";
import { nounOf } from "./matrix.ts";
import { foldout, scrolling, type Section, table } from "./page.ts";
import { milderReason } from "../model/unplanned.ts";
import { turnedOff } from "../model/turned-off.ts";
import {
  counted,
  escapeForTerminal,
  listed,
  locationText,
  phrase,
  sentence,
  subjectName,
  thousands,
} from "../text/wording.ts";

/** What was not checked because its rule is off, and the source of that setting; null if every rule ran. */
export function offSection({ policy }: RunReport): Section | null {
  const groups = turnedOff(policy);
  if (groups.length === 0) return null;
  return {
    id: "off",
    title: "Disabled rules",
    count: new Set(groups.flatMap(({ rules }) => rules)).size,
    *body() {
      const rows = groups.flatMap(({ by, records }) =>
        records.map(
          ({ rule, checks, location }) =>
            markup`<th scope="row">${code(rule)}</th>
              <td class="number">${thousands(checks)}</td>
              <td>${breakable(location === null ? by : locationText(location))}</td>`,
        ),
      );
      const caption = "Rules that are off for all or some subjects, and the number of checks that this removes";
      yield scrolling("Disabled rules", table(caption, ["Rule", "Checks", "By"], rows));
    },
  };
}

/** One line beside the gate; null if no rule is off. */
export function offLine({ policy }: RunReport): Markup | null {
  const groups = turnedOff(policy);
  if (groups.length === 0) return null;
  const rules = new Set(groups.flatMap((group) => group.rules)).size;
  const checks = groups.reduce((sum, group) => sum + group.checks, 0);
  const [one] = groups;
  const by = groups.length === 1 && one !== undefined ? markup` (by ${breakable(one.by)})` : null;
  return markup`<p class="partial"><a href="#off">Disabled rules</a>${by}: ${counted(rules, "rule")} with ${counted(checks, "check")}.</p>
`;
}

const SHOWN = 500;

/** The checks of the approved plan that this run did not do; null if it was not compared with a plan. */
export function baselineSection({ baseline }: RunReport): Section | null {
  if (baseline === null) return null;
  const { path, planned, missing, relaxed } = baseline;
  return {
    id: "approved-plan",
    title: "Approved plan",
    count: missing.length + relaxed.length,
    *body() {
      yield markup`<p>
        Compared with ${code(path)}, which plans ${counted(planned, "check")}:
        ${missing.length === 0 ? "all of them were evaluated." : `${counted(missing.length, "check")} of them ${missing.length === 1 ? "was" : "were"} not evaluated, which fails the gate.`}
      </p> `;
      if (relaxed.length > 0) {
        yield markup`<p>${counted(relaxed.length, "setting")} ${relaxed.length === 1 ? "is" : "are"} more relaxed than in the plan, which fails the gate.</p> `;
        const changes = relaxed.slice(0, SHOWN).map(
          (change) =>
            markup`<th scope="row">${code(change.rule ?? "all rules")}</th>
            <td>${breakable(change.subject === null ? "all" : subjectName(change.subject))}</td>
            <td>${sentence(milderReason(change))}</td>`,
        );
        yield scrolling(
          "Relaxed settings",
          table("More relaxed than in the approved plan", ["Rule", "Subject", "What"], changes),
        );
      }
      if (missing.length === 0) return;
      const rows = missing.slice(0, SHOWN).map(
        ({ rule, subject, reason }) =>
          markup`<th scope="row">${code(rule)}</th>
            <td>${breakable(subjectName(subject))}</td>
            <td>${sentence(reason)}</td>`,
      );
      yield scrolling("Approved plan", table("Planned and not evaluated", ["Rule", "Subject", "Why not"], rows));
      if (missing.length > SHOWN)
        yield markup`<p>${counted(missing.length - SHOWN, "more check")}: see the JSON report.</p> `;
    },
  };
}

/** Number of reasons listed individually. */
const REASONS = 300;

/** Everything that passed, one row per rule. */
export function passedSection({ passed, rules }: Ledger): Section {
  return {
    id: "passed",
    title: "Passed",
    count: passed.count,
    *body() {
      if (passed.count === 0) {
        yield markup`<p>No check passed.</p> `;
        return;
      }
      const groups = [...passed.byRule];
      const rows = groups.map(
        ([rule, checks]) =>
          markup`<th scope="row">${rules.get(rule)?.title ?? rule}<br /><span class="meta">${code(rule)}</span></th>
            <td class="number">${thousands(checks.count)}</td>
            <td>${subjectsOf(checks)}</td>`,
      );
      const caption = `${counted(passed.count, "check")} of ${counted(groups.length, "rule")} passed`;
      yield foldout(caption, scrolling(caption, table(caption, ["Requirement", "Checks", "Holds for"], rows)));
      for (const [rule, checks] of groups) {
        const of = markup`${code(rule)}: ${rules.get(rule)?.title ?? ""}`;
        yield readsFold(checks.first, { of, rule: rules.get(rule), count: checks.count });
      }
    },
  };
}

/** Checks that are not applicable or were skipped, by reason. */
export function restSection({ notApplicable, skipped }: Ledger): Section {
  return {
    id: "rest",
    title: "Not applicable and skipped",
    count: notApplicable.count + skipped.count,
    *body() {
      yield* reasons("Not applicable", notApplicable);
      yield* reasons("Skipped", skipped);
    },
  };
}

function* reasons(title: string, checks: Digest): Generator<Markup> {
  if (checks.count === 0) {
    yield markup`<p>${title}: none.</p> `;
    return;
  }
  const byReason = [...checks.byReason];
  const rows = byReason
    .sort(([, a], [, b]) => b.count - a.count)
    .slice(0, REASONS)
    .map(([reason, members]) => {
      const rules = [...members.rules];
      return markup`<th scope="row">${phrase(reason)}</th>
        <td class="number">${thousands(members.count)}</td>
        <td>
          ${rules.slice(0, NAMED).map((rule) => markup`${code(rule)} `)}${rules.length > NAMED ? `and ${counted(rules.length - NAMED, "more rule")}` : null}
        </td>`;
    });
  const caption = `${title}: ${counted(checks.count, "check")}`;
  const left = byReason.length - rows.length;
  yield foldout(
    caption,
    markup`${scrolling(caption, table(caption, ["Reason", "Checks", "Rules"], rows))}${
      left === 0 ? null : markup`<p>${counted(left, "more reason")}: see the JSON report.</p> `
    }`,
  );
}

/** Names of subjects; the kind is named once if it is the same for all. */
function subjectsOf({ count, kinds, first }: Counted): string {
  const [kind = ""] = kinds;
  if (kinds.size === 1 && kind === "deployment") return "the deployment";
  const names = first.map(({ subject }) =>
    escapeForTerminal(kinds.size === 1 ? subject.name : `${nounOf(subject.kind)} ${subject.name}`),
  );
  const left = count - names.length;
  const list = listed(left > 0 ? [...names, `${thousands(left)} more`] : names);
  return kinds.size === 1 ? `${nounOf(kind)} ${list}` : list;
}
