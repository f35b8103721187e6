import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RunReport, Severity } from "../../src/schema/report.generated.ts";
import { github } from "../../src/report/github.ts";
import { expectGolden } from "./golden.ts";
import {
  at,
  check,
  cleanReport,
  failed,
  failingReport,
  finding,
  report,
  inconclusiveReport,
  waivedReport,
} from "./sample-report.ts";

const CLOSED = { gate: "failed", gate_reason: "something failed" } as const;

interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

function textOf(sample: RunReport, quiet = false): string {
  return [...github(sample, { quiet })].join("");
}

/** As the runner reads commands: one a line, properties up to the first `::`, then unescaped. */
function commands(text: string): Command[] {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => {
      const [, name = "", list = "", message = ""] = /^::(\w+) (.*?)::(.*)$/.exec(line) ?? [];
      const plain = (escaped: string) =>
        escaped
          .replaceAll("%2C", ",")
          .replaceAll("%3A", ":")
          .replaceAll("%0A", "\n")
          .replaceAll("%0D", "\r")
          .replaceAll("%25", "%");
      const properties = list.split(",").map((pair) => {
        const at = pair.indexOf("=");
        return [pair.slice(0, at), plain(pair.slice(at + 1))] as const;
      });
      return { name, properties: Object.fromEntries(properties), message: plain(message) };
    })
    .filter(({ properties }) => properties["title"] !== "Preflight: based on");
}

describe("github", () => {
  it.each(Object.entries({ failingReport, inconclusiveReport, waivedReport, cleanReport }))(
    "reads well: %s",
    (name, sample) => {
      expectGolden(`github-${name}`, textOf(sample()));
    },
  );

  it("points at the file from the root of the repository, the last column being the last one marked", () => {
    const [found] = commands(
      textOf(
        report(
          [failed("vm/no-snapshots", "node a", finding("Wrong.", { location: at("deployment.yaml", "8190") }))],
          CLOSED,
        ),
      ),
    );
    expect(found?.properties).toEqual({
      ...{ file: "site/deployment.yaml", line: "23", endLine: "23", col: "23", endColumn: "26" },
      title: "vm/no-snapshots",
    });
  });

  it("stays within GitHub's limit per step, with the number of omitted annotations in the last command", () => {
    const checks = (["error", "warn", "info"] as const).flatMap((severity: Severity) =>
      Array.from({ length: 25 }, (_, index) =>
        failed("vm/no-snapshots", `node ${index}`, finding("Wrong."), { severity }),
      ),
    );
    const all = commands(textOf(report(checks, CLOSED)));
    // One notice has the basis of the result.
    const shown = { error: 10, warning: 10, notice: 9 };
    for (const [name, count] of Object.entries(shown)) {
      expect(all.filter((one) => one.name === name)).toHaveLength(count);
    }
    expect(all.at(-1)?.message).toContain("16 errors, 15 warnings and 16 notices more in the report.");
    expect(commands(textOf(report(checks, CLOSED), true)).map(({ name }) => name)).toEqual(Array(10).fill("error"));
  });

  it("reports a missing value once, not for every check", () => {
    const gap = { what: "no inventory given; add --inventory FILE", location: null };
    const checks = Array.from({ length: 50 }, (_, index) =>
      check("vm/hardware-version-avx2", `node ${index}`, { verdict: "inconclusive", missing: [gap] }),
    );
    expect(commands(textOf(report(checks, CLOSED))).map(({ message }) => message)).toEqual([
      "Inconclusive: no inventory given; add --inventory FILE. This concerns 50 checks (vm/hardware-version-avx2).",
      expect.stringMatching(/^something failed\. 50 checks:/),
    ]);
  });

  it("has one command per line, for any names", () => {
    const hostile = fc.string({
      unit: fc.constantFrom("::error::", "%0A", "%", "\n", "\r", ",", ":", "=", "a", "\u2028", "##["),
    });
    fc.assert(
      fc.property(hostile, (name) => {
        const text = textOf(
          report(
            [
              failed(
                "vm/no-snapshots",
                `node ${name}`,
                finding(name || "x", { location: { ...at("deployment.yaml", "8190"), path: name } }),
                { remediation: name },
              ),
            ],
            { gate: "failed", gate_reason: name },
          ),
        );
        const all = commands(text);
        expect(all).toHaveLength(2);
        for (const one of all) expect(["error", "warning", "notice"]).toContain(one.name);
        expect(Object.keys(all[0]?.properties ?? {})).toEqual(["file", "line", "endLine", "col", "endColumn", "title"]);
        expect(all[0]?.properties["title"]).toBe("vm/no-snapshots");
      }),
    );
  });
});
