import { describe, expect, it } from "vitest";
import { readArguments } from "../../../src/cli/arguments/arguments.ts";
import { runOptions } from "../../../src/cli/arguments/run-options.ts";
import { CLEAN, UNWATCHED } from "../program.ts";

describe("--allow-outside-paths", () => {
  it.each([
    ["check", [...CLEAN], false],
    ["check", [...CLEAN, "--allow-outside-paths"], true],
    ["plan", ["plan", ...CLEAN], false],
    ["plan", ["plan", "--allow-outside-paths", ...CLEAN], true],
    ["probe", ["probe", ...CLEAN], false],
    ["probe", ["probe", "--allow-outside-paths", ...CLEAN], true],
  ])("reaches the run of preflight %s", async (command, argv, allowed) => {
    const invocation = readArguments(argv);
    expect(invocation.command).toBe(command);
    const options =
      invocation.command === "check"
        ? { ...invocation.options, deployment: invocation.options.paths[0] ?? "" }
        : invocation.command === "plan" || invocation.command === "probe"
          ? invocation.options
          : null;
    if (options === null) throw new Error(invocation.command);
    const context = { ...UNWATCHED, cwd: process.cwd(), stdin: process.stdin, env: {} };
    expect(await runOptions(options, context)).toMatchObject({ allowOutsidePaths: allowed });
  });
});
