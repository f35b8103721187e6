import { describe, expect, it } from "vitest";
import { contradiction } from "../../../src/engine/gate/contradiction.ts";
import type { RunReport } from "../../../src/schema/report.generated.ts";
import { cleanReport, failingReport } from "../../report/sample-report.ts";

const [clean, failing] = [cleanReport(), failingReport()];
const { pass: passed, planned } = clean.summary;

describe("a report", () => {
  it("of this program never contradicts itself, in whatever words it gives its reason", () => {
    expect([contradiction(clean), contradiction(failing)]).toEqual([null, null]);
    expect(contradiction({ ...failing, summary: { ...failing.summary, gate_reason: "something failed" } })).toBeNull();
    const reworded = failing.blockers.map((blocker) => ({ ...blocker, message: "x" }));
    expect(contradiction({ ...failing, blockers: reworded })).toBeNull();
  });

  it.each<readonly [string, RunReport, string]>([
    [
      "counts other than those of its checks",
      { ...clean, summary: { ...clean.summary, pass: passed + 1 } },
      `its summary has pass ${passed + 1}, but its checks result in ${passed}`,
    ],
    [
      "another number of checks",
      { ...clean, summary: { ...clean.summary, planned: planned + 1 } },
      `its summary has planned ${planned + 1}, but its checks result in ${planned}`,
    ],
    [
      "a gate that passed beside a failed check",
      { ...failing, summary: { ...failing.summary, gate: "passed" } },
      "its summary has the gate passed, its checks and policy result in failed",
    ],
    [
      "no blockers though checks fail",
      { ...failing, blockers: [] },
      "its blockers are not the checks that fail its gate",
    ],
    [
      "blockers of other checks",
      {
        ...failing,
        blockers: failing.blockers.map((blocker) => ({
          ...blocker,
          checks: blocker.checks.map((one) => ({ ...one, subject: { ...one.subject, name: "x" } })),
        })),
      },
      "its blockers are not the checks that fail its gate",
    ],
    ["another exit code", { ...clean, exit_code: 1 }, "its gate is passed, but its exit code is 1"],
    ["a rule twice", { ...clean, rules: [...clean.rules, ...clean.rules.slice(0, 1)] }, "it describes a rule twice"],
    [
      "a check of a rule that is not in its list",
      { ...clean, rules: clean.rules.filter(({ id }) => id !== "vm/memory-reserved") },
      "it has a check of a rule that it does not describe",
    ],
  ])("with %s contradicts itself", (_, report, sentence) => {
    expect(contradiction(report)).toBe(sentence);
  });

  it("may describe rules without checks", () => {
    const rules = clean.rules.filter(({ id }) => clean.checks.some(({ rule }) => rule === id));
    expect(rules.length).toBeLessThan(clean.rules.length);
    expect(contradiction({ ...clean, rules })).toBeNull();
  });
});
