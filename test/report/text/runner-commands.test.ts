import { describe, expect, it } from "vitest";
import { renderErrors } from "../../../src/report/errors.ts";
import { terminalLine } from "../../../src/report/text/runner-commands.ts";
import { stylish } from "../../../src/report/stylish/stylish.ts";
import { check, failed, finding, report, reportError } from "../sample-report.ts";

/** As the runner of GitHub Actions looks for commands in a line of a log. */
const isCommand = (line: string) => /^\s*::[a-z-]+(?: .*?)?::/i.test(line) || /##\[[a-z-]+[^\]]*\]/i.test(line);

describe("terminalLine", () => {
  it.each([
    ["::error::x", "\\x3a:error::x"],
    ["  ::error file=x,line=1::x", "  \\x3a:error file=x,line=1::x"],
    ["Memory of ##[add-mask]x", "Memory of #\\x23[add-mask]x"],
  ])("disarms %j", (line, expected) => {
    expect(isCommand(line)).toBe(true);
    expect(terminalLine(line)).toBe(expected);
    expect(isCommand(expected)).toBe(false);
  });

  it.each(["::1 is no address of a node", "  fd00::1", "a ::error::x", "## [x]"])("leaves %j alone", (line) => {
    expect(terminalLine(line)).toBe(line);
  });
});

describe("text for people", () => {
  const name = `${"x".repeat(50)} ::stop-commands::y ##[add-mask]z`;

  it.each([30, 40, 50, 60, 70, 80, 100])("obeys no name in a log of GitHub Actions, %i columns wide", (width) => {
    const sample = report(
      [
        failed("vm/no-snapshots", `node ${name}`, finding(`${name} has ${name}.`), {
          remediation: `${name}\n::error::x`,
        }),
        check("vm/memory-reserved", `node ${name}`, { verdict: "inconclusive", reason: name }),
        check("vm/memory-reserved", `node ${name}`, { verdict: "crashed", reason: name }),
      ],
      { gate: "no-verdict", gate_reason: name },
    );
    const errors = renderErrors([reportError(name, { hint: name })], { color: false, width, excerpts: [] });
    const text = [...stylish(sample, { color: false, width, quiet: false })].join("") + errors;
    expect(text).toContain("stop-commands");
    expect(text.split("\n").filter(isCommand)).toEqual([]);
  });
});
