import rule from "../../../rules/vm/hardware-version-runs-on-host.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const deployment = "conferencing_nodes: [{ name: a, hostname: a, vm: { hardware_version: 8 } }]";

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
  - { name: a, host: esxi01, cluster: one, ${machine} }
`,
  expect: { "node:a": expected },
});

ruleTester.run(
  rule,
  [
    evaluated("passes the newest version of the host", "hardware_version: 19", ['version: "7.0.3"'], {
      verdict: "pass",
    }),
    evaluated("fails the one above", "hardware_version: «20»", ['version: "7.0.3"'], {
      verdict: "fail",
      findings: [["tooNew", "Hardware version 20 of node a is not supported by host esxi01; use 19 or earlier,"]],
      severity: "error",
    }),
    evaluated(
      "looks at every possible host, and names the one that runs least",
      "hardware_version: «vmx-19»",
      ['version: "7.0.3"', 'version: "7.0.1"', 'version: "6.7.0", api_version: "6.7.3"'],
      { verdict: "fail", findings: [["tooNew", "is not supported by host esxi03; use 15 or earlier,"]] },
    ),
    evaluated("fails an ESXi that is not supported", "hardware_version: «8»", ['version: "4.1.0"'], {
      verdict: "fail",
      findings: [["tooNew"]],
    }),
    evaluated(
      "fails for one host though another is unknown",
      "hardware_version: «19»",
      ["memory_mb: 65536", 'version: "6.5.0"'],
      {
        verdict: "fail",
        findings: [["tooNew", "esxi02"]],
      },
    ),
    evaluated("does not guess the update level of 6.7", "hardware_version: 15", ['version: "6.7.0"'], {
      verdict: "inconclusive",
      missing: ["hosts.api_version is not in the inventory"],
    }),
    evaluated("does not need it where it makes no difference", "hardware_version: «16»", ['version: "6.7.0"'], {
      verdict: "fail",
      findings: [["tooNew", "node a is not supported by host esxi01; use 15"]],
    }),
    evaluated("passes what every update runs", "hardware_version: 14", ['version: "6.7.0"'], { verdict: "pass" }),
    evaluated("does not take an unknown ESXi for a fine one", "hardware_version: 15", ['version: "6.6.0"'], {
      verdict: "inconclusive",
      missing: ["the hardware versions of ESXi 6.6 on esxi01 are not in this program's table"],
    }),
    evaluated("passes on a newer ESXi what the newest known one runs", "hardware_version: 22", ['version: "9.1.0"'], {
      verdict: "pass",
    }),
    evaluated("does not guess what else a newer ESXi runs", "hardware_version: 23", ['version: "9.1.0"'], {
      verdict: "inconclusive",
      reason: "ESXi 9.1 on esxi01 is newer than this program's table; it supports at least hardware version 22",
    }),
    evaluated(
      "needs the ESXi version of every possible host",
      "hardware_version: 15",
      ['version: "7.0.3"', "memory_mb: 1"],
      {
        verdict: "inconclusive",
        missing: ["hosts.version is not in the inventory"],
      },
    ),
    evaluated("needs the version of the VM, whatever is planned", "cpus: 4", ['version: "7.0.3"'], {
      verdict: "inconclusive",
      missing: ["virtual_machines.hardware_version is not in the inventory"],
    }),
    {
      name: "judges the plan while there is no VM",
      deployment: "conferencing_nodes: [{ name: a, hostname: a, vm: { host: esxi01, hardware_version: «14» } }]",
      inventory: 'hosts: [{ name: esxi01, cluster: null, version: "6.5.0" }]\nvirtual_machines: []',
      expect: { "node:a": { verdict: "fail", findings: [["tooNew"]] } },
    },
    {
      name: "is inconclusive where no host is known",
      deployment: "conferencing_nodes: [{ name: a, hostname: a, vm: { hardware_version: 14 } }]",
      inventory: "virtual_machines: []",
      expect: { "node:a": { verdict: "inconclusive", missing: [": no VM in the inventory, no vm.host"] } },
    },
    {
      name: "does not apply to a deployment without nodes",
      deployment: "conferencing_nodes: []",
      inventory: "virtual_machines: []",
      expect: { "deployment:deployment": { verdict: "not-applicable" } },
    },
  ],
  { optional: ["cluster", "ha_enabled", "ha_host_monitoring", "host"] },
);
