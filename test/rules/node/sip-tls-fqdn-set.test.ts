import rule from "../../../rules/node/sip-tls-fqdn-set.ts";
import { ruleTester } from "../../support/rule-tester.ts";

ruleTester.run(rule, [
  {
    name: "passes a node that has one",
    deployment: "conferencing_nodes: [{ name: a, hostname: a, alternative_fqdn: a.example.com }]",
    expect: { "node:a": { verdict: "pass" } },
  },
  {
    name: "fails a node that has none, where it would stand",
    deployment: "conferencing_nodes:\n  - «name»: a\n    hostname: a",
    expect: { "node:a": { verdict: "fail", findings: [["missing", "Node a has no SIP TLS FQDN"]] } },
  },
  {
    name: "fails a node that has a blank one, where it stands",
    deployment: 'conferencing_nodes:\n  - name: a\n    hostname: a\n    alternative_fqdn: «" "»',
    expect: { "node:a": { verdict: "fail", findings: [["missing"]] } },
  },
  {
    name: "does not speak of the management node",
    deployment: "management_node: { name: m, hostname: m }\nconferencing_nodes: []",
    expect: { "deployment:deployment": { verdict: "not-applicable" } },
  },
  {
    name: "is inconclusive where conferencing nodes are not listed",
    deployment: "management_node: { name: m, hostname: m }",
    expect: { "deployment:deployment": { verdict: "inconclusive" } },
  },
]);
