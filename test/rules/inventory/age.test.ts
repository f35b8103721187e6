import rule from "../../../rules/inventory/age.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const NOW = "2026-11-22T12:00:00Z";

/** An inventory with this text, at this time. */
const aged = (
  name: string,
  inventory: string,
  expected: RuleCase["expect"][string],
  more: Partial<RuleCase> = {},
): RuleCase => ({
  ...{ name, deployment: "expected_calls: 40", inventory, now: NOW },
  expect: { "inventory:inventory.yaml": expected },
  ...more,
});

ruleTester.run(
  rule,
  [
    aged("passes one of today", "collected_at: 2026-11-22T08:00:00Z", { verdict: "pass" }),
    aged("passes one of 30 days", "collected_at: 2026-10-23T12:00:00Z", { verdict: "pass" }),
    aged("passes one of tomorrow at the same time", "collected_at: 2026-11-23T12:00:00Z", { verdict: "pass" }),
    aged("fails an older one", "collected_at: «2026-10-23T11:59:59Z»", {
      verdict: "fail",
      findings: [["old", "was collected 30 days ago; the limit is 30 days. Collect it again."]],
    }),
    aged("counts by the zone", "collected_at: 2026-10-23T13:00:00+01:00", { verdict: "pass" }),
    aged(
      "fails one that is too old for a stricter limit",
      "collected_at: «2026-11-07T12:00:00Z»",
      {
        verdict: "fail",
        findings: [["old", "collected 15 days ago"]],
      },
      { options: { max_age_days: 14 } },
    ),
    aged("passes a time without zone that is recent in every zone", "collected_at: 2026-11-22T20:00:00", {
      verdict: "pass",
    }),
    aged("fails a time without zone that is too old in every zone", "collected_at: «2026-10-20T12:00:00»", {
      verdict: "fail",
      findings: [["old", "was collected 32 days ago"]],
    }),
    aged("is inconclusive where the zone decides", "collected_at: 2026-10-23T12:00:00", {
      verdict: "inconclusive",
      missing: [
        "the collection time 2026-10-23T12:00:00 of inventory.yaml has no time zone, so its age may exceed 30 days; import it with preflight inventory import --collected-at TIME",
      ],
    }),
    aged("passes what is a little ahead of this machine's clock", "collected_at: 2026-11-23T11:00:00Z", {
      verdict: "pass",
    }),
    aged("fails one from the future", "collected_at: «2026-11-23T12:00:01Z»", {
      verdict: "fail",
      findings: [["future", "inventory.yaml has the collection time 2026-11-23T12:00:01Z, which is in the future"]],
    }),
    aged("takes a time without zone for the future only if it is in every zone", "collected_at: 2026-11-24T01:00:00", {
      verdict: "pass",
    }),
    aged("is inconclusive without a time, as a warning", "vcenter: { address: vc.example.com }", {
      verdict: "inconclusive",
      missing: [
        "inventory inventory.yaml has no collection time; set collected_at in it, such as 2026-11-22T08:00:00Z",
      ],
      severity: "warn",
    }),
    aged("names the option for exports that do not tell", "source: { kind: govc }", {
      verdict: "inconclusive",
      missing: ["preflight inventory import --collected-at TIME"],
    }),
    aged("fails a date that there is not", 'collected_at: «"2026-02-31T08:00:00Z"»', {
      verdict: "fail",
      findings: [["unreadable", "2026-02-31T08:00:00Z"]],
    }),
    {
      ...{ name: "does not apply without an inventory", deployment: "expected_calls: 40", now: NOW },
      expect: { "deployment:deployment": { verdict: "not-applicable" } },
    },
  ],
  {},
);
