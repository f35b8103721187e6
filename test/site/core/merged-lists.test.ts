import { describe, expect, it } from "vitest";
import type { VirtualMachine } from "../../../src/site/estate/estate-objects.ts";
import { siteOf } from "../../support/documents.ts";

/** The VM `vm`, which each inventory describes with these fields. */
async function machine(...fields: readonly string[]): Promise<VirtualMachine> {
  const { estate } = await siteOf("{}", ...fields.map((each) => `virtual_machines:\n- { name: vm, ${each} }\n`));
  const [vm] = estate.virtualMachines.items;
  if (vm === undefined) throw new Error("a VM");
  return vm;
}

/** The names of the list's entries, or its gaps. */
function nicsOf(vm: VirtualMachine): readonly string[] {
  const found = vm.entries("nics");
  return found.known ? found.value.map(({ name }) => name) : found.missing.map(({ what }) => what);
}

async function nics(...lists: readonly string[]): Promise<readonly string[]> {
  return nicsOf(await machine(...lists.map((list) => `nics: [${list}]`)));
}

const nicNamed = (vm: VirtualMachine, name: string) => {
  const found = vm.entries("nics");
  return found.known ? found.value.find((nic) => nic.name === `vm/${name}`) : undefined;
};

describe("a list of records in several files", () => {
  const two = [
    "nics: [{ label: a, network: n }, { label: b, adapter: vmxnet3 }]",
    "nics: [{ label: B, network: m }, { label: a }]",
  ];

  it("has each entry once, in the order of the first file, whatever the order in others", async () => {
    const vm = await machine(...two);
    expect(nicsOf(vm)).toEqual(["vm/a", "vm/b"]);
    expect(vm.read("nics")).toEqual({
      known: true,
      value: [
        { label: "a", network: "n" },
        { label: "b", adapter: "vmxnet3", network: "m" },
      ],
    });
  });

  it("has in each entry the fields of all files, at their source locations", async () => {
    const b = nicNamed(await machine(...two), "b");
    expect([b?.read("network"), b?.read("adapter")]).toEqual([
      { known: true, value: "m" },
      { known: true, value: "vmxnet3" },
    ]);
    expect([b?.sourceRefOf("adapter"), b?.sourceRefOf("network")]).toMatchObject([
      { document: { path: "inventory.yaml" }, path: ["virtual_machines", 0, "nics", 1, "adapter"] },
      { document: { path: "inventory2.yaml" }, path: ["virtual_machines", 0, "nics", 0, "network"] },
    ]);
  });

  it("omits a field in which the files differ, and reports both values when it is read", async () => {
    const vm = await machine(
      "nics: [{ label: a, network: n, adapter: e1000 }]",
      "nics: [{ label: a, network: m, adapter: E1000 }]",
    );
    expect(vm.read("nics")).toEqual({ known: true, value: [{ label: "a", adapter: "e1000" }] });
    expect(nicNamed(vm, "a")?.read("network")).toMatchObject({
      known: false,
      missing: [
        { what: 'virtual-machine vm/a has two values for network: "n" in inventory.yaml and "m" in inventory2.yaml' },
      ],
    });
  });

  it.each<readonly [string, readonly string[]]>([
    ["entries of other names", ["{ label: a }", "{ label: b }"]],
    ["an entry more in the second", ["{ label: a }", "{ label: a }, { label: b }"]],
    ["an entry more in the first", ["{ label: a }, { label: b }", "{ label: a }"]],
    ["another entry in the last of three", ["{ label: a }", "{ label: a, network: n }", "{ label: c }"]],
    ["another entry in the middle of three", ["{ label: a }", "{ label: c }", "{ label: a, network: n }"]],
    ["an entry without a label", ["{ label: a }, { network: n }", "{ label: a }, { network: m }"]],
    ["an entry without a label in the second", ["{ label: a }", "{ network: m }"]],
    ["no entry in the second", ["{ label: a }", ""]],
  ])("is two values with %s", async (_, lists) => {
    const [gap, ...more] = await nics(...lists);
    expect(gap).toMatch(
      /^virtual-machine vm has two values for nics: \[.*\] in inventory\.yaml and \[.*\] in inventory/,
    );
    expect(more).toEqual([]);
  });

  it("is that of one file when the others do not list it", async () => {
    expect(nicsOf(await machine("cpus: 4", "nics: [{ label: a }]", "memory_mb: 4096"))).toEqual(["vm/a"]);
  });

  it("may have equal entries without labels", async () => {
    expect(await nics("{ network: n }, { network: m }", "{ network: N. }, { network: m }")).toEqual([
      "vm/nics[0]",
      "vm/nics[1]",
    ]);
  });
});

