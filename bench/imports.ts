/**
 * Time and memory of `preflight inventory import` for exports of large estates, compared with an empty Node process:
 * `npx tsx bench/imports.ts`. The workbooks are as wide as RVTools writes them; most columns are not read.
 */
import { existsSync, statSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Inventory } from "../src/schema/inventory.generated.ts";
import { govcXml } from "../test/inventory/exports/govc.ts";
import { type Cell, rvtoolsTabs, type Tab } from "../test/inventory/exports/rvtools-tabs.ts";
import { vsphereObjects } from "../test/inventory/exports/vsphere-objects.ts";
import { xlsx } from "../test/inventory/exports/xlsx.ts";
import { generateSite } from "./generate.ts";
import { median, peakMemory, timed } from "./measured-process.ts";

const PROGRAM = join(import.meta.dirname, "..", "dist", "preflight.js");
/** The machine warms up on the generator. */
const RUNS = 2;

const estateOf = (machines: number) => JSON.parse(generateSite(machines).inventory) as Inventory;

/** As many columns as RVTools' widest tab has, filled with unused text that depends only on the cell. */
function widened({ name, rows }: Tab, columns: number): Tab {
  const own = rows[0]?.length ?? 0;
  let state = 1;
  const filler = (row: number): Cell => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return row % 3 === 0 ? state : `value ${state.toString(36)}`;
  };
  const extra = Math.max(0, columns - own);
  return {
    name,
    rows: rows.map((row, index) => [
      ...Array.from(row),
      ...Array.from({ length: extra }, (_, at) => (index === 0 ? `column ${at}` : filler(at))),
    ]),
  };
}

async function main(): Promise<void> {
  if (!existsSync(PROGRAM)) throw new Error('dist/preflight.js is not there; "npm run build" makes it.');
  const folder = await mkdtemp(join(tmpdir(), "preflight-bench-"));
  try {
    const estate = estateOf(10_000);
    const tabs = rvtoolsTabs(estate).map((tab) => widened(tab, tab.name === "vInfo" ? 93 : 43));
    const files: readonly (readonly [string, string, () => string | Buffer])[] = [
      ["10,000 VMs, RVTools xlsx", "shared.xlsx", () => xlsx(tabs, { prefix: "x:" })],
      ["the same, texts in the cells", "inline.xlsx", () => xlsx(tabs, { texts: "inline" })],
      ["the same, a million blank rows", "blank.xlsx", () => xlsx(tabs.slice(0, 1), { blankRows: 1_000_000 })],
      ["10,000 VMs, govc -xml", "vms.xml", () => govcXml(vsphereObjects(estate))],
    ];
    console.log("| export | MB | s | x node -e 0 | peak MB |\n| --- | --: | --: | --: | --: |");
    for (const [name, file, make] of files) await measure(name, join(folder, file), make());
    const wide = rvtoolsTabs(estateOf(14_000)).map((tab) => widened(tab, 93));
    await measure("14,000 VMs, every tab 93 wide", join(folder, "large.xlsx"), xlsx(wide, { texts: "inline" }));
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function measure(name: string, file: string, content: string | Buffer): Promise<void> {
  await writeFile(file, content);
  const args = [PROGRAM, "inventory", "import", file, "-o", `${file}.json`];
  const pairs = Array.from({ length: RUNS }, () => ({ empty: timed(["-e", "0"]), own: timed(args) }));
  const seconds = median(pairs.map(({ own }) => own)) / 1000;
  const ratio = median(pairs.map(({ own, empty }) => own / empty));
  const peak = await peakMemory(args, join(file, ".."));
  const megabytes = statSync(file).size / (1 << 20);
  console.log(
    `| ${name} | ${megabytes.toFixed(0)} | ${seconds.toFixed(1)} | ${ratio.toFixed(0)} | ${peak.toFixed(0)} |`,
  );
}

await main();
