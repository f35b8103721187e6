import { readFileSync } from "node:fs";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import type { Inventory } from "../../../src/schema/inventory.generated.ts";
import { csv } from "../exports/csv.ts";
import { importing } from "../exports/in-folder.ts";
import { type Cell, rvtoolsTabs, type Tab } from "../exports/rvtools-tabs.ts";
import { xlsx } from "../exports/xlsx.ts";

const CLEAN = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../../fixtures/example/clean/inventory.json"), "utf8"),
) as Inventory;
const TABS = rvtoolsTabs(CLEAN);
const columnOf = (tab: Tab, title: string) => tab.rows[0]?.indexOf(title) ?? -1;

async function imported(tabs: readonly Tab[]) {
  const { inventories, notes } = await importing({ "estate.xlsx": xlsx(tabs) });
  return { ...inventories[0]?.value, lines: notes.flatMap(({ lines }) => lines) };
}

/** The tabs, each changed by what there is for its name; null removes it. */
function changed(changes: Readonly<Record<string, ((rows: Cell[][]) => readonly (readonly Cell[])[]) | null>>) {
  return TABS.flatMap((tab): readonly Tab[] => {
    const change = changes[tab.name];
    if (change === null) return [];
    return [change === undefined ? tab : { ...tab, rows: change(tab.rows.map((row) => [...row])) }];
  });
}

const renamed = (title: string, other: string) => (rows: Cell[][]) =>
  rows.map((row, at) => (at === 0 ? row.map((cell) => (cell === title ? other : cell)) : row));
const set = (name: string, row: number, title: string, value: Cell) => ({
  [name]: (rows: Cell[][]) => {
    const at = rows[0]?.indexOf(title) ?? -1;
    if (at === -1) throw new Error(`${name} has no ${title}`);
    return rows.map((cells, index) => (index === row ? cells.with(at, value) : cells));
  },
});

describe("a VM that the vInfo tab lost", () => {
  it("is still listed if another tab shows it, with the data from that tab", async () => {
    const found = await imported(changed({ vInfo: (rows) => rows.toSpliced(1, 1) }));
    const [lost] = CLEAN.virtual_machines ?? [];
    const machine = found.virtual_machines?.find(({ name }) => name === lost?.name);
    expect(machine).toMatchObject({
      ...{ host: lost?.host, cluster: lost?.cluster, power_state: "poweredOn", cpus: lost?.cpus },
      memory_mb: lost?.memory_mb,
    });
    expect(machine).not.toHaveProperty("uuid");
    expect(found.coverage?.[`virtual_machines[${lost?.name ?? ""}]`]).toBe(
      "the vInfo tab does not list it; the vCPU, vMemory, vDisk, vNetwork, vTools, vPartition, vCD tab does",
    );
  });

  it("makes the VMs of its host incomplete if only the host and datastores count it", async () => {
    const [lost] = CLEAN.virtual_machines ?? [];
    const without = TABS.map((tab) => ({
      ...tab,
      rows: tab.rows.filter(
        (row, at) => at === 0 || columnOf(tab, "VM") === -1 || row[columnOf(tab, "VM")] !== lost?.name,
      ),
    }));
    const { incomplete, virtual_machines: machines } = await imported(without);
    expect(machines?.map(({ name }) => name)).not.toContain(lost?.name);
    expect(incomplete?.[`hosts[${lost?.host ?? ""}].virtual_machines`]).toMatch(
      /^the vHost tab counts \d VMs, the export lists \d$/,
    );
    expect(incomplete?.["virtual_machines"]).toMatch(
      /^the vDatastore tab counts \d VMs on [\w-]+, the export lists \d$/,
    );
  });
});

