import rule from "../../../rules/host/dedicated.ts";
import { checksOf, ruleTester, type RuleCase } from "../../support/rule-tester.ts";
import { expect, it } from "vitest";

const deployment = (environment = "production") => `
platform: { environment: ${environment} }
conferencing_nodes: [{ name: a, hostname: a, vm: { host: esxi01 } }]
`;

const estate = (...machines: readonly string[]) => `
hosts: [{ name: esxi01, cluster: null }]
virtual_machines:
  - { name: a, host: esxi01, power_state: poweredOn }
${machines.map((fields) => `  - { name: ${fields} }`).join("\n")}
`;

const evaluated = (
  name: string,
  machines: readonly string[],
  expected: RuleCase["expect"][string],
  rest: Partial<RuleCase> = {},
): RuleCase => ({
  name,
  deployment: deployment(),
  inventory: estate(...machines),
  expect: { "host:esxi01": expected },
  ...rest,
});

const MAIL = "mail, host: «host-1|esxi01», power_state: poweredOn";
const WEB = "web, host: «host-2|ESXI01», power_state: poweredOn";

ruleTester.run(
  rule,
  [
    {
      name: "needs no list of Conferencing Nodes where every VM is the Management Node's",
      deployment: "management_node: { name: m, hostname: m, vm: { host: esxi01 } }",
      inventory:
        "hosts: [{ name: esxi01, cluster: null }]\nvirtual_machines: [{ name: m, host: esxi01, power_state: poweredOn }]",
      expect: { "host:esxi01": { verdict: "pass" } },
    },
    evaluated("passes a host with a node alone", [], { verdict: "pass" }),
    {
      name: "does not decide whether a VM that holds the node's address, and is called otherwise, is foreign",
      deployment:
        "conferencing_nodes: [{ name: a, hostname: a, address: 10.0.0.1, vm: { name: pexip-a, host: esxi01 } }]",
      inventory: `
hosts: [{ name: esxi01, cluster: null }]
virtual_machines: [{ name: dc01, host: esxi01, power_state: poweredOn, ip_addresses: [10.0.0.1] }]
`,
      expect: {
        "host:esxi01": {
          verdict: "inconclusive",
          missing: ["no VM is named pexip-a, but VM dc01 has the address of node a"],
        },
        "deployment:deployment": { verdict: "inconclusive" },
      },
    },
    evaluated(
      "passes several nodes on one host",
      ["m, host: esxi01, power_state: poweredOn"],
      { verdict: "pass" },
      {
        deployment: `management_node: { name: m, hostname: m }\n${deployment()}`,
      },
    ),
    evaluated(
      "passes a host that has no VM at all",
      [],
      { verdict: "pass" },
      {
        inventory: "hosts: [{ name: esxi01, cluster: null }]\nvirtual_machines: []",
      },
    ),
    evaluated("fails for each other VM that runs", [MAIL, WEB], {
      verdict: "fail",
      findings: [
        ["foreign", "«host-1»", "VM mail on host esxi01"],
        ["foreign", "«host-2»", "VM web on host esxi01"],
      ],
      severity: "error",
    }),
    evaluated(
      "warns in a test environment",
      [MAIL],
      { verdict: "fail", severity: "warn" },
      { deployment: deployment("test") },
    ),
    evaluated(
      "passes VMs that do not run, templates, vSphere's agents, and VMs elsewhere",
      [
        "old, host: esxi01, power_state: poweredOff",
        "golden, host: esxi01, template: true",
        "vCLS-4211f0a6-6f0e-4bb5-9b57-0d8e5f1f6a3c, host: esxi01, power_state: poweredOn",
        "far, host: esxi02, power_state: poweredOn",
      ],
      { verdict: "pass" },
    ),
    evaluated(
      "passes what the option allows",
      [MAIL, WEB],
      { verdict: "pass" },
      { options: { allow: ["MAIL", "w*"] } },
    ),
    evaluated(
      "fails what the option does not name",
      [MAIL, WEB],
      { verdict: "fail", findings: [["foreign", "«host-2»"]] },
      { options: { allow: ["mail"] } },
    ),
    evaluated("does not decide a VM that may run", ["mail, host: esxi01"], {
      verdict: "inconclusive",
      missing: ["virtual_machines.power_state is not in the inventory"],
    }),
    evaluated("does not decide a VM that may be here", ["mail, power_state: poweredOn"], {
      verdict: "inconclusive",
      missing: ["virtual_machines.host is not in the inventory"],
    }),
    evaluated("fails a VM that runs here although another may", [MAIL, "web, power_state: poweredOn"], {
      verdict: "fail",
      findings: [["foreign", "«host-1»"]],
    }),
    evaluated(
      "does not decide without a list of VMs",
      [],
      { verdict: "inconclusive", missing: ["the list virtual_machines is not in the inventory"] },
      {
        inventory: "hosts: [{ name: esxi01, cluster: null }]",
        expect: {
          "host:esxi01": { verdict: "inconclusive", missing: ["the list virtual_machines is not in the inventory"] },
          "deployment:deployment": { verdict: "inconclusive" },
        },
      },
    ),
    {
      name: "does not apply without nodes",
      deployment: "conferencing_nodes: []",
      expect: { "deployment:deployment": { verdict: "not-applicable" } },
    },
  ],
  { optional: ["power_state"] },
);

it("has a separate finding for each VM that stays when others are added", async () => {
  const prints = async (...machines: readonly string[]) => {
    const [check] = await checksOf(rule, { deployment: deployment(), inventory: estate(...machines) });
    return check?.findings.map(({ fingerprint }) => fingerprint) ?? [];
  };
  const [web] = await prints(WEB);
  const both = await prints(MAIL, WEB);
  expect(new Set(both).size).toBe(2);
  expect(both[1]).toBe(web);
});

it("does not report a VM as foreign while the nodes are unknown", async () => {
  const [check] = await checksOf(rule, {
    deployment: "management_node: { name: m, hostname: m, vm: { host: esxi01 } }",
    inventory: `
hosts: [{ name: esxi01, cluster: null }]
virtual_machines:
  - { name: m, host: esxi01, power_state: poweredOn, template: false }
  - { name: conf01, host: esxi01, power_state: poweredOn, template: false }
`,
  });
  expect(check).toMatchObject({
    subject: { name: "esxi01" },
    verdict: "inconclusive",
    missing: [{ what: "conferencing_nodes is not in the deployment" }],
  });
});
