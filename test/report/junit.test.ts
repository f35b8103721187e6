import { Parser } from "saxen";
import { describe, expect, it } from "vitest";
import type { RunReport } from "../../src/schema/report.generated.ts";
import { junit } from "../../src/report/junit.ts";
import { expectGolden } from "./golden.ts";
import {
  check,
  cleanReport,
  crashedReport,
  failed,
  failingReport,
  finding,
  HOSTILE_NAME,
  hostileReport,
  POLICY,
  report,
  inconclusiveReport,
  waivedReport,
} from "./sample-report.ts";

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

/**
 * What the strict reader of Jenkins (the xUnit plugin, which validates files with a schema) accepts: the child elements
 * of an element, in this order, and its attributes; those with an asterisk are required.
 */
const SHAPE: Readonly<
  Record<string, { readonly children: readonly string[]; readonly attributes: readonly string[] }>
> = {
  testsuites: { children: ["testsuite"], attributes: ["name", "time", "tests", "failures", "errors"] },
  testsuite: {
    children: ["properties", "testcase", "system-out", "system-err"],
    attributes: ["name*", "tests*", "failures*", "errors*", "time", "skipped", "timestamp", "hostname", "file"],
  },
  properties: { children: ["property"], attributes: [] },
  property: { children: [], attributes: ["name*", "value*"] },
  testcase: {
    children: ["skipped", "error", "failure", "system-out", "system-err"],
    attributes: ["name*", "time", "classname"],
  },
  failure: { children: [], attributes: ["message", "type"] },
  error: { children: [], attributes: ["message", "type"] },
  skipped: { children: [], attributes: ["message"] },
};

function textOf(sample: RunReport): string {
  return [...junit(sample)].join("");
}

