import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import hostname from "../../rules/node/unique-hostname.ts";
import { rules } from "../../rules/index.generated.ts";
import { plan } from "../../src/run/index.ts";

const CLEAN = join(import.meta.dirname, "../../fixtures/example/clean");
const SITE = { deployment: join(CLEAN, "deployment.yaml"), inventories: [join(CLEAN, "inventory.json")] };

describe("plan", () => {
  it("evaluates no rule that cannot contact servers", async () => {
    const still = rules.filter(({ live }) => live !== true).map((rule) => vi.spyOn(rule, "check"));
    const asking = rules.filter(({ live }) => live === true).map((rule) => vi.spyOn(rule, "check"));
    expect(still.map(({ mock }) => mock)).not.toHaveLength(0);
    const { plan: planned } = await plan(SITE);
    expect(planned?.connections).not.toHaveLength(0);
    expect(still.flatMap(({ mock }) => mock.calls)).toEqual([]);
    expect(asking.flatMap(({ mock }) => mock.calls).length).toBeGreaterThan(0);
    vi.restoreAllMocks();
  });

  it("evaluates nothing when no server is to be contacted", async () => {
    const all = rules.map((rule) => vi.spyOn(rule, "check"));
    const { plan: planned } = await plan({ ...SITE, live: false });
    expect(planned?.checks.length).toBeGreaterThan(rules.length);
    expect(all.flatMap(({ mock }) => mock.calls)).toEqual([]);
    vi.restoreAllMocks();
  });

  it("creates entries on demand and keeps none", async () => {
    const { plan: planned } = await plan(SITE);
    if (planned === null) throw new Error("the example has no errors");
    const { checks } = planned;
    const all = [...checks];
    expect(all).toHaveLength(checks.length);
    expect(checks.length).toBe(planned.planned);
    for (const position of [0, 7, checks.length - 1]) {
      expect(checks.at(position)).toEqual(all[position]);
      expect(checks.at(position)).not.toBe(all[position]);
    }
    expect(checks.at(-1)).toEqual(all.at(-1));
    expect(checks.at(checks.length)).toBeUndefined();
    expect([...checks.filter(({ rule }) => rule === hostname.id)]).toEqual(
      all.filter(({ rule }) => rule === hostname.id),
    );
  });

  it("has the first queries of the checks of live rules, and of no others", async () => {
    const { plan: planned } = await plan(SITE);
    if (planned === null) throw new Error("the example has no errors");
    const asking = [...planned.checks].filter(({ questions }) => questions.length > 0);
    expect(new Set(asking.map(({ live }) => live))).toEqual(new Set([true]));
    const ofName = asking.find(({ rule, subject }) => rule === "dns/node-address-record" && subject.name === "manager");
    expect(ofName?.questions.slice(0, 2)).toMatchObject([
      { kind: "dns", name: "mgmt01.vc.example.com", type: "A" },
      { kind: "dns", name: "mgmt01.vc.example.com", type: "AAAA" },
    ]);
  });
});
