import { describe, expect, it } from "vitest";
import { rules } from "../../../rules/index.generated.ts";
import { sharesWithNodes } from "../../../src/site/relations/shares-with-nodes.ts";
import { siteOf } from "../../support/documents.ts";
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

describe("a VM beside nodes that have none yet", () => {
  const PLANNED = `conferencing_nodes:
  - name: p
    hostname: p
    secondary_address: 10.0.0.6
    ipv6_address: 2001:db8::6
    vm: { host: h1, network: Video, secondary_network: Lab, datastore: DS, mac_address: "00:50:56:00:00:0a" }
  - { name: q, hostname: q, vm: { cluster: C } }
`;
  const ELSEWHERE = "host: h9, cluster: null";

  it.each<readonly [string, string, boolean]>([
    ["nothing", ELSEWHERE, false],
    [
      "other values",
      `${ELSEWHERE}, nics: [{ network: x, mac_address: "00:50:56:00:00:0b" }], disks: [{ datastore: y }], ip_addresses: [10.0.0.7]`,
      false,
    ],
    ["the network", `${ELSEWHERE}, nics: [{}, { network: video. }]`, true],
    ["the secondary network", `${ELSEWHERE}, nics: [{ network: LAB }, { network: other }]`, true],
    ["the datastore", `${ELSEWHERE}, disks: [{ datastore: other }, { datastore: ds }]`, true],
    ["a network named like the datastore", `${ELSEWHERE}, nics: [{ network: ds }]`, false],
    ["the MAC address", `${ELSEWHERE}, nics: [{ mac_address: 0050.5600.000A }]`, true],
    ["a MAC address that cannot be read", `${ELSEWHERE}, nics: [{ mac_address: none }]`, false],
    ["the secondary address", `${ELSEWHERE}, ip_addresses: [10.9.9.9, 10.0.0.6]`, true],
    ["the IPv6 address", `${ELSEWHERE}, ip_addresses: ["2001:DB8:0::6"]`, true],
    ["the host", "host: h1, cluster: null", true],
    ["the cluster of the other, whose host is not known", "cluster: c", true],
    ["no cluster, while its host is not known", "cluster: null", false],
    ["a place that is not known", "cpus: 4", true],
  ])("shares %s: %s", async (_, fields, expected) => {
    const { nodes, estate } = await siteOf(
      PLANNED,
      `clusters: [{ name: C }]
hosts: [{ name: h1, cluster: null }, { name: h2, cluster: C }, { name: h9, cluster: null }]
virtual_machines: [{ name: mail, ${fields} }]`,
    );
    const [mail] = estate.virtualMachines.items;
    expect(mail && sharesWithNodes(nodes, estate)(mail)).toBe(expected);
  });
});
