import { describe, expect, it } from "vitest";
import { helpText } from "../../../src/cli/arguments/help-text.ts";
import { COMMAND_NAMES, COMMANDS, optionsOf } from "../../../src/cli/arguments/commands.ts";
import { GROUPS } from "../../../src/cli/arguments/options.ts";
import { preflight } from "../program.ts";

const ABOUT = [null, ...COMMAND_NAMES];

/** The options that a help text explains: the words in its first column that begin with dashes. */
function explained(help: string): string[] {
  return [...help.matchAll(/^ {2}(?:-\w, )?--([a-z-]+)/gm)].map(([, name = ""]) => name);
}

describe("helpText", () => {
  it.each(ABOUT)("of %s explains the options of that command, all of them and no others", (name) => {
    const options = optionsOf(name ?? "check").map((option) => option.name);
    for (const width of [40, 80, 200]) expect(explained(helpText(name, width)).sort()).toEqual([...options].sort());
  });

  it.each(ABOUT.flatMap((name) => [40, 60, 80].map((width) => [name, width] as const)))(
    "of %s keeps within %i columns, except for commands to copy",
    (name, width) => {
      const wide = helpText(name, width)
        .split("\n")
        .filter((line) => line.length > width && !/^ {2}(?:preflight|govc) /.test(line));
      expect(wide).toEqual([]);
    },
  );

  it("of the program names every command, the groups in order, examples and the exit codes", () => {
    const help = helpText(null, 80);
    const headings = help.split("\n").filter((line) => /^\w+:$/.test(line));
    expect(headings).toEqual(["Commands:", ...GROUPS.map((group) => `${group}:`), "Examples:"]);
    for (const name of COMMAND_NAMES) expect(help).toContain(`\n  ${COMMANDS[name].usage} `);
    expect(help).toContain("Usage: preflight [check] [<deployment>...] [options]");
    expect(help).toContain("Exit codes: 0 gate passed, 1 gate failed, 2 no verdict");
  });

  it("of plan has what a plan records of the gate, and no result of one", () => {
    expect(helpText("plan", 80)).toMatch(/--inconclusive[\s\S]*--max-warnings|--max-warnings[\s\S]*--inconclusive/);
    expect(helpText("plan", 80)).not.toMatch(/gate open|gate closed|sarif|stylish/i);
  });
});

describe("--help and --version", () => {
  it.each([
    [["--help"], null],
    [["-h"], null],
    [["check", "--help"], "check" as const],
    [["plan", "-h"], "plan" as const],
    [["rules", "--help"], "rules" as const],
    [["rules", "list", "--help"], "rules" as const],
    [["schema", "--help"], "schema" as const],
    [["site.yaml", "--help"], null],
    [["--help", "--no-such-option"], null],
  ])("%j prints help to stdout and exits 0", async (args, about) => {
    for (const COLUMNS of ["40", "80"]) {
      const { exitCode, stdout, stderr } = await preflight(args, { env: { COLUMNS } });
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
      expect(stdout).toBe(helpText(about, Number(COLUMNS)));
    }
  });

  it.each([[["--version"]], [["plan", "--version"]], [["schema", "--version"]]])(
    "%j prints the version",
    async (args) => {
      const { exitCode, stdout, stderr } = await preflight(args);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
      expect(stdout).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?\n$/);
    },
  );
});
