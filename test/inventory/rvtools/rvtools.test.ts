import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Inventory } from "../../../src/schema/inventory.generated.ts";
import type { TextLocation } from "../../../src/values/location.ts";
import { csv } from "../exports/csv.ts";
import { importing } from "../exports/in-folder.ts";
import { type Cell, LICENCE_KEY, rvtoolsTabs, type Tab } from "../exports/rvtools-tabs.ts";
import { withTwinClusters } from "../exports/twin-clusters.ts";
import { xlsx, type XlsxOptions } from "../exports/xlsx.ts";

const CLEAN = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../../fixtures/example/clean/inventory.json"), "utf8"),
) as Inventory;
const TABS = rvtoolsTabs(CLEAN);

/** The inventory from a workbook with these tabs. */
async function inventory(tabs: readonly Tab[] = TABS, options: XlsxOptions = {}): Promise<Inventory> {
  const { inventories, errors } = await importing({ "estate.xlsx": xlsx(tabs, options) });
  expect(errors).toEqual([]);
  expect(inventories).toHaveLength(1);
  return inventories[0]?.value ?? {};
}

/** The tabs with one of them changed; `null` removes it. */
function changed(name: string, change: ((rows: Cell[][]) => Cell[][]) | null): readonly Tab[] {
  return TABS.flatMap((tab) => {
    if (tab.name !== name) return [tab];
    return change === null ? [] : [{ name, rows: change(tab.rows.map((row) => [...row])) }];
  });
}

/** A tab with one cell set; rows count from 1, the header's is 0. */
function withCell(name: string, row: number, column: string, value: Cell): readonly Tab[] {
  return changed(name, (rows) => {
    const index = rows[0]?.indexOf(column) ?? -1;
    if (index === -1 || rows[row] === undefined) throw new Error(`${name} has no ${column} in row ${row}`);
    rows[row][index] = value;
    return rows;
  });
}

const without = (name: string, column: string) =>
  changed(name, (rows) => {
    const index = rows[0]?.indexOf(column) ?? -1;
    return rows.map((row) => row.filter((_, at) => at !== index));
  });

function omitted(record: object, ...fields: readonly string[]): object {
  return Object.fromEntries(Object.entries(record).filter(([field]) => !fields.includes(field)));
}

