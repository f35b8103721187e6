import { describe, expect, it } from "vitest";
import { siteOf } from "../../support/documents.ts";

async function services(deployment: string) {
  const { items, missing } = (await siteOf(deployment)).domainServices;
  return {
    services: items.map(
      ({ name, port, resolvers, locations }) =>
        `${name} ${port} @${resolvers.items.map((server) => server.name).join(" ")} in ${locations.items.map((sourceRef) => sourceRef.name).join(" ")}`,
    ),
    missing: missing.map(({ what }) => what),
    gaps: items.flatMap(({ resolvers }) => resolvers.missing.map(({ what }) => what)),
  };
}

const LOCATIONS = `
dns_servers: [10.0.0.1]
system_locations:
  - { name: Oslo, dns_servers: [10.0.1.1] }
  - { name: Bergen }
`;

describe("domain services", () => {
  it("are one record set each, in the order of the file", async () => {
    const { services: found } = await services(
      "domains: [{ name: VC.example., services: [pexapp, h323, sip, sips, h323_registration, sip_federation] }]",
    );
    expect(found.map((line) => line.split(" @")[0])).toEqual([
      "vc.example/_pexapp._tcp 443",
      "vc.example/_h323cs._tcp 1720",
      "vc.example/_h323ls._udp 1719",
      "vc.example/_sip._tcp 5060",
      "vc.example/_sips._tcp 5061",
      "vc.example/_h323rs._udp 1719",
      "vc.example/_sipfederationtls._tcp 5061",
    ]);
  });

  it("are looked up with the DNS servers of every location by default", async () => {
    expect(await services(`${LOCATIONS}domains: [{ name: a, services: [sip] }]`)).toEqual({
      services: ["a/_sip._tcp 5060 @10.0.1.1 10.0.0.1 in Oslo Bergen"],
      missing: [],
      gaps: [],
    });
  });

  it("are looked up with those of their locations", async () => {
    const { services: found } = await services(
      `${LOCATIONS}domains: [{ name: a, services: [sip], locations: [OSLO.] }]`,
    );
    expect(found).toEqual(["a/_sip._tcp 5060 @10.0.1.1 in Oslo"]);
  });

  it("are queried from the deployment's servers if there is no location", async () => {
    const { services: found } = await services("dns_servers: [10.0.0.1]\ndomains: [{ name: a, services: [sip] }]");
    expect(found).toEqual(["a/_sip._tcp 5060 @10.0.0.1 in "]);
  });

  it("have a gap for a location that is not declared", async () => {
    const { gaps } = await services(`${LOCATIONS}domains: [{ name: a, services: [sip], locations: [Oslo, Molde] }]`);
    expect(gaps).toEqual(["system location Molde is not declared in system_locations"]);
  });

  it("are unknown without domains, and if a domain has no services set", async () => {
    expect(await services("{}")).toMatchObject({ services: [], missing: ["domains is not in the deployment"] });
    expect(await services("domains: [{ name: a }, { name: b, services: [sip] }]")).toMatchObject({
      services: [expect.stringMatching(/^b\//) as string],
      missing: ["domains.services is not in the deployment"],
    });
  });

  it("are none if there is no domain, or no service", async () => {
    expect(await services("domains: []")).toMatchObject({ services: [], missing: [] });
    expect(await services("domains: [{ name: a, services: [] }]")).toMatchObject({ services: [], missing: [] });
  });

  it("of a domain that is declared twice are one, for the locations of both", async () => {
    const { services: found } = await services(
      `${LOCATIONS}domains: [{ name: a, services: [sip, sip], locations: [Oslo] }, { name: A., services: [sip], locations: [Bergen] }]`,
    );
    expect(found).toEqual(["a/_sip._tcp 5060 @10.0.1.1 10.0.0.1 in Oslo Bergen"]);
  });

  it("have the source location of the service", async () => {
    const [, second] = (await siteOf("domains: [{ name: a, services: [sip, sips] }]")).domainServices.items;
    expect(second?.sourceRef.path).toEqual(["domains", 0, "services", 1]);
  });
});
