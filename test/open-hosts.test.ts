import { describe, expect, it } from "vitest";
import { rules } from "../rules/index.generated.ts";
import { checksOf } from "./support/rule-tester.ts";

/*
 * A node is on esxi01; whether it may run on esxi02 of the same cluster depends on HA and DRS, which are missing from
 * the inventory. Each row sets values of the two hosts with which one rule has different results with esxi02 and
 * without it.
 */
interface Row {
  readonly rule: string;
  /** The check that depends on it; the node's by default. */
  readonly subject?: string;
  /** More of the node, and of its `vm:` block. */
  readonly node?: string;
  readonly plan?: string;
  readonly hosts: readonly [esxi01: string, esxi02: string];
  /** The verdict if nodes stay, and if they move; null = no check. */
  readonly stays: string | null;
  readonly moves: string;
}

const V67 = 'version: "6.7.0", api_version: "6.7.3"';
const V65 = 'version: "6.5.0"';
const features = (names: string) => `cpu: { features: { ${names} } }`;
const NEW = "avx: true, avx2: true, avx512f: true";
const cores = (count: number) => `cpu: { sockets: 1, cores: ${count}, hyperthreading_active: false }`;
const onSwitch = (policy: string, speed = 1000) =>
  `physical_nics: [{ name: n1, speed_mbps: ${speed} }, { name: n2, speed_mbps: ${speed} }], virtual_switches: [{ name: v, uplinks: [n1, n2], teaming_policy: ${policy} }], port_groups: [{ name: media, virtual_switch: v, teaming_policy: null }]`;

const ROWS: readonly Row[] = [
  {
    rule: "vm/hardware-version-avx2",
    plan: "hardware_version: 10",
    hosts: [`${V67}, ${features(NEW)}`, `${V67}, ${features("avx: true, avx2: false")}`],
    stays: "fail",
    moves: "not-applicable",
  },
  {
    rule: "vm/hardware-version-avx512",
    plan: "hardware_version: 13",
    hosts: [`${V67}, ${features(NEW)}`, `${V67}, ${features("avx: true, avx512f: false")}`],
    stays: "fail",
    moves: "not-applicable",
  },
  {
    rule: "vm/hardware-version-matches-host",
    plan: "hardware_version: 13",
    hosts: [V67, V65],
    stays: "fail",
    moves: "pass",
  },
  {
    rule: "vm/hardware-version-runs-on-host",
    plan: "hardware_version: 15",
    hosts: [V67, V65],
    stays: "pass",
    moves: "fail",
  },
  {
    rule: "platform/deployment-type-matches-esxi",
    node: "deployment_type: MANUAL-ESXI-6.0",
    hosts: [V67, V65],
    stays: "fail",
    moves: "pass",
  },
  {
    rule: "platform/automatic-deployment-needs-api",
    node: "deployment_type: AUTOMATIC",
    hosts: ["edition: standard", "edition: free"],
    stays: "pass",
    moves: "fail",
  },
  { rule: "vm/vcpu-per-core", node: "vm_cpu_count: 12", hosts: [cores(16), cores(8)], stays: "pass", moves: "fail" },
  {
    rule: "vm/network-on-every-host",
    hosts: ["port_groups: [{ name: media }]", "port_groups: []"],
    stays: "not-applicable",
    moves: "fail",
  },
  {
    rule: "network/uplink-capacity",
    subject: "location:Oslo",
    hosts: [onSwitch("loadbalance_srcid", 10), onSwitch("loadbalance_srcid")],
    stays: "fail",
    moves: "pass",
  },
  {
    rule: "network/no-ip-hash-teaming",
    subject: "port-group:esxi02/media",
    hosts: [onSwitch("loadbalance_srcid"), onSwitch("loadbalance_ip")],
    stays: null,
    moves: "fail",
  },
  {
    rule: "host/cpu-avx",
    subject: "host:esxi02",
    hosts: [features(NEW), features("avx: false")],
    stays: null,
    moves: "fail",
  },
  {
    rule: "platform/esxi-supported-version",
    subject: "host:esxi02",
    hosts: [V67, 'version: "4.1.0"'],
    stays: null,
    moves: "fail",
  },
];

const OPEN = "clusters.drs_enabled is not in the inventory; it determines whether nodes may run";

/** The check of the subject, with DRS of the cluster as given. */
async function checkOf({ rule: id, subject = "node:a", node = "", plan = "", hosts }: Row, drs: string) {
  const rule = rules.find((each) => each.id === id);
  if (rule === undefined) throw new Error(`no rule ${id}`);
  const checks = await checksOf(rule, {
    deployment: `
platform: { version: "25" }
system_locations: [{ name: Oslo, expected_calls: 100 }]
conferencing_nodes:
  - name: a
    hostname: a
    system_location: Oslo
    ${node}
    vm: { host: esxi01, network: media, datastore: ds, ${plan} }
`,
    inventory: `
clusters: [{ name: core, ha_enabled: false, ${drs} }]
hosts:
  - { name: esxi01, cluster: core, ${hosts[0]} }
  - { name: esxi02, cluster: core, ${hosts[1]} }
datastores: [{ name: ds, hosts: [esxi01, esxi02] }]
distributed_port_groups: []
virtual_machines: []
`,
  });
  return checks.find((check) => `${check.subject.kind}:${check.subject.name}` === subject);
}

describe.each(ROWS)("$rule", (row) => {
  it("decides differently when nodes stay, and when they move", async () => {
    expect((await checkOf(row, "drs_enabled: false"))?.verdict ?? null).toBe(row.stays);
    expect((await checkOf(row, "drs_enabled: true"))?.verdict).toBe(row.moves);
    expect(row.stays).not.toBe(row.moves);
  });

  it("is inconclusive while that is unknown, and reports what would resolve it", async () => {
    const check = await checkOf(row, "evc_mode: null");
    expect(check?.verdict).toBe("inconclusive");
    expect(check?.missing.map(({ what }) => what)).toContainEqual(expect.stringContaining(OPEN));
  });

  it("decides all the same when both hosts are alike", async () => {
    for (const host of row.hosts) {
      const check = await checkOf({ ...row, hosts: [host, host] }, "evc_mode: null");
      // Where one of the two is no verdict on the hosts at all, equal hosts do not make it one.
      if (row.stays === "pass" || row.stays === "fail") expect(check?.verdict).not.toBe("inconclusive");
    }
  });
});
