import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CheckTable } from "../../src/engine/evaluation/check-table.ts";
import { type Format, formats, type FormatName } from "../../src/report/format.ts";
import { ledgerOf, NAMED } from "../../src/report/html/ledger.ts";
import { check as run } from "../../src/run/index.ts";
import type { Check } from "../../src/schema/report.generated.ts";
import { IterableSequence } from "../../src/values/sequence.ts";
import { check, failed, finding, report } from "./sample-report.ts";

/** Checks that are made when they are read, with the count of those made and the position of the last one. */
class CountedChecks extends IterableSequence<Check> {
  made = 0;
  position = -1;

  *between(start: number, end: number): Generator<Check> {
    for (let position = start; position < Math.min(end, this.length); position++) {
      this.made++;
      this.position = position;
      yield checkAt(position);
    }
  }
}

const RULES = ["network/subnet", "node/unique-hostname", "vm/memory-multiple-of-4", "vm/thick-disk"];
const SUBJECTS = 500;

function checkAt(position: number): Check {
  const rule = RULES[Math.floor(position / SUBJECTS)] ?? "";
  const name = `node node-${position % SUBJECTS}`;
  if (position % 97 === 0) return failed(rule, name, finding(`Memory of node-${position % SUBJECTS} is wrong.`));
  if (position % 3 === 0) return check(rule, name, { verdict: "not-applicable", reason: "it does not exist" });
  return check(rule, name);
}

/** Number of checks that may be read before their text is passed on. */
const AHEAD: Readonly<Partial<Record<FormatName, number>>> = { csv: 1, junit: 1, json: 64 };

describe.each(Object.entries(AHEAD))("%s", (name, ahead) => {
  it("passes on the text of a check before it reads many others, and never a long piece", async () => {
    const checks = new CountedChecks(RULES.length * SUBJECTS);
    const format: Format = await formats[name as FormatName]();
    const sample = report([], { gate: "passed", gate_reason: "everything passed" });
    const shown = new Set<number>();
    let pieces = 0;
    for (const piece of format({ ...sample, checks }, { color: false, width: 80, quiet: false })) {
      pieces++;
      expect(piece.length).toBeLessThan(64 * 1024);
      const names = [...piece.matchAll(/\bnode-(\d+)\b/g)].map(([, digits]) => Number(digits));
      if (names.length === 0) continue;
      const lag = (checks.position % SUBJECTS) - Math.min(...names);
      expect(lag).toBeLessThan(ahead);
      for (const position of names) shown.add(position);
    }
    expect(shown.size).toBe(SUBJECTS);
    expect(pieces).toBeGreaterThanOrEqual(checks.length / ahead);
    expect(checks.made % checks.length).toBe(0);
  });
});

describe("html", () => {
  it("counts the checks that need no attention and keeps the first of each rule", () => {
    const checks = new CountedChecks(RULES.length * SUBJECTS);
    const sample = report([], { gate: "passed", gate_reason: "everything passed" });
    const { passed, notApplicable, skipped, failed: kept, kinds } = ledgerOf({ ...sample, checks });
    expect(passed.count + notApplicable.count + kept.length).toBe(checks.length);
    expect(skipped.count).toBe(0);
    expect(kept.length).toBe(Math.ceil(checks.length / 97));
    for (const digest of [passed, notApplicable]) {
      expect(digest.byRule.size).toBe(RULES.length);
      for (const { count, first } of digest.byRule.values()) {
        expect(count).toBeGreaterThan(NAMED);
        expect(first).toHaveLength(NAMED);
      }
    }
    expect(kinds.get("node")?.subjects.size).toBe(SUBJECTS);
  });
});

describe("a run's own checks", () => {
  it("have the same text as JSON.stringify", async () => {
    const example = join(import.meta.dirname, "../../fixtures/example/mistakes");
    const inventories = [join(example, "inventory.json")];
    const { report: own } = await run({ deployment: join(example, "deployment.yaml"), inventories, live: false });
    expect(own.checks).toBeInstanceOf(CheckTable);
    const json = await formats.json();
    const text = [...json(own)].join("");
    expect(text).toBe(`${JSON.stringify(own, null, 2)}\n`);
  });
});
