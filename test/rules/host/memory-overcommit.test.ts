import rule from "../../../rules/host/memory-overcommit.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const deployment = `
management_node: { name: m, hostname: m }
conferencing_nodes:
  - { name: a, hostname: a }
  - { name: planned, hostname: p, vm_system_memory: 8192, vm: { host: esxi01 } }
`;

const estate = (host: string, a = "memory_mb: 16384", m = "memory_mb: 4096") => `
hosts:
  - { name: esxi01, cluster: null, ${host} }
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

ruleTester.run(
  rule,
  [
    evaluated("passes as much memory as the host has, planned nodes included", estate("memory_mb: 28672"), {
      verdict: "pass",
    }),
    evaluated("depends on each node without which the others fit", estate("memory_mb: «20480»"), {
      verdict: "fail",
      findings: [["over", "28672 MB of memory in total; the host has 20480 MB"]],
    }),
    evaluated("fails one MB more", estate("memory_mb: «28671»"), {
      verdict: "fail",
      findings: [["over", "28672 MB of memory in total; the host has 28671 MB"]],
      severity: "warn",
    }),
    evaluated(
      "fails although the size of one VM is missing",
      estate("memory_mb: «20000»", "memory_mb: 16384", "cpus: 4"),
      {
        verdict: "fail",
        findings: [["over", "24576 MB"]],
      },
    ),
    evaluated("does not decide when the size of one VM is missing", estate("memory_mb: 65536", "cpus: 4"), {
      verdict: "inconclusive",
      missing: ["virtual_machines.memory_mb is not in the inventory"],
    }),
    evaluated("does not decide without the host's memory", estate("version: 6.7.0"), {
      verdict: "inconclusive",
      missing: ["hosts.memory_mb is not in the inventory"],
    }),
    {
      name: "does not apply to a host that a node may move to but is not on",
      deployment: "conferencing_nodes: [{ name: a, hostname: a }]",
      inventory: `
clusters: [{ name: one, ha_enabled: true, ha_host_monitoring: true }]
hosts:
  - { name: esxi01, cluster: one, memory_mb: 8192 }
  - { name: esxi02, cluster: one, memory_mb: 4096 }
virtual_machines:
  - { name: a, host: esxi01, memory_mb: 8192 }
  - { name: mail, host: esxi01, memory_mb: 8192, power_state: poweredOn }
`,
      expect: {
        "host:esxi01": { verdict: "pass" },
        "host:esxi02": { verdict: "not-applicable", reason: "no node is on this host" },
      },
    },
  ],
  { optional: ["ha_enabled", "ha_host_monitoring", "host", "power_state"] },
);
