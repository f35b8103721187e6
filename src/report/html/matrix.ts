import { briefChecks } from "../../engine/evaluation/check-table.ts";
import type { RunReport } from "../../schema/report.generated.ts";
import { markup, breakable, code, type Markup } from "./markup.ts";
import type { KindTally, Ledger } from "./ledger.ts";
import { isNotable, type Mark, MARKS, markOf, rank, SIGNS } from "./marks.ts";
import { foldout, scrolling, type Section, table, tableStart } from "./page.ts";
import { counted, listed, escapeForTerminal, thousands } from "../text/wording.ts";
import { fitEnd, fitStart, textWidth } from "../text/text-width.ts";

/** Most subjects with a column each; if there are more, those with equal verdicts share one. */
const COLUMNS_EACH = 14;
/** Most columns; if there are more, the last one represents all others. */
const COLUMNS = 14;
const NAMED = 12;
/** Number of rules without findings and with equal verdicts from which they share a row. */
const ALIKE = 3;
const HEAD_WIDTH = 34;
/** With at most this many columns, and no more rows than this, the table is transposed. */
const FEW_COLUMNS = 3;
const TRANSPOSED_ROWS = 8;

/** Subjects whose verdicts are equal in every row that is shown. */
interface Column {
  readonly subjects: readonly string[];
  readonly marks: readonly Mark[];
}

/**
 * Rules × subjects, a table for each kind of subject: rules with a verdict other than passed as rows, the others in a
 * foldout.
 */
export function matrixSection(report: RunReport, ledger: Ledger): Section {
  return {
    id: "matrix",
    title: "Rules and subjects",
    count: null,
    *body() {
      const kinds = [...ledger.kinds].map(kindOf);
      if (kinds.some(({ rows }) => rows.length > 0)) {
        yield legend();
        for (const kind of kinds) if (kind.rows.length > 0) yield* kindBlock(kind, report, ledger);
      } else {
        yield markup`<p>No rule failed or is inconclusive.</p>
`;
      }
      if (kinds.some(({ rest }) => rest.length > 0)) yield restOf(kinds, ledger);
    },
  };
}

type Row = readonly [rule: string, counts: ReadonlyMap<Mark, number>];

/** Subjects of one kind, and the rules that apply to them. */
interface Kind {
  readonly kind: string;
  /** `7 nodes` */
  readonly title: string;
  readonly noun: string;
  readonly subjects: ReadonlySet<string>;
  /** Rules with notable verdicts. */
  readonly rows: readonly Row[];
  readonly rest: readonly Row[];
}

function kindOf([kind, { subjects, rules }]: readonly [string, KindTally]): Kind {
  const isRow = ([, counts]: Row) => [...counts.keys()].some(isNotable);
  const noun = nounOf(kind);
  return {
    kind,
    title: titleOf(noun, subjects.size),
    noun,
    subjects,
    rows: [...rules].filter(isRow),
    rest: [...rules].filter((rule) => !isRow(rule)),
  };
}

function legend(): Markup {
  const items = MARKS.map(
    (mark) => markup`<li><span class="cell ${mark}">${SIGNS[mark].glyph}</span> ${SIGNS[mark].word}</li>
`,
  );
  return markup`<p>Rows are rules with a verdict other than passed, and columns are subjects. All other rules are listed below.</p>
<ul class="legend" aria-label="Signs in the tables">
${items}</ul>
`;
}

function titleOf(noun: string, count: number): string {
  return noun === "deployment" ? "The deployment" : counted(count, noun);
}

function* kindBlock(kind: Kind, report: RunReport, ledger: Ledger): Generator<Markup> {
  const { title, noun, rows } = kind;
  const columns = columnsOf(kind, report);
  const caption = `${counted(rows.length, "rule")} with verdicts that need attention`;
  yield markup`<h3>${title}</h3>
`;
  const isTransposed = columns.length <= FEW_COLUMNS && rows.length > columns.length && rows.length <= TRANSPOSED_ROWS;
  const draw = isTransposed ? transposed : grid;
  yield scrolling(`${title}: ${caption}`, draw(caption, rows, columns, noun, ledger));
  yield members(columns, noun);
}

