import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rules } from "../../../rules/index.generated.ts";
import {
  type Datasheet,
  lineVerdict,
  type SheetLine,
  type SheetSection,
} from "../../../src/report/datasheet/datasheet.ts";
import { datasheetHtml } from "../../../src/report/datasheet/html.ts";
import { datasheetMarkdown } from "../../../src/report/datasheet/markdown.ts";
import { datasheetRun } from "../../../src/run/datasheet/datasheet.ts";
import { CHECKLIST_RULES, DATASHEET_RULES } from "../../../src/run/datasheet/sheet-lines.ts";
import { positionText } from "../../../src/values/location.ts";
import { EXAMPLE, preflight } from "../../cli/program.ts";
import { check } from "../../report/sample-report.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "preflight-datasheet-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function sheetOf(deployment: string, inventories: readonly string[] = []): Promise<Datasheet> {
  const options = {
    cwd: folder,
    config: false as const,
    only: [],
    severities: [],
    now: Date.parse("2026-11-22T08:00:00Z"),
  };
  const { datasheet, inputs } = await datasheetRun({ ...options, deployment, inventories });
  expect(inputs.errors).toEqual([]);
  if (datasheet === null) throw new Error("no datasheet");
  return datasheet;
}

async function sheetOfText(text: string): Promise<Datasheet> {
  const file = join(folder, "deployment.yaml");
  await writeFile(file, text);
  return sheetOf(file);
}

const linesOf = (sections: readonly SheetSection[]) => sections.flatMap(({ lines }) => lines);
const all = ({ checklist, datasheet }: Datasheet) => [...linesOf(checklist), ...linesOf(datasheet)];
const texts = ({ values }: SheetLine) => values.map(({ text }) => text);

function line(sheet: Datasheet, label: string): SheetLine {
  const found = all(sheet).find((candidate) => candidate.label === label);
  if (found === undefined) throw new Error(`no line ${label}`);
  return found;
}

/** The lines of the guide's forms, for a deployment of nothing. */
const FORM = {
  checklist: [6, 3, 9, 2],
  datasheet: [
    [
      "Management Node IP address",
      "Network mask",
      "Gateway IP address",
      "Management Node hostname",
      "Management Node domain",
    ],
    ["DNS server 1", "DNS server 2", "NTP server 1", "NTP server 2"],
    [
      "VM name",
      "System location 1 name",
      "License entitlement key",
      "VM manager IP/hostname (VMware automatic deployments only)",
    ],
    ["CPU cores per socket on host server"],
  ].flat(),
};

describe("the forms", () => {
  it("have every line of the guide, and are blank if the files have no value", async () => {
    const sheet = await sheetOfText("{}\n");
    expect(sheet.checklist.map(({ lines }) => lines.length)).toEqual(FORM.checklist);
    expect(linesOf(sheet.datasheet).map(({ label }) => label)).toEqual(FORM.datasheet);
    expect(all(sheet).flatMap(texts)).toEqual([]);
  });

  it("name rules that exist", () => {
    const named = [...Object.values(CHECKLIST_RULES), ...Object.values(DATASHEET_RULES)].flat();
    const ids = rules.map(({ id }) => id);
    const unknown = named.filter(
      (name) => !ids.some((id) => (name.endsWith("*") ? id.startsWith(name.slice(0, -1)) : id === name)),
    );
    expect(named.length).toBeGreaterThan(40);
    expect(unknown).toEqual([]);
  });

  it("have the source location of each value", async () => {
    const clean = join(EXAMPLE, "clean");
    const sheet = await sheetOf(join(clean, "deployment.yaml"), [join(clean, "inventory.json")]);
    expect(texts(line(sheet, "Management Node IP address"))).toEqual(["10.44.10.5"]);
    expect(texts(line(sheet, "NTP server 3"))).toEqual(["ntp3.vc.example.com"]);
    expect(texts(line(sheet, "Conferencing Node 1 name / VM name"))).toEqual(["oslo-conf01", "pexip-conf01"]);
    expect(line(sheet, "CPU cores per socket on host server esxi01.example.com").verdict).toMatchObject({
      ...{ verdict: "pass", rules: ["vm/vcpu-per-core"] },
    });
    const values = all(sheet).flatMap((one) => one.values);
    expect(values.length).toBeGreaterThan(80);
    for (const { text, location } of values) {
      if (location === null || !("line" in location)) throw new Error(`${text} has no source location`);
      const path = resolve(folder, location.path);
      const source = (await readFile(path, "utf8"))
        .split("\n")
        .slice(location.line - 1, location.end_line)
        .join("\n");
      // What is more than the value itself: the host before it, its domain, or what follows from two values.
      const [first = ""] = text.includes("/_")
        ? ["services"]
        : text.replace(/^esxi\d+\.example\.com: /, "").split(/[ /.]/);
      expect(source, `${text} at ${positionText(location)}`).toContain(text.includes("sockets)") ? "cores" : first);
    }
  });

  it("have a line for each server, node, location and host beyond those of the form", async () => {
    const nodes = [1, 2, 3].map((n) => `{ name: c${n}, hostname: h${n} }`).join(", ");
    const sheet = await sheetOfText(`
dns_servers: [10.0.0.1]
ntp_servers: [a.example, b.example, c.example]
management_node: { name: m, hostname: mgmt, dns_servers: [10.0.0.7, 10.0.0.8, 10.0.0.9] }
system_locations: [{ name: Oslo }, { name: Bergen }]
conferencing_nodes: [${nodes}]
`);
    expect([1, 2, 3].map((n) => texts(line(sheet, `DNS server ${n}`))[0])).toEqual([
      "10.0.0.7",
      "10.0.0.8",
      "10.0.0.9",
    ]);
    expect(texts(line(sheet, "NTP server 3"))).toEqual(["c.example"]);
    expect(texts(line(sheet, "System location 2 name"))).toEqual(["Bergen"]);
    expect(texts(line(sheet, "Conferencing Node 3 hostname and domain"))).toEqual(["h3"]);
  });

  it("never show a secret", async () => {
    const sheet = await sheetOfText(`
vm_manager: { address: "https://admin:hunter2@vc.example/sdk", type: vcenter }
management_node: { name: m, hostname: h, domain: "//x:hunter2@d" }
`);
    const text = [...datasheetMarkdown(sheet), ...datasheetHtml(sheet)].join("");
    expect(text).not.toContain("hunter2");
    expect(texts(line(sheet, "Management Node domain"))).toEqual(["//***@d"]);
    expect(line(sheet, "License entitlement key").values).toEqual([]);
  });
});

