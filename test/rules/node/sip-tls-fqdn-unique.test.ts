import rule from "../../../rules/node/sip-tls-fqdn-unique.ts";
import { ruleTester } from "../../support/rule-tester.ts";

const node = (name: string, fqdn: string | null, hostname = name) =>
  `  - name: ${name}\n    hostname: ${hostname}\n    domain: example.com\n${fqdn === null ? "" : `    alternative_fqdn: ${fqdn}\n`}`;

ruleTester.run(
  rule,
  [
    {
      name: "passes a node's own DNS name, and any other name of its own",
      deployment: `conferencing_nodes:\n${node("a", "a.example.com")}${node("b", "sip-b.example.com")}`,
      expect: { "node:a": { verdict: "pass" }, "node:b": { verdict: "pass" } },
    },
    {
      name: "fails the later of two, whatever the case and the final dot",
      deployment: `conferencing_nodes:\n${node("a", "sip.example.com")}${node("b", "«SIP.example.com.»")}`,
      expect: {
        "node:a": { verdict: "pass" },
        "node:b": { verdict: "fail", findings: [["duplicate", "of node b is already used by node a"]] },
      },
    },
    {
      name: "fails the DNS name of another node",
      deployment: `conferencing_nodes:\n${node("a", "«b.example.com»")}${node("b", null)}`,
      expect: {
        "node:a": { verdict: "fail", findings: [["othersFqdn", "is the DNS name of node b"]] },
        "node:b": { verdict: "not-applicable", reason: "no SIP TLS FQDN" },
      },
    },
    {
      name: "leaves equal hostnames to the rule on hostnames",
      deployment: `conferencing_nodes:\n${node("a", "x.example.com", "x")}${node("b", null, "x")}`,
      expect: { "node:a": { verdict: "pass" }, "node:b": { verdict: "not-applicable" } },
    },
    {
      name: "takes blank ones for none",
      deployment: `conferencing_nodes:\n${node("a", '""')}${node("b", '" "')}`,
      expect: {
        "node:a": { verdict: "not-applicable", reason: "no SIP TLS FQDN" },
        "node:b": { verdict: "not-applicable", reason: "no SIP TLS FQDN" },
      },
    },
    {
      name: "is inconclusive while another node may have that DNS name",
      deployment: `conferencing_nodes:\n${node("a", "b.example.com")}  - { name: b, hostname: b }`,
      expect: {
        "node:a": { verdict: "inconclusive", missing: ["conferencing_nodes.domain is not in the deployment"] },
        "node:b": { verdict: "not-applicable" },
      },
    },
    {
      name: "is inconclusive where the nodes are not listed",
      deployment: "expected_calls: 1",
      expect: { "deployment:deployment": { verdict: "inconclusive" } },
    },
  ],
  { optional: ["domain"] },
);
