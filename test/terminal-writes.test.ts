import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..");

const FILES = ["bin", "src", "rules"].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => {
      const file = join(entry.parentPath, entry.name);
      return { path: relative(ROOT, file).replaceAll("\\", "/"), text: readFileSync(file, "utf8") };
    }),
);

/** Ways to write to a stream of the process, and the files that may use them. */
const WRITES: readonly (readonly [what: string, pattern: RegExp, files: readonly string[]])[] = [
  ["the console", /\bconsole\./, []],
  // Connects the writer to the process.
  ["streams of the process", /\b(?:process|node)\.(?:stdout|stderr)\b/, ["src/cli/start.ts"]],
  // One sentence at the end of the process, of text that they escape themselves; the version; and report files.
  [
    "descriptors",
    /\bwriteSync\b/,
    [
      "src/cli/early-output.ts",
      "src/cli/guard-process.ts",
      "src/cli/output/write-report.ts",
      "src/cli/watchdog-thread.ts",
    ],
  ],
  [
    "documents, unchanged",
    /\bwriteDocument\b/,
    [
      "src/cli/commands/compare.ts",
      "src/cli/commands/datasheet.ts",
      "src/cli/commands/deployment-import.ts",
      "src/cli/commands/fix.ts",
      "src/cli/commands/inventory-import.ts",
      "src/cli/commands/inventory-pull.ts",
      "src/cli/commands/plan.ts",
      "src/cli/commands/print-config.ts",
      "src/cli/commands/probe.ts",
      "src/cli/commands/remediate.ts",
      "src/cli/commands/rules.ts",
      "src/cli/commands/schema.ts",
      "src/cli/completion/print-completion.ts",
      "src/cli/lsp/server.ts",
      "src/cli/output/write-proof.ts",
      "src/cli/output/write-reports.ts",
      "src/cli/streams.ts",
    ],
  ],
  ["control sequences", /\\(?:u001b|x1b|u\{1b\})/i, ["src/cli/streams.ts", "src/report/text/paint.ts"]],
];

describe("text for terminals", () => {
  it.each(WRITES)("goes through the writer in src/cli/streams.ts: %s", (_, pattern, files) => {
    expect(FILES.length).toBeGreaterThan(100);
    const found = FILES.filter(({ text }) => pattern.test(withoutComments(text))).map(({ path }) => path);
    expect(found.sort()).toEqual(files);
  });
});

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(?<=^|\s)\/\/.*/gm, "");
}
