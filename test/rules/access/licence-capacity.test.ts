import rule from "../../../rules/access/licence-capacity.ts";
import { ruleTable, type RuleCase } from "../../support/rule-table.ts";

const judged = (name: string, deployment: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment,
  expect: { "deployment:deployment": expected },
});

const TWO = "licences: [{ concurrent_calls: 30 }, { concurrent_calls: 20 }]";

ruleTable(
  rule,
  [
    judged("passes as many calls as are expected", `${TWO}\nexpected_calls: 50`, { verdict: "pass" }),
    judged("fails one call fewer", `${TWO}\nexpected_calls: 51`, {
      verdict: "fail",
      findings: [["short", "deployment:1:11", "allow 50 concurrent calls in all; 51 are expected"]],
      severity: "error",
    }),
    judged("points at the only licence", "licences: [{ concurrent_calls: 30 }]\nexpected_calls: 51", {
      verdict: "fail",
      findings: [["short", "deployment:1:32"]],
    }),
    judged("fails a deployment that has none", "licences: []", {
      verdict: "fail",
      findings: [["none", "deployment:1:11"]],
    }),
    judged("does not take missing licences for none", "expected_calls: 40", {
      verdict: "inconclusive",
      missing: ["licences is not in the deployment"],
    }),
    judged("does not decide without expected calls", TWO, {
      verdict: "inconclusive",
      missing: ["expected_calls is not in the deployment"],
    }),
    judged("does not decide a licence without calls", "licences: [{ concurrent_calls: 60 }, {}]\nexpected_calls: 50", {
      verdict: "inconclusive",
      missing: ["licences.concurrent_calls is not in the deployment"],
    }),
  ],
  ["not-applicable"],
);
