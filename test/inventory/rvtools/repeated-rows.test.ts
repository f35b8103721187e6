import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Inventory } from "../../../src/schema/inventory.generated.ts";
import { importRvtools } from "../../../src/inventory/rvtools/import-rvtools.ts";
import type { Table } from "../../../src/inventory/content/tables.ts";
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
  /**
   * The tab with each row split into several: each cell is in the copies given by `holders`, and blank in the others.
   */
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

/** Columns of a tab with one row for each object: the field, two values that it can have, and a cell that is none. */
interface TabOfObjects {
  readonly tab: string;
  readonly list: "hosts" | "clusters" | "virtual_machines" | "datastores" | "distributed_switches";
  readonly key: string;
  readonly columns: readonly (readonly [
    column: string,
    field: string,
    values: readonly [string, string],
    none: string | null,
  ])[];
}

const FLAGS = ["True", "False"] as const;
const OBJECTS: readonly TabOfObjects[] = [
  {
    tab: "vHost",
    list: "hosts",
    key: "Host",
    columns: [
      ["Datacenter", "datacenter", ["Oslo", "Bergen"], null],
      ["Cluster", "cluster", ["core", "edge"], null],
      ["ESX Version", "version", ["VMware ESXi 6.7.0 build-1", "VMware ESXi 8.0.2 build-2"], "ESXi"],
      ["in Maintenance Mode", "in_maintenance_mode", FLAGS, "perhaps"],
      ["# Memory", "memory_mb", ["1024", "2048"], "much"],
      ["# Cores", "cpu.cores", ["8", "16"], "many"],
      ["HT Active", "cpu.hyperthreading_active", FLAGS, "perhaps"],
      ["Max EVC", "cpu.max_evc_mode", ["intel-skylake", "intel-haswell"], null],
      ["Current EVC", "cpu.evc_mode", ["intel-haswell", "intel-broadwell"], null],
      ["NTP Server(s)", "ntp.servers", ["10.0.0.1", "10.0.0.2"], null],
      ["NTPD running", "ntp.running", FLAGS, "perhaps"],
    ],
  },
  {
    tab: "vCluster",
    list: "clusters",
    key: "Name",
    columns: [
      ["NumHosts", "host_count", ["2", "3"], "few"],
      ["HA enabled", "ha_enabled", FLAGS, "perhaps"],
      ["Host monitoring", "ha_host_monitoring", ["enabled", "disabled"], "perhaps"],
      ["DRS enabled", "drs_enabled", FLAGS, "perhaps"],
    ],
  },
  {
    tab: "vInfo",
    list: "virtual_machines",
    key: "VM",
    columns: [
      ["Powerstate", "power_state", ["poweredOn", "poweredOff"], "perhaps"],
      ["min Required EVC Mode Key", "min_required_evc_mode", ["intel-haswell", "intel-skylake"], null],
      ["CPUs", "cpus", ["4", "8"], "many"],
      ["HW version", "hardware_version", ["vmx-19", "vmx-15"], "vmx-1400"],
      ["SMBIOS UUID", "uuid", ["4203", "4204"], null],
    ],
  },
  {
    tab: "vDatastore",
    list: "datastores",
    key: "Name",
    columns: [
      ["Type", "type", ["VMFS", "NFS"], null],
      ["Hosts", "hosts", ["esxi01", "esxi02"], null],
      ["# Hosts", "", ["1", "1"], "one"],
    ],
  },
  {
    tab: "dvSwitch",
    list: "distributed_switches",
    key: "Switch",
    columns: [
      ["Datacenter", "datacenter", ["Oslo", "Bergen"], null],
      ["Max MTU", "mtu", ["1500", "9000"], "large"],
      ["LACP Name", "lags", ["lag1", "lag2"], "lag1, lag2"],
    ],
  },
];

/** The inventory of tabs, without files. */
async function read(tabs: readonly Tab[]): Promise<Inventory> {
  const tables = tabs.map(({ name, rows }): Table => {
    const numbered = rows.map((cells, at) => ({ number: at + 1, cells: cells.map((cell) => cell ?? undefined) }));
    return {
      tab: name as Table["tab"],
      path: "estate.xlsx",
      sheet: name,
      rows: async function* () {
        yield await Promise.resolve(numbered);
      },
    };
  });
  return (await importRvtools(tables, null)).inventories[0]?.inventory ?? {};
}

const valueAt = (record: unknown, path: string): unknown =>
  path.split(".").reduce<unknown>((value, step) => (value as Record<string, unknown> | undefined)?.[step], record);

describe.each(OBJECTS)("any rows of one object in $tab", ({ tab, list, key, columns }) => {
  const header = [key, "Object ID", "VI SDK UUID", ...columns.map(([column]) => column)];
  const rowOf = (cells: readonly (string | null)[]) => ["it", "object-1", "b7c1", ...cells];
  const inventoryOf = (rows: readonly (readonly (string | null)[])[]) =>
    read([{ name: tab, rows: [header, ...rows.map(rowOf)] }]);
  const cells = fc.tuple(
    ...columns.map(([, , values, none]) => fc.constantFrom(null, null, ...values, ...(none === null ? [] : [none]))),
  );
  const rows = fc.array(cells, { minLength: 1, maxLength: 4 });

  it("are read the same in any order, and a field in which they differ, or that cannot be read, is unknown", async () => {
    await fc.assert(
      fc.asyncProperty(rows, fc.integer(), async (given, seed) => {
        const found = await inventoryOf(given);
        const record = found[list]?.[0];
        expect(found[list]).toHaveLength(1);
        const rank = (row: readonly unknown[]) =>
          (JSON.stringify(row).length * 31 + seed * given.indexOf(row as never)) % 7;
        for (const other of [given.toReversed(), given.toSorted((a, b) => rank(a) - rank(b))])
          expect((await inventoryOf(other))[list]).toEqual(found[list]);
        for (const [at, [, field, , none]] of columns.entries()) {
          const filled = new Set(given.flatMap((row) => row[at] ?? []));
          if (field !== "" && (filled.size > 1 || (none !== null && filled.has(none))))
            expect(valueAt(record, field), field).toBeUndefined();
        }
      }),
      { numRuns: 60 },
    );
  });

  it("without a cell that differs are the row that has all of their cells", async () => {
    await fc.assert(
      fc.asyncProperty(
        cells,
        fc.array(fc.nat(3), { minLength: columns.length, maxLength: columns.length }),
        async (one, holders) => {
          const parts = [0, 1, 2, 3].map((part) => one.map((cell, at) => (holders[at] === part ? cell : null)));
          expect((await inventoryOf(parts))[list]).toEqual((await inventoryOf([one]))[list]);
        },
      ),
      { numRuns: 60 },
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
  it("are unknown if a cell contains several, as their order is not documented", async () => {
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
