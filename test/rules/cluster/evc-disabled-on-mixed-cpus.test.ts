import { expect, it } from "vitest";
import rule from "../../../rules/cluster/evc-disabled-on-mixed-cpus.ts";
import { checksOf, ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const deployment = "conferencing_nodes: [{ name: a, hostname: a, vm: { cluster: vc-core } }]";

/** A cluster with one host for each CPU. */
const inventory = (evc: string, ...cpus: readonly string[]) => `
clusters:
  - name: vc-core
    ${evc}
hosts:
${cpus.map((cpu, index) => `  - { name: esxi0${index + 1}, cluster: vc-core, cpu: { ${cpu} } }`).join("\n")}
virtual_machines: []
`;

const evaluated = (
  name: string,
  evc: string,
  cpus: readonly string[],
  expected: RuleCase["expect"][string],
): RuleCase => ({
  name,
  deployment,
  inventory: inventory(evc, ...cpus),
  expect: { "cluster:vc-core": expected },
});

const can = (mode: string) => `max_evc_mode: ${mode}`;
const CAN_SKYLAKE = can("intel-skylake");

ruleTester.run(rule, [
  evaluated(
    "passes equal CPUs at their own mode",
    "evc_mode: intel-skylake",
    [can("intel-skylake"), can("intel-skylake")],
    {
      verdict: "pass",
    },
  ),
  evaluated(
    "passes equal modes whatever their blanks, also unknown ones",
    "evc_mode: ' Future-Lake'",
    [can("'future-lake '"), can("FUTURE-LAKE")],
    { verdict: "pass" },
  ),
  {
    name: "is inconclusive about a cluster without hosts",
    deployment,
    inventory: `
clusters: [{ name: vc-core, evc_mode: intel-skylake }]
hosts: []
virtual_machines: []
`,
    expect: {
      "cluster:vc-core": { verdict: "inconclusive", missing: ["no host of cluster vc-core"] },
      "deployment:deployment": { verdict: "inconclusive" },
    },
  },
  evaluated("passes equal modes whatever their case", "evc_mode: intel-cascadeLake", [can("intel-cascadelake")], {
    verdict: "pass",
  }),
  evaluated("passes equal CPUs at a mode that it has no table for", "evc_mode: intel-new", [can("intel-new")], {
    verdict: "pass",
  }),
  evaluated("names the cluster's mode where it is not in the table", "evc_mode: intel-new", [CAN_SKYLAKE], {
    verdict: "inconclusive",
    reason: 'EVC mode "intel-new" is not in this program\'s table of modes',
  }),
  evaluated("names the hosts' mode where it is not in the table", "evc_mode: intel-skylake", [can("intel-new")], {
    verdict: "inconclusive",
    reason: 'EVC mode "intel-new" is not in this program\'s table of modes',
  }),
  evaluated(
    "does not apply when EVC is off, however mixed the CPUs",
    "evc_mode: null",
    [can("intel-haswell"), can("intel-skylake")],
    {
      verdict: "not-applicable",
      reason: "EVC is disabled",
    },
  ),
  evaluated(
    "fails mixed CPUs at the lowest one's mode",
    "evc_mode: «intel-haswell»",
    [can("intel-haswell"), can("intel-skylake")],
    {
      verdict: "fail",
      findings: [["mixed", "its CPUs differ: esxi01 supports intel-haswell, esxi02 intel-skylake; disable EVC"]],
      severity: "warn",
    },
  ),
  evaluated(
    "fails mixed CPUs below all of them",
    "evc_mode: «intel-ivybridge»",
    [can("intel-haswell"), can("intel-skylake")],
    {
      verdict: "fail",
      findings: [["mixed"]],
    },
  ),
  evaluated(
    "fails mixed CPUs even if a mode is not in the table",
    "evc_mode: «intel-haswell»",
    [can("intel-haswell"), can("intel-new")],
    {
      verdict: "fail",
      findings: [["mixed"]],
    },
  ),
  evaluated(
    "fails proven mixed CPUs though another host's are unknown",
    "evc_mode: «intel-haswell»",
    ["cores: 8", can("intel-haswell"), can("intel-skylake")],
    {
      verdict: "fail",
      findings: [["mixed", "esxi02 supports intel-haswell, esxi03 intel-skylake"]],
    },
  ),
  evaluated(
    "fails equal CPUs above the mode, in words of its own",
    "evc_mode: «intel-haswell»",
    [can("intel-skylake"), can("intel-skylake")],
    {
      verdict: "fail",
      findings: [["below", "raise it to intel-skylake"]],
    },
  ),
  evaluated("fails a single host above the mode", "evc_mode: «amd-bulldozer»", [can("amd-zen")], {
    verdict: "fail",
    findings: [["below"]],
  }),
  evaluated("fails a mode without AVX", "evc_mode: «intel-westmere»", [can("intel-skylake")], {
    verdict: "fail",
    findings: [["below"]],
  }),
  ...["intel-icelake", "amd-zen"].flatMap((mode) => [
    evaluated(`is inconclusive about ${mode} on a host that does not support it`, `evc_mode: ${mode}`, [CAN_SKYLAKE], {
      verdict: "inconclusive",
      missing: [`cpu.max_evc_mode "intel-skylake" (inventory.yaml:6:60) and evc_mode "${mode}"`],
    }),
    {
      name: `is inconclusive about ${mode} on a disconnected host that did not support it`,
      deployment,
      inventory: inventory(`evc_mode: ${mode}`, CAN_SKYLAKE).replace(
        "cluster: vc-core, cpu",
        "cluster: vc-core, connection_state: disconnected, cpu",
      ),
      expect: {
        "cluster:vc-core": {
          verdict: "inconclusive" as const,
          reason: "above what the hosts support (intel-skylake); the inventory is inconsistent",
        },
      },
    },
  ]),
  evaluated(
    "does not believe a host without EVC under EVC",
    "evc_mode: intel-skylake",
    [can("intel-skylake"), can("null")],
    {
      verdict: "inconclusive",
      reason:
        "esxi02 supports no EVC mode according to the inventory, but EVC is enabled; the inventory is inconsistent",
    },
  ),
  evaluated("does not rank a mode that is not in the table", "evc_mode: intel-haswell", [can("intel-new")], {
    verdict: "inconclusive",
    reason: '"intel-new" is not in this program\'s table',
  }),
  evaluated(
    "does not pass while a host's highest mode is missing",
    "evc_mode: intel-skylake",
    [can("intel-skylake"), "cores: 8"],
    {
      verdict: "inconclusive",
      missing: ["hosts.cpu.max_evc_mode is not in the inventory"],
    },
  ),
  evaluated(
    "does not fail the rest while a host's highest mode is missing",
    "evc_mode: intel-haswell",
    [can("intel-skylake"), "cores: 8"],
    {
      verdict: "inconclusive",
      missing: ["hosts.cpu.max_evc_mode is not in the inventory"],
    },
  ),
  evaluated("does not take a missing mode for EVC that is off", "ha_enabled: true", [can("intel-skylake")], {
    verdict: "inconclusive",
    missing: ["clusters.evc_mode is not in the inventory"],
  }),
  {
    name: "does not pass while a host may belong to the cluster",
    deployment,
    inventory: `
clusters: [{ name: vc-core, evc_mode: intel-skylake, ha_enabled: false, drs_enabled: false }]
hosts:
  - { name: esxi01, cluster: vc-core, cpu: { max_evc_mode: intel-skylake } }
  - { name: esxi02, cpu: { max_evc_mode: intel-haswell } }
virtual_machines: []
`,
    expect: {
      "cluster:vc-core": { verdict: "inconclusive", missing: ["hosts.cluster is not in the inventory"] },
      "deployment:deployment": { verdict: "inconclusive" },
    },
  },
  {
    name: "does not judge a cluster that only holds the Management Node",
    deployment: `
management_node: { name: m, hostname: m, vm: { cluster: mgmt } }
conferencing_nodes: []
`,
    inventory: `
clusters: [{ name: mgmt, evc_mode: intel-haswell }]
hosts: [{ name: esxi01, cluster: mgmt, cpu: { max_evc_mode: intel-skylake } }]
virtual_machines: []
`,
    expect: { "deployment:deployment": { verdict: "not-applicable" } },
  },
]);

it("points at the CPUs that differ, and prints the command that disables EVC", async () => {
  const [check] = await checksOf(rule, {
    deployment,
    inventory: inventory("evc_mode: intel-haswell", can("intel-haswell"), can("intel-haswell"), can("intel-skylake")),
  });
  expect(check?.findings[0]?.related).toMatchObject([
    { message: "esxi01 supports intel-haswell", location: { line: 6 } },
    { message: "esxi03 supports intel-skylake", location: { line: 8 } },
  ]);
  expect(check?.remediation).toContain("Set-Cluster -Cluster 'vc-core' -EVCMode $null");
});
