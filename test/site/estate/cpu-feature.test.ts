import { describe, expect, it } from "vitest";
import { siteOf } from "../../support/documents.ts";

/** Whether the first host shows AVX2, and what that rests on. */
async function avx2(...inventories: readonly string[]) {
  const [host] = (await siteOf("{}", ...inventories)).estate.hosts.items;
  const field = host?.read("avx2");
  if (field === undefined) throw new Error("a host");
  if (!field.known) return field.missing.map(({ what }) => what);
  const { present, from, confirmed, at } = field.value;
  return { present, from, confirmed, at: at[1] };
}

const cluster = (mode: string) => `clusters: [{ name: c, evc_mode: ${mode} }]\n`;
const host = (cpu: string, fields = "cluster: c") => `hosts: [{ name: x, ${fields}, cpu: { ${cpu} } }]\n`;
const GAP = ["hosts.cpu.features.avx2 is not in the inventory"];
const gap = (field: string) => [`${field} is not in the inventory`];
const flags = (present: boolean) => ({ present, from: "CPU features in the inventory", confirmed: true, at: "avx2" });
const mode = (present: boolean, key: string, confirmed: boolean, at = "evc_mode") => ({
  present,
  from: `EVC mode ${key}`,
  confirmed,
  at,
});

describe("a CPU feature", () => {
  it("is read from the flags after masking first", async () => {
    expect(await avx2(cluster("intel-future") + host("features: { avx2: true }"))).toEqual(flags(true));
    expect(await avx2(cluster("intel-skylake") + host("features: { avx2: true }"))).toEqual(flags(true));
    expect(await avx2(cluster("intel-westmere") + host("features: { avx2: false }"))).toEqual(flags(false));
  });

  it("is unknown if the flags and the effective EVC mode contradict each other", async () => {
    const contradiction = [expect.stringContaining("has contradictory values: cpu.features.avx2")];
    expect(await avx2(cluster("intel-westmere") + host("features: { avx2: true }"))).toEqual(contradiction);
    expect(await avx2(cluster("intel-skylake") + host("features: { avx2: false }"))).toEqual(contradiction);
  });

  it("comes from the host's EVC mode, then from its cluster's", async () => {
    const mask = cluster("intel-sandybridge");
    expect(await avx2(mask + host("evc_mode: intel-haswell"))).toEqual(mode(true, "intel-haswell", false));
    expect(await avx2(mask + host("sockets: 2"))).toEqual(mode(false, "intel-sandybridge", true));
  });

  it("comes from the highest mode of the host only if EVC is known to be off, or if even that mode does not have it", async () => {
    const highest = "max_evc_mode: intel-broadwell";
    expect(await avx2(cluster("null") + host(highest))).toEqual(mode(true, "intel-broadwell", false, "max_evc_mode"));
    expect(await avx2(host(highest, "cluster: null"))).toEqual(mode(true, "intel-broadwell", false, "max_evc_mode"));
    expect(await avx2("clusters: [{ name: c }]\n" + host(highest))).toEqual(gap("clusters.evc_mode"));
    expect(await avx2(host(highest, "version: 6.7.0"))).toEqual(gap("hosts.cpu.evc_mode"));
    expect(await avx2("clusters: [{ name: c }]\n" + host("max_evc_mode: intel-ivybridge"))).toEqual(
      mode(false, "intel-ivybridge", true, "max_evc_mode"),
    );
  });

  it("is hidden by an EVC mode though the hardware has it", async () => {
    const unmasked = "features_unmasked: { avx2: true }, max_evc_mode: intel-skylake";
    expect(await avx2(cluster("intel-ivybridge") + host(unmasked))).toEqual(mode(false, "intel-ivybridge", true));
  });

  it("is unknown without any source; the gap is a value that a person can look up", async () => {
    expect(await avx2(cluster("null") + host("sockets: 2"))).toEqual(gap("hosts.cpu.model"));
    expect(await avx2(cluster("null") + host("max_evc_mode: null"))).toEqual(gap("hosts.cpu.model"));
    expect(await avx2(cluster("null") + host("model: Mystery 9000"))).toEqual(gap("hosts.cpu.max_evc_mode"));
    expect(await avx2("hosts: [{ name: x }]")).toEqual(gap("hosts.cpu.evc_mode"));
  });

  it("is unknown under a mode that is not in the table: never a pass", async () => {
    expect(await avx2(cluster("intel-tigerlake") + host("max_evc_mode: intel-skylake"))).toEqual(GAP);
    expect(await avx2(cluster("null") + host("max_evc_mode: intel-tigerlake"))).toEqual(gap("hosts.cpu.model"));
  });

  it("is unknown if two inventories differ, regardless of other values", async () => {
    const one = cluster("intel-skylake") + host("features: { avx2: true }");
    const other = cluster("intel-skylake") + host("features: { avx2: false }");
    expect(await avx2(one, other)).toEqual([
      "host x has two values for avx2: true in inventory.yaml and false in inventory2.yaml",
    ]);
    const modes = ["intel-skylake", "null"].map((key) => cluster("intel-skylake") + host(`evc_mode: ${key}`));
    expect(await avx2(...modes)).toEqual([
      'host x has two values for evc_mode: "intel-skylake" in inventory.yaml and null in inventory2.yaml',
    ]);
  });
});

describe("the ESXi version", () => {
  const version = async (...inventories: readonly string[]) => {
    const [found] = (await siteOf("{}", ...inventories)).estate.hosts.items;
    const field = found?.read("esxi");
    if (field === undefined) throw new Error("a host");
    return field.known ? field.value : field.missing.map(({ what }) => what);
  };

  it("rests on version and API version", async () => {
    expect(await version("hosts: [{ name: x, version: 6.7.0, api_version: 6.7.3 }]")).toMatchObject({
      major: 6,
      minor: 7,
      update: 3,
    });
    expect(await version("hosts: [{ name: x, api_version: 6.5.2 }]")).toMatchObject({ major: 6, minor: 5, update: 2 });
  });

  it("is a gap when missing or unreadable", async () => {
    expect(await version("hosts: [{ name: x }]")).toEqual(["hosts.version is not in the inventory"]);
    expect(await version("hosts: [{ name: x, version: six }]")).toEqual(['hosts.version "six" is not an ESXi version']);
  });

  it("is unknown if two inventories differ in its sources", async () => {
    const files = ["6.7.0", "6.5.0"].map((own) => `hosts: [{ name: x, version: ${own}, api_version: 6.7.3 }]`);
    expect(await version(...files)).toEqual([
      'host x has two values for version: "6.7.0" in inventory.yaml and "6.5.0" in inventory2.yaml',
    ]);
  });
});
