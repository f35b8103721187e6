import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rules } from "../../../rules/index.generated.ts";
import { evaluate } from "../../../src/engine/evaluation/evaluate.ts";
import { Evidence } from "../../../src/engine/evaluation/evidence.ts";
import { defaultOptions, plan } from "../../../src/engine/evaluation/plan.ts";
import { Estate } from "../../../src/site/estate/estate.ts";
import type { Inventory } from "../../../src/schema/inventory.generated.ts";
import { listObjects } from "../../../src/site/estate/listed-objects.ts";
import { evaluatedChecks } from "../../support/evaluated-checks.ts";
import { documentOf, siteOf } from "../../support/documents.ts";

const inventories = (...texts: readonly string[]) =>
  Promise.all(texts.map((text, index) => documentOf<Inventory>("inventory", text, `${index + 1}.yaml`)));

/** Hosts as `name: source location of each description`. */
async function hosts(...texts: readonly string[]): Promise<readonly string[]> {
  return listObjects(await inventories(...texts), "hosts").map(
    ({ name, descriptions }) =>
      `${name}: ${descriptions.map(({ sourceRef }) => `${sourceRef.document.path}/${sourceRef.path.at(-1)}`).join(" ")}`,
  );
}

const from = (vcenter: string | null, ...objects: readonly string[]) =>
  `${vcenter === null ? "" : `vcenter: { address: ${vcenter} }\n`}hosts: [${objects.join(", ")}]`;
const X = "{ name: x }";
const OSLO = "{ name: X., datacenter: Oslo }";
const BERGEN = "{ name: x, datacenter: Bergen }";

