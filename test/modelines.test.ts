import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { STARTER } from "../src/cli/commands/init/starter.ts";
import { withWaivers } from "../src/input/policy/waivers-text.ts";

const ROOT = join(import.meta.dirname, "..");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

/** The files of a folder and those below it, of which the path from there fits. */
function filesIn(folder: string, wanted: RegExp): readonly string[] {
  const all = readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" });
  return all.flatMap((path) =>
    wanted.test(path.replaceAll("\\", "/")) ? [`${folder}/${path.replaceAll("\\", "/")}`] : [],
  );
}

/** Path of the schemas if the package is installed in the folder of the files. */
const PACKAGE = "./node_modules/infinity-preflight/";

/** The schema that a file of this name follows. */
function schemaOf(path: string): string {
  const [name = ""] = path.split("/").slice(-1);
  const kind = ["deployment", "inventory", "waivers"].find((word) => name.includes(word));
  return `${kind ?? "config"}.schema.json`;
}

function modeline(yaml: string): string | undefined {
  return /^# yaml-language-server: \$schema=(\S+)\n/.exec(yaml)?.[1];
}

/**
 * Complete documents that pages tell the reader to save. Blocks on the pages of rules are a few lines that show one
 * thing, and a block without a name is a part of a file, or a file of another program.
 */
const SAVED = ["README.md", ...filesIn("docs", /^[^/]*\.md$/)].flatMap((page) =>
  [...read(page).matchAll(/^```yaml (\S+)\n([\s\S]*?)^```$/gm)].map(
    ([, name = "", text = ""]) => [page, name, text] as const,
  ),
);

/**
 * Files that people copy. fixtures/runs contains what tests read, line by line, and fixtures/schema-errors files with
 * one error each: neither is an example of how to write a file.
 */
const EXAMPLES = filesIn("fixtures/example", /\.(?:ya?ml|json)$/);

describe("the first line refers editors to the schema", () => {
  it("in files of each kind, so that this test checks something", () => {
    expect(new Set(SAVED.map(([, name]) => schemaOf(name))).size).toBe(4);
    expect(EXAMPLES.length).toBeGreaterThanOrEqual(4);
  });

  it.each(SAVED)("on the page %s, of %s: in the package", (_, name, text) => {
    const schema = modeline(text) ?? "";
    expect(schema).toBe(`${PACKAGE}schema/${schemaOf(name)}`);
    expect(existsSync(join(ROOT, schema.slice(PACKAGE.length)))).toBe(true);
  });

  it.each(EXAMPLES)("in %s: in this repository and in the package alike", (path) => {
    const text = read(path);
    const schema = path.endsWith(".json")
      ? (JSON.parse(text) as Readonly<Record<string, unknown>>)["$schema"]
      : modeline(text);
    const folder = dirname(join(ROOT, path));
    expect(join(folder, String(schema))).toBe(join(ROOT, "schema", schemaOf(path)));
    expect(existsSync(join(folder, String(schema)))).toBe(true);
  });

  it("in what preflight init and --write-waivers write", () => {
    for (const { path, text } of STARTER) expect(modeline(text), path).toMatch(schemaOf(path));
    expect(modeline(withWaivers(null, [], ".preflight/waivers.schema.json"))).toBe(".preflight/waivers.schema.json");
    expect(modeline(withWaivers(null, [], null))).toBeUndefined();
  });
});

describe("the package", () => {
  it("has the schemas at a path that stays", () => {
    const { exports, files } = JSON.parse(read("package.json")) as {
      readonly exports: Readonly<Record<string, unknown>>;
      readonly files: readonly string[];
    };
    expect(exports["./schema/*"]).toBe("./schema/*");
    expect(files).toContain("schema");
  });
});
