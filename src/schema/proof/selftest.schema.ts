import type { JsonSchema } from "../../values/json-schema.ts";
import { locations, severity, subject } from "../report.schema.ts";
import { constant, count, flag, list, name, nullable, object, oneOf, ref, text, titled } from "../schema-parts.ts";

const subjectOrNull: JsonSchema = {
  description: "The subject of the check; null when no check was tried.",
  anyOf: [ref("subject"), { type: "null" }],
};

/** The result of a check after an error was inserted. */
const testVerdict = titled(
  "Test verdict",
  oneOf("The verdict of the check, which must be fail. gone: the check no longer exists.", [
    ...["fail", "pass", "inconclusive", "not-applicable", "crashed", "gone"],
  ]),
);

/** A value that was changed in memory. */
export const changedValue = object("Changed value", "A value that was changed in memory; the file is unchanged.", {
  location: ref("location"),
  path: text("The path of the value in its file, as conferencing_nodes[0].address."),
  value: text("The inserted value, as JSON; empty if it was removed."),
});

const test = object("Rule test", "One error, and whether the rule reported it.", {
  error: text("The error: the changed values, or the answers of servers. A phrase."),
  subject: ref("subject"),
  changes: list("The values that were changed; none for answers of servers.", changedValue),
  verdict: testVerdict,
  severity: {
    description: "The severity of the failed check; null if it did not fail.",
    anyOf: [severity, { type: "null" }],
  },
  waived: flag("Whether a waiver covers the failure, so that the gate still passes."),
  message: nullable(text("The finding, or why there is none; null if the check passed.")),
});

const tested = object("Tested rule", "A rule, and whether it can fail on this deployment.", {
  rule: name("Id of the rule."),
  title: text("What the rule requires."),
  live: flag("Whether the rule contacts servers; its answers were scripted."),
  result: titled(
    "Test result",
    oneOf(
      "fails: it reported the errors. silent: it passed in spite of one. not-exercised: it could not be tried, see reason.",
      ["fails", "silent", "not-exercised"],
    ),
  ),
  subject: subjectOrNull,
  reason: nullable(text("Why it could not be exercised, or did not fail: a phrase; null if it failed as required.")),
  tests: list("The errors that were tried.", test),
});

/** JSON Schema of the output of `preflight selftest --format json`. */
export const selftestSchema: JsonSchema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  $id: "selftest.schema.json",
  ...object("Self-test", "Whether each rule can fail on this deployment: the result of preflight selftest.", {
    schema_version: constant("Version of this format.", 1),
    tool: object("Self-test tool", "The program that wrote this.", {
      name: constant("Name of the program.", "infinity-preflight"),
      version: text("Version of the program."),
    }),
    as_of: text("The time of evaluation: RFC 3339, UTC."),
    passed: flag("False if a rule passed in spite of an error."),
    summary: object("Self-test summary", "Counts of rules.", {
      rules: count("All rules."),
      fails: count("Rules that reported every inserted error."),
      silent: count("Rules that passed in spite of an error."),
      not_exercised: count("Rules that could not be tried."),
      waived: count("Rules whose failures a waiver covers, each of them."),
    }),
    rules: list("Every rule, in order.", tested),
  }),
  definitions: { ...locations, subject },
};
