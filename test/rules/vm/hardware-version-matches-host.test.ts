import rule from "../../../rules/vm/hardware-version-matches-host.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const deployment = `
management_node:
  name: m
  hostname: m
  vm: { hardware_version: 19 }
`;

const evaluated = (
  name: string,
  machine: string,
  hosts: readonly string[],
  expected: RuleCase["expect"][string],
): RuleCase => ({
  name,
  deployment,
  inventory: `
clusters: [{ name: one, ha_enabled: true, ha_host_monitoring: true }]
hosts:
${hosts.map((host, index) => `  - { name: esxi0${index + 1}, cluster: one, ${host} }`).join("\n")}
virtual_machines:
  - { name: m, host: esxi01, cluster: one, ${machine} }
`,
  expect: { "node:m": expected },
});

const U3 = 'version: "7.0.3"';

ruleTester.run(
  rule,
  [
    evaluated("passes the newest version of the host", "hardware_version: 19", [U3], { verdict: "pass" }),
    evaluated("passes a newer one, which is another rule's matter", "hardware_version: 20", [U3], { verdict: "pass" }),
    evaluated("fails the one below", "hardware_version: «18»", [U3], {
      verdict: "fail",
      findings: [["older", "Hardware version 18 of node m is below 19"]],
      severity: "info",
    }),
    evaluated("fails what Pexip does not take at all", "hardware_version: «7»", [U3], {
      verdict: "fail",
      findings: [["older"]],
    }),
    {
      name: "fails a version that hides AVX-512",
      deployment: "conferencing_nodes: [{ name: a, hostname: a, vm: { host: esxi01, hardware_version: «13» } }]",
      inventory: `
hosts: [{ name: esxi01, cluster: null, ${U3}, cpu: { features: { avx2: true, avx512f: true } } }]
virtual_machines: []
`,
      expect: { "node:a": { verdict: "fail", findings: [["older"]] } },
    },
    {
      name: "fails by an ESXi that is not supported too",
      deployment: `platform: { version: 25 }\n${deployment}`,
      inventory: `
hosts: [{ name: esxi01, cluster: null, ${U3} }]
virtual_machines: [{ name: m, host: esxi01, cluster: null, hardware_version: «15» }]
`,
      expect: { "node:m": { verdict: "fail", findings: [["older"]] } },
    },
    evaluated("asks for no more than the lowest possible host runs", "hardware_version: 17", [U3, 'version: "7.0.0"'], {
      verdict: "pass",
    }),
    evaluated("does not read the update level of 6.7 from its version", "hardware_version: 14", ['version: "6.7.0"'], {
      verdict: "inconclusive",
      missing: ["hosts.api_version is not in the inventory"],
    }),
    evaluated("reads it from the build", "hardware_version: 14", ['version: "6.7.0", build: "8169922"'], {
      verdict: "pass",
    }),
    evaluated("reads it from the API version", "hardware_version: «14»", ['version: "6.7.0", api_version: "6.7.2"'], {
      verdict: "fail",
      findings: [["older", "below 15"]],
    }),
    evaluated(
      "says so when the API version does not tell it",
      "hardware_version: 14",
      ['version: "6.7.0", api_version: "6.7"'],
      {
        verdict: "inconclusive",
        reason: "the update level of ESXi on esxi01 is not in the inventory; its newest hardware version is 14 or 15",
      },
    ),
    evaluated("does not need it where it makes no difference", "hardware_version: «13»", ['version: "6.7.0"'], {
      verdict: "fail",
      findings: [["older", "below 14"]],
    }),
    evaluated("passes where it makes no difference", "hardware_version: 15", ['version: "6.7.0"'], { verdict: "pass" }),
    evaluated("does not take an unknown ESXi for a fine one", "hardware_version: 22", ['version: "9.1.0"'], {
      verdict: "inconclusive",
      reason: "ESXi 9.1 on esxi01",
    }),
    evaluated(
      "fails on a newer ESXi what is below the newest known version",
      "hardware_version: «21»",
      ['version: "9.1.0"'],
      {
        verdict: "fail",
        findings: [["older", "below 22"]],
      },
    ),
    evaluated("names the unknown update", "hardware_version: 21", ['version: "8.0.4"'], {
      verdict: "inconclusive",
      reason: "ESXi 8.0 update 4 on esxi01",
    }),
    evaluated("needs the ESXi version of every possible host", "hardware_version: 19", [U3, "memory_mb: 65536"], {
      verdict: "inconclusive",
      missing: ["hosts.version is not in the inventory"],
    }),
    evaluated("needs the version of the VM, whatever is planned", "cpus: 4", [U3], {
      verdict: "inconclusive",
      missing: ["virtual_machines.hardware_version is not in the inventory"],
    }),
    {
      name: "judges the plan of a node without VM on its planned host",
      deployment: `
conferencing_nodes:
  - { name: a, hostname: a, vm: { host: esxi01, hardware_version: 19 } }
  - { name: b, hostname: b, vm: { host: esxi01, hardware_version: «17» } }
  - { name: c, hostname: c, vm: { hardware_version: 17 } }
`,
      inventory: `hosts: [{ name: esxi01, cluster: null, ${U3} }]\nvirtual_machines: []`,
      expect: {
        "node:a": { verdict: "pass" },
        "node:b": { verdict: "fail", findings: [["older"]] },
        "node:c": { verdict: "inconclusive", missing: [": no VM in the inventory, no vm.host, no vm.cluster"] },
      },
    },
    {
      name: "does not apply to a deployment without nodes",
      deployment: "conferencing_nodes: []",
      inventory: "virtual_machines: []",
      expect: { "deployment:deployment": { verdict: "not-applicable" } },
    },
  ],
  { optional: ["cluster", "ha_enabled", "ha_host_monitoring", "hardware_version", "host"] },
);
