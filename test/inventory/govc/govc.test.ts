import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Inventory } from "../../../src/schema/inventory.generated.ts";
import type { Document } from "../../../src/site/core/document.ts";
import { Estate } from "../../../src/site/estate/estate.ts";
import { InventoryGaps } from "../../../src/site/estate/inventory-gaps.ts";
import { govcInfo, govcJson, govcXml, hostTimes } from "../exports/govc.ts";
import { importing } from "../exports/in-folder.ts";
import { type ManagedObject, vsphereObjects } from "../exports/vsphere-objects.ts";

const CLEAN = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../../fixtures/example/clean/inventory.json"), "utf8"),
) as Inventory;
const OBJECTS = vsphereObjects(CLEAN);
const of = (...types: readonly string[]) => OBJECTS.filter(({ type }) => types.includes(type));

async function inventory(files: Readonly<Record<string, string | Buffer>>): Promise<Inventory> {
  const { inventories, errors } = await importing(files);
  expect(errors).toEqual([]);
  expect(inventories).toHaveLength(1);
  return inventories[0]?.value ?? {};
}

/** Without the reasons, and what JSON cannot represent. */
const values = ({ coverage, ...lists }: Inventory): unknown => JSON.parse(JSON.stringify([coverage && null, lists]));
const withoutAdapters = (found: Inventory): unknown =>
  JSON.parse(JSON.stringify(values(found), (key, value: unknown) => (key === "adapter" ? undefined : value)));

/** An inventory as a run has it. */
const documentOf = (value: Inventory): Document<Inventory> => ({
  kind: "inventory",
  path: "govc.xml",
  sha256: "",
  value,
  secrets: [],
  directives: [],
  locate: () => null,
  locateKey: () => null,
});

describe("data that was not requested from govc", () => {
  it("has reasons for lists and fields, which name the command", async () => {
    const found = await inventory({ "hosts.xml": govcXml(of("HostSystem")) });
    const gaps = new InventoryGaps([documentOf(found)]);
    const help = "preflight inventory import --help shows the govc command";
    expect(gaps.list("datastores").what).toBe(
      `the list datastores is not in the inventory (the govc output contains no Datastore; ${help})`,
    );
    expect(gaps.list("clusters").what).toBe(
      `the list clusters is not in the inventory (the govc output contains no ClusterComputeResource; ${help})`,
    );
    const [host] = new Estate([documentOf(found)]).hosts.items;
    expect(host?.read("clock_offset_ms")).toMatchObject({
      missing: [{ what: expect.stringContaining(`govc host.date.info prints the time; ${help})`) as string }],
    });
  });

  it("is no cluster for standalone hosts, according to the types of their parents", async () => {
    const alone = of("HostSystem").map((host): ManagedObject => {
      const parent = { type: "ComputeResource", value: `domain-s${host.id}` };
      return { ...host, properties: { ...host.properties, parent } };
    });
    const found = await inventory({ "hosts.xml": govcXml(alone) });
    expect(found.clusters).toEqual([]);
    expect(found.hosts?.map(({ cluster }) => cluster)).toEqual(alone.map(() => null));
    expect(found.coverage).not.toHaveProperty(["hosts.cluster"]);
  });
});

