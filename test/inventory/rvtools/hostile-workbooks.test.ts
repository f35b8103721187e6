import { zipSync, strToU8 } from "fflate";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { importing } from "../exports/in-folder.ts";
import type { Tab } from "../exports/rvtools-tabs.ts";
import { xlsx, xlsxParts, zipped } from "../exports/xlsx.ts";

const TABS: readonly Tab[] = [
  {
    name: "vInfo",
    rows: [
      ["VM", "Powerstate", "CPUs", "HW version", "Datacenter", "Cluster", "Host", "VM ID", "VI SDK Server"],
      ["pexip-conf01", "poweredOn", 8, 15, "Oslo-DC", "vc-core", "esxi01.example.com", "vm-101", "vcenter01"],
      ["pexip-conf02", "poweredOff", 4, 14, "Oslo-DC", null, "esxi02.example.com", "vm-102", "vcenter01"],
    ],
  },
  {
    name: "vHost",
    rows: [
      ["Host", "Cluster", "CPU Model", "# Cores", "ESX Version", "VI SDK Server"],
      ["esxi01.example.com", "vc-core", "Intel(R) Xeon(R)", 32, "VMware ESXi 6.7.0 build-17499825", "vcenter01"],
    ],
  },
];
const WORKBOOK = xlsx(TABS);
const SHEET = "xl/worksheets/sheet1.xml";

const sentence = async (content: Buffer, name = "estate.xlsx") => {
  const { errors } = await importing({ [name]: content });
  return errors.map(({ message }) => message).join("\n");
};

/** The workbook with one of its parts changed. */
const withPart = (name: string, change: (text: string) => string) => {
  const parts = xlsxParts(TABS);
  return zipped({ ...parts, [name]: change(parts[name] ?? "") });
};

/** Where the central directory has its entry for a file. */
const directoryEntry = (bytes: Buffer, name: string) => bytes.lastIndexOf(name) - 46;

describe("a file that is no workbook", () => {
  it.each<readonly [string, Buffer, RegExp]>([
    [
      "an archive of something else",
      Buffer.from(zipSync({ "a.txt": strToU8("x") })),
      /contains no readable export: estate\.xlsx\/a\.txt\.$/,
    ],
    ["an empty archive", Buffer.from(zipSync({})), /archive, but not an Excel workbook|cut off/],
    ["only the beginning of an archive", Buffer.from("PK\u0003\u0004"), /truncated or damaged/],
    [
      "a workbook behind a password, or of Excel 97",
      Buffer.concat([Buffer.from("d0cf11e0a1b11ae1", "hex"), Buffer.alloc(2000)]),
      /an Excel 97–2003 workbook \(\.xls\) or password-protected/,
    ],
    [
      "a workbook of somebody else",
      xlsx([{ name: "Budget", rows: [["Year"], [2026]] }]),
      /is a workbook without RVTools tabs/,
    ],
    ["a text", Buffer.from("hello: world\n"), /contains neither an RVTools export nor output of govc/],
    [
      "a web page",
      Buffer.from("<!DOCTYPE html><html><body>Sign in</body></html>"),
      /cannot be read as output of govc|no vSphere object/,
    ],
    ["nothing", Buffer.alloc(0), /is empty\.$/],
  ])("%s is told in one sentence", async (_, content, wanted) => {
    expect(await sentence(content)).toMatch(wanted);
  });
});

describe("a workbook that is damaged", () => {
  it("is reported as cut off at any point of its end", async () => {
    for (const part of [0.3, 0.9, 0.99]) {
      expect(await sentence(WORKBOOK.subarray(0, Math.floor(WORKBOOK.length * part)))).toMatch(/truncated or damaged/);
    }
  });

  it("inside a sheet is found out by its checksum", async () => {
    const bytes = Buffer.from(WORKBOOK);
    bytes.writeUInt32LE(0x12345678, directoryEntry(bytes, SHEET) + 16);
    expect(await sentence(bytes)).toBe(`estate.xlsx cannot be read as an Excel workbook: ${SHEET} in it is damaged.`);
  });

  it.each<readonly [string, string, (text: string) => string, RegExp]>([
    ["a sheet that ends too early", SHEET, (xml) => xml.slice(0, -60), /has unexpected content/],
    ["a sheet with crossed elements", SHEET, (xml) => xml.replace("</v></c>", "</c></v>"), /not well-formed/],
    ["a sheet with a document type", SHEET, (xml) => `<!DOCTYPE x [<!ENTITY a "b">]>${xml}`, /document type/],
    [
      "a row that is not there in Excel",
      SHEET,
      (xml) => xml.replace('r="2"', 'r="99999999"'),
      /row with the number 99999999/,
    ],
    [
      "a row without a number after Excel's last one",
      SHEET,
      (xml) => xml.replace(/<row [^>]*r="2"[\s\S]*?<\/row>/, '<row r="1048576"/><row><c t="n"><v>1</v></c></row>'),
      /row with the number 1048577/,
    ],
    ["a column that is not there in Excel", SHEET, (xml) => xml.replace('"A1"', '"ZZZZ1"'), /more columns than Excel/],
    [
      "a text that is nowhere",
      SHEET,
      (xml) => xml.replace("<v>0</v>", "<v>4711</v>"),
      /a string that is not in the workbook/,
    ],
    ["a list of sheets with a document type", "xl/workbook.xml", (xml) => `<!DOCTYPE x>${xml}`, /document type/],
    ["a list of sheets that is no XML", "xl/workbook.xml", () => "<sheets", /not well-formed|none of its sheets/],
    [
      "sheets that lead nowhere",
      "xl/_rels/workbook.xml.rels",
      () => "<Relationships/>",
      /sheet vHost in it has no content/,
    ],
    ["shared texts that end too early", "xl/sharedStrings.xml", (xml) => xml.slice(0, -40), /has unexpected content/],
  ])("by %s says so", async (_, part, change, wanted) => {
    expect(await sentence(withPart(part, change))).toMatch(wanted);
  });

  it("reports an entry that is encrypted, or has an unknown compression", async () => {
    const encrypted = Buffer.from(WORKBOOK);
    encrypted.writeUInt16LE(1, directoryEntry(encrypted, "xl/workbook.xml") + 8);
    expect(await sentence(encrypted)).toMatch(/it is encrypted/);
    const packed = Buffer.from(WORKBOOK);
    packed.writeUInt16LE(12, directoryEntry(packed, "xl/workbook.xml") + 10);
    expect(await sentence(packed)).toMatch(/uses an unknown compression method \(12\)/);
  });
});