describe("what other tabs lost", () => {
  it("a host that other tabs name is listed without data", async () => {
    const found = await imported(changed({ vHost: (rows) => rows.toSpliced(1, 1) }));
    const host = found.hosts?.find(({ name }) => name === "esxi01.example.com");
    expect(host).toMatchObject({ cluster: "vc-core", datacenter: "Oslo-DC1" });
    expect(host).not.toHaveProperty("version");
    expect(found.coverage?.["hosts[esxi01.example.com]"]).toMatch(/^the vHost tab does not list it; the /);
  });

  it("a cluster that hosts are in, a datastore that disks are on", async () => {
    const { clusters, datastores, coverage } = await imported(
      changed({ vCluster: (rows) => rows.toSpliced(1, 1), vDatastore: ([header = []]) => [header] }),
    );
    expect(clusters?.map(({ name }) => name).sort()).toEqual(CLEAN.clusters?.map(({ name }) => name).sort());
    expect(coverage?.["clusters[vc-core]"]).toMatch(/^the vCluster tab does not list it/);
    expect(datastores?.length).toBeGreaterThan(0);
    expect(coverage?.[`datastores[${datastores?.[0]?.name ?? ""}]`]).toMatch(/^the vDatastore tab does not list it/);
  });

  it("entries without a name leave their list open", async () => {
    const found = await imported(changed(set("vDatastore", 1, "Name", null)));
    expect(found.incomplete?.["datastores"]).toBe("an entry of the vDatastore tab has no name");
    const groups = await imported(changed(set("vPort", 1, "Port Group", null)));
    expect(groups.hosts?.[0]).not.toHaveProperty("port_groups");
    expect(groups.lines.join("\n")).toContain("vPort: 9 rows, 1 that cannot be identified");
    const hostless = await imported(changed(set("vPort", 1, "Host", null)));
    expect(hostless.hosts?.[0]).not.toHaveProperty("port_groups");
  });

  it("a snapshot whose disk is in use", async () => {
    const tabs = rvtoolsTabs({
      ...CLEAN,
      virtual_machines: (CLEAN.virtual_machines ?? []).map((machine, at) =>
        at === 0 ? { ...machine, snapshots: 1 } : machine,
      ),
    });
    const found = await imported(
      tabs.map((tab) => (tab.name === "vSnapshot" ? { ...tab, rows: tab.rows.slice(0, 1) } : tab)),
    );
    expect(found.virtual_machines?.[0]).not.toHaveProperty("snapshots");
    expect(found.virtual_machines?.[1]?.snapshots).toBe(0);
  });
});

describe("a tab whose columns are at other positions", () => {
  it("is read below a title, and in any number of lines", async () => {
    const titled = TABS.map((tab) => ({ ...tab, rows: [["Estate of Oslo, as of Monday"], [], ...tab.rows] }));
    const found = await imported(titled);
    const plain = await imported(TABS);
    expect(found).toEqual(plain);
    const text = `Estate of Oslo;;\r\n${csv(TABS.find(({ name }) => name === "vInfo") ?? { name: "", rows: [] }, ";", "")}`;
    const { inventories } = await importing({ "vInfo.csv": text });
    expect(inventories[0]?.value.virtual_machines).toHaveLength(6);
  });

  it("is read by what people call its columns", async () => {
    const found = await imported(
      changed({
        vInfo: renamed("VM", "VM Name"),
        vCluster: renamed("Name", "Cluster"),
        vHost: renamed("Host", "Hostname"),
      }),
    );
    const { hosts, clusters, virtual_machines: machines } = await imported(TABS);
    expect([found.hosts, found.clusters, found.virtual_machines]).toEqual([hosts, clusters, machines]);
  });

  it("is unknown, not empty, when nothing names its rows", async () => {
    const found = await imported(changed({ vInfo: renamed("VM", "Custom"), vSnapshot: (rows) => rows.slice(1) }));
    expect(found.incomplete?.["virtual_machines"]).toMatch(/^the vInfo tab has no column VM/);
    const alone = changed({ vInfo: renamed("VM", "Custom") }).filter(
      ({ name }) => name === "vInfo" || name === "vHost",
    );
    const { virtual_machines: machines, coverage } = await imported(alone);
    expect(machines).toBeUndefined();
    expect(coverage?.["virtual_machines"]).toMatch(/^the vInfo tab has no column VM/);
    expect(found.lines).toContainEqual(
      expect.stringMatching(
        /^vInfo: not read, as the vInfo tab has no column VM; its columns are "Custom", "Powerstate"/,
      ),
    );
    expect(found.coverage?.["virtual_machines.snapshots"]).toBe("the vSnapshot tab has no header");
  });
});

