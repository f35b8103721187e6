import { describe, expect, it } from "vitest";
import { defineRule } from "../../src/engine/api/rule.ts";
import { markersOf, withoutMarkers } from "../../src/plugin/markers.ts";
import { type RuleCase, RuleTester, type TesterOptions } from "../../src/plugin/rule-tester.ts";

const rule = defineRule({
  id: "lab/memory",
  title: "Require some memory",
  severity: "error",
  since: "1.0.0",
  source: { document: "house rules", section: "1", wording: "must" },
  subject: "node",
  messages: { little: "Node {{node}} has little memory.", odd: "Node {{node}} has odd memory." },
  remediation: "Add memory.",
  check(node, { need, fail }) {
    const memory = need(node, "vm_system_memory");
    const finding = { at: [node, "vm_system_memory"] as const, data: { node: node.name } };
    if (memory < 10) fail("little", finding);
    if (memory % 2 === 1) fail("odd", finding);
  },
});

const nodes = (...memories: readonly string[]) =>
  ["conferencing_nodes:", ...memories.map((it, index) => `  - { name: n${index}, hostname: n, ${it} }`)].join("\n");

const pass: RuleCase = {
  name: "passes",
  deployment: nodes("vm_system_memory: 12"),
  expect: { "node:n0": { verdict: "pass" } },
};
const gap: RuleCase = {
  name: "is inconclusive",
  deployment: nodes("vm_cpu_count: 2"),
  expect: { "node:n0": { verdict: "inconclusive", missing: ["vm_system_memory"] } },
};
const both: RuleCase = {
  name: "fails",
  deployment: nodes("vm_system_memory: «9»"),
  expect: { "node:n0": { verdict: "fail", findings: [["little", "has little memory"], ["odd"]] } },
};
const WITHOUT = { without: ["not-applicable"] } as const;

/** The names of the tests that fail, and why. */
async function failures(cases: readonly RuleCase[], options: TesterOptions = WITHOUT, tested = rule) {
  const tests: (readonly [string, () => Promise<void>])[] = [];
  const hooks = {
    describe: (_: string, body: () => void) => {
      body();
    },
    it: (name: string, body: () => Promise<void>) => void tests.push([name, body]),
  };
  new RuleTester(hooks).run(tested, cases, options);
  const found = new Map<string, string>();
  for (const [name, body] of tests) {
    await body().catch((error: unknown) => found.set(name, (error as Error).message));
  }
  return found;
}

