import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rules as allRules } from "../../rules/index.generated.ts";
import { READINGS } from "../../src/inventory/rvtools/read-tabs.ts";
import { importRvtools } from "../../src/inventory/rvtools/import-rvtools.ts";
import type { Tab as TabName, Table } from "../../src/inventory/content/tables.ts";
import { readDocuments, type SiteDocuments } from "../../src/run/inputs/read-documents.ts";
import type { Inventory } from "../../src/schema/inventory.generated.ts";
import type { Check, Verdict } from "../../src/schema/report.generated.ts";
import type { Document } from "../../src/site/core/document.ts";
import { Site } from "../../src/site/site.ts";
import { checksOn } from "../support/mutated.ts";
import { Collected } from "../../src/inventory/govc/collected.ts";
import { jsonDocuments } from "../../src/inventory/govc/json-documents.ts";
import { ManagedObjects } from "../../src/inventory/mapping/managed-objects.ts";
import { PROPERTIES, requestedAs } from "../../src/inventory/vsphere/properties.ts";
import { inventoryOf } from "../../src/inventory/mapping/inventory-of.ts";
import { list, type Tree, type TreeObject } from "../../src/inventory/mapping/tree.ts";
import { xmlTree } from "../../src/inventory/mapping/xml-tree.ts";
import { govcJson, govcXml } from "./exports/govc.ts";
import { cmdlets, collected, viJson } from "./exports/powercli.ts";
import { type Cell, rvtoolsTabs, type Tab } from "./exports/rvtools-tabs.ts";
import { withTwinClusters } from "./exports/twin-clusters.ts";
import { type ManagedObject, TYPE, vsphereObjects } from "./exports/vsphere-objects.ts";

/*
 * What must hold of every importer: nothing that is taken out of a complete export makes a check clear which blocked
 * before. A blocking check (fail, inconclusive, crashed) may block for another reason; it may not pass, become
 * not-applicable, or be gone.
 */

const EXAMPLE = join(import.meta.dirname, "../../fixtures/example");
const NOW = Date.UTC(2021, 2, 29, 12);
const rules = allRules.filter(({ live }) => live !== true);
const BLOCKING: ReadonlySet<Verdict> = new Set<Verdict>(["fail", "inconclusive", "crashed"]);

type Verdicts = ReadonlyMap<string, Verdict>;

/** What takes one thing out of an export. */
interface Removal {
  readonly what: string;
  readonly tab: string;
  /** The column of a single cell. */
  readonly cellOf?: string;
  readonly tabs: readonly Tab[];
}

const idOf = ({ rule, subject }: Check) => `${rule} ${subject.kind} ${subject.name}`;

function documentOf(value: Inventory): Document<Inventory> {
  const nowhere = { secrets: [], directives: [], locate: () => null, locateKey: () => null };
  return { kind: "inventory", path: "estate.xlsx", sha256: "", value, ...nowhere };
}

async function verdictsOf(documents: SiteDocuments, value: Inventory): Promise<Verdicts> {
  const site = new Site({ ...documents, inventories: [documentOf(value)] });
  return new Map((await checksOn(site, NOW, rules)).map((check) => [idOf(check), check.verdict]));
}

async function* batches(rows: readonly (readonly Cell[])[]) {
  yield await Promise.resolve(
    rows.map((cells, index) => ({ number: index + 1, cells: cells.map((cell) => cell ?? undefined) })),
  );
}

async function rvtools(tabs: readonly Tab[]): Promise<Inventory> {
  const tables = tabs.flatMap(({ name, rows }): readonly Table[] =>
    name === "vPartition" || name in READINGS || name === "vSource" || name === "vMetaData"
      ? [{ tab: name as TabName, path: "estate.xlsx", sheet: name, rows: () => batches(rows) }]
      : [],
  );
  const { inventories } = await importRvtools(tables, null);
  return inventories[0]?.inventory ?? {};
}

