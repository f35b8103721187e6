import rule from "../../../rules/access/licence-capacity.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const evaluated = (name: string, deployment: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment,
  expect: { "deployment:deployment": expected },
});

const TWO = "licences: «[{ concurrent_calls: 30 }, { concurrent_calls: 20 }]»";

ruleTester.run(
  rule,
  [
    evaluated("passes as many calls as are expected", `${TWO}\nexpected_calls: 50`, { verdict: "pass" }),
    evaluated("fails one call fewer", `${TWO}\nexpected_calls: 51`, {
      verdict: "fail",
      findings: [["short", "allow 50 concurrent calls in total, but 51 are expected"]],
      severity: "error",
    }),
    evaluated("points at the only licence", "licences: [{ concurrent_calls: «30» }]\nexpected_calls: 51", {
      verdict: "fail",
      findings: [["short"]],
    }),
    evaluated(
      "adds up the calls of the locations where the whole is not given",
      `${TWO}\nsystem_locations: [{ name: Oslo, expected_calls: 30 }, { name: Bergen, expected_calls: 20 }]`,
      { verdict: "pass" },
    ),
    evaluated(
      "does not count calls twice that proxying nodes pass on",
      `${TWO}
system_locations: [{ name: Oslo, expected_calls: 50 }, { name: DMZ, expected_calls: 40 }, { name: Bergen, expected_calls: 0 }]
conferencing_nodes:
  - { name: e, hostname: e, system_location: DMZ, node_type: PROXYING }`,
      { verdict: "pass" },
    ),
    evaluated(
      "counts the calls of a location that has a transcoding node, beside a proxying one",
      `${TWO}
system_locations: [{ name: Oslo, expected_calls: 51 }]
conferencing_nodes:
  - { name: e, hostname: e, system_location: Oslo, node_type: PROXYING }
  - { name: t, hostname: t, system_location: Oslo, node_type: CONFERENCING }`,
      { verdict: "fail", findings: [["shortForLocations", "expect 51"]] },
    ),
    evaluated(
      "names the whole where the locations together need as much",
      `${TWO}\nexpected_calls: 51\nsystem_locations: [{ name: Oslo, expected_calls: 51 }]`,
      { verdict: "fail", findings: [["short", "but 51 are expected"]] },
    ),
    evaluated(
      "names the locations where they need more than a whole that is too much as well",
      `${TWO}\nexpected_calls: 51\nsystem_locations: [{ name: Oslo, expected_calls: 52 }]`,
      { verdict: "fail", findings: [["shortForLocations", "expect 52"]] },
    ),
    evaluated(
      "fails too few for the locations together, though the whole is said to need less",
      `${TWO}\nexpected_calls: 40\nsystem_locations: [{ name: Oslo, expected_calls: 30 }, { name: Bergen, expected_calls: 21 }]`,
      {
        verdict: "fail",
        findings: [["shortForLocations", "50 concurrent calls in total, but the locations together expect 51"]],
      },
    ),
    evaluated(
      "fails too few for the whole, though the locations need less",
      `${TWO}\nexpected_calls: 60\nsystem_locations: [{ name: Oslo, expected_calls: 55 }]`,
      { verdict: "fail", findings: [["short", "60 are expected"]] },
    ),
    evaluated(
      "fails what some of the locations exceed",
      `${TWO}\nsystem_locations: [{ name: Oslo, expected_calls: 51 }, { name: Bergen }]`,
      { verdict: "fail", findings: [["shortForLocations"]] },
    ),
    evaluated(
      "does not pass while a location says nothing and the whole is not given",
      `${TWO}\nsystem_locations: [{ name: Oslo, expected_calls: 10 }, { name: Bergen }]`,
      { verdict: "inconclusive", missing: ["expected_calls is not in the deployment"] },
    ),
    evaluated("fails a deployment that has none", "licences: «[]»", {
      verdict: "fail",
      findings: [["none"]],
    }),
    evaluated("does not take missing licences for none", "expected_calls: 40", {
      verdict: "inconclusive",
      missing: ["licences is not in the deployment"],
    }),
    evaluated("does not decide without expected calls", TWO, {
      verdict: "inconclusive",
      missing: ["expected_calls is not in the deployment"],
    }),
    evaluated(
      "does not decide a licence without calls",
      "licences: [{ concurrent_calls: 60 }, {}]\nexpected_calls: 50",
      {
        verdict: "inconclusive",
        missing: ["licences.concurrent_calls is not in the deployment"],
      },
    ),
  ],
  { without: ["not-applicable"] },
);
