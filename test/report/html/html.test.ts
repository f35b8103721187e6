import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Check, RunReport } from "../../../src/schema/report.generated.ts";
import { html } from "../../../src/report/html/html.ts";
import { largeReport, liveReport } from "./samples.ts";
import { type Element, htmlTree } from "./html-tree.ts";
import {
  check,
  cleanReport,
  crashedReport,
  failed,
  failingReport,
  finding,
  HOSTILE_NAME,
  hostileReport,
  report,
  inconclusiveReport,
  waivedReport,
} from "../sample-report.ts";

/** Control and format characters, line separators, lone surrogates; a page has line ends alone. */
const DECEPTIVE = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

const page = (of: RunReport) => [...html(of)].join("");
const tree = (of: RunReport) => htmlTree(page(of));
const named = (elements: readonly Element[], ...names: readonly string[]) =>
  elements.filter(({ name }) => names.includes(name));
const withId = (elements: readonly Element[], id: string) => {
  const found = elements.find(({ attributes }) => attributes["id"] === id);
  if (found === undefined) throw new Error(`no #${id}`);
  return found;
};
const flat = ({ text }: Element) => text.replaceAll(/\s+/g, " ").trim();
/** The text of a section of the page. */
const section = (of: RunReport, id: string) => flat(withId(tree(of), id));

const empty = report(
  [],
  { gate: "no-verdict", gate_reason: "the run had 1 error" },
  {
    ...{ topology: null, rules: [], inputs: [] },
    errors: [{ code: "unreadable-file", message: "There is no such file.", location: null, hint: "name a file" }],
  },
);
const REPORTS: readonly (readonly [string, RunReport])[] = [
  ["clean", cleanReport()],
  ["failing", failingReport()],
  ["inconclusive", inconclusiveReport()],
  ["crashed", crashedReport()],
  ["waived", waivedReport()],
  ["live", liveReport()],
  ["hostile", hostileReport()],
  ["large", largeReport(300)],
  ["empty", empty],
];

