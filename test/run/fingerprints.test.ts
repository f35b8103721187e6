import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { check } from "../../src/run/index.ts";

const MISTAKES = join(import.meta.dirname, "..", "..", "fixtures", "example", "mistakes");

let folder: string;
let deployment: unknown;
let inventory: unknown;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "preflight-fingerprints-"));
  await cp(MISTAKES, folder, { recursive: true });
  deployment = damaged(parse(await readFile(join(MISTAKES, "deployment.yaml"), "utf8")));
  inventory = damaged(JSON.parse(await readFile(join(MISTAKES, "inventory.json"), "utf8")));
});
afterAll(() => rm(folder, { recursive: true }));

/** What makes dozens of rules fail: the same for all objects, so that names and addresses clash as well. */
const DAMAGE: Readonly<Record<string, unknown>> = {
  ...{
    address: "10.44.10.21",
    gateway: "10.44.11.1",
    netmask: "255.255.255.255",
    hostname: "Conf_01",
    timezone: "CET",
  },
  ...{ vm_cpu_count: 3, vm_system_memory: 4098, mtu: 1600, network_mtu: 1400, hardware_version: 8, enable_ssh: "ON" },
  ...{
    disk_provisioning: "thin",
    alternative_fqdn: "conf01",
    evc_mode: "intel-westmere",
    teaming_policy: "loadbalance_ip",
  },
  ...{ shaping_enabled: true, lockdown_mode: "lockdownStrict", snapshots: 2, cpu_limit_mhz: 1, memory_limit_mb: 1 },
  ...{ in_maintenance_mode: true, running: false, thin: true, adapter: "e1000", drs_behavior: "fullyAutomated" },
  ...{ version: "5.0.0", ip_addresses: ["10.44.10.21"], tools_time_sync: true, speed_mbps: 100, full_duplex: false },
};

function damaged(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(damaged);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, key in DAMAGE ? DAMAGE[key] : damaged(item)]),
  );
}

/** `rule subject message fingerprint` of every finding, sorted. */
async function findings(cwd: string): Promise<readonly string[]> {
  const { report } = await check({
    ...{ deployment: "deployment.yaml", inventories: ["inventory.json"], cwd, live: false, only: [], severities: [] },
    ...{ inconclusive: "fail", maxWarnings: null, now: Date.UTC(2026, 10, 22, 12) },
  });
  expect(report.errors).toEqual([]);
  return report.checks
    .flatMap(({ rule, subject, findings: found }) =>
      found.map(
        ({ message_id, fingerprint }) => `${rule} ${subject.kind}:${subject.name} ${message_id} ${fingerprint}`,
      ),
    )
    .sort();
}

/** The same with the records of every list in another order; lists of plain values have an order that may matter. */
function shuffled(value: unknown, pick: (count: number) => number): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => shuffled(item, pick));
    if (!items.every((item) => typeof item === "object" && item !== null && "name" in item)) return items;
    const result: unknown[] = [];
    while (items.length > 0) result.push(...items.splice(pick(items.length), 1));
    return result;
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shuffled(item, pick)]));
}

describe("the fingerprints of a whole run", () => {
  it("stay when lines move and when nodes, locations, hosts and all else that has a name is reordered", async () => {
    await writeFile(join(folder, "deployment.yaml"), stringify(deployment));
    await writeFile(join(folder, "inventory.json"), JSON.stringify(inventory));
    const before = await findings(folder);
    expect(before.length).toBeGreaterThan(50);
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (gen) => {
        const pick = (count: number) => gen(fc.nat, { max: count - 1 });
        await writeFile(join(folder, "deployment.yaml"), `# moved\n\n${stringify(shuffled(deployment, pick))}`);
        await writeFile(join(folder, "inventory.json"), JSON.stringify(shuffled(inventory, pick), null, 3));
        expect(await findings(folder)).toEqual(before);
      }),
      { numRuns: 10 },
    );
  });
});
