import rule from "../../../rules/vm/evc-level-current.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

interface Given {
  readonly cluster?: string;
  readonly host?: string;
  readonly machine?: string;
}

const OFF = "evc_mode: null";
const HASWELL = "evc_mode: intel-haswell";
const HOST = 'version: "7.0.3", cpu: { max_evc_mode: intel-skylake }';

const on = (level: string, hardware = "hardware_version: 19") =>
  `power_state: poweredOn, min_required_evc_mode: ${level}, ${hardware}`;

const evaluated = (name: string, given: Given, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: "conferencing_nodes: [{ name: a, hostname: a }]",
  inventory: `
clusters: [{ name: one, ${given.cluster ?? HASWELL} }]
hosts: [{ name: esxi01, cluster: one, ${given.host ?? HOST} }]
virtual_machines: [{ name: a, host: esxi01, cluster: one, ${given.machine ?? on("«intel-haswell»")} }]
`,
  expect: { "node:a": expected },
});

ruleTester.run(
  rule,
  [
    evaluated("passes the cluster's mode", {}, { verdict: "pass" }),
    evaluated(
      "passes equal modes whatever blanks and capitals they have, also unknown ones",
      { cluster: "evc_mode: ' Future-Lake'", machine: on("'future-lake '") },
      { verdict: "pass" },
    ),
    evaluated(
      "fails a cluster's mode that hides AVX as well",
      { cluster: "evc_mode: intel-westmere", machine: on("«intel-nehalem»") },
      { verdict: "fail", findings: [["stale"]] },
    ),
    evaluated("passes a level above the cluster's mode", { cluster: "evc_mode: intel-westmere" }, { verdict: "pass" }),
    evaluated(
      "fails a level that hides AVX",
      { machine: on("«intel-westmere»") },
      {
        verdict: "fail",
        findings: [["stale"]],
      },
    ),
    evaluated("passes it in any case", { machine: on("Intel-Haswell") }, { verdict: "pass" }),
    evaluated(
      "passes an equal mode that is not in the table",
      { cluster: "evc_mode: intel-new", machine: on("intel-new") },
      {
        verdict: "pass",
      },
    ),
    evaluated(
      "fails a VM that was not started since the mode was raised",
      { machine: on("«intel-ivybridge»") },
      {
        verdict: "fail",
        findings: [
          [
            "stale",
            "VM a of node a runs with EVC mode intel-ivybridge, but cluster one provides intel-haswell; power cycle the VM.",
          ],
        ],
        severity: "warn",
      },
    ),
    evaluated(
      "passes a VM that was not shut down before the mode was lowered: nothing is hidden from it",
      { machine: on("intel-skylake", "cpus: 4") },
      { verdict: "pass" },
    ),
    evaluated(
      "does not choose between levels of different vendors",
      { machine: on("amd-zen", "cpus: 4") },
      { verdict: "inconclusive", reason: "amd-zen and intel-haswell are of different CPU vendors" },
    ),
    evaluated(
      "with EVC off, passes the highest mode of the host",
      { cluster: OFF, machine: on("intel-skylake") },
      {
        verdict: "pass",
      },
    ),
    evaluated(
      "with EVC off, fails a VM that was not started since",
      { cluster: OFF },
      {
        verdict: "fail",
        findings: [
          [
            "stale",
            "VM a of node a runs with EVC mode intel-haswell, but host esxi01 provides intel-skylake; power cycle the VM.",
          ],
        ],
      },
    ),
    evaluated(
      "does not apply to a lower level under an older hardware version",
      { machine: on("intel-ivybridge", "hardware_version: 18") },
      { verdict: "not-applicable", reason: "hardware version 18 may limit the VM's" },
    ),
    evaluated(
      "passes a higher one under an older hardware version",
      { machine: on("intel-skylake", "hardware_version: 11") },
      { verdict: "pass" },
    ),
    evaluated(
      "does not guess whether the hardware version is the newest",
      { host: 'version: "6.7.0"', machine: on("intel-ivybridge", "hardware_version: 14") },
      { verdict: "inconclusive", missing: ["hosts.api_version is not in the inventory"] },
    ),
    evaluated(
      "does not take an unknown ESXi for one that runs no newer version",
      { host: 'version: "9.1.0"', machine: on("intel-ivybridge", "hardware_version: 22") },
      { verdict: "inconclusive", reason: "ESXi 9.1 on esxi01" },
    ),
    evaluated(
      "needs the hardware version for a lower level",
      { machine: on("intel-ivybridge", "cpus: 4") },
      {
        verdict: "inconclusive",
        missing: ["virtual_machines.hardware_version is not in the inventory"],
      },
    ),
    evaluated(
      "does not compare with a level that is not in the table",
      { machine: on("intel-mystery") },
      {
        verdict: "inconclusive",
        reason: '"intel-mystery"',
      },
    ),
    evaluated(
      "does not compare with a mode that is not in the table",
      { cluster: "evc_mode: intel-mystery" },
      {
        verdict: "inconclusive",
        reason: '"intel-mystery"',
      },
    ),
    evaluated("does not apply where EVC plays no part", { machine: on("null") }, { verdict: "not-applicable" }),
    evaluated(
      "does not apply to a VM that is off",
      { machine: "power_state: poweredOff" },
      {
        verdict: "not-applicable",
        reason: "the node's VM is powered off",
      },
    ),
    evaluated(
      "fails a VM that is suspended",
      { machine: on("«intel-nehalem»").replace("poweredOn", "suspended") },
      { verdict: "fail", findings: [["stale"]] },
    ),
    evaluated(
      "needs the power state",
      { machine: "min_required_evc_mode: intel-haswell" },
      {
        verdict: "inconclusive",
        missing: ["virtual_machines.power_state is not in the inventory"],
      },
    ),
    evaluated(
      "needs the level",
      { machine: "power_state: poweredOn" },
      {
        verdict: "inconclusive",
        missing: ["virtual_machines.min_required_evc_mode is not in the inventory"],
      },
    ),
    evaluated(
      "does not take a missing mode for EVC that is off",
      { cluster: "ha_enabled: true, ha_host_monitoring: true" },
      {
        verdict: "inconclusive",
        missing: ["clusters.evc_mode is not in the inventory"],
      },
    ),
    evaluated(
      "with EVC off, needs the highest mode of the host",
      { cluster: OFF, host: 'version: "7.0.3"' },
      {
        verdict: "inconclusive",
        missing: ["hosts.cpu.max_evc_mode is not in the inventory"],
      },
    ),
    evaluated(
      "with EVC off, does not believe in a host without any mode",
      { cluster: OFF, host: "cpu: { max_evc_mode: null }" },
      {
        verdict: "inconclusive",
        reason: "EVC is disabled, and esxi01 supports no EVC mode according to",
      },
    ),
    {
      name: "compares on a host that stands alone with that host",
      deployment: "management_node: { name: m, hostname: m }",
      inventory: `
hosts: [{ name: esxi01, cluster: null, ${HOST} }]
virtual_machines: [{ name: m, host: esxi01, ${on("intel-skylake")} }]
`,
      expect: { "node:m": { verdict: "pass" } },
    },
    {
      name: "does not apply before there is a VM",
      deployment: "conferencing_nodes: [{ name: a, hostname: a }]",
      inventory: "virtual_machines: []",
      expect: { "node:a": { verdict: "not-applicable", reason: "applies after deployment" } },
    },
  ],
  { optional: ["cluster"] },
);
