import { describe, expect, it } from "vitest";
import { rules } from "../../../rules/index.generated.ts";
import { builtInCatalogue, ESSENTIAL_RULES, isInMajorVersion } from "../../../src/engine/api/rule-catalogue.ts";
import type { Rule } from "../../../src/engine/api/rule.ts";
import { tinyRule } from "../tiny-rules.ts";

const nothing = () => undefined;

describe("the presets", () => {
  const { presets } = builtInCatalogue(rules, "0.1.0");
  const levels = (name: string) => [...(presets.get(name) ?? [])].map(([id, { level }]) => [id, level?.value] as const);

  it("follow from the rules' own definitions", () => {
    expect([...presets.keys()]).toEqual(["recommended", "strict", "must"]);
    expect(levels("recommended")).toEqual(rules.map(({ id }) => [id, "own"]));
    expect(levels("strict")).toEqual(rules.map(({ id }) => [id, "strict"]));
    const isInMust = ({ id, source }: Rule) => source.wording === "must" || ESSENTIAL_RULES.has(id);
    expect(levels("must")).toEqual(rules.map((rule) => [rule.id, isInMust(rule) ? "own" : "off"]));
    expect(new Set(levels("must").map(([, level]) => level))).toEqual(new Set(["own", "off"]));
  });

  it("have every essential rule, each of them a built-in rule of severity error", () => {
    const byId = new Map<string, Rule>(rules.map((rule) => [rule.id, rule]));
    for (const id of ESSENTIAL_RULES) {
      expect(byId.get(id)?.severity, id).toBe("error");
      for (const name of presets.keys()) expect(new Map(levels(name)).get(id), `${id} in ${name}`).not.toBe("off");
    }
  });

  it("name themselves as the origin, and set no option but those that a rule has for strict", () => {
    for (const [name, preset] of presets) {
      for (const [id, { level, options }] of preset) {
        expect(level?.origin).toEqual({ by: `preset ${name}`, location: null });
        const own = name === "strict" ? (rules.find((rule) => rule.id === id)?.strictOptions ?? {}) : {};
        expect(Object.fromEntries([...options].map(([option, { value }]) => [option, value]))).toEqual(own);
      }
    }
  });

  it("leave a rule out that came with a minor version, until the next major one", () => {
    const old = { ...tinyRule("node", nothing), id: "a/old", since: "1.0.0" };
    const young = { ...tinyRule("node", nothing), id: "a/young", since: "1.3.0" };
    const members = (version: string) => [...(builtInCatalogue([old, young], version).presets.get("must") ?? [])];
    expect(members("1.4.2").map(([id]) => id)).toEqual(["a/old"]);
    expect(members("2.0.0").map(([id]) => id)).toEqual(["a/old", "a/young"]);
  });
});

describe("isSettled", () => {
  it.each([
    ["0.1.0", "0.1.0", true],
    ["0.1.0", "0.1.7", true],
    ["0.2.0", "0.2.3", true],
    ["0.1.1", "0.1.4", false],
    ["0.1.1", "0.2.0", true],
    ["0.9.3", "1.0.0", true],
    ["1.0.0", "1.0.0", true],
    ["1.0.0", "1.9.9", true],
    ["1.2.0", "1.2.0", false],
    ["1.2.0", "1.9.0", false],
    ["1.2.0", "2.0.0", true],
    ["1.2.0", "2.0.0-rc.1", true],
    ["2.0.0", "2.1.0", true],
  ])("a rule since %s, in version %s: %s", (since, version, expected) => {
    expect(isInMajorVersion(since, version)).toBe(expected);
  });
});
