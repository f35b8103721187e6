import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Inventory } from "../../../src/schema/inventory.generated.ts";
import { csv } from "../exports/csv.ts";
import { importing } from "../exports/in-folder.ts";
import { rvtoolsTabs, type Tab } from "../exports/rvtools-tabs.ts";

const CLEAN = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../../fixtures/example/clean/inventory.json"), "utf8"),
) as Inventory;

async function imported(change: (tab: Tab) => Tab): Promise<Inventory> {
  const tabs = rvtoolsTabs(CLEAN).map(change);
  const { inventories, errors } = await importing(
    Object.fromEntries(tabs.map((tab) => [`csv/RVTools_tab${tab.name}.csv`, csv(tab)])),
    ["csv"],
  );
  expect(errors).toEqual([]);
  return inventories[0]?.value ?? {};
}

/** The export pasted twice, where the second copy has another value in one column of the named tab. */
async function changedInCopy(tab: string, column: string, value: string): Promise<Inventory> {
  return imported((each) => {
    const [header = [], ...rest] = each.rows;
    const at = header.indexOf(column);
    if (each.name !== tab) return each;
    expect(at, `${tab} has the column ${column}`).not.toBe(-1);
    const copies = rest.map((row) => row.map((cell, index) => (index === at ? value : cell)));
    return { name: tab, rows: [header, ...rest, ...copies] };
  });
}

function gapsOf(inventory: Inventory, field: string): string[] {
  return Object.entries(inventory.coverage ?? {}).flatMap(([path, reason]) => (path === field ? [reason] : []));
}

/** The reasons that name one object, by its name. */
function gapsOfEach(inventory: Inventory, list: string, field: string): Record<string, string> {
  const own = Object.entries(inventory.coverage ?? {}).flatMap(([path, reason]) =>
    path.startsWith(`${list}[`) && path.endsWith(`].${field}`)
      ? [[path.slice(list.length + 1, -field.length - 2), reason] as const]
      : [],
  );
  return Object.fromEntries(own);
}

/** Two exports of one vCenter that were pasted together: tabs whose rows name their object and their server. */
function pasted({ name, rows }: Tab): Tab {
  const [header = [], ...rest] = rows;
  const hasObject = header.includes("VI SDK UUID") && (header.includes("Object ID") || header.includes("VM ID"));
  return { name, rows: hasObject ? [header, ...rest, ...rest] : rows };
}

describe("rows that an export has twice", () => {
  it("are one object, as without the repetition", async () => {
    const once = await imported((tab) => tab);
    const twice = await imported(pasted);
    expect(once.hosts?.length).toBe(CLEAN.hosts?.length);
    expect(twice).toEqual(once);
  });
});

describe("rows of one object, split and in any order", () => {
  /** The tab with each row as several: each cell is in the copies that `holders` says, and blank in the others. */
  const split = (
    tab: Tab,
    copies: number,
    holders: (row: number, column: number) => number,
    order: readonly number[],
  ) => {
    const [header = [], ...rest] = tab.rows;
    const key = ["VM", "VM ID", "Host", "Object ID", "VI SDK UUID", "VI SDK Server"].map((title) =>
      header.indexOf(title),
    );
    const rows = Array.from({ length: copies }, (_, copy) =>
      rest.map((row, at) =>
        row.map((cell, column) => (key.includes(column) || ((holders(at, column) >> copy) & 1) === 1 ? cell : null)),
      ),
    ).flat();
    const moved = rows.map((row, at) => ({ row, rank: order[at % order.length] ?? 0 }));
    return { name: tab.name, rows: [header, ...moved.sort((a, b) => a.rank - b.rank).map(({ row }) => row)] };
  };

  const sorted = ({ virtual_machines = [] }: Inventory) =>
    virtual_machines.toSorted((a, b) => a.name.localeCompare(b.name));

  it("are the object as one row has it", async () => {
    const once = await imported((tab) => tab);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3 }),
        fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 50, maxLength: 50 }),
        fc.array(fc.integer(), { minLength: 7, maxLength: 7 }),
        async (copies, masks, order) => {
          const all = (1 << copies) - 1;
          const holders = (row: number, column: number) => (masks[(row * 31 + column) % 50] ?? 1) & all || all;
          // Tabs whose blank cells mean nothing: a blank of vHost may mean "none".
          const found = await imported((tab) =>
            ["vInfo", "vCPU", "vMemory"].includes(tab.name) ? split(tab, copies, holders, order) : tab,
          );
          expect(sorted(found)).toEqual(sorted(once));
        },
      ),
      { numRuns: 15 },
    );
  });
});

