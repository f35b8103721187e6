import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { redactor } from "../../src/run/inputs/redact-inventory.ts";
import { readDocuments } from "../../src/run/inputs/read-documents.ts";
import type { Inventory } from "../../src/schema/inventory.generated.ts";
import { Site } from "../../src/site/site.ts";
import { rules as allRules } from "../../rules/index.generated.ts";
import { checksOn } from "../support/mutated.ts";

const EXAMPLE = join(import.meta.dirname, "../../fixtures/example");
const NOW = Date.UTC(2021, 2, 29, 12);
const rules = allRules.filter(({ live }) => live !== true);

/** The example with a foreign VM on a host, and with gaps of hosts and VMs. */
function withForeign(inventory: Inventory): Inventory {
  const [machine] = inventory.virtual_machines ?? [];
  const foreign = { ...machine, name: "payroll-db", uuid: "0", nics: [], ip_addresses: [] };
  const [host] = inventory.hosts ?? [];
  return {
    ...inventory,
    coverage: { ...inventory.coverage, [`hosts[${host?.name ?? ""}].lockdown_mode`]: `${host?.name ?? ""} is locked` },
    incomplete: { [`hosts[${host?.name ?? ""}].virtual_machines`]: "payroll-db is not all" },
    virtual_machines: [...(inventory.virtual_machines ?? []), foreign],
  };
}

describe.each(["clean", "mistakes"])("the inventory of %s, redacted", (site) => {
  let folder: string;
  let inventory: Inventory;
  let redacted: Inventory;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "preflight-redact-"));
    cpSync(join(EXAMPLE, site), folder, { recursive: true });
    inventory = withForeign(JSON.parse(readFileSync(join(folder, "inventory.json"), "utf8")) as Inventory);
    redacted = (await redactor("deployment.yaml", folder))(inventory);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const verdicts = async (value: Inventory) => {
    writeFileSync(join(folder, "inventory.json"), JSON.stringify(value));
    const files = {
      deployment: join(folder, "deployment.yaml"),
      inventories: [join(folder, "inventory.json")],
      cwd: folder,
    };
    const read = await readDocuments(files);
    if (read.value === null) throw new Error(JSON.stringify(read.inputs.errors));
    const checks = await checksOn(new Site(read.value), NOW, rules);
    return checks.map(({ rule, verdict }) => `${rule} ${verdict}`).sort();
  };

  it("has pseudonyms for foreign VMs and hosts, the same everywhere, and keeps the deployment's names", () => {
    expect(JSON.stringify(redacted)).not.toContain("payroll-db");
    const foreign = redacted.virtual_machines?.at(-1)?.name;
    expect(foreign).toMatch(/^vm-[\da-f]{10}$/);
    expect(Object.values(redacted.incomplete ?? {})).toEqual([`${foreign ?? ""} is not all`]);
    expect(redacted.virtual_machines?.slice(0, -1).map(({ name }) => name)).toEqual(
      inventory.virtual_machines?.slice(0, -1).map(({ name }) => name),
    );
    const names = new Set(redacted.hosts?.map(({ name }) => name));
    for (const { host } of redacted.virtual_machines ?? []) expect(names).toContain(host);
  });

  it("gets the same verdicts", async () => {
    expect(await verdicts(redacted)).toEqual(await verdicts(inventory));
  });
});
