import { describe, expect, it } from "vitest";
import type { RunReport } from "../../src/engine/run-report.ts";
import type { FormatOptions } from "../../src/report/format.ts";
import { unpainted } from "../../src/report/paint.ts";
import { stylish } from "../../src/report/stylish.ts";
import { textWidth } from "../../src/report/text-width.ts";
import { subjectName } from "../../src/report/wording.ts";
import { expectGolden } from "./golden.ts";
import {
  check,
  cleanReport,
  crashedReport,
  failed,
  failingReport,
  finding,
  hostileReport,
  report,
  undecidedReport,
  waivedReport,
} from "./sample-report.ts";

const SAMPLES: Readonly<Record<string, () => RunReport>> = {
  clean: cleanReport,
  failing: failingReport,
  undecided: undecidedReport,
  crashed: crashedReport,
  hostile: hostileReport,
  waived: waivedReport,
};

function render(sample: RunReport, options: Partial<FormatOptions> = {}): string {
  const all = { color: false, width: 80, quiet: false, ...options };
  return [...stylish(sample, all)].join("");
}

describe.each(Object.entries(SAMPLES))("stylish, %s report", (name, sample) => {
  it.each([40, 80, 160])("reads well at %i columns", (width) => {
    expectGolden(`stylish-${name}-${width}`, render(sample(), { width }));
  });

  it("reads well in colour", () => {
    expectGolden(`stylish-${name}-80-colour`, render(sample(), { color: true }));
  });

  it.each([20, 40, 60, 80, 120, 160, 200])("says the same with and without colour at %i columns", (width) => {
    expect(unpainted(render(sample(), { width, color: true }))).toBe(render(sample(), { width }));
  });

  it.each([40, 60, 80, 160, 200])("keeps within %i columns, but for headings, commands and code", (width) => {
    const plain: RunReport = {
      ...sample(),
      errors: [],
      checks: sample().checks.map((one) => ({ ...one, remediation: null })),
    };
    const headings = plain.checks.map(({ subject }) => subjectName(subject));
    const tooWide = render(plain, { width })
      .split("\n")
      .filter((line) => textWidth(line) > width && !headings.includes(line));
    expect(tooWide).toEqual([]);
  });

  it("ends with the gate, and no other line begins like it", () => {
    const lines = render(sample()).trimEnd().split("\n");
    expect(lines.filter((line) => line.startsWith("Gate:"))).toHaveLength(1);
    expect(lines.findLastIndex((line) => /^\S/.test(line))).toBe(lines.findIndex((line) => line.startsWith("Gate:")));
  });

  it("lets no control character through but line ends", () => {
    expect(render(sample())).not.toMatch(/[^\P{C}\n]/u);
    expect(unpainted(render(sample(), { color: true }))).not.toMatch(/[^\P{C}\n]/u);
  });
});

