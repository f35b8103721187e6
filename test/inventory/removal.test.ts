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
import { inventoryOf } from "../../src/inventory/mapping/inventory-of.ts";
import { list } from "../../src/inventory/mapping/tree.ts";
import { xmlTree } from "../../src/inventory/mapping/xml-tree.ts";
import { govcXml } from "./exports/govc.ts";
import { type Cell, rvtoolsTabs, type Tab } from "./exports/rvtools-tabs.ts";
import { withTwinClusters } from "./exports/twin-clusters.ts";
import { type ManagedObject, vsphereObjects } from "./exports/vsphere-objects.ts";

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

/** What govc prints of these objects. */
function govc(objects: readonly ManagedObject[]): Inventory {
  const collected = new Collected();
  for (const type of new Set(objects.map((object) => object.type))) {
    collected.nextOutput();
    const output = govcXml(objects.filter((object) => object.type === type));
    for (const update of list(xmlTree(`<all>${output}</all>`).value, "ObjectUpdate")) collected.add(update);
  }
  const { source } = collected;
  return { source: { kind: "govc" }, vcenter: { api_type: "VirtualCenter" }, ...inventoryOf(source) };
}

/** Everything that can be taken out of objects: each of them, and each of their properties. */
function* objectRemovals(objects: readonly ManagedObject[]) {
  for (const [index, object] of objects.entries()) {
    yield { what: `${object.type} ${object.id}`, objects: objects.toSpliced(index, 1) };
    for (const path of Object.keys(object.properties)) {
      const properties = Object.fromEntries(Object.entries(object.properties).filter(([other]) => other !== path));
      yield { what: `${path} of ${object.type} ${object.id}`, objects: objects.with(index, { ...object, properties }) };
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

  it("of managed objects, without any one of them or of their properties, clears no check that blocked", async () => {
    const objects = vsphereObjects(estate);
    const before = await verdictsOf(documents, govc(objects));
    const cleared: string[] = [];
    let count = 0;
    for (const { what, objects: left } of objectRemovals(objects)) {
      count += 1;
      cleared.push(...clearedBy(what, before, await verdictsOf(documents, govc(left))));
    }
    expect(cleared).toEqual([]);
    expect(count).toBeGreaterThan(200);
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
