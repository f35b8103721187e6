import MarkdownIt from "markdown-it";
import { Parser } from "saxen";
import type { Log } from "sarif";
import { expect } from "vitest";
import { isFields } from "../../src/input/source/plain-data.ts";
import type { FormatName } from "../../src/report/format.ts";
import { htmlTree } from "./html/html-tree.ts";

/** Text that acts somewhere, wherever it is in a text: in a terminal, a log of a CI system, a page, Markdown, a spreadsheet, a shell. */
const ANYWHERE: Readonly<Record<string, string>> = {
  "terminal codes": "\u001b[2J\u001b]0;owned\u0007 \u009b31m \u0090q \u001b]52;c;cm0=\u0007",
  "a terminal link": "\u001b]8;;https://evil.example\u001b\\click\u001b]8;;\u001b\\",
  "Azure and TeamCity": "x ##vso[task.setvariable variable=PATH]/tmp/evil ##VSO[task.complete] ##teamcity[buildStatus]",
  "sections of GitLab": "section_start:1:x\r\u001b[0Kx",
  "notes of Jenkins": "\u001b[8mha:////4AAAA\u001b[0m",
  "characters that reorder or hide": "\u202egnp.exe\u2066\u200b\ufeff\u00ad\u200d\u{e0041}\ufe0f\u3164\ufffe",
  "line ends of all kinds": "a\u2028::error::b\u2029##[error]c\u0085::error::d\u000b::error::e\u000c::error::f\u0000g",
  "a lone surrogate": "\ud800 a \udfff",
  "commands behind line ends": "a\r\n::add-mask::b\n::set-output name=x::y\r::stop-commands::z\n\t ::warning::v",
  "escaped line ends": "%0A::error::x %0D%0A::warning::y &#10;::error::z \\n::error::w",
  scripts: "</script><script>alert(1)</script></style><svg/onload=alert(1)></title><body onload=alert(1)>",
  attributes: `"><img src=x onerror=alert(1)> ' onmouseover='alert(1) \` onfocus=alert(1) autofocus`,
  XML: ']]><!--&#x41;--><![CDATA[<x>]]><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>&e; <?xml x?>',
  links: "[click](https://evil.example) ![x](https://evil.example/p.png) [a]: https://evil.example 'x'",
  "links that are found":
    "<https://evil.example> www.evil.example https://evil.example a@evil.example javascript:alert(1)",
  "blocks of Markdown": "a\n\n# b\n\n- c\n\n```\nd\n\n---\n\n> e\n\n    f\n<details>\n<!-- g",
  tables: "a|b\n| --- |\n| x |\n\\|\\\\`|``|",
  mentions: "@octocat fixes #1 GH-1 a/b#2 $x$ `rm -rf` **b** _i_ ~~s~~ :smile: $$y$$",
  templates: "{0} %0A %25 %s {{x}} ${HOME} <%= x %> #{x}",
  formulas: 'a;=1;+1;-1;@x ",=1\r\n=2,"',
  shell: "$(touch /tmp/x) `id` ; rm -rf ~ && '\"' \u2019; calc # | tee >x",
  "a path": "../../../etc/passwd\\\\..\\\\x file:///etc/passwd C:\\\\x \\\\\\\\host\\\\x",
};

/** Text that acts where a line or a cell begins with it, and names that objects of JavaScript have anyway. */
const AT_THE_START = [
  ...[
    "::stop-commands::x",
    "::error file=x,line=1::c",
    " ::error::x",
    "##[add-mask]x",
    "--- x",
    "+++ x",
    "=cmd|' /C calc'!A0",
  ],
  ...[
    "\t=1",
    "\r=1",
    "+1",
    "-1",
    "@SUM(1)",
    "\uff1d1",
    "|x",
    "# x",
    "> x",
    "1. x",
    "__proto__",
    "constructor",
    "toString",
    "",
  ],
];

/** All hostile texts, by name. */
export const HOSTILE: ReadonlyMap<string, string> = new Map([
  ...Object.entries(ANYWHERE),
  ...AT_THE_START.map((text) => [JSON.stringify(text), text] as const),
]);

