import type { JsonSchema } from "../values/json-schema.ts";
import { questionDefinitions } from "./question.schema.ts";
import { constant, list, name, object, ref, text, texts } from "./schema-parts.ts";

/** The machine form of src/engine/api/evidence-file.ts. */
export const evidenceSchema: JsonSchema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  $id: "evidence.schema.json",
  ...object(
    "Evidence",
    "What servers answered at one place, written by `preflight probe`.",
    {
      schema_version: constant("Version of this format.", 1),
      tool: object("Tool", "The program that asked.", {
        name: constant("Name of the program.", "infinity-preflight"),
        version: text("Version of the program."),
      }),
      from: name("The place that asked."),
      recorded_at: text("When the asking began: RFC 3339, UTC."),
      system_resolvers: texts(
        "The asking machine's own DNS servers, where they stood in for undeclared ones (--system-resolver).",
      ),
      answers: list(
        "Every question with its answer.",
        object("Recorded answer", "A question with its answer.", { question: ref("question"), answer: ref("answer") }),
      ),
    },
    ["system_resolvers"],
  ),
  definitions: questionDefinitions,
};
