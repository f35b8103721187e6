import { mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { checksWith } from "../../src/engine/evaluation/check-table.ts";
import { check } from "../../src/run/check.ts";
import { fixDeployment } from "../../src/run/fix.ts";
import { fix } from "../../src/run/index.ts";
import type { CheckOptions } from "../../src/run/options.ts";

let folder: string;
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "preflight-fix-")));
});
afterAll(() => rm(folder, { recursive: true }));

const optionsFor = (text: string, only: readonly string[] = []): CheckOptions => ({
  ...{ deployment: "deployment.yaml", deploymentBytes: Buffer.from(text), inventories: [], cwd: folder },
  ...{ live: false, only, severities: [], now: Date.parse("2026-11-22T12:00:00Z"), config: false, waivers: false },
});

async function fixed(text: string, only: readonly string[] = []) {
  const result = await fixDeployment(optionsFor(text, only));
  if (result === null) throw new Error(`not read: ${text}`);
  return result;
}

/** Failed checks, as `rule subject`. */
async function failures(text: string): Promise<readonly string[]> {
  const { report } = await check(optionsFor(text));
  expect(report.errors).toEqual([]);
  return checksWith(report.checks, "fail").map(({ rule, subject }) => `${rule} ${subject.kind}:${subject.name}`);
}

/** A value to fix, as it is written and as it must become, in any style. */
interface Fault {
  readonly key: string;
  readonly wrong: string;
  readonly right: string;
  readonly isText: boolean;
}

const FAULTS: readonly Fault[] = [
  { key: "mtu", wrong: "9000", right: "1500", isText: false },
  { key: "vm_system_memory", wrong: "8190", right: "8192", isText: false },
  { key: "hostname", wrong: "mgmt01.vc.example.com", right: "mgmt01", isText: true },
  { key: "address", wrong: "10.44.10.5/24", right: "10.44.10.5", isText: true },
  { key: "gateway", wrong: "10.44.10.1/24", right: "10.44.10.1", isText: true },
];

const OTHERS = { name: "manager", domain: "vc.example.com", netmask: "255.255.255.0", vm_cpu_count: 8 } as const;

/** The text around values, which must not change. */
interface Layout {
  readonly format: "block" | "flow" | "json";
  readonly quotes: readonly ("" | "'" | '"')[];
  readonly anchors: readonly boolean[];
  readonly comments: readonly string[];
  readonly lineBreak: string;
  readonly mark: string;
  readonly order: readonly number[];
}

const layouts: fc.Arbitrary<Layout> = fc.record({
  format: fc.constantFrom("block" as const, "flow" as const, "json" as const),
  quotes: fc.array(fc.constantFrom("" as const, "'" as const, '"' as const), { minLength: 9, maxLength: 9 }),
  anchors: fc.array(fc.boolean(), { minLength: 9, maxLength: 9 }),
  comments: fc.array(fc.constantFrom("", " # 9000 before", "  # æøå «» 🎉", " #\t'quoted' \"text\""), {
    minLength: 9,
    maxLength: 9,
  }),
  lineBreak: fc.constantFrom("\n", "\r\n"),
  mark: fc.constantFrom("", "\uFEFF"),
  order: fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7, 8], { minLength: 9 }),
});

/** The same deployment with its faults and without them, and nothing else in between. */
function texts(layout: Layout, faults: readonly Fault[]): { readonly wrong: string; readonly right: string } {
  const write = (pick: (fault: Fault) => string): string => {
    const entries = [
      ...FAULTS.map((fault) => [fault.key, faults.includes(fault) ? pick(fault) : fault.right, fault.isText] as const),
      ...Object.entries(OTHERS).map(([key, value]) => [key, String(value), typeof value === "string"] as const),
    ];
    const lines = layout.order.map((index) => {
      const [key, value, isText] = entries[index] ?? ["name", "x", true];
      const quote = layout.format === "json" ? (isText ? '"' : "") : isText ? (layout.quotes[index] ?? "") : "";
      const anchor = layout.format !== "json" && layout.anchors[index] === true ? `&a${index} ` : "";
      const written = `${anchor}${quote}${value}${quote}`;
      if (layout.format === "json") return `    "${key}" :  ${written}`;
      return layout.format === "block"
        ? `  ${key}:   ${written}${layout.comments[index] ?? ""}`
        : ` ${key}: ${written} ,${layout.comments[index] ?? ""}`;
    });
    const { lineBreak, mark } = layout;
    if (layout.format === "json") {
      return `${mark}{ "management_node": {${lineBreak}${lines.join(`,${lineBreak}`)}${lineBreak}} }`;
    }
    return layout.format === "block"
      ? `${mark}# first${lineBreak}management_node:${lineBreak}${lines.join(lineBreak)}`
      : `${mark}management_node: { # one${lineBreak}${lines.join(lineBreak)}${lineBreak}  }${lineBreak}# end`;
  };
  return { wrong: write(({ wrong }) => wrong), right: write(({ right }) => right) };
}

