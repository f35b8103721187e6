import rule from "../../../rules/vm/memory-reserved.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const evaluated = (name: string, machine: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: "conferencing_nodes: [{ name: a, hostname: a, vm: { memory_reservation_mb: 8192 } }]",
  inventory: `virtual_machines: [{ name: a, host: esxi01, ${machine} }]`,
  expect: { "node:a": expected },
});

const SHORT = "memory_mb: 8192, memory_reservation_mb: «memory_reservation_mb|4096», memory_reservation_locked: false";

const inTest = (name: string, inventory: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: "platform: { environment: test }\nmanagement_node: { name: m, hostname: m }",
  inventory,
  expect: { "node:m": expected },
});

const HOSTS = "hosts: [{ name: esxi01, cluster: null }, { name: esxi02, cluster: null }]";

ruleTester.run(
  rule,
  [
    evaluated("passes memory that is locked", "memory_reservation_locked: true", { verdict: "pass" }),
    evaluated(
      "passes a full reservation",
      "memory_mb: 8192, memory_reservation_mb: 8192, memory_reservation_locked: false",
      {
        verdict: "pass",
      },
    ),
    evaluated("needs no lock beside a full reservation", "memory_mb: 8192, memory_reservation_mb: 8192", {
      verdict: "pass",
    }),
    evaluated("fails a reservation that is short", SHORT.replace("4096", "«2|8191»"), {
      verdict: "fail",
      findings: [["short", "«2»", "VM a of node a has 8191 MB of its 8192 MB of memory reserved; reserve all"]],
      severity: "warn",
    }),
    evaluated("needs to know whether a short one is locked", "memory_mb: 8192, memory_reservation_mb: 4096", {
      verdict: "inconclusive",
      missing: ["virtual_machines.memory_reservation_locked is not in the inventory"],
    }),
    evaluated("needs the reservation, whatever is planned", "memory_mb: 8192, memory_reservation_locked: false", {
      verdict: "inconclusive",
      missing: ["virtual_machines.memory_reservation_mb is not in the inventory"],
    }),
    evaluated("needs the size", "memory_reservation_mb: 8192, memory_reservation_locked: false", {
      verdict: "inconclusive",
      missing: ["virtual_machines.memory_mb is not in the inventory"],
    }),
    {
      name: "does not apply before there is a VM",
      deployment: "conferencing_nodes: [{ name: a, hostname: a, vm: { memory_reservation_mb: 0 } }]",
      inventory: "virtual_machines: []",
      expect: { "node:a": { verdict: "not-applicable", reason: "applies after deployment" } },
    },
    {
      name: "warns of a shared host in production, which is another rule's matter",
      deployment: "conferencing_nodes: [{ name: a, hostname: a }]",
      inventory: `${HOSTS}
virtual_machines:
  - { name: a, host: esxi01, ${SHORT} }
  - { name: mail, host: esxi01, power_state: poweredOn }
`,
      expect: { "node:a": { verdict: "fail", findings: [["short", "«memory_reservation_mb»"]], severity: "warn" } },
    },
    inTest(
      "is an error in a test environment on a host that runs other VMs",
      `${HOSTS}
virtual_machines:
  - { name: m, host: esxi01, ${SHORT} }
  - { name: mail, host: esxi01, power_state: poweredOn }
`,
      {
        verdict: "fail",
        findings: [["shared", "«memory_reservation_mb»", "and esxi01 also runs other VMs;"]],
        severity: "error",
      },
    ),
    inTest(
      "only warns there when the others are on another host, are off, or belong to vSphere",
      `${HOSTS}
virtual_machines:
  - { name: m, host: esxi01, ${SHORT} }
  - { name: mail, host: esxi02, power_state: poweredOn }
  - { name: old, host: esxi01, power_state: poweredOff }
  - { name: vCLS (1), host: esxi01, power_state: poweredOn }
  - { name: image, host: esxi01, template: true }
`,
      { verdict: "fail", findings: [["short", "«memory_reservation_mb»"]], severity: "warn" },
    ),
    inTest(
      "does not take another VM of unknown power state for one that is off",
      `${HOSTS}
virtual_machines:
  - { name: m, host: esxi01, ${SHORT} }
  - { name: mail, host: esxi01 }
`,
      {
        verdict: "fail",
        findings: [["perhapsShared", "«memory_reservation_mb»", "its host may also run other VMs;"]],
        severity: "error",
      },
    ),
    inTest("does not take an unknown host for one of its own", `virtual_machines: [{ name: m, ${SHORT} }]`, {
      verdict: "fail",
      findings: [["perhapsShared", "«memory_reservation_mb»"]],
      severity: "error",
    }),
  ],
  { optional: ["memory_reservation_locked"] },
);