describe("a list with an entry twice, in several files", () => {
  it("is unknown if the entries of one file differ", async () => {
    expect(await nics("{ label: a, network: n }, { label: a, network: m }", "{ label: a, network: n }")).toEqual([
      expect.stringMatching(
        /^virtual-machine vm lists a more than once in nics, with different values \(inventory\.yaml/,
      ),
    ]);
    expect(await nics("{ label: a, network: n }", "{ label: a, network: n }, { label: a, network: m }")).toEqual([
      expect.stringMatching(/^virtual-machine vm lists a more than once in nics, with different values /),
    ]);
  });

  it("has it once if they are equal", async () => {
    expect(await nics("{ label: a }, { label: A }", "{ label: a, network: n }")).toEqual(["vm/a"]);
  });
});

describe("an entry by its position", () => {
  it("has the values of its record", async () => {
    const vm = await machine("nics: [{ label: a, network: n }, { network: m }]");
    expect(vm.entry("nics", 1).read("network")).toEqual({ known: true, value: "m" });
    expect(vm.entry("nics", 1).read("label" as never)).toMatchObject({
      known: false,
      missing: [{ sourceRef: { path: ["virtual_machines", 0, "nics", 1, "label"] } }],
    });
  });

  it("has no value where the list has none, and belongs at this position", async () => {
    for (const vm of [await machine("nics: [{ network: n }]"), await machine("cpus: 4")]) {
      const entry = vm.entry("nics", 3);
      expect([entry.name, entry.read("network").known]).toEqual(["vm/nics[3]", false]);
      expect(entry.sourceRef).toMatchObject({
        document: { path: "inventory.yaml" },
        path: ["virtual_machines", 0, "nics", 3],
      });
    }
  });
});

describe("an entry by its name", () => {
  const host = async (fields: string) => {
    const [found] = (await siteOf("{}", `hosts: [{ name: h, ${fields} }]`)).estate.hosts.items;
    if (found === undefined) throw new Error("a host");
    return found;
  };

  it("ignores case and a final dot, and is null if there is none", async () => {
    const found = await host("port_groups: [{ name: video, vlan: 6 }, { name: Voice, vlan: 7 }]");
    const voice = found.entryNamed("port_groups", "voice.");
    expect(voice.known && voice.value?.read("vlan")).toEqual({ known: true, value: 7 });
    expect(found.entryNamed("port_groups", "other")).toEqual({ known: true, value: null });
  });

  it("is unknown while the list is", async () => {
    expect((await host("version: 6.7.0")).entryNamed("port_groups", "video")).toMatchObject({
      known: false,
      missing: [{ what: "hosts.port_groups is not in the inventory" }],
    });
  });
});

describe("two values", () => {
  it("are quoted up to 80 characters", async () => {
    const quoted = async (text: string) => {
      const field = (await machine(`host: ${text}`, "host: y")).read("host");
      return field.known ? "" : field.missing[0]?.what;
    };
    const [most, more] = ["x".repeat(78), "x".repeat(79)];
    expect(await quoted(most)).toContain(`for host: "${most}" in inventory.yaml and "y" in inventory2.yaml`);
    expect(await quoted(more)).toContain(`for host: "${more}… in inventory.yaml and "y" in inventory2.yaml`);
  });
});
