import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Inventory } from "../../../src/schema/inventory.generated.ts";
import { PROPERTIES } from "../../../src/inventory/vsphere/properties.ts";
import { parsedPowerShell } from "../../support/powershell.ts";
import { importing } from "../exports/in-folder.ts";
import { cmdlets, collected, powerCliCsv, powerCliJson, viJson } from "../exports/powercli.ts";
import { vsphereObjects } from "../exports/vsphere-objects.ts";

const ROOT = join(import.meta.dirname, "../../..");
const CLEAN = JSON.parse(readFileSync(join(ROOT, "fixtures/example/clean/inventory.json"), "utf8")) as Inventory;
const PRINTED = cmdlets(CLEAN);
const byCmdlet = (write: (rows: (typeof PRINTED)[string]) => string | Buffer, extension: string) =>
  Object.fromEntries(Object.entries(PRINTED).map(([name, rows]) => [`out/${name}.${extension}`, write(rows)]));

describe("output of PowerCLI's cmdlets", () => {
  it.each([
    ["JSON in UTF-16", byCmdlet(powerCliJson, "json")],
    ["CSV with types", byCmdlet(powerCliCsv, "csv")],
  ])("as %s is put together by its ids", async (_, files) => {
    const { inventories, notes, errors } = await importing(files, ["out"]);
    expect(errors).toEqual([]);
    const {
      hosts,
      virtual_machines: machines,
      clusters,
      distributed_port_groups: groups,
      source,
    } = inventories[0]?.value ?? {};
    expect(source).toEqual({ kind: "powercli" });
    expect(notes[0]?.title).toBe("PowerCLI output out");
    const [host] = CLEAN.hosts ?? [];
    expect(hosts?.[0]).toMatchObject({
      ...{ name: host?.name, cluster: host?.cluster, version: host?.version, memory_mb: host?.memory_mb },
      connection_state: "connected",
      in_maintenance_mode: false,
      cpu: { cores: host?.cpu?.cores, model: host?.cpu?.model, max_evc_mode: host?.cpu?.max_evc_mode },
    });
    const [group] = host?.port_groups ?? [];
    expect(hosts?.[0]?.port_groups?.[0]).toEqual({
      name: group?.name,
      virtual_switch: group?.virtual_switch,
      vlan: group?.vlan,
    });
    expect(machines?.map(({ name, host: on, cpus }) => [name, on, cpus])).toEqual(
      CLEAN.virtual_machines?.map(({ name, host: on, cpus }) => [name, on, cpus]),
    );
    expect(clusters?.map(({ name, drs_behavior }) => [name, drs_behavior])).toEqual(
      CLEAN.clusters?.map(({ name, drs_behavior }) => [name, drs_behavior]),
    );
    expect(groups?.[0]?.teaming_policy).toBe(CLEAN.distributed_port_groups?.[0]?.teaming_policy);
    expect(JSON.stringify([inventories.map(({ value }) => value), notes])).not.toContain("AB1CD-2EF3G");
  });

  it("that ConvertTo-Json has cut off is refused, with the fix", async () => {
    const cut = [
      {
        Name: "esxi01",
        Id: "HostSystem-host-21",
        ExtensionData: { Config: { Host: "VMware.Vim.ManagedObjectReference", Product: "VMware.Vim.AboutInfo" } },
      },
    ];
    const { errors } = await importing({ "hosts.json": JSON.stringify(cut) });
    expect(errors.map(({ code, hint }) => [code, hint])).toEqual([
      ["flattened-json", expect.stringContaining("ConvertTo-Json -Depth 20") as string],
    ]);
  });
});