function parsed(xml: string): Element {
  const root: Element = { name: "", attributes: {}, children: [], text: "" };
  const open = [root];
  const parser = new Parser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("warn", (warning) => {
    throw warning;
  });
  parser.on("openTag", (name, attributes, decode) => {
    const decoded = Object.entries(attributes()).map(([key, value]) => [key, decode(value)] as const);
    const element = { name, attributes: Object.fromEntries(decoded), children: [], text: "" };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on("text", (text, decode) => {
    const element = open.at(-1);
    if (element !== undefined) element.text += decode(text);
  });
  parser.on("closeTag", () => open.pop());
  parser.parse(xml);
  const [top, ...others] = root.children;
  if (top === undefined || others.length > 0) throw new Error("a document has one root");
  return top;
}

function* elements(element: Element): Generator<Element> {
  yield element;
  for (const child of element.children) yield* elements(child);
}

function casesOf(sample: RunReport): Element[] {
  return [...elements(parsed(textOf(sample)))].filter(({ name }) => name === "testcase");
}

const outcome = (element: Element | undefined) =>
  element?.children.map(({ name, attributes }) => [name, attributes["type"], attributes["message"]]);

const SAMPLES = { cleanReport, failingReport, inconclusiveReport, crashedReport, hostileReport, waivedReport };

describe.each(Object.entries(SAMPLES))("junit, %s", (_, sample) => {
  it("has the structure that Jenkins' xUnit plugin requires", () => {
    const root = parsed(textOf(sample()));
    expect(root.name).toBe("testsuites");
    for (const { name, attributes, children } of elements(root)) {
      const shape = SHAPE[name];
      const allowed = shape?.attributes.map((attribute) => attribute.replace("*", "")) ?? [];
      expect(allowed, name).toEqual(expect.arrayContaining(Object.keys(attributes)));
      const required = shape?.attributes.flatMap((attribute) =>
        attribute.endsWith("*") ? attribute.slice(0, -1) : [],
      );
      expect(Object.keys(attributes), name).toEqual(expect.arrayContaining(required ?? []));
      const order = children.map((child) => shape?.children.indexOf(child.name) ?? -1);
      expect(order, name).toEqual([...order].sort((a, b) => a - b));
      expect(order).not.toContain(-1);
    }
  });

  it("counts right, in every suite and in all", () => {
    const root = parsed(textOf(sample()));
    for (const suite of [root, ...root.children]) {
      const inside = [...elements(suite)];
      const count = (name: string) => String(inside.filter((element) => element.name === name).length);
      const { tests, failures, errors, skipped } = suite.attributes;
      expect([tests, failures, errors]).toEqual([count("testcase"), count("failure"), count("error")]);
      if (suite !== root) expect(skipped).toBe(count("skipped"));
    }
    expect(
      casesOf(sample()).filter(({ attributes }) => !attributes["classname"]?.startsWith("preflight/")),
    ).toHaveLength(sample().checks.length);
  });

  it("names every case once, and has a time that Azure can read", () => {
    const names = casesOf(sample()).map(({ attributes }) => `${attributes["classname"]} ${attributes["name"]}`);
    expect(new Set(names).size).toBe(names.length);
    for (const suite of parsed(textOf(sample())).children) {
      expect(suite.attributes["timestamp"]).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/);
    }
  });
});

describe("junit", () => {
  it("reads well", () => {
    expectGolden("junit-failing", textOf(failingReport()));
    expectGolden("junit-waived", textOf(waivedReport()));
  });

  it.each([
    ["pass", check("vm/no-snapshots", "node a"), []],
    [
      "fail",
      failed("vm/no-snapshots", "node a", finding("Wrong."), { severity: "error" }),
      [["failure", "error", "Wrong."]],
    ],
    [
      "warn",
      failed("vm/no-snapshots", "node a", finding("Wrong."), { severity: "warn" }),
      [["skipped", undefined, "Warning: Wrong."]],
    ],
    [
      "inconclusive",
      check("vm/no-snapshots", "node a", { verdict: "inconclusive", severity: "error", reason: "no answer" }),
      [["error", "inconclusive", "Inconclusive: no answer."]],
    ],
    [
      "inconclusive warning",
      check("vm/no-snapshots", "node a", { verdict: "inconclusive", severity: "warn", reason: "no answer" }),
      [["skipped", undefined, "Inconclusive: no answer."]],
    ],
    [
      "crashed",
      check("vm/no-snapshots", "node a", { verdict: "crashed", reason: "x" }),
      [["error", "crashed", "The rule crashed: x."]],
    ],
    [
      "skipped",
      check("vm/no-snapshots", "node a", { verdict: "skipped", reason: "--only" }),
      [["skipped", undefined, "Skipped: --only."]],
    ],
  ])("shows %s", (_, one, expected) => {
    const sample = report([one], { gate: "failed", gate_reason: "x" });
    expect(outcome(casesOf(sample).at(-1))).toEqual(expected);
  });

  it("does not break the build for inconclusive checks that the run allowed", () => {
    const one = check("vm/no-snapshots", "node a", { verdict: "inconclusive", severity: "error", reason: "no answer" });
    const policy = { ...POLICY, inconclusive: "ignore" } as const;
    const sample = report([one], { gate: "passed", gate_reason: "as allowed" }, { policy });
    expect(outcome(casesOf(sample).at(-1))).toEqual([["skipped", undefined, "Inconclusive: no answer."]]);
  });

  it("distinguishes cases with one name", () => {
    const twins = ["a", "a", "a #2"].map((name) => check("vm/no-snapshots", `node ${name}`));
    const sample = report(twins, { gate: "passed", gate_reason: "" }, { rules: [] });
    const names = casesOf(sample)
      .slice(1)
      .map(({ attributes }) => attributes["name"]);
    expect(new Set(names).size).toBe(3);
  });

  it("lets nothing end a text or an attribute, and shows what XML does not allow as an escape", () => {
    const name = `]]>"'<&\ufffe\uffff${HOSTILE_NAME}`;
    const sample = report([failed("vm/no-snapshots", `node ${name}`, finding(name), { severity: "error" })], {
      gate: "failed",
      gate_reason: name,
    });
    const found = casesOf(sample).at(-1)?.children[0];
    expect(found?.attributes["message"]).toContain(`]]>"'<&\\u{fffe}\\u{ffff}evil\\x1b`);
    expect(found?.text).toContain(`]]>"'<&\\u{fffe}\\u{ffff}evil\\x1b`);
  });
});
