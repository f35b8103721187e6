import rule from "../../../rules/host/cpu-overcommit.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const deployment = `
management_node: { name: m, hostname: m }
conferencing_nodes:
  - { name: a, hostname: a }
  - { name: planned, hostname: p, vm_cpu_count: 8, vm: { host: esxi01 } }
`;

const estate = (cpu: string, a = "cpus: 20", m = "cpus: 4") => `
hosts:
  - name: esxi01
    cluster: null
    cpu: { ${cpu} }
virtual_machines:
  - { name: a, host: esxi01, ${a} }
  - { name: m, host: esxi01, ${m} }
`;

const evaluated = (name: string, inventory: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment,
  inventory,
  expect: { "host:esxi01": expected },
});

const threads = (count: number) => `cores: 16, threads: «${count}», hyperthreading_active: true`;

ruleTester.run(
  rule,
  [
    evaluated("passes as many vCPUs as threads, planned nodes included", estate(threads(32)), { verdict: "pass" }),
    evaluated("fails one more", estate(threads(31)), {
      verdict: "fail",
      findings: [["over", "32 vCPUs in total; the host has 31 threads"]],
      severity: "warn",
    }),
    evaluated("adds up sizes outside the limits too", estate(threads(32), "cpus: 129"), {
      verdict: "fail",
      findings: [["over"]],
    }),
    evaluated(
      "counts cores while hyperthreading is not active",
      estate("cores: «31», threads: 62, hyperthreading_active: false"),
      {
        verdict: "fail",
        findings: [["over", "31 cores"]],
      },
    ),
    evaluated("passes as many vCPUs as cores then", estate("cores: 32, threads: 64, hyperthreading_active: false"), {
      verdict: "pass",
    }),
    evaluated("fails although the size of one VM is missing", estate(threads(27), "cpus: 20", "memory_mb: 4096"), {
      verdict: "fail",
      findings: [["over", "28 vCPUs"]],
    }),
    evaluated(
      "does not decide when the size of one VM is missing",
      estate(threads(64), "cpus: 20", "memory_mb: 4096"),
      {
        verdict: "inconclusive",
        missing: ["virtual_machines.cpus is not in the inventory"],
      },
    ),
    evaluated("does not decide without the state of hyperthreading", estate("cores: 16, threads: 32"), {
      verdict: "inconclusive",
      missing: ["hosts.cpu.hyperthreading_active is not in the inventory"],
    }),
    evaluated("does not decide without threads", estate("cores: 64, hyperthreading_active: true"), {
      verdict: "inconclusive",
      missing: ["hosts.cpu.threads is not in the inventory"],
    }),
    {
      name: "does not count other VMs, nor nodes elsewhere in the cluster",
      deployment: "conferencing_nodes: [{ name: a, hostname: a }]",
      inventory: `
clusters: [{ name: one, ha_enabled: true, ha_host_monitoring: true }]
hosts:
  - { name: esxi01, cluster: one, cpu: { cores: 8, hyperthreading_active: false } }
  - { name: esxi02, cluster: one, cpu: { cores: 4, hyperthreading_active: false } }
virtual_machines:
  - { name: a, host: esxi01, cpus: 8 }
  - { name: mail, host: esxi01, cpus: 8, power_state: poweredOn }
`,
      expect: {
        "host:esxi01": { verdict: "pass" },
        "host:esxi02": { verdict: "not-applicable", reason: "no node is on this host" },
      },
    },
    {
      name: "does not decide for a VM that may be on either of two hosts",
      deployment: "conferencing_nodes: [{ name: a, hostname: a }]",
      inventory: `
clusters: [{ name: one }]
hosts: [{ name: esxi01, cluster: one, cpu: { cores: 8, hyperthreading_active: false } }]
virtual_machines: [{ name: a, cluster: one, cpus: 4 }]
`,
      expect: {
        "host:esxi01": { verdict: "inconclusive", missing: ["virtual_machines.host is not in the inventory"] },
      },
    },
  ],
  { optional: ["ha_enabled", "ha_host_monitoring", "host", "power_state"] },
);
