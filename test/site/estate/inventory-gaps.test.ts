import { describe, expect, it } from "vitest";
import type { Estate } from "../../../src/site/estate/estate.ts";
import type { NamedKind } from "../../../src/site/estate/inventory-names.ts";
import type { Missing } from "../../../src/site/core/missing.ts";
import { siteOf } from "../../support/documents.ts";

const estateOf = async (...inventories: readonly string[]): Promise<Estate> =>
  (await siteOf("{}", ...inventories)).estate;
const hostsOf = async (...inventories: readonly string[]) => (await estateOf(...inventories)).hosts.items;
/** Gaps in words, each with the path that it points to. */
const gapsOf = (missing: readonly Missing[]) =>
  missing.map(({ what, sourceRef }) => `${what} @ ${sourceRef?.path.join(".") ?? "nowhere"}`);
const whatOf = (missing: readonly Missing[]) => missing.map(({ what }) => what);

async function why(field: "cluster" | "clock_offset_ms" | "build", inventory: string): Promise<string | undefined> {
  const found = (await hostsOf(inventory))[0]?.read(field);
  return found?.known === false ? found.missing[0]?.what : undefined;
}

describe("how to supply a missing value", () => {
  const NOT_EXPORTED = '"RVTools does not export it"';
  const host = (source: string, reason = "") =>
    `source: { kind: ${source} }\n${reason === "" ? "" : `coverage: { hosts.build: ${reason} }\n`}hosts: [{ name: a }]`;

  it.each<readonly [string, Parameters<typeof why>, string]>([
    [
      "a host without a cluster",
      ["cluster", "hosts: [{ name: a }]"],
      "hosts.cluster is not in the inventory; write cluster: null for a host without a cluster",
    ],
    [
      "a host without a cluster, with a reason",
      ["cluster", "coverage: { hosts.cluster: x }\nhosts: [{ name: a }]"],
      "hosts.cluster is not in the inventory (x); write cluster: null for a host without a cluster",
    ],
    [
      "a clock",
      ["clock_offset_ms", "hosts: [{ name: a }]"],
      "hosts.clock_offset_ms is not in the inventory; preflight inventory pull reads the host's time; or set clock_offset_ms",
    ],
    [
      "a clock, with a reason",
      ["clock_offset_ms", "coverage: { hosts.clock_offset_ms: x }\nhosts: [{ name: a }]"],
      "hosts.clock_offset_ms is not in the inventory (x)",
    ],
    [
      "what RVTools never exports",
      ["build", host("rvtools", NOT_EXPORTED)],
      "hosts.build is not in the inventory (RVTools does not export it; preflight inventory pull supplies it)",
    ],
    [
      "what this RVTools file does not have",
      ["build", host("rvtools", "no column Build")],
      "hosts.build is not in the inventory (no column Build)",
    ],
    [
      "what RVTools does not export, said by another source",
      ["build", host("manual", NOT_EXPORTED)],
      "hosts.build is not in the inventory (RVTools does not export it)",
    ],
    [
      "what another govc command prints",
      ["build", host("govc", '"the govc output has no hosts"')],
      "hosts.build is not in the inventory (the govc output has no hosts; preflight inventory import --help shows the govc command)",
    ],
    [
      "the time, which govc prints with another command",
      ["build", host("govc", '"hosts have no time property; govc host.date.info prints the time"')],
      "hosts.build is not in the inventory (hosts have no time property; govc host.date.info prints the time; preflight inventory import --help shows the govc command)",
    ],
    [
      "what govc does not read for another reason",
      ["build", host("govc", '"not in the govc output "')],
      "hosts.build is not in the inventory (not in the govc output )",
    ],
    [
      "what another source says of govc",
      ["build", host("manual", '"the govc output has no hosts"')],
      "hosts.build is not in the inventory (the govc output has no hosts)",
    ],
  ])("%s", async (_, [field, inventory], what) => {
    expect(await why(field, inventory)).toBe(what);
  });

  it("is the reason of the first file that has one, of those that describe the object", async () => {
    const [host0] = await hostsOf(
      "hosts: [{ name: a }]",
      "coverage: { clusters: x }\nhosts: [{ name: a }]",
      "coverage: { hosts.build: y }\nhosts: [{ name: a }]",
    );
    const build = host0?.read("build");
    expect(build?.known === false && gapsOf(build.missing)).toEqual([
      "hosts.build is not in the inventory (y) @ hosts.0.build",
    ]);
  });
});