describe("output of govc collect", () => {
  it("as XML has everything in the vSphere API", async () => {
    const found = await inventory({ "all.xml": govcXml(OBJECTS) });
    expect(found.virtual_machines).toEqual(CLEAN.virtual_machines);
    const perVsphere = { ha_host_monitoring: true, vm_host_rules: [] };
    expect(found.clusters).toEqual(
      [4, 2].map((host_count, index) => ({ ...CLEAN.clusters?.[index], host_count, ...perVsphere })),
    );
    for (const list of ["datacenters", "distributed_switches", "datastores"] as const) {
      expect(found[list]).toEqual(CLEAN[list]);
    }
    expect(found.distributed_port_groups).toEqual(
      CLEAN.distributed_port_groups?.map((group) => ({ ...group, datacenter: "Oslo-DC1" })),
    );
    expect(found.resource_pools).toEqual(expect.arrayContaining([...(CLEAN.resource_pools ?? [])]));
    expect(found.hosts?.[0]).toMatchObject({
      name: "esxi01.example.com",
      lockdown_mode: "lockdownNormal",
      cpu: { cores: 32 },
    });
  });

  it.each(["0.30", "0.31", "0.45"] as const)(
    "as JSON of govc %s gives the same result, except for the types of adapters",
    async (dialect) => {
      const found = await inventory({ "all.json": govcJson(OBJECTS, dialect) });
      const xml = await inventory({ "all.xml": govcXml(OBJECTS) });
      expect(withoutAdapters(found)).toEqual(withoutAdapters(xml));
      expect(found.virtual_machines?.[0]?.nics?.[0]).not.toHaveProperty("adapter");
      expect(found.coverage?.["virtual_machines.nics.adapter"]).toContain("use govc collect -xml");
    },
  );

  it("in any number of files, in any order, is one inventory", async () => {
    const whole = await inventory({ "all.xml": govcXml(OBJECTS) });
    const types = [...new Set(OBJECTS.map(({ type }) => type))].toReversed();
    const parts = Object.fromEntries(types.map((type) => [`${type}.xml`, govcXml(of(type).toReversed())]));
    const sorted = ({ coverage, ...lists }: Inventory) => [
      typeof coverage,
      Object.entries(lists).map(([key, list]) => [
        key,
        Array.isArray(list) ? list.map((item) => JSON.stringify(item)).sort() : list,
      ]),
    ];
    expect(sorted(await inventory(parts))).toEqual(sorted(whole));
  });

  it("with fewer properties for some objects does not make any of theirs count as not set", async () => {
    const [first, ...others] = of("VirtualMachine");
    if (first === undefined) throw new Error("the estate has a machine");
    const snapshot = { rootSnapshotList: [{ name: "before" }] };
    const whole = { ...first, properties: { ...first.properties, snapshot } };
    const brief = others.map((machine) => ({
      ...machine,
      properties: Object.fromEntries(
        Object.entries(machine.properties).filter(([path]) => path === "name" || path.startsWith("config")),
      ),
    }));
    for (const text of [govcJson([whole], "0.45"), govcInfo([whole], "virtualMachines", "0.45")]) {
      const found = await inventory({ "some.json": text, "others.json": govcJson(brief, "0.45") });
      const machines = new Map(found.virtual_machines?.map((machine) => [machine.name, machine]));
      expect(machines.get("pexip-mgmt01")?.snapshots).toBe(1);
      expect(machines.size).toBe(others.length + 1);
      for (const [name, machine] of machines) {
        if (name === "pexip-mgmt01") continue;
        expect(machine).not.toHaveProperty("snapshots");
        expect(machine).not.toHaveProperty("min_required_evc_mode");
      }
      expect(found.coverage?.["virtual_machines.snapshots"]).toBe("the govc output does not contain snapshot");
    }
  });

  it("that contains one object several times is merged by its reference", async () => {
    const halves = of("HostSystem").flatMap((host) => {
      const entries = Object.entries(host.properties);
      const half = (wanted: number): ManagedObject => ({
        ...host,
        properties: Object.fromEntries(entries.filter((_, at) => at % 2 === wanted)),
      });
      return [half(0), half(1)];
    });
    const others = OBJECTS.filter(({ type }) => type !== "HostSystem");
    const found = await inventory({ "a.json": govcJson([...halves, ...others], "0.45") });
    expect(found.hosts).toEqual((await inventory({ "all.json": govcJson(OBJECTS, "0.45") })).hosts);
  });

  it("without an object type leaves that list unknown, and names the command", async () => {
    const found = await inventory({ "hosts.xml": govcXml(of("HostSystem", "ClusterComputeResource")) });
    expect(found).not.toHaveProperty("virtual_machines");
    expect(found.coverage).toMatchObject({
      virtual_machines: "the govc output contains no VirtualMachine",
      permissions: "the govc output contains no permissions",
      "vcenter.address": "govc does not print the server's address",
    });
  });

  it("has no distributed switch if no host has a part of one", async () => {
    const lone = { ...CLEAN, distributed_switches: [], distributed_port_groups: [] };
    const found = await inventory({ "all.xml": govcXml(vsphereObjects(lone)) });
    expect(found.distributed_switches).toEqual([]);
    expect(found.distributed_port_groups).toEqual([]);
  });

  it("is read as PowerShell 5 redirects it", async () => {
    const wide = Buffer.from(`\uFEFF${govcJson(OBJECTS, "0.45")}`, "utf16le");
    expect(values(await inventory({ "all.json": wide }))).toEqual(
      values(await inventory({ "all.json": govcJson(OBJECTS, "0.45") })),
    );
  });
});

