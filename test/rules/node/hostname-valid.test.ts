import rule from "../../../rules/node/hostname-valid.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const hostname = (name: string, written: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: `conferencing_nodes:\n  - name: a\n    hostname: «${JSON.stringify(written)}»`,
  expect: { "node:a": expected },
});

const fails = (id: string, words: string) => ({ verdict: "fail", findings: [[id, words]] }) as const;

ruleTester.run(rule, [
  {
    name: "fixes a name with its own domain, and with no other",
    deployment: `conferencing_nodes:
  - { name: a, hostname: «conf01.vc.example.com», domain: VC.example.com }
  - { name: b, hostname: «conf02.example.org», domain: vc.example.com }`,
    fixed: `conferencing_nodes:
  - { name: a, hostname: conf01, domain: VC.example.com }
  - { name: b, hostname: conf02.example.org, domain: vc.example.com }`,
    expect: { "node:a": fails("qualified", "contains a dot"), "node:b": fails("qualified", "contains a dot") },
  },
  {
    name: "fixes nothing else: an invalid name of a node without a domain, and a domain alone",
    deployment: `conferencing_nodes:
  - { name: a, hostname: «conf_01» }
  - { name: b, hostname: «.vc.example.com», domain: vc.example.com }
  - { name: c, hostname: «'2021'», domain: '' }
  - { name: d, hostname: «conf_04», domain: conf_04 }`,
    fixed: `conferencing_nodes:
  - { name: a, hostname: conf_01 }
  - { name: b, hostname: .vc.example.com, domain: vc.example.com }
  - { name: c, hostname: '2021', domain: '' }
  - { name: d, hostname: conf_04, domain: conf_04 }`,
    expect: {
      "node:a": fails("invalid", "is not a DNS label"),
      "node:b": fails("qualified", "contains a dot"),
      "node:c": fails("digits", "consists of digits"),
      "node:d": fails("invalid", "is not a DNS label"),
    },
  },
  hostname("passes a label", "conf01", { verdict: "pass" }),
  hostname("passes upper case, digits and hyphens", "Conf-01-B", { verdict: "pass" }),
  hostname("passes one letter", "a", { verdict: "pass" }),
  hostname("passes 63 characters", "a".repeat(63), { verdict: "pass" }),
  hostname("fails 64 characters", "a".repeat(64), fails("long", "has 64 characters; at most 63")),
  hostname("fails digits alone", "2021", fails("digits", "Hostname 2021 of node a consists of digits")),
  hostname("passes digits with a letter", "2021a", { verdict: "pass" }),
  hostname("fails a name with its domain", "conf01.vc.example.com", fails("qualified", "contains a dot")),
  hostname("fails an underscore", "conf_01", fails("invalid", "is not a DNS label")),
  hostname("fails a hyphen at the beginning", "-conf", fails("invalid", "is not a DNS label")),
  hostname("fails a hyphen at the end", "conf-", fails("invalid", "is not a DNS label")),
  hostname("fails a blank", "conf 01", fails("invalid", "is not a DNS label")),
  hostname("fails letters beyond ASCII", "møte", fails("invalid", "is not a DNS label")),
  hostname("passes the ASCII form of an internationalized name", "xn--mte-0na", { verdict: "pass" }),
  hostname("fails what only looks like one", "xn--a", fails("notInternationalized", "begins with xn--")),
  {
    name: "judges the management node too",
    deployment: "management_node: { name: m, hostname: mgmt_01 }",
    expect: { "node:m": { verdict: "fail" } },
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
