import fc from "fast-check";
import { describe, expect, it } from "vitest";
import yargs from "yargs";
import parse from "yargs-parser";
import { PARSER } from "../../../src/cli/arguments/command-line.ts";

/** The result of yargs itself for a command line with the same options. */
function byYargs(argv: readonly string[]): Readonly<Record<string, unknown>> {
  const read = yargs([...argv])
    .parserConfiguration(PARSER.configuration)
    .help(false)
    .version(false)
    .exitProcess(false)
    .alias(PARSER.alias)
    .boolean([...PARSER.boolean])
    .string([...PARSER.string])
    .parseSync() as Readonly<Record<string, unknown>>;
  return Object.fromEntries(Object.entries(read).filter(([name]) => name !== "$0"));
}

const names = [...PARSER.boolean, ...PARSER.string];
const word = fc.oneof(
  fc.constantFrom(...names).map((name) => `--${name}`),
  fc
    .tuple(fc.constantFrom(...names), fc.constantFrom("", "json", "a,b", "-"))
    .map(([name, value]) => `--${name}=${value}`),
  fc.constantFrom(
    "check",
    "deployment.yaml",
    "-h",
    "-q",
    "--",
    "--no-color",
    "-x",
    "1",
    "0x10",
    "",
    "--unknown",
    "-format",
  ),
);

describe("the parser of yargs by itself", () => {
  it("reads every command line as yargs does", () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), (argv) => {
        expect(parse([...argv], PARSER)).toEqual(byYargs(argv));
      }),
      { seed: 20261130, numRuns: 500 },
    );
  });
});
