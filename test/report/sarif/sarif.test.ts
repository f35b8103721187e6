import type { Log, Result, Run } from "sarif";
import { describe, expect, it } from "vitest";
import type { Check, RunReport } from "../../../src/schema/report.generated.ts";
import { lineHashes } from "../../../src/report/model/line-hash.ts";
import { sarif } from "../../../src/report/sarif/sarif.ts";
import { SARIF_INCLUSIONS, type SarifInclusion, type SarifOptions } from "../../../src/report/format-options.ts";
import { expectGolden } from "../golden.ts";
import {
  at,
  check,
  cleanReport,
  crashedReport,
  DEPLOYMENT,
  failed,
  failingReport,
  finding,
  HOSTILE_NAME,
  hostileReport,
  POLICY,
  report,
  reportError,
  RULES,
  inconclusiveReport,
  waivedReport,
} from "../sample-report.ts";

const SAMPLES: readonly (readonly [string, () => RunReport])[] = [
  ["clean", cleanReport],
  ["failing", failingReport],
  ["inconclusive", inconclusiveReport],
  ["crashed", crashedReport],
  ["hostile", hostileReport],
  ["waived", waivedReport],
];
const CLOSED = { gate: "failed", gate_reason: "something failed" } as const;

function text(sample: RunReport, options?: SarifOptions): string {
  return [...sarif(sample, options && { sarif: options })].join("");
}

function runOf(sample: RunReport, options?: SarifOptions): Run {
  const log = JSON.parse(text(sample, options)) as Log;
  const [run, ...others] = log.runs;
  if (run === undefined || others.length > 0) throw new Error("a log has one run");
  return run;
}

function resultsOf(sample: RunReport, options?: SarifOptions): Result[] {
  return runOf(sample, options).results ?? [];
}

/** Every value inside a value, with its path. */
function* everything(value: unknown, path = ""): Generator<readonly [string, unknown]> {
  yield [path, value];
  if (typeof value !== "object" || value === null) return;
  for (const [key, item] of Object.entries(value)) yield* everything(item, `${path}/${key}`);
}

describe.each(SAMPLES)("sarif, %s report", (_name, sample) => {
  it("names version, schema and tool", () => {
    const log = JSON.parse(text(sample())) as Log;
    expect(log.version).toBe("2.1.0");
    expect(log.$schema).toBe("https://json.schemastore.org/sarif-2.1.0.json");
    expect(runOf(sample()).columnKind).toBe("utf16CodeUnits");
    expect(runOf(sample()).tool.driver).toMatchObject({ name: "infinity-preflight", semanticVersion: "0.1.0" });
  });

  it("lists every rule, regardless of the results, and refers to it by index", () => {
    const { driver } = runOf(sample()).tool;
    expect(driver.rules?.slice(0, RULES.length).map(({ id }) => id)).toEqual(RULES.map(({ id }) => id));
    for (const { ruleId, ruleIndex } of resultsOf(sample())) expect(driver.rules?.[ruleIndex ?? -1]?.id).toBe(ruleId);
  });

  it("has no null and no empty text", () => {
    const empty = [...everything(JSON.parse(text(sample())))].filter(([, value]) => value === null || value === "");
    expect(empty).toEqual([]);
  });

  it("shows every result at one location, with a repository URI, a range that runs forward, and a fingerprint", () => {
    for (const { locations, partialFingerprints, message } of resultsOf(sample())) {
      expect(locations).toHaveLength(1);
      const { artifactLocation, region } = locations?.[0]?.physicalLocation ?? {};
      expect(artifactLocation?.uri).toMatch(/^site\/[\w.%()/~!*'-]+$/);
      const { startLine = 0, startColumn = 0, endLine = 0, endColumn = 0 } = region ?? {};
      expect(Math.min(startLine, startColumn)).toBeGreaterThanOrEqual(1);
      expect(endLine > startLine || (endLine === startLine && endColumn >= startColumn)).toBe(true);
      expect(partialFingerprints?.["preflight/v1"]).toMatch(/^[0-9a-f]{32}$/);
      expect(message.text).toMatch(/[.。]$/);
    }
  });

  it("links only to its own related locations", () => {
    for (const { message, relatedLocations } of resultsOf(sample())) {
      const targets = [...(message.text ?? "").matchAll(/\]\(([^)]*)\)/g)].map(([, target]) => Number(target));
      expect(targets).toEqual((relatedLocations ?? []).map(({ id }) => id));
    }
  });

  it("is the same text for the same report, without control characters", () => {
    expect(text(sample())).toBe(text(sample()));
    expect(text(sample())).not.toMatch(/[^\P{C}\n]/u);
  });
});

