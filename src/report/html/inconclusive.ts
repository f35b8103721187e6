import type { Check } from "../../schema/report.generated.ts";
import { gapsOf, type Gap } from "../model/gaps.ts";
import { markup, breakable, code, joined, type Markup, prose } from "./markup.ts";
import { sideBySide } from "./findings.ts";
import { readsFold } from "./explanation.ts";
import { grouped, type Ledger } from "./ledger.ts";
import { icon } from "./marks.ts";
import { foldout, type Section } from "./page.ts";
import { counted, listed, phrase, locationText, subjectName } from "../text/wording.ts";

/** Number of gaps listed individually; there is one per missing thing, not per check. */
const GAPS = 200;
/** Number of rules, and of subjects of each, listed below a gap. */
const RULES = 60;
const SUBJECTS = 8;

/** The inconclusive checks by missing value: that is what to provide. */
export function inconclusiveSection({ inconclusive, rules }: Ledger): Section {
  const gaps = gapsOf(inconclusive.filter(({ because }) => because.length === 0));
  return {
    id: "inconclusive",
    title: "Inconclusive",
    count: inconclusive.length,
    *body() {
      if (inconclusive.length === 0)
        yield markup`<p>No check is inconclusive.</p>
`;
      else if (gaps.length === 0)
        yield markup`<p>No values are missing: each of these checks depends on <a href="#causes">a failure</a>.</p>
`;
      else {
        yield markup`<p>These checks neither passed nor failed. Each entry is a missing value: provide it and run again. The values that most checks need come first.</p>
`;
      }
      yield* gapList(gaps, rules);
    },
  };
}

/** Failures that make other checks inconclusive, each once; null if there are none. */
export function causesSection(ledger: Ledger): Section | null {
  const waiting = ledger.inconclusive.filter(({ because }) => because.length > 0);
  if (waiting.length === 0) return null;
  const causes = new Map<string, { rule: string; subject: string; checks: Check[] }>();
  for (const check of waiting) {
    for (const { rule, subject } of check.because) {
      const key = `${rule}\n${subject.kind}\n${subject.name}`;
      const cause = causes.get(key) ?? { rule, subject: subjectName(subject), checks: [] };
      cause.checks.push(check);
      causes.set(key, cause);
    }
  }
  const byBreadth = [...causes.values()].sort((a, b) => b.checks.length - a.checks.length);
  return {
    id: "causes",
    title: "Root causes",
    count: byBreadth.length,
    *body() {
      yield markup`<p>Fix these failures first: other checks depend on them and are inconclusive until then.</p>
<ul class="gaps">
`;
      for (const { rule, subject, checks } of byBreadth.slice(0, GAPS)) {
        const anchor = ledger.anchorOf(rule);
        const name = anchor === null ? code(rule) : markup`<a href="#${anchor}">${code(rule)}</a>`;
        yield markup`<li>${icon("failed")} ${name} failed for ${breakable(subject)}.
${concerned(checks)}</li>
`;
      }
      yield markup`</ul>
`;
      if (byBreadth.length > GAPS)
        yield markup`<p>${counted(byBreadth.length - GAPS, "more failure")}: see the JSON report.</p>
`;
    },
  };
}

function* gapList(gaps: readonly Gap[], described: Ledger["rules"]): Generator<Markup> {
  if (gaps.length === 0) return;
  yield markup`<ul class="gaps">
`;
  for (const { what, checks, location } of gaps.slice(0, GAPS)) {
    const at =
      location === null
        ? null
        : markup` <span class="meta">${checks.length === 1 ? "at" : "first at"} <code>${breakable(locationText(location))}</code></span>`;
    const [first] = checks;
    const rule = first === undefined ? undefined : described.get(first.rule);
    const same = checks.filter((check) => check.rule === first?.rule);
    const of = first === undefined || same.length === checks.length ? null : code(first.rule);
    yield markup`<li>${icon("inconclusive")} ${prose(phrase(what))}.${at}
${concerned(checks)}${readsFold(same, { of, rule })}</li>
`;
  }
  yield markup`</ul>
`;
  if (gaps.length > GAPS)
    yield markup`<p>${counted(gaps.length - GAPS, "more thing")}: see the JSON report.</p>
`;
}

/** The affected checks. */
function concerned(checks: readonly Check[]): Markup {
  const rules = [...grouped(checks, ({ rule }) => rule)];
  const rows = [...grouped(checks, ({ rule, vantage_points = [] }) => JSON.stringify([rule, vantage_points]))];
  if (checks.length === 1) {
    const [check] = checks;
    return markup`<p class="meta">${code(check?.rule ?? "")} for ${breakable(check === undefined ? "" : subjectName(check.subject))}</p>
${check === undefined ? null : sideBySide(check)}`;
  }
  const items = rows.slice(0, RULES).flatMap(([, members]) => {
    const [first] = members;
    if (first === undefined) return [];
    const subjects = members.map(({ subject }) => subjectName(subject));
    return [
      markup`<li>${code(first.rule)}: ${listed(subjects, SUBJECTS)}${sideBySide(first)}</li>
`,
    ];
  });
  const left = rows.length - items.length;
  const names = joined(
    rules.slice(0, 3).map(([rule]) => code(rule)),
    ", ",
  );
  return foldout(
    markup`${counted(checks.length, "check")}: ${names}${rules.length > 3 ? ` and ${counted(rules.length - 3, "more rule")}` : null}`,
    markup`<ul>
${items}</ul>
${
  left === 0
    ? null
    : markup`<p>${counted(left, "more group")}: see the JSON report.</p>
`
}`,
  );
}