/** Everything that can be taken out of tabs: each tab, each row, each cell that is filled. */
function* removals(tabs: readonly Tab[]): Generator<Removal> {
  for (const { name, rows } of tabs) {
    const others = (change: (rows: (readonly Cell[])[]) => readonly (readonly Cell[])[]) =>
      tabs.map((tab) => (tab.name === name ? { name, rows: change([...rows]) } : tab));
    yield { what: `the tab ${name}`, tab: name, tabs: tabs.filter((tab) => tab.name !== name) };
    yield { what: `the header of ${name}`, tab: name, tabs: others((all) => all.slice(1)) };
    for (let row = 1; row < rows.length; row++) {
      yield { what: `row ${row} of ${name}`, tab: name, tabs: others((all) => all.toSpliced(row, 1)) };
    }
    for (const [column, title] of (rows[0] ?? []).entries()) {
      yield {
        what: `the column ${String(title)} of ${name}`,
        tab: name,
        tabs: others((all) => all.map((cells) => cells.toSpliced(column, 1))),
      };
      for (let row = 1; row < rows.length; row++) {
        if (rows[row]?.[column] == null) continue;
        yield {
          what: `${String(title)} of ${name}, row ${row}`,
          tab: name,
          cellOf: String(title),
          tabs: others((all) => all.with(row, (all[row] ?? []).with(column, null))),
        };
      }
    }
  }
}

/** The inventory of documents, as the files of one export. */
function collect(...files: readonly Iterable<Tree>[]): Inventory {
  const all = new Collected();
  for (const documents of files) {
    all.nextOutput();
    for (const document of documents) all.add(document);
  }
  return { source: { kind: all.dialect }, vcenter: { api_type: "VirtualCenter" }, ...inventoryOf(all.source) };
}

/** What govc prints of these objects. */
function govc(objects: readonly ManagedObject[]): Inventory {
  const types = [...new Set(objects.map((object) => object.type))];
  return collect(
    ...types.map((type) => {
      const output = govcXml(objects.filter((object) => object.type === type));
      return list(xmlTree(`<all>${output}</all>`).value, "ObjectUpdate");
    }),
  );
}

/** What pull reads: each property is requested, and vSphere names those that the account has no permission to read. */
function pulled(objects: readonly ManagedObject[], { denied }: Pick<ObjectRemoval, "denied"> = {}): Inventory {
  const all = new ManagedObjects();
  for (const { type, id, properties } of objects)
    all.add(type, id, Object.entries(properties), denied?.id === id ? [[denied.path, "no permission"]] : []);
  const lists = inventoryOf({
    objects: all,
    about: { apiType: "VirtualCenter" },
    isRequested: (type, path) => PROPERTIES[requestedAs(type)]?.includes(path) ?? false,
    whyNotRequested: (_, path) => `${path} is not read`,
    permissions: "not read",
    licences: "not read",
  });
  return { source: { kind: "vsphere" }, vcenter: { api_type: "VirtualCenter" }, ...lists };
}

type ReadObjects = (objects: readonly ManagedObject[], removal: Partial<ObjectRemoval>) => Inventory;

/** How each source of managed objects gives them, and of how many removals one is tried: all have one mapping. */
const OBJECT_SOURCES: readonly (readonly [source: string, apart: number, read: ReadObjects])[] = [
  ["govc -xml", 1, govc],
  ["pull", 3, pulled],
  ["govc -json", 7, (objects) => collect(jsonDocuments(govcJson(objects, "0.45")))],
  ["collect-inventory.ps1", 7, (objects) => collect(jsonDocuments(collected(objects, {})))],
  ["vSphere's JSON", 7, (objects) => collect(jsonDocuments(viJson(objects)))],
];

interface ObjectRemoval {
  readonly what: string;
  readonly objects: readonly ManagedObject[];
  /** The property that is gone. */
  readonly denied?: { readonly id: string; readonly path: string };
}

/** Everything that can be taken out of objects: each of them, and each of their properties. */
function* objectRemovals(objects: readonly ManagedObject[]): Generator<ObjectRemoval> {
  for (const [index, object] of objects.entries()) {
    const { type, id } = object;
    yield { what: `${type} ${id}`, objects: objects.toSpliced(index, 1) };
    for (const path of Object.keys(object.properties)) {
      const properties = Object.fromEntries(Object.entries(object.properties).filter(([other]) => other !== path));
      yield {
        what: `${path} of ${type} ${id}`,
        objects: objects.with(index, { ...object, properties }),
        denied: { id, path },
      };
    }
  }
}

