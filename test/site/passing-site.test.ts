import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { evaluate } from "../../src/engine/evaluation/evaluate.ts";
import { Evidence } from "../../src/engine/evaluation/evidence.ts";
import { defaultOptions, plan } from "../../src/engine/evaluation/plan.ts";
import { readDocuments } from "../../src/run/inputs/read-documents.ts";
import { DeploymentGaps } from "../../src/site/deployment/deployment-gaps.ts";
import { InventoryGaps } from "../../src/site/estate/inventory-gaps.ts";
import { Site } from "../../src/site/site.ts";
import { rules } from "../../rules/index.generated.ts";

const NOW = Date.parse("2026-11-22T12:00:00Z");
const EXAMPLE = join(import.meta.dirname, "../../fixtures/example/clean");

afterEach(() => vi.restoreAllMocks());

it("puts no gap into words for checks that pass or do not apply", async () => {
  const sentences = [
    vi.spyOn(DeploymentGaps.prototype, "absent"),
    vi.spyOn(InventoryGaps.prototype, "field"),
    vi.spyOn(InventoryGaps.prototype, "object"),
    vi.spyOn(InventoryGaps.prototype, "list"),
  ];
  const read = await readDocuments({ deployment: "deployment.yaml", inventories: ["inventory.json"], cwd: EXAMPLE });
  if (read.value === null) throw new Error("the example cannot be read");
  const { deployment, inventories, certificates } = read.value;
  const site = new Site({ deployment, inventories, certificates });
  const enabled = rules
    .filter(({ live }) => live !== true)
    .map((rule) => ({ rule, severity: null, options: defaultOptions(rule), skip: null }));
  const responder = () => Promise.reject(new Error("no rule queries a server"));
  const { outcomes } = await evaluate(plan(enabled, site), { site, now: NOW, responder, evidence: new Evidence() });
  expect(outcomes.length).toBeGreaterThan(300);
  expect(outcomes.filter((outcome) => outcome?.verdict !== "pass" && outcome?.verdict !== "not-applicable")).toEqual(
    [],
  );
  expect(sentences.flatMap(({ mock }) => mock.results.map(({ value }) => (value as { what: string }).what))).toEqual(
    [],
  );
});
