import rule from "../../../rules/vm/hardware-version-avx512.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const deployment = `
conferencing_nodes:
  - name: a
    hostname: a
    vm: { hardware_version: 13 }
`;

const HOST = 'version: "7.0.3", cpu: { features: { avx512f: true } }';

const inventory = (
  machine: string,
  hosts: readonly string[],
  clusters = "clusters: [{ name: one, ha_enabled: true, ha_host_monitoring: true }]",
) => `
${clusters}
hosts:
${hosts.map((host, index) => `  - { name: esxi0${index + 1}, cluster: one, ${host} }`).join("\n")}
virtual_machines:
  - { name: a, host: esxi01, cluster: one, ${machine} }
`;

const evaluated = (
  name: string,
  machine: string,
  hosts: readonly string[],
  expected: RuleCase["expect"][string],
): RuleCase => ({ name, deployment, inventory: inventory(machine, hosts), expect: { "node:a": expected } });

ruleTester.run(
  rule,
  [
    evaluated("passes the lowest version that shows AVX-512", "hardware_version: 14", [HOST], { verdict: "pass" }),
    evaluated("fails the lowest version that shows AVX2 on its own", "hardware_version: «11»", [HOST], {
      verdict: "fail",
      findings: [["tooOld"]],
    }),
    evaluated("fails one that hides AVX2 as well, and depends on that", "hardware_version: «10»", [HOST], {
      verdict: "fail",
      findings: [["tooOld"]],
    }),
    evaluated("fails the one below", "hardware_version: «13»", [HOST, HOST], {
      verdict: "fail",
      findings: [["tooOld", "Hardware version 13 of node a hides AVX-512"]],
      severity: "info",
    }),
    evaluated(
      "fails a version that hides even AVX2",
      "hardware_version: «10»",
      [HOST.replace("avx512f", "avx2: true, avx512f")],
      { verdict: "fail", findings: [["tooOld"]] },
    ),
    evaluated("does not where that one is inconclusive", "hardware_version: 10", [HOST], { verdict: "fail" }),
    evaluated("fails what Pexip does not take at all", "hardware_version: «7»", [HOST], {
      verdict: "fail",
      findings: [["tooOld"]],
    }),
    evaluated("takes the lowest ESXi that has it", "hardware_version: 13", [HOST.replace("7.0.3", "6.7.0")], {
      verdict: "fail",
    }),
    evaluated("does not apply to ESXi before 6.7", "hardware_version: 13", [HOST.replace("7.0.3", "6.5.0")], {
      verdict: "not-applicable",
      reason: "esxi01 runs ESXi older than 6.7",
    }),
    evaluated(
      "does not apply where one possible host has no AVX-512, though another is unknown",
      "hardware_version: 13",
      [HOST, 'version: "7.0.3"', HOST.replace("true", "false")],
      { verdict: "not-applicable", reason: "esxi03 has no AVX-512" },
    ),
    evaluated(
      "does not apply under an EVC mode that hides AVX-512",
      "hardware_version: 13",
      ['version: "7.0.3", cpu: { evc_mode: intel-haswell }'],
      {
        verdict: "not-applicable",
        reason: "esxi01 has no AVX-512",
      },
    ),
    evaluated(
      "takes AVX-512 from an EVC mode",
      "hardware_version: «13»",
      ['version: "7.0.3", cpu: { evc_mode: intel-icelake }'],
      {
        verdict: "fail",
        findings: [["tooOld", "Hardware version 13"]],
      },
    ),
    evaluated("needs the feature of every host", "hardware_version: 14", [HOST, 'version: "7.0.3"'], {
      verdict: "inconclusive",
      missing: ["clusters.evc_mode is not in the inventory"],
    }),
    evaluated(
      "needs the ESXi version of every host",
      "hardware_version: 14",
      [HOST, "cpu: { features: { avx512f: true } }"],
      {
        verdict: "inconclusive",
        missing: ["hosts.version is not in the inventory"],
      },
    ),
    evaluated("needs the version of the VM, whatever is planned", "cpus: 4", [HOST], {
      verdict: "inconclusive",
      missing: ["virtual_machines.hardware_version is not in the inventory"],
    }),
    {
      name: "judges the plan while there is no VM",
      deployment: deployment.replace("13", "«13», host: esxi01"),
      inventory: `hosts: [{ name: esxi01, cluster: null, ${HOST} }]\nvirtual_machines: []`,
      expect: { "node:a": { verdict: "fail", findings: [["tooOld"]] } },
    },
    {
      name: "leaves the Management Node alone",
      deployment: "management_node: { name: m, hostname: m }\nconferencing_nodes: []",
      inventory: "virtual_machines: []",
      expect: { "deployment:deployment": { verdict: "not-applicable" } },
    },
  ],
  { optional: ["cluster", "ha_enabled", "ha_host_monitoring", "host"] },
);