/** Paths of texts that may have any content, according to a validator; not those of enumerations and dates. */
export function freePaths(sample: object, isValid: (value: unknown) => boolean): readonly (readonly string[])[] {
  const paths: string[][] = [];
  const visit = (value: unknown, path: readonly string[]): void => {
    if (typeof value === "string") paths.push([...path]);
    else if (Array.isArray(value)) for (const [index, item] of value.entries()) visit(item, [...path, String(index)]);
    else if (isFields(value)) for (const [key, item] of Object.entries(value)) visit(item, [...path, key]);
  };
  visit(sample, []);
  const kinds = new Map<string, boolean>();
  return paths.filter((path) => {
    const kind = path.map((step) => step.replace(/^\d+$/, "*")).join(".");
    const known = kinds.get(kind) ?? isValid(replaced(sample, [path], "any text"));
    kinds.set(kind, known);
    return known;
  });
}

/** A copy with a text at all of these paths. */
export function replaced<T extends object>(sample: T, paths: readonly (readonly string[])[], text: string): T {
  const copy = structuredClone(sample);
  for (const path of paths) {
    let at = copy as Record<string, unknown>;
    for (const step of path.slice(0, -1)) at = at[step] as Record<string, unknown>;
    at[path.at(-1) ?? ""] = text;
  }
  return copy;
}

/** The commands that a runner of a CI system finds in a log. */
export function commandsIn(text: string): readonly string[] {
  return text
    .split(/\r\n|[\r\n\v\f\u0085\u2028\u2029]/)
    .filter((line) => /^\s*::[a-z-]+(?: .*?)?::/i.test(line) || /##[a-z]*\[/i.test(line));
}

/** RFC 4180 by itself. */
function csvRows(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (isQuoted && character === '"' && text.charAt(at + 1) === '"') cell += text.charAt(at++);
    else if (character === '"') {
      if (!isQuoted && cell !== "") throw new Error(`quote inside a cell: ${cell}`);
      isQuoted = !isQuoted;
    } else if (isQuoted) cell += character;
    else if (character === ",") {
      row.push(cell);
      cell = "";
    } else if (character === "\r" && text.charAt(at + 1) === "\n") {
      rows.push([...row, cell]);
      row = [];
      cell = "";
      at++;
    } else cell += character;
  }
  if (isQuoted || cell !== "" || row.length > 0) throw new Error("the last row is not whole");
  return rows;
}

/** Every element of an XML document by name, in order. Throws where it is not well-formed. */
function xmlNames(text: string): readonly string[] {
  const names: string[] = [];
  const parser = new Parser();
  const refuse = (error: Error) => {
    throw error;
  };
  parser.on("error", refuse);
  parser.on("warn", refuse);
  parser.on("openTag", (name, attributes) => {
    names.push(`${name} ${Object.keys(attributes()).join(" ")}`);
  });
  parser.parse(text);
  return names;
}

const markdown = new MarkdownIt({ html: true, linkify: true });

/** The elements that Markdown becomes, in order, as a parser with links and raw HTML reads it. */
function markdownElements(text: string): readonly string[] {
  return markdown.parse(text, {}).flatMap(({ type, children }) => [
    type,
    ...(children ?? []).flatMap(({ type, content, attrs }) => {
      // An empty comment keeps signs apart; a fix of several lines has breaks and commands.
      if (
        /^(?:text|softbreak|hardbreak|code_inline)$/.test(type) ||
        /^(?:<!-- -->|<br>|<\/?(?:sub|code)>)$/.test(content)
      )
        return [];
      return [`${type} ${type === "html_inline" ? content : JSON.stringify(attrs)}`];
    }),
  ]);
}

