import rule from "../../../rules/vm/vcpu-per-core.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const SMALL = "sockets: 2, cores: 32, threads: 64";

const evaluated = (
  name: string,
  machine: string,
  cpus: readonly string[],
  expected: RuleCase["expect"][string],
): RuleCase => ({
  name,
  deployment: "conferencing_nodes: [{ name: a, hostname: a, vm_cpu_count: 4 }]",
  inventory: `
clusters: [{ name: one, ha_enabled: true, ha_host_monitoring: true }]
hosts:
${cpus.map((cpu, index) => `  - { name: esxi0${index + 1}, cluster: one, cpu: { ${cpu} } }`).join("\n")}
virtual_machines:
  - { name: a, host: esxi01, cluster: one, ${machine} }
`,
  expect: { "node:a": expected },
});

ruleTester.run(
  rule,
  [
    evaluated("passes as many vCPUs as a socket has cores", "cpus: 16", [`${SMALL}, hyperthreading_active: false`], {
      verdict: "pass",
    }),
    evaluated("fails one more", "cpus: «17»", [`${SMALL}, hyperthreading_active: false`], {
      verdict: "fail",
      findings: [["cores", "Node a has 17 vCPUs, but one socket of esxi01 has only 16 cores."]],
      severity: "warn",
    }),
    evaluated("fails a size outside the limits", "cpus: «129»", [`${SMALL}, hyperthreading_active: false`], {
      verdict: "fail",
      findings: [["cores"]],
    }),
    evaluated("counts threads where hyperthreading is in use", "cpus: 32", [`${SMALL}, hyperthreading_active: true`], {
      verdict: "pass",
    }),
    evaluated("fails one more than that", "cpus: «33»", [`${SMALL}, hyperthreading_active: true`], {
      verdict: "fail",
      findings: [["threads", "one socket of esxi01 has only 32 threads."]],
    }),
    evaluated(
      "names the smallest of the possible hosts, though one is unknown",
      "cpus: «16»",
      [
        `${SMALL}, hyperthreading_active: false`,
        "sockets: 2, cores: 20, hyperthreading_active: false",
        "sockets: 2, cores: 16, hyperthreading_active: false",
        "sockets: 2",
      ],
      { verdict: "fail", findings: [["cores", "one socket of esxi03 has only 8 cores."]] },
    ),
    evaluated("needs to know whether hyperthreading is in use", "cpus: 4", [SMALL], {
      verdict: "inconclusive",
      missing: ["hosts.cpu.hyperthreading_active is not in the inventory"],
    }),
    evaluated("needs the threads then", "cpus: 4", ["sockets: 2, cores: 32, hyperthreading_active: true"], {
      verdict: "inconclusive",
      missing: ["hosts.cpu.threads is not in the inventory"],
    }),
    evaluated("needs the cores else", "cpus: 4", ["sockets: 2, threads: 32, hyperthreading_active: false"], {
      verdict: "inconclusive",
      missing: ["hosts.cpu.cores is not in the inventory"],
    }),
    evaluated("needs the sockets", "cpus: 4", ["cores: 32, hyperthreading_active: false"], {
      verdict: "inconclusive",
      missing: ["hosts.cpu.sockets is not in the inventory"],
    }),
    evaluated(
      "needs the VM's vCPUs, whatever is planned",
      "memory_mb: 4096",
      [`${SMALL}, hyperthreading_active: true`],
      {
        verdict: "inconclusive",
        missing: ["virtual_machines.cpus is not in the inventory"],
      },
    ),
    {
      name: "judges the plan while there is no VM",
      deployment: "conferencing_nodes: [{ name: a, hostname: a, vm_cpu_count: «12», vm: { host: esxi01 } }]",
      inventory: `
hosts: [{ name: esxi01, cluster: null, cpu: { sockets: 1, cores: 10, hyperthreading_active: false } }]
virtual_machines: []
`,
      expect: { "node:a": { verdict: "fail", findings: [["cores"]] } },
    },
    {
      name: "is inconclusive about a host that no inventory describes",
      deployment: "conferencing_nodes: [{ name: a, hostname: a, vm_cpu_count: 12, vm: { host: esxi01 } }]",
      inventory: "virtual_machines: []",
      expect: { "node:a": { verdict: "inconclusive", missing: ["host esxi01 is not in the inventory"] } },
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
