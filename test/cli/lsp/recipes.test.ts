import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Script } from "node:vm";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../../src/cli/arguments/commands.ts";
import { ROOT } from "../program.ts";

const page = readFileSync(join(ROOT, "docs", "editors.md"), "utf8");

function block(language: string): string {
  const [, content] = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "m").exec(page) ?? [];
  if (content === undefined) throw new Error(`docs/editors.md has no block in ${language}`);
  return content;
}

describe("docs/editors.md", () => {
  it("starts the command that there is, in every recipe", () => {
    expect(Object.keys(COMMANDS)).toContain("lsp");
    expect(block("lua")).toContain('cmd = { "preflight", "lsp" }');
    expect(block("toml")).toMatch(/command = "preflight"\nargs = \["lsp"\]/);
    expect(block("javascript")).toContain('{ command: "preflight", args: ["lsp"] }');
  });

  it("has the same settings in every recipe, in comments as the project file has the inventories, and describes them", () => {
    for (const language of ["lua", "toml", "javascript"])
      expect(block(language)).toMatch(/^\s*(?:--|#|\/\/) .*inventories\W+"inventory\.json"/m);
    for (const key of ["inventories", "config"]) expect(page).toMatch(new RegExp(`^\\| \`${key}\``, "m"));
  });

  it("has an extension whose manifest and code can be read", () => {
    expect(JSON.parse(block("json"))).toMatchObject({ main: "./extension.js" });
    const options: unknown[] = [];
    class LanguageClient {
      constructor(...given: readonly unknown[]) {
        options.push(...given);
      }
      start(): string {
        return "started";
      }
    }
    const exported: { activate?: () => unknown } = {};
    new Script(block("javascript")).runInNewContext({ exports: exported, require: () => ({ LanguageClient }) });
    expect(exported.activate?.()).toBe("started");
    expect(options[3]).toEqual({
      documentSelector: [
        { scheme: "file", language: "yaml" },
        { scheme: "file", language: "json" },
      ],
    });
  });
});
