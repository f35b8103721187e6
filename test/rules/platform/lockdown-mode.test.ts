import { expect, it } from "vitest";
import rule from "../../../rules/platform/lockdown-mode.ts";
import { checksOf, ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const deployment = "conferencing_nodes: [{ name: a, hostname: a, vm: { host: esxi01 } }]";
const estate = (fields: string) => `
hosts:
  - { name: esxi01, cluster: null, ${fields} }
virtual_machines: []
`;

const evaluated = (name: string, fields: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment,
  inventory: estate(fields),
  expect: { "host:esxi01": expected },
});

ruleTester.run(rule, [
  evaluated("passes normal lockdown", "managed_by_vcenter: true, lockdown_mode: lockdownNormal", { verdict: "pass" }),
  evaluated("passes strict lockdown", "managed_by_vcenter: true, lockdown_mode: lockdownStrict", { verdict: "pass" }),
  evaluated("fails no lockdown", "managed_by_vcenter: true, lockdown_mode: «lockdownDisabled»", {
    verdict: "fail",
    findings: [["off", "esxi01 is managed by vCenter but not in lockdown mode"]],
    severity: "warn",
  }),
  evaluated(
    "does not apply to a host that no vCenter manages",
    "managed_by_vcenter: false, lockdown_mode: lockdownDisabled",
    {
      verdict: "not-applicable",
      reason: "the host is not managed by vCenter",
    },
  ),
  evaluated("does not decide without the mode", "managed_by_vcenter: true", {
    verdict: "inconclusive",
    missing: ["hosts.lockdown_mode is not in the inventory"],
  }),
  evaluated("does not decide without knowing who manages the host", "lockdown_mode: lockdownNormal", {
    verdict: "inconclusive",
    missing: ["hosts.managed_by_vcenter is not in the inventory"],
  }),
]);

it.each([
  ["version: 6.7.0", true],
  ["version: 5.5.0", false],
  ["edition: standard", false],
])("gives the command for ESXi 6.0 and later (%s: %s)", async (fields, isGiven) => {
  const inventory = estate(`managed_by_vcenter: true, lockdown_mode: lockdownDisabled, ${fields}`);
  const [check] = await checksOf(rule, { deployment, inventory });
  const command = `(Get-View (Get-VMHost -Name 'esxi01').ExtensionData.ConfigManager.HostAccessManager).ChangeLockdownMode('lockdownNormal')`;
  expect(check?.remediation?.split("\n").includes(command)).toBe(isGiven);
});
