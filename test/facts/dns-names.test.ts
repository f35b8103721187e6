import { describe, expect, it } from "vitest";
import { deploymentSchema } from "../../src/schema/deployment.schema.ts";
import { SRV_SERVICES } from "../../src/facts/dns-names.ts";

describe("SRV services", () => {
  it("are the records of Pexip Infinity's DNS documentation", () => {
    const rows = Object.entries(SRV_SERVICES).flatMap(([name, records]) =>
      records.map(({ owner, port }) => `${name} ${owner} ${port}`),
    );
    expect(rows).toEqual([
      "sip _sip._tcp 5060",
      "sips _sips._tcp 5061",
      "h323 _h323cs._tcp 1720",
      "h323 _h323ls._udp 1719",
      "h323_registration _h323rs._udp 1719",
      "pexapp _pexapp._tcp 443",
      "sip_federation _sipfederationtls._tcp 5061",
    ]);
  });

  it("have every service that a deployment can name, and no other", () => {
    const domain = deploymentSchema.properties?.["domains"]?.items;
    expect(domain?.properties?.["services"]?.items?.enum).toEqual(Object.keys(SRV_SERVICES));
  });

  it("have each owner name once", () => {
    const owners = Object.values(SRV_SERVICES).flatMap((records) => records.map(({ owner }): string => owner));
    expect(new Set(owners).size).toBe(owners.length);
  });
});