/** A value without each of its entries and parts, with the path of what is gone. */
function* without(value: Tree | undefined, path: string): Generator<readonly [path: string, left: Tree]> {
  if (Array.isArray(value)) {
    const items = value as readonly Tree[];
    for (const [index, item] of items.entries()) {
      yield [`${path}.#`, items.toSpliced(index, 1)];
      for (const [at, left] of without(item, `${path}.#`)) yield [at, items.with(index, left)];
    }
  } else if (typeof value === "object" && value !== null) {
    for (const [key, inner] of Object.entries(value as TreeObject)) {
      if (key === TYPE) continue;
      const others = Object.entries(value as TreeObject).filter(([other]) => other !== key);
      yield [`${path}.${key}`, Object.fromEntries(others)];
      for (const [at, left] of without(inner, `${path}.${key}`)) yield [at, { ...(value as TreeObject), [key]: left }];
    }
  }
}

/** Everything that can be taken out of a property, once for each path. */
function* partRemovals(objects: readonly ManagedObject[]): Generator<ObjectRemoval> {
  const seen = new Set<string>();
  for (const [index, object] of objects.entries()) {
    for (const [property, value] of Object.entries(object.properties)) {
      for (const [path, left] of without(value, property)) {
        if (seen.has(`${object.type} ${path}`)) continue;
        seen.add(`${object.type} ${path}`);
        const properties = { ...object.properties, [property]: left };
        yield {
          what: `${path} of ${object.type} ${object.id}`,
          objects: objects.with(index, { ...object, properties }),
        };
      }
    }
  }
}

type Printed = ReturnType<typeof cmdlets>;

/** What PowerCLI's cmdlets print. */
const printed = (rows: Printed) => collect(...Object.values(rows).map((each) => jsonDocuments(JSON.stringify(each))));

/** What can be taken out of the output of cmdlets: each of them, each object, each value of the first two. */
function* printedRemovals(rows: Printed): Generator<{ readonly what: string; readonly rows: Printed }> {
  for (const [cmdlet, all] of Object.entries(rows)) {
    const others = Object.fromEntries(Object.entries(rows).filter(([other]) => other !== cmdlet));
    yield { what: cmdlet, rows: others };
    for (const [index, row] of all.entries()) {
      yield { what: `object ${index} of ${cmdlet}`, rows: { ...others, [cmdlet]: all.toSpliced(index, 1) } };
      for (const key of index < 2 ? Object.keys(row) : []) {
        const left = Object.fromEntries(Object.entries(row).filter(([other]) => other !== key));
        yield { what: `${key} of ${cmdlet} ${index}`, rows: { ...others, [cmdlet]: all.with(index, left) } };
      }
    }
  }
}

/** Checks that blocked before, and clear now or are gone without another check of their rule that blocks. */
function clearedBy(what: string, before: Verdicts, after: Verdicts): readonly string[] {
  const ruleOf = (id: string) => id.split(" ")[0] ?? "";
  const blocking = new Set([...after].filter(([, verdict]) => BLOCKING.has(verdict)).map(([id]) => ruleOf(id)));
  return [...before].flatMap(([id, verdict]) => {
    const now = after.get(id);
    if (!BLOCKING.has(verdict) || (now !== undefined && BLOCKING.has(now))) return [];
    // A subject that is gone is covered by another check of its rule that blocks.
    return now === undefined && blocking.has(ruleOf(id))
      ? []
      : [`without ${what}: ${id}: ${verdict} became ${now ?? "nothing"}`];
  });
}

/** One cell in so many is taken out, of each column: what holds of one holds of those below it. 1 takes out every cell. */
const CELLS_APART = Number(process.env["PREFLIGHT_CELLS_APART"] ?? 11);

async function documentsIn(folder: string): Promise<SiteDocuments> {
  const read = await readDocuments({ deployment: join(folder, "deployment.yaml"), inventories: [], cwd: folder });
  if (read.value === null) throw new Error(JSON.stringify(read.inputs.errors));
  return read.value;
}

const inventoryIn = (folder: string) => JSON.parse(readFileSync(join(folder, "inventory.json"), "utf8")) as Inventory;

