import rule from "../../../rules/time/utc-only.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const evaluated = (name: string, timezone: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: `
conferencing_nodes:
  - name: a
    hostname: a
    timezone: ${timezone}
`,
  expect: { "node:a": expected },
});

ruleTester.run(
  rule,
  [
    evaluated("passes UTC", "UTC", { verdict: "pass" }),
    evaluated("passes UTC by another of its names", "etc/utc", { verdict: "pass" }),
    ...["UCT", "Universal", "Zulu", "Etc/UCT", "Etc/Universal", "Etc/Zulu", "zulu"].map((timezone) =>
      evaluated(`passes UTC as ${timezone}`, timezone, { verdict: "pass" }),
    ),
    evaluated("takes a blank for no time zone", '" "', { verdict: "pass" }),
    evaluated("fails another time zone", "«Europe/Oslo»", {
      verdict: "fail",
      findings: [["otherZone", 'time zone "Europe/Oslo"']],
      severity: "error",
    }),
    evaluated("fails one that only shares UTC's clock now", "Europe/London", { verdict: "fail" }),
    evaluated("fails an offset", "UTC+1", { verdict: "fail" }),
    {
      name: "passes nodes that declare none, and judges the Management Node too",
      deployment: `
management_node: { name: m, hostname: m, timezone: «Europe/Oslo» }
conferencing_nodes: [{ name: a, hostname: a }]
`,
      expect: {
        "node:m": { verdict: "fail", findings: [["otherZone"]] },
        "node:a": { verdict: "pass" },
      },
    },
    {
      name: "does not apply without nodes",
      deployment: "conferencing_nodes: []",
      expect: { "deployment:deployment": { verdict: "not-applicable" } },
    },
    {
      name: "does not pass a deployment that says nothing of nodes",
      deployment: "platform: { version: '25' }",
      expect: { "deployment:deployment": { verdict: "inconclusive", missing: ["conferencing_nodes"] } },
    },
  ],
  { optional: ["timezone"] },
);