describe("fixDeployment", () => {
  it("changes the ranges of the values and not one byte besides, in every style", async () => {
    let files = 0;
    await fc.assert(
      fc.asyncProperty(layouts, fc.subarray([...FAULTS], { minLength: 1 }), async (layout, faults) => {
        const { wrong, right } = texts(layout, faults);
        const { after, applied } = await fixed(wrong);
        expect(after).toBe(right);
        expect(applied).toHaveLength(faults.length);
        // Another parser reads it alike.
        const read = parse(after.replace("\uFEFF", "")) as { management_node: Record<string, unknown> };
        for (const { key, right: value } of FAULTS) expect(String(read.management_node[key])).toBe(value);
        expect((await fixed(after)).after).toBe(after);
        const before = await failures(wrong);
        expect((await failures(after)).filter((failure) => !before.includes(failure))).toEqual([]);
        files++;
      }),
      { numRuns: 60 },
    );
    expect(files).toBe(60);
  });

  it.each([
    [
      "a list of mappings, below the first short value and its comment",
      "conferencing_nodes:\n  - name: a # first\n    hostname: a\n    always_on: false\n",
      "conferencing_nodes:\n  - name: a # first\n    enable_distributed_database: false\n    hostname: a\n    always_on: false\n",
    ],
    [
      "a list whose first value is on several lines, with CR LF and without a last line break",
      "conferencing_nodes:\r\n-   vm: { name: x }\r\n    name: |-\r\n      a\r\n    hostname: a\r\n    always_on: false",
      "conferencing_nodes:\r\n-   vm: { name: x }\r\n    name: |-\r\n      a\r\n    hostname: a\r\n    enable_distributed_database: false\r\n    always_on: false",
    ],
    [
      "braces in YAML",
      "conferencing_nodes: [{ name: a, hostname: a, always_on: false, }]\n",
      "conferencing_nodes: [{ name: a, hostname: a, always_on: false, enable_distributed_database: false, }]\n",
    ],
    [
      "JSON on several lines",
      '{ "conferencing_nodes": [{\n\t"name": "a",\n\t"hostname": "a",\n\t"always_on": false\n}] }',
      '{ "conferencing_nodes": [{\n\t"name": "a",\n\t"hostname": "a",\n\t"always_on": false,\n\t"enable_distributed_database": false\n}] }',
    ],
    [
      "JSON on one line",
      '{"conferencing_nodes":[{"name":"a","hostname":"a","always_on":false}]}',
      '{"conferencing_nodes":[{"name":"a","hostname":"a","always_on":false, "enable_distributed_database": false}]}',
    ],
  ])("adds a key that is missing: %s", async (_, wrong, right) => {
    const { after, applied, refused } = await fixed(wrong, ["node/distributed-database"]);
    expect(refused).toEqual([]);
    expect(after).toBe(right);
    expect(applied).toHaveLength(1);
    expect((parse(after) as { conferencing_nodes: object[] }).conferencing_nodes[0]).toMatchObject({
      enable_distributed_database: false,
    });
    expect((await fixed(after, ["node/distributed-database"])).after).toBe(after);
  });

  it("adds no key to a mapping that an alias brings in", async () => {
    const text = "x-node: &node { name: a, hostname: a, always_on: false }\nconferencing_nodes: [*node]\n";
    const { after, refused } = await fixed(text, ["node/distributed-database"]);
    expect(after).toBe(text);
    expect(refused.map(({ reason }) => reason)).toEqual(["the value is shared through the anchor &node"]);
  });

  it("is the fix of the Node API too, which reads the file and writes nothing", async () => {
    const text = "system_locations: [{ name: A, mtu: 9000 }]\n";
    const deployment = join(folder, "api.yaml");
    await writeFile(deployment, text);
    const result = await fix({ deployment, config: false, waivers: false });
    expect(result).toMatchObject({
      ...{ before: text, after: text.replace("9000", "1500"), refused: [] },
      applied: [{ rule: "network/mtu-range", description: "Set mtu to 1500" }],
    });
    expect(await readFile(deployment, "utf8")).toBe(text);
    expect(await fix({ deployment: join(folder, "nosuch.yaml"), config: false })).toBeNull();
  });

  it("does not edit what comes through an alias or a merge key, or is used under another key, and names the anchor", async () => {
    const text = `management_node: { name: m, hostname: m, mtu: &jumbo 9000, network_mtu: *jumbo }
x-defaults: &defaults { mtu: 9000 }
system_locations:
  - { <<: *defaults, name: A }
  - { name: B, mtu: *jumbo }
  - { name: C, <<: [*defaults] }
`;
    const { after, refused } = await fixed(text);
    expect(after).toBe(text);
    expect(refused.map(({ subject, reason }) => [subject.name, reason])).toEqual([
      ["A", "the value is shared through the anchor &defaults"],
      ["B", "the value is shared through the anchor &jumbo"],
      ["C", "the value is shared through the anchor &defaults"],
      ["m", "the value is shared through the anchor &jumbo"],
    ]);
  });

  it("edits a value whose anchor is used only under the same key", async () => {
    const text = "system_locations: [&a { name: A, mtu: &m 9000 }, { name: B, mtu: *m }, { <<: *a, name: C }]";
    const { after, applied, refused } = await fixed(text);
    expect(after).toBe(text.replace("9000", "1500"));
    expect(applied.map(({ subject }) => subject.name)).toEqual(["A"]);
    expect(refused).toEqual([]);
  });

  it("does not change tagged values, block scalars and merged mappings, and reports it", async () => {
    const text = `management_node:
  name: m
  domain: vc.example.com
  hostname: !!str mgmt01.vc.example.com
conferencing_nodes:
  - name: a
    domain: vc.example.com
    hostname: >-
      conf01.vc.example.com
  - name: b
    domain: vc.example.com
    <<: { hostname: conf02.vc.example.com }
`;
    const { after, refused } = await fixed(text);
    expect(after).toBe(text);
    expect(refused.map(({ reason }) => reason)).toEqual([
      "the value has a YAML tag",
      "the value is a block scalar",
      "the value comes through a merge key",
    ]);
  });

  it("splits entries in the style of their list", async () => {
    const text = `management_node: { name: m, hostname: m }
dns_servers:
    - "10.0.0.1 10.0.0.2" # both
    -   10.0.0.3
ntp_servers:
  [ a.example.com,
    'b.example.com,c.example.com', # both
    d.example.com ]`;
    expect((await fixed(text)).after).toBe(`management_node: { name: m, hostname: m }
dns_servers:
    - "10.0.0.1"
    - "10.0.0.2" # both
    -   10.0.0.3
ntp_servers:
  [ a.example.com,
    'b.example.com',
    'c.example.com', # both
    d.example.com ]`);
    const json = `{\r\n  "management_node": { "name": "m", "hostname": "m" },\r\n  "dns_servers": [\r\n    "10.0.0.1 10.0.0.2"\r\n  ],\r\n  "ntp_servers": ["a.example.com b.example.com", "c.example.com"]\r\n}`;
    expect((await fixed(json)).after).toBe(
      json
        .replace('"10.0.0.1 10.0.0.2"', '"10.0.0.1",\r\n    "10.0.0.2"')
        .replace('"a.example.com b.example.com"', '"a.example.com", "b.example.com"'),
    );
  });

  it("refuses a fix that makes another check worse, and makes the others", async () => {
    const text = `management_node: { name: m, hostname: m, mtu: 9000, vm_system_memory: 8190 }
dns_servers: [10.0.0.1 10.0.0.2, 10.0.0.3, 10.0.0.4]
`;
    const { after, applied, refused } = await fixed(text);
    expect(after).toBe(text.replace("9000", "1500").replace("8190", "8192"));
    expect(applied.map(({ description }) => description)).toEqual(["Set mtu to 1500", "Set vm_system_memory to 8192"]);
    expect(refused.map(({ rule, reason }) => [rule, reason])).toEqual([
      ["dns/server-address", expect.stringContaining("dns/server-count would fail for ")],
    ]);
  });

  it("makes only the fixes of the given rules, and none of waived checks", async () => {
    const text = `management_node:
  name: m
  hostname: m
  # preflight-disable-next-line network/mtu-range until 2026-12-31 -- Changed with the network
  mtu: 9000
  vm_system_memory: 8190
`;
    expect((await fixed(text, ["network/mtu-range"])).after).toBe(text);
    expect((await fixed(text)).after).toBe(text.replace("8190", "8192"));
    const open = text.replace(/ *#.*\n/, "");
    expect((await fixed(open, ["network/mtu-range"])).after).toBe(open.replace("9000", "1500"));
  });

  it("is null for a file that is not valid", async () => {
    expect(await fixDeployment(optionsFor("management_node: [1"))).toBeNull();
    expect(await fixDeployment(optionsFor("management_node: { mtu: 9000 }"))).toBeNull();
    expect(await fixDeployment({ ...optionsFor(""), deploymentBytes: Buffer.from([0xff, 0xfe]) })).toBeNull();
    await writeFile(join(folder, "is-there.yaml"), "management_node: { name: m, hostname: m, mtu: 9000 }");
    const other = { ...optionsFor(""), deployment: "is-there.yaml", deploymentBytes: undefined };
    expect((await fixDeployment(other))?.applied).toHaveLength(1);
    expect(await fixDeployment({ ...other, deployment: "is-not-there.yaml" })).toBeNull();
  });
});