describe("objects of several inventories", () => {
  it("merge by name, ignoring case and a final dot", async () => {
    expect(await hosts(from(null, X), from(null, "{ name: y }", "{ name: X. }"))).toEqual([
      "x: 1.yaml/0 2.yaml/1",
      "y: 2.yaml/0",
    ]);
  });

  it("merge by datacenter and vCenter too, if both have them", async () => {
    expect(await hosts(from(null, OSLO), from(null, BERGEN, "{ name: x, datacenter: OSLO }"))).toEqual([
      "Oslo/X.: 1.yaml/0 2.yaml/1",
      "Bergen/x: 2.yaml/0",
    ]);
    expect(await hosts(from("vc1", X), from("VC1.", X))).toEqual(["x: 1.yaml/0 2.yaml/0"]);
    expect(await hosts(from("vc1", X), from("vc2", X))).toEqual(["x: 1.yaml/0", "x#2: 2.yaml/0"]);
  });

  it("merge if an absent qualifier leaves one candidate", async () => {
    expect(await hosts(from(null, X), from("vc1", OSLO))).toEqual(["x: 1.yaml/0 2.yaml/0"]);
  });

  it("stay separate if an absent qualifier leaves two, in any order of the files", async () => {
    const both = from(null, OSLO, BERGEN);
    expect(await hosts(both, from(null, X))).toEqual(["Oslo/X.: 1.yaml/0", "Bergen/x: 1.yaml/1", "x: 2.yaml/0"]);
    expect(await hosts(from(null, X), both)).toEqual(["x: 1.yaml/0", "Oslo/X.: 2.yaml/0", "Bergen/x: 2.yaml/1"]);
    expect(await hosts(from(null, OSLO), from(null, X), from(null, BERGEN))).toEqual([
      "Oslo/X.: 1.yaml/0",
      "x: 2.yaml/0",
      "Bergen/x: 3.yaml/0",
    ]);
    expect(await hosts(from("vc1", X), from(null, X), from("vc2", X))).toEqual([
      "x: 1.yaml/0",
      "x#2: 2.yaml/0",
      "x#3: 3.yaml/0",
    ]);
  });

  it("merge with the only one that has more qualifiers, though another file may mean it or a third", async () => {
    const files = [from("vc1", OSLO), from(null, OSLO), from("vc2", BERGEN), from(null, X)];
    for (const order of [files, files.toReversed()]) {
      const pathsOf = (await hosts(...order)).map((host) => host.replace(/^.*: /, "").split(" ").length);
      expect(pathsOf.toSorted()).toEqual([1, 1, 2]);
    }
    expect(await hosts(...files)).toEqual(["Oslo/X.: 1.yaml/0 2.yaml/0", "Bergen/x: 3.yaml/0", "x: 4.yaml/0"]);
  });

  it("stay separate if one with as few qualifiers may be meant, which is another object for certain", async () => {
    const files = [from("vc1", OSLO), from(null, OSLO), from("vc2", X)];
    for (const order of [files, files.toReversed(), [files[1] ?? "", files[0] ?? "", files[2] ?? ""]]) {
      for (const host of await hosts(...order)) expect(host).not.toMatch(/\.yaml.*\.yaml/);
    }
    // Of the same vCenter, all three can only be one.
    const [first = "", second = ""] = files;
    expect(await hosts(first, second, from("vc1", X))).toEqual(["X.: 1.yaml/0 2.yaml/0 3.yaml/0"]);
  });

  it("never merge with two at once through one with few qualifiers", async () => {
    const files = [from(null, X), from(null, OSLO), from(null, BERGEN)];
    for (const order of [files, files.toReversed()]) {
      for (const host of await hosts(...order)) expect(host).not.toMatch(/\.yaml.*\.yaml/);
    }
  });

  it("of one file stay distinct, also beside a third in another file", async () => {
    expect(await hosts(from(null, X, X))).toEqual(["x: 1.yaml/0", "x#2: 1.yaml/1"]);
    expect(await hosts(from(null, X, X), from(null, X))).toEqual(["x: 1.yaml/0", "x#2: 1.yaml/1", "x#3: 2.yaml/0"]);
    expect(await hosts(from(null, X), from(null, X, X))).toEqual(["x: 1.yaml/0", "x#2: 2.yaml/0", "x#3: 2.yaml/1"]);
  });

  it("are the same sets in any order of the files", async () => {
    const object = fc.record(
      { name: fc.constantFrom("x", "y"), datacenter: fc.constantFrom("Oslo", "Bergen") },
      { requiredKeys: ["name"] },
    );
    const file = fc.record(
      { vcenter: fc.constantFrom({ address: "vc1" }, { address: "vc2" }), hosts: fc.array(object, { maxLength: 3 }) },
      { requiredKeys: ["hosts"] },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(file, { minLength: 2, maxLength: 4 }), async (files) => {
        const read = await inventories(...files.map((value) => JSON.stringify(value)));
        const sets = (order: typeof read) =>
          listObjects(order, "hosts")
            .map(({ descriptions }) =>
              descriptions
                .map(({ sourceRef }) => `${sourceRef.document.path}/${sourceRef.path.at(-1)}`)
                .sort()
                .join(" "),
            )
            .sort();
        expect(sets(read.toReversed())).toEqual(sets(read));
        // Every description is in one object, and no object has two of one file.
        const all = sets(read).join(" ").split(" ").filter(Boolean);
        expect(all.length).toBe(files.reduce((sum, { hosts: listed }) => sum + listed.length, 0));
        for (const set of sets(read)) {
          const documents = set.split(" ").map((entry) => entry.split("/")[0]);
          expect(new Set(documents).size).toBe(documents.length);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe("virtual machines of several inventories", () => {
  const machines = async (...texts: readonly string[]) =>
    listObjects(await inventories(...texts.map((list) => `virtual_machines: [${list}]`)), "virtual_machines").map(
      ({ name, descriptions }) => `${name}: ${descriptions.map(({ sourceRef }) => sourceRef.document.path).join(" ")}`,
    );

  it("merge by UUID if both have one, regardless of their names and its case", async () => {
    expect(await machines("{ name: before, uuid: 42-A }", "{ name: after, uuid: 42-a }")).toEqual([
      "before: 1.yaml 2.yaml",
    ]);
  });

  it("stay separate if their UUIDs differ, regardless of their names", async () => {
    expect(await machines("{ name: x, uuid: 42-a }", "{ name: x, uuid: 42-b }")).toEqual(["x: 1.yaml", "x#2: 2.yaml"]);
  });

  it("merge by name when one has no UUID", async () => {
    expect(await machines("{ name: x, uuid: 42-a }", "{ name: x }")).toEqual(["x: 1.yaml 2.yaml"]);
    expect(await machines("{ name: x }", "{ name: x, uuid: 42-a }, { name: x, uuid: 42-b }")).toEqual([
      "x: 1.yaml",
      "x#2: 2.yaml",
      "x#3: 2.yaml",
    ]);
  });

  it("of one file stay distinct though they share a UUID, as copies do", async () => {
    expect(await machines("{ name: x, uuid: 42-a }, { name: copy, uuid: 42-a }", "{ name: x, uuid: 42-a }")).toEqual([
      "x: 1.yaml 2.yaml",
      "copy: 1.yaml",
    ]);
  });
});

describe("a merged object", () => {
  const host = async (...texts: readonly string[]) => {
    const [found] = new Estate(await inventories(...texts)).hosts.items;
    if (found === undefined) throw new Error("a host");
    return found;
  };

  it("has the values that either file gives, field by field, also in nested records", async () => {
    const merged = await host(
      "hosts: [{ name: x, version: 6.7.0, cpu: { cores: 16 } }]",
      "hosts: [{ name: x, build: '17499825', cpu: { threads: 32 } }]",
    );
    const read = [merged.read("version"), merged.read("build"), merged.cpu.read("cores"), merged.cpu.read("threads")];
    expect(read.map((field) => field.known && field.value)).toEqual(["6.7.0", "17499825", 16, 32]);
    expect(merged.sourceRefOf("build")).toMatchObject({ document: { path: "2.yaml" }, path: ["hosts", 0, "build"] });
    expect(merged.cpu.sourceRefOf("threads").document.path).toBe("2.yaml");
  });

  it("has no value if two files differ: both are quoted with their files", async () => {
    const merged = await host("hosts: [{ name: x, memory_mb: 1024 }]", "hosts: [{ name: x, memory_mb: 2048 }]");
    expect(merged.read("memory_mb")).toMatchObject({
      known: false,
      missing: [
        {
          what: "host x has two values for memory_mb: 1024 in 1.yaml and 2048 in 2.yaml",
          sourceRef: { document: { path: "2.yaml" }, path: ["hosts", 0, "memory_mb"] },
        },
      ],
    });
  });

  it("has no value if the third file differs, or a nested one", async () => {
    const three = await host(...[1, 1, 2].map((memory) => `hosts: [{ name: x, memory_mb: ${memory} }]`));
    expect(three.read("memory_mb")).toMatchObject({
      missing: [{ what: "host x has two values for memory_mb: 1 in 1.yaml and 2 in 3.yaml" }],
    });
    const nested = await host(
      "hosts: [{ name: x, cpu: { evc_mode: null } }]",
      "hosts: [{ name: x, cpu: { evc_mode: a } }]",
    );
    expect(nested.cpu.read("evc_mode").known).toBe(false);
  });

  it("takes null for a value", async () => {
    const merged = await host("hosts: [{ name: x, cluster: null }]", "hosts: [{ name: x, cluster: A }]");
    expect(merged.read("cluster").known).toBe(false);
  });

  it("has a value if the files write one name, or one mapping, in two ways", async () => {
    const merged = await host(
      "hosts: [{ name: x, cluster: Core, options: { A: 1, B: 2 } }]",
      "hosts: [{ name: x, cluster: core., options: { B: 2, A: 1 } }]",
    );
    expect(merged.read("cluster")).toEqual({ known: true, value: "Core" });
    expect(merged.read("options")).toEqual({ known: true, value: { A: 1, B: 2 } });
  });

  it("distinguishes a text and a number, and lists in another order", async () => {
    const text = await host("hosts: [{ name: x, build: '1' }]", "hosts: [{ name: x, build: '2' }]");
    expect(text.read("build").known).toBe(false);
    const list = await host(
      "hosts: [{ name: x, ntp: { servers: [a, b] } }]",
      "hosts: [{ name: x, ntp: { servers: [b, a] } }]",
    );
    expect(list.ntp.read("servers").known).toBe(false);
  });

  it("quotes no more than the beginning of a long value", async () => {
    const groups = (last: string) =>
      `hosts: [{ name: x, port_groups: [${Array.from({ length: 500 }, (_, index) => `{ name: pg${index} }`).join(", ")}, { name: ${last} }] }]`;
    const field = (await host(groups("a"), groups("b"))).read("port_groups");
    expect(field.known ? "" : field.missing[0]?.what).toMatch(
      /^host x has two values for port_groups: \[.{10,100}… in 1.yaml and \[.{10,100}… in 2.yaml$/,
    );
  });

  it("points at the file that has the list when something inside it is missing", async () => {
    const merged = await host(
      "hosts: [{ name: x, version: 6.7.0 }]",
      "hosts: [{ name: y }, { name: x, physical_nics: [{ name: v }] }]",
    );
    const nics = merged.entries("physical_nics");
    const gap = nics.known ? nics.value[0]?.read("speed_mbps") : undefined;
    expect(gap?.known === false && gap.missing[0]).toMatchObject({
      what: "hosts.physical_nics.speed_mbps is not in the inventory",
      sourceRef: { document: { path: "2.yaml" }, path: ["hosts", 1, "physical_nics", 0, "speed_mbps"] },
    });
  });
});

describe("names in one inventory", () => {
  const file = (vcenter: string, mtu: number) => `
vcenter: { address: ${vcenter} }
clusters: [{ name: core, ha_enabled: true, ha_host_monitoring: true }]
hosts: [{ name: ${vcenter}-host, cluster: core }]
distributed_switches: [{ name: dvs, mtu: ${mtu}, hosts: [{ name: ${vcenter}-host }] }]
distributed_port_groups: [{ name: net, distributed_switch: dvs }]
virtual_machines: [{ name: ${vcenter}-vm, host: ${vcenter}-host, cluster: core }]
`;
  const nodes = (...names: readonly string[]) =>
    `conferencing_nodes: [${names.map((name) => `{ name: ${name}, hostname: ${name}, vm: { network: net } }`).join(", ")}]`;

  it("refer to the objects of its own vCenter, though another vCenter has the same names", async () => {
    const site = await siteOf(nodes("vc1-vm", "vc2-vm"), file("vc1", 1500), file("vc2", 9000));
    expect(site.nodes.map((node) => node.clusterHosts.hosts)).toMatchObject([
      { items: [{ name: "vc1-host" }], missing: [] },
      { items: [{ name: "vc2-host" }], missing: [] },
    ]);
    expect(
      site.relations.clustersInUse.items.map(({ name, sourceRef }) => `${name} ${sourceRef.document.path}`),
    ).toEqual(["core inventory.yaml", "core#2 inventory2.yaml"]);
  });

  it("mean the distributed switch of their own vCenter, and so do port groups", async () => {
    const site = await siteOf(nodes("vc1-vm", "vc2-vm"), file("vc1", 1500), file("vc2", 9000));
    const mtus = site.estate.hosts.items.map((host) => {
      const groups = site.estate.distributedPortGroupsOn(host, "net");
      const switches = groups.known ? groups.value.map((group) => group.read("onSwitch")) : [];
      return switches.map((found) => (found.known ? found.value.read("mtu") : found));
    });
    expect(mtus).toEqual([[{ known: true, value: 1500 }], [{ known: true, value: 9000 }]]);
  });

  it("mean the objects of their own file before those of another", async () => {
    const estate = (datacenter: string, host: string) => `
clusters: [{ name: core, datacenter: ${datacenter} }]
hosts: [{ name: ${host}, cluster: core }]`;
    const site = await siteOf("{}", estate("Oslo", "a"), estate("Bergen", "b"));
    const clusters = site.estate.hosts.items.map((found) => found.read("inCluster"));
    expect(clusters.map((cluster) => cluster.known && cluster.value?.name)).toEqual(["Oslo/core", "Bergen/core"]);
  });

  it("never mean an object of another vCenter", async () => {
    const site = await siteOf(
      "conferencing_nodes: [{ name: n, hostname: n }]",
      "vcenter: { address: vc1 }\nvirtual_machines: [{ name: n, host: esxi01, cluster: null }]",
      "vcenter: { address: vc2 }\nhosts: [{ name: esxi01, version: 6.7.0 }]\nvirtual_machines: []",
    );
    const [host] = site.relations.hostsInUse.items;
    expect(host?.name).toBe("vc1/esxi01");
    expect(host?.read("version").known).toBe(false);
  });

  it("mean the one object that there is when a file does not name its vCenter", async () => {
    const site = await siteOf(
      "conferencing_nodes: [{ name: n, hostname: n }]",
      "virtual_machines: [{ name: n, host: ESXi01, cluster: null }]",
      "vcenter: { address: vc2 }\nhosts: [{ name: esxi01, version: 6.7.0 }]",
    );
    expect(site.relations.hostsInUse.items.map(({ name }) => name)).toEqual(["esxi01"]);
  });
});

describe("one list of two files", () => {
  const RVTOOLS = `hosts:
  - name: x
    port_groups: [{ name: net, virtual_switch: vSwitch0, vlan: 10 }, { name: mgmt, vlan: 20 }]
    physical_nics: [{ name: vmnic0, speed_mbps: 1000 }]`;
  const GOVC = `hosts:
  - name: x
    port_groups: [{ name: mgmt, vlan: 21 }, { name: Net, teaming_policy: loadbalance_ip }]
    physical_nics: [{ name: vmnic0 }, { name: vmnic1 }]`;

  it("is merged entry by entry if both list the same ones, in any order", async () => {
    for (const files of [
      [RVTOOLS, GOVC],
      [GOVC, RVTOOLS],
    ]) {
      const estate = new Estate(await inventories(...files));
      const [host] = estate.hosts.items;
      if (host === undefined) throw new Error("a host");
      const net = estate.standardPortGroup(host, "net");
      const mgmt = estate.standardPortGroup(host, "mgmt");
      if (!net.known || !mgmt.known) throw new Error("both port groups");
      expect(net.value?.read("vlan")).toEqual({ known: true, value: 10 });
      expect(net.value?.read("teaming_policy")).toEqual({ known: true, value: "loadbalance_ip" });
      const gap = mgmt.value?.read("vlan");
      const said = gap?.known === false ? gap.missing[0]?.what : undefined;
      expect(said).toMatch(/^port-group x\/mgmt has two values for vlan: 2\d in 1.yaml and 2\d in 2.yaml$/);
      // Lists of different entries are two values.
      const nics = host.read("physical_nics");
      expect(nics.known ? "" : nics.missing[0]?.what).toMatch(/^host x has two values for physical_nics: /);
    }
  });
});

describe("an inventory that is split into two files", () => {
  const EXAMPLE = join(import.meta.dirname, "../../../fixtures/example/mistakes");
  const deployment = readFileSync(join(EXAMPLE, "deployment.yaml"), "utf8");
  const whole = JSON.parse(readFileSync(join(EXAMPLE, "inventory.json"), "utf8")) as Inventory;
  const OBJECTS = [
    "clusters",
    "hosts",
    "virtual_machines",
    "distributed_switches",
    "distributed_port_groups",
    "datastores",
  ];
  const KEYS = ["name", "datacenter", "uuid"];
  /** The server of an inventory is in both; each other key is in one, and so is each field of each object. */
  const split = (toFirst: (key: string) => boolean): readonly [string, string] => {
    const parts = [true, false].map((wanted) =>
      Object.fromEntries(
        Object.entries(whole).flatMap(([key, value]): [string, unknown][] => {
          if (key === "vcenter" || key === "source") return [[key, value]];
          if (!OBJECTS.includes(key)) return toFirst(key) === wanted ? [[key, value]] : [];
          const records = value as readonly Readonly<Record<string, unknown>>[];
          return [
            [
              key,
              records.map((record, index) =>
                Object.fromEntries(
                  Object.entries(record).filter(
                    ([field]) => KEYS.includes(field) || toFirst(`${key} ${index} ${field}`) === wanted,
                  ),
                ),
              ),
            ],
          ];
        }),
      ),
    );
    return [JSON.stringify(parts[0]), JSON.stringify(parts[1])];
  };
  const verdicts = async (...files: readonly string[]) => {
    const site = await siteOf(deployment, ...files);
    // How many files there are is what differs.
    const enabled = rules
      .filter(({ subject }) => subject !== "inventory")
      .map((rule) => ({
        rule,
        severity: null,
        options: defaultOptions(rule),
        skip: rule.live === true ? "x" : null,
      }));
    const evidence = new Evidence();
    const evaluated = await evaluate(plan(enabled, site), {
      site,
      now: 0,
      responder: () => Promise.resolve([]),
      evidence,
    });
    return evaluatedChecks(evaluated)
      .map(
        ({
          planned: {
            enabled: { rule },
            subject,
          },
          outcome,
        }) => `${rule.id} ${subject.kind} ${subject.name}: ${outcome?.verdict ?? ""}`,
      )
      .filter((line) => !line.includes(" file "))
      .sort();
  };

  it("is evaluated as the whole, in either order", async () => {
    const wanted = await verdicts(JSON.stringify(whole));
    await fc.assert(
      fc.asyncProperty(fc.func(fc.boolean()), async (toFirst) => {
        const [first, second] = split(toFirst);
        expect(await verdicts(first, second)).toEqual(wanted);
        expect(await verdicts(second, first)).toEqual(wanted);
      }),
      { numRuns: 6 },
    );
  });
});
