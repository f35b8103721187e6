import rule from "../../../rules/vm/management-node-disk.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const evaluated = (name: string, machines: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: "management_node: { name: m, hostname: m }",
  inventory: `virtual_machines: [${machines}]`,
  expect: { "node:m": expected },
});

const withDisks = (...disks: readonly string[]) => `{ name: m, disks: [${disks.join(", ")}] }`;

ruleTester.run(rule, [
  evaluated("passes 100 GB as vSphere counts them", withDisks("{ capacity_mb: 102400 }"), { verdict: "pass" }),
  evaluated("passes 100 GB of 10⁹ bytes", withDisks("{ capacity_mb: 95368 }"), { verdict: "pass" }),
  evaluated("fails one MB less", withDisks("{ capacity_mb: «95367» }"), {
    verdict: "fail",
    findings: [["small", "Disk capacity of Management Node m is 99.9 GB; 100 GB or more"]],
    severity: "warn",
  }),
  evaluated("adds up disks", withDisks("{ capacity_mb: 51200 }", "{ capacity_mb: 51200 }"), { verdict: "pass" }),
  evaluated("passes on one disk though another is unknown", withDisks("{ capacity_mb: 102400 }", "{ thin: false }"), {
    verdict: "pass",
  }),
  evaluated(
    "is inconclusive where a disk of unknown size may suffice",
    withDisks("{ capacity_mb: 51200 }", "{ thin: false }"),
    {
      verdict: "inconclusive",
      missing: ["virtual_machines.disks.capacity_mb is not in the inventory"],
    },
  ),
  evaluated("is inconclusive without disks", withDisks(), { verdict: "inconclusive", reason: "has no disk" }),
  evaluated("is inconclusive without the list of disks", "{ name: m }", {
    verdict: "inconclusive",
    missing: ["virtual_machines.disks is not in the inventory"],
  }),
  evaluated("does not apply before there is a VM", "", {
    verdict: "not-applicable",
    reason: "applies after deployment",
  }),
]);
