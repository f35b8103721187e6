import { describe, expect, it } from "vitest";
import type { CpuFeature } from "../../src/site/estate-objects.ts";
import { siteOf } from "../support/documents.ts";

/** What is known of a feature of the only host: present, and what that rests on; null when nothing is. */
async function feature(cpu: string, cluster = "null", name: "avx" | "avx2" | "avx512f" = "avx") {
  const site = await siteOf(
    "conferencing_nodes: []",
    `clusters: [{ name: one, evc_mode: ${cluster} }]
hosts: [{ name: esxi01, cluster: one, cpu: { ${cpu} } }]`,
  );
  const found = site.estate.hosts.items[0]?.read(name);
  return found?.known === true ? words(found.value) : null;
}

function words({ present, from, confirmed, at: [, field] }: CpuFeature): string {
  return `${present ? "has" : "lacks"} it by ${from} at ${field}${confirmed ? "" : ", unconfirmed"}`;
}

describe("cpuFeature", () => {
  it("takes the flags after masking first", async () => {
    const flags = "features: { avx: false }, features_unmasked: { avx: true }, max_evc_mode: intel-skylake";
    expect(await feature(flags, "intel-skylake")).toBe("lacks it by CPU features in the inventory at avx");
  });

  it("takes the EVC mode in force next: the host's, else its cluster's", async () => {
    expect(await feature("evc_mode: intel-westmere", "intel-skylake")).toBe(
      "lacks it by EVC mode intel-westmere at evc_mode",
    );
    expect(await feature("max_evc_mode: intel-skylake", "intel-sandybridge")).toBe(
      "has it by EVC mode intel-sandybridge at evc_mode",
    );
    expect(await feature("max_evc_mode: intel-skylake", "intel-sandybridge", "avx2")).toBe(
      "lacks it by EVC mode intel-sandybridge at evc_mode",
    );
  });

  it("takes the hardware while EVC is off: flags, then the highest mode, then the model", async () => {
    const model = "model: Intel(R) Xeon(R) CPU E5-2650 v2 @ 2.60GHz";
    expect(await feature(`features_unmasked: { avx: true }, max_evc_mode: intel-westmere, ${model}`)).toBe(
      "has it by CPU features in the inventory at avx",
    );
    expect(await feature(`max_evc_mode: intel-westmere, ${model}`)).toBe(
      "lacks it by EVC mode intel-westmere at max_evc_mode",
    );
    expect(await feature(model)).toBe("has it by CPU model Intel(R) Xeon(R) CPU E5-2650 v2 @ 2.60GHz at model");
    expect(await feature(model, "null", "avx2")).toBe(
      "lacks it by CPU model Intel(R) Xeon(R) CPU E5-2650 v2 @ 2.60GHz at model",
    );
  });

  it("goes on to the model when the highest mode is none, or unknown", async () => {
    const model = "model: Intel(R) Xeon(R) CPU X5660 @ 2.80GHz";
    for (const highest of ["null", "intel-mystery"]) {
      expect(await feature(`max_evc_mode: ${highest}, ${model}`)).toBe(
        "lacks it by CPU model Intel(R) Xeon(R) CPU X5660 @ 2.80GHz at model",
      );
    }
  });

  it("says what is not confirmed", async () => {
    expect(await feature("max_evc_mode: intel-haswell", "null", "avx2")).toBe(
      "has it by EVC mode intel-haswell at max_evc_mode, unconfirmed",
    );
    expect(await feature("model: Intel(R) Xeon(R) CPU E5-2650 0 @ 2.00GHz", "null", "avx2")).toBe(
      "lacks it by CPU model Intel(R) Xeon(R) CPU E5-2650 0 @ 2.00GHz at model, unconfirmed",
    );
  });

  it("does not take hardware for what EVC lets through, but lacking hardware lacks under any EVC", async () => {
    expect(await feature("model: Intel(R) Xeon(R) Gold 6242 CPU @ 2.80GHz", "intel-mystery")).toBeNull();
    expect(await feature("max_evc_mode: intel-skylake", "intel-mystery")).toBeNull();
    expect(await feature("max_evc_mode: intel-westmere", "intel-mystery")).toBe(
      "lacks it by EVC mode intel-westmere at max_evc_mode",
    );
  });

  it("knows nothing of an unknown model", async () => {
    expect(await feature("model: Mystery 9000")).toBeNull();
    expect(await feature("vendor: intel")).toBeNull();
  });

  it("does not take EVC for off where nobody says so", async () => {
    const cpu = (max: string) => `hosts: [{ name: esxi01, cluster: one, cpu: { max_evc_mode: ${max} } }]`;
    const read = async (inventory: string) =>
      (await siteOf("conferencing_nodes: []", `clusters: [{ name: one }]\n${inventory}`)).estate.hosts.items[0]?.read(
        "avx",
      );
    expect((await read(cpu("intel-skylake")))?.known).toBe(false);
    expect(await read(cpu("intel-nehalem"))).toMatchObject({ known: true, value: { present: false } });
  });
});
