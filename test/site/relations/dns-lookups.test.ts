import { describe, expect, it } from "vitest";
import { siteOf } from "../../support/documents.ts";

/** The queries to each DNS server: `10.0.0.1` → `name TYPE TYPE`. */
async function lookups(deployment: string): Promise<Readonly<Record<string, readonly string[]>>> {
  const site = await siteOf(deployment);
  return Object.fromEntries(
    site
      .servers("dns")
      .items.map((server) => [
        server.name,
        site.relations.lookupsAt(server).map(({ name, types }) => [name, ...types].join(" ")),
      ]),
  );
}

describe("lookups", () => {
  it("are names and address of a node, SRV records, NTP servers and the VM manager by name", async () => {
    const found = await lookups(`
dns_servers: [10.0.0.1]
ntp_servers: [NTP1.example.com., "ntp2.example.com:1123", 10.0.0.5]
vm_manager: { address: vcenter01.example.com }
domains: [{ name: example.com, services: [h323] }]
management_node: { name: m, hostname: Mgmt01, domain: example.com, address: 192.0.2.21, alternative_fqdn: SIP.example.net. }
`);
    expect(found).toEqual({
      "10.0.0.1": [
        "mgmt01.example.com A AAAA",
        "sip.example.net A AAAA",
        "21.2.0.192.in-addr.arpa PTR",
        "_h323cs._tcp.example.com SRV",
        "_h323ls._udp.example.com SRV",
        "ntp1.example.com A AAAA",
        "ntp2.example.com A AAAA",
        "vcenter01.example.com A AAAA",
      ],
    });
  });

  it("use the servers of the nodes that need them, each name once", async () => {
    const found = await lookups(`
dns_servers: [10.0.0.1]
ntp_servers: [ntp1.example.com]
system_locations: [{ name: Oslo, dns_servers: [10.0.0.2, 10.0.0.3] }]
management_node: { name: m, hostname: m, domain: example.com, alternative_fqdn: m.example.com }
conferencing_nodes:
  - { name: a, hostname: a, domain: example.com, system_location: Oslo }
  - { name: b, hostname: a, domain: example.com, system_location: Oslo }
  - { name: c, hostname: c, domain: example.com, system_location: Bergen }
`);
    const oslo = ["a.example.com A AAAA", "ntp1.example.com A AAAA"];
    expect(found).toEqual({
      "10.0.0.1": ["m.example.com A AAAA", "ntp1.example.com A AAAA"],
      "10.0.0.2": oslo,
      "10.0.0.3": oslo,
    });
  });

  it("omit what is missing or cannot be queried", async () => {
    const found = await lookups(`
dns_servers: [10.0.0.1]
ntp_servers: ["http://ntp1.example.com/"]
management_node: { name: m, hostname: "a b", domain: example.com, address: 192.0.2, alternative_fqdn: "x..y" }
`);
    expect(found).toEqual({ "10.0.0.1": [] });
  });
});
