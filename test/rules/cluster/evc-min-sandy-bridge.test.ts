import { expect, it } from "vitest";
import rule from "../../../rules/cluster/evc-min-sandy-bridge.ts";
import { checksOf, ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const deployment = `
conferencing_nodes:
  - name: a
    hostname: a
    vm: { cluster: vc-core }
`;

const cluster = (evc: string) => `
clusters:
  - name: vc-core
    ${evc}
hosts:
  - { name: esxi01, cluster: vc-core }
virtual_machines: []
`;

const evaluated = (name: string, evc: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment,
  inventory: cluster(evc),
  expect: { "cluster:vc-core": expected },
});

ruleTester.run(
  rule,
  [
    evaluated("passes the lowest Intel mode with AVX", "evc_mode: intel-sandybridge", { verdict: "pass" }),
    evaluated("passes the lowest AMD mode with AVX", "evc_mode: amd-bulldozer", { verdict: "pass" }),
    evaluated("passes a later mode in any case", "evc_mode: intel-cascadeLake", { verdict: "pass" }),
    evaluated("fails the mode below", "evc_mode: «intel-westmere»", {
      verdict: "fail",
      findings: [["tooLow", "intel-sandybridge or higher."]],
    }),
    evaluated("fails the AMD mode below, also without 3DNow!", "evc_mode: «amd-greyhound-no3dnow»", {
      verdict: "fail",
      findings: [["tooLow", "amd-bulldozer or higher."]],
    }),
    evaluated("does not apply when EVC is off", "evc_mode: null", {
      verdict: "not-applicable",
      reason: "EVC is disabled",
    }),
    evaluated("does not know a mode that is not in the table", "evc_mode: intel-mystery", {
      verdict: "inconclusive",
      reason: '"intel-mystery"',
    }),
    ...(
      [
        ["passes the highest of a host that has AVX", "max_evc_mode: intel-mystery, features: { avx: true }", "pass"],
        [
          "passes the highest of a host whose model has AVX",
          'max_evc_mode: intel-mystery, model: "Intel(R) Xeon(R) 6787P"',
          "pass",
        ],
        [
          "does not know one that is not the highest",
          "max_evc_mode: intel-newer, features: { avx: true }",
          "inconclusive",
        ],
        ["does not know the highest of a host that may lack AVX", "max_evc_mode: intel-mystery", "inconclusive"],
      ] as const
    ).map(([name, cpu, verdict]) => ({
      name: `with a mode that is not in the table, ${name}`,
      deployment,
      inventory: cluster("evc_mode: intel-mystery").replace(
        "cluster: vc-core }",
        `cluster: vc-core, cpu: { ${cpu} } }`,
      ),
      expect: { "cluster:vc-core": { verdict } },
    })),
    evaluated("does not take a missing mode for EVC that is off", "ha_enabled: true", {
      verdict: "inconclusive",
      missing: ["clusters.evc_mode is not in the inventory"],
    }),
    evaluated("does not know the mode of an empty key", 'evc_mode: ""', { verdict: "inconclusive", reason: '""' }),
    {
      name: "does not choose between two inventories that differ",
      deployment,
      inventory: [cluster("evc_mode: intel-westmere"), cluster("evc_mode: intel-haswell")],
      expect: {
        "cluster:vc-core": {
          verdict: "inconclusive",
          missing: ['"intel-westmere" in inventory.yaml and "intel-haswell" in inventory2.yaml'],
        },
      },
    },
    {
      name: "takes a mode from the inventory that has it",
      deployment,
      inventory: [cluster("ha_enabled: true"), cluster("evc_mode: «intel-westmere»")],
      expect: { "cluster:vc-core": { verdict: "fail", findings: [["tooLow"]] } },
    },
    {
      name: "does not know the cluster of a host that says nothing of one",
      deployment: "conferencing_nodes: [{ name: a, hostname: a, vm: { host: esxi01 } }]",
      inventory:
        "clusters: [{ name: vc-core, evc_mode: intel-haswell }]\nhosts: [{ name: esxi01 }]\nvirtual_machines: []",
      expect: {
        "deployment:deployment": { verdict: "inconclusive", missing: ["hosts.cluster is not in the inventory"] },
      },
    },
    {
      name: "quotes the inventory's reason for a gap",
      deployment,
      inventory: `coverage: { clusters.evc_mode: hosts differ }\n${cluster("drs_enabled: true")}`,
      expect: {
        "cluster:vc-core": {
          verdict: "inconclusive",
          missing: ["clusters.evc_mode is not in the inventory (hosts differ)"],
        },
      },
    },
    {
      name: "judges a cluster that is named and described nowhere",
      deployment,
      expect: {
        "cluster:vc-core": { verdict: "inconclusive", missing: ["no inventory given; add --inventory FILE"] },
        "deployment:deployment": { verdict: "inconclusive", missing: ["no inventory given; add --inventory FILE"] },
      },
    },
    {
      name: "finds the cluster of a node's host, and of a VM",
      deployment: `
conferencing_nodes:
  - { name: a, hostname: a, vm: { host: esxi01 } }
  - { name: b, hostname: b }
`,
      inventory: `
clusters:
  - { name: one, evc_mode: intel-westmere, ha_enabled: false, drs_enabled: false }
  - { name: two, evc_mode: intel-haswell }
hosts:
  - { name: ESXI01, cluster: ONE }
  - { name: esxi02, cluster: two }
virtual_machines:
  - { name: b, host: esxi02 }
`,
      expect: { "cluster:one": { verdict: "fail" }, "cluster:two": { verdict: "pass" } },
    },
    {
      name: "does not apply where no node is on a cluster",
      deployment: "conferencing_nodes: [{ name: a, hostname: a, vm: { host: esxi01 } }]",
      inventory: "clusters: []\nhosts: [{ name: esxi01 }]\nvirtual_machines: []",
      expect: { "deployment:deployment": { verdict: "not-applicable", reason: "no node is placed on a cluster" } },
    },
  ],
  { optional: ["drs_enabled", "ha_enabled"] },
);

it.each([
  ["intel-westmere", "intel-sandybridge"],
  ["amd-rev-f", "amd-bulldozer"],
])("prints the command that lifts %s to %s, with the name quoted for PowerShell", async (mode, lowest) => {
  const [check] = await checksOf(rule, {
    deployment: deployment.replace("vc-core", `"it's $(x)"`),
    inventory: cluster(`evc_mode: ${mode}`).replaceAll("vc-core", `"it's $(x)"`),
  });
  expect(check?.remediation).toContain(`Set-Cluster -Cluster 'it''s $(x)' -EVCMode '${lowest}'`);
});
