import { describe, expect, it } from "vitest";
import type { Check, RunReport } from "../../../src/schema/report.generated.ts";
import type { FormatOptions } from "../../../src/report/format-options.ts";
import { unpainted } from "../../../src/report/text/paint.ts";
import { stylish } from "../../../src/report/stylish/stylish.ts";
import { textWidth } from "../../../src/report/text/text-width.ts";
import { subjectName } from "../../../src/report/text/wording.ts";
import { expectGolden } from "../golden.ts";
import {
  check,
  cleanReport,
  crashedReport,
  failed,
  failingReport,
  finding,
  hostileReport,
  POLICY,
  report,
  inconclusiveReport,
  waivedReport,
} from "../sample-report.ts";

const SAMPLES: Readonly<Record<string, () => RunReport>> = {
  clean: cleanReport,
  failing: failingReport,
  inconclusive: inconclusiveReport,
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

  it.each([20, 40, 60, 80, 120, 160, 200])("has the same content with and without colour at %i columns", (width) => {
    expect(unpainted(render(sample(), { width, color: true }))).toBe(render(sample(), { width }));
  });

  it.each([40, 60, 80, 160, 200])("keeps within %i columns, except headings, commands and code", (width) => {
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

describe("stylish, a run that evaluated nothing", () => {
  const NONE = { gate: "no-verdict", gate_reason: "no check was evaluated" } as const;
  const textOf = (checks: Parameters<typeof report>[0]) =>
    [...stylish(report(checks, NONE), { color: false, width: 80, quiet: false })].join("").replaceAll(/\s+/g, " ");
  const skipped = (reason: string) => check("vm/no-snapshots", "node a", { verdict: "skipped", reason });

  it.each([
    ["all rules are off", [], "Next: enable rules: all of them are off."],
    [
      "options skip all",
      [skipped("live checks are skipped (--no-live)"), skipped("not selected by --only")],
      "Next: omit --no-live and --only, or select other rules: no check is left to evaluate.",
    ],
    [
      "nothing applies",
      [check("vm/no-snapshots", "node a", { verdict: "not-applicable", reason: "no node" })],
      "Next: add to the files: no rule applies to their contents.",
    ],
  ])("says what to do where %s", (_, checks, step) => {
    expect(textOf(checks)).toContain(step);
  });
});

describe("stylish", () => {
  const open = { gate: "passed", gate_reason: "nothing fails it" } as const;
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

  it("prints the advice of a rule once, and the commands of every subject with its finding", () => {
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

  it("keeps a command on one line on a terminal of any width", () => {
    const command = `govc vm.change -vm ${"a-long-name-".repeat(10)}`;
    const text = render(
      report([failed("vm/memory-reserved", "node a", finding("No."), { remediation: `Do.\n${command}` })], open),
      { width: 40 },
    );
    expect(text).toContain(`\n${command}\n`);
  });

  it("hides warnings, infos and inconclusive checks of these severities with --quiet, and reports how many", () => {
    const text = render(
      report(
        [
          failed("node/unique-hostname", "node a", finding("An error.")),
          failed("vm/memory-reserved", "node a", finding("A warning.")),
          failed("vm/no-snapshots", "node a", finding("An info.")),
          check("vm/memory-reserved", "node b", { verdict: "inconclusive", reason: "Warning inconclusive." }),
          check("node/unique-hostname", "node b", { verdict: "inconclusive", reason: "Error inconclusive." }),
          check("vm/no-snapshots", "node c", { verdict: "crashed", reason: "Broken." }),
        ],
        open,
      ),
      { quiet: true },
    );
    for (const kept of [
      "An error.",
      "Error inconclusive",
      "Broken.",
      "Hidden by --quiet: 1 warning, 1 info and 1 inconclusive check.",
    ]) {
      expect(text).toContain(kept);
    }
    for (const gone of ["A warning.", "An info.", "Warning inconclusive"]) expect(text).not.toContain(gone);
    expect(text).toContain("3 failed (1 error, 1 warning, 1 info), 2 inconclusive");
  });

  it("counts a check with two gaps under both, and one that depends on another only under its root cause", () => {
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

  it("reports how many checks a partial run skipped", () => {
    const text = render(report([check("dns/srv-record", "node a", { verdict: "skipped", reason: "--no-live" })], open));
    expect(text).toContain("Gate: PASSED — nothing fails it (partial: 1 check skipped).\n");
  });

  it("counts the verdicts that checks have, with thousands apart", () => {
    const checks = Array.from({ length: 1204 }, (_, index) => check("vm/no-snapshots", `node n${index}`));
    expect(render(report(checks, open), { width: 200 })).toContain("1,204 checks: 1,204 passed\n");
  });

  it("copes with very many findings in one file", () => {
    const many = Array.from({ length: 150_000 }, () => finding("No.", { location: line(1) }));
    const sample = report([failed("vm/no-snapshots", "node a", many)], open);
    expect(render(sample, { all: true }).split("vm/no-snapshots")).toHaveLength(150_001);
    expect(render(sample)).toContain("… and 149,999 more like it on 1 node: a (1:1).\n");
  });

  const nodes = (count: number, at: (index: number) => OpenAt = () => ({})) =>
    Array.from({ length: count }, (_, index) =>
      failed("vm/memory-reserved", `node n${index}`, finding(`Memory of node n${index} is not reserved.`, at(index)), {
        remediation: `Reserve it.\ngovc vm.change -vm n${index}`,
      }),
    );
  type OpenAt = Parameters<typeof finding>[1];

  it("groups equal findings of five or more subjects, names three of them, and lists all on request", () => {
    const sample = report(
      nodes(38, (index) => ({ location: line(100 - index, 3) })),
      open,
    );
    const text = render(sample, { width: 100 });
    expect(text).toContain("Memory of node n37 is not reserved.");
    expect(text).toContain("… and the same on 37 more nodes: n36 (64:3), n35 (65:3), n34 (66:3) and 34 more.\n");
    expect(text).toContain("Grouped: 37 findings like those above; --all lists each.\n");
    expect(text.split(" is not reserved.")).toHaveLength(2);
    const all = render(sample, { width: 100, all: true });
    expect(all).not.toMatch(/Grouped|… and/);
    expect(all.split(" is not reserved.")).toHaveLength(39);
  });

  it("groups across subjects without a file, and does not group four", () => {
    expect(render(report(nodes(5), open), { width: 100 })).toContain(
      "… and the same on 4 more nodes: n1, n2, n3 and 1 more.\n",
    );
    expect(render(report(nodes(4), open))).not.toContain("…");
  });

  it("folds neither other severities nor messages that differ by more than names and numbers", () => {
    const said = ["Memory of node n1 is 8190.", "Disk of node n1 is 40."];
    const sample = report(
      Array.from({ length: 8 }, (_, index) =>
        failed("vm/memory-reserved", `node n${index}`, finding(said[index % 2] ?? "")),
      ),
      open,
    );
    for (const message of said) expect(render(sample).split(message)).toHaveLength(5);
    const severities = [...nodes(4), ...nodes(4).map((one) => ({ ...one, severity: "info" as const }))];
    expect(render(report(severities, open))).not.toContain("…");
  });

  it("shows the first twenty reasons for inconclusive checks, and all on request", () => {
    const checks = Array.from({ length: 25 }, (_, index) =>
      check("vm/memory-reserved", "node a", {
        verdict: "inconclusive",
        missing: [{ what: `no X${index}`, location: null }],
      }),
    );
    expect(render(report(checks, open))).toContain("… and 5 more reasons; --all lists them\n");
    expect(render(report(checks, open), { all: true })).toContain("no X24: 1 check\n");
  });

  it("lists next steps, by number of resolved checks, unless the gate passed", () => {
    const checks = [
      failed("dns/srv-record", "node a", finding("No.")),
      ...["a", "b"].map((name) => failed("node/unique-hostname", `node ${name}`, finding("No."))),
      check("node/unique-hostname", "node c", {
        verdict: "inconclusive",
        missing: [{ what: "no inventory given; add --inventory FILE", location: null }],
      }),
    ];
    const errors = checks.map((one) => ({ ...one, severity: "error" as const }));
    const text = render(report(errors, { gate: "failed", gate_reason: "errors" }), { width: 200 });
    expect(text).toContain(
      "Next: fix 3 errors: node/unique-hostname (2), dns/srv-record (1); preflight rules show ID explains a rule;\n" +
        "      provide the missing values for 1 required check: no inventory given; add --inventory FILE.\nGate: FAILED",
    );
    const policy = { ...POLICY, inconclusive: "ignore" } as const;
    const allowed = errors.filter(({ verdict }) => verdict === "inconclusive");
    expect(render(report(allowed, open, { policy }))).not.toContain("Next:");
  });

  it("lists next steps for warnings that fail the gate, with errors and without", () => {
    const warning = failed("vm/memory-reserved", "node a", finding("No."));
    const required = check("node/unique-hostname", "node c", { verdict: "inconclusive", reason: "no answer" });
    const nextOf = (checks: readonly Check[], inconclusive: "warn" | "ignore") => {
      const policy = { ...POLICY, inconclusive, max_warnings: 0 };
      const text = render(report(checks, { gate: "failed", gate_reason: "" }, { policy }), { width: 200 });
      return /Next: (.*?)\nGate:/s.exec(text)?.[1];
    };
    const explains = "; preflight rules show ID explains a rule";
    expect(nextOf([warning, required], "ignore")).toBe(`fix 1 warning: vm/memory-reserved${explains}.`);
    expect(nextOf([warning, required], "warn")).toBe(
      `fix 1 warning: vm/memory-reserved${explains};\n      provide the missing values for 1 required check: no answer.`,
    );
    const error = failed("node/unique-hostname", "node a", finding("No."));
    expect(nextOf([warning, error], "warn")).toBe(
      `fix 1 error and 1 warning: vm/memory-reserved (1), node/unique-hostname (1)${explains}.`,
    );
  });

  it.each([40, 80])("shows the lines of each finding on request, at %i columns", (width) => {
    expectGolden(`stylish-failing-${width}-frames`, render(failingReport(), { width, frames: true }));
  });

  it("links locations and files, and reads the same without links", () => {
    const links = (path: string, at: number | null) => `file://here/${path}${at === null ? "" : `#${at}`}`;
    for (const [sample, width] of Object.values(SAMPLES).flatMap((one) => [40, 80].map((w) => [one(), w] as const))) {
      const safe = (path: string, at: number | null) => (/^[!-~]+$/.test(path) ? links(path, at) : null);
      expect(unpainted(render(sample, { width, links: safe }))).toBe(render(sample, { width }));
    }
    const text = render(
      report(
        nodes(5, () => ({ location: line(7, 3) })),
        open,
      ),
      { links },
    );
    expect(text).toContain("\u001b]8;;file://here/deployment.yaml\u001b\\deployment.yaml\u001b]8;;\u001b\\\n");
    expect(text).toContain("\u001b]8;;file://here/deployment.yaml#7\u001b\\7:3\u001b]8;;\u001b\\");
  });

  it("makes no link of a URL that could end it", () => {
    const text = render(
      report(
        nodes(1, () => ({ location: line(7) })),
        open,
      ),
      { links: () => "file:///a\u001b\\b" },
    );
    expect(text).not.toContain("\u001b");
  });
});