describe.each(["clean", "mistakes"])("an export of the example %s", (example) => {
  let documents: SiteDocuments;
  let estate: Inventory;
  beforeAll(async () => {
    const folder = join(EXAMPLE, example);
    documents = await documentsIn(folder);
    estate = inventoryIn(folder);
  });

  it("from RVTools, without any one of its tabs, rows, columns and cells, clears no check that blocked", async () => {
    const tabs = rvtoolsTabs(estate);
    const before = await verdictsOf(documents, await rvtools(tabs));
    const cleared: string[] = [];
    let count = 0;
    for (const { what, cellOf, tabs: left } of removals(tabs)) {
      count += 1;
      if (cellOf !== undefined && count % CELLS_APART !== 0) continue;
      cleared.push(...clearedBy(what, before, await verdictsOf(documents, await rvtools(left))));
    }
    expect(cleared).toEqual([]);
    expect(count).toBeGreaterThan(500);
    expect([...before.values()].filter((verdict) => BLOCKING.has(verdict)).length).toBeGreaterThan(10);
  }, 600_000);

  it.each(OBJECT_SOURCES)(
    "from %s, without any one of its objects and properties, clears no check that blocked",
    async (_, apart, read) => {
      const objects = vsphereObjects(estate);
      const before = await verdictsOf(documents, read(objects, {}));
      const cleared: string[] = [];
      let count = 0;
      for (const removal of objectRemovals(objects)) {
        count += 1;
        if (count % apart !== 0) continue;
        cleared.push(...clearedBy(removal.what, before, await verdictsOf(documents, read(removal.objects, removal))));
      }
      expect(cleared).toEqual([]);
      expect(count).toBeGreaterThan(200);
    },
    600_000,
  );

  it("from managed objects, without any part of their properties, clears no check that blocked", async () => {
    const objects = vsphereObjects(estate);
    const before = await verdictsOf(documents, govc(objects));
    const cleared: string[] = [];
    let count = 0;
    for (const { what, objects: left } of partRemovals(objects)) {
      count += 1;
      if (count % Math.min(4, CELLS_APART) === 0)
        cleared.push(...clearedBy(what, before, await verdictsOf(documents, govc(left))));
    }
    expect(cleared).toEqual([]);
  }, 600_000);

  it("from PowerCLI's cmdlets, without any one of them, their objects and values, clears no check that blocked", async () => {
    const rows = cmdlets(estate);
    const before = await verdictsOf(documents, printed(rows));
    const cleared: string[] = [];
    let count = 0;
    for (const { what, rows: left } of printedRemovals(rows)) {
      count += 1;
      cleared.push(...clearedBy(what, before, await verdictsOf(documents, printed(left))));
    }
    expect(cleared).toEqual([]);
    expect(count).toBeGreaterThan(100);
  }, 600_000);
});

describe("an export with clusters of one name in two datacenters", () => {
  let folder: string;
  let documents: SiteDocuments;
  let estate: Inventory;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "preflight-removal-"));
    cpSync(join(EXAMPLE, "clean"), folder, { recursive: true });
    const file = join(folder, "deployment.yaml");
    const twins = withTwinClusters(readFileSync(file, "utf8"), inventoryIn(folder));
    writeFileSync(file, twins.deployment);
    documents = await documentsIn(folder);
    ({ estate } = twins);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("from RVTools, without anything of its clusters and hosts, clears no check that blocked", async () => {
    const tabs = rvtoolsTabs(estate);
    const before = await verdictsOf(documents, await rvtools(tabs));
    const cleared: string[] = [];
    for (const { what, tab, cellOf = "Cluster", tabs: left } of removals(tabs)) {
      const isOfHosts = tab === "vHost" && ["Datacenter", "Cluster", "# Cores"].includes(cellOf);
      if (tab !== "vCluster" && !isOfHosts) continue;
      cleared.push(...clearedBy(what, before, await verdictsOf(documents, await rvtools(left))));
    }
    expect(cleared).toEqual([]);
    expect([...before.values()].filter((verdict) => BLOCKING.has(verdict)).length).toBeGreaterThan(10);
  }, 600_000);

  it("of managed objects, without any cluster, datacenter, folder or pool, clears no check that blocked", async () => {
    const objects = vsphereObjects(estate);
    const before = await verdictsOf(documents, govc(objects));
    const cleared: string[] = [];
    for (const { what, objects: left } of objectRemovals(objects)) {
      if (!/ComputeResource|Datacenter|Folder|ResourcePool/.test(what)) continue;
      cleared.push(...clearedBy(what, before, await verdictsOf(documents, govc(left))));
    }
    expect(cleared).toEqual([]);
  }, 600_000);
});