function columnsOf({ kind, rows, subjects }: Kind, { checks }: RunReport): readonly Column[] {
  const marks = new Map([...subjects].map((name) => [name, rows.map((): Mark => "not-applicable")]));
  const rowOf = new Map(rows.map(([rule], row) => [rule, row]));
  for (const check of briefChecks(checks)) {
    const row = rowOf.get(check.rule);
    if (row === undefined || check.subject.kind !== kind) continue;
    const cells = marks.get(check.subject.name);
    if (cells !== undefined) cells[row] = markOf(check);
  }
  if (subjects.size <= COLUMNS_EACH) {
    return [...subjects].map((name) => ({ subjects: [name], marks: marks.get(name) ?? [] }));
  }
  const alike = new Map<string, { subjects: string[]; marks: readonly Mark[] }>();
  for (const [name, cells] of marks) {
    const key = cells.map((mark) => SIGNS[mark].glyph).join("");
    const column = alike.get(key);
    if (column === undefined) alike.set(key, { subjects: [name], marks: cells });
    else column.subjects.push(name);
  }
  const sorted = [...alike.values()].sort((a, b) => badness(a.marks) - badness(b.marks));
  if (sorted.length <= COLUMNS) return sorted;
  return [...sorted.slice(0, COLUMNS - 1), merged(sorted.slice(COLUMNS - 1), rows.length)];
}

/** Smaller is worse: the worst mark first, then its number of occurrences. */
function badness(marks: readonly Mark[]): number {
  const worst = Math.min(...marks.map(rank));
  return worst * 1000 - marks.filter((mark) => rank(mark) === worst).length;
}

/** One column that represents several: in each row the worst of their marks. */
function merged(columns: readonly Column[], rows: number): Column {
  const worst = (row: number) =>
    columns.reduce<Mark>((found, { marks }) => {
      const mark = marks[row] ?? "not-applicable";
      return rank(mark) < rank(found) ? mark : found;
    }, "not-applicable");
  return {
    subjects: columns.flatMap(({ subjects }) => subjects),
    marks: Array.from({ length: rows }, (_, row) => worst(row)),
  };
}

function grid(caption: string, rows: readonly Row[], columns: readonly Column[], noun: string, ledger: Ledger): Markup {
  const heads = columns.map(
    (column, index) =>
      markup`<th scope="col" class="head"><span title="${column.subjects[0] ?? ""}">${headOf(column, index, noun)}</span></th>`,
  );
  const lines = linesOf(rows, columns, ledger).map(
    ({ names, marks }) => markup`<tr><th scope="row">${rowHead(names, ledger)}</th>${marks.map(cell)}</tr>
`,
  );
  return markup`${tableStart("matrix")}
<caption>${caption}</caption>
<thead><tr><td></td>${heads}</tr></thead>
<tbody>
${lines}</tbody>
</table>
`;
}

function cell(mark: Mark): Markup {
  return markup`<td class="cell ${mark}">${SIGNS[mark].glyph}<span class="word"> ${SIGNS[mark].word}</span></td>`;
}

/** Subjects as rows and rules as columns, for few subjects. */
function transposed(
  caption: string,
  rows: readonly Row[],
  columns: readonly Column[],
  noun: string,
  ledger: Ledger,
): Markup {
  const heads = rows.map(([rule]) => markup`<th scope="col" class="head"><span>${rowHead([rule], ledger)}</span></th>`);
  const lines = columns.map(
    (column, index) => markup`<tr><th scope="row">${headOf(column, index, noun)}</th>${column.marks.map(cell)}</tr>
`,
  );
  return markup`${tableStart("matrix")}
<caption>${caption}</caption>
<thead><tr><td></td>${heads}</tr></thead>
<tbody>
${lines}</tbody>
</table>
`;
}

/** One rule, or several without findings whose verdicts are equal in every column. */
interface Line {
  readonly names: readonly string[];
  readonly marks: readonly Mark[];
}

