import rule from "../../../rules/vm/no-resource-limits.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const evaluated = (name: string, machine: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: "management_node: { name: m, hostname: m }",
  inventory: `virtual_machines: [{ name: m, ${machine} }]`,
  expect: { "node:m": expected },
});

ruleTester.run(rule, [
  evaluated("passes a VM without limits", "cpu_limit_mhz: null, memory_limit_mb: null", { verdict: "pass" }),
  evaluated(
    "fails each limit, also one of the full size",
    "cpu_limit_mhz: «10000», memory_limit_mb: «4096», memory_mb: 4096",
    {
      verdict: "fail",
      findings: [
        ["limited", "VM m of node m has a limit of 10000 MHz of CPU"],
        ["limited", "VM m of node m has a limit of 4096 MB of memory"],
      ],
      severity: "warn",
    },
  ),
  evaluated("fails a limit of 0", "cpu_limit_mhz: null, memory_limit_mb: «0»", {
    verdict: "fail",
    findings: [["limited"]],
  }),
  evaluated("fails one limit though the other is unknown", "memory_limit_mb: «4096»", {
    verdict: "fail",
    findings: [["limited"]],
  }),
  evaluated("does not take a missing CPU limit for none", "memory_limit_mb: null", {
    verdict: "inconclusive",
    missing: ["virtual_machines.cpu_limit_mhz is not in the inventory"],
  }),
  evaluated("does not take a missing memory limit for none", "cpu_limit_mhz: null", {
    verdict: "inconclusive",
    missing: ["virtual_machines.memory_limit_mb is not in the inventory"],
  }),
  {
    name: "does not apply before there is a VM",
    deployment: "conferencing_nodes: [{ name: a, hostname: a }]",
    inventory: "virtual_machines: []",
    expect: { "node:a": { verdict: "not-applicable", reason: "applies after deployment" } },
  },
]);
