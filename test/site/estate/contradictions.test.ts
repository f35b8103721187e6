import { describe, expect, it } from "vitest";
import { rules } from "../../../rules/index.generated.ts";
import type { Verdict } from "../../../src/schema/report.generated.ts";
import { Site } from "../../../src/site/site.ts";
import type { Path } from "../../../src/values/location.ts";
import { siteOf, siteWith } from "../../support/documents.ts";
import { type Change, type Documents, edited, exampleDocuments } from "../../support/edited-documents.ts";
import { checksOn, subjectOf } from "../../support/mutated.ts";

const DEPLOYMENT = "conferencing_nodes: [{ name: a, hostname: a, vm: { host: esxi01 } }]";

const CLUSTER = "intel-haswell";
const on = (host: string) =>
  siteOf(
    DEPLOYMENT,
    `
clusters: [{ name: core, evc_mode: ${CLUSTER} }]
hosts: [{ name: esxi01, cluster: core, ${host} }]
virtual_machines: []
`,
  );

const cpu = (fields: string) => `cpu: { ${fields} }`;

describe("contradictory values", () => {
  it.each([
    [
      "the EVC mode of a host below its cluster's",
      cpu("evc_mode: intel-westmere"),
      'cpu.evc_mode "intel-westmere" (inventory.yaml:3:57) and evc_mode "intel-haswell" (inventory.yaml:2:36) of cluster core',
    ],
    ["the EVC mode of a host of another vendor than its cluster's", cpu("evc_mode: amd-zen"), 'cpu.evc_mode "amd-zen"'],
    [
      "the highest EVC mode of a host below its own",
      cpu("max_evc_mode: intel-haswell, evc_mode: intel-skylake"),
      'cpu.max_evc_mode "intel-haswell" (inventory.yaml:3:61) and cpu.evc_mode "intel-skylake"',
    ],
    [
      "the highest EVC mode of a host below its cluster's",
      cpu("max_evc_mode: intel-westmere"),
      'cpu.max_evc_mode "intel-westmere" (inventory.yaml:3:61) and evc_mode "intel-haswell" (inventory.yaml:2:36) of cluster core',
    ],
    [
      "a feature that the EVC mode of the cluster hides",
      cpu("features: { avx512f: true }"),
      'cpu.features.avx512f true (inventory.yaml:3:68) and evc_mode "intel-haswell" (inventory.yaml:2:36) of cluster core',
    ],
    [
      "no feature that the EVC mode of the host has",
      cpu("evc_mode: intel-skylake, features: { avx512f: false }"),
      'cpu.features.avx512f false (inventory.yaml:3:93) and cpu.evc_mode "intel-skylake" (inventory.yaml:3:57)',
    ],
    [
      "a feature that the CPU does not have",
      cpu("features: { avx2: true }, features_unmasked: { avx2: false }"),
      "cpu.features.avx2 true (inventory.yaml:3:65) and cpu.features_unmasked.avx2 false",
    ],
    [
      "a feature that the CPU model lacks",
      cpu("model: Intel(R) Xeon(R) CPU X5650 @ 2.67GHz, features: { avx: true }"),
      'cpu.features.avx true (inventory.yaml:3:109) and cpu.model "Intel(R) Xeon(R) CPU X5650 @ 2.67GHz"',
    ],
    [
      "an unmasked feature that the CPU model lacks",
      cpu('model: "Intel(R) Xeon(R) CPU E5-2650 v2 @ 2.60GHz", features_unmasked: { avx2: true }'),
      "cpu.features_unmasked.avx2 true",
    ],
    [
      "API version and version",
      'version: "7.0.3", api_version: "6.7.3"',
      'version "7.0.3" (inventory.yaml:3:49) and api_version "6.7.3"',
    ],
    [
      "an EVC mode of the other vendor",
      cpu("vendor: amd, max_evc_mode: intel-haswell"),
      'cpu.max_evc_mode "intel-haswell"',
    ],
    [
      "an EVC mode that does not exist for the CPU model",
      cpu("model: AMD EPYC 7302P 16-Core Processor, max_evc_mode: intel-haswell"),
      'cpu.model "AMD EPYC 7302P',
    ],
    [
      "PTP before ESXi 7.0",
      'version: "6.7.0", ntp: { protocol: ptp }',
      'ntp.protocol "ptp" (inventory.yaml:3:75) and version "6.7.0"',
    ],
    [
      "API version and version of releases that differ in one number",
      'version: "5.5.0", api_version: "6.5"',
      'version "5.5.0" (inventory.yaml:3:49) and api_version "6.5"',
    ],
    [
      "the EVC mode of a connected host below its cluster's, however its state is written",
      `connection_state: " Connected", ${cpu("evc_mode: intel-westmere")}`,
      'cpu.evc_mode "intel-westmere" (inventory.yaml:3:',
    ],
    ["PTP before ESXi 7.0, by the API version", 'api_version: "6.7.3", ntp: { protocol: ptp }', 'api_version "6.7.3"'],
  ])("%s: both count as missing, and both source locations are quoted", async (_, host, sentence) => {
    const site = await on(host);
    expect(site.readings).toHaveLength(2);
    const [first] = site.estate.hosts.items;
    const gaps = ["version", "api_version"].flatMap((field) => {
      const value = first?.read(field as "version");
      return value?.known === false ? value.missing.map(({ what }) => what) : [];
    });
    const parts = [first?.cpu, first?.features, first?.ntp, first?.part("cpu", "features_unmasked")];
    const fields = ["evc_mode", "max_evc_mode", "vendor", "model", "avx", "avx2", "avx512f", "protocol"];
    const inside = parts.flatMap((part) =>
      fields.flatMap((field) => {
        const value = (part as { read(field: string): { known: boolean; missing?: readonly { what: string }[] } }).read(
          field,
        );
        return value.known ? [] : (value.missing ?? []).map(({ what }) => what);
      }),
    );
    const found = [...gaps, ...inside].filter((what) => what.includes("contradictory values"));
    expect(found.length).toBeGreaterThan(0);
    expect(new Set(found).size).toBe(1);
    expect(found[0]).toContain(sentence);
  });

  it.each([
    ["a host above its cluster's EVC mode", cpu("evc_mode: intel-skylake")],
    [
      "a disconnected host, which keeps an old EVC mode",
      `connection_state: disconnected, ${cpu("evc_mode: intel-westmere")}`,
    ],
    ["features that EVC masks", cpu("features: { avx512f: false }, features_unmasked: { avx512f: true }")],
    [
      "a CPU model whose generation is not confirmed",
      cpu('model: "Intel(R) Xeon(R) CPU E5-2650 @ 2.00GHz", features: { avx2: true }'),
    ],
    ["an unknown CPU model", cpu("model: Intel Something, features: { avx2: true }")],
    ["API version and version of one release", 'version: "6.7.0", api_version: "6.7.3"'],
    ["versions that cannot be read", 'version: unknown, api_version: "6.7.3"'],
    ["API versions that cannot be read", 'version: "6.7.0", api_version: unknown'],
    ["a CPU of an unknown maker", cpu("model: Some Processor, max_evc_mode: intel-haswell")],
    ["PTP on ESXi 7.0, by the API version", 'version: unknown, api_version: "7.0.3", ntp: { protocol: ptp }'],
    ["PTP on an unknown release", "version: unknown, ntp: { protocol: ptp }"],
    ["an EVC mode that is not in the table", cpu("vendor: amd, max_evc_mode: intel-future")],
    ["features under an EVC mode that is not in the table", cpu("evc_mode: intel-future, features: { avx2: true }")],
    [
      "features of a disconnected host, whose cluster has another EVC mode since",
      `connection_state: disconnected, ${cpu("features: { avx2: false }")}`,
    ],
    ["no EVC", cpu("vendor: amd, evc_mode: null, max_evc_mode: null")],
    ["PTP on ESXi 7.0", 'version: "7.0.0", ntp: { protocol: ptp }'],
    ["NTP before ESXi 7.0", 'version: "6.7.0", ntp: { protocol: ntp }'],
  ])("are none: %s", async (_, host) => {
    expect((await on(host)).readings).toEqual([]);
  });

  it.each<readonly [string, string, readonly string[]]>([
    [
      "an EVC mode of the cluster that is not in the table",
      "{ name: c, evc_mode: intel-future }",
      ["evc_mode: intel-haswell"],
    ],
    [
      "an AMD CPU with modes of AMD",
      "{ name: c, evc_mode: null }",
      ["vendor: amd, model: AMD EPYC 7302P 16-Core Processor, evc_mode: amd-zen, max_evc_mode: amd-zen"],
    ],
    [
      "two clusters of that name",
      "{ name: c, evc_mode: intel-haswell }, { name: C, evc_mode: intel-haswell }",
      ["evc_mode: intel-westmere"],
    ],
    [
      "a value in which inventories differ, which is missing already",
      "{ name: c, evc_mode: intel-haswell }",
      ["evc_mode: intel-westmere", "evc_mode: intel-haswell"],
    ],
  ])("are none: %s", async (_, clusters, cpus) => {
    const inventories = cpus.map(
      (fields) => `clusters: [${clusters}]\nhosts: [{ name: h, cluster: c, ${cpu(fields)} }]`,
    );
    expect((await siteOf("{}", ...inventories)).readings).toEqual([]);
  });

  it("of which each excludes all others are kept one at a time", async () => {
    const { readings } = await siteOf(
      "{}",
      `clusters: [{ name: c, evc_mode: intel-skylake }]
hosts: [{ name: h, cluster: c, ${cpu("evc_mode: intel-haswell, max_evc_mode: intel-sandybridge")} }]`,
    );
    const kept = readings.map(({ estate }) => {
      const [host] = estate.hosts.items;
      const [cluster] = estate.clusters.items;
      const values = [host?.cpu.read("evc_mode"), host?.cpu.read("max_evc_mode"), cluster?.read("evc_mode")];
      return values.map((value) => (value?.known === true ? value.value : null));
    });
    expect(kept.toSorted()).toEqual([
      [null, null, "intel-skylake"],
      [null, "intel-sandybridge", null],
      ["intel-haswell", null, null],
    ]);
  });

  it("that do not exclude each other are kept together", async () => {
    const { readings } = await siteOf(
      "{}",
      'hosts: [{ name: h, cluster: null, version: "7.0.0", api_version: "6.7.3", ntp: { protocol: ptp } }]',
    );
    const kept = readings.map(({ estate }) => {
      const [host] = estate.hosts.items;
      const values = [host?.read("version"), host?.read("api_version"), host?.ntp.read("protocol")];
      return values.map((value) => (value?.known === true ? value.value : null));
    });
    expect(kept).toEqual([
      ["7.0.0", null, "ptp"],
      [null, "6.7.3", null],
    ]);
  });

  it("are found in several inventories, and removed from all that give them", async () => {
    const site = await siteWith({
      deployment: DEPLOYMENT,
      inventories: [
        'hosts: [{ name: esxi01, cluster: null, version: "7.0.0" }]',
        'hosts: [{ name: esxi01, cluster: null, version: "7.0.0", api_version: "6.7.3" }]',
      ],
      files: {},
    });
    const [host] = site.estate.hosts.items;
    const version = host?.read("version");
    expect(version?.known === false && version.missing.map(({ what }) => what)).toEqual([
      expect.stringContaining('version "7.0.0"'),
    ]);
  });
});

