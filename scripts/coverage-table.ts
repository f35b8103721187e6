import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { importFiles } from "../src/inventory/import-files.ts";
import { inventoryOf } from "../src/inventory/mapping/inventory-of.ts";
import { ManagedObjects } from "../src/inventory/mapping/managed-objects.ts";
import { PROPERTIES, requestedAs } from "../src/inventory/vsphere/properties.ts";
import type { Inventory } from "../src/schema/inventory.generated.ts";
import { inventorySchema } from "../src/schema/inventory.schema.ts";
import type { JsonSchema } from "../src/values/json-schema.ts";
import { govcJson, govcXml } from "../test/inventory/exports/govc.ts";
import { cmdlets, collected, powerCliJson, viJson } from "../test/inventory/exports/powercli.ts";
import { rvtoolsTabs } from "../test/inventory/exports/rvtools-tabs.ts";
import { vsphereObjects } from "../test/inventory/exports/vsphere-objects.ts";
import { xlsx } from "../test/inventory/exports/xlsx.ts";
import { markdownTable } from "./markdown-table.ts";

/** Lists whose fields have rows of their own: the others are as short as their names. */
const LISTS = [
  "clusters",
  "hosts",
  "distributed_switches",
  "distributed_port_groups",
  "datastores",
  "resource_pools",
  "virtual_machines",
] as const;

type Files = Readonly<Record<string, string | Buffer>>;

/** Writes the estate in the format of each source. */
const SOURCES: Readonly<Record<string, (estate: Inventory) => Files>> = {
  "govc -xml": (estate) => ({ "estate.xml": govcXml(vsphereObjects(estate)) }),
  "govc -json": (estate) => ({ "estate.json": govcJson(vsphereObjects(estate), "0.45") }),
  "vSphere JSON": (estate) => ({ "estate.json": viJson(vsphereObjects(estate)) }),
  "collect-inventory.ps1": (estate) => ({ "estate.json": collected(vsphereObjects(estate), estate) }),
  "PowerCLI cmdlets": (estate) =>
    Object.fromEntries(Object.entries(cmdlets(estate)).map(([name, rows]) => [`${name}.json`, powerCliJson(rows)])),
  RVTools: (estate) => ({ "estate.xlsx": xlsx(rvtoolsTabs(estate)) }),
};

/**
 * The fields of an inventory that each source provides, determined by importing the example estate from all of them.
 */
export async function coverageMarkdown(root: string): Promise<string> {
  const estate = JSON.parse(await readFile(join(root, "fixtures/example/clean/inventory.json"), "utf8")) as Inventory;
  const found = new Map<string, ReadonlySet<string>>([["pull", fieldsOf(pulled(estate))]]);
  for (const [name, write] of Object.entries(SOURCES)) found.set(name, fieldsOf(await imported(write(estate))));
  const wanted = fieldsOf(estate);
  const rows = LISTS.flatMap((list) => leaves(inventorySchema.properties?.[list], list))
    // Written only where a port group has other adapters than its switch, which is nowhere the case in the example.
    .filter((field) => wanted.has(field) && field !== "hosts.port_groups.uplinks")
    .map((field) => [`\`${field}\``, ...[...found.values()].map((fields) => (fields.has(field) ? "yes" : "–"))]);
  return markdownTable(["field", ...found.keys()], rows);
}

function pulled(estate: Inventory): Inventory {
  const objects = new ManagedObjects();
  const all = vsphereObjects(estate);
  for (const { type, id, properties } of all) objects.add(type, id, Object.entries(properties));
  const hosts = all.filter(({ type }) => type === "HostSystem");
  const licence = (entityId: string) => ({ entityId, assignedLicense: { name: "VMware vSphere 6 Enterprise Plus" } });
  return inventoryOf({
    objects,
    about: { apiType: "VirtualCenter" },
    isRequested: (type, path) => PROPERTIES[requestedAs(type)]?.includes(path) ?? false,
    whyNotRequested: (_, path) => path,
    permissions: { all: [], roles: [] },
    licences: hosts.map(({ id }) => licence(id)),
    clocks: new Map(hosts.map(({ id }) => [id, { offset_ms: 0 }])),
  });
}

async function imported(files: Files): Promise<Inventory> {
  const cwd = await mkdtemp(join(tmpdir(), "preflight-coverage-"));
  try {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(cwd, name)), { recursive: true });
      await writeFile(join(cwd, name), content);
    }
    const { value } = await importFiles(Object.keys(files), { cwd });
    return value.inventories[0]?.value ?? {};
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}

/** The fields of a part of the schema that have values of their own: `hosts.cpu.model`. */
function leaves(schema: JsonSchema | undefined, path: string): readonly string[] {
  const target =
    schema?.$ref === undefined ? schema : inventorySchema.definitions?.[schema.$ref.split("/").at(-1) ?? ""];
  const inner = target?.items ?? target;
  if (inner?.properties === undefined) return inner?.$ref === undefined ? [path] : leaves(inner, path);
  return Object.entries(inner.properties).flatMap(([key, property]) => leaves(property, `${path}.${key}`));
}

/** The fields that a value has, lists without their indices. */
function fieldsOf(value: unknown, path = ""): ReadonlySet<string> {
  if (Array.isArray(value)) {
    const inner = (value as readonly unknown[]).flatMap((item) => [...fieldsOf(item, path)]);
    return new Set([path, ...inner]);
  }
  if (typeof value !== "object" || value === null) return new Set([path]);
  const inner = Object.entries(value).flatMap(([key, part]) => [
    ...fieldsOf(part, path === "" ? key : `${path}.${key}`),
  ]);
  return new Set([path, ...inner]);
}
