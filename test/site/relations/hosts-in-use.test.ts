import { describe, expect, it } from "vitest";
import { rules } from "../../../rules/index.generated.ts";
import { checksOf } from "../../support/mutated.ts";

const DEPLOYMENT = `management_node: { name: mgr, hostname: mgr, vm: { cluster: OSL-C1 } }
conferencing_nodes: [{ name: a, hostname: a }]`;
const inventory = (cluster: string, second: string, machine = "host: esx-osl-1, ") => `
clusters: [{ name: OSL-C1, ${cluster} }]
hosts:
  - { name: esx-osl-1, cluster: OSL-C1, cpu: { features: { avx: true } } }
  - { name: esx-osl-3, cluster: OSL-C1, ${second} }
virtual_machines: [{ name: mgr, ${machine}cluster: OSL-C1 }]
distributed_port_groups: []
`;
const NO_AVX = "cpu: { features: { avx: false } }";

async function notesOn(subject: string, id: string, text: string): Promise<readonly (readonly unknown[])[]> {
  const chosen = rules.filter((rule) => rule.id === id);
  const checks = await checksOf({ deployment: DEPLOYMENT, inventories: [text], now: 0 }, chosen);
  const found = checks.filter((check) => check.subject.name === subject).flatMap(({ findings }) => findings);
  return found.flatMap(({ related }) =>
    related.map(({ message, location }) => [message, location !== null && "line" in location ? location.line : null]),
  );
}

describe("a finding on a host that no node is on", () => {
  it.each([
    ["ha_enabled: true, ha_host_monitoring: true", "esx-osl-3 is in cluster OSL-C1; HA may restart node mgr on it"],
    ["ha_enabled: false, drs_enabled: true", "esx-osl-3 is in cluster OSL-C1; DRS may move node mgr to it"],
  ])("says how a node may come to run there, at the plan: %s", async (cluster, message) => {
    expect(await notesOn("esx-osl-3", "host/cpu-avx", inventory(cluster, NO_AVX))).toEqual([[message, 1]]);
  });

  it("include those of a node that may be on any host of its cluster", async () => {
    const text = inventory("ha_enabled: false, drs_enabled: false", NO_AVX).replace(
      /virtual_machines.*/,
      "virtual_machines: []",
    );
    expect(await notesOn("esx-osl-3", "host/cpu-avx", text)).toEqual([
      ["esx-osl-3 is in cluster OSL-C1; node mgr is placed on that cluster", 1],
    ]);
  });

  it("have no reason for a host that a node is on", async () => {
    const text = inventory("ha_enabled: true, ha_host_monitoring: true", NO_AVX).replace(
      "host: esx-osl-1",
      "host: esx-osl-3",
    );
    expect(await notesOn("esx-osl-3", "host/cpu-avx", text)).toEqual([]);
  });

  it("says it beside the node whose hardware version the host does not run", async () => {
    const text = inventory(
      "ha_enabled: true, ha_host_monitoring: true",
      'version: "6.5.0"',
      "host: esx-osl-1, hardware_version: 14, ",
    );
    expect(await notesOn("mgr", "vm/hardware-version-runs-on-host", text)).toContainEqual([
      "esx-osl-3 is in cluster OSL-C1; HA may restart node mgr on it",
      1,
    ]);
  });
});