describe("an RVTools workbook", () => {
  it("gives everything that RVTools exports", async () => {
    const found = await inventory();
    const { hosts = [], virtual_machines: machines = [] } = CLEAN;
    // Without what RVTools does not export.
    expect(found.hosts).toEqual(
      hosts.map(({ name, cluster, datacenter, version, build, edition, managed_by_vcenter, memory_mb, ...host }) => ({
        ...{ name, cluster, datacenter, version, build, edition, managed_by_vcenter, memory_mb },
        in_maintenance_mode: host.in_maintenance_mode,
        ...(machines.some((machine) => machine.host === name) && { connection_state: "connected" }),
        cpu: omitted(host.cpu ?? {}, "features", "features_unmasked", "cache_mb"),
        ntp: omitted(host.ntp ?? {}, "startup_policy", "firewall_open"),
        physical_nics: host.physical_nics,
        virtual_switches: host.virtual_switches,
        port_groups: host.port_groups?.map((group) => omitted(group, "uplinks")),
      })),
    );
    expect(found.virtual_machines).toEqual(
      machines.map((machine) => omitted(machine, "numa_node_affinity", "drs_behavior")),
    );
    expect(found.clusters?.map(({ host_count, ...cluster }) => [host_count, cluster])).toEqual(
      [4, 2].map((count, index) => [count, CLEAN.clusters?.[index]]),
    );
    for (const list of ["datacenters", "licences"] as const) expect(found[list]).toEqual(CLEAN[list]);
    expect(found.distributed_switches).toEqual(
      CLEAN.distributed_switches?.map((it) => omitted(it, "lacp_api_version")),
    );
    expect(found.distributed_port_groups).toEqual(
      CLEAN.distributed_port_groups?.map((it) => omitted(it, "unused_uplinks")),
    );
    expect(found.vcenter).toEqual(CLEAN.vcenter);
    expect(found.source).toEqual({ kind: "rvtools", server: "vcenter01.vc.example.com", tool_version: "4.7.1.4" });
  });

  it.each<readonly [string, XlsxOptions]>([
    ["with prefixed elements, as RVTools writes them", { prefix: "x:" }],
    ["with texts inside the cells", { texts: "inline" }],
    ["with texts that formulas made", { texts: "formula", prefix: "ss.1:" }],
    ["without references of rows and cells", { withoutReferences: true }],
    ["with a million blank rows behind each tab's last one", { blankRows: 60_000 }],
    [
      "with what else Excel and others put into the archive",
      { extra: { "[trash]/0000.dat": "\0\0", "customXml/item1.xml": "<a/>", "xl/theme/theme1.xml": "not <xml" } },
    ],
  ])("says the same %s", async (_, options) => {
    expect(await inventory(TABS, options)).toEqual(await inventory());
  });

  it("claims a million blank rows in one tab, and is read in time linear in its content", async () => {
    const tabs = TABS.filter(({ name }) => name === "vHost");
    const found = await inventory(tabs, { blankRows: 1_048_000 });
    expect(found.hosts).toHaveLength(6);
  });

  it("has its time if its own properties do: RVTools' time has no zone", async () => {
    const core =
      '<cp:coreProperties><dcterms:created xsi:type="dcterms:W3CDTF">2021-03-29T06:15:00Z</dcterms:created></cp:coreProperties>';
    expect((await inventory(TABS, { extra: { "docProps/core.xml": core } })).collected_at).toBe("2021-03-29T06:15:00Z");
    // 46346.34375 days after the end of 1899.
    const found = await inventory();
    expect(found.collected_at).toBe("2026-11-20T08:15:00");
    expect(found.coverage).not.toHaveProperty("collected_at");
    const at = async (cell: Cell) =>
      (await inventory(withCell("vMetaData", 1, "xlsx creation datetime", cell))).collected_at;
    expect(await at("2026-11-20 08:00:00")).toBe("2026-11-20T08:00:00");
    expect(await at("20.11.2026 8:00")).toBe("2026-11-20T08:00:00");
    // The 4th of November, or the 11th of April.
    expect(await at("04/11/2026 8:00")).toBeUndefined();
  });

  it("has values as texts or as Excel's own kinds", async () => {
    const typed = TABS.map(({ name, rows }) => ({
      name,
      rows: rows.map((row) => row.map((cell) => (cell === "True" ? true : cell === "False" ? false : cell))),
    }));
    const texts = TABS.map(({ name, rows }) => ({
      name,
      rows: rows.map((row) => row.map((cell) => (typeof cell === "number" ? String(cell) : cell))),
    }));
    expect(await inventory(typed)).toEqual(await inventory());
    expect(await inventory(texts)).toEqual(await inventory());
  });

  it("has a machine that is called like a number", async () => {
    expect((await inventory(withCell("vInfo", 1, "VM", 4711))).virtual_machines?.[0]?.name).toBe("4711");
  });

  it("calls its sheets after the files of a CSV export when it was merged of those", async () => {
    const renamed = TABS.map(({ name, rows }) => ({ name: `RVTools_tab${name}`, rows }));
    expect(await inventory(renamed)).toEqual(await inventory());
  });

  it("has MB where newer versions have MiB", async () => {
    const old = TABS.map(({ name, rows: [header = [], ...rows] }) => ({
      name,
      rows: [header.map((title) => (typeof title === "string" ? title.replace("MiB", "MB") : title)), ...rows],
    }));
    const { inventories, notes } = await importing({ "old.xlsx": xlsx(old) });
    expect(inventories[0]?.value).toEqual(await inventory());
    expect(notes[0]?.lines.join("\n")).not.toContain(" MB (");
  });
});