describe("a workbook that would grow", () => {
  it("to more than it claims is stopped there", async () => {
    const bytes = Buffer.from(WORKBOOK);
    bytes.writeUInt32LE(100, directoryEntry(bytes, SHEET) + 24);
    expect(await sentence(bytes)).toMatch(/larger than its directory states/);
  });

  it("beyond all measure is not unpacked at all", async () => {
    const bytes = Buffer.from(WORKBOOK);
    bytes.writeUInt32LE(0xfffffff0, directoryEntry(bytes, SHEET) + 24);
    expect(await sentence(bytes)).toMatch(/unpacks to more than 2 GB/);
    // A hundred megabytes of nothing in a hundred kilobytes.
    const bomb = zipSync(
      {
        ...Object.fromEntries(Object.entries(xlsxParts(TABS)).map(([name, text]) => [name, strToU8(text)])),
        [SHEET]: new Uint8Array(40 << 20).fill(32),
      },
      { level: 9 },
    );
    expect(await sentence(Buffer.from(bomb))).toMatch(/more than 500 times its size/);
  });

  it("by claiming a million files is not looked through", async () => {
    const bytes = Buffer.from(WORKBOOK);
    bytes.writeUInt16LE(60_000, bytes.length - 22 + 10);
    expect(await sentence(bytes)).toMatch(/its directory lists 60000 files/);
  });

  it("by entities keeps them as they are written", async () => {
    const odd = withPart("xl/sharedStrings.xml", (xml) => xml.replace("pexip-conf01", "&lol;&#x41;&amp;"));
    const { inventories } = await importing({ "estate.xlsx": odd });
    expect(inventories[0]?.value.virtual_machines?.[0]?.name).toBe("&lol;A&");
  });
});

describe("any damage to the bytes of an export", () => {
  const mutation = fc.array(fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), byte: fc.nat(255) }), {
    minLength: 1,
    maxLength: 12,
  });
  const mutated = (content: Buffer, changes: readonly { readonly at: number; readonly byte: number }[]) => {
    const bytes = Buffer.from(content);
    for (const { at, byte } of changes) bytes[Math.floor(at * (bytes.length - 1))] = byte;
    return bytes;
  };

  it("a workbook gives a valid inventory or one sentence", async () => {
    await fc.assert(
      fc.asyncProperty(mutation, async (changes) => {
        await importing({ "estate.xlsx": mutated(WORKBOOK, changes) });
      }),
      { numRuns: 150 },
    );
  });

  it("so does one whose XML is changed", async () => {
    const parts = xlsxParts(TABS, { prefix: "x:" });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.keys(parts)), mutation, async (name, changes) => {
        const text = mutated(Buffer.from(parts[name] ?? ""), changes).toString("latin1");
        await importing({ "estate.xlsx": zipped({ ...parts, [name]: text }) });
      }),
      { numRuns: 150 },
    );
  });

  it("and one whose cells are", async () => {
    const cell = fc.oneof(
      fc.constant(null),
      fc.string({ unit: "binary" }).map((text) => text.replaceAll(/[\u0000-\u001f\ud800-\udfff\ufffe\uffff]/g, "")),
      fc.integer(),
      fc.double(),
      fc.boolean(),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(cell, { maxLength: 12 }), { maxLength: 5 }), async (rows) => {
        const odd = TABS.map(({ name, rows: [header = []] }) => ({
          name,
          rows: [
            header,
            ...rows.map((row) =>
              row.map((value) => (typeof value === "number" && !Number.isFinite(value) ? 0 : value)),
            ),
          ],
        }));
        await importing({ "estate.xlsx": xlsx(odd, { texts: "inline" }) });
      }),
      { numRuns: 100 },
    );
  });
});