describe("the verdict of a line", () => {
  it("is that of the checks about its own subject", async () => {
    const mistakes = join(EXAMPLE, "mistakes");
    const sheet = await sheetOf(join(mistakes, "deployment.yaml"), [join(mistakes, "inventory.json")]);
    const verdicts = linesOf(sheet.datasheet).filter(({ label }) => /^Conferencing Node \d hostname/.test(label));
    expect(verdicts.map(({ verdict }) => verdict?.verdict)).toEqual(["pass", "pass", "pass", "pass", "pass", "fail"]);
    expect(verdicts.at(-1)?.verdict?.rules).toEqual(["node/unique-hostname"]);
    expect(line(sheet, "DNS server 1").verdict?.verdict).toBe("skipped");
  });

  it("is the worst of them; there is none without checks", () => {
    const of = (...verdicts: readonly ("pass" | "fail" | "inconclusive" | "skipped")[]) =>
      lineVerdict(verdicts.map((verdict, index) => check(`vm/rule-${index}`, "node a", { verdict })));
    expect(of()).toBeNull();
    expect(of("pass", "skipped")?.verdict).toBe("skipped");
    expect(of("pass", "inconclusive", "fail", "fail")).toEqual({
      verdict: "fail",
      count: 2,
      total: 4,
      rules: ["vm/rule-2", "vm/rule-3"],
    });
    expect(of("skipped", "inconclusive")?.verdict).toBe("inconclusive");
  });
});

describe("names from files", () => {
  it("are no markup in either format", async () => {
    const evil = '<img src=x onerror="a()">|`x`\\n# heading';
    const sheet = await sheetOfText(
      `management_node: { name: m, hostname: ${JSON.stringify(evil.replace("\\n", "\n"))} }\n`,
    );
    const markdown = [...datasheetMarkdown(sheet)].join("");
    const html = [...datasheetHtml(sheet)].join("");
    expect(markdown).not.toMatch(/<img|^# heading/m);
    expect(html).not.toContain("<img");
    const row = markdown.split("\n").find((text) => text.startsWith("| Management Node hostname"));
    expect(row?.match(/(?<!\\)\|/g)).toHaveLength(5);
  });
});

describe("preflight datasheet", () => {
  const clean = [join(EXAMPLE, "clean", "deployment.yaml"), "--inventory", join(EXAMPLE, "clean", "inventory.json")];

  it("writes Markdown, or HTML into a file", async () => {
    const file = join(folder, "sheet.html");
    const { exitCode, stdout, stderr } = await preflight(["datasheet", ...clean, "--format", `html=${file}`]);
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("| Management Node IP address | 10.44.10.5 |");
    expect(await readFile(file, "utf8")).toContain('<div class="entry"><span>10.44.10.5</span><span class="at">');
  });

  it("writes nothing when a file has errors, nor over an input", async () => {
    const file = join(folder, "invalid.yaml");
    await writeFile(file, "platfrom: {}\n");
    expect(await preflight(["datasheet", file])).toMatchObject({ exitCode: 2, stdout: "" });
    expect(await preflight(["datasheet", file, "--format", `html=${file}`])).toMatchObject({ exitCode: 2, stdout: "" });
    expect(await readFile(file, "utf8")).toBe("platfrom: {}\n");
  });
});
