import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { describe, expect, it } from "vitest";
import packageJson from "../package.json" with { type: "json" };
import { rules } from "../rules/index.generated.ts";
import { ruleListMarkdown } from "../scripts/rule-list.ts";
import type { Rule } from "../src/engine/api/rule.ts";
import { GUIDE_V25_SECTIONS } from "../src/facts/guide.ts";
import { isInRange, parseVersionRange } from "../src/values/version-range.ts";
import { exampleCertificates } from "./support/example-certificates.ts";
import { PAGE_HEADINGS, type PageExample, parseRulePage } from "../src/plugin/rule-page.ts";
import { checksOf } from "./support/rule-tester.ts";

const ROOT = join(import.meta.dirname, "..");

/** `group/name` of every file of a folder that ends so; files outside a group keep their path. Helpers in `shared` are no rules. */
function idsIn(folder: string, ending: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => join(entry.parentPath, entry.name).slice(join(ROOT, folder).length + 1, -ending.length))
    .filter((path) => !path.startsWith("shared/"))
    .sort();
}

const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

const ruleFiles = idsIn("rules", ".ts").filter((path) => path !== "index.generated");
// README.md lists the rules.
const pages = idsIn("docs/rules", ".md").filter((path) => path !== "README");
const byId: readonly (readonly [string, Rule])[] = rules.map((rule) => [rule.id, rule]);

