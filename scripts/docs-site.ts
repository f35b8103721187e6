/**
 * Writes the documentation as a static site: `npm run docs` creates `site/`. One page for each Markdown file, and so
 * one for each rule (`rules/vm/thick-disk.html`), with a search that runs in the browser. A broken link fails the
 * build.
 */
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, posix, relative } from "node:path";
import { fileURLToPath } from "node:url";
import MarkdownIt from "markdown-it";

/** Pages outside docs/ that pages in it link to. */
const OTHERS = ["CHANGELOG.md", "CONTRIBUTING.md", "README.md", "RELEASE.md", "SECURITY.md", "AGENTS.md"];

/** A page of the site. */
interface Page {
  /** Relative to the root of the repository. */
  readonly source: string;
  /** Relative to the root of the site. */
  readonly target: string;
  readonly title: string;
  readonly html: string;
  readonly text: string;
}

/** A page in the search index. */
type Entry = Pick<Page, "title" | "text"> & { readonly id: string };

/** Builds the site in `out`; throws when a link of a page leads to no page or heading. */
export async function buildSite(root: string, out: string): Promise<readonly string[]> {
  const sources = [...(await markdownIn(root, "docs")), ...OTHERS];
  const pages = await Promise.all(sources.map((source) => pageOf(root, source)));
  const broken = brokenLinks(pages);
  if (broken.length > 0) throw new Error(`Links that lead nowhere:\n${broken.join("\n")}`);
  await rm(out, { recursive: true, force: true });
  for (const page of pages) {
    await mkdir(dirname(join(out, page.target)), { recursive: true });
    await writeFile(join(out, page.target), documentOf(page));
  }
  const entries = pages.map(({ target, title, text }): Entry => ({ id: target, title, text }));
  await writeFile(join(out, "search-index.json"), JSON.stringify(entries));
  await writeFile(join(out, "search.js"), SEARCH);
  await writeFile(join(out, "style.css"), STYLE);
  // The entry for require, dist/cjs/index.cjs, has the one for browsers beside it.
  const entry = createRequire(import.meta.url).resolve("minisearch");
  await cp(join(dirname(entry), "..", "umd", "index.js"), join(out, "minisearch.js"));
  return pages.map(({ target }) => target);
}

async function markdownIn(root: string, folder: string): Promise<readonly string[]> {
  const entries = await readdir(join(root, folder), { recursive: true, encoding: "utf8" });
  return entries
    .filter((path) => path.endsWith(".md"))
    .map((path) => `${folder}/${path.replaceAll("\\", "/")}`)
    .sort();
}

/** `docs/rules/vm/thick-disk.md` is `rules/vm/thick-disk.html`; `docs/README.md` is the first page. */
export function targetOf(source: string): string {
  const path = source.startsWith("docs/") ? source.slice("docs/".length) : `project/${source}`;
  return path.replace(/(^|\/)README\.md$/, "$1index.html").replace(/\.md$/, ".html");
}

async function pageOf(root: string, source: string): Promise<Page> {
  const markdown = (await readFile(join(root, source), "utf8")).replaceAll(/<!--[\s\S]*?-->\n?/g, "");
  const target = targetOf(source);
  const renderer = new MarkdownIt({ html: false });
  const times = new Map<string, number>();
  renderer.core.ruler.push("site", ({ tokens }) => {
    for (const [index, token] of tokens.entries()) {
      if (token.type === "heading_open") token.attrSet("id", anchorOf(tokens[index + 1]?.content ?? "", times));
      let isLink = true;
      for (const child of token.children ?? []) {
        if (child.type === "link_open") {
          const href = linkOf(String(child.attrGet("href") ?? ""), source);
          isLink = href !== null;
          if (href === null) [child.tag, child.attrs] = ["span", null];
          else child.attrSet("href", href);
        } else if (child.type === "link_close" && !isLink) child.tag = "span";
        // The site has no images: that of the README is for the page of the repository.
        else if (child.type === "image") [child.type, child.content] = ["text", child.content];
      }
    }
  });
  const html = renderer.render(markdown);
  const title = /^# (.+)$/m.exec(markdown)?.[1]?.replaceAll("`", "") ?? source;
  const text = html.replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");
  return { source, target, title, html, text };
}

