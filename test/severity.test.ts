import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { rules } from "../rules/index.generated.ts";
import { ESSENTIAL_RULES } from "../src/engine/api/rule-catalogue.ts";
import type { Rule } from "../src/engine/api/rule.ts";

const read = (path: string) => readFileSync(join(import.meta.dirname, "..", path), "utf8");

/** Cells of the table that begins with this header. */
function tableOf(markdown: string, header: string): readonly (readonly string[])[] {
  const lines = markdown.split("\n");
  const start = lines.findIndex((line) => line.startsWith(`| ${header} `));
  const rows = lines.slice(start + 2);
  const end = rows.findIndex((line) => !line.startsWith("|"));
  return rows.slice(0, end).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const section = read("docs/writing-rules.md").split("## Severity")[1] ?? "";
const byWording = new Map(
  tableOf(section, "wording").map(([wording = "", , severities = ""]) => [
    wording.replaceAll("`", ""),
    severities.split(/, | or /),
  ]),
);
const exceptions = new Map(
  tableOf(section, "rule").map(([id = "", severity = "", reason = ""]) => [
    id.replaceAll("`", ""),
    { severities: severity.split(/, | or /), reason },
  ]),
);

/**
 * Every severity that a rule declares and its wording does not give. Messages may be less severe: a rule has those for what
 * matters less.
 */
function deviations({ source, severity, severityWhen = [], messageSeverity = {} }: Rule): readonly string[] {
  const usual = byWording.get(source.wording) ?? [];
  const own = [severity, ...severityWhen.map((row) => row.severity)].filter((each) => !usual.includes(each));
  const ofMessages = Object.values(messageSeverity).filter(
    (each) => each !== undefined && isMoreSevere(each, usual) && isMoreSevere(each, [severity]),
  );
  return [...new Set([...own, ...ofMessages])].map(String);
}

const MOST_SEVERE_FIRST = ["error", "warn", "info"];

function isMoreSevere(severity: string, than: readonly string[]): boolean {
  return than.every((other) => MOST_SEVERE_FIRST.indexOf(severity) < MOST_SEVERE_FIRST.indexOf(other));
}

describe("the severity of a rule", () => {
  it("is read from tables that have every wording, and a reason for every exception", () => {
    expect([...byWording.keys()]).toEqual(["must", "strongly-recommended", "recommended", "derived", "beyond"]);
    expect([...exceptions.values()].filter(({ reason }) => reason.length < 20)).toEqual([]);
  });

  it("follows from the wording of its source, except for the listed exceptions", () => {
    const found = rules.flatMap((rule) => {
      const deviating = deviations(rule);
      return deviating.length === 0 ? [] : [[rule.id, deviating.toSorted()] as const];
    });
    const listed = [...exceptions].map(([id, { severities }]) => [id, severities.toSorted()] as const);
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(listed));
  });

  it.each([...ESSENTIAL_RULES])("is error by this project's decision for %s, and its page states it", (id) => {
    expect(rules.find((rule) => rule.id === id)?.severity).toBe("error");
    expect(read(`docs/rules/${id}.md`).replaceAll(/\s+/g, " ")).toContain("an error by this project's decision");
  });
});
