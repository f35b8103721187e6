import rule from "../../../rules/platform/version-profile-known.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const evaluated = (name: string, deployment: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment,
  expect: { "deployment:deployment": expected },
});

ruleTester.run(
  rule,
  [
    evaluated("passes a version with a profile", 'platform: { version: "25.4" }', { verdict: "pass" }),
    evaluated("passes one that is a number", "platform: { version: 34 }", { verdict: "pass" }),
    evaluated("fails a version between two profiles", 'platform: { version: «"30.1"» }', {
      verdict: "fail",
      findings: [["unknown", "Infinity 30.1 are not included in this program; those of version profile v25"]],
    }),
    evaluated("fails a version after the last profile", "platform: { version: «36» }", {
      verdict: "fail",
      findings: [["unknown", "version profile v35"]],
    }),
    {
      ...evaluated("names the releases that the config lists", 'platform: { version: «"33"» }', {
        verdict: "fail",
        findings: [["listed", "with ESXi releases from the config (6.7, 7.0)"]],
        severity: "warn",
      }),
      config: 'facts: { esxi_releases: { "33": ["6.7", "7.0"] } }',
    },
    {
      ...evaluated("fails a list for a version that has a profile", 'platform: { version: "34" }', {
        verdict: "fail",
        findings: [["superseded", "Pexip Infinity 34, which has version profile v34; the list is ignored"]],
      }),
      config: 'facts: { esxi_releases: { "34": «["6.7", "9.0"]» } }',
    },
    evaluated("fails a version that cannot be read", "platform: { version: «latest» }", {
      verdict: "fail",
      findings: [["unknown", "Infinity latest"]],
    }),
    evaluated("fails a platform without version, where it would stand", "«platform»: { environment: test }", {
      verdict: "fail",
      findings: [["missing", "version profile v25 were applied"]],
      severity: "warn",
    }),
    evaluated("fails a deployment without platform", "«expected_calls»: 40", {
      verdict: "fail",
      findings: [["missing"]],
    }),
  ],
  { without: ["inconclusive", "not-applicable"] },
);
