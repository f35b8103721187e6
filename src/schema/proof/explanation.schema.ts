import type { JsonSchema } from "../../values/json-schema.ts";
import { questionDefinitions } from "../question.schema.ts";
import { check, locations, reads, subject, verdict } from "../report.schema.ts";
import { constant, count, list, nullable, object, ref, text } from "../schema-parts.ts";
import { changedValue } from "./selftest.schema.ts";

const effect = object("Effect", "The verdict of the check with the change.", {
  verdict,
  message: nullable(text("The finding, or the missing value; null if there is neither.")),
});

const orNull = (schema: JsonSchema, description: string): JsonSchema => ({
  description,
  anyOf: [schema, { type: "null" }],
});

const value = object(
  "Explained value",
  "A value of a file that the check read, directly or through links between objects.",
  {
    file: text("The file."),
    location: ref("location"),
    path: text("The path of the value in its file, as conferencing_nodes[0].address."),
    value: nullable(text("The value as JSON; null if it is not in the file.")),
    request: nullable(
      text("The request of the rule during which it was read, as `esxi of host esxi01`; null if unknown."),
    ),
    decisive: {
      description:
        "Whether the verdict would change without the value, or with another value in its place, all else being equal; null = not tried.",
      type: ["boolean", "null"],
    },
    removed: orNull(
      effect,
      "Result of the check without the value; null if its verdict does not change, or the file is invalid without it.",
    ),
    changed: orNull(
      object("Changed effect", "Another value, and the result of the check with it.", {
        to: text("The other value, as JSON."),
        verdict,
        message: nullable(text("The finding, or the missing value; null if there is neither.")),
      }),
      "Another value that changes the verdict; null if none of those tried does.",
    ),
  },
);

/** JSON Schema of the output of `preflight why --format json`. */
export const explanationSchema: JsonSchema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  $id: "explanation.schema.json",
  ...object("Explanation", "Why a check has its verdict: the result of preflight why.", {
    schema_version: constant("Version of this format.", 1),
    tool: object("Explanation tool", "The program that wrote this.", {
      name: constant("Name of the program.", "infinity-preflight"),
      version: text("Version of the program."),
    }),
    as_of: text("The time of evaluation: RFC 3339, UTC."),
    check,
    requirement: object("Requirement", "The requirement of the rule, and its source.", {
      title: text("What the rule requires."),
      document: text("The document."),
      section: text("The section of the document."),
      wording: text("How binding the wording is."),
      quote: nullable(text("The line of the document, as quoted in the rule's page; null if it quotes none.")),
    }),
    counterexamples: list(
      "Errors declared by the rule that would make this check fail, with the finding, which states the limit.",
      object("Counterexample", "Changes, and the finding.", {
        changes: list("The values that are changed; none for a certificate in a file.", changedValue),
        message: text("The finding."),
      }),
    ),
    values: list("The values that the check read; those that decide it first.", value),
    untried: count("Number of values that only link objects and were not tried, as there are too many."),
    ...reads,
    queries: list(
      "The queries of the check, in order.",
      object("Explained query", "A query, and its answer.", {
        question: ref("question"),
        answer: orNull(ref("answer"), "The recorded answer; null if the query would be sent."),
      }),
    ),
    would_decide: list(
      "For an inconclusive check: a minimal set of values and answers that together give it another verdict; else empty.",
      object("Deciding value", "A value or an answer that is missing.", {
        what: text("What is missing."),
        location: ref("location"),
      }),
    ),
  }),
  definitions: { ...locations, ...questionDefinitions, subject },
};
