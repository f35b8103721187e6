import type { RunReport } from "../../schema/report.generated.ts";
import { type Markup, markup } from "./markup.ts";
import { markSymbols } from "./marks.ts";
import { STYLE } from "./style.ts";
import { thousands } from "../text/wording.ts";

/** The start of a page up to the content of its body; it loads no resources and runs no scripts. */
export function pageStart(
  title: string,
  { name, version }: RunReport["tool"],
  skip: { readonly id: string; readonly to: string },
): string {
  const start = markup`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta name="referrer" content="no-referrer"/>
<meta name="generator" content="${name} ${version}"/>
<title>${title}</title>
<style>
`;
  const body = markup`</style>
</head>
<body>
<a class="skip" href="#${skip.id}">Skip to ${skip.to}</a>
${markSymbols()}`;
  return start.text + STYLE + body.text;
}

/** A section of the page: its heading, its entry in the table of contents, its pieces. */
export interface Section {
  /** Its anchor. */
  readonly id: string;
  readonly title: string;
  /** Number of its items, for the table of contents; null if a number would be meaningless. */
  readonly count: number | null;
  readonly body: () => Iterable<Markup>;
}

export function* sectionPieces({ id, title, count, body }: Section): Generator<Markup> {
  yield markup`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}${count === null ? null : markup` <span class="count">${thousands(count)}</span>`}</h2>
`;
  yield* body();
  yield markup`</section>
`;
}

export function contents(sections: readonly Section[]): Markup {
  const items = sections.map(
    ({ id, title, count }) =>
      markup`<li><a href="#${id}">${title}</a>${count === null ? null : markup` <span class="count">${thousands(count)}</span>`}</li>
`,
  );
  return markup`<nav aria-label="Contents">
<ul>
<li><a href="#gate">Gate</a></li>
${items}</ul>
</nav>
`;
}

/** A region with its own scrolling, so that a wide table or picture does not move the page. */
export function scrolling(label: string, content: Markup): Markup {
  return markup`<div class="scroll" role="group" tabindex="0" aria-label="${label}">
${content}</div>
`;
}

/** Presentational attributes: if a server forbids style sheets (Jenkins does), borders still separate the cells. */
export function tableStart(name: "asked" | "matrix" | "plain" | "vantage"): Markup {
  return markup`<table class="${name}" border="1" cellpadding="5" cellspacing="0">`;
}

/** A table with a caption and headed columns. Each row is the markup of its cells. */
export function table(
  caption: string,
  columns: readonly (string | Markup)[],
  rows: readonly Markup[],
  name: "asked" | "plain" = "plain",
): Markup {
  const heads = columns.map((column) => markup`<th scope="col">${column}</th>`);
  return markup`${tableStart(name)}
<caption>${caption}</caption>
<thead><tr>${heads}</tr></thead>
<tbody>
${rows.map(
  (cells) => markup`<tr>${cells}</tr>
`,
)}</tbody>
</table>
`;
}

/** Content that the reader expands; printed in full. */
export function foldout(summary: Markup | string, content: Markup): Markup {
  return markup`<details>
<summary>${summary}</summary>
${content}</details>
`;
}
