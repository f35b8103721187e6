import { describe, expect, it } from "vitest";
import { uniqueNames } from "../../../src/site/core/names.ts";
import type { Field } from "../../../src/site/core/site-object.ts";
import { siteOf } from "../../support/documents.ts";

/** The value of a field that the object may or may not have. */
function value(object: { readonly read: (field: never) => Field<unknown> } | undefined, field: string): unknown {
  const found = object?.read(field as never);
  return found?.known === true ? found.value : undefined;
}

describe("the nodes of a site", () => {
  it("are in the order of the file", async () => {
    const management = "management_node: { name: m, hostname: m }\n";
    const conferencing = "conferencing_nodes: [{ name: b, hostname: b }, { name: a, hostname: a }]\n";
    const names = async (text: string) => (await siteOf(text)).nodes.map(({ name, role }) => `${role} ${name}`);
    expect(await names(management + conferencing)).toEqual(["management m", "conferencing b", "conferencing a"]);
    expect(await names(conferencing + management)).toEqual(["conferencing b", "conferencing a", "management m"]);
    expect(await names(management)).toEqual(["management m"]);
    expect(await names(conferencing)).toEqual(["conferencing b", "conferencing a"]);
  });

  it("have their names, and unique ones if they share a name", async () => {
    const site = await siteOf(
      "conferencing_nodes: [{ name: a, hostname: x }, { name: A., hostname: y }, { name: a, hostname: z }]\nmanagement_node: { name: a, hostname: m }",
    );
    expect(site.nodes.map(({ name }) => name)).toEqual(["a", "A.#2", "a#3", "a#4"]);
  });

  it("have the product's defaults for absent keys", async () => {
    const site = await siteOf(`
management_node: { name: m, hostname: m }
conferencing_nodes: [{ name: n, hostname: n }]
system_locations: [{ name: Oslo }]
vm_manager: { address: vc1 }
`);
    const [manager, node] = site.nodes;
    const [location] = site.locations;
    expect({
      ssh: [value(manager, "enable_ssh"), value(node, "enable_ssh")],
      type: value(node, "node_type"),
      deployment: value(node, "deployment_type"),
      database: value(node, "enable_distributed_database"),
      mtu: [value(manager, "mtu"), value(location, "mtu")],
      verify: value(site.vmManager ?? undefined, "verify_tls"),
      environment: site.environment,
    }).toEqual({
      ssh: ["GLOBAL", "GLOBAL"],
      type: "CONFERENCING",
      deployment: "MANUAL-PROVISION-ONLY",
      database: true,
      mtu: [1500, 1500],
      verify: true,
      environment: "production",
    });
    // No default: a value that must not be there, and what only a conferencing or the management node has.
    expect([
      value(node, "timezone"),
      value(manager, "node_type"),
      value(node, "mtu"),
      value(location, "network_mtu"),
    ]).toEqual(Array(4).fill(undefined));
  });

  it("have what is written before any default", async () => {
    const site = await siteOf(
      "conferencing_nodes: [{ name: n, hostname: n, node_type: PROXYING, enable_ssh: 'OFF', enable_distributed_database: false }]\nvm_manager: { verify_tls: false }",
    );
    const [node] = site.nodes;
    expect(["node_type", "enable_ssh", "enable_distributed_database"].map((field) => value(node, field))).toEqual([
      "PROXYING",
      "OFF",
      false,
    ]);
    expect(value(site.vmManager ?? undefined, "verify_tls")).toBe(false);
  });

  it("have an FQDN of hostname and domain, lower case", async () => {
    const site = await siteOf("conferencing_nodes: [{ name: n, hostname: Conf01, domain: VC.Example.com. }]");
    expect(value(site.nodes[0], "fqdn")).toBe("conf01.vc.example.com");
  });

  it("are found by hostname label, ignoring case and the domain", async () => {
    const site = await siteOf(
      "conferencing_nodes: [{ name: a, hostname: CONF }, { name: b, hostname: conf.example }, { name: c, hostname: x }]",
    );
    expect(site.nodeNames.withHostname("Conf.other").map(({ name }) => name)).toEqual(["a", "b"]);
    expect(site.nodeNames.withHostname("nobody")).toEqual([]);
  });

  it("have no SIP TLS FQDN if it is blank, with its source location", async () => {
    const site = await siteOf('conferencing_nodes: [{ name: a, hostname: a, alternative_fqdn: " " }]');
    const path = ["conferencing_nodes", 0, "alternative_fqdn"];
    expect(site.nodes[0]?.read("alternative_fqdn")).toMatchObject({ known: false, missing: [{ sourceRef: { path } }] });
  });

  it("have a location by its name, ignoring case; a gap if it is not declared", async () => {
    const site = await siteOf(
      "system_locations: [{ name: Oslo }]\nconferencing_nodes: [{ name: a, hostname: a, system_location: OSLO. }, { name: b, hostname: b, system_location: Molde }]",
    );
    expect(value(site.nodes[0], "inLocation")).toBe(site.locations[0]);
    expect(site.nodes[1]?.read("inLocation")).toMatchObject({
      missing: [
        {
          what: "system location Molde is not declared in system_locations",
          sourceRef: { path: ["conferencing_nodes", 1, "system_location"] },
          isUnusable: true,
        },
      ],
    });
  });
});