describe("other output of govc", () => {
  it("host.info and vm.info: whole objects, in which what is not there is not set", async () => {
    for (const dialect of ["0.30", "0.45"] as const) {
      const found = await inventory({
        "hosts.json": govcInfo(of("HostSystem"), "hostSystems", dialect),
        "vms.json": govcInfo(of("VirtualMachine"), "virtualMachines", dialect),
      });
      expect(found.hosts).toHaveLength(6);
      expect(found.hosts?.[4]?.cpu?.evc_mode).toBeNull();
      expect(found.virtual_machines?.[0]?.snapshots).toBe(0);
      // The cluster is only a reference there.
      expect(found.hosts?.[0]).not.toHaveProperty("cluster");
    }
  });

  it("lists of any length", async () => {
    const count = 150_000;
    const permissions = Array.from({ length: count }, () => ({
      entity: { type: "Folder", value: "group-d1" },
    }));
    const childSnapshotList = Array.from({ length: count }, () => ({}));
    const machine = { self: { type: "VirtualMachine", value: "vm-1" }, name: "a", config: { uuid: "1" } };
    const found = await inventory({
      "permissions.json": JSON.stringify({ permissions, roles: [] }),
      "vm.json": JSON.stringify({
        virtualMachines: [{ ...machine, snapshot: { rootSnapshotList: [{ childSnapshotList }] } }],
      }),
    });
    expect(found.permissions).toHaveLength(count);
    expect(found.virtual_machines?.[0]?.snapshots).toBe(count + 1);
  });

  it("of thousands of objects without most properties takes time linear in their number", async () => {
    const machine = (index: number) => ({
      kind: "enter",
      obj: { type: "VirtualMachine", value: `vm-${index}` },
      changeSet: ["name", "config.uuid"].map((name) => ({ name, op: "assign", val: `${name} ${index}` })),
    });
    const text = Array.from({ length: 8000 }, (_, index) => JSON.stringify(machine(index))).join("\n");
    expect((await inventory({ "machines.json": text })).virtual_machines).toHaveLength(8000);
  });

  it("host.date.info, with the host and the times that the shell wrote around it", async () => {
    const found = await inventory({ "all.xml": govcXml(OBJECTS), "times.txt": hostTimes(CLEAN) });
    const offsets = (hosts: Inventory["hosts"]) => hosts?.map(({ name, clock_offset_ms }) => [name, clock_offset_ms]);
    expect(offsets(found.hosts)).toEqual(offsets(CLEAN.hosts));
    expect(found.coverage).not.toHaveProperty(["hosts.clock_offset_ms"]);
  });

  it("host.date.info of hosts that another export describes", async () => {
    const found = await inventory({ "times.txt": hostTimes(CLEAN) });
    expect(found.hosts).toEqual(CLEAN.hosts?.map(({ name, clock_offset_ms }) => ({ name, clock_offset_ms })));
    expect(found.virtual_machines).toBeUndefined();
  });

  it("with an unreadable host.date.info has a reason for that host", async () => {
    const times = hostTimes({ hosts: [{ name: "esxi01" }, { name: "esxi02" }] });
    const found = await inventory({ "times.txt": times.replace(/"current": "[^"]*"/, '"current": null') });
    expect(found.hosts).toEqual([{ name: "esxi01" }, { name: "esxi02", clock_offset_ms: 0 }]);
    expect(found.coverage?.["hosts[esxi01].clock_offset_ms"]).toContain("did not print a valid time");
  });

  it("about, licences and permissions", async () => {
    const key = "AB1CD-2EF3G-4HI5J-6KL7M-8NO9P";
    const found = await inventory({
      "about.json": JSON.stringify({ About: { ApiType: "VirtualCenter", Version: "6.7.0", InstanceUuid: "x" } }),
      "hosts.json": govcJson(of("HostSystem", "Datacenter"), "0.45"),
      "licences.json": JSON.stringify([
        {
          entityId: "host-21",
          assignedLicense: { licenseKey: key, name: "VMware vSphere 6 Standard", editionKey: "esx.standard" },
        },
      ]),
      "permissions.json": JSON.stringify({
        permissions: [
          {
            entity: { type: "Datacenter", value: "datacenter-2" },
            principal: "VSPHERE.LOCAL\\svc",
            roleId: -2,
            propagate: true,
          },
          { entity: { type: "Folder", value: "group-d1" }, principal: "root", roleId: -2, propagate: true },
        ],
        roles: [{ roleId: -2, name: "ReadOnly", privilege: ["System.Read"] }],
      }),
    });
    expect(found.vcenter).toEqual({ version: "6.7.0", api_type: "VirtualCenter" });
    expect(found.licences).toEqual([{ name: "VMware vSphere 6 Standard", edition: "standard" }]);
    expect(found.hosts?.[0]?.edition).toBe("standard");
    expect(found.permissions).toEqual([
      {
        principal: "VSPHERE.LOCAL\\svc",
        role: "ReadOnly",
        entity: "Oslo-DC1",
        entity_type: "Datacenter",
        propagate: true,
        privileges: ["System.Read"],
      },
      // No output of govc contains the root folder itself.
      expect.objectContaining({ principal: "root", entity: "Datacenters", entity_type: "Folder" }),
    ]);
    expect(JSON.stringify(found)).not.toContain(key);
    // What other objects grant is not in it, so nothing may be taken for absent.
    expect(found.incomplete?.["permissions"]).toContain("permissions.ls shows the permissions of one object only");
  });
});

describe("output of govc that cannot be used", () => {
  const sentence = async (files: Readonly<Record<string, string>>) =>
    (await importing(files)).errors.map(({ message, hint }) => `${message} ${hint ?? ""}`).join("\n");

  it.each<readonly [string, Readonly<Record<string, string>>, RegExp]>([
    [
      "cut off",
      { "a.json": govcJson(OBJECTS, "0.45").slice(0, -10) },
      /a\.json cannot be read as output of govc: it is truncated\./,
    ],
    ["cut off XML", { "a.xml": govcXml(OBJECTS).slice(0, -10) }, /a\.xml cannot be read as output of govc: /],
    [
      "of one property alone",
      { "a.json": '[{"name":"config.version","op":"assign","val":"vmx-14"}]' },
      /no vSphere object.* -type/,
    ],
    ["nested without end", { "a.json": `[{"name":"a","val":${"[".repeat(5000)}` }, /nested too deeply/],
    [
      "of two servers",
      {
        "a.json": govcJson(of("HostSystem"), "0.45"),
        "b.json": govcJson([{ type: "HostSystem", id: "host-21", properties: { name: "other" } }], "0.45"),
      },
      /calls host-21 other, another file calls it esxi01\.example\.com: .* separate folder/,
    ],
    [
      "of host.date.info alone",
      { "a.txt": "Current date and time:  Sun Nov 22 08:00:00 UTC 2026\nNTP servers:  None\n" },
      /a\.txt is output of govc host\.date\.info, without the host and the time of the command\..* preflight inventory import --help/,
    ],
    ["with a document type", { "a.xml": `<!DOCTYPE a [<!ENTITY x "y">]>${govcXml(OBJECTS)}` }, /document type/],
  ])("%s is told in one sentence", async (_, files, wanted) => {
    expect(await sentence(files)).toMatch(wanted);
  });

  it("gives a valid inventory or one sentence, for any damage to its characters", async () => {
    const few = OBJECTS.filter(({ type }, index) => type !== "HostSystem" || index < 12).slice(0, 16);
    const texts = [govcJson(few, "0.30"), govcJson(few, "0.45"), govcXml(few)];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...texts),
        fc.array(
          fc.record({
            at: fc.double({ min: 0, max: 1, noNaN: true }),
            text: fc.constantFrom("", "null", "[]", "{}", '"', "<", ">", "0", "-1", "\0", "</val>", "__proto__"),
          }),
          { minLength: 1, maxLength: 6 },
        ),
        async (text, changes) => {
          let odd = text;
          for (const { at, text: put } of changes) {
            const from = Math.floor(at * odd.length);
            odd = odd.slice(0, from) + put + odd.slice(from + 5);
          }
          await importing({ "a.json": odd });
        },
      ),
      { numRuns: 150 },
    );
  });
});
