import { Parser } from "saxen";
import type { Log } from "sarif";
import { describe, expect, it } from "vitest";
import { isReport } from "../../src/input/validation/report-validator.generated.ts";
import { formats } from "../../src/report/format.ts";
import type { RunReport } from "../../src/schema/report.generated.ts";
import { isFields } from "../../src/input/source/plain-data.ts";
import { htmlTree } from "./html/html-tree.ts";
import {
  crashedReport,
  failingReport,
  report,
  reportError,
  inconclusiveReport,
  waivedReport,
} from "./sample-report.ts";

/** Text that acts somewhere, wherever it is in a text: in a terminal, a log of a CI system, a page, Markdown, a shell. */
const ANYWHERE = [
  ["\u001b[2J\u001b]0;owned\u0007", "x ##vso[task.setvariable variable=PATH]/tmp/evil", "##teamcity[buildStatus]"],
  [
    "section_start:1:x\r\u001b[0Kx",
    "\u202egnp.exe\u2066\u200b\u2028\u2029\ufeff\u0085",
    "\ud800",
    "a\r\n::add-mask::b",
  ],
  ["</script><script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "' onmouseover='alert(1)", "]]><!--&#x41;"],
  ["[click](https://evil.example) ![x](https://evil.example/p.png)", "<https://evil.example> www.evil.example"],
  ["a|b\n| --- |\n| x |", "@octocat fixes #1 $x$ `rm -rf` **b** _i_ ~~s~~", "\\|\\\\`", "{0} %0A %25 %s {{x}}"],
  ["a;=1;+1;-1;@x", '",=1\r\n=2,"', "$(touch /tmp/x) `id` ; rm -rf ~ && '\""],
].map((some) => some.join(" "));

const HOSTILE = [
  ...ANYWHERE,
  "::stop-commands::x",
  "a\n::error file=x,line=1::c",
  "##[add-mask]x",
  "=cmd|' /C calc'!A0",
  "\t=1",
  "__proto__",
  "constructor",
  "",
];

const mistakes = (): RunReport =>
  report([], { gate: "no-verdict", gate_reason: "x" }, { errors: [reportError("x", { hint: "y" })] });
const SAMPLES: Readonly<Record<string, () => RunReport>> = {
  failingReport,
  inconclusiveReport,
  crashedReport,
  waivedReport,
  mistakes,
};

/** Paths of texts that may be anything, as the schema of reports says; those of enumerations and dates are not among them. */
function freePaths(sample: RunReport): readonly (readonly string[])[] {
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
    const known = kinds.get(kind) ?? isReport(replaced(sample, [path], "any text"));
    kinds.set(kind, known);
    return known;
  });
}

function replaced(sample: RunReport, paths: readonly (readonly string[])[], text: string): RunReport {
  const copy = structuredClone(sample) as unknown;
  for (const path of paths) {
    let at = copy as Record<string, unknown>;
    for (const step of path.slice(0, -1)) at = at[step] as Record<string, unknown>;
    at[path.at(-1) ?? ""] = text;
  }
  return copy as RunReport;
}

type FormatName = keyof typeof formats;
const NAMES = Object.keys(formats) as FormatName[];
const include = new Set(["pass", "not-applicable", "skipped", "waived", "consequences"] as const);

async function textOf(name: FormatName, sample: RunReport, color = false): Promise<string> {
  const options = { color, width: 80, quiet: false, all: true, sarif: { include, category: null } };
  return [...(await formats[name]())(sample, options)].join("");
}