describe("lists of the deployment", () => {
  it("are unknown if the key is missing, and known to be empty if the list is", async () => {
    const unknown = await siteOf("{}");
    const empty = await siteOf("conferencing_nodes: []\nsystem_locations: []\ndomains: []");
    const gaps = (site: typeof unknown) =>
      [
        site.nodeList,
        site.conferencingNodeList,
        site.locationList,
        site.relations.hostsInUse,
        site.relations.clustersInUse,
        site.relations.networksInUse.portGroups,
        site.domainServices,
        site.servers("ntp"),
        site.relations.hostsOf(site.automaticNodes),
      ].map(({ missing }) => missing.length > 0);
    expect(gaps(unknown)).toEqual(Array(9).fill(true));
    expect(gaps(empty)).toEqual(Array(9).fill(false));
  });

  it("of nodes that are deployed automatically take an absent deployment_type for what it means", async () => {
    const site = await siteOf(
      "conferencing_nodes: [{ name: a, hostname: a, deployment_type: AUTOMATIC, vm: { host: x } }, { name: b, hostname: b, vm: { host: y } }]",
      "hosts: [{ name: x, cluster: null }, { name: y, cluster: null }]\nvirtual_machines: []",
    );
    expect(site.relations.hostsOf(site.automaticNodes)).toMatchObject({ items: [{ name: "x" }], missing: [] });
  });
});

describe("the VM manager", () => {
  const endpoint = async (manager: string) => {
    const field = (await siteOf(`vm_manager: ${manager}`)).vmManager?.read("endpoint");
    return field?.known === true ? `${field.value.host} ${field.value.port}` : field?.missing.map(({ what }) => what);
  };

  it("is reached on port 443 unless it names another", async () => {
    expect(await endpoint("{ address: VC1.example. }")).toBe("vc1.example 443");
    expect(await endpoint("{ address: '10.0.0.1:8443' }")).toBe("10.0.0.1 8443");
    expect(await endpoint("{ address: '[2001:db8::1]:8443' }")).toBe("2001:db8::1 8443");
  });

  it("is a gap without an address, and with one that is none", async () => {
    expect(await endpoint("{}")).toEqual(["vm_manager.address is not in the deployment"]);
    expect(await endpoint("{ address: 'https://vc1/sdk' }")).toEqual([
      'vm_manager.address "https://vc1/sdk" is neither an address nor a host name',
    ]);
  });
});

describe("uniqueNames", () => {
  const unique = (items: readonly (readonly [string, string?])[]) => [
    ...uniqueNames(
      items,
      ([name]) => name,
      ([, scope]) => scope,
    ).values(),
  ];

  it("does not change unique names, even with a qualifier", () => {
    expect(unique([["a", "Oslo"], ["b"]])).toEqual(["a", "b"]);
  });

  it("qualifies what several share, and numbers what is left", () => {
    expect(unique([["a", "Oslo"], ["A.", "Bergen"], ["a"], ["a", "oslo"], ["a"]])).toEqual([
      "Oslo/a",
      "Bergen/A.",
      "a",
      "oslo/a#2",
      "a#2",
    ]);
  });

  it("never gives a name twice, though something is called like a numbered one", () => {
    expect(unique([["a"], ["a"], ["a#2"], ["a"]])).toEqual(["a", "a#2", "a#2#2", "a#3"]);
    expect(unique([["a#2"], ["a"], ["a"]])).toEqual(["a#2", "a", "a#3"]);
  });
});