describe("RuleTester", () => {
  it("accepts a rule whose cases are right and complete", async () => {
    expect(await failures([pass, gap, both])).toEqual(new Map());
  });

  it.each<[string, RuleCase["expect"][string], string]>([
    ["another verdict", { verdict: "pass" }, "'node:n0': 'fail'"],
    ["a finding too few", { verdict: "fail", findings: [["little"]] }, "odd"],
    ["another message", { verdict: "fail", findings: [["little"], ["little"]] }, "odd"],
    ["other words", { verdict: "fail", findings: [["little", "has no memory"], ["odd"]] }, "does not contain"],
    ["another severity", { verdict: "fail", severity: "warn" }, "error"],
    ["an unknown label", { verdict: "fail", findings: [["little", "«a»"], ["odd"]] }, "0 values are marked with «a|"],
  ])("does not accept %s", async (_, expected, words) => {
    const found = await failures([pass, gap, { ...both, expect: { "node:n0": expected } }]);
    expect(found.get("fails")).toContain(words);
  });

  it("expects findings at the marked values, in their order", async () => {
    const expected = { verdict: "fail", findings: [["little"], ["odd"]] } as const;
    const two = (deployment: string): RuleCase => ({
      ...both,
      deployment,
      expect: { "node:n0": expected, "node:n1": { verdict: "fail", findings: [["odd"]] } },
    });
    const elsewhere = await failures([pass, gap, two(nodes("vm_system_memory: «9»", "vm_system_memory: 11"))]);
    expect(elsewhere.get("fails")).toContain("deployment.yaml:2:");
    const unclear = await failures([pass, gap, two(nodes("vm_system_memory: «9»", "vm_system_memory: «11»"))]);
    expect(unclear.get("fails")).toContain("3 findings for 2 marked values «…»");
    const unmarked = await failures([pass, gap, two(nodes("vm_system_memory: 9", "vm_system_memory: 11"))]);
    expect(unmarked.get("fails")).toContain("3 findings for 0 marked values «…»");
  });

  it("expects labelled findings at the values with their labels", async () => {
    const labelled = (first: `«${string}»`, second: `«${string}»`): RuleCase => ({
      ...both,
      deployment: nodes("vm_system_memory: «a|8»", "vm_system_memory: «b|11»"),
      expect: {
        "node:n0": { verdict: "fail", findings: [["little", first, "little"]] },
        "node:n1": { verdict: "fail", findings: [["odd", second]] },
      },
    });
    expect(await failures([pass, gap, labelled("«a»", "«b»")])).toEqual(new Map());
    expect((await failures([pass, gap, labelled("«b»", "«a»")])).get("fails")).toContain("deployment.yaml:3:");
  });

  it("does not accept tables without a message or a verdict, or with a case twice", async () => {
    expect((await failures([pass, gap])).get("has a case for every message")).toContain("little");
    expect((await failures([pass, both])).get("has a case for every verdict")).toContain("inconclusive");
    expect((await failures([pass, gap, both], {})).get("has a case for every verdict")).toContain("not-applicable");
    expect((await failures([pass, gap, both, { ...pass, name: "again" }])).has("has no case twice")).toBe(true);
  });

  it("does not accept a rule that passes without a value that it reads", async () => {
    const careless = defineRule({
      ...rule,
      subject: "node",
      check: (node, { known, fail }) => {
        if ((known(node, "vm_system_memory") ?? 12) < 10) fail("little", { at: [node], data: { node: node.name } });
      },
    });
    const without = { without: ["not-applicable", "inconclusive", "fail"] } as const;
    const found = await failures([pass], without, careless);
    expect(found.get("does not pass without a value that it needs")).toContain("vm_system_memory");
    expect(
      (await failures([pass], { ...without, optional: ["vm_system_memory"] }, careless)).has(
        "does not pass without a value that it needs",
      ),
    ).toBe(false);
  });

  it("does not accept a page for another rule, nor examples that do not fail or pass", async () => {
    const page = (id: string, failing: string, passing: string) => {
      const block = (memory: string) => `\`\`\`yaml deployment\n${nodes(memory)}\n\`\`\`\n`;
      return `# ${id}\n\n## Failing example\n\n${block(failing)}\n## Passing example\n\n${block(passing)}`;
    };
    const found = async (docs: string) =>
      (await failures([pass, gap, both], WITHOUT, { ...rule, docs })).get("has a page whose examples fail and pass");
    const [little, enough] = ["vm_system_memory: 8", "vm_system_memory: 12"];
    expect(await found(page("lab/memory", little, enough))).toBeUndefined();
    expect(await found(page("lab/other", little, enough))).toContain("not the id of the rule");
    expect(await found(page("lab/memory", enough, enough))).toContain("does not fail");
    expect(await found(page("lab/memory", little, little))).toContain("does not pass");
  });

  it("does not accept queries without an answer, nor answers without a query, unless cases share them", async () => {
    const live = defineRule({
      ...rule,
      live: true,
      subject: "deployment",
      check: (deployment, { query, fail }) => {
        const [answer] = query([{ kind: "tcp", address: "192.0.2.1", port: 443 }]);
        if (answer?.status !== "answered") fail("little", { at: [deployment], data: { node: "x" } });
      },
    });
    const closed: RuleCase = {
      name: "fails",
      deployment: "«{}»",
      expect: { "deployment:deployment": { verdict: "fail", findings: [["little"]] } },
    };
    const more: RuleCase = { ...closed, answers: { "tcp 192.0.2.1 443": {}, "tcp 192.0.2.2 443": {} } };
    expect((await failures([closed], {}, live)).get("fails")).toContain("tcp 192.0.2.1 443");
    expect((await failures([more], {}, live)).get("fails")).toContain("tcp 192.0.2.2 443");
    for (const given of [closed, more]) {
      expect((await failures([given], { sharedAnswers: true }, live)).has("fails")).toBe(false);
    }
  });
});

describe("marked values", () => {
  it("have the position that they have without the marks", () => {
    const text = "a: «1»\nb: [«two|2», «3»]\n";
    expect(withoutMarkers(text)).toBe("a: 1\nb: [2, 3]\n");
    expect(markersOf(text, "x.yaml")).toEqual([
      { label: null, at: "x.yaml:1:4" },
      { label: "two", at: "x.yaml:2:5" },
      { label: null, at: "x.yaml:2:8" },
    ]);
  });
});
