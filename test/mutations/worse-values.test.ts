import { describe, expect, it } from "vitest";
import { rules } from "../../rules/index.generated.ts";
import type { Verdict } from "../../src/schema/report.generated.ts";
import { siteWith } from "../support/documents.ts";
import { checksOn, subjectOf } from "../support/mutated.ts";

/*
 * A value that is worse must not be evaluated better: once a rule that fails at the worse value is off, no other check may
 * clear what it would fail, or leave inconclusive, at the value that is less bad.
 */

const STATIC = rules.filter(({ live }) => live !== true);
const BLOCKING: ReadonlySet<Verdict> = new Set(["fail", "inconclusive", "crashed"]);
const NOW = Date.UTC(2026, 10, 22, 12);

const site = (node: string, host: string) =>
  siteWith({
    deployment: `
platform: { version: "25" }
system_locations: [{ name: Oslo, mtu: 1500 }]
conferencing_nodes:
  - { name: a, hostname: conf01, system_location: Oslo, ${node} }
`,
    inventories: [
      `
hosts:
  - { name: esxi01, cluster: null, ${host} }
virtual_machines: []
`,
    ],
    files: {},
  });

const HOST = `version: "6.7.0", memory_mb: 65536, cpu: { sockets: 1, cores: 8, threads: 8, hyperthreading_active: false, mhz: 2600, features: { avx: true, avx2: true, avx512f: true } }`;
const planned = (more: string) => `vm: { host: esxi01, network: media, datastore: ds, ${more} }`;
const onHost = (node: string) => () => site(node, HOST);

interface Row {
  readonly what: string;
  /** The rule that fails at the worse value first of all. */
  readonly off: string;
  readonly bad: () => ReturnType<typeof site>;
  readonly worse: () => ReturnType<typeof site>;
}

const ROWS: readonly Row[] = [
  {
    what: "300 vCPUs on 8 cores after 100",
    off: "vm/size-within-limits",
    bad: onHost(`vm_cpu_count: 100, vm_system_memory: 32768, ${planned("hardware_version: 14")}`),
    worse: onHost(`vm_cpu_count: 300, vm_system_memory: 32768, ${planned("hardware_version: 14")}`),
  },
  {
    what: "1 MB of memory after 3 GB for 8 vCPUs",
    off: "vm/size-within-limits",
    bad: onHost(`vm_cpu_count: 8, vm_system_memory: 3001, ${planned("hardware_version: 14")}`),
    worse: onHost(`vm_cpu_count: 8, vm_system_memory: 1, ${planned("hardware_version: 14")}`),
  },
  {
    what: "hardware version 7 after 10",
    off: "vm/hardware-version-minimum",
    bad: onHost(`vm_cpu_count: 4, vm_system_memory: 4096, ${planned("hardware_version: 10")}`),
    worse: onHost(`vm_cpu_count: 4, vm_system_memory: 4096, ${planned("hardware_version: 7")}`),
  },
  {
    what: "a CPU without AVX after one without AVX2",
    off: "host/cpu-avx",
    bad: () =>
      site(
        `vm_cpu_count: 4, ${planned("hardware_version: 14")}`,
        HOST.replace("avx2: true, avx512f: true", "avx2: false, avx512f: false"),
      ),
    worse: () =>
      site(`vm_cpu_count: 4, ${planned("hardware_version: 14")}`, HOST.replaceAll(/(avx\w*): true/g, "$1: false")),
  },
  {
    what: "ESXi 4.1 after 5.0",
    off: "platform/esxi-supported-version",
    bad: () => site(`vm_cpu_count: 4, ${planned("hardware_version: 14")}`, HOST.replace("6.7.0", "5.0.0")),
    worse: () => site(`vm_cpu_count: 4, ${planned("hardware_version: 14")}`, HOST.replace("6.7.0", "4.1.0")),
  },
];

describe("a worse value", () => {
  it.each(ROWS)("$what is evaluated no better without $off", async ({ off, bad, worse }) => {
    const others = STATIC.filter(({ id }) => id !== off);
    expect(others.length).toBe(STATIC.length - 1);
    const verdicts = async (made: () => ReturnType<typeof site>) =>
      new Map(
        (await checksOn(await made(), NOW, others)).map((check) => [
          `${check.rule} ${subjectOf(check)}`,
          check.verdict,
        ]),
      );
    const [before, after] = [await verdicts(bad), await verdicts(worse)];
    const cleared = [...before].filter(
      ([check, verdict]) => BLOCKING.has(verdict) && !BLOCKING.has(after.get(check) ?? "pass"),
    );
    expect(cleared).toEqual([]);
    // The rule itself fails at the worse value, so that the comparison is of two errors.
    const own = await checksOn(
      await worse(),
      NOW,
      STATIC.filter(({ id }) => id === off),
    );
    expect(own.map(({ verdict }) => verdict)).toContain("fail");
  });
});
