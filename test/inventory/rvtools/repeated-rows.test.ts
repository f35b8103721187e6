import { readFileSync } from "node:fs";
import { join } from "node:path";
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