/** What of Markdown is active in a line: everything of GitHub's flavor that a name could bring along. */
function activeMarkdown(text: string): readonly string[] {
  const allowed = /<\/?(?:details|summary|sub|br|code)>|<!-- -->/g;
  const plain = text
    .replace(/\\[\\`*_{}[\]|~:.]/g, "")
    .replaceAll("@<!-- -->", "")
    .replaceAll("#<!-- -->", "");
  const found = plain.replace(allowed, "").match(/<|\]\(|(?<!`)@\w|(?<![#&\w])#\d|:\/\/|\bwww\.|~~|\$[a-z(]/g) ?? [];
  return [...found];
}

/** No character that a terminal or a log acts on, but line ends. */
export function expectPlain(text: string): void {
  expect(/[^\P{C}\n]|[\u2028\u2029]/u.exec(text)?.[0]).toBeUndefined();
}

/** Fails on a text of a format that acts anywhere, or that its own reader does not read. */
export const EXPECT_INERT = {
  stylish: expectPlain,
  json: (text) => {
    JSON.parse(text);
    // Lines are those of the layout alone.
    expectPlain(text);
  },
  sarif: (text) => {
    expectPlain(text);
    const log = JSON.parse(text) as Log;
    for (const run of log.runs) {
      const results = run.results ?? [];
      const notifications = (run.invocations ?? []).flatMap((invocation) => [
        ...(invocation.toolExecutionNotifications ?? []),
        ...(invocation.toolConfigurationNotifications ?? []),
      ]);
      for (const { message } of [...results, ...notifications]) {
        // Links refer to related locations of the result, by number.
        expect((message.text ?? "").replace(/\]\(\d+\)/g, "")).not.toContain("](");
      }
      for (const rule of run.tool.driver.rules ?? []) {
        expect(activeMarkdown(rule.help?.markdown ?? "")).toEqual([]);
        expectPlain(`${rule.help?.text ?? ""}${rule.shortDescription?.text ?? ""}`);
      }
    }
  },
  gitlab: (text) => {
    expectPlain(text);
    const issues = JSON.parse(text) as readonly Record<string, unknown>[];
    for (const issue of issues) {
      expect(Object.keys(issue)).toEqual(["description", "check_name", "fingerprint", "severity", "location"]);
    }
  },
  junit: (text) => {
    expectPlain(text);
    const known = /^(?:testsuites|testsuite|properties|property|testcase|failure|error|skipped|system-out) [a-z ]*$/;
    expect(xmlNames(text).filter((element) => !known.test(element))).toEqual([]);
  },
  html: (text) => {
    expectPlain(text);
    const elements = htmlTree(text);
    for (const { name, attributes } of elements) {
      expect(["script", "iframe", "object", "embed", "img", "base", "form", "link"]).not.toContain(name);
      for (const [key, value] of Object.entries(attributes)) {
        expect(key).not.toMatch(/^on|^srcdoc$/i);
        if (/^(?:href|src|action)$/.test(key)) expect(value).toMatch(/^#/);
      }
    }
  },
  markdown: (text) => {
    expectPlain(text);
    expect(activeMarkdown(text)).toEqual([]);
    let columns: number | null = null;
    for (const line of text.split("\n")) {
      const cells = line.startsWith("|") ? line.replace(/\\./g, "").split("|").length : null;
      if (cells !== null && columns !== null) expect(cells, line).toBe(columns);
      columns = cells;
    }
  },
  csv: (text) => {
    expectPlain(text.replaceAll("\r\n", "\n"));
    const rows = csvRows(text);
    expect(new Set(rows.map((row) => row.length)).size).toBe(1);
    for (const cell of rows.flat()) expect(cell).not.toMatch(/^[=+\-@\t\r＝]|[;\r\n][=+\-@\t＝]/);
  },
  github: (text) => {
    expectPlain(text);
    for (const line of text.trimEnd().split("\n")) {
      expect(line).toMatch(/^::(?:error|warning|notice) [^:\r\n]*::[^\r\n]*$/);
      const [, properties = ""] = /^::\w+ ([^:]*)::/.exec(line) ?? [];
      for (const property of properties.split(",")) {
        expect(property).toMatch(/^(?:file|line|endLine|col|endColumn|title)=/);
      }
    }
  },
} as const satisfies Readonly<Record<FormatName, (text: string) => void>>;

/** The parts of a text other than words, which must not depend on names. */
export const SHAPE: Readonly<Partial<Record<FormatName, (text: string) => unknown>>> = {
  json: (text) => keysOf(JSON.parse(text)),
  sarif: (text) => keysOf(JSON.parse(text)),
  gitlab: (text) => keysOf(JSON.parse(text)),
  junit: xmlNames,
  // A long word may be broken at its points, and lines of a fix after the first are commands.
  html: (text) =>
    htmlTree(text)
      .filter(({ name }) => !/^(?:wbr|pre|code)$/.test(name))
      .map(({ name, attributes }) => `${name} ${Object.keys(attributes).join(" ")}`),
  markdown: markdownElements,
  csv: (text) => csvRows(text).length,
  github: (text) => text.split("\n").length,
};

/** A value of JSON without its texts and numbers. */
function keysOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(keysOf);
  // A snippet is shown where the columns of its location are in the line.
  if (isFields(value))
    return Object.entries(value).flatMap(([key, item]) => (key === "snippet" ? [] : [[key, keysOf(item)]]));
  return typeof value;
}