describe("cells that cannot be read", () => {
  it("are named with column, sample and cell, and quoted as the reason of the value", async () => {
    const found = await imported(changed(set("vHost", 1, "HT Active", "perhaps")));
    expect(found.lines).toContainEqual(
      expect.stringMatching(/^vHost: HT Active "perhaps" \(vHost![A-Z]+2\): neither True nor False \(1 cell\)$/),
    );
    expect(found.coverage?.["hosts.cpu.hyperthreading_active"]).toMatch(
      /^vHost![A-Z]+2 \(vHost, HT Active\) contains "perhaps", neither True nor False$/,
    );
    const tab = changed(set("vHost", 1, "# Memory", "many")).find(({ name }) => name === "vHost");
    const { notes } = await importing({ "vHost.csv": csv(tab ?? { name: "", rows: [] }) });
    expect(notes[0]?.lines).toContainEqual(
      expect.stringMatching(/^vHost: # Memory "many" \(vHost\.csv:2:[1-9]\d+\): not a whole number \(1 cell\)$/),
    );
  });

  it.each([
    ["WAHR", "FALSCH"],
    ["VRAI", "FAUX"],
    ["Verdadero", "Falso"],
    ["WAAR", "ONWAAR"],
  ])("are not those of another language: %s, %s", async (yes, no) => {
    const words = (cell: Cell) => (cell === "True" ? yes : cell === "False" ? no : cell);
    const translated = TABS.map((tab) => ({ ...tab, rows: tab.rows.map((row) => row.map(words)) }));
    expect((await imported(translated)).hosts).toEqual((await imported(TABS)).hosts);
  });

  it("are not those with a decimal comma", async () => {
    const found = await imported(changed(set("vHost", 1, "# Memory", "196608,5")));
    expect(found.hosts?.[0]?.memory_mb).toBe(196_608);
  });
});

describe("cells that are blank", () => {
  it("are unknown for EVC if Max EVC is blank as well", async () => {
    const blank = changed({
      vHost: ([header = [], ...rows]) => [
        header,
        ...rows.map((row) => row.map((cell, at) => (/EVC$/.test(String(header[at])) ? null : cell))),
      ],
    });
    const { hosts, clusters } = await imported(blank);
    for (const { cpu } of hosts ?? []) {
      expect(cpu).not.toHaveProperty("evc_mode");
      expect(cpu).not.toHaveProperty("max_evc_mode");
    }
    for (const cluster of clusters ?? []) expect(cluster).not.toHaveProperty("evc_mode");
  });

  it("are unknown if a column beside them contradicts", async () => {
    const found = await imported(changed(set("vHost", 1, "Cluster", null)));
    expect(found.hosts?.[0]).not.toHaveProperty("cluster");
    const own = rvtoolsTabs({
      ...CLEAN,
      hosts: (CLEAN.hosts ?? []).map((host) => ({
        ...host,
        port_groups: (host.port_groups ?? []).map((group) => ({ ...group, teaming_policy: "loadbalance_ip" as const })),
      })),
    });
    const blank = own.map((tab) => {
      const at = columnOf(tab, "Policy");
      return tab.name === "vPort"
        ? { ...tab, rows: tab.rows.map((row, index) => (index === 1 ? row.with(at, null) : row)) }
        : tab;
    });
    const [first, second] = (await imported(blank)).hosts ?? [];
    expect(first?.port_groups?.[0]).not.toHaveProperty("teaming_policy");
    expect(second?.port_groups?.[0]?.teaming_policy).toBe("loadbalance_ip");
  });
});

describe("names with a slash", () => {
  it("are decoded as the vSphere Client shows them", async () => {
    const encoded = TABS.map((tab) => ({
      ...tab,
      rows: tab.rows.map((row) => row.map((cell) => (cell === "dmz-external" ? "DMZ%2fEdge 44" : cell))),
    }));
    const { hosts, virtual_machines: machines } = await imported(encoded);
    expect(hosts?.flatMap(({ port_groups: groups }) => groups?.map(({ name }) => name))).toContain("DMZ/Edge 44");
    expect(machines?.flatMap(({ nics }) => nics?.map(({ network }) => network))).toContain("DMZ/Edge 44");
  });
});

describe("files as people send them", () => {
  const plain = async () => {
    const { inventories } = await importing({ "estate.xlsx": xlsx(TABS) });
    return inventories[0]?.value;
  };

  it("CSV files without the columns of the server", async () => {
    const files = Object.fromEntries(
      TABS.map(({ name, rows: [header = [], ...rows] }) => {
        const kept = header.flatMap((title, at) => (/^VI SDK (?:Server|UUID)$/.test(String(title)) ? [] : [at]));
        const cut = [header, ...rows].map((row) => kept.map((at) => row[at] ?? null));
        return [`estate/RVTools_tab${name}.csv`, csv({ name, rows: cut })];
      }),
    );
    const { inventories } = await importing(files, ["estate"]);
    const { hosts, virtual_machines: machines } = (await plain()) ?? {};
    expect(inventories[0]?.value.hosts).toEqual(hosts);
    expect(inventories[0]?.value.virtual_machines).toEqual(machines);
  });

  it.each([
    ["RVTools_tabvInfo_v2", (name: string) => `RVTools_tab${name}_v2`],
    ["vInfo (2)", (name: string) => `${name} (2)`],
    ["RVTools_tab_vInfo", (name: string) => `RVTools_tab_${name}`],
  ])("sheets that are called %s", async (_, rename) => {
    const { inventories } = await importing({
      "estate.xlsx": xlsx(TABS.map((tab) => ({ ...tab, name: rename(tab.name) }))),
    });
    expect(inventories[0]?.value).toEqual(await plain());
  });

  it("sheets with the columns of a tab, with any name; not copies beside the tab itself", async () => {
    const sheets = TABS.map((tab) => (tab.name === "vHost" ? { ...tab, name: "Servers in Oslo" } : tab));
    const copy = { ...(TABS.find(({ name }) => name === "vInfo") ?? { rows: [] }), name: "vInfo (2)" };
    const { inventories, notes } = await importing({ "estate.xlsx": xlsx([...sheets, copy]) });
    expect(inventories[0]?.value).toEqual(await plain());
    expect(notes[0]?.lines.join("\n")).toContain("vInfo (2) (vInfo is read as vInfo)");
  });

  it("an archive of the workbook, or of its CSV files", async () => {
    const files = Object.fromEntries(TABS.map((tab) => [`export/RVTools_tab${tab.name}.csv`, strToU8(csv(tab))]));
    for (const archive of [zipSync({ "estate.xlsx": xlsx(TABS) }), zipSync(files)]) {
      const { inventories } = await importing({ "estate.zip": Buffer.from(archive) });
      expect(inventories[0]?.value.hosts).toEqual((await plain())?.hosts);
    }
  });

  it.each<readonly [string, Readonly<Record<string, string | Buffer>>, RegExp]>([
    [
      "a CSV file of something else",
      { "cmdb.csv": "Server,Owner,Rack\r\nesxi01,Ola,12\r\n" },
      /^cmdb\.csv is a CSV file, but not a tab of RVTools: its columns are "Server", "Owner", "Rack"\.$/,
    ],
    [
      "a workbook of Live Optics",
      { "a.xlsx": xlsx(["ESX Hosts", "VMs"].map((name) => ({ name, rows: [["Project"], ["x"]] }))) },
      /^a\.xlsx is a workbook of Live Optics, which does not contain EVC modes/,
    ],
    [
      "a workbook of something else, with its sheets",
      { "a.xlsx": xlsx([{ name: "Plan", rows: [["Task", "Who"]] }]) },
      /^a\.xlsx is a workbook without RVTools tabs: "Plan"\.$/,
    ],
  ])("%s is refused in one sentence", async (_, files, sentence) => {
    const { errors } = await importing(files);
    expect(errors.map(({ message }) => message)).toEqual([expect.stringMatching(sentence)]);
  });

  it("a folder of mixed files: what is no export is named", async () => {
    const files = {
      "f/estate.xlsx": xlsx(TABS),
      "f/cmdb.csv": "Server,Owner\r\nesxi01,Ola\r\n",
      "f/old.xls": Buffer.from("d0cf11e0a1b11ae100", "hex"),
    };
    const { inventories, notes } = await importing(files, ["f"]);
    expect(inventories).toHaveLength(1);
    expect(notes.at(-1)?.lines).toEqual([
      'not read: not an export of RVTools, govc, PowerCLI or vSphere: f/cmdb.csv (its columns are "Server", "Owner")',
      "not read: f/old.xls is an Excel 97–2003 workbook (.xls) or password-protected",
    ]);
  });
});

describe("data from other columns", () => {
  it("that ntpd is stopped, and that PTP is unknown", async () => {
    const newer = changed({
      vHost: ([header = [], ...rows]) => [
        header,
        ...rows.map((row) =>
          row
            .with(header.indexOf("ESX Version"), "VMware ESXi 8.0.3 build-24674464")
            .with(header.indexOf("NTPD running"), "False"),
        ),
      ],
    });
    const { hosts, coverage } = await imported(newer);
    expect(hosts?.[0]?.ntp).not.toHaveProperty("protocol");
    expect(coverage?.["hosts.ntp.protocol"]).toBe("ntpd is not running; the export does not show whether PTP is used");
  });

  it("the cluster of a resource pool by its path, and that a disconnected host is", async () => {
    const disconnected = changed(set("vInfo", 1, "Connection state", "disconnected"));
    const { hosts, resource_pools: pools } = await imported(disconnected);
    expect(pools?.[0]?.cluster).toBe("vc-core");
    const [machine] = CLEAN.virtual_machines ?? [];
    expect(hosts?.find(({ name }) => name === machine?.host)?.connection_state).toBe("disconnected");
  });
});
