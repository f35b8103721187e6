import { describe, expect, it } from "vitest";
import { explanationText } from "../../../src/report/proof/explanation-text.ts";
import type { Explanation, ExplainedValue } from "../../../src/schema/proof/explanation.generated.ts";

const value = (path: string, decisive: boolean | null): ExplainedValue => ({
  ...{
    file: "deployment.yaml",
    location: null,
    path,
    value: "1",
    request: null,
    decisive,
    removed: null,
    changed: null,
  },
});

const explanation = (values: readonly ExplainedValue[]): Explanation =>
  ({
    check: { rule: "a/b", subject: { kind: "node", name: "n" }, verdict: "pass", findings: [], reason: null },
    requirement: { title: "Require x", document: "guide", section: "s", wording: "must", quote: null },
    ...{ would_decide: [], counterexamples: [], facts: [], options: [], queries: [], certificates: [], untried: 0 },
    values,
  }) as unknown as Explanation;

const text = (values: readonly ExplainedValue[]) =>
  [...explanationText(explanation(values), { color: false, width: 80, isBrief: false })].join("");

const TRIED = "Values that it read, none of which alone changes the verdict";

describe("the values that a check read", () => {
  it("are not reported to change nothing unless they were tried", () => {
    const mixed = text([value("a", false), value("b", null)]);
    expect(mixed.indexOf("a = 1")).toBeGreaterThan(mixed.indexOf(TRIED));
    expect(mixed.indexOf("b = 1")).toBeGreaterThan(mixed.indexOf("Values that it read and that were not tried"));
    expect(mixed.indexOf("Values that it read and that were not tried")).toBeGreaterThan(mixed.indexOf("a = 1"));
  });

  it("have one plain heading if none was tried", () => {
    expect(text([value("a", null)])).toContain("\nValues that it read\n");
    expect(text([value("a", null)])).not.toContain(TRIED);
  });
});
