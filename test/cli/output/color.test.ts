import { describe, expect, it } from "vitest";
import { useColor } from "../../../src/cli/output/color.ts";

describe("useColor", () => {
  it.each([
    ["auto", {}, true, true],
    ["auto", {}, false, false],
    ["auto", { TERM: "dumb" }, true, false],
    ["auto", { NO_COLOR: "1" }, true, false],
    ["auto", { NO_COLOR: "0" }, true, false],
    ["auto", { NO_COLOR: "" }, true, true],
    ["auto", { FORCE_COLOR: "1" }, false, true],
    ["auto", { FORCE_COLOR: "true" }, false, true],
    ["auto", { FORCE_COLOR: "0" }, true, false],
    ["auto", { FORCE_COLOR: "false" }, true, false],
    ["auto", { FORCE_COLOR: "" }, true, true],
    ["auto", { FORCE_COLOR: "3", NO_COLOR: "1" }, false, true],
    ["auto", { FORCE_COLOR: "0", NO_COLOR: "" }, true, false],
    ["auto", { FORCE_COLOR: "1", TERM: "dumb" }, false, true],
    ["always", { NO_COLOR: "1", FORCE_COLOR: "0", TERM: "dumb" }, false, true],
    ["never", { FORCE_COLOR: "1" }, true, false],
  ] as const)("--color %s, %j, terminal: %j → %j", (choice, env, isTerminal, expected) => {
    expect(useColor(choice, env, isTerminal)).toBe(expected);
  });
});