/** Anchors as GitHub generates them from headings: the second of a name ends in -1. */
function anchorOf(heading: string, times: Map<string, number>): string {
  const prose = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1");
  const anchor = prose
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_ -]/gu, "")
    .replaceAll(" ", "-");
  const before = times.get(anchor) ?? 0;
  times.set(anchor, before + 1);
  return before === 0 ? anchor : `${anchor}-${before}`;
}

/** A link between Markdown files as a link between pages; null for a file of the repository that is not a page. */
function linkOf(href: string, source: string): string | null {
  if (/^[a-z]+:/i.test(href) || href.startsWith("#")) return href;
  const [path = "", anchor] = href.split("#");
  const file = posix.normalize(posix.join(posix.dirname(source), path));
  if (!file.endsWith(".md") || !(file.startsWith("docs/") || OTHERS.includes(file))) return null;
  const page = posix.relative(posix.dirname(targetOf(source)), targetOf(file));
  return anchor === undefined ? page : `${page}#${anchor}`;
}

/** Links to pages and headings that do not exist. */
function brokenLinks(pages: readonly Page[]): readonly string[] {
  const ids = new Map(
    pages.map(({ target, html }) => [target, new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id = ""]) => id))]),
  );
  return pages.flatMap(({ source, target, html }) =>
    [...html.matchAll(/ href="([^"]+)"/g)].flatMap(([, href = ""]) => {
      if (/^[a-z]+:/i.test(href)) return [];
      const [path = "", anchor] = href.split("#");
      const file = path === "" ? target : posix.normalize(posix.join(posix.dirname(target), path));
      const known = ids.get(file);
      const isThere = known !== undefined && (anchor === undefined || known.has(decodeURIComponent(anchor)));
      return isThere ? [] : [`${source}: ${href}`];
    }),
  );
}

function documentOf({ target, title, html }: Page): string {
  const up = posix.relative(posix.dirname(target), ".") || ".";
  const escaped = title.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped} – infinity-preflight</title>
<link rel="stylesheet" href="${up}/style.css">
<script src="${up}/minisearch.js" defer></script>
<script src="${up}/search.js" data-root="${up}" defer></script>
</head>
<body>
<header><a href="${up}/index.html">infinity-preflight</a> <a href="${up}/rules/index.html">Rules</a>
<label>Search <input type="search" id="search" autocomplete="off"></label></header>
<ul id="results" aria-live="polite"></ul>
<main>
${html}</main>
</body>
</html>
`;
}

const STYLE = `:root{color-scheme:light dark}
body{font:1rem/1.6 system-ui,sans-serif;margin:0 auto;max-width:54rem;padding:0 1rem 4rem}
header{display:flex;flex-wrap:wrap;gap:1rem;align-items:center;padding:1rem 0;border-bottom:1px solid #8886}
header label{margin-left:auto}
pre{overflow-x:auto;padding:.75rem;background:#8882;border-radius:6px}
code{font-size:.9em}
main table{display:block;overflow-x:auto;border-collapse:collapse}
td,th{border-bottom:1px solid #8886;padding:.3rem .8rem .3rem 0;text-align:left;vertical-align:top}
#results:empty{display:none}
`;

/** Texts from the index are inserted as text, never as markup. */
const SEARCH = `const root = document.currentScript.dataset.root;
const field = document.getElementById("search");
const results = document.getElementById("results");
let index;
async function load() {
  const entries = await (await fetch(root + "/search-index.json")).json();
  index = new MiniSearch({ fields: ["title", "text"], storeFields: ["title"], searchOptions: { boost: { title: 4 }, prefix: true, fuzzy: 0.15 } });
  index.addAll(entries);
}
field.addEventListener("input", async () => {
  if (index === undefined) await load();
  results.replaceChildren(...index.search(field.value).slice(0, 12).map(({ id, title }) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = root + "/" + id;
    link.textContent = title;
    item.append(link);
    return item;
  }));
});
`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = join(dirname(fileURLToPath(import.meta.url)), "..");
  const out = join(root, "site");
  const pages = await buildSite(root, out);
  console.log(`Wrote ${pages.length} pages to ${relative(process.cwd(), out)}/`);
}
