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
    if (!("options" in invocation) || !("deployment" in invocation.options)) throw new Error(invocation.command);
    expect(invocation.command).toBe(command);
    const context = { ...UNWATCHED, cwd: process.cwd(), stdin: process.stdin, env: {} };
    expect(await runOptions(invocation.options, context)).toMatchObject({ allowOutsidePaths: allowed });
  });
});
