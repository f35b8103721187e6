import { expect, it } from "vitest";
import rule from "../../../rules/vm/tools-time-sync-off.ts";
import { checksOf, ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const deployment = "conferencing_nodes: [{ name: a, hostname: a }]";

const evaluated = (name: string, machines: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment,
  inventory: `virtual_machines: [${machines}]`,
  expect: { "node:a": expected },
});

ruleTester.run(rule, [
  evaluated("passes a VM whose clock is left to NTP", "{ name: a, tools_time_sync: false }", { verdict: "pass" }),
  evaluated("fails a VM whose clock VMware Tools sets", "{ name: a, tools_time_sync: «true» }", {
    verdict: "fail",
    findings: [["on", "VMware Tools synchronizes the clock of VM a of node a"]],
    severity: "info",
  }),
  evaluated("does not pass a VM of which it is not known", "{ name: a }", {
    verdict: "inconclusive",
    missing: ["virtual_machines.tools_time_sync is not in the inventory"],
  }),
  evaluated("does not apply before there is a VM", "{ name: b, tools_time_sync: true }", {
    verdict: "not-applicable",
    reason: "applies after deployment",
  }),
  {
    name: "does not know without an inventory whether there is a VM",
    deployment,
    expect: { "node:a": { verdict: "inconclusive", missing: ["no inventory given"] } },
  },
]);

it("prints the command that does not change the clock", async () => {
  const inventory = "virtual_machines: [{ name: a b, ip_addresses: [10.0.0.1], tools_time_sync: true }]";
  const [check] = await checksOf(rule, { deployment: deployment.replace("hostname: a", "hostname: a b"), inventory });
  expect(check?.remediation?.split("\n").slice(1)).toEqual(["govc vm.change -vm 'a b' -sync-time-with-host=false"]);
});