describe("a value that no export of the source can have", () => {
  const RVTOOLS = 'source: { kind: rvtools }\ncoverage: { hosts.edition: "RVTools does not export it" }\n';
  const HOST = "hosts: [{ name: a }]";

  it.each<readonly [string, readonly string[], boolean]>([
    ["RVTools, which never has it", [RVTOOLS + HOST], true],
    ["RVTools, without a column", [RVTOOLS.replace("RVTools does not export it", "no column") + HOST], false],
    ["RVTools, without a reason", [`source: { kind: rvtools }\n${HOST}`], false],
    ["another source with the same words", [RVTOOLS.replace("kind: rvtools", "kind: govc") + HOST], false],
    ["two RVTools files", [RVTOOLS + HOST, RVTOOLS + HOST], true],
    ["RVTools and a file that may have it", [RVTOOLS + HOST, HOST], false],
  ])("%s", async (_, inventories, expected) => {
    const { gaps, hosts } = await estateOf(...inventories);
    const [host] = hosts.items;
    expect(host && gaps.isNeverExported("hosts", host, "edition")).toBe(expected);
    expect(host && gaps.isNeverExported("hosts", host, "build")).toBe(false);
  });

  it("is not known of an object that is in no inventory", async () => {
    const { estate, relations } = await siteOf(
      "conferencing_nodes: [{ name: n, hostname: n, vm: { host: b } }]",
      RVTOOLS + HOST,
    );
    const [host] = relations.hostsInUse.items;
    expect(host && [host.name, estate.gaps.isNeverExported("hosts", host, "edition")]).toEqual(["b", false]);
  });
});

describe("a list that may have more entries", () => {
  it("is reported at the key that says so, for hosts with their name", async () => {
    const { hosts, clusters, unlistedMachines } = await estateOf(`
coverage: { hosts: no permission, virtual_machines: cut off }
incomplete: { clusters: folder B, "hosts[ESX01.].virtual_machines": HTTP 500 }
hosts: [{ name: esx01 }]
clusters: []
virtual_machines: []
`);
    expect(gapsOf(hosts.missing)).toEqual(["the list hosts is incomplete (no permission) @ coverage.hosts"]);
    expect(gapsOf(clusters.missing)).toEqual(["the list clusters is incomplete (folder B) @ incomplete.clusters"]);
    expect(gapsOf(unlistedMachines)).toEqual([
      "the list virtual_machines is incomplete (cut off) @ coverage.virtual_machines",
      "the VMs of host ESX01. are not all in the inventory (HTTP 500) @ incomplete.hosts[ESX01.].virtual_machines",
    ]);
  });

  it("of the VMs of one host, applies to this host", async () => {
    const estate = await estateOf(`
incomplete: { "hosts[esx01].virtual_machines": HTTP 500 }
hosts: [{ name: ESX01 }, { name: esx02 }]
virtual_machines: []
`);
    expect(estate.hosts.items.map((host) => whatOf(estate.missingMachinesOf(host)))).toEqual([
      ["the VMs of host esx01 are not all in the inventory (HTTP 500)"],
      [],
    ]);
  });

  it("does not make a host standalone that names no cluster", async () => {
    const cluster = async (...inventories: readonly string[]) => {
      const found = (await hostsOf(...inventories))[0]?.read("inCluster");
      return found?.known === true ? found.value : (found?.missing[0]?.what ?? "no host");
    };
    const HOST = "hosts: [{ name: a }]\n";
    const GAP = expect.stringContaining("hosts.cluster is not in the inventory") as string;
    expect(await cluster(`${HOST}clusters: []`)).toBeNull();
    expect(await cluster(`${HOST}clusters: []\nincomplete: { clusters: cut off }`)).toEqual(GAP);
    expect(await cluster(`${HOST}clusters: []\nincomplete: { hosts: cut off }`)).toBeNull();
    expect(await cluster(`${HOST}clusters: [{ name: c }]`)).toEqual(GAP);
    expect(await cluster(`${HOST}clusters: []`, HOST)).toEqual(GAP);
    expect(await cluster(`${HOST}clusters: []`, `${HOST}clusters: []`)).toBeNull();
    expect(await cluster(`${HOST}vcenter: { api_type: HostAgent }`)).toBeNull();
    expect(await cluster(`${HOST}vcenter: { api_type: VirtualCenter }`)).toEqual(GAP);
    expect(await cluster("hosts: [{ name: a, managed_by_vcenter: false }]")).toBeNull();
    expect(await cluster("hosts: [{ name: a, managed_by_vcenter: true }]")).toEqual(GAP);
  });
});

const ALL = `
datacenters: [{ name: Oslo }]
clusters: [{ name: Core }]
hosts: [{ name: esx01, port_groups: [{ name: Video }] }, { name: esx02, port_groups: [] }]
resource_pools: [{ name: Media, path: /Oslo/host/Core/Resources/Media }]
datastores: [{ name: ds1, datastore_cluster: Pod }, { name: ds2, datastore_cluster: null }]
distributed_switches: [{ name: dvs }]
distributed_port_groups: [{ name: Voice }]
nsx_segments: [{ name: Overlay }]
virtual_machines: [{ name: other, nics: [{ label: n1 }, { network: Hidden }] }, { name: later, nics: [{ network: hidden. }] }]
`;