describe.each(REPORTS)("the page of a %s report", (_, of) => {
  const elements = tree(of);

  it("is whole: well-formed, one language, charset, viewport and title", () => {
    expect(page(of)).toMatch(/^<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8"\/>/);
    expect(named(elements, "title")[0]?.text).not.toBe("");
    expect(elements.some(({ attributes }) => attributes["name"] === "viewport")).toBe(true);
  });

  it("loads no resources, runs no scripts, has no external links", () => {
    const policy = elements.find(({ attributes }) => attributes["http-equiv"] === "Content-Security-Policy");
    expect(policy?.attributes["content"]).toBe("default-src 'none'; style-src 'unsafe-inline'");
    expect(named(elements, "script", "link", "img", "iframe", "object", "embed", "form", "base")).toEqual([]);
    for (const { name, attributes } of elements) {
      const names = Object.keys(attributes);
      // A policy that forbids inline styles forbids these too, and reports each once on the console.
      expect(
        names.filter((one) => /^(on|style$|src)/.test(one)),
        name,
      ).toEqual([]);
      if (attributes["href"] !== undefined) expect(attributes["href"]).toMatch(/^#[a-z0-9-]+$/);
    }
    expect(named(elements, "style")[0]?.text).not.toMatch(/url\(|@import/);
  });

  it("has anchors that are there, each once", () => {
    const ids = elements.flatMap(({ attributes }) => attributes["id"] ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    const targets = elements.flatMap(({ attributes }) => attributes["href"]?.slice(1) ?? []);
    const labels = elements.flatMap(({ attributes }) => attributes["aria-labelledby"] ?? []);
    expect([...targets, ...labels].filter((id) => !ids.includes(id))).toEqual([]);
  });

  it("has one first heading, and leaves no level out", () => {
    const levels = named(elements, "h1", "h2", "h3", "h4").map(({ name }) => Number(name.slice(1)));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    expect(levels[0]).toBe(1);
    levels.forEach((level, index) => expect(level).toBeLessThanOrEqual((levels[index - 1] ?? 0) + 1));
  });

  it("names its landmarks, pictures, tables and what can be scrolled", () => {
    expect(named(elements, "main")).toHaveLength(1);
    for (const { attributes } of named(elements, "section", "nav")) {
      expect(attributes["aria-labelledby"] ?? attributes["aria-label"]).toBeTruthy();
    }
    for (const svg of named(elements, "svg")) {
      expect(svg.children[0]?.name).toBe("title");
      expect(svg.children[0]?.text).not.toBe("");
      expect(svg.attributes["role"] === "img" || svg.attributes["aria-hidden"] === "true").toBe(true);
    }
    for (const table of named(elements, "table")) expect(table.children[0]?.name).toBe("caption");
    for (const { attributes } of named(elements, "th")) expect(["row", "col"]).toContain(attributes["scope"]);
    for (const { attributes } of elements.filter((element) => element.attributes["tabindex"] !== undefined)) {
      expect(attributes["aria-label"]).toBeTruthy();
    }
    for (const details of named(elements, "details")) expect(details.children[0]?.name).toBe("summary");
  });

  it("draws in colours that need no style sheet", () => {
    const drawn = named(elements, "path", "rect", "circle", "text");
    expect(drawn.filter(({ attributes }) => (attributes["fill"] ?? attributes["stroke"]) === undefined)).toEqual([]);
  });

  it("contains no control character and no deceptive one", () => {
    expect(DECEPTIVE.exec(page(of))?.[0]).toBeUndefined();
  });
});

describe("escaping", () => {
  it("shows hostile names as text, with what would hide in them made visible", () => {
    const elements = tree(hostileReport());
    const text = flat(withId(elements, "findings"));
    expect(text).toContain("evil\\x1b[2J\\x1b[31m\\x0d\\x0aGate: PASSED");
    expect(text).toContain("\\u{202e}gnp.");
    expect(text).toContain("<b>%0A`");
    expect(named(elements, "b").every((element) => /^[A-Z\d,]+$/.test(element.text))).toBe(true);
    expect(text).not.toContain("y".repeat(2000));
    expect(elements.some(({ name }) => name === "wbr")).toBe(true);
  });

  it("survives any text in any name", () => {
    const piece = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("<script>", "</title>", "]]>", "<!--", "&amp;", '"', "'", "\u0000", "</style>", HOSTILE_NAME),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 4 }), (pieces) => {
        const text = pieces.join("");
        const where = { path: text, line: 1, column: 1, end_line: 1, end_column: 2 };
        const bad = finding(text, { location: where, related: [{ message: text, location: where }] });
        const checks = [
          failed("vm/memory-multiple-of-4", `node ${text}`, bad, { remediation: `${text}\n${text}` }),
          check("vm/no-snapshots", `${text.replaceAll(" ", "")} x`, { verdict: "crashed", reason: text }),
          check("vm/memory-reserved", `port-group ${text}`, { verdict: "inconclusive", reason: text }),
          check(text, "deployment deployment", { verdict: "not-applicable", reason: text }),
        ];
        const topology = {
          locations: [{ name: text }],
          nodes: [{ name: text, role: "conferencing", location: text, host: text, cluster: text, certain: false }],
          hosts: [{ name: text, cluster: text }],
          clusters: [{ name: text }],
        } as const;
        const of = report(checks, { gate: "failed", gate_reason: text }, { topology });
        expect(DECEPTIVE.exec(page(of))?.[0]).toBeUndefined();
        expect(named(tree(of), "script", "b").filter((element) => !/^[A-Z\d,]+$/.test(element.text))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it("keeps commands whole and in lines, so that they can be copied", () => {
    const command = `Set-VM '${"a".repeat(3000)} <x> & "y"'`;
    const of = failed("vm/no-snapshots", "node a", finding("It has snapshots."), {
      remediation: `Mend.\n${command}\nsecond`,
    });
    const commands = named(tree(report([of], { gate: "passed", gate_reason: "" })), "pre").map(({ text }) => text);
    expect(commands).toEqual([`${command}\nsecond`]);
  });
});

const FAILED = { gate: "failed", gate_reason: "" } as const;

describe("the gate", () => {
  it.each([
    ["Gate passed", cleanReport()],
    ["Gate failed", failingReport()],
    ["No verdict", crashedReport()],
  ])("says %s, and why, with every count", (word, of) => {
    const text = section(of, "gate");
    expect(text).toContain(word);
    expect(text.toLowerCase()).toContain(of.summary.gate_reason.toLowerCase());
    const counts = {
      pass: "passed",
      inconclusive: "inconclusive",
      waived: "waived",
      skipped: "skipped",
      crashed: "crashed",
    };
    for (const [verdict, shown] of Object.entries(counts)) {
      expect(text).toContain(`${of.summary[verdict as keyof typeof counts]} ${shown}`);
    }
    expect(page(of)).toContain(`<title>${word}: deployment.yaml</title>`);
  });

  it("states that a run was partial", () => {
    expect(section(inconclusiveReport(), "gate")).toContain("Partial: 2 checks were skipped");
    expect(section(cleanReport(), "gate")).not.toContain("Partial");
  });

  it("is followed by errors and crashes, and by nothing that was not evaluated", () => {
    expect(section(crashedReport(), "trouble")).toContain(
      "The rule vm/memory-multiple-of-4 crashed on node oslo-conf01 and node oslo-conf02: TypeError",
    );
    expect(section(empty, "trouble")).toContain("There is no such file. unreadable-file Name a file.");
    const ids = tree(empty).flatMap(({ name, attributes }) => (name === "section" ? (attributes["id"] ?? []) : []));
    expect(ids).toEqual(["gate", "trouble", "run"]);
  });
});

describe("findings", () => {
  it("have their lines, requirement and fix, errors first", () => {
    const text = section(failingReport(), "findings");
    expect(text).toContain("Memory of oslo-conf01 is 8190 MB, not a multiple of 4; the next larger one is 8192 MB.");
    expect(text).toMatch(/> 23 \| vm_system_memory: 8190 \| \^{4}/);
    expect(text).toContain(
      "Pexip Infinity v25 VMware Installation Guide, Manually deploying a Conferencing Node on an ESXi host: a requirement.",
    );
    expect(text).toContain("govc vm.power -s pexip-conf02 govc vm.upgrade -version 11 -vm pexip-conf02");
    expect(text.indexOf("Require reserved memory")).toBeGreaterThan(text.indexOf("Require node memory"));
    expect(text.indexOf("Disallow snapshots")).toBeGreaterThan(text.indexOf("Require reserved memory"));
  });

  it("list their dependent checks, and each cause appears once", () => {
    expect(section(failingReport(), "findings")).toContain("leaves 3 other checks inconclusive");
    expect(section(failingReport(), "causes")).toMatch(
      /^Root causes 1 .* dns\/server-reachable failed for dns-server 10\.44\.0\.11\. 3 checks:/,
    );
    expect(section(failingReport(), "inconclusive")).toContain("each of these checks depends on a failure");
  });

  it("beyond ten of a rule are folded, and beyond hundreds counted", () => {
    const many = Array.from({ length: 800 }, (_, index) =>
      failed("vm/no-snapshots", `node n${index}`, finding(`n${index} has snapshots.`)),
    );
    const of = report(many, { gate: "failed", gate_reason: "800 infos" });
    const text = section(of, "findings");
    expect(text).toContain("789 more subjects");
    expect(text).toContain("n510 has snapshots.");
    expect(text).not.toContain("n511 has snapshots.");
    expect(text).toContain("289 more subjects: see the JSON report.");
    expect(section(of, "gate")).not.toContain("n5 has snapshots.");
  });
});

describe("what is inconclusive", () => {
  it("is grouped by what to supply", () => {
    const text = section(inconclusiveReport(), "inconclusive");
    expect(text).toContain("no inventory given; add --inventory FILE.");
    expect(text.indexOf("no inventory given")).toBeLessThan(text.indexOf("vm_system_memory of the node"));
    expect(text).toContain(
      "8 checks: cluster/evc-min-sandy-bridge, vm/hardware-version-avx2, vm/memory-reserved and 1 more rule",
    );
  });
});

describe("rules and subjects", () => {
  it("have a row for each rule that did not simply pass, and a word in every cell", () => {
    const all = tree(failingReport());
    // Three nodes: the table is transposed.
    const isOfNodes = ({ name, attributes, text }: Element) =>
      name === "table" && attributes["class"] === "matrix" && text.includes("oslo-conf01");
    const nodes = all.find(isOfNodes);
    const rows = named(all, "tr")
      .filter((row) => row.parent?.parent === nodes)
      .map((row) => row.children.map(flat));
    const memory = rows[0]?.indexOf("vm/memory-multiple-of-4") ?? -1;
    expect(rows.slice(1).map((row) => row[memory])).toEqual(["✗ failed", "✓ passed", "– not applicable"]);
    expect(rows[0]).not.toContain("network/port-443-vm-manager");
    expect(section(failingReport(), "matrix")).toContain("1 rule without verdicts that need attention");
  });

  it("state to what a rule without notable verdicts was applied, not what exists of that kind", () => {
    const checks = [check("vm/a", "node a"), check("vm/b", "node a"), check("vm/b", "node b")];
    const text = section(report(checks, { gate: "passed", gate_reason: "" }), "matrix");
    expect(text).toMatch(/vm\/a1 node1.*vm\/b2 nodes2/);
  });

  it("tell long names apart by their start and by their end", () => {
    const host = "esxi01.datacenter-west.example.com";
    const names = [`${host}/dmz-external`, `${host}/dmz-internal`, `x-${host}/dmz-internal`, "short"];
    const checks = names.flatMap((name, index) =>
      [0, 1, 2, 3, 4].map((row) =>
        check(`vm/r${row}`, `node ${name}`, index === row ? { verdict: "fail", findings: [finding("Bad.")] } : {}),
      ),
    );
    const heads = named(tree(report(checks, { gate: "failed", gate_reason: "" })), "th").filter(
      ({ attributes }) => attributes["class"] === "head",
    );
    const texts = heads.map(({ text }) => text);
    expect(texts).toContain("short");
    expect(new Set(texts).size).toBe(texts.length);
    for (const text of texts) expect(text.length).toBeLessThanOrEqual(34);
  });

  it("share columns and rows if many are alike", () => {
    const of = largeReport(300);
    const heads = named(tree(of), "th").filter(({ attributes }) => attributes["class"] === "head");
    expect(heads.length).toBeLessThanOrEqual(16);
    expect(heads.at(-1)?.text).toMatch(/^[A-Z]: \d+ nodes$/);
    expect(section(of, "matrix")).toContain("the last one shows the worst of all others");
  });

  it("never show a merged column better than the worst in it", () => {
    const [verdicts, nodes] = [["pass", "fail", "inconclusive"] as const, 60];
    // Every node is unlike the others: its number in ternary.
    const checks = Array.from({ length: nodes }, (_, node) =>
      [0, 1, 2, 3].map((row) => {
        const verdict = verdicts[Math.floor(node / 3 ** row) % 3] ?? "pass";
        return check(`vm/rule-${row}`, `node n${node}`, {
          verdict,
          findings: verdict === "fail" ? [finding("Bad.")] : [],
        });
      }),
    ).flat();
    const rows = named(tree(report(checks, { gate: "failed", gate_reason: "" })), "tr").filter(
      (row) => row.children.at(-1)?.attributes["class"]?.startsWith("cell") === true,
    );
    expect(rows).toHaveLength(4);
    for (const row of rows.slice(0, 3))
      expect(["✗ failed", "? inconclusive"]).toContain(flat(row.children.at(-1) as Element));
  });
});

describe("the picture of the deployment", () => {
  it("shows nodes, hosts and clusters with their verdicts, and the same as a table", () => {
    const text = section(failingReport(), "deployment");
    expect(text).toContain("oslo-conf02: 2 errors, 1 warning, 1 inconclusive and 1 waived");
    expect(text).toContain("vc-cluster: 1 error");
    // What its port group shows is shown at the host.
    expect(text).toContain("esxi01.example.com: 1 error");
    expect(text).toContain("oslo-conf01 may run anywhere in vc-cluster");
    expect(text).toContain("Values are missing for manager");
    expect(text).toContain("oslo-conf01 No declared location any host of vc-cluster");
  });

  it("states that nothing is known if files have errors, and that there is no node", () => {
    const one = [check("vm/no-snapshots", "node a")];
    const gate = { gate: "passed", gate_reason: "" } as const;
    expect(section(report(one, gate, { topology: null }), "deployment")).toContain("The files contain errors");
    const none = { locations: [], nodes: [], hosts: [], clusters: [] };
    expect(section(report(one, gate, { topology: none }), "deployment")).toContain("The deployment has no nodes.");
  });

  it.each([
    [40, "M380", "node-1.vc.example.com on host-0.vc.example.com"],
    [240, "M380", "25 nodes of location-0.vc.example.com in cluster-0.vc.example.com"],
    [1000, "Locations and their nodes", "on cluster-0.vc.example.com (25)"],
  ])("of %i nodes is still read", (nodes, sign, words) => {
    const text = page(largeReport(nodes));
    expect(text).toContain(sign);
    expect(text).toContain(words);
    const uses = named(htmlTree(text), "use").length;
    expect(uses).toBeGreaterThan(nodes);
  });

  it("draws the worst of thousands, and their number", () => {
    expect(section(largeReport(4000), "deployment")).toContain("Locations and their nodes, the worst 90 of 160");
  });
});

describe("answers", () => {
  const text = section(liveReport(), "evidence");

  it("show offsets with their error, latencies and reasons", () => {
    expect(text).toContain("10.44.0.20+0.8 ms ± 0.6 ms");
    expect(text).toContain("10.44.0.21−1.6 ms ± 1.2 ms");
    expect(text).toContain("+1 h 2 min ± 1 ms");
    expect(text).toContain("[2001:db8::23]:1123no reply after 4 s");
    expect(text).toContain("timeout3 sno answer after 3 s");
    expect(text).toContain("not queried: deadline");
    expect(text).toContain(
      "expired: the certificate ended on 2025-02-28 CN=vcenter01.vc.example.com, valid until 2025-02-28, TLSv1.3",
    );
  });

  it("are plotted on a scale that one bad clock does not flatten", () => {
    const elements = named(tree(liveReport()), "svg").filter(({ attributes }) => attributes["class"] === "plot");
    const [first, second, outlier] = elements.map(({ children }) => children.slice(1));
    const x = (drawn: readonly Element[] | undefined) =>
      Number(drawn?.find(({ name }) => name === "circle")?.attributes["cx"]);
    expect(text).toContain("−5 ms … +5 ms");
    expect(x(first)).toBeCloseTo(90 + (0.8 / 5) * 82, 1);
    expect(x(second)).toBeCloseTo(90 - (1.6 / 5) * 82, 1);
    expect(outlier?.some(({ name }) => name === "circle")).toBe(false);
  });

  it("have the sign of what turned on them, not of what came before", () => {
    const signs = named(tree(liveReport()), "tr")
      .filter((row) => row.parent?.parent?.attributes["class"] === "asked" && row.parent.name === "tbody")
      .map((row) => flat(row.children[0]?.children[0] as Element));
    expect(signs).toEqual(["passed", "passed", "passed", "failed", "passed", "passed", "failed", "skipped", "passed"]);
  });

  it("are omitted from a run that contacted no servers", () => {
    expect(page(cleanReport())).not.toContain('id="evidence"');
  });
});

describe("waivers and the approved plan", () => {
  it("list those without effect first, and what is covered", () => {
    const text = section(waivedReport(), "waivers");
    expect(text.indexOf("expired")).toBeLessThan(text.indexOf("in use"));
    expect(text).toContain("CHG-1042");
    expect(text).toContain("Memory of oslo-conf01 is 8190 MB, not a multiple of 4.");
    expect(text).toContain("Depends on vm/memory-multiple-of-4 on node oslo-conf01, which is waived.");
    expect(section(waivedReport(), "approved-plan")).toContain("which fails the gate");
    expect(section(cleanReport(), "waivers")).toContain("There are no waivers");
  });
});

describe("the run", () => {
  it("names the user, the job and the ticket from options, and nothing from the machine", () => {
    const provenance = { run_by: "anna", job: "https://ci.example.com/1", ticket: "CHG-<1042>" };
    const text = section({ ...cleanReport(), provenance }, "run");
    expect(text).toContain("Run byanna");
    expect(text).toContain("Jobhttps://ci.example.com/1");
    expect(text).toContain("Ticket of the changeCHG-<1042>");
    expect(page({ ...cleanReport(), provenance })).toMatch(/for ticket CHG-(?:<wbr\/>)?&lt;1042&gt;/);
    expect(page(cleanReport())).not.toContain("Run by");
  });

  it("names inputs with whole hashes, program, mode and times", () => {
    const text = section(cleanReport(), "run");
    expect(text).toContain("3f".repeat(32));
    expect(text).toContain("infinity-preflight 0.1.0");
    expect(text).toContain("2025-03-01 09:00:00 UTC");
    expect(text).toContain("static: no servers were contacted");
  });
});

describe("size", () => {
  it("stays far below what a browser opens, in pieces, and grows no faster than the site", () => {
    const size = (nodes: number) => [...html(largeReport(nodes))].map(({ length }) => length);
    const sum = (lengths: readonly number[]) => lengths.reduce((total, length) => total + length, 0);
    const [small, large] = [size(250), size(1000)];
    expect(sum(large)).toBeLessThan(10_000_000);
    expect(Math.max(...large)).toBeLessThan(2_000_000);
    expect(sum(large)).toBeLessThan(4.5 * sum(small));
  });
});

it("is the same for the same report", () => {
  expect(page(failingReport())).toBe(page(failingReport()));
});

describe("the gate", () => {
  it("begins with the root causes in words, with subject and fix, then what is inconclusive and what to do next", () => {
    const text = section(failingReport(), "gate");
    const at = (part: string) => {
      expect(text).toContain(part);
      return text.indexOf(part);
    };
    const cause = at("The EVC mode of vc-cluster is intel-westmere");
    expect(text).toMatch(/cluster vc-cluster · Fix: /);
    expect(cause).toBeLessThan(at("Next: "));
    expect(at("Next: ")).toBeLessThan(at("Based on"));
    // A consequence has no separate line.
    expect(section(inconclusiveReport(), "gate")).toContain("Inconclusive: no inventory given; add --inventory FILE.");
  });

  it("names the owner and the end of what is waived", () => {
    expect(section(waivedReport(), "gate")).toMatch(/node oslo-conf01 · Waived until 2027-01-31 by vc-operations/);
  });

  it("has one line for a message that repeats, and counts what does not fit", () => {
    const rule = "vm/memory-multiple-of-4";
    const same = Array.from({ length: 30 }, (_, index) =>
      failed(rule, `node n${index}`, finding(`Memory of n${index} is ${index} MB.`)),
    );
    const text = section(report(same, { gate: "failed", gate_reason: "" }), "gate");
    expect(text).toContain("Memory of n0 is 0 MB. The same for node n1, node n2, node n3 and 26 more.");
    const words = Array.from({ length: 20 }, (_, index) => "x".repeat(index + 1));
    const different = words.map((word, index) => failed(rule, `node m${index}`, finding(`This is ${word}.`)));
    expect(section(report(different, { gate: "failed", gate_reason: "" }), "gate")).toContain("8 more root causes");
  });
});

describe("cards", () => {
  const rule = "vm/memory-multiple-of-4";
  const line = { path: "deployment.yaml", line: 3, column: 5, end_line: 3, end_column: 9 };

  it("are titled by the message, with the rule as caption", () => {
    const titles = named(tree(report([failed(rule, "node a", finding("It is odd."))], FAILED)), "h3").map(flat);
    expect(titles).toContainEqual(expect.stringContaining("It is odd."));
    expect(section(report([failed(rule, "node a", finding("It is odd."))], FAILED), "findings")).toContain(rule);
  });

  it("have a line for each subject when the message repeats", () => {
    const of = report(
      ["a", "b", "c"].map((name) => failed(rule, `node ${name}`, finding("It is odd."))),
      FAILED,
    );
    const lists = named(tree(of), "ul").filter(({ attributes }) => attributes["class"] === "subjects");
    expect(lists.flatMap(({ children }) => children.map(flat))).toEqual(["node b", "node c"]);
    expect(section(of, "findings").match(/It is odd\./g)).toHaveLength(1);
  });

  it("show lines of the file only for a value that is there", () => {
    const excerpts = [
      { path: "deployment.yaml", lines: [{ line: 3, column: 1, text: "    vm: 8190", length: 12, hash: null }] },
    ];
    const frames = (location: typeof line) =>
      named(tree(report([failed(rule, "node a", finding("Odd.", { location }))], FAILED, { excerpts })), "pre").length;
    expect(frames(line)).toBe(1);
    // What is missing is located at the whole object.
    expect(frames({ ...line, end_line: 9 })).toBe(0);
  });

  it("show the verdicts of vantage points side by side, in the first line and in all others", () => {
    const vantage_points = [
      { from: "jump-oslo", verdict: "pass" },
      { from: "bergen", verdict: "fail" },
    ];
    const of = report(
      ["a", "b"].map((name) => failed(rule, `node ${name}`, finding("It is odd."), { vantage_points })),
      FAILED,
    );
    const tables = named(tree(of), "table").filter(({ attributes }) => attributes["class"] === "vantage");
    expect(tables.map(flat)).toEqual(Array.from({ length: 2 }, () => "By vantage point jump-oslobergen passfail"));
  });
});

describe("what is inconclusive", () => {
  it("has the verdicts of vantage points side by side, once for all subjects with the same ones", () => {
    const seen = (oslo: string, bergen: string) => [
      { from: "jump-oslo", verdict: oslo },
      { from: "bergen", verdict: bergen },
    ];
    const one = (name: string, what: string, vantage_points: ReturnType<typeof seen>): Check => ({
      ...check("time/ntp-reachable", `ntp-server ${name}`),
      ...{ verdict: "inconclusive", missing: [{ what, location: null }], vantage_points },
    });
    const of = report(
      [
        one("a", "answers from bergen", seen("pass", "inconclusive")),
        one("b", "answers from bergen", seen("pass", "inconclusive")),
        one("c", "answers from bergen", seen("fail", "inconclusive")),
        one("d", "a route", seen("inconclusive", "pass")),
      ],
      FAILED,
    );
    const tables = named(tree(of), "table").filter(({ attributes }) => attributes["class"] === "vantage");
    expect(tables.map(flat)).toEqual([
      "By vantage point jump-oslobergen passinconclusive",
      "By vantage point jump-oslobergen failinconclusive",
      "By vantage point jump-oslobergen inconclusivepass",
    ]);
    expect(section(of, "inconclusive")).toContain("ntp-server a and ntp-server b");
  });
});

describe("the picture", () => {
  it("never has a better sign on a box than what is in it", () => {
    const topology = {
      locations: [{ name: "Oslo" }],
      nodes: [{ name: "a", role: "conferencing", location: "Oslo", host: null, cluster: null, certain: true }],
      hosts: [],
      clusters: [],
    } as const;
    const checks = [check("node/x", "location Oslo"), failed("vm/x", "node a", finding("Bad."))];
    const signs = named(tree(report(checks, FAILED, { topology })), "use").filter(({ attributes }) =>
      ["y"].some((key) => key in attributes),
    );
    expect(new Set(signs.map(({ attributes }) => attributes["href"]))).toEqual(new Set(["#m-failed"]));
  });

  it("has DNS, NTP and the VM manager with their verdicts, none green that was not contacted", () => {
    const topology = {
      locations: [],
      nodes: [{ name: "a", role: "conferencing", location: null, host: null, cluster: null, certain: true }],
      hosts: [],
      clusters: [],
    } as const;
    const checks = [
      failed("dns/x", "dns-server 10.0.0.1", finding("Bad.")),
      check("time/x", "ntp-server ntp1"),
      check("time/y", "ntp-server ntp1", { verdict: "skipped", reason: "--no-live" }),
      check("tls/x", "vm-manager vcenter01"),
    ];
    const titles = named(tree(report(checks, FAILED, { topology })), "title").map(flat);
    for (const text of ["10.0.0.1: 1 error", "ntp1: 1 skipped", "vcenter01: passed"]) expect(titles).toContain(text);
  });
});
