import { describe, expect, it } from "vitest";
import type { Site } from "../../../src/site/site.ts";
import { siteOf } from "../../support/documents.ts";

const lists = (site: Site, protocol: "dns" | "ntp") => ({
  lists: site
    .serverLists(protocol)
    .items.map(
      ({ name, servers, users }) =>
        `${name}: ${servers.items.map((server) => server.name).join(" ")} <- ${users.join(" ")}`,
    ),
  missing: site.serverLists(protocol).missing.map(({ what }) => what),
});

const GENERAL = "dns_servers: [10.0.0.1]\nntp_servers: [ntp1.example]\n";
const locations = (...records: readonly string[]) => `system_locations: [${records.join(", ")}]\n`;
const nodes = (...sourceRefs: readonly string[]) =>
  `conferencing_nodes: [${sourceRefs.map((sourceRef, index) => `{ name: n${index}, hostname: h${index}, system_location: ${sourceRef} }`).join(", ")}]\n`;
const MANAGEMENT = "management_node: { name: m, hostname: m }\n";

describe("the list that a node uses", () => {
  it("is its own, else the deployment's", async () => {
    const site = await siteOf(
      GENERAL +
        locations("{ name: Oslo, dns_servers: [10.0.1.1] }", "{ name: Bergen, ntp_servers: [ntp2.example] }") +
        nodes("Oslo", "BERGEN.") +
        "management_node: { name: m, hostname: m, dns_servers: [10.0.2.1], ntp_servers: [ntp3.example] }",
    );
    expect(lists(site, "dns").lists).toEqual([
      "management_node/dns: 10.0.2.1 <- management_node",
      "location/Oslo/dns: 10.0.1.1 <- location/Oslo",
      "deployment/dns: 10.0.0.1 <- location/Bergen",
    ]);
    expect(lists(site, "ntp").lists).toEqual([
      "management_node/ntp: ntp3.example <- management_node",
      "deployment/ntp: ntp1.example <- location/Oslo",
      "location/Bergen/ntp: ntp2.example <- location/Bergen",
    ]);
  });

  it("is one object for all who use it", async () => {
    const site = await siteOf(
      GENERAL + locations("{ name: Oslo }", "{ name: Bergen }") + nodes("Oslo", "Bergen", "Oslo") + MANAGEMENT,
    );
    expect(lists(site, "ntp").lists).toEqual([
      "deployment/ntp: ntp1.example <- management_node location/Oslo location/Bergen",
    ]);
    expect(site.serverLists("ntp").items[0]).toBe(site.serverLists("ntp").items[0]);
  });

  it("is its own even if that is empty: it has none", async () => {
    const site = await siteOf(GENERAL + locations("{ name: Oslo, dns_servers: [] }") + nodes("Oslo"));
    expect(lists(site, "dns").lists).toEqual(["location/Oslo/dns:  <- location/Oslo"]);
  });

  it("is empty, with a gap, if no server is set: at an empty list, else where a common list belongs", async () => {
    const gapOf = async (deployment: string) => {
      const [list] = (await siteOf(deployment)).serverLists("dns").items;
      return { name: list?.name, items: list?.servers.items, gap: list?.servers.missing[0] };
    };
    const what = "no DNS server is declared where one is used; add dns_servers or use --system-resolver";
    expect(await gapOf(locations("{ name: Oslo, dns_servers: [] }") + nodes("Oslo"))).toMatchObject({
      name: "location/Oslo/dns",
      items: [],
      gap: { what, sourceRef: { path: ["system_locations", 0, "dns_servers"] } },
    });
    expect(await gapOf(locations("{ name: Oslo }") + nodes("Oslo"))).toMatchObject({
      name: "deployment/dns",
      items: [],
      gap: { what, sourceRef: { path: ["dns_servers"] } },
    });
  });

  it("is not in use when no node is in the location", async () => {
    const site = await siteOf(
      GENERAL + locations("{ name: Oslo }", "{ name: Empty, dns_servers: [10.9.9.9] }") + nodes("Oslo"),
    );
    expect(lists(site, "dns")).toEqual({ lists: ["deployment/dns: 10.0.0.1 <- location/Oslo"], missing: [] });
    expect(site.servers("dns").items.map(({ name }) => name)).toEqual(["10.0.0.1"]);
  });

  it("may be any while the location of a node is missing, or not declared", async () => {
    const homeless = await siteOf(GENERAL + "conferencing_nodes: [{ name: n, hostname: n }]\n" + MANAGEMENT);
    expect(lists(homeless, "dns")).toEqual({
      lists: ["deployment/dns: 10.0.0.1 <- management_node"],
      missing: ["conferencing_nodes.system_location is not in the deployment"],
    });
    const undeclared = await siteOf(GENERAL + locations("{ name: Oslo }") + nodes("Bergen"));
    expect(lists(undeclared, "ntp")).toEqual({
      lists: [],
      missing: ["system location Bergen is not declared in system_locations"],
    });
    expect((await siteOf(GENERAL)).servers("ntp").missing.map(({ what }) => what)).toEqual([
      "conferencing_nodes is not in the deployment",
    ]);
  });

  it("is that of a node's location, and of the management node", async () => {
    const site = await siteOf(
      GENERAL +
        locations("{ name: Oslo, dns_servers: [10.0.1.1] }") +
        nodes("Oslo") +
        "management_node: { name: m, hostname: m }",
    );
    const [first, manager] = site.nodes;
    expect(first?.dnsServers.items.map(({ name }) => name)).toEqual(["10.0.1.1"]);
    expect(manager?.dnsServers.items.map(({ name }) => name)).toEqual(["10.0.0.1"]);
    expect(site.managementDnsServers.items.map(({ name }) => name)).toEqual(["10.0.0.1"]);
  });
});

