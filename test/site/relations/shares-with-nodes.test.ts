import { describe, expect, it } from "vitest";
import { rules } from "../../../rules/index.generated.ts";
import { checksOf } from "../../support/mutated.ts";

const DEPLOYMENT = `
conferencing_nodes:
  - { name: a, hostname: a, address: 10.0.0.5 }
  - { name: b, hostname: b }
`;
const inventory = (fields: string) => `
clusters: [{ name: A, ha_enabled: true, ha_host_monitoring: true }]
hosts: [{ name: esxi01, cluster: A }, { name: esxi02, cluster: A }, { name: esxi09, cluster: null }]
virtual_machines:
  - { name: a, uuid: one, host: esxi01, cluster: A, nics: [{ network: video, mac_address: "00:50:56:00:00:01" }], disks: [{ datastore: ds }] }
  - { name: b, uuid: two, host: esxi01, cluster: A, nics: [] }
  - { name: mail, ${fields} }
`;

async function verdicts(id: string, fields: string): Promise<readonly string[]> {
  const chosen = rules.filter((rule) => rule.id === id);
  const checks = await checksOf({ deployment: DEPLOYMENT, inventories: [inventory(fields)], now: 0 }, chosen);
  return checks.map(({ verdict, severity }) => (verdict === "inconclusive" ? `${verdict} ${severity}` : verdict));
}

const BLOCKING = ["inconclusive error", "inconclusive error"];

describe("a VM whose UUID is missing", () => {
  it.each([
    ["on the node's host", "host: esxi01, cluster: A"],
    ["on another host of its cluster", "host: esxi02, cluster: A"],
    ["on its network", "host: esxi09, cluster: null, nics: [{ network: VIDEO }]"],
    ["on its datastore", "host: esxi09, cluster: null, disks: [{ datastore: ds }]"],
    ["with its MAC address", 'host: esxi09, cluster: null, nics: [{ mac_address: "00-50-56-00-00-01" }]'],
    ["with its address", "host: esxi09, cluster: null, ip_addresses: [10.0.0.5]"],
    ["that may be anywhere", "power_state: poweredOn"],
  ])("leaves the identity of the nodes open: one %s", async (_, fields) => {
    expect(await verdicts("vm/unique-identity", fields)).toEqual(BLOCKING);
  });

  it("is reported once, as a warning, if it shares nothing with any node", async () => {
    const fields = "host: esxi09, cluster: null, nics: [{ network: other }], disks: [{ datastore: local }]";
    expect(await verdicts("vm/unique-identity", fields)).toEqual(["inconclusive warn", "pass"]);
  });
});

describe("a VM whose MAC address is missing", () => {
  it("makes checks of nodes inconclusive only if it shares something with them", async () => {
    const near = await verdicts("vm/mac-address", "uuid: x, host: esxi02, cluster: A, nics: [{ network: other }]");
    expect(near[0]).toBe("inconclusive error");
    const remote = await verdicts("vm/mac-address", "uuid: x, host: esxi09, cluster: null, nics: [{ network: other }]");
    expect(remote[0]).toBe("inconclusive warn");
  });
});
