import { describe, expect, expectTypeOf, it } from "vitest";
import { type Arguments, COMMAND_NAMES, COMMANDS, optionsOf } from "../../../src/cli/arguments/commands.ts";
import { readArguments } from "../../../src/cli/arguments/arguments.ts";
import { type OptionRow, OPTIONS } from "../../../src/cli/arguments/options.ts";

const rows = Object.entries<OptionRow>(OPTIONS);

describe("the table of options", () => {
  it("relates options that exist", () => {
    const related = rows.flatMap(([, { needs, opposites = [], notWith = {}, requires }]) => [
      ...[needs ?? []].flat(),
      ...opposites,
      ...Object.keys(notWith),
      ...(requires?.options ?? []),
    ]);
    expect(related.length).toBeGreaterThan(10);
    expect(related.filter((name) => !(name in OPTIONS))).toEqual([]);
  });

  it("has no option that no command has, and no two short names alike", () => {
    const used = new Set(COMMAND_NAMES.flatMap((name) => optionsOf(name).map((option) => option.name)));
    expect(rows.map(([name]) => name).filter((name) => !used.has(name))).toEqual([]);
    const short = rows.flatMap(([, row]) => row.short ?? []);
    expect(new Set(short).size).toBe(short.length);
  });

  it("gives every option that takes a value a word for it, and a default only among its choices", () => {
    for (const [name, { kind, value, choices, default: fallback }] of rows) {
      expect(value === undefined, name).toBe(kind === "flag");
      if (fallback !== undefined) expect(choices, name).toContain(fallback);
    }
  });

  it("is changed only for options that the command has", () => {
    const changed = COMMAND_NAMES.flatMap((name) => {
      const command = COMMANDS[name];
      return "texts" in command ? Object.keys(command.texts).map((option) => [name, option] as const) : [];
    });
    expect(changed).toContainEqual(["plan", "format"]);
    for (const [name, option] of changed) expect(COMMANDS[name].options).toContain(option);
  });
});

describe("arguments", () => {
  it("have the types that their rows have", () => {
    expectTypeOf<Arguments<"check">["timeout"]>().toEqualTypeOf<number | undefined>();
    expectTypeOf<Arguments<"check">["no-live"]>().toEqualTypeOf<boolean>();
    expectTypeOf<Arguments<"check">["color"]>().toEqualTypeOf<"auto" | "always" | "never">();
    expectTypeOf<Arguments<"check">["inconclusive"]>().toEqualTypeOf<"fail" | "warn" | "ignore" | undefined>();
    expectTypeOf<Arguments<"plan">["format"]>().toEqualTypeOf<readonly string[]>();
    expectTypeOf<Arguments<"plan">["deployment"]>().toEqualTypeOf<string>();
    expectTypeOf<Arguments<"plan">>().not.toHaveProperty("timeout");
  });

  it.each(COMMAND_NAMES)("of %s are its options and its words", (name) => {
    const words: Readonly<Record<string, readonly string[]>> = {
      ...{
        check: ["a"],
        plan: ["a"],
        probe: ["a"],
        selftest: ["a"],
        why: ["a/b", "c", "d"],
        report: ["a"],
        remediate: ["a"],
        compare: ["a", "b"],
        datasheet: ["a"],
      },
      inventory: ["import", "a"],
      ...{ rules: ["show", "a/b"], schema: ["report"], completion: ["zsh"], init: [], deployment: ["import", "a"] },
    };
    const read = readArguments([name, ...(words[name] ?? [])]);
    const options = "options" in read ? read.options : {};
    const expected = [...COMMANDS[name].options, ...Object.keys(COMMANDS[name].words(words[name] ?? []))];
    expect(Object.keys(options).sort()).toEqual(expected.sort());
  });
});