/** How each pair is made to disagree in the example: changes of one value, or of both. */
interface Disagreement {
  readonly name: string;
  readonly one: readonly [Path, unknown];
  readonly other: readonly [Path, unknown];
}

const HOST = ["hosts", 0] as const;
const DISAGREEMENTS: readonly Disagreement[] = [
  {
    name: "EVC of host and cluster",
    one: [[...HOST, "cpu", "evc_mode"], "intel-westmere"],
    other: [["clusters", 0, "evc_mode"], "intel-broadwell"],
  },
  ...(["avx", "avx2", "avx512f"] as const).map((feature): Disagreement => ({
    name: `${feature} masked and unmasked`,
    one: [[...HOST, "cpu", "features", feature], true],
    other: [[...HOST, "cpu", "features_unmasked", feature], false],
  })),
  ...(["avx", "avx2", "avx512f"] as const).map((feature): Disagreement => ({
    name: `${feature} and the EVC mode in force`,
    one: [[...HOST, "cpu", "features", feature], true],
    other: [[...HOST, "cpu", "evc_mode"], "intel-westmere"],
  })),
  {
    name: "CPU model and features",
    one: [[...HOST, "cpu", "model"], "Intel(R) Xeon(R) CPU X5650 @ 2.67GHz"],
    other: [[...HOST, "cpu", "features", "avx"], true],
  },
  {
    name: "version and API version",
    one: [[...HOST, "version"], "4.1.0"],
    other: [[...HOST, "api_version"], "6.7.3"],
  },
  {
    name: "EVC and CPU vendor",
    one: [[...HOST, "cpu", "max_evc_mode"], "amd-zen"],
    other: [[...HOST, "cpu", "vendor"], "intel"],
  },
  {
    name: "PTP and version",
    one: [[...HOST, "ntp", "protocol"], "ptp"],
    other: [[...HOST, "version"], "6.7.0"],
  },
];