function linesOf(rows: readonly Row[], columns: readonly Column[], { anchorOf }: Ledger): readonly Line[] {
  const all = rows.map(([rule], row) => {
    const marks = columns.map((column) => column.marks[row] ?? "not-applicable");
    return { rule, marks, key: anchorOf(rule) === null ? marks.join() : rule };
  });
  const alike = new Map<string, string[]>();
  for (const { rule, key } of all) {
    const names = alike.get(key);
    if (names === undefined) alike.set(key, [rule]);
    else names.push(rule);
  }
  return all.flatMap(({ rule, marks, key }) => {
    const names = alike.get(key) ?? [];
    if (names.length < ALIKE) return [{ names: [rule], marks }];
    return names[0] === rule ? [{ names, marks }] : [];
  });
}

function rowHead(names: readonly string[], { anchorOf, rules }: Ledger): Markup {
  const [rule = ""] = names;
  if (names.length > 1) {
    const list = names.map(
      (name) => markup`<li title="${rules.get(name)?.title ?? name}">${code(name)}</li>
`,
    );
    return foldout(
      counted(names.length, "rule"),
      markup`<ul>
${list}</ul>
`,
    );
  }
  const anchor = anchorOf(rule);
  const name = markup`<span title="${rules.get(rule)?.title ?? rule}">${code(rule)}</span>`;
  return anchor === null ? name : markup`<a href="#${anchor}">${name}</a>`;
}

function headOf({ subjects }: Column, index: number, noun: string): Markup {
  const [only = ""] = subjects;
  if (subjects.length === 1) return breakable(shortened(only));
  return markup`${letterOf(index)}: ${counted(subjects.length, noun)}`;
}

/** A name, cut in the middle if it is too long for a column: names of one kind often have the same start or end. */
function shortened(name: string): string {
  const text = escapeForTerminal(name);
  if (textWidth(text) <= HEAD_WIDTH) return text;
  const start = HEAD_WIDTH / 2;
  return `${fitStart(text, start)}…${fitEnd(text, HEAD_WIDTH - start - 1)}`;
}

/** A, B … Z, AA */
function letterOf(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : letterOf(Math.floor(index / 26) - 1) + letter;
}

/** The subjects of a column. */
function members(columns: readonly Column[], noun: string): Markup {
  const shared = columns.flatMap(({ subjects }, index) =>
    subjects.length === 1
      ? []
      : markup`<li><b>${letterOf(index)}</b>, ${counted(subjects.length, noun)}: ${listed(subjects.map(escapeForTerminal), NAMED)}</li>
`,
  );
  if (shared.length === 0) return markup``;
  return markup`<p class="meta">A column with a letter represents several subjects with the same verdicts${columns.length === COLUMNS ? "; the last one shows the worst of all others" : ""}:</p>
<ul class="meta">
${shared}</ul>
`;
}

const QUIET = ["passed", "not-applicable", "skipped"] as const;

function restOf(kinds: readonly Kind[], { rules }: Ledger): Markup {
  const rest = kinds.flatMap(({ noun, rest: own }) =>
    own.map(([rule, marks]) => {
      const count = [...marks.values()].reduce((sum, one) => sum + one, 0);
      return { title: titleOf(noun, count), rule, marks };
    }),
  );
  const lines = rest.map(({ title, rule, marks }) => {
    const counts = QUIET.map((mark) => {
      const count = marks.get(mark) ?? 0;
      return markup`<td class="number">${count === 0 ? "" : thousands(count)}</td>`;
    });
    return markup`<th scope="row">${code(rule)}</th><td>${rules.get(rule)?.title ?? ""}</td><td class="time">${title}</td>${counts}`;
  });
  const summary = `${counted(lines.length, "rule")} without verdicts that need attention`;
  const columns = ["Rule", "Requirement", "Applied to", ...QUIET.map((mark) => capital(SIGNS[mark].word))];
  return markup`<h3>All other rules</h3>
${foldout(`${summary}: passed, skipped or not applicable`, scrolling(summary, table(summary, columns, lines)))}`;
}

/** `dns-server` as `DNS server`. */
export function nounOf(kind: string): string {
  return escapeForTerminal(kind)
    .replaceAll("-", " ")
    .replace(/^(dns|ntp|vm)\b/, (word) => word.toUpperCase());
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
