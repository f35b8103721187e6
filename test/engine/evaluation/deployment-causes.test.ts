import { describe, expect, it } from "vitest";
import { rules } from "../../../rules/index.generated.ts";
import { siteOf } from "../../support/documents.ts";
import { checksOn } from "../../support/mutated.ts";

const STATIC = rules.filter(({ live }) => live !== true);

/** The inconclusive checks that lack a value, and the rules that they name as its cause. */
async function causesOf(deployment: string, lacking: string) {
  const checks = await checksOn(await siteOf(deployment), Date.UTC(2026, 10, 22), STATIC);
  const open = checks.filter(
    ({ verdict, missing }) => verdict === "inconclusive" && missing.every(({ what }) => what.includes(lacking)),
  );
  return open
    .filter(({ missing }) => missing.length > 0)
    .map(({ rule, because }) => [rule, because.map((by) => by.rule)]);
}

describe("a check that is inconclusive for a value that another check fails over", () => {
  it("names the missing system location", async () => {
    const causes = await causesOf(
      "system_locations: [{ name: Oslo }]\nconferencing_nodes: [{ name: a, hostname: a }]",
      "system_location",
    );
    expect(causes.length).toBeGreaterThan(3);
    expect(causes.filter(([, by]) => !by?.includes("node/location-exists"))).toEqual([]);
  });

  it("names the empty server list", async () => {
    const causes = await causesOf(
      "dns_servers: []\nmanagement_node: { name: m, hostname: m, domain: vc.local }\nconferencing_nodes: []",
      "no DNS server is declared",
    );
    expect(causes.length).toBeGreaterThan(0);
    expect(causes.filter(([, by]) => !by?.includes("dns/server-configured"))).toEqual([]);
  });

  it("names the secondary address without a mask", async () => {
    const causes = await causesOf(
      "conferencing_nodes: [{ name: a, hostname: a, address: 10.0.0.5, netmask: 255.255.255.0, gateway: 10.0.9.1, secondary_address: 10.0.1.5 }]",
      "secondary_netmask",
    );
    expect(causes.length).toBeGreaterThan(0);
    expect(causes.filter(([, by]) => !by?.includes("network/secondary-interface"))).toEqual([]);
  });
});