describe("cells of an RVTools export", () => {
  const host = async (tabs: readonly Tab[]) => (await inventory(tabs)).hosts?.[0];

  it("show that a link is down, without its speed", async () => {
    const down = changed("vNIC", (rows) => {
      const [header = [], first = []] = rows;
      first[header.indexOf("Speed")] = null;
      first[header.indexOf("Duplex")] = "Link is down!";
      return rows;
    });
    expect((await host(down))?.physical_nics?.[0]).toEqual({ name: "vmnic0", speed_mbps: null });
  });

  it("that are blank beside a stopped NTP service mean no server", async () => {
    const silent = changed("vHost", (rows) => {
      const [header = [], first = []] = rows;
      first[header.indexOf("NTP Server(s)")] = null;
      first[header.indexOf("NTPD running")] = "False";
      return rows;
    });
    expect((await host(silent))?.ntp).toEqual({ servers: [], running: false, protocol: "ntp" });
  });

  it("that are blank mean EVC off, but not for a host that RVTools could not read", async () => {
    const off = changed("vHost", ([header = [], ...rows]) => [
      header,
      ...rows.map((row) => row.toSpliced(header.indexOf("Current EVC"), 1, null)),
    ]);
    expect((await host(off))?.cpu?.evc_mode).toBeNull();
    // EVC is set for a cluster: if another host of the cluster has a mode, a blank means nothing.
    const single = await inventory(withCell("vHost", 1, "Current EVC", null));
    expect(single.hosts?.[0]?.cpu).not.toHaveProperty("evc_mode");
    expect(single.coverage?.["hosts.cpu.evc_mode"]).toMatch(/^Current EVC is blank, and set on esxi02/);
    const dead = changed("vHost", (rows) => [
      rows[0] ?? [],
      (rows[1] ?? []).map((cell, at) => (at < 3 || at > (rows[1]?.length ?? 0) - 3 ? cell : null)),
      ...rows.slice(2),
    ]);
    const found = await inventory(dead);
    expect(found.hosts?.[0]?.cpu).toBeUndefined();
    expect(found.hosts?.[0]?.ntp).toBeUndefined();
    expect(found.coverage?.["hosts[esxi01.example.com]"]).toMatch(/^RVTools exported no data for it/);
    // Its cluster's EVC mode is then not known either.
    expect(found.clusters?.[0]).not.toHaveProperty("evc_mode");
    expect(found.coverage).toMatchObject({
      "clusters.evc_mode": "RVTools exports EVC only for hosts, but not for esxi01.example.com",
    });
  });

  it("tell by which protocol a host keeps its time where there is but one", async () => {
    const newer = (running: string) =>
      changed("vHost", (rows) => {
        const [header = [], first = []] = rows;
        first[header.indexOf("ESX Version")] = "VMware ESXi 8.0.3 build-24674464";
        first[header.indexOf("NTPD running")] = running;
        return rows;
      });
    expect((await host(newer("True")))?.ntp?.protocol).toBe("ntp");
    expect((await host(newer("False")))?.ntp).not.toHaveProperty("protocol");
  });

  it("that differ among the hosts of a cluster leave its EVC mode open", async () => {
    const found = await inventory(withCell("vHost", 2, "Current EVC", "intel-haswell"));
    expect(found.clusters?.[0]).not.toHaveProperty("evc_mode");
    expect(found.coverage?.["clusters.evc_mode"]).toMatch(/hosts of the cluster differ$/);
  });

  it("count -1 as no limit, and refer to the cluster for a restart priority", async () => {
    const found = await inventory(withCell("vInfo", 1, "HA Restart Priority", "clusterRestartPriority"));
    expect(found.virtual_machines?.[0]).toMatchObject({ cpu_limit_mhz: null, ha_restart_priority: "medium" });
  });

  describe("of clusters with one name in two datacenters", () => {
    /** Cluster pod of esxi01 to esxi04 in Oslo, with 128 cores, and that of esxi11 and esxi12 in Bergen, with 32. */
    const pods = (counts: Readonly<Record<string, readonly [oslo: Cell, bergen: Cell]>>) =>
      TABS.filter(({ name }) => ["vSource", "vHost", "vCluster"].includes(name)).map(({ name, rows }): Tab => {
        const [header = [], ...rest] = rows;
        const all =
          name === "vCluster" ? [...header, ...Object.keys(counts).filter((key) => !header.includes(key))] : header;
        const cellOf = (row: readonly Cell[], column: string, index: number): Cell => {
          const own: Cell = row[header.indexOf(column)] ?? null;
          if (name === "vCluster")
            return column === "Name" ? "pod" : column in counts ? (counts[column]?.[index] ?? null) : own;
          if (name !== "vHost") return own;
          if (column === "Cluster") return "pod";
          if (column === "Current EVC")
            return row[0] === "esxi11.example.com" || row[0] === "esxi12.example.com"
              ? "intel-haswell"
              : "intel-skylake";
          return column === "Datacenter" && String(row[0]).startsWith("esxi1") ? "Bergen" : own;
        };
        return {
          name,
          rows: [all, ...rest.map((row, index) => all.map((column) => cellOf(row, String(column), index)))],
        };
      });
    const found = async (counts: Readonly<Record<string, readonly [Cell, Cell]>>) => {
      const { clusters = [], coverage } = await inventory(pods(counts));
      return { clusters: clusters.map(({ name, datacenter, evc_mode }) => [name, datacenter, evc_mode]), coverage };
    };
    const OSLO = ["pod", "Oslo-DC1", "intel-skylake"];
    const BERGEN = ["pod", "Bergen", "intel-haswell"];

    it.each([
      ["NumHosts", { NumHosts: [4, 2] }],
      ["NumCpuCores", { NumHosts: [null, null], NumCpuCores: [128, 32] }],
      ["either", { NumHosts: [4, null], NumCpuCores: [null, 32] }],
    ] as const)("tell them apart by %s", async (_, counts) => {
      expect((await found(counts)).clusters).toEqual([OSLO, BERGEN]);
    });

    it.each([
      ["nothing counts", { NumHosts: [null, null] }],
      ["only one counts", { NumHosts: [4, null] }],
      ["both count the same", { NumHosts: [4, 4] }],
      ["they count what no datacenter has", { NumHosts: [3, 1] }],
      ["the counts contradict each other", { NumHosts: [4, 2], NumCpuCores: [32, 128] }],
    ] as const)("leave datacenter and EVC mode unknown where %s", async (_, counts) => {
      const { clusters, coverage } = await found(counts);
      expect(clusters).toEqual([
        ["pod", undefined, undefined],
        ["pod", undefined, undefined],
      ]);
      for (const field of ["datacenter", "evc_mode"])
        expect(coverage?.[`clusters.${field}`]).toBe("RVTools does not distinguish clusters with the same name");
    });

    const lost = async (
      counts: Parameters<typeof pods>[0],
      change: (rows: readonly (readonly Cell[])[]) => Tab["rows"],
    ) => {
      const tabs = pods(counts).map((tab) => (tab.name === "vCluster" ? { ...tab, rows: change(tab.rows) } : tab));
      const { clusters = [], coverage } = await inventory(tabs);
      return {
        clusters: clusters.map(({ name, datacenter, evc_mode, ha_enabled }) => [
          name,
          datacenter,
          evc_mode,
          ha_enabled,
        ]),
        coverage,
      };
    };

    it("list one of them, and the other for its hosts, for which the tab has no data", async () => {
      const { clusters, coverage } = await lost({ NumHosts: [4, 2] }, (rows) => rows.toSpliced(2, 1));
      expect(clusters).toEqual([
        [...OSLO, true],
        [...BERGEN, undefined],
      ]);
      expect(coverage?.["clusters[pod]"]).toBe("the vCluster tab does not list it, and hosts are in it");
    });

    it("list one of them without counts, so that it may be either", async () => {
      const { clusters } = await lost({ NumHosts: [null, null] }, (rows) => rows.toSpliced(2, 1));
      expect(clusters).toEqual([
        ["pod", undefined, undefined, true],
        ["pod", undefined, undefined, undefined],
      ]);
    });

    it("list none, and hosts of two datacenters are in two", async () => {
      const { clusters } = await lost({ NumHosts: [4, 2] }, (rows) => rows.slice(0, 1));
      expect(clusters).toEqual([
        [...OSLO, undefined],
        [...BERGEN, undefined],
      ]);
    });
  });

  it("that count fewer hosts in a cluster than are in it leave open which ones: another has its name", async () => {
    const { clusters = [] } = await inventory(withCell("vCluster", 1, "NumHosts", 3));
    expect(clusters.map(({ name, datacenter, evc_mode }) => [name, datacenter, evc_mode])).toEqual([
      ["vc-core", undefined, undefined],
      ["vc-edge", "Oslo-DC1", null],
      ["vc-core", undefined, undefined],
    ]);
  });

  it("that give twin clusters different restart priorities give each VM that of its datacenter's", async () => {
    const { estate } = withTwinClusters("", CLEAN);
    const tabs = rvtoolsTabs(estate).map((tab) => {
      const [column, value] = tab.name === "vInfo" ? ["HA Restart Priority", "cluster"] : ["Restart Priority", null];
      const at = tab.rows[0]?.indexOf(column) ?? -1;
      if (tab.name !== "vInfo" && tab.name !== "vCluster") return tab;
      return {
        ...tab,
        rows: tab.rows.map((row, y) =>
          row.map((cell, x) => (x !== at || y === 0 ? cell : (value ?? (y === 1 ? "high" : "low")))),
        ),
      };
    });
    const { virtual_machines: machines = [] } = await inventory(tabs);
    expect(
      new Set(machines.map(({ datacenter, ha_restart_priority: priority }) => `${datacenter} ${priority}`)),
    ).toEqual(new Set(["Oslo-DC1 high", "Bergen low"]));
  });

  it("that give twin clusters different restart priorities leave that of their VMs open", async () => {
    const twins = changed("vCluster", (rows) => {
      const [header = [], first = []] = rows;
      const twin = first.map((cell, index) => (header[index] === "Restart Priority" ? "disabled" : cell));
      return [...rows, twin];
    }).map((tab) => {
      if (tab.name !== "vInfo") return tab;
      const at = tab.rows[0]?.indexOf("HA Restart Priority") ?? -1;
      return { ...tab, rows: tab.rows.map((row, y) => row.map((cell, x) => (x === at && y > 0 ? "cluster" : cell))) };
    });
    const { clusters, virtual_machines, coverage } = await inventory(twins);
    const twin = clusters?.at(-1)?.name;
    expect(clusters?.filter(({ name }) => name === twin)).toHaveLength(2);
    for (const machine of virtual_machines ?? []) {
      if (machine.cluster === twin) expect(machine).not.toHaveProperty("ha_restart_priority");
      else expect(machine.ha_restart_priority).toBe("medium");
    }
    expect(coverage?.["virtual_machines.ha_restart_priority"]).toMatch(/does not show unambiguously$/);
  });

  it("that are no value of their kind stay unknown", async () => {
    const odd = changed("vInfo", (rows) => {
      const [header = [], first = []] = rows;
      for (const [title, value] of [
        ["CPUs", "eight"],
        ["Memory", -4],
        ["HW version", "vmx-1400"],
        ["Powerstate", "unknown"],
        ["Template", "perhaps"],
      ] as const)
        first[header.indexOf(title)] = value;
      return rows;
    });
    const [machine] = (await inventory(odd.filter(({ name }) => name === "vInfo"))).virtual_machines ?? [];
    for (const field of [
      "cpus",
      "memory_mb",
      "hardware_version",
      "power_state",
      "template",
      "min_required_evc_mode_",
    ]) {
      expect(machine).not.toHaveProperty(field);
    }
    // Another tab with a value does not settle it: the export may contradict itself.
    const whole = (await inventory(odd)).virtual_machines?.[0];
    for (const field of ["cpus", "memory_mb", "power_state"]) expect(whole).not.toHaveProperty(field);
  });

  it("with a licence key are blanked, and the column of keys is not read", async () => {
    const keyed = withCell("vHost", 1, "Assigned License(s)", LICENCE_KEY);
    const leaky = keyed.map(({ name, rows }) => ({
      name,
      rows: rows.map((row, at) => (name === "vLicense" && at > 0 ? [`vSphere ${LICENCE_KEY}`, ...row.slice(1)] : row)),
    }));
    const { inventories, notes } = await importing({ "estate.xlsx": xlsx(leaky) });
    expect(JSON.stringify([inventories.map(({ value }) => value), notes])).not.toContain(LICENCE_KEY.slice(0, 11));
    expect(inventories[0]?.value.hosts?.[0]).not.toHaveProperty("edition");
  });
});

