import rule from "../../../rules/node/domain-valid.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const domain = (name: string, written: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: `conferencing_nodes:\n  - name: a\n    hostname: a\n    domain: «${JSON.stringify(written)}»`,
  expect: { "node:a": expected },
});

const invalid = { verdict: "fail", findings: [["invalid", "is not a valid domain name"]] } as const;
const long = `${"a".repeat(60)}.${"b".repeat(60)}.${"c".repeat(60)}.example`;

ruleTester.run(rule, [
  {
    name: "fixes blanks around a domain",
    deployment: `conferencing_nodes: [{ name: a, hostname: a, domain: «' vc.example.com'» }]`,
    fixed: `conferencing_nodes: [{ name: a, hostname: a, domain: 'vc.example.com' }]`,
    expect: { "node:a": { verdict: "fail", findings: [["invalid"]] } },
  },
  domain("passes a domain", "vc.example.com", { verdict: "pass" }),
  domain("passes a trailing dot and upper case", "VC.Example.COM.", { verdict: "pass" }),
  domain("passes a label of one letter", "a.example.com", { verdict: "pass" }),
  domain("passes 192 characters", `x.${long}`, { verdict: "pass" }),
  domain("fails 193 characters", `xy.${long}`, invalid),
  domain("passes a single label", "lan", { verdict: "pass" }),
  domain("passes 190 characters", long, { verdict: "pass" }),
  domain("fails more than 192", `x${"y".repeat(10)}.${long}`, invalid),
  domain("passes the ASCII form of an internationalized name", "xn--mte-0na.example.com", { verdict: "pass" }),
  domain("fails what only looks like one", "vc.xn--a.example.com", invalid),
  domain("fails an empty label", "vc..example.com", invalid),
  domain("fails an address", "10.44.0.1", invalid),
  domain("fails an underscore", "vc_1.example.com", invalid),
  domain("fails a blank", "vc example.com", invalid),
  domain("fails an empty text", "", invalid),
  {
    name: "fails a node without a domain, where it would stand",
    deployment: "«management_node»:\n  name: m\n  hostname: m\nconferencing_nodes: []",
    expect: { "node:m": { verdict: "fail", findings: [["missing", "Node m has no domain"]] } },
  },
  {
    name: "does not apply without nodes",
    deployment: "conferencing_nodes: []",
    expect: { "deployment:deployment": { verdict: "not-applicable" } },
  },
  {
    name: "is inconclusive where the nodes are not listed",
    deployment: "expected_calls: 1",
    expect: { "deployment:deployment": { verdict: "inconclusive" } },
  },
]);
