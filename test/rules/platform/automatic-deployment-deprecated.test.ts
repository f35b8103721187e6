import rule from "../../../rules/platform/automatic-deployment-deprecated.ts";
import { ruleTester } from "../../support/rule-tester.ts";

ruleTester.run(
  rule,
  [
    {
      name: "fails automatic deployment alone",
      deployment: `
conferencing_nodes:
  - { name: a, hostname: a, deployment_type: «AUTOMATIC» }
  - { name: b, hostname: b, deployment_type: MANUAL-ESXI-6.7 }
  - { name: c, hostname: c, deployment_type: MANUAL-PROVISION-ONLY }
  - { name: d, hostname: d }
`,
      expect: {
        "node:a": {
          verdict: "fail",
          findings: [["deprecated", "Node a uses automatic deployment, which"]],
          severity: "warn",
        },
        "node:b": { verdict: "pass" },
        "node:c": { verdict: "pass" },
        "node:d": { verdict: "pass" },
      },
    },
    {
      name: "applies to later versions too",
      deployment:
        'platform: { version: "34" }\nconferencing_nodes: [{ name: a, hostname: a, deployment_type: AUTOMATIC }]',
      expect: { "node:a": { verdict: "fail" } },
    },
    {
      name: "does not apply without nodes",
      deployment: "conferencing_nodes: []",
      expect: { "deployment:deployment": { verdict: "not-applicable" } },
    },
    {
      name: "does not decide without a list of nodes",
      deployment: "expected_calls: 40",
      expect: {
        "deployment:deployment": { verdict: "inconclusive", missing: ["conferencing_nodes is not in the deployment"] },
      },
    },
  ],
  { optional: ["deployment_type"] },
);