describe("a name that the inventory does not have", () => {
  it.each<readonly [string, string, string]>([
    ["host", "esx01.lab", "; did you mean esx01?"],
    ["cluster", "core.lab", "; did you mean Core?"],
    ["datastore", "ds1.lab", "; did you mean ds1?"],
    ["resource pool", "media.lab", "; did you mean Media?"],
    ["distributed-switch", "dvs.lab", "; did you mean dvs?"],
    ["network", "voice.lab", "; did you mean Voice?"],
    ["network", "video.lab", "; did you mean Video?"],
    ["network", "esx01.lab", ""],
    ["cluster", "voice.lab", ""],
    ["virtual-switch", "esx01.lab", ""],
    ["host", "ESX01.", ""],
  ])("suggests a similar one of the same kind: %s %s", async (kind, name, hint) => {
    const { gaps } = await estateOf(ALL);
    const namedAt = (await hostsOf(ALL))[0]?.sourceRef;
    if (namedAt === undefined) throw new Error("a host");
    expect(gaps.object(kind, name, namedAt)).toEqual({
      what: `${kind.replace("-", " ")} ${name} is not in the inventory${hint}`,
      sourceRef: namedAt,
    });
  });
});

describe("the names of an inventory", () => {
  it.each<readonly [NamedKind, string]>([
    ["datacenter", "OSLO"],
    ["cluster", "core."],
    ["host", "ESX01"],
    ["resource pool", "media"],
    ["resource pool", "/oslo/host/core/resources/media"],
    ["datastore", "DS1"],
    ["datastore", "pod"],
    ["network", "video"],
    ["network", "VOICE"],
    ["network", "overlay"],
  ])("contain a %s in any case: %s", async (kind, name) => {
    expect((await estateOf(ALL)).names.called(kind, name)).toEqual({ items: [name], missing: [] });
  });

  it.each<readonly [NamedKind, string]>([
    ["datacenter", "Core"],
    ["cluster", "Oslo"],
    ["host", "Overlay"],
    ["resource pool", "Core"],
    ["datastore", "null"],
    ["network", "other"],
    ["cluster", "Hidden"],
  ])("do not contain another %s: %s", async (kind, name) => {
    expect((await estateOf(ALL)).names.called(kind, name)).toEqual({ items: [], missing: [] });
  });

  it("may lack a network that a VM uses, which is a gap at the first of them", async () => {
    const { names } = await estateOf(ALL);
    const { items, missing } = names.called("network", "HIDDEN");
    expect([items, gapsOf(missing)]).toEqual([
      [],
      [
        "no port group is named HIDDEN, but VM other uses a network of that name, such as an NSX segment @ virtual_machines.0.nics.1.network",
      ],
    ]);
    expect(names.networkInUse("video")).toBeNull();
    expect(names.networkInUse("nothing")).toBeNull();
    expect(names.networkInUse("OVERLAY")).toEqual({
      what: "network OVERLAY is an NSX segment, and vSphere does not show which hosts have it",
      sourceRef: null,
    });
  });

  it.each<readonly [NamedKind, string, readonly string[]]>([
    ["datacenter", "datacenters", ["the list datacenters is not in the inventory"]],
    ["cluster", "clusters", ["the list clusters is not in the inventory"]],
    ["host", "hosts", ["the list hosts is not in the inventory"]],
    ["resource pool", "resource_pools", ["the list resource_pools is not in the inventory"]],
    ["datastore", "datastores", ["the list datastores is not in the inventory"]],
    ["network", "hosts", ["the list hosts is not in the inventory"]],
    ["network", "distributed_port_groups", ["the list distributed_port_groups is not in the inventory"]],
  ])("may be missing where the inventory lacks a list: %s without %s", async (kind, list, missing) => {
    const without = ALL.split("\n").filter((line) => !line.startsWith(`${list}:`));
    const { names } = await estateOf(without.join("\n"));
    expect(whatOf(names.called(kind, "nothing").missing)).toEqual(missing);
  });

  it("may be missing where an entry lacks its name or its list", async () => {
    const { names } = await estateOf(ALL.replace("{ name: Oslo }", "{}").replace(", port_groups: []", ""));
    expect(gapsOf(names.called("datacenter", "Oslo").missing)).toEqual([
      "datacenters.name is not in the inventory @ datacenters.0.name",
    ]);
    expect(gapsOf(names.called("network", "nothing").missing)).toEqual([
      "hosts.port_groups is not in the inventory @ hosts.1.port_groups",
    ]);
  });

  it("have one resource pool for each path and each entry without one", async () => {
    const pools = (...inventories: readonly string[]) =>
      estateOf(...inventories.map((list) => `resource_pools: [${list}]`)).then(({ names }) =>
        names
          .pools("media")
          .map(({ name, sourceRef }) => `${name} ${sourceRef.document.path}/${sourceRef.path.join("/")}`),
      );
    expect(await pools("{ name: Media, path: /a }, { name: media, path: /A }, { name: Media, path: /b }")).toEqual([
      "Media inventory.yaml/resource_pools/0",
      "Media inventory.yaml/resource_pools/2",
    ]);
    expect(await pools("{ name: Media }, { name: Media }")).toHaveLength(2);
    expect(await pools("{ name: Media, path: /a }", "{ name: Media, path: /a }")).toEqual([
      "Media inventory.yaml/resource_pools/0",
      "Media inventory2.yaml/resource_pools/0",
    ]);
    expect(await pools("{ name: other }")).toEqual([]);
  });
});
