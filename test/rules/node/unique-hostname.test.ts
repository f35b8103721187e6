import { expect, it } from "vitest";
import rule from "../../../rules/node/unique-hostname.ts";
import { checksOf, ruleTester, type RuleCase } from "../../support/rule-tester.ts";

/** Two conferencing nodes, named a and b. */
const two = (name: string, a: string, b: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: `
conferencing_nodes:
  - name: a
    hostname: ${a}
  - name: b
    hostname: ${b}
`,
  expect: { "node:a": { verdict: "pass" }, "node:b": expected },
});

const TAKEN = { verdict: "fail", findings: [["duplicate", "of node b is already used by node a"]] } as const;

ruleTester.run(rule, [
  two("passes different hostnames", "conf01", "conf02", { verdict: "pass" }),
  two("fails the later of two that are equal", "conf01", "«conf01»", TAKEN),
  two("does not care about case", "conf01", "«CONF01»", TAKEN),
  two("does not care about a final dot", "conf01", "«conf01.»", TAKEN),
  two("compares the first label when a hostname is written as an FQDN", "conf01", "«conf01.dmz.example.com»", TAKEN),
  two("tells a name from one that it begins with", "conf01", "conf011", { verdict: "pass" }),
  two("is not misled by names that objects have by themselves", "constructor", "__proto__", { verdict: "pass" }),
  {
    name: "does not care about the domain",
    deployment: `
conferencing_nodes:
  - { name: a, hostname: edge01, domain: vc.example.com }
  - { name: b, hostname: «edge01», domain: dmz.example.com }
`,
    expect: {
      "node:a": { verdict: "pass" },
      "node:b": { verdict: "fail", findings: [["duplicate"]] },
    },
  },
  {
    name: "names the first for each of the later ones",
    deployment: `
conferencing_nodes:
  - { name: a, hostname: x }
  - { name: b, hostname: «X» }
  - { name: c, hostname: «x» }
`,
    expect: {
      "node:a": { verdict: "pass" },
      "node:b": { verdict: "fail", findings: [["duplicate", "is already used by node a"]] },
      "node:c": { verdict: "fail", findings: [["duplicate", "is already used by node a"]] },
    },
  },
  {
    name: "fails the conferencing node when the management node stands first",
    deployment: `
management_node: { name: m, hostname: vc01 }
conferencing_nodes: [{ name: a, hostname: «vc01» }]
`,
    expect: {
      "node:m": { verdict: "pass" },
      "node:a": { verdict: "fail", findings: [["duplicate", "vc01 of node a is already used by node m"]] },
    },
  },
  {
    name: "fails the management node when it stands later",
    deployment: `
conferencing_nodes: [{ name: a, hostname: vc01 }]
management_node: { name: m, hostname: «vc01» }
`,
    expect: {
      "node:a": { verdict: "pass" },
      "node:m": { verdict: "fail", findings: [["duplicate", "is already used by node a"]] },
    },
  },
  {
    name: "tells nodes of the same name apart",
    deployment: `
conferencing_nodes:
  - { name: a, hostname: x }
  - { name: a, hostname: «x» }
`,
    expect: {
      "node:a": { verdict: "pass" },
      "node:a#2": {
        verdict: "fail",
        findings: [["duplicate", "of node a#2 is already used by node a;"]],
      },
    },
  },
  {
    name: "judges hostnames that come through an anchor",
    deployment: `
x-common: &common { domain: vc.example.com, hostname: «conf01» }
conferencing_nodes:
  - { name: a, <<: *common }
  - { name: b, <<: *common }
`,
    expect: {
      "node:a": { verdict: "pass" },
      "node:b": { verdict: "fail", findings: [["duplicate"]] },
    },
  },
  {
    name: "does not apply where no node is declared",
    deployment: "conferencing_nodes: []",
    expect: { "deployment:deployment": { verdict: "not-applicable", reason: "the deployment has no node" } },
  },
  {
    name: "does not take a deployment without the key for one without nodes",
    deployment: "domains: []",
    expect: {
      "deployment:deployment": { verdict: "inconclusive", missing: ["conferencing_nodes is not in the deployment"] },
    },
  },
]);

it("points to the first node as well", async () => {
  const checks = await checksOf(rule, {
    deployment: "conferencing_nodes:\n  - { name: a, hostname: x }\n  - { name: b, hostname: x }\n",
  });
  expect(checks[1]?.findings[0]?.related).toMatchObject([
    { message: "also used by node a", location: { line: 2, column: 26 } },
  ]);
});
