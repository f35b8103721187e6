import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import MiniSearch from "minisearch";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rules } from "../../rules/index.generated.ts";
import { buildSite, targetOf } from "../../scripts/docs-site.ts";

const ROOT = join(import.meta.dirname, "..", "..");

let out: string;
let pages: readonly string[];
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), "preflight-docs-"));
  // Throws for a link without a target page or heading.
  pages = await buildSite(ROOT, out);
});
afterAll(() => rm(out, { recursive: true }));

const read = (page: string) => readFile(join(out, page), "utf8");

describe("the documentation site", () => {
  it("has a page for every rule, at an address made of its id", async () => {
    for (const { id } of rules) expect(pages).toContain(`rules/${id}.html`);
    expect(await read("rules/vm/thick-disk.html")).toContain("vm/thick-disk");
    expect(targetOf("docs/rules/vm/thick-disk.md")).toBe("rules/vm/thick-disk.html");
    expect(targetOf("docs/README.md")).toBe("index.html");
    expect(targetOf("README.md")).toBe("project/index.html");
  });

  it("links pages to pages, with the anchors of GitHub, and to nothing outside but by a full address", async () => {
    const page = await read("ci.html");
    expect(page).toContain('href="rules/inventory/age.html"');
    expect(page).toContain('id="a-container"');
    expect(page).not.toMatch(/href="[^":]*\.md/);
    expect(page).toContain('href="project/RELEASE.html#verifying-a-release"');
    for (const source of [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address = ""]) => address)) {
      expect(source).not.toMatch(/^(?:\/|http:)/);
    }
  });

  it("finds rules and pages by their words", async () => {
    const entries = JSON.parse(await read("search-index.json")) as { id: string; title: string; text: string }[];
    expect(entries).toHaveLength(pages.length);
    const index = new MiniSearch<{ id: string }>({ fields: ["title", "text"], storeFields: ["title"] });
    index.addAll(entries);
    expect(
      index
        .search("memory multiple of 4")
        .map(({ id }) => String(id))
        .slice(0, 5),
    ).toContain("rules/vm/memory-multiple-of-4.html");
    expect(await read("minisearch.js")).toContain("MiniSearch");
  });
});