describe("stylish", () => {
  const open = { gate: "open", gate_reason: "nothing closes it" } as const;
  const line = (number: number, column = 1) => ({
    path: "deployment.yaml",
    line: number,
    column,
    end_line: number,
    end_column: column + 1,
  });

  it("groups by file in input order, then files that are no input, then subjects; and sorts by position", () => {
    const text = render(
      report(
        [
          failed("vm/no-snapshots", "node a", finding("On a subject.")),
          failed(
            "vm/no-snapshots",
            "node a",
            finding("In a certificate.", { location: { ...line(1), path: "conf01.pem" } }),
          ),
          failed(
            "vm/no-snapshots",
            "node a",
            finding("In the inventory.", { location: { ...line(9), path: "estate/inventory.json" } }),
          ),
          failed("vm/no-snapshots", "node a", [
            finding("Third.", { location: line(20) }),
            finding("Second.", { location: line(3, 12) }),
            finding("First.", { location: line(3, 5) }),
          ]),
        ],
        open,
      ),
    );
    const order = [
      "deployment.yaml\n",
      "First.",
      "Second.",
      "Third.",
      "estate/inventory.json\n",
      "In the inventory.",
      "conf01.pem\n",
      "In a certificate.",
      "node a\n",
      "On a subject.",
    ];
    const found = order.map((part) => text.indexOf(part));
    expect(found).not.toContain(-1);
    expect(found).toEqual([...found].sort((a, b) => a - b));
  });

  it("says the advice of a rule once, and the commands of every subject with its finding", () => {
    const advice = "Reserve all memory.";
    const text = render(
      report(
        ["a", "b", "c"].map((name) =>
          failed("vm/memory-reserved", `node ${name}`, finding(`${name} reserves nothing.`), {
            remediation: `${advice}\ngovc vm.change -vm ${name}`,
          }),
        ),
        open,
      ),
    );
    expect(text.split(advice)).toHaveLength(2);
    for (const name of ["a", "b", "c"]) expect(text.split(`govc vm.change -vm ${name}\n`)).toHaveLength(2);
  });

  it("keeps a command on one line, however narrow the terminal", () => {
    const command = `govc vm.change -vm ${"a-long-name-".repeat(10)}`;
    const text = render(
      report([failed("vm/memory-reserved", "node a", finding("No."), { remediation: `Do.\n${command}` })], open),
      { width: 40 },
    );
    expect(text).toContain(` ${command}\n`);
  });

  it("hides warnings, infos and what is undecided at their severity when quiet, and says how many", () => {
    const text = render(
      report(
        [
          failed("node/unique-hostname", "node a", finding("An error.")),
          failed("vm/memory-reserved", "node a", finding("A warning.")),
          failed("vm/no-snapshots", "node a", finding("An info.")),
          check("vm/memory-reserved", "node b", { verdict: "inconclusive", reason: "Warning undecided." }),
          check("node/unique-hostname", "node b", { verdict: "inconclusive", reason: "Error undecided." }),
          check("vm/no-snapshots", "node c", { verdict: "crashed", reason: "Broken." }),
        ],
        open,
      ),
      { quiet: true },
    );
    for (const kept of [
      "An error.",
      "Error undecided",
      "Broken.",
      "Hidden by --quiet: 1 warning, 1 info and 1 undecided check.",
    ]) {
      expect(text).toContain(kept);
    }
    for (const gone of ["A warning.", "An info.", "Warning undecided"]) expect(text).not.toContain(gone);
    expect(text).toContain("3 failed (1 error, 1 warning, 1 info), 2 undecided");
  });

  it("counts a check with two gaps under both, and one that waits for another under its root cause alone", () => {
    const root = { rule: "dns/server-reachable", subject: { kind: "dns-server", name: "10.44.0.11" } };
    const gap = (what: string) => ({ what, location: null });
    const text = render(
      report(
        [
          check("vm/memory-reserved", "node a", { verdict: "inconclusive", missing: [gap("no X"), gap("no Y")] }),
          check("vm/memory-reserved", "node b", { verdict: "inconclusive", missing: [gap("no Y")] }),
          check("dns/srv-record", "node c", { verdict: "inconclusive", missing: [gap("no Y")], because: [root] }),
        ],
        open,
      ),
    );
    expect(text).toMatch(
      / no Y: 2 checks\n[^]* no X: 1 check\n[^]* because dns\/server-reachable failed for dns-server 10\.44\.0\.11: 1 check\n/,
    );
  });

  it("names at most three rules of a gap and counts the others", () => {
    const rules = [
      "vm/memory-reserved",
      "vm/no-snapshots",
      "dns/srv-record",
      "node/unique-hostname",
      "time/ntp-reachable",
    ];
    const missing = [{ what: "no X", location: null }];
    const text = render(
      report(
        rules.map((id) => check(id, "node a", { verdict: "inconclusive", missing })),
        open,
      ),
    );
    expect(text).toContain("vm/memory-reserved, vm/no-snapshots, dns/srv-record and 2 more\n");
  });

  it("says how many checks a partial run skipped", () => {
    const text = render(report([check("dns/srv-record", "node a", { verdict: "skipped", reason: "--no-live" })], open));
    expect(text).toContain("Gate: OPEN — nothing closes it (partial: 1 check skipped).\n");
  });

  it("shows every verdict's count, zeros too, with thousands apart", () => {
    const checks = Array.from({ length: 1204 }, (_, index) => check("vm/no-snapshots", `node n${index}`));
    expect(render(report(checks, open), { width: 200 })).toContain(
      "1,204 checks: 1,204 passed, 0 failed, 0 undecided, 0 not applicable, 0 skipped, 0 waived, 0 crashed\n",
    );
  });

  it("copes with very many findings in one file", () => {
    const many = Array.from({ length: 150_000 }, () => finding("No.", { location: line(1) }));
    expect(render(report([failed("vm/no-snapshots", "node a", many)], open)).split("vm/no-snapshots")).toHaveLength(
      150_001,
    );
  });
});