describe("a server", () => {
  const servers = async (protocol: "dns" | "ntp", ...written: readonly string[]) => {
    const site = await siteOf(`${protocol}_servers: ${JSON.stringify(written)}\n${MANAGEMENT}`);
    return site.servers(protocol).items;
  };
  const endpoints = async (protocol: "dns" | "ntp", ...written: readonly string[]) =>
    (await servers(protocol, ...written)).map((server) => {
      const endpoint = server.read("endpoint");
      return endpoint.known
        ? `${endpoint.value.host} ${endpoint.value.port}`
        : endpoint.missing.map(({ what }) => what);
    });

  it("has the protocol's port unless it names one", async () => {
    expect(await endpoints("dns", "10.0.0.1", "10.0.0.2:5353", "[2001:DB8::1]:5353", "2001:db8::0:2")).toEqual([
      "10.0.0.1 53",
      "10.0.0.2 5353",
      "2001:db8::1 5353",
      "2001:db8::2 53",
    ]);
    expect(await endpoints("ntp", "NTP1.example.", "10.0.0.5:1123")).toEqual(["ntp1.example 123", "10.0.0.5 1123"]);
  });

  it("is called by its canonical address or name, and by its port when it is unusual", async () => {
    const names = (await servers("dns", "2001:DB8::0:1", "[2001:db8::2]:5353", "10.0.0.1:53", "10.0.0.2:54")).map(
      ({ name }) => name,
    );
    expect(names).toEqual(["2001:db8::1", "[2001:db8::2]:5353", "10.0.0.1", "10.0.0.2:54"]);
  });

  it("is one object in any notation and for all users", async () => {
    expect(await endpoints("ntp", "ntp1.example", "NTP1.example.", "ntp1.example:123")).toEqual(["ntp1.example 123"]);
    const site = await siteOf(
      "dns_servers: [10.0.0.1]\n" +
        locations("{ name: Oslo, dns_servers: ['10.0.0.1:53', 10.0.0.2] }") +
        nodes("Oslo") +
        MANAGEMENT,
    );
    expect(site.servers("dns").items.map(({ name }) => name)).toEqual(["10.0.0.1", "10.0.0.2"]);
    const [first, second] = site.serverLists("dns").items;
    expect(first?.servers.items[0]).toBe(second?.servers.items[0]);
    expect(second?.written).toEqual(["10.0.0.1:53", "10.0.0.2"]);
  });

  it("is a gap when its text is neither address nor name", async () => {
    expect(await endpoints("ntp", "https://ntp1.example", "10.0.0.256", "a b", "")).toEqual(
      ["https://ntp1.example", "10.0.0.256", "a b", ""].map((text) => [
        `${JSON.stringify(text)} is neither an address nor a host name`,
      ]),
    );
  });

  it("is a gap when it is a DNS server that only has a name", async () => {
    expect(await endpoints("dns", "dns1.example")).toEqual([
      ['DNS server "dns1.example" is not an IP address, so it cannot be queried'],
    ]);
  });

  it("is located at its first mention", async () => {
    const [server] = await servers("ntp", "ntp1.example", "NTP1.EXAMPLE");
    expect(server?.sourceRef.path).toEqual(["ntp_servers", 0]);
    expect(server?.read("written")).toEqual({ known: true, value: "ntp1.example" });
  });
});

describe("the servers that resolve an NTP server's name", () => {
  it("are the DNS servers of everyone who uses it, each once", async () => {
    const site = await siteOf(
      GENERAL +
        locations(
          "{ name: Oslo, dns_servers: [10.0.1.1, 10.0.0.1] }",
          "{ name: Bergen, dns_servers: [10.0.3.1], ntp_servers: [other.example] }",
        ) +
        nodes("Oslo", "Bergen") +
        MANAGEMENT,
    );
    const resolvers = site
      .servers("ntp")
      .items.map(({ name, resolvers: found }) => `${name}: ${found.items.map((server) => server.name).join(" ")}`);
    expect(resolvers).toEqual(["ntp1.example: 10.0.0.1 10.0.1.1", "other.example: 10.0.3.1"]);
  });

  it("are a gap if a user has none", async () => {
    const site = await siteOf("ntp_servers: [ntp1.example]\n" + MANAGEMENT);
    expect(site.servers("ntp").items[0]?.resolvers.missing.map(({ what }) => what)).toEqual([
      "no DNS server is declared where one is used; add dns_servers or use --system-resolver",
    ]);
  });
});