describe("rows of one object that differ", () => {
  it.each([
    { tab: "vInfo", column: "Memory", value: "1024", list: "virtual_machines", field: "memory_mb", shown: "1024" },
    {
      tab: "vHost",
      column: "ESX Version",
      value: "VMware ESXi 6.5.0 build-1",
      list: "hosts",
      field: "version",
      shown: "6.5.0",
    },
  ] as const)("leave $field unknown, with both cells", async ({ tab, column, value, list, field, shown }) => {
    const inventory = await changedInCopy(tab, column, value);
    expect(inventory[list]).toHaveLength(CLEAN[list]?.length ?? -1);
    for (const each of inventory[list] ?? []) expect(each).not.toHaveProperty(field);
    const gaps = gapsOfEach(inventory, list, field);
    expect(Object.keys(gaps).sort()).toEqual(inventory[list]?.map(({ name }) => name).sort());
    for (const gap of Object.values(gaps)) {
      expect(gap).toMatch(/the rows of .* differ: .*csv:\d+:\d+ contains .*csv:\d+:\d+ contains /);
      expect(gap).toContain(shown);
    }
  });

  it("leave only the field unknown, and only of that object", async () => {
    const once = await imported((tab) => tab);
    const inventory = await imported(({ name, rows }) => {
      const at = rows[0]?.indexOf("Memory") ?? -1;
      const [header = [], first = []] = rows;
      const copy = first.map((cell, index) => (index === at ? "1024" : cell));
      return { name, rows: name === "vInfo" ? [header, ...rows.slice(1), copy] : rows };
    });
    const machines = inventory.virtual_machines ?? [];
    const [changed, ...same] = (once.virtual_machines ?? []).map((each, index) => ({ each, now: machines[index] }));
    const { memory_mb, ...others } = changed?.each ?? {};
    expect(memory_mb).toBeDefined();
    expect(changed?.now).toEqual(others);
    for (const { each, now } of same) expect(now).toEqual(each);
    expect(Object.keys(gapsOfEach(inventory, "virtual_machines", "memory_mb"))).toEqual([changed?.each.name]);
  });

  it.each(["before", "after"])("leave a field unknown whose cell cannot be read, with a good row %s", async (place) => {
    const inventory = await imported(({ name, rows }) => {
      const [header = [], ...rest] = rows;
      if (name !== "vInfo") return { name, rows };
      const at = header.indexOf("Memory");
      const copies = rest.map((row) => row.map((cell, index) => (index === at ? "much" : cell)));
      return { name, rows: [header, ...(place === "before" ? [...rest, ...copies] : [...copies, ...rest])] };
    });
    expect(inventory.virtual_machines).toHaveLength(CLEAN.virtual_machines?.length ?? -1);
    for (const each of inventory.virtual_machines ?? []) expect(each).not.toHaveProperty("memory_mb");
    expect(gapsOf(inventory, "virtual_machines.memory_mb")).toEqual([expect.stringContaining("much")]);
  });

  it("take a blank cell for no other value", async () => {
    const once = await imported((tab) => tab);
    expect((await changedInCopy("vInfo", "Memory", "")).virtual_machines).toEqual(once.virtual_machines);
  });
});

describe("the LAGs of a distributed switch", () => {
  it("are unknown where a cell contains several, as their order is not documented", async () => {
    const inventory = await imported(({ name, rows }) => {
      const [header = [], ...rest] = rows;
      if (name !== "dvSwitch") return { name, rows };
      // Two exports that were pasted together, of which the second has two LAGs.
      const identified = (lags: string) =>
        rest.map((row, index) => [
          ...row.map((cell, at) => (header[at] === "LACP Name" ? lags : cell)),
          `dvs-${index}`,
          "b7c1",
        ]);
      return {
        name,
        rows: [
          [...header, "Object ID", "VI SDK UUID"],
          ...identified(""),
          ...identified("lag1, lag2"),
          ...identified(""),
        ],
      };
    });
    expect(inventory.distributed_switches).toHaveLength(CLEAN.distributed_switches?.length ?? -1);
    for (const each of inventory.distributed_switches ?? []) expect(each).not.toHaveProperty("lags");
    expect(gapsOf(inventory, "distributed_switches.lags")).toEqual([expect.stringContaining("several values")]);
  });
});
