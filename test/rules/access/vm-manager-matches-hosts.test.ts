import rule from "../../../rules/access/vm-manager-matches-hosts.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const deployment = (manager: string) => `
vm_manager: { ${manager} }
conferencing_nodes: [{ name: a, hostname: a, vm: { cluster: one } }]
`;

const hosts = (...fields: readonly string[]) => `
clusters: [{ name: one }]
hosts:
${fields.map((field, index) => `  - { name: esxi${index + 1}, cluster: one, ${field} }`).join("\n")}
virtual_machines: []
`;

const vcenter = (fields: string) => `
vcenter:
  ${fields}
${hosts("managed_by_vcenter: true")}`;

const evaluated = (
  name: string,
  manager: string,
  inventory: string | readonly string[],
  expected: RuleCase["expect"][string],
): RuleCase => ({
  name,
  deployment: deployment(manager),
  inventory,
  expect: { [`vm-manager:${/address: «?([^,»]+)/.exec(manager)?.[1] ?? "vm_manager"}`]: expected },
});

const NAMED = "address: «vcenter01.example.com», type: vcenter";
const ESXI = "address: esxi1.example.com, type: «esxi»";
const MANAGED = "managed_by_vcenter: true";
const ALONE = "managed_by_vcenter: false";
const SAME = "{ address: VCENTER01.example.com., api_type: VirtualCenter }";

ruleTester.run(
  rule,
  [
    evaluated("passes the inventory's vCenter, in any case", NAMED, vcenter(SAME), { verdict: "pass" }),
    evaluated("passes it with a port", "address: vcenter01.example.com:8443, type: vcenter", vcenter(SAME), {
      verdict: "pass",
    }),
    evaluated("fails another vCenter", NAMED, vcenter("{ address: vcenter02.example.com, api_type: VirtualCenter }"), {
      verdict: "fail",
      findings: [["address", "not vcenter02.example.com, the vCenter that manages the hosts of the inventory."]],
      severity: "warn",
    }),
    evaluated("fails another vCenter by a short name", "address: «vcenter02», type: vcenter", vcenter(SAME), {
      verdict: "fail",
      findings: [["address", "not VCENTER01.example.com"]],
    }),
    evaluated(
      "passes one of several vCenters",
      NAMED,
      [vcenter("{ address: vcenter02.example.com, api_type: VirtualCenter }"), `vcenter: ${SAME}`],
      { verdict: "pass" },
    ),
    evaluated(
      "fails none of several vCenters",
      "address: «vcenter09.example.com», type: vcenter",
      [vcenter("{ address: vcenter02.example.com, api_type: VirtualCenter }"), `vcenter: ${SAME}`],
      { verdict: "fail", findings: [["address", "vcenter02.example.com, VCENTER01.example.com."]] },
    ),
    evaluated(
      "does not decide while one of several inventories names none",
      "address: vcenter09.example.com, type: vcenter",
      [vcenter(SAME), "datastores: []"],
      { verdict: "inconclusive", missing: ["vcenter.api_type is not in the inventory"] },
    ),
    evaluated(
      "does not compare a name with an address",
      NAMED,
      vcenter("{ address: 10.44.0.7, api_type: VirtualCenter }"),
      {
        verdict: "inconclusive",
        reason: "cannot be determined without DNS",
      },
    ),
    evaluated(
      "does not compare a short name with a full one",
      NAMED,
      vcenter("{ address: vcenter01, api_type: VirtualCenter }"),
      {
        verdict: "inconclusive",
        reason: "cannot be determined without DNS",
      },
    ),
    evaluated(
      "compares addresses",
      "address: 10.44.0.7, type: vcenter",
      vcenter("{ address: 10.44.0.8, api_type: VirtualCenter }"),
      {
        verdict: "fail",
      },
    ),
    evaluated(
      "does not decide by the inventory of an ESXi host",
      NAMED,
      vcenter("{ address: esxi1, api_type: HostAgent }"),
      {
        verdict: "inconclusive",
        reason: "contains no vCenter",
      },
    ),
    evaluated("does not decide without the vCenter's address", NAMED, vcenter("{ api_type: VirtualCenter }"), {
      verdict: "inconclusive",
      missing: ["vcenter.address is not in the inventory"],
    }),
    evaluated("does not decide without the kind of server", NAMED, vcenter("{ address: vcenter01.example.com }"), {
      verdict: "inconclusive",
      missing: ["vcenter.api_type is not in the inventory"],
    }),
    evaluated("does not decide without a type", "address: vcenter01.example.com", vcenter(SAME), {
      verdict: "inconclusive",
      missing: ["vm_manager.type is not in the deployment"],
    }),
    evaluated("does not decide without an address", "type: vcenter", vcenter(SAME), {
      verdict: "inconclusive",
      missing: ["vm_manager.address is not in the deployment"],
    }),
    evaluated("passes an ESXi host where no vCenter manages the hosts", ESXI, hosts(ALONE, ALONE), { verdict: "pass" }),
    evaluated("fails an ESXi host where vCenter manages one of the hosts", ESXI, hosts(ALONE, MANAGED), {
      verdict: "fail",
      findings: [["type", "vCenter manages host esxi2"]],
    }),
    evaluated("fails it although another host is not known", ESXI, hosts("version: 6.7.0", MANAGED), {
      verdict: "fail",
      findings: [["type"]],
    }),
    evaluated("does not decide when a host is not known", ESXI, hosts("version: 6.7.0", ALONE), {
      verdict: "inconclusive",
      missing: ["hosts.managed_by_vcenter is not in the inventory"],
    }),
    {
      name: "does not decide without inventory",
      deployment: deployment(NAMED),
      expect: { "vm-manager:vcenter01.example.com": { verdict: "inconclusive", missing: ["no inventory given"] } },
    },
    {
      name: "does not apply without a VM manager",
      deployment: "conferencing_nodes: []",
      expect: { "deployment:deployment": { verdict: "not-applicable", reason: "no VM manager is declared" } },
    },
  ],
  { optional: ["cluster"] },
);
