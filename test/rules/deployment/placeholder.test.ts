import { describe, expect, it } from "vitest";
import rule from "../../../rules/deployment/placeholder.ts";
import { STARTER } from "../../../src/cli/commands/init/starter.ts";
import { isPlaceholder } from "../../../src/facts/placeholders.ts";
import { checksOf, ruleTester } from "../../support/rule-tester.ts";

const inventory = "hosts: [{ name: esxi01.corp.net }]";

ruleTester.run(
  rule,
  [
    {
      name: "passes values of a site",
      deployment: `
dns_servers: [10.44.0.10, "2a01:4f8::10"]
conferencing_nodes:
  - { name: a, hostname: a, domain: vc.example.com, address: 192.0.3.1, description: "1:2 scale, see 192.0.2" }
`,
      inventory,
      expect: { "file:deployment.yaml": { verdict: "pass" }, "file:inventory.yaml": { verdict: "pass" } },
    },
    {
      name: "fails placeholders of init anywhere",
      deployment: `
dns_servers: [«dns|192.0.2.53», 10.44.0.11]
conferencing_nodes:
  - { name: a, hostname: «hostname|REPLACE-ME-conf01», domain: «domain|vc.replace-me.example.com» }
`,
      inventory: "hosts: [{ name: «host|replace-me-esxi01.example.com» }]",
      expect: {
        "file:deployment.yaml": {
          verdict: "fail",
          severity: "error",
          findings: [
            ["placeholder", "«dns»", "Value 192.0.2.53 of dns_servers[0] is a placeholder"],
            ["placeholder", "«hostname»", "of conferencing_nodes[0].hostname"],
            ["placeholder", "«domain»", "of conferencing_nodes[0].domain"],
          ],
        },
        "file:inventory.yaml": {
          verdict: "fail",
          findings: [["placeholder", "«host»", "of hosts[0].name"]],
        },
      },
    },
    {
      name: "warns of other addresses for documentation, in any form",
      deployment: `
dns_servers: [«v4|192.0.2.7», «v6|"2001:DB8:0::35"»]
syslog_servers: [{ address: «syslog|203.0.113.9» }]
conferencing_nodes:
  - name: a
    hostname: a
    static_nat_address: «nat|198.51.100.21»
    static_routes: [{ address: «route|198.51.100.0», prefix: 24 }]
    description: «text|reached by 203.0.113.10/32»
`,
      expect: {
        "file:deployment.yaml": {
          verdict: "fail",
          severity: "warn",
          findings: [
            ["documentation", "«v4»", "reserved for documentation (192.0.2.0/24)"],
            ["documentation", "«v6»", "(2001:db8::/32)"],
            ["documentation", "«syslog»"],
            ["documentation", "«nat»"],
            ["documentation", "«route»"],
            ["documentation", "«text»"],
          ],
        },
      },
    },
    {
      name: "does not apply to what was exported from vSphere",
      deployment: "platform: { version: '25' }",
      inventory: "source: { kind: rvtools }\nhosts: [{ name: replace-me-esxi01.example.com }]",
      expect: {
        "file:deployment.yaml": { verdict: "pass" },
        "file:inventory.yaml": { verdict: "not-applicable", reason: "exported from vSphere" },
      },
    },
  ],
  { without: ["inconclusive"] },
);

describe("the files of init", () => {
  const [deployment, inventoryFile] = STARTER;

  it("fail as they are", async () => {
    const checks = await checksOf(rule, { deployment: deployment?.text ?? "", inventory: inventoryFile?.text ?? "" });
    expect(checks.map(({ verdict, severity }) => [verdict, severity])).toEqual([
      ["fail", "error"],
      ["fail", "error"],
    ]);
  });

  it("have no documentation address that the rule does not recognize as a placeholder", () => {
    const addresses = STARTER.flatMap(({ text }) => text.match(/\b192\.0\.2\.\d+/g) ?? []);
    expect(addresses.length).toBeGreaterThan(3);
    expect(addresses.filter((address) => !isPlaceholder(address))).toEqual([]);
  });
});