describe("the file of collect-inventory.ps1", () => {
  it("has the time and server of the collection, and the clocks of hosts", async () => {
    const objects = vsphereObjects(CLEAN);
    const { inventories } = await importing({ "estate.json": collected(objects, CLEAN) });
    const found = inventories[0]?.value;
    expect(found).toMatchObject({
      collected_at: "2021-03-29T06:15:00Z",
      source: { kind: "powercli", server: CLEAN.vcenter?.address },
      vcenter: CLEAN.vcenter,
    });
    expect(found?.hosts?.map(({ clock_offset_ms: offset }) => offset)).toEqual(
      CLEAN.hosts?.map(({ clock_offset_ms: offset }) => offset),
    );
  });

  it("is read in the same way if Windows PowerShell wraps its lists", async () => {
    const objects = vsphereObjects(CLEAN);
    const [plain, wrapped] = [
      await importing({ "estate.json": collected(objects, CLEAN) }),
      await importing({ "estate.json": collected(objects, CLEAN, true) }),
    ];
    expect(wrapped.inventories[0]?.value).toEqual(plain.inventories[0]?.value);
  });

  it("shows which machines have no snapshot, and which hosts no EVC mode", async () => {
    const { inventories } = await importing({ "estate.json": collected(vsphereObjects(CLEAN), CLEAN) });
    const { hosts, virtual_machines: machines } = inventories[0]?.value ?? {};
    expect(machines?.map(({ snapshots }) => snapshots)).toEqual(
      CLEAN.virtual_machines?.map(({ snapshots }) => snapshots),
    );
    expect(hosts?.map(({ cpu }) => cpu?.evc_mode)).toEqual(CLEAN.hosts?.map(({ cpu }) => cpu?.evc_mode));
  });

  it("has every property that pull requests", () => {
    const script = readFileSync(join(ROOT, "templates/collect-inventory.ps1"), "utf8");
    const table = /\$properties = \[ordered\]@\{\n([\s\S]*?)\n\}/.exec(script)?.[1] ?? "";
    const requested = new Map(
      table
        .split(/\n(?= {2}\w+ +=)/)
        .map((entry) => [
          /\w+/.exec(entry)?.[0] ?? "",
          [...entry.matchAll(/'([\w.]+)'/g)].flatMap(([, path]) => path ?? []),
        ]),
    );
    // The clocks of hosts are read after their properties.
    requested.get("HostSystem")?.push(...(/'(configManager\.dateTimeSystem)'/.exec(script)?.slice(1) ?? []));
    for (const [type, paths] of Object.entries(PROPERTIES)) {
      expect([type, paths.filter((path) => requested.get(type)?.includes(path) !== true)]).toEqual([type, []]);
    }
  });

  it("changes nothing", async () => {
    const script = readFileSync(join(ROOT, "templates/collect-inventory.ps1"), "utf8");
    const { errors, commands } = await parsedPowerShell(script);
    expect(errors).toEqual([]);
    const isReading = (name: string) => /^(Get|ConvertTo|Join|Where|Write)-|^New-Object$/.test(name);
    expect(commands.filter((name) => !isReading(name))).toEqual([]);
  });
});

describe("vSphere's own JSON", () => {
  it("is read as what it names its objects", async () => {
    const { inventories, notes } = await importing({ "all.json": viJson(vsphereObjects(CLEAN)) });
    const found = inventories[0]?.value;
    expect(found?.source).toEqual({ kind: "vi-json" });
    expect(notes[0]?.title).toBe("vSphere JSON all.json");
    expect(found?.virtual_machines?.map(({ name, uuid }) => [name, uuid])).toEqual(
      CLEAN.virtual_machines?.map(({ name, uuid }) => [name, uuid]),
    );
    // Types are named, so that the adapters of VMs are known.
    expect(found?.virtual_machines?.[0]?.nics?.[0]?.adapter).toBe("vmxnet3");
  });

  it("is incomplete while its last page has a token", async () => {
    const objects = vsphereObjects(CLEAN);
    const first = JSON.stringify({ ...(JSON.parse(viJson(objects.slice(0, 12))) as object), token: "1" });
    const alone = (await importing({ "1.json": first })).inventories[0]?.value;
    expect(alone?.incomplete?.["hosts"]).toContain("ContinueRetrievePropertiesEx returns more objects");
    expect(alone?.coverage?.["virtual_machines"]).toBeDefined();
    expect(alone).not.toHaveProperty("virtual_machines");
    const both = (await importing({ "1.json": first, "2.json": viJson(objects.slice(12)) })).inventories[0]?.value;
    expect(both).not.toHaveProperty("incomplete");
    expect(both?.virtual_machines).toHaveLength(CLEAN.virtual_machines?.length ?? 0);
  });
});
