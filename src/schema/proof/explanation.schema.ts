import type { JsonSchema } from "../../values/json-schema.ts";
import { questionDefinitions } from "../question.schema.ts";
import { check, locations, reads, subject, verdict } from "../report.schema.ts";
import { constant, count, list, nullable, object, ref, text } from "../schema-parts.ts";
import { changedValue } from "./selftest.schema.ts";

const effect = object("Effect", "How the check ends otherwise.", {
  verdict,
  message: nullable(text("The finding, or what is missing; null when there is nothing to say.")),
});

const orNull = (schema: JsonSchema, description: string): JsonSchema => ({
  description,
  anyOf: [schema, { type: "null" }],
});

const value = object(
  "Explained value",
  "A value of a file that the check read, directly or through what links objects.",
  {
    file: text("The file."),
    location: ref("location"),
    path: text("The path of the value in its file, as conferencing_nodes[0].address."),
    value: nullable(text("The value as JSON; null where the file does not have it.")),
    request: nullable(
      text("What the rule asked for when it was read, as `esxi of host esxi01`; null when that is not known."),
    ),
    decisive: {
      description:
        "Whether the verdict would be another one without the value, or with another value in its place, all else being equal; null = not tried.",
      type: ["boolean", "null"],
    },
    removed: orNull(
      effect,
      "How the check ends without the value; null when its verdict stays, or the file is not valid without it.",
    ),
    changed: orNull(
      object("Changed effect", "Another value, and how the check ends with it.", {
        to: text("The other value, as JSON."),
        verdict,
        message: nullable(text("The finding, or what is missing; null when there is nothing to say.")),
      }),
      "Another value that changes the verdict; null when none of those that were tried does.",
    ),
  },
);

/** JSON Schema of what `preflight why --format json` prints. */
export const explanationSchema: JsonSchema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  $id: "explanation.schema.json",
  ...object("Explanation", "Why a check has its verdict: what preflight why found.", {
    schema_version: constant("Version of this format.", 1),
    tool: object("Explanation tool", "The program that wrote this.", {
      name: constant("Name of the program.", "infinity-preflight"),
      version: text("Version of the program."),
    }),
    as_of: text("The time that was evaluated for: RFC 3339, UTC."),
    check,
    requirement: object("Requirement", "What the rule requires, and where that is written.", {
      title: text("What the rule requires."),
      document: text("The document."),
      section: text("The section of the document."),
      wording: text("How binding the wording is."),
      quote: nullable(text("The line of the document, as the rule's page quotes it; null when it quotes none.")),
    }),
    counterexamples: list(
      "Errors that the rule declares and that would make this check fail, with the finding: it states the limit.",
      object("Counterexample", "Changes, and the finding.", {
        changes: list("The values that are changed; none for a certificate in a file.", changedValue),
        message: text("The finding."),
      }),
    ),
    values: list("The values that the check read; those that decide it first.", value),
    untried: count("Values that only link objects and were not tried, as there are too many."),
    ...reads,
    queries: list(
      "The queries of the check, in order.",
      object("Explained query", "A query, and its answer.", {
        question: ref("question"),
        answer: orNull(ref("answer"), "The recorded answer; null where the query would be sent."),
      }),
    ),
    would_decide: list(
      "Of an inconclusive check: the values and answers that together give it another verdict, as few as were found; else empty.",
      object("Deciding value", "A value or an answer that is missing.", {
        what: text("What is missing."),
        location: ref("location"),
      }),
    ),
  }),
  definitions: { ...locations, ...questionDefinitions, subject },
};
