import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { rules } from "../rules/index.generated.ts";
import { helpText } from "../src/cli/arguments/help-text.ts";
import { COMMAND_NAMES } from "../src/cli/arguments/commands.ts";

const ROOT = join(import.meta.dirname, "..");

/** Words that are not used, each with the term of the field to use instead. One concept has one name everywhere. */
const BANNED: readonly (readonly [word: RegExp, instead: string])[] = [
  [/undecided|not decided/i, "inconclusive"],
  [/nobody|somebody|whoever/i, "the passive voice, or the role: the author, the operator, the user"],
  [/graver|gravest/i, "higher severity, worst verdict"],
  [/mend(?:s|ed|ing)?/i, "fix"],
  [/so often again|so long for/i, "retries, timeout, time limit"],
  [/its alone/i, "unique; already used by X"],
  [/stands? open/i, "fails, or is inconclusive"],
  [/the asking/i, "live checks; queries"],
  [/ask(?:s|ed|ing)? nobody/i, "contacts no servers"],
  [/cannot be told/i, "is unknown; cannot be determined"],
  [/lead(?:s)? astray/i, "misleads"],
  [/milder than declared|softened/i, "relaxed by policy"],
  [/speaks? TLS|speaks? HTTP/i, "uses TLS, uses HTTP"],
  [/vSphere client/, "vSphere Client"],
  [/one above it(?= (?:has|is|expire)|, cannot)/i, "one of its issuers"],
];

/** Words that may be in other text: no message, title, option or schema has them. */
const BANNED_FOR_USERS: typeof BANNED = [
  [/judge(?:s|d)?|judging/i, "evaluate, check"],
  [/is no use|of no use|leave .{1,30} away/i, "requires, omit"],
  [/licences?(?![\w-/"])/, "license; keys and ids keep their spelling"],
  [/synchronis|neighbour|colour/i, "American spelling"],
  [/may be repeated/i, "repeatable"],
  [/second interface/i, "secondary interface"],
  [/host names?/i, "hostname"],
  [/begins in line/i, "begins on line"],
  [/(?:MB|GB|Mbit\/s|ms) (?:or more )?are (?:required|recommended)/, "is required, is recommended"],
  [/(?:Most|How far|How many) .{1,40}(?:since|for which|may)/, "Maximum"],
];

/** Words that documents do not have, besides the others: quotations of the guide, code and decisions excepted. */
const BANNED_IN_DOCUMENTS: typeof BANNED = [
  [/judge(?:s|d)?|judging/i, "evaluate, check"],
  [/(?:is|was|are|were) (?:not )?asked|asks (?:every|each|the) (?:DNS|NTP|server)/i, "queried, queries"],
  [/says? nothing of|speaks? of/i, "does not mention, does not contain"],
  [/(?:is|are) the (?:question|business|matter|concern) of/i, "is checked by"],
  [/hangs? on/i, "depends on"],
  [/anew/i, "again"],
  [/laborator(?:y|ies)/i, "lab"],
  [/turn (?:it|the rule|a rule) off/i, "disable"],
  [/stands? alone/i, "standalone"],
  [/called like/i, "with the name of"],
];

const TEXTS = ["src", "rules", "docs", "bin", "scripts", "bench", "templates", "fixtures/example"];
const FILES = ["README.md", "CHANGELOG.md", "AGENTS.md", "CONTRIBUTING.md", "SECURITY.md", "RELEASE.md", "action.yml"];

const textFiles = [
  ...FILES,
  ...TEXTS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(?:ts|md|ya?ml|json|sh|ps1)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1)),
  ),
]
  // Validators are code that is generated from the schemas.
  .filter((path) => !path.endsWith(".generated.ts"));

/** `path:line: found; use instead`, for every banned word in a text. */
function bannedIn(path: string, text: string, words = BANNED): readonly string[] {
  return text.split("\n").flatMap((line, index) =>
    words.flatMap(([word, instead]) => {
      const found = new RegExp(String.raw`(?<![\w-])(?:${word.source})(?![\w-])`, word.flags).exec(line);
      return found === null ? [] : [`${path}:${index + 1}: "${found[0]}"; use ${instead}`];
    }),
  );
}

