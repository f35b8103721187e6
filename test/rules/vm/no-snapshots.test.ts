import { expect, it } from "vitest";
import rule from "../../../rules/vm/no-snapshots.ts";
import { checksOf, ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const deployment = "management_node: { name: m, hostname: m }";

const evaluated = (name: string, machines: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment,
  inventory: `virtual_machines: [${machines}]`,
  expect: { "node:m": expected },
});

ruleTester.run(rule, [
  evaluated("passes a VM without snapshots", "{ name: m, snapshots: 0 }", { verdict: "pass" }),
  evaluated("fails a VM with one", "{ name: m, snapshots: «1» }", {
    verdict: "fail",
    findings: [["some", "VM m of node m has snapshots (1); delete those that are no longer needed."]],
    severity: "info",
  }),
  evaluated("does not look at other VMs", "{ name: m, snapshots: 0 }, { name: mail, snapshots: 9 }", {
    verdict: "pass",
  }),
  evaluated("does not pass a VM of which it is not known", "{ name: m }", {
    verdict: "inconclusive",
    missing: ["virtual_machines.snapshots is not in the inventory"],
  }),
  evaluated("does not apply before there is a VM", "", {
    verdict: "not-applicable",
    reason: "applies after deployment",
  }),
  {
    name: "does not know without an inventory whether there is a VM",
    deployment,
    expect: { "node:m": { verdict: "inconclusive", missing: ["no inventory given"] } },
  },
]);

it("prints the command that deletes them", async () => {
  const [check] = await checksOf(rule, { deployment, inventory: "virtual_machines: [{ name: m, snapshots: 2 }]" });
  expect(check?.remediation?.split("\n").slice(1)).toEqual(["govc snapshot.remove -vm m '*'"]);
});
