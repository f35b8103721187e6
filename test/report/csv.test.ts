import { describe, expect, it } from "vitest";
import type { RunReport } from "../../src/schema/report.generated.ts";
import { csv } from "../../src/report/csv.ts";
import {
  check,
  crashedReport,
  failed,
  failingReport,
  finding,
  HOSTILE_NAME,
  hostileReport,
  report,
  inconclusiveReport,
  waivedReport,
} from "./sample-report.ts";

const textOf = (sample: RunReport) => [...csv(sample)].join("");

/** RFC 4180, section 2. */
function parsed(text: string): string[][] {
  const rows: string[][] = [[]];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/gy;
  while (cell.lastIndex < text.length) {
    const [, quoted, plain, end] = cell.exec(text) ?? [];
    if (end === undefined) throw new Error(`not CSV: ${JSON.stringify(text.slice(0, 200))}`);
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? "");
    if (end === "\r\n") rows.push([]);
  }
  expect(rows.pop()).toEqual([]);
  return rows;
}

function records(sample: RunReport): Record<string, string>[] {
  const [header = [], ...rows] = parsed(textOf(sample));
  const all = rows.map((row) => Object.fromEntries(row.map((cell, index) => [header[index] ?? "", cell])));
  // Of every report, and tested for every format.
  return all.filter(({ verdict }) => verdict !== "basis");
}

describe("csv", () => {
  it("keeps its columns", () => {
    expect(textOf(failingReport()).split("\r\n")[0]).toBe(
      "verdict,severity,rule,subject_kind,subject,message,path,line,column,sheet,cell,remediation,waived_until,waiver_owner,waiver_ticket,waiver_reason,fingerprint,title,root_causes",
    );
  });

  it.each(Object.entries({ failingReport, inconclusiveReport, crashedReport, hostileReport, waivedReport }))(
    "has as many cells in every row, and a row for every check at least: %s",
    (_, sample) => {
      const rows = parsed(textOf(sample()));
      expect(new Set(rows.map((row) => row.length))).toEqual(new Set([19]));
      expect(rows.length).toBeGreaterThan(sample().checks.length + 1);
    },
  );

  it("has one row a finding and one a gap, and the gate", () => {
    const gap = (what: string) => ({ what, location: null });
    const rows = records(
      report(
        [
          failed("vm/no-snapshots", "node a", [finding("One."), finding("Two.")]),
          check("vm/no-snapshots", "node b", { verdict: "inconclusive", missing: [gap("x"), gap("y")] }),
          check("vm/no-snapshots", "node c"),
        ],
        { gate: "failed", gate_reason: "1 error" },
      ),
    );
    expect(rows.map(({ verdict, subject, message }) => [verdict, subject, message])).toEqual([
      ["gate", "", "failed: 1 error"],
      ["fail", "a", "One."],
      ["fail", "a", "Two."],
      ["inconclusive", "b", "inconclusive: x"],
      ["inconclusive", "b", "inconclusive: y"],
      ["pass", "c", ""],
    ]);
  });

  it.each(["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "＝1"])(
    "makes text of what a spreadsheet would calculate: %j",
    (name) => {
      const [, row] = records(report([check("vm/no-snapshots", `node ${name}`)], { gate: "passed", gate_reason: "" }));
      expect(row?.["subject"]).toBe(`'${name}`);
    },
  );

  it.each([
    ["a;=1", "a;'=1"],
    ["a;+1;-1;@x;＝1", "a;'+1;'-1;'@x;'＝1"],
    ["\n=1", "'\n'=1"],
    ["a\n=1", "a\n'=1"],
    ["a; b - 1; =1", "a; b - 1; =1"],
  ])("makes text of what one would calculate that separates cells by semicolons: %j", (name, shown) => {
    const [, row] = records(report([check("vm/no-snapshots", `node ${name}`)], { gate: "passed", gate_reason: "" }));
    expect(row?.["subject"]).toBe(shown);
  });

  it("keeps quotes, commas and lines in their cell, and shows what hides", () => {
    const remediation = 'Do "this", then:\nGet-VM | Out-Null';
    const [, row] = records(
      report([failed("vm/no-snapshots", `node ${HOSTILE_NAME}`, finding("Wrong."), { remediation })], {
        gate: "failed",
        gate_reason: "",
      }),
    );
    expect(row?.["remediation"]).toBe(remediation);
    expect(row?.["subject"]).toMatch(/^evil\\x1b\[2J/);
  });
});