describe("banned words", () => {
  it("are found where they are", () => {
    expect(bannedIn("a.md", "Fix it.\nNobody mends it.")).toEqual([
      'a.md:2: "Nobody"; use the passive voice, or the role: the author, the operator, the user',
      'a.md:2: "mends"; use fix',
    ]);
    expect(bannedIn("a.md", "A commendable amendment is recommended.")).toEqual([]);
  });

  it("are in no text of the program or about it", () => {
    expect(textFiles.length).toBeGreaterThan(500);
    expect(textFiles.flatMap((path) => bannedIn(path, readFileSync(join(ROOT, path), "utf8")))).toEqual([]);
  });
});

/** The prose of a Markdown page: without code, quotations and tables of decisions. */
function proseOf(text: string): string {
  return text
    .replaceAll(/^```[\s\S]*?^```$/gm, (block) => block.replaceAll(/[^\n]/g, ""))
    .replaceAll(/`[^`\n]*`|\]\([^)\n]*\)/g, "")
    .replaceAll(/^>.*$/gm, "");
}

describe("documents", () => {
  const pages = textFiles.filter(
    (path) => path.endsWith(".md") && path !== "docs/decisions.md" && !path.startsWith("bench/"),
  );

  it("have the words of the field", () => {
    expect(pages.length).toBeGreaterThan(150);
    expect(
      pages.flatMap((path) => bannedIn(path, proseOf(readFileSync(join(ROOT, path), "utf8")), BANNED_IN_DOCUMENTS)),
    ).toEqual([]);
  });
});

/** Every `description` of a JSON schema, with its path. */
function descriptionsIn(value: unknown, path: string): readonly (readonly [path: string, text: string])[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "description" && typeof inner === "string"
      ? [[path, inner] as const]
      : descriptionsIn(inner, `${path}/${key}`),
  );
}

describe("texts for users", () => {
  it("of rules have the words of the field", () => {
    const texts = rules.flatMap((rule) =>
      [
        rule.title,
        rule.remediation,
        ...Object.values(rule.messages),
        ...descriptionsIn(rule.options, "").map(([, text]) => text),
      ].map((text) => [rule.id, text] as const),
    );
    expect(texts.flatMap(([id, text]) => bannedIn(id, text, BANNED_FOR_USERS))).toEqual([]);
  });

  it("of the help have them too", () => {
    const pages = [null, ...COMMAND_NAMES].map((name) => [`help ${name ?? ""}`, helpText(name, 1000)] as const);
    expect(pages.flatMap(([name, text]) => bannedIn(name, text, [...BANNED, ...BANNED_FOR_USERS]))).toEqual([]);
  });

  it("of the schemas have them too", () => {
    const names = readdirSync(join(ROOT, "schema"));
    expect(names.length).toBeGreaterThanOrEqual(6);
    const found = names.flatMap((name) =>
      descriptionsIn(JSON.parse(readFileSync(join(ROOT, "schema", name), "utf8")), name),
    );
    expect(found.flatMap(([path, text]) => bannedIn(path, text, [...BANNED, ...BANNED_FOR_USERS]))).toEqual([]);
  });
});

/** Reports and outputs as users see them: of whole runs, and of every format. */
const OUTPUTS = ["fixtures/runs", "test/report/golden"].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && (folder.startsWith("test/") || entry.name.startsWith("expected.")))
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1)),
);

describe("outputs", () => {
  it("have the words of the field", () => {
    expect(OUTPUTS.length).toBeGreaterThan(100);
    // Messages name keys of documents, which keep their spelling.
    const spelled = BANNED_FOR_USERS.filter(([word]) => !word.source.startsWith("licences"));
    const banned = [...BANNED, ...spelled, [/looked at|(?:was|were) asked/i, "checked, contacted"] as const];
    expect(OUTPUTS.flatMap((path) => bannedIn(path, readFileSync(join(ROOT, path), "utf8"), banned))).toEqual([]);
  });

  it("contain no code of a template", () => {
    const snapshots = readdirSync(join(ROOT, "test/rules"), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(".snap"))
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));
    expect(snapshots.length).toBeGreaterThan(100);
    const reasons = snapshots
      .flatMap((text) => text.split("\n"))
      .filter((line) => /^\s*(?:reason:|\S+: \w+:)/.test(line));
    expect(reasons.length).toBeGreaterThan(1000);
    expect(reasons.filter((line) => /=>|\$\{|\.join\(|\{\{/.test(line))).toEqual([]);
  });
});
