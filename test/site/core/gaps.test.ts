import { describe, expect, it } from "vitest";
import type { Field } from "../../../src/site/core/site-object.ts";
import { siteOf } from "../../support/documents.ts";

const sentence = (field: Field<unknown> | undefined): string | undefined =>
  field?.known === false ? field.missing.map(({ what }) => what).join("; ") : undefined;

/** A gap as data: its words are made when they are read. */
const gapOf = (field: Field<unknown> | undefined) =>
  field?.known === false ? { known: field.known, missing: field.missing } : field;

const HOST = "hosts: [{ name: ESXi03.example.com }]\n";
const hostOf = async (...inventories: readonly string[]) => {
  const [host] = (await siteOf("{}", ...inventories)).estate.hosts.items;
  if (host === undefined) throw new Error("a host");
  return host;
};

describe("a gap in words", () => {
  it("names the field by its path in the format, at the location where the value belongs", async () => {
    const host = await hostOf(HOST);
    expect(gapOf(host.read("lockdown_mode"))).toEqual({
      known: false,
      missing: [
        {
          what: "hosts.lockdown_mode is not in the inventory",
          sourceRef: {
            document: expect.objectContaining({ path: "inventory.yaml" }) as object,
            path: ["hosts", 0, "lockdown_mode"],
          },
        },
      ],
    });
    const nested = host.features.read("avx");
    expect(sentence(nested)).toBe("hosts.cpu.features.avx is not in the inventory");
    expect(!nested.known && nested.missing[0]?.sourceRef?.path).toEqual(["hosts", 0, "cpu", "features", "avx"]);
  });

  it("is the same for every object without the field", async () => {
    const site = await siteOf("{}", "hosts: [{ name: a }, { name: b }]");
    expect(new Set(site.estate.hosts.items.map((host) => sentence(host.read("build")))).size).toBe(1);
  });

  it("of the deployment names its field too", async () => {
    const site = await siteOf(
      "management_node: { name: m, hostname: m, vm: {} }\nconferencing_nodes: [{ name: n, hostname: n }]",
    );
    const [manager, node] = site.nodes;
    expect(
      [manager?.read("address"), manager?.plan.read("host"), node?.plan.read("host"), node?.read("fqdn")].map(sentence),
    ).toEqual([
      "management_node.address is not in the deployment",
      "management_node.vm.host is not in the deployment",
      "conferencing_nodes.vm.host is not in the deployment",
      "conferencing_nodes.domain is not in the deployment",
    ]);
  });

  it("without an inventory is one sentence for all, without a source location", async () => {
    const site = await siteOf(
      "conferencing_nodes: [{ name: n, hostname: n, vm: { host: x, cluster: c, network: net } }]",
    );
    const [node] = site.nodes;
    const [host] = site.relations.hostsInUse.items;
    const [cluster] = site.relations.clustersInUse.items;
    const [portGroup] = site.relations.networksInUse.portGroups.items;
    const gaps = [
      node?.read("virtualMachine"),
      host?.read("version"),
      host?.cpu.read("cores"),
      host?.read("avx2"),
      host?.read("esxi"),
      cluster?.read("evc_mode"),
      portGroup?.read("standard"),
      portGroup?.read("distributed"),
    ];
    for (const gap of gaps) {
      expect(gapOf(gap)).toEqual({
        known: false,
        missing: [{ what: "no inventory given; add --inventory FILE", sourceRef: null }],
      });
    }
  });

  it("of an object that is in no inventory names the object, where it is named", async () => {
    const site = await siteOf("conferencing_nodes: [{ name: n, hostname: n, vm: { host: x } }]", "hosts: []");
    const field = site.relations.hostsInUse.items[0]?.read("version");
    expect(field?.known === false && field.missing[0]).toMatchObject({
      what: "host x is not in the inventory",
      sourceRef: { path: ["conferencing_nodes", 0, "vm", "host"] },
    });
  });
});

describe("the inventory's own reason for a gap", () => {
  const why = async (coverage: string) =>
    sentence((await hostOf(`coverage: { ${coverage} }\n${HOST}`)).features.read("avx2"));
  const base = "hosts.cpu.features.avx2 is not in the inventory";

  it.each([
    ["the field", "hosts.cpu.features.avx2: not exported", "not exported"],
    ["the field in other case", "HOSTS.CPU.Features.AVX2: not exported", "not exported"],
    ["what holds the field", "hosts.cpu: no CPU data", "no CPU data"],
    ["the whole list", "hosts: hosts were not read", "hosts were not read"],
    ["the object", "'hosts[esxi03.example.com]': not reachable", "not reachable"],
    ["a field of the object", "'hosts[ESXI03.example.com.].cpu': no licence", "no licence"],
  ])("may speak of %s", async (_, coverage, reason) => {
    expect(await why(coverage)).toBe(`${base} (${reason})`);
  });

  it.each([
    ["another field", "hosts.cpu.features.avx: x"],
    ["another object", "'hosts[esxi04.example.com]': x"],
    ["another list", "clusters: x"],
    ["a longer path", "hosts.cpu.features.avx2.more: x"],
    ["a name that only begins alike", "hosts.cpu.feature: x"],
  ])("may speak of %s, and then says nothing here", async (_, coverage) => {
    expect(await why(coverage)).toBe(base);
  });

  it("is the most precise one, in any order", async () => {
    const reasons = ["hosts: a", "hosts.cpu: b", "'hosts[esxi03.example.com].cpu': c"];
    expect(await why(reasons.join(", "))).toBe(`${base} (c)`);
    expect(await why(reasons.toReversed().join(", "))).toBe(`${base} (c)`);
    expect(await why(reasons.slice(0, 2).join(", "))).toBe(`${base} (b)`);
  });

  it("describes a list that is missing as a whole", async () => {
    const site = await siteOf(
      "conferencing_nodes: [{ name: n, hostname: n }]",
      "coverage: { virtual_machines: no right to read }",
    );
    expect(sentence(site.nodes[0]?.read("virtualMachine"))).toBe(
      "the list virtual_machines is not in the inventory (no right to read)",
    );
  });

  it("of one file does not apply to objects that only another file contains", async () => {
    const first = "coverage: { hosts.build: RVTools does not export it }\nhosts: [{ name: a }]";
    const site = await siteOf("{}", first, "hosts: [{ name: b }]");
    expect(site.estate.hosts.items.map((host) => sentence(host.read("build")))).toEqual([
      "hosts.build is not in the inventory (RVTools does not export it)",
      "hosts.build is not in the inventory",
    ]);
  });
});
