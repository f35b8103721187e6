import type { Script } from "./scripted-answers.ts";

/** The headings of a rule's page, in their order. */
export const PAGE_HEADINGS = [
  "What it checks and why",
  "Where the guide says it",
  "Failing example",
  "Passing example",
  "Options",
  "How to fix",
  "When not to use it",
] as const;

/** The documents of an example on a page. */
export interface PageExample {
  readonly deployment: string;
  /** Undefined when the example has none. */
  readonly inventory: string | undefined;
  readonly answers: Script | undefined;
}

/** The parts of a rule's page, `docs/rules/<group>/<name>.md`. */
export interface RulePage {
  /** The first heading: the rule's id. */
  readonly id: string;
  /** The line under it, without the `> `: severity, subject, static or live, since. */
  readonly meta: string;
  /** The sentence under that: the rule's title. */
  readonly title: string;
  readonly headings: readonly string[];
  /** The text under a heading; empty when the page does not have it. */
  readonly section: (heading: (typeof PAGE_HEADINGS)[number]) => string;
  readonly failing: PageExample;
  readonly passing: PageExample;
}

/** Parses a page. Throws if an example has no deployment, two documents of a kind, or an unknown block. */
export function parseRulePage(text: string): RulePage {
  const [head = "", ...parts] = splitAtHeadings(text);
  const [id = "", meta = "", ...title] = head.split("\n").filter((line) => line.trim() !== "");
  const sections = new Map(
    parts.map((part): [string, string] => {
      const [heading = "", ...lines] = part.split("\n");
      return [heading.trim(), lines.join("\n").trim()];
    }),
  );
  const section = (heading: string) => sections.get(heading) ?? "";
  return {
    id: id.replace(/^# /, ""),
    meta: meta.replace(/^> /, ""),
    title: title.join("\n"),
    headings: parts.map((part) => part.split("\n")[0]?.trim() ?? ""),
    section,
    failing: example(section("Failing example")),
    passing: example(section("Passing example")),
  };
}

/** The text before the first `## ` heading, then one part per heading. A `##` inside a code block is not a heading. */
function splitAtHeadings(text: string): readonly string[] {
  const parts: string[][] = [[]];
  let inCode = false;
  for (const line of text.split("\n")) {
    if (line.startsWith("```")) inCode = !inCode;
    if (!inCode && line.startsWith("## ")) parts.push([line.slice(3)]);
    else parts.at(-1)?.push(line);
  }
  return parts.map((lines) => lines.join("\n"));
}

function example(section: string): PageExample {
  const blocks = new Map<string, string>();
  for (const [, info = "", body = ""] of section.matchAll(/^```([^\n]*)\n([\s\S]*?)^```$/gm)) {
    if (!["yaml deployment", "yaml inventory", "json answers"].includes(info)) {
      throw new Error(`an example has a block of an unknown kind: ${info}`);
    }
    if (blocks.has(info)) throw new Error(`an example has two blocks of the kind ${info}`);
    blocks.set(info, body);
  }
  const deployment = blocks.get("yaml deployment");
  if (deployment === undefined) throw new Error("an example has no block yaml deployment");
  const answers = blocks.get("json answers");
  return {
    deployment,
    inventory: blocks.get("yaml inventory"),
    answers: answers === undefined ? undefined : (JSON.parse(answers) as Script),
  };
}
