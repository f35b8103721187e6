import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

/** The Markdown files of a folder and those below it, by their paths; not what runs are expected to write. */
function pagesIn(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".md") && !basename(path).startsWith("expected."))
    .map((path) => `${folder}/${path.replaceAll("\\", "/")}`);
}

/** Every page of the repository, by its path. */
const PAGES = [
  ...["README.md", "AGENTS.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "RELEASE.md"],
  ...["docs", "fixtures", "bench"].flatMap(pagesIn),
].sort();

interface Link {
  /** As written. */
  readonly text: string;
  /** From the root of the repository. */
  readonly path: string;
  readonly anchor: string | null;
}

/** The links of a page to files of the repository. */
function linksOf(page: string): readonly Link[] {
  const prose = read(page)
    .replaceAll(/^```[\s\S]*?^```$/gm, "")
    .replaceAll(/`[^`\n]*`/g, (code) => "x".repeat(code.length));
  return [...prose.matchAll(/\]\((?![a-z]+:)([^)#\s]*)(?:#([^)\s]+))?\)/g)].map(([text, target = "", anchor]) => ({
    text,
    path: target === "" ? page : normalize(join(dirname(page), target)).replaceAll("\\", "/"),
    anchor: anchor ?? null,
  }));
}

/** As GitHub makes anchors of headings: the second of a name ends in -1. */
function anchors(page: string): readonly string[] {
  const times = new Map<string, number>();
  const prose = read(page).replaceAll(/^```[\s\S]*?^```$/gm, "");
  return [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => {
    const anchor = heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, "")
      .replaceAll(" ", "-");
    const before = times.get(anchor) ?? 0;
    times.set(anchor, before + 1);
    return before === 0 ? anchor : `${anchor}-${before}`;
  });
}

describe("links", () => {
  it("are found, in pages of every kind", () => {
    expect(PAGES).toEqual(expect.arrayContaining(["README.md", "docs/ci.md", "docs/rules/vm/thick-disk.md"]));
    expect(linksOf("docs/rules/README.md").length).toBeGreaterThan(100);
    expect(PAGES.flatMap(linksOf).some(({ anchor }) => anchor !== null)).toBe(true);
  });

  it.each(PAGES)("of %s resolve to files and headings", (page) => {
    for (const { text, path, anchor } of linksOf(page)) {
      expect(statSync(join(ROOT, path), { throwIfNoEntry: false }), `${text} in ${page}`).toBeDefined();
      if (anchor !== null) expect(anchors(path), `${text} in ${page}`).toContain(anchor);
    }
  });

  it("lead from README.md to every page of docs", () => {
    const reached = new Set(["README.md"]);
    for (const page of reached) {
      for (const { path } of linksOf(page)) if (path.endsWith(".md")) reached.add(path);
    }
    expect(PAGES.filter((page) => page.startsWith("docs/") && !reached.has(page))).toEqual([]);
  });

  it("lead between the two pages about inventories, both ways", () => {
    expect(linksOf("docs/inventory.md").map(({ path }) => path)).toContain("docs/vsphere.md");
    expect(linksOf("docs/vsphere.md").map(({ path }) => path)).toContain("docs/inventory.md");
  });
});