describe("sarif", () => {
  // CI validates these, and those of fixtures/runs, with the schema and with GitHub's requirements.
  it.each(SAMPLES)("reads well: %s", (name, sample) => {
    expectGolden(`sarif-${name}.sarif`, text(sample()));
  });

  it("reads well with all that may be in it", () => {
    expectGolden(
      "sarif-all.sarif",
      text(waivedReport(), { include: new Set(SARIF_INCLUSIONS), category: "oslo", docsUrl: null }),
    );
  });

  it.each([
    ["a folder", "https://docs.example.com/preflight", "https://docs.example.com/preflight/rules/vm/thick-disk.html"],
    ["a folder that ends in a slash", "https://docs.example.com/", "https://docs.example.com/rules/vm/thick-disk.html"],
    ["a pattern", "https://example.com/?page={rule}", "https://example.com/?page=vm/thick-disk"],
  ])("links the page of each built-in rule below %s", (_, docsUrl, expected) => {
    const report = { ...cleanReport(), rules: cleanReport().rules.slice(0, 2) };
    const [builtIn, ofPlugin] = report.rules;
    if (builtIn === undefined || ofPlugin === undefined) throw new Error("The sample has two rules.");
    const rules = [
      { ...builtIn, id: "vm/thick-disk" },
      { ...ofPlugin, docs: "# lab/rule" },
    ];
    const shown = runOf({ ...report, rules }, { include: new Set(), category: null, docsUrl });
    expect(shown.tool.driver.rules?.map(({ helpUri }) => helpUri)).toEqual([expected, undefined]);
    const without = runOf({ ...report, rules }, { include: new Set(), category: null, docsUrl: null });
    expect(without.tool.driver.rules?.map(({ helpUri }) => helpUri)).toEqual([undefined, undefined]);
  });

  it("has an empty list of results when nothing fails the gate", () => {
    expect(runOf(cleanReport()).results).toEqual([]);
    expect(runOf(cleanReport()).invocations).toEqual([
      {
        executionSuccessful: true,
        exitCode: 0,
        startTimeUtc: "2025-03-01T09:00:00.000Z",
        endTimeUtc: "2025-03-01T09:00:01.250Z",
        toolConfigurationNotifications: [
          {
            level: "note",
            message: { text: expect.stringMatching(/^Based on /) as string },
            descriptor: { id: "basis" },
          },
        ],
      },
    ]);
  });

  it("describes a rule for people and for GitHub", () => {
    const rule = runOf(cleanReport()).tool.driver.rules?.find(({ id }) => id === "vm/memory-reserved");
    expect(rule).toEqual({
      id: "vm/memory-reserved",
      name: "VmMemoryReserved",
      shortDescription: { text: "Require reserved memory." },
      fullDescription: {
        text: 'Require reserved memory. Source: guide-v25, "VMware hardware requirements" (a strong recommendation).',
      },
      help: {
        text:
          'Require reserved memory.\nSource: guide-v25, "VMware hardware requirements" (a strong recommendation).\n' +
          "How to fix: Reserve all memory of the virtual machine.",
        markdown:
          'Require reserved memory.\n\n**Source:** guide-v25, "VMware hardware requirements" (a strong recommendation).\n\n' +
          "**How to fix:** Reserve all memory of the virtual machine.\n\nRule `vm/memory-reserved`, since version 0.1.0.",
      },
      defaultConfiguration: { level: "warning" },
      properties: {
        tags: ["vm", "static", "strongly-recommended"],
        precision: "very-high",
        "problem.severity": "warning",
      },
    });
  });

  it("points at the range and quotes it", () => {
    const [result] = resultsOf(
      report(
        [failed("vm/memory-multiple-of-4", "node a", finding("Wrong.", { location: at("deployment.yaml", "8190") }))],
        CLOSED,
      ),
    );
    expect(result?.locations).toEqual([
      {
        physicalLocation: {
          artifactLocation: { uri: "site/deployment.yaml" },
          region: { startLine: 23, startColumn: 23, endLine: 23, endColumn: 27, snippet: { text: "8190" } },
        },
        logicalLocations: [{ fullyQualifiedName: "node a", kind: "object" }],
      },
    ]);
    expect(result?.partialFingerprints?.["primaryLocationLineHash"]).toBe(
      lineHashes(DEPLOYMENT, new Set([23])).get(23),
    );
  });

  it("does without snippet and line hash when the text is not at hand", () => {
    const [result] = resultsOf({ ...failingReport(), excerpts: [] });
    expect(result?.locations?.[0]?.physicalLocation?.region).not.toHaveProperty("snippet");
    expect(Object.keys(result?.partialFingerprints ?? {})).toEqual(["preflight/v1"]);
  });

  it("quotes a range of several lines", () => {
    const location = { path: "deployment.yaml", line: 2, column: 3, end_line: 3, end_column: 11 };
    const [result] = resultsOf(report([failed("vm/no-snapshots", "node a", finding("Wrong.", { location }))], CLOSED));
    expect(result?.locations?.[0]?.physicalLocation?.region?.snippet?.text).toBe('version: "25"\nvm_manager');
  });

  it.each([
    ["error", "error"],
    ["warn", "warning"],
    ["info", "note"],
  ] as const)("gives severity %s the level %s", (severity, level) => {
    const [result] = resultsOf(report([failed("vm/no-snapshots", "node a", finding("Wrong."), { severity })], CLOSED));
    expect(result?.level).toBe(level);
  });

  it("shows a finding without a line where its subject is named, else at the deployment's first line, with its subject", () => {
    const cell = { path: "vms.xlsx", sheet: "vMemory", cell: "K7" };
    const results = resultsOf(
      report(
        [
          failed("vm/no-snapshots", "node a", finding("First."), { location: at("deployment.yaml", "oslo-conf01") }),
          failed("vm/no-snapshots", "node b", finding("Second.", { location: cell })),
        ],
        CLOSED,
      ),
    );
    expect(results.map(({ message }) => message.text)).toEqual([
      "First. This is about node a.",
      "Second. This is about node b, at vms.xlsx:vMemory!K7.",
    ]);
    expect(results.map(({ locations }) => locations?.[0]?.physicalLocation?.region?.startLine)).toEqual([19, 1]);
  });

  it("links to locations that explain a finding, and spells out those without a line", () => {
    const related = [
      { message: "first used here", location: at("deployment.yaml", "conf01", 2) },
      { message: "the [old] one", location: at("deployment.yaml", "oslo-conf01") },
      { message: "in the export", location: { path: "vms.xlsx", sheet: "vInfo", cell: "A2" } },
      { message: "in the cluster's default", location: null },
    ];
    const [result] = resultsOf(
      report(
        [
          failed(
            "node/unique-hostname",
            "node b",
            finding("Twice.", { location: at("deployment.yaml", "CONF01"), related }),
          ),
        ],
        CLOSED,
      ),
    );
    expect(result?.message.text).toBe(
      "Twice. See also: [first used here](1), [the \\[old\\] one](2), in the export (vms.xlsx:vInfo!A2), in the cluster's default.",
    );
    expect(
      result?.relatedLocations?.map(({ id, physicalLocation }) => [id, physicalLocation?.region?.startLine]),
    ).toEqual([
      [1, 20],
      [2, 19],
    ]);
  });

  it("omits checks that passed, are not applicable, were skipped or are waived", () => {
    const checks = (["pass", "not-applicable", "skipped", "waived"] as const).map((verdict) =>
      check("vm/memory-multiple-of-4", `node ${verdict}`, { verdict, findings: [finding("Covered.")] }),
    );
    expect(resultsOf(report(checks, CLOSED))).toEqual([]);
  });

  it("contains other checks on request, not as failures", () => {
    const checks = (["pass", "not-applicable", "skipped", "inconclusive"] as const).map((verdict) =>
      check("vm/no-snapshots", `node ${verdict}`, { verdict, reason: verdict === "pass" ? null : "so it is" }),
    );
    const kinds = (...include: SarifInclusion[]) =>
      resultsOf(report(checks, { gate: "passed", gate_reason: "" }), {
        include: new Set(include),
        category: null,
        docsUrl: null,
      }).map(({ kind, level, message }) => [kind, level, message.text]);
    expect(kinds()).toEqual([]);
    expect(kinds("pass")).toEqual([["pass", "none", "Passed for node pass: Disallow snapshots of nodes."]]);
    expect(kinds(...SARIF_INCLUSIONS).map(([kind, level]) => [kind, level])).toEqual([
      ["pass", "none"],
      ["notApplicable", "none"],
      ["informational", "none"],
      ["open", "none"],
    ]);
  });

  it("reports how many waived checks it omits, and shows them suppressed on request", () => {
    const notes = (sample: Run) =>
      sample.invocations?.[0]?.toolExecutionNotifications?.map(({ level, descriptor }) => [level, descriptor?.id]);
    expect(notes(runOf(waivedReport()))).toEqual([
      ["warning", "expired-waiver"],
      ["warning", "unneeded-waiver"],
      ["note", "waived-left-out"],
    ]);
    const include = new Set(["waived"] as const);
    expect(notes(runOf(waivedReport(), { include, category: null, docsUrl: null }))).not.toContainEqual([
      "note",
      "waived-left-out",
    ]);
    const shown = resultsOf(waivedReport(), { include, category: null, docsUrl: null }).filter(
      ({ suppressions }) => suppressions,
    );
    expect(shown.map(({ suppressions }) => suppressions?.map(({ kind, status }) => [kind, status]))).toEqual([
      [["external", "accepted"]],
      [["external", "accepted"]],
      [["inSource", "accepted"]],
    ]);
    expect(shown[0]?.suppressions?.[0]?.justification).toBe(
      "The host has no more memory before the move in January. Until 2027-01-31 (vc-operations and CHG-1042).",
    );
  });

  it("shows checks of the approved plan that are missing, by a rule of their own", () => {
    const results = resultsOf(waivedReport());
    expect(results.map(({ ruleId, level }) => [ruleId, level])).toEqual([
      ["preflight/approved-plan", "error"],
      ["preflight/approved-plan", "error"],
    ]);
    expect(runOf(waivedReport()).tool.driver.rules?.[results[0]?.ruleIndex ?? -1]?.id).toBe("preflight/approved-plan");
  });

  it("names the category only if it is given, followed by one slash", () => {
    const of = (category: string | null) =>
      runOf(cleanReport(), { include: new Set(), category, docsUrl: null }).automationDetails;
    expect(of(null)).toBeUndefined();
    expect(of("oslo")).toEqual({ id: "oslo/" });
    expect(of("preflight/oslo/")).toEqual({ id: "preflight/oslo/" });
  });

  it("lowers inconclusive checks that do not fail the gate to warnings, whether it passed or not", () => {
    const open = check("vm/no-snapshots", "node a", {
      verdict: "inconclusive",
      severity: "error",
      reason: "no answer",
    });
    const wrong = failed("node/unique-hostname", "node a", finding("Wrong."));
    const levels = (checks: readonly Check[], inconclusive: "fail" | "ignore", gate: "passed" | "failed") => {
      const policy = { ...POLICY, inconclusive };
      return resultsOf(report(checks, { gate, gate_reason: "" }, { policy })).map(({ level }) => level);
    };
    expect(levels([open], "fail", "failed")).toEqual(["error"]);
    expect(levels([open], "ignore", "passed")).toEqual(["warning"]);
    expect(levels([wrong, open], "ignore", "failed")).toEqual(["error", "warning"]);
  });

  it("has inconclusive warnings that fail the gate, in every combination", () => {
    const warning = check("vm/memory-reserved", "node a", { verdict: "inconclusive", reason: "no answer" });
    const wrong = failed("node/unique-hostname", "node a", finding("Wrong."));
    const ids = (max_warnings: number | null) => {
      const policy = { ...POLICY, inconclusive: "warn", max_warnings } as const;
      return resultsOf(report([wrong, warning], CLOSED, { policy })).map(({ ruleId }) => ruleId);
    };
    expect(ids(null)).toEqual(["node/unique-hostname"]);
    expect(ids(0)).toEqual(["node/unique-hostname", "vm/memory-reserved"]);
  });

  it("keeps 100 related locations, and reports that there are more", () => {
    const related = Array.from({ length: 130 }, () => ({ message: "here", location: at("deployment.yaml", "8190") }));
    const [result] = resultsOf(report([failed("vm/no-snapshots", "node a", finding("Wrong.", { related }))], CLOSED));
    expect(result?.relatedLocations).toHaveLength(100);
    expect(result?.message.text).toMatch(/\[here\]\(100\) and 30 other places\.$/);
  });

  it("gives one result for each rule, missing value and location, errors only", () => {
    const gap = { what: "no inventory given; add --inventory FILE", location: null };
    const inconclusive = (rule: string, node: string, missing = [gap]) =>
      check(rule, node, { verdict: "inconclusive", missing });
    const results = resultsOf(
      report(
        [
          inconclusive("vm/hardware-version-avx2", "node a"),
          inconclusive("vm/hardware-version-avx2", "node b"),
          inconclusive("vm/memory-multiple-of-4", "node a"),
          inconclusive("vm/memory-reserved", "node a"),
          check("network/no-ip-hash-teaming", "port-group p", {
            verdict: "inconclusive",
            reason: "Ports may override it.",
          }),
        ],
        CLOSED,
      ),
    );
    expect(results.map(({ ruleId, level, message }) => [ruleId, level, message.text])).toEqual([
      [
        "vm/hardware-version-avx2",
        "error",
        "Inconclusive: no inventory given; add --inventory FILE. This concerns node a and node b.",
      ],
      [
        "vm/memory-multiple-of-4",
        "error",
        "Inconclusive: no inventory given; add --inventory FILE. This concerns node a.",
      ],
      ["network/no-ip-hash-teaming", "error", "Inconclusive: Ports may override it. This concerns port-group p."],
    ]);
    expect(new Set(results.map(({ partialFingerprints }) => partialFingerprints?.["preflight/v1"])).size).toBe(3);
  });

  it("keeps the fingerprint of an inconclusive check when its line moves, and distinguishes equal gaps at two locations", () => {
    const missing = (line: number) => ({
      what: "hosts.cpu.model is not in the inventory",
      location: { ...at("deployment.yaml", "8190"), line, end_line: line },
    });
    const prints = (...lines: number[]) =>
      resultsOf(
        report(
          [check("vm/hardware-version-avx2", "node a", { verdict: "inconclusive", missing: lines.map(missing) })],
          CLOSED,
        ),
      ).map(({ partialFingerprints }) => partialFingerprints?.["preflight/v1"]);
    expect(prints(4)).toEqual(prints(9));
    expect(new Set(prints(4, 9)).size).toBe(2);
  });

  it("leaves a check that waits for another to that one's failure, unless that failure is no result", () => {
    const because = [{ rule: "dns/server-reachable", subject: { kind: "dns-server", name: "10.44.0.11" } }];
    const waiting = check("dns/srv-record", "domain-service vc.example.com/_sips._tcp", {
      verdict: "inconclusive",
      because,
    });
    const root = failed("dns/server-reachable", "dns-server 10.44.0.11", finding("No answer."));
    expect(resultsOf(report([root, waiting], CLOSED)).map(({ ruleId }) => ruleId)).toEqual(["dns/server-reachable"]);
    expect(
      resultsOf(report([{ ...root, verdict: "waived" }, waiting], CLOSED)).map(({ message }) => message.text),
    ).toEqual([
      "Inconclusive: because dns/server-reachable failed for dns-server 10.44.0.11. This concerns domain-service vc.example.com/_sips._tcp.",
    ]);
  });

  it("reports crashed checks and errors in notifications, and that the run failed", () => {
    const [invocation] = runOf(crashedReport()).invocations ?? [];
    expect(invocation?.executionSuccessful).toBe(false);
    expect(invocation?.exitCode).toBe(2);
    const notifications = invocation?.toolExecutionNotifications ?? [];
    expect(notifications.map(({ level, message }) => [level, message.text])).toEqual([
      [
        "error",
        "Rule 'vm/memory-multiple-of-4' crashed on node oslo-conf01: TypeError: Cannot read properties of undefined (reading 'toFixed') in check.",
      ],
      [
        "error",
        "Rule 'vm/memory-multiple-of-4' crashed on node oslo-conf02: TypeError: Cannot read properties of undefined (reading 'toFixed') in check.",
      ],
      ["error", '"clutser" is not a key of a host. Did you mean "cluster"?'],
      ["error", "The report could not be written to /var/reports/preflight.json: no space left on device."],
    ]);
    expect(notifications[0]?.associatedRule).toEqual({ id: "vm/memory-multiple-of-4", index: 9 });
    expect(notifications[2]?.descriptor).toEqual({ id: "unknown-key" });
    expect(notifications[2]?.locations?.[0]?.physicalLocation?.region?.startLine).toBe(4);
    expect(resultsOf(crashedReport()).map(({ ruleId }) => ruleId)).toEqual(["node/unique-hostname"]);
  });

  it.each([
    ["findings", report([failed("vm/no-snapshots", "node a", finding("Wrong."))], CLOSED), true],
    ["no decided check", report([], { gate: "no-verdict", gate_reason: "nothing was decided" }), false],
    [
      "a mistake in an input",
      report([], { gate: "no-verdict", gate_reason: "broken" }, { errors: [reportError("Broken.")] }),
      false,
    ],
  ])("takes a run with %s for what it is", (_name, sample, isSuccessful) => {
    expect(runOf(sample).invocations?.[0]?.executionSuccessful).toBe(isSuccessful);
  });

  it("keeps the 5,000 most severe results, and reports it", () => {
    const checks = Array.from({ length: 6000 }, (_, index) =>
      failed(
        index % 3 === 0 ? "vm/memory-multiple-of-4" : "vm/no-snapshots",
        `node n${index}`,
        finding(`Number ${index}.`, { location: at("deployment.yaml", "8190") }),
      ),
    );
    const run = runOf(report(checks, CLOSED));
    expect(run.results).toHaveLength(5000);
    expect(run.results?.filter(({ level }) => level === "error")).toHaveLength(2000);
    expect(
      run.invocations?.[0]?.toolExecutionNotifications?.map(({ level, message }) => [level, message.text]),
    ).toEqual([["warning", "Only 5,000 of 6,000 results are listed, the most severe first."]]);
    expect(run.invocations?.[0]?.executionSuccessful).toBe(true);
  });

  it("lets no name become a link", () => {
    const [result] = resultsOf(
      report([failed("vm/no-snapshots", `node ${HOSTILE_NAME}`, finding(HOSTILE_NAME))], CLOSED),
    );
    expect(result?.message.text).not.toMatch(/\]\(/);
  });

  it("comes in pieces whose size does not grow with the number of results", () => {
    const longest = (count: number) => {
      const checks = Array.from({ length: count }, (_, index) =>
        failed("vm/no-snapshots", `node n${1000 + index}`, finding("Wrong.")),
      );
      return Math.max(...[...sarif(report(checks, CLOSED))].map((piece) => piece.length));
    };
    expect(longest(3000)).toBe(longest(300));
    expect(longest(3000)).toBeLessThan(100_000);
  });
});
