import rule from "../../../rules/tls/certificate-declared.ts";
import { ruleTester } from "../../support/rule-tester.ts";

ruleTester.run(rule, [
  {
    name: "passes nodes that name a certificate, whatever is in the file",
    deployment: `
management_node: { name: m, hostname: m, tls_certificate: certs/m.pem }
conferencing_nodes:
  - { name: a, hostname: a, tls_certificate: certs/a.pem }
`,
    files: {},
    expect: { "node:m": { verdict: "pass" }, "node:a": { verdict: "pass" } },
  },
  {
    name: "fails every node that names none, at the node",
    deployment: `
«management_node»:
  name: m
  hostname: m
conferencing_nodes:
  - { name: a, hostname: a, tls_certificate: certs/a.pem }
  - «name»: b
    hostname: b
`,
    expect: {
      "node:m": { verdict: "fail", findings: [["none", "Node m has no TLS certificate"]] },
      "node:a": { verdict: "pass" },
      "node:b": { verdict: "fail", findings: [["none"]], severity: "error" },
    },
  },
  {
    name: "does not apply to a deployment without nodes",
    deployment: "conferencing_nodes: []",
    expect: { "deployment:deployment": { verdict: "not-applicable" } },
  },
  {
    name: "is inconclusive when the nodes are not known",
    deployment: "platform: { version: 25 }",
    expect: { "deployment:deployment": { verdict: "inconclusive", missing: ["conferencing_nodes"] } },
  },
]);