/** A full sentence: begins with a capital letter, a quote or a filled-in word, ends with a full stop. */
const SENTENCE = /^(?:[A-Z]|\{\{\w+\}\}|")[\s\S]*[.?]$/;

describe("files", () => {
  it("has rules, each at the path that its id says", () => {
    expect(ruleFiles.length).toBeGreaterThanOrEqual(11);
    expect(ruleFiles.filter((path) => !/^[a-z0-9]+\/[a-z0-9]+(-[a-z0-9]+)*$/.test(path))).toEqual([]);
    expect(rules.map(({ id }) => id)).toEqual(ruleFiles);
  });

  it("has a test for each rule, and no test without one", () => {
    expect(idsIn("test/rules", ".test.ts")).toEqual(ruleFiles);
  });

  it("has a page for each rule, and no page without one", () => {
    expect(pages).toEqual(ruleFiles);
  });

  it("tests the rule of that name in each test", () => {
    const astray = idsIn("test/rules", ".test.ts").filter(
      (id) => !read(`test/rules/${id}.test.ts`).includes(`import rule from "../../../rules/${id}.ts";`),
    );
    expect(astray).toEqual([]);
  });
});

describe.each(byId)("%s", (id, rule) => {
  it("has no TODO left, of those that npm run new-rule writes", () => {
    const files = [`rules/${id}.ts`, `test/rules/${id}.test.ts`, `docs/rules/${id}.md`];
    expect(files.filter((path) => read(path).includes("TODO"))).toEqual([]);
  });

  it("came with a minor or major version that there is: patches add no findings", () => {
    expect(rule.since).toMatch(/^\d+\.\d+\.0$/);
    const range = parseVersionRange(`>=${rule.since}`);
    expect(range !== null && isInRange(packageJson.version, range)).toBe(true);
  });

  it("states on its page, and on the page about waivers, if it cannot be waived", () => {
    const isWaivable = rule.waivable !== false;
    expect(!read(`docs/rules/${id}.md`).includes("It cannot be waived: ")).toBe(isWaivable);
    expect(!read("docs/waivers.md").includes(`](rules/${id}.md)`)).toBe(isWaivable);
  });

  it("states on its page if it has an automatic fix", () => {
    expect(read(`docs/rules/${id}.md`).includes("[`--fix`](../../fixing.md)")).toBe(rule.fix !== undefined);
  });

  it("has a title that states what is required", () => {
    expect(rule.title).toMatch(/^(Require|Disallow|Enforce) [^.]+$/);
    expect(rule.title).not.toMatch(/\s$|\s\s/);
    // A table of all rules on a terminal has the id and the severity beside it.
    expect(rule.title.length).toBeLessThanOrEqual(75);
  });

  it("consists of complete sentences", () => {
    expect(Object.keys(rule.messages)).not.toEqual([]);
    for (const message of [...Object.values(rule.messages), rule.remediation]) expect(message).toMatch(SENTENCE);
    expect(rule.remediation).not.toContain("{{");
  });

  it("has messages that a terminal shows in two lines", () => {
    const lengths = Object.values(rule.messages).map((message) => message.replaceAll(/[{}]{2}/g, "").length);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(160);
  });

  it("has placeholders that are words", () => {
    for (const message of Object.values(rule.messages)) {
      expect(message.replaceAll(/\{\{[A-Za-z]\w*\}\}/g, "")).not.toMatch(/[{}]/);
    }
  });

  it("has ids of messages and options that are words", () => {
    for (const name of Object.keys(rule.messages)) expect(name).toMatch(/^[a-z][A-Za-z0-9-]*$/);
    for (const name of Object.keys(rule.options ?? {})) expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
    for (const name of Object.keys(rule.messageSeverity ?? {})) expect(Object.keys(rule.messages)).toContain(name);
  });

  it("names a source that can be looked up", () => {
    const { document, section, wording } = rule.source;
    expect(document).toMatch(/^\S.*\S$/);
    expect(section).toMatch(/^\S.*\S$/);
    expect(["must", "strongly-recommended", "recommended", "derived", "beyond"]).toContain(wording);
    if (document === "guide-v25") expect(GUIDE_V25_SECTIONS).toContain(section);
    else expect(wording).toBe("beyond");
  });

  it("is known since a version that exists", () => {
    expect(rule.since).toMatch(/^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/);
    expect(rule.since.localeCompare(packageJson.version, "en", { numeric: true })).toBeLessThanOrEqual(0);
  });

  it("is live if and only if it contacts servers", () => {
    expect(rule.live === true).toBe(asks(`rules/${id}.ts`));
  });
});

/** Whether a file contacts servers: it calls `query`, or uses a function of a helper that does. */
function asks(file: string, seen = new Set<string>()): boolean {
  if (seen.has(file)) return false;
  seen.add(file);
  const code = read(file).replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
  if (/\bquery\(/.test(code)) return true;
  const helpers = [...code.matchAll(/^import (?!type\b)[^;]*? from "(?:\.\.\/shared|\.)\/([a-z-]+)\.ts";$/gm)];
  return helpers.some(([, name = ""]) => asks(`rules/shared/${name}.ts`, seen));
}

describe("querying", () => {
  it("is found in helpers, and not in the rule API", () => {
    expect(asks("rules/shared/dns-answers.ts")).toBe(true);
    expect(asks("rules/shared/https-endpoint.ts")).toBe(true);
    expect(asks("src/engine/api/rule.ts")).toBe(false);
  });
});

// A missing page fails above, once.
describe.each(byId.filter(([id]) => pages.includes(id)))("page of %s", (id, rule) => {
  const page = parseRulePage(read(`docs/rules/${id}.md`));

  it("begins with the rule's id, what kind of rule it is, and its title", () => {
    expect(page.id).toBe(id);
    const kind = rule.live === true ? "live" : "static";
    expect(page.meta).toBe(`${rule.severity} · ${rule.subject} · ${kind} · since ${rule.since}`);
    expect(page.title).toBe(`${rule.title}.`);
  });

  it("has every heading, in the order of all pages, and a text under each", () => {
    expect(page.headings).toEqual(PAGE_HEADINGS);
    for (const heading of PAGE_HEADINGS) expect(page.section(heading), heading).not.toBe("");
  });

  it("names the section of the guide, and quotes it without line numbers", () => {
    const text = page.section("Where the guide says it");
    expect(text).toContain(rule.source.section);
    if (!["derived", "beyond"].includes(rule.source.wording)) expect(text).toMatch(/^> \S/m);
    expect(text).not.toMatch(/\bL\d+\b/);
  });

  it("describes every option", () => {
    const options = Object.keys(rule.options ?? {});
    const text = page.section("Options");
    if (options.length === 0) expect(text).toBe("None.");
    for (const option of options) expect(text).toMatch(new RegExp(`^\\| \`${option}\` `, "m"));
  });

  it("has answers in its examples if and only if the rule contacts servers", () => {
    const isLive = rule.live === true;
    expect([page.failing, page.passing].map(({ answers }) => answers !== undefined)).toEqual([isLive, isLive]);
  });

  it("has an example that fails", async () => {
    const verdicts = await verdictsOf(rule, page.failing);
    expect(verdicts).toContain("fail");
    expect(verdicts).not.toContain("crashed");
  });

  it("has an example that passes", async () => {
    const verdicts = await verdictsOf(rule, page.passing);
    expect(verdicts).not.toEqual([]);
    expect(verdicts.filter((verdict) => verdict !== "pass")).toEqual([]);
  });
});

async function verdictsOf(rule: Rule, { deployment, inventory, answers }: PageExample): Promise<readonly string[]> {
  const given = {
    deployment,
    files: exampleCertificates,
    ...(inventory && { inventory }),
    ...(answers && { answers }),
  };
  const checks = await checksOf(rule, given);
  return checks.map(({ verdict }) => verdict);
}

describe("the list of rules", () => {
  it("has a row for each rule, with a link to its page", () => {
    const lines = ruleListMarkdown(rules).split("\n");
    expect(lines.filter((line) => line.startsWith("| ["))).toHaveLength(rules.length);
    for (const { id, title } of rules) {
      expect(lines.filter((line) => line.includes(`[${id}](${id}.md)`) && line.includes(title))).toHaveLength(1);
    }
  });

  it("has a table for each group, sorted by id, shows which rules are live or have a fix, and escapes bars in a cell", () => {
    const list = ruleListMarkdown([
      { id: "b/two", severity: "warn", title: "Require a | b", live: true },
      { id: "a/one", severity: "error", title: "Require a", fix: () => null },
    ]);
    expect(list.slice(list.indexOf("## "))).toBe(
      [
        "## a",
        "",
        "| rule              | severity | live | fix | title     |",
        "| ----------------- | -------- | ---- | --- | --------- |",
        "| [a/one](a/one.md) | error    |      | fix | Require a |",
        "",
        "## b",
        "",
        "| rule              | severity | live | fix | title          |",
        "| ----------------- | -------- | ---- | --- | -------------- |",
        "| [b/two](b/two.md) | warn     | live |     | Require a \\| b |",
        "",
      ].join("\n"),
    );
  });

  it("is not changed by the formatter", async () => {
    const list = ruleListMarkdown(rules);
    expect(await format(list, { parser: "markdown", printWidth: 120 })).toBe(list);
  });
});

describe("reading a page", () => {
  const block = (info: string) => `\`\`\`${info}\n{}\n\`\`\`\n`;
  const pageWith = (...blocks: readonly string[]) =>
    `# a/b\n\n> meta\n\nTitle.\n\n## Failing example\n\n${blocks.join("\n")}\n## Passing example\n\n${block("yaml deployment")}`;

  it("does not take a comment in a block for a heading", () => {
    const page = parseRulePage(pageWith("```yaml deployment\n## Options\ndomains: []\n```\n"));
    expect(page.headings).toEqual(["Failing example", "Passing example"]);
    expect(page.failing.deployment).toBe("## Options\ndomains: []\n");
  });

  it.each([
    ["no block yaml deployment", [block("yaml inventory")]],
    ["two blocks of the kind yaml deployment", [block("yaml deployment"), block("yaml deployment")]],
    ["a block of an unknown kind: yaml", [block("yaml deployment"), block("yaml")]],
  ])("does not overlook an example with %s", (words, blocks) => {
    expect(() => parseRulePage(pageWith(...blocks))).toThrow(words);
  });
});
