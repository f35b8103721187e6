import { expect, it } from "vitest";
import {
  isMilder,
  isMilderEffect,
  isMilderLimit,
  relaxesOption,
  weightOf,
} from "../../../src/engine/policy/strictness.ts";
import { tinyRule } from "../tiny-rules.ts";

const WEIGHTS = ["off", "info", "warn", "error"] as const;

it("a severity is milder than every one above it, and off than all", () => {
  const milder = WEIGHTS.map((one) => WEIGHTS.filter((than) => isMilder(one, than)));
  expect(milder).toEqual([["info", "warn", "error"], ["warn", "error"], ["error"], []]);
});

it("a level sets the severity: as declared, with warnings as errors, or one for all", () => {
  const of = (level: Parameters<typeof weightOf>[0]) =>
    (["info", "warn", "error"] as const).map((own) => weightOf(level, own));
  expect(of("own")).toEqual(["info", "warn", "error"]);
  expect(of("strict")).toEqual(["info", "error", "error"]);
  expect(of("off")).toEqual(["off", "off", "off"]);
  expect(of("warn")).toEqual(["warn", "warn", "warn"]);
});

it.each<readonly [string, string, unknown, unknown, boolean]>([
  ["a lower value where higher is stricter", "least", 4, 3, true],
  ["a higher one", "least", 4, 5, false],
  ["the same", "least", 4, 4, false],
  ["a higher value where lower is stricter", "most", 4, 5, true],
  ["a lower one", "most", 4, 3, false],
  ["the same value of another option", "free", [1], [1], false],
  ["another value of it", "free", 4, 5, true],
  ["another value of it, lower", "free", 4, 3, true],
  ["a text instead of a number", "least", 4, "5", true],
  ["a number instead of a text", "least", "3", 4, true],
  ["another text", "least", "3", "4", true],
])("an option is relaxed by %s", (_, name, from, to, expected) => {
  const directions = { least: "higher", most: "lower" } as const;
  const rule = tinyRule("node", () => undefined, { stricterOptions: directions });
  expect(relaxesOption(rule, name, { from, to })).toBe(expected);
  expect(
    relaxesOption(
      tinyRule("node", () => undefined),
      name,
      { from, to },
    ),
  ).toBe(JSON.stringify(from) !== JSON.stringify(to));
});

it("an effect is milder than those that fail more, and a limit of warnings than every lower one", () => {
  const effects = ["ignore", "warn", "fail"] as const;
  expect(effects.map((one) => effects.filter((than) => isMilderEffect(one, than)))).toEqual([
    ["warn", "fail"],
    ["fail"],
    [],
  ]);
  const limits = [null, 5, 0] as const;
  expect(limits.map((one) => limits.filter((than) => isMilderLimit(one, than)))).toEqual([[5, 0], [0], []]);
});