const STATIC = rules.filter(({ live }) => live !== true);
const NOW = Date.UTC(2021, 2, 29, 12);

async function verdicts(documents: Documents): Promise<ReadonlyMap<string, Verdict>> {
  const checks = await checksOn(new Site(documents), NOW, STATIC);
  return new Map(checks.map((check) => [`${check.rule} ${subjectOf(check)}`, check.verdict]));
}

describe.each(DISAGREEMENTS)("the example with a contradiction: $name", ({ one, other }) => {
  it("is evaluated as without both values, but fails what either of them proves", async () => {
    const example = await exampleDocuments("clean");
    const [inventory] = example.inventories;
    if (inventory === undefined) throw new Error("the example has an inventory");
    const change = ([path, value]: readonly [Path, unknown]): Change => ({ document: inventory, path, value });
    const without = ([path]: readonly [Path, unknown]): Change => ({ document: inventory, path, value: undefined });
    const both = await verdicts(edited(example, [change(one), change(other)]));
    const [first, second, neither] = [
      await verdicts(edited(example, [change(one), without(other)])),
      await verdicts(edited(example, [without(one), change(other)])),
      await verdicts(edited(example, [without(one), without(other)])),
    ];
    const wrong = [...both].flatMap(([check, verdict]) => {
      const isProven = first.get(check) === "fail" || second.get(check) === "fail";
      // No third value settles which of the two is right.
      const expected = isProven ? ["fail"] : [neither.get(check), "inconclusive"];
      return expected.includes(verdict) ? [] : [`${check}: ${verdict} instead of ${expected.join(" or ")}`];
    });
    expect(wrong).toEqual([]);
    const before = await verdicts(example);
    const changed = [...both].filter(([check, verdict]) => before.get(check) !== verdict).map(([, verdict]) => verdict);
    expect(changed.length).toBeGreaterThan(0);
    expect(changed.filter((verdict) => verdict === "pass")).toEqual([]);
  });
});