describe("columns and rows of an RVTools export", () => {
  it("that were added manually are ignored", async () => {
    const crowded = TABS.map(({ name, rows }) => {
      const at = rows[0]?.indexOf("Datacenter") ?? -1;
      if (!(rows[0]?.includes("VM") ?? false) || at === -1) return { name, rows };
      const extra = (row: readonly Cell[], cells: readonly Cell[]) => [...row.slice(0, at), ...cells, ...row.slice(at)];
      return {
        name,
        rows: [
          ...rows.map((row, index) =>
            extra(
              row,
              index === 0
                ? ["Host", "Cluster", "Datacenter", "VM ID", "CPUs", "VM UUID", ""]
                : ["wrong", "wrong", "wrong", "wrong", 99, "wrong", 1],
            ),
          ),
          [null, "totals", null, 4711],
        ],
      };
    });
    const { inventories, notes } = await importing({ "estate.xlsx": xlsx(crowded) });
    expect(inventories[0]?.value).toEqual(await inventory());
    expect(notes[0]?.lines).toContain("vInfo: 6 rows, 1 without a name skipped");
    expect(notes[0]?.lines.join("\n")).toMatch(/unknown columns, not read: Owner of the VM \(vInfo, vCPU, /);
  });

  it("that are missing leave their values unknown, with the reason", async () => {
    const found = await inventory(without("vInfo", "HW version"));
    expect(found.virtual_machines?.[0]).not.toHaveProperty("hardware_version");
    expect(found.coverage).toMatchObject({
      "virtual_machines.hardware_version": "the vInfo tab has no column HW version",
    });
  });

  it("with the names of -DBColumnNames are read if they are known", async () => {
    const names: Readonly<Record<string, string>> = {
      VM: "vInfoVMName",
      Powerstate: "vInfoPowerstate",
      CPUs: "vInfoCPUs",
      Memory: "vInfoMemory",
      "HW version": "vInfoVersion",
      Datacenter: "vInfoDataCenter",
      Cluster: "vInfoCluster",
      Host: "vInfoHost",
      "VI SDK Server": "vInfoVISDKServer",
    };
    const dialect = changed("vInfo", ([header = [], ...rows]) => {
      const kept = header.flatMap((title, at) => (names[String(title)] === undefined ? [] : [at]));
      return [
        kept.map((at) => names[String(header[at])] ?? ""),
        ...rows.map((row) => kept.map((at) => row[at] ?? null)),
      ];
    }).filter(({ name }) => name === "vInfo" || name === "vSource");
    const { inventories, notes } = await importing({ "estate.xlsx": xlsx(dialect) });
    expect(inventories[0]?.value.virtual_machines?.[0]).toEqual({
      name: "pexip-mgmt01",
      host: "esxi04.example.com",
      cluster: "vc-core",
      datacenter: "Oslo-DC1",
      power_state: "poweredOn",
      hardware_version: 15,
      cpus: 4,
      memory_mb: 4096,
    });
    expect(notes[0]?.lines.join("\n")).toContain("export again without that switch");
    expect(inventories[0]?.value.coverage).toMatchObject({
      "virtual_machines.uuid": "the vInfo tab was written with -DBColumnNames; export it again without that switch",
    });
  });

  it("distinguish machines of one name by their ids, or else by their placement", async () => {
    const twins = (tabs: readonly Tab[]) =>
      tabs.map(({ name, rows }) => ({
        name,
        rows: rows.map((row, at) => (at > 0 && rows[0]?.[0] === "VM" ? ["twin", ...row.slice(1)] : row)),
      }));
    const found = await inventory(twins(TABS));
    expect(found.virtual_machines?.map(({ nics }) => nics?.[0]?.mac_address)).toEqual(
      CLEAN.virtual_machines?.map(({ nics }) => nics?.[0]?.mac_address),
    );
    const nameless = TABS.map(({ name }) => name).reduce<readonly Tab[]>(
      (tabs, name) =>
        tabs.map((tab) => {
          const at = tab.name === name ? tab.rows[0]?.indexOf("VM ID") : -1;
          return at === undefined || at === -1 ? tab : { name, rows: tab.rows.map((row) => row.toSpliced(at, 1)) };
        }),
      TABS,
    );
    expect((await inventory(nameless)).virtual_machines).toEqual((await inventory()).virtual_machines);
    // Two of one name with one placement: their adapters cannot be assigned.
    const one = (tabs: readonly Tab[]) =>
      tabs.map((tab) => ({
        ...tab,
        rows: tab.rows.map((row) => row.map((cell) => (/^esxi0\d/.test(String(cell)) ? "esxi01.example.com" : cell))),
      }));
    const ambiguous = (await inventory(one(twins(nameless)))).virtual_machines?.filter(
      ({ host }) => host === "esxi01.example.com",
    );
    expect(ambiguous?.length).toBeGreaterThan(1);
    for (const machine of ambiguous ?? []) expect(machine).not.toHaveProperty("nics");
  });

  it("that are fewer than another tab counts make no list", async () => {
    const cut = changed("vNetwork", (rows) => rows.filter((_, at) => at !== 1));
    const found = await inventory(cut);
    expect(found.virtual_machines?.[0]).not.toHaveProperty("nics");
    expect(found.coverage?.["virtual_machines.nics"]).toBe("the vInfo tab counts 1 of them, and 0 are listed");
    const hosts = withCell("vDatastore", 1, "Hosts", "esxi01.example.com");
    expect((await inventory(hosts)).datastores?.[0]).not.toHaveProperty("hosts");
  });

  it("that cannot be assigned to a machine make its snapshots unknown", async () => {
    const stray = changed("vSnapshot", ([header = []]) => [
      header,
      header.map((column) => (column === "VM" ? "Pexip-Conf01" : column === "Host" ? "esxi99" : null)),
    ]);
    const found = await inventory(stray);
    const counts = found.virtual_machines?.map(({ name, snapshots }) => [name, snapshots]);
    expect(Object.fromEntries(counts ?? [])).toMatchObject({ "pexip-conf01": undefined, "pexip-conf02": 0 });
    expect(found.coverage?.["virtual_machines.snapshots"]).toContain("does not distinguish VMs");
  });

  it("that are cut off leave open which adapters a switch has: IP hash is fine where there is but one", async () => {
    const cut = await inventory(changed("vNIC", (rows) => rows.slice(0, 2)));
    const [host] = cut.hosts ?? [];
    expect(host).not.toHaveProperty("physical_nics");
    expect(host?.virtual_switches?.length).toBeGreaterThan(0);
    for (const each of [...(host?.virtual_switches ?? []), ...(cut.distributed_switches?.[0]?.hosts ?? [])]) {
      expect(each).not.toHaveProperty("uplinks");
    }
    expect(cut.coverage).toMatchObject({
      "hosts[esxi01.example.com].virtual_switches.uplinks": expect.stringMatching(
        /^the vHost tab counts \d+ adapters, and 1 is listed$/,
      ) as string,
    });
    const unmentioned = await inventory(without("vNIC", "Switch"));
    expect(unmentioned.hosts?.[0]?.physical_nics).toEqual(CLEAN.hosts?.[0]?.physical_nics);
    expect(unmentioned.hosts?.[0]?.virtual_switches?.[0]).not.toHaveProperty("uplinks");
    expect(unmentioned.coverage?.["hosts.virtual_switches.uplinks"]).toBe("the vNIC tab has no column Switch");
  });
});

describe("tabs of an RVTools export", () => {
  const lists: readonly (readonly [string, string])[] = [
    ["dvSwitch", "distributed_switches"],
    ["dvPort", "distributed_port_groups"],
    ["vDatastore", "datastores"],
    ["vRP", "resource_pools"],
    ["vLicense", "licences"],
  ];
  it.each(lists)("%s: without it %s are unknown, not none", async (tab, list) => {
    const found = await inventory(changed(tab, null));
    expect(found).not.toHaveProperty(list);
    expect(found.coverage?.[list]).toBe(`the RVTools export has no ${tab} tab`);
  });

  it.each([
    ["vInfo", "virtual_machines"],
    ["vHost", "hosts"],
  ] as const)("%s: without it other tabs tell %s, and there may be more", async (tab, list) => {
    const found = await inventory(changed(tab, null));
    expect(found[list]?.map(({ name }) => name).sort()).toEqual(CLEAN[list]?.map(({ name }) => name).sort());
    expect(found.incomplete?.[list]).toBe(`the RVTools export has no ${tab} tab`);
    for (const record of found[list] ?? []) {
      expect(record).not.toHaveProperty("version");
      expect(record).not.toHaveProperty("uuid");
    }
  });

  it("vCluster: without it hosts tell clusters and their EVC modes, and there may be more clusters", async () => {
    const { clusters, incomplete, coverage } = await inventory(changed("vCluster", null));
    expect(clusters).toEqual(CLEAN.clusters?.map(({ name, datacenter, evc_mode }) => ({ name, datacenter, evc_mode })));
    expect(incomplete).toEqual({ clusters: "the RVTools export has no vCluster tab" });
    expect(coverage).toMatchObject({ "clusters.drs_enabled": "the RVTools export has no vCluster tab" });
  });

  it.each([
    ["vNIC", "hosts", "physical_nics"],
    ["vSwitch", "hosts", "virtual_switches"],
    ["vPort", "hosts", "port_groups"],
    ["vDisk", "virtual_machines", "disks"],
    ["vNetwork", "virtual_machines", "nics"],
    ["vSnapshot", "virtual_machines", "snapshots"],
    ["vTools", "virtual_machines", "tools_time_sync"],
    ["vCPU", "virtual_machines", "cpu_reservation_mhz"],
    ["vMemory", "virtual_machines", "memory_reservation_mb"],
  ] as const)("%s: without it the %s have no %s", async (tab, list, field) => {
    const found = await inventory(changed(tab, null));
    expect(found[list]?.length).toBeGreaterThan(0);
    for (const record of found[list] ?? []) expect(record).not.toHaveProperty(field);
    expect(found.coverage?.[`${list}.${field}`]).toBe(`the RVTools export has no ${tab} tab`);
  });

  it("of several vCenters give one inventory each, in any order of rows", async () => {
    const other = { ...CLEAN, vcenter: { ...CLEAN.vcenter, address: "vcenter02.vc.example.com" } };
    const merged = TABS.map(({ name, rows }) => ({
      name,
      rows: [
        ...rows,
        ...(rvtoolsTabs(other)
          .find((tab) => tab.name === name)
          ?.rows.slice(1) ?? []),
      ],
    }));
    const { inventories } = await importing({ "merged.xlsx": xlsx(merged) });
    expect(inventories.map(({ value }) => value.vcenter?.address)).toEqual([
      "vcenter01.vc.example.com",
      "vcenter02.vc.example.com",
    ]);
    const [first] = inventories;
    expect(first?.value).toEqual(await inventory());
  });
});

describe("source locations in a workbook", () => {
  it("are the cells of values, and for what is missing the cell of the name", async () => {
    const { inventories } = await importing({ "estate.xlsx": xlsx(TABS) });
    const locate = (...path: (string | number)[]) => {
      const found = inventories[0]?.locate(path);
      return found == null ? null : "cell" in found ? `${found.path} ${found.sheet}!${found.cell}` : found;
    };
    const column = (tab: string, title: string) => TABS.find(({ name }) => name === tab)?.rows[0]?.indexOf(title) ?? -1;
    const letter = (index: number) => (index >= 26 ? "A" : "") + String.fromCharCode(65 + (index % 26));
    expect(locate("hosts", 1, "version")).toBe(`estate.xlsx vHost!${letter(column("vHost", "ESX Version"))}3`);
    expect(locate("hosts", 1, "cpu", "evc_mode")).toBe(`estate.xlsx vHost!${letter(column("vHost", "Current EVC"))}3`);
    expect(locate("virtual_machines", 0, "cores_per_socket")).toBe(
      `estate.xlsx vCPU!${letter(column("vCPU", "Cores p/s"))}2`,
    );
    expect(locate("virtual_machines", 0, "nics", 0, "adapter")).toBe(
      `estate.xlsx vNetwork!${letter(column("vNetwork", "Adapter"))}2`,
    );
    expect(locate("hosts", 1, "lockdown_mode")).toBe("estate.xlsx vHost!A3");
    expect(locate("hosts", 1)).toBe("estate.xlsx vHost!A3");
    expect(locate("permissions")).toBeNull();
    expect(locate()).toBeNull();
  });
});

describe("RVTools CSV files", () => {
  const files = (delimiter: string, mark = "\uFEFF") =>
    Object.fromEntries(TABS.map((tab) => [`RVTools_tab${tab.name}.csv`, csv(tab, delimiter, mark)]));

  it.each([",", ";", "\t"])(
    "are read with any delimiter (%j), with and without a byte order mark",
    async (delimiter) => {
      for (const mark of ["", "\uFEFF"]) {
        const { inventories } = await importing(files(delimiter, mark));
        expect(inventories.map(({ value }) => value)).toEqual([await inventory()]);
        const location = inventories[0]?.locate(["hosts", 1, "version"]) ?? null;
        const vHost = (files(delimiter, "")["RVTools_tabvHost.csv"] ?? "").split("\r\n");
        const { column, end_column } = location as TextLocation;
        expect(location).toEqual({ path: "RVTools_tabvHost.csv", line: 3, column, end_line: 3, end_column });
        expect(vHost[2]?.slice(column - 1, end_column - 1)).toMatch(/^VMware ESXi \S+ build-\d+$/);
      }
    },
  );

  it("are recognized by their content, not by their names", async () => {
    const odd = Object.fromEntries(TABS.map((tab, index) => [`folder/${index}.txt`, csv(tab)]));
    const { inventories, notes } = await importing(odd, ["folder"]);
    expect(inventories.map(({ value }) => value)).toEqual([await inventory()]);
    expect(inventories[0]?.path).toBe("folder");
    expect(notes[0]?.title).toBe("RVTools export folder");
  });

  it("are read in other encodings of Windows", async () => {
    const tabs = withCell("vInfo", 1, "VM", "pexip-Tromsø");
    const vInfo = csv(tabs.find(({ name }) => name === "vInfo") ?? { name: "", rows: [] }, ";", "");
    for (const bytes of [
      Buffer.from(vInfo, "latin1"),
      Buffer.from(`\uFEFF${vInfo}`, "utf16le"),
      Buffer.from(vInfo, "utf8"),
    ]) {
      const { inventories } = await importing({ "vInfo.csv": bytes });
      expect(inventories[0]?.value.virtual_machines?.[0]?.name).toBe("pexip-Tromsø");
    }
  });

  it("are refused when they end in the middle of a row: what is cut away is not blank", async () => {
    const whole = csv(TABS.find(({ name }) => name === "vHost") ?? { name: "", rows: [] });
    const at = whole.lastIndexOf("esxi12.example.com");
    const lengths = [at + 10, at + "esxi12.example.com".length + 1, whole.lastIndexOf("intel-skylake") + 14];
    for (const text of [...lengths.map((length) => whole.slice(0, length)), `${whole.trimEnd()}"\r\n"open`]) {
      const { errors } = await importing({ "vHost.csv": text });
      expect(errors.map(({ message }) => message)).toEqual([
        expect.stringMatching(/^vHost\.csv ends in the middle of row \d\.$/),
      ]);
    }
    for (const text of [whole.trimEnd(), `${whole}\r\n`, `${whole} `, whole.replace("esxi12", '"esxi12";')]) {
      expect((await importing({ "vHost.csv": text })).inventories[0]?.value.hosts).toHaveLength(6);
    }
  });

  it("may group the digits of numbers, as some countries do", async () => {
    for (const memory of ["8,192", "8.192", "8'192", "8\u00a0192", "8192.0"]) {
      const tab = withCell("vInfo", 1, "Memory", memory).find(({ name }) => name === "vInfo");
      const { inventories } = await importing({ "vInfo.csv": csv(tab ?? { name: "", rows: [] }, ";") });
      expect(inventories[0]?.value.virtual_machines?.[0]?.memory_mb).toBe(8192);
    }
  });
});