/** The commands that a runner of a CI system finds in a log. */
function commandsIn(text: string): readonly string[] {
  return text
    .split(/\r\n|[\r\n\u2028\u2029]/)
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

const CHECKS: Readonly<Record<FormatName, (text: string, sample: RunReport) => void>> = {
  stylish: (text) => {
    expect(/[^\P{C}\n]/u.exec(text)?.[0]).toBeUndefined();
  },
  json: (text, sample) => {
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(sample)));
    // Lines are those of the layout alone.
    expect(/[^\P{C}\n]|[\u2028\u2029]/u.exec(text)?.[0]).toBeUndefined();
  },
  sarif: (text) => {
    const log = JSON.parse(text) as Log;
    for (const run of log.runs) {
      const results = run.results ?? [];
      const notifications = (run.invocations ?? []).flatMap((invocation) => [
        ...(invocation.toolExecutionNotifications ?? []),
        ...(invocation.toolConfigurationNotifications ?? []),
      ]);
      for (const { message } of [...results, ...notifications]) {
        // Links lead to related places of the result, by number.
        expect((message.text ?? "").replace(/\]\(\d+\)/g, "")).not.toContain("](");
      }
      for (const rule of run.tool.driver.rules ?? []) {
        expect(activeMarkdown(rule.help?.markdown ?? "")).toEqual([]);
        expect(/[^\P{C}\n]/u.exec(`${rule.help?.text ?? ""}${rule.shortDescription?.text ?? ""}`)?.[0]).toBeUndefined();
      }
    }
  },
  gitlab: (text) => {
    const issues = JSON.parse(text) as readonly Record<string, unknown>[];
    for (const issue of issues) {
      expect(Object.keys(issue)).toEqual(["description", "check_name", "fingerprint", "severity", "location"]);
    }
  },
  junit: (text) => {
    const known = /^(?:testsuites|testsuite|properties|property|testcase|failure|error|skipped|system-out) [a-z ]*$/;
    expect(xmlNames(text).filter((element) => !known.test(element))).toEqual([]);
  },
  html: (text) => {
    const elements = htmlTree(text);
    expect(elements.map(({ name }) => name)).not.toContain("script");
    for (const { name, attributes } of elements) {
      expect(["script", "iframe", "object", "embed", "img", "base", "form"]).not.toContain(name);
      for (const [key, value] of Object.entries(attributes)) {
        expect(key).not.toMatch(/^on|^srcdoc$/i);
        if (/^(?:href|src|action)$/.test(key)) expect(value).toMatch(/^#/);
      }
    }
  },
  markdown: (text) => {
    expect(activeMarkdown(text)).toEqual([]);
    let columns: number | null = null;
    for (const line of text.split("\n")) {
      const cells = line.startsWith("|") ? line.replace(/\\./g, "").split("|").length : null;
      if (cells !== null && columns !== null) expect(cells, line).toBe(columns);
      columns = cells;
    }
  },
  csv: (text) => {
    const rows = csvRows(text);
    expect(new Set(rows.map((row) => row.length)).size).toBe(1);
    for (const cell of rows.flat()) expect(cell).not.toMatch(/^[=+\-@\t\r＝]|[;\r\n][=+\-@\t＝]/);
  },
  github: (text) => {
    for (const line of text.trimEnd().split("\n")) {
      expect(line).toMatch(/^::(?:error|warning|notice) [^:\r\n]*::[^\r\n]*$/);
      const [, properties = ""] = /^::\w+ ([^:]*)::/.exec(line) ?? [];
      for (const property of properties.split(",")) {
        expect(property).toMatch(/^(?:file|line|endLine|col|endColumn|title)=/);
      }
    }
  },
};

describe.each(NAMES)("%s", (name) => {
  it.each(Object.keys(SAMPLES))("has nothing that acts, whatever text a report has: %s", async (key) => {
    const sample = SAMPLES[key]?.();
    if (sample === undefined) throw new Error(key);
    const paths = freePaths(sample);
    expect(paths.length).toBeGreaterThan(10);
    for (const text of HOSTILE) {
      const hostile = replaced(sample, paths, text);
      const written = await textOf(name, hostile);
      CHECKS[name](written, hostile);
      // GitHub's own format consists of commands: one begins each line, and there is none inside.
      expect(commandsIn(name === "github" ? written.replace(/^::/gm, "") : written)).toEqual([]);
    }
  });
});

describe("stylish in color", () => {
  it.each(Object.keys(SAMPLES))("has no codes but the painter's: %s", async (key) => {
    const sample = SAMPLES[key]?.();
    if (sample === undefined) throw new Error(key);
    for (const text of HOSTILE) {
      const written = await textOf("stylish", replaced(sample, freePaths(sample), text), true);
      expect(/[^\P{C}\n]/u.exec(written.replace(/\u001b\[\d+m/g, ""))?.[0]).toBeUndefined();
    }
  });
});
