import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csvRows } from "../../../src/inventory/spreadsheet/csv.ts";
import type { CellRange } from "../../../src/inventory/spreadsheet/sheet-xml.ts";
import { csv } from "../exports/csv.ts";
import { importing } from "../exports/in-folder.ts";

/** The text between two positions, lines counted as editors do. */
function cut(text: string, range: CellRange): string {
  const starts = [0, ...[...text.matchAll(/\r\n|\r|\n/g)].map((found) => found.index + found[0].length)];
  const offset = (line: number, column: number) => (starts[line - 1] ?? NaN) + column - 1;
  return text.slice(offset(range.line, range.column), offset(range.end_line, range.end_column));
}

const unquoted = (cell: string) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);

/** What makes cells hard to find: quotes, delimiters, every kind of line end, and characters of two code units. */
const content = fc.string({
  unit: fc.constantFrom("a", "é", "😀", " ", ",", ";", '"', "\n", "\r", "\r\n"),
  maxLength: 8,
});

describe("ranges of cells in a CSV file", () => {
  it("contain exactly the cell, regardless of quotes and line breaks before it", () => {
    const table = fc
      .integer({ min: 2, max: 5 })
      .chain((width) =>
        fc.array(fc.array(content, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 }),
      );
    fc.assert(
      fc.property(table, fc.constantFrom(",", ";", "\t"), (drawn, delimiter) => {
        // Tabs have many columns, so that the delimiter is what most cells are separated by.
        const cells = drawn.map((row) => [...row, ...Array.from({ length: 40 }, () => "x")]);
        const header = cells[0]?.map((_, index) => `column ${index}`) ?? [];
        const text = csv({ name: "", rows: [header, ...cells] }, delimiter, "");
        const rows = [...csvRows(text, "a.csv")].flat();
        for (const { number, cells: read, rangeOf } of rows) {
          for (const [column, written] of ([header, ...cells][number - 1] ?? []).entries()) {
            const range = rangeOf?.(column) ?? null;
            expect(range).not.toBeNull();
            if (range === null || written === "") continue;
            expect(read[column]).toBe(written);
            expect(unquoted(cut(text, range))).toBe(written);
          }
        }
        expect(rows.length).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });

  it("have one column if the cell is blank, and there is none after the last cell", () => {
    const [rows = []] = [...csvRows("a,b\r\n1,\r\n", "a.csv")];
    expect(rows[1]?.rangeOf?.(1)).toEqual({ line: 2, column: 3, end_line: 2, end_column: 4 });
    expect(rows[1]?.rangeOf?.(2)).toBeNull();
  });

  it("are the locations of values, in rows below others that take several lines", async () => {
    const header = ["Host", "Datacenter", "Cluster", "CPU Model", "ESX Version", "NTP Server(s)", "NTPD running"];
    const text = csv({
      name: "vHost",
      rows: [
        header,
        ["esxi01", "a,b", "core", 'two\r\n"lines"', "VMware ESXi 8.0.3 build-1", "ntp1", "True"],
        ["esxi02", "a,b", "core", "one", "VMware ESXi 8.0.2 build-2", "ntp1,\nntp2", "perhaps"],
      ],
    });
    const { inventories, notes } = await importing({ "RVTools_tabvHost.csv": text });
    const [inventory] = inventories;
    const at = (...path: readonly (string | number)[]) => {
      const location = inventory?.locate(path) ?? null;
      return location !== null && "line" in location ? [location.line, cut(text.slice(1), location)] : location;
    };
    expect(at("hosts", 0, "version")).toEqual([3, "VMware ESXi 8.0.3 build-1"]);
    expect(at("hosts", 1, "version")).toEqual([4, "VMware ESXi 8.0.2 build-2"]);
    expect(at("hosts", 1, "ntp", "servers")).toEqual([4, '"ntp1,\nntp2"']);
    // What no column has is shown at the name.
    expect(at("hosts", 1, "lockdown_mode")).toEqual([4, "esxi02"]);
    expect(notes[0]?.lines).toContain(
      'vHost: NTPD running "perhaps" (RVTools_tabvHost.csv:5:7): neither True nor False (1 cell)',
    );
  });
});
