import type { JsonSchema } from "../values/json-schema.ts";
import { questionDefinitions, recordedAnswer } from "./question.schema.ts";
import { constant, list, name, object, text, texts } from "./schema-parts.ts";

/** JSON Schema of the file that `preflight probe` writes and `check --evidence` reads. */
export const evidenceSchema: JsonSchema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  $id: "evidence.schema.json",
  ...object(
    "Evidence file",
    "The answers of servers at one vantage point, written by `preflight probe`.",
    {
      schema_version: constant("Version of this format.", 1),
      tool: object("Tool", "The program that recorded the answers.", {
        name: constant("Name of the program.", "infinity-preflight"),
        version: text("Version of the program."),
      }),
      from: name("The vantage point."),
      recorded_at: text("Time of the first query: RFC 3339, UTC."),
      system_resolvers: texts(
        "The DNS servers of the machine that ran the probe, where they replaced undeclared ones (--system-resolver). A replay resolves names by these, because the machine that evaluates may have others.",
      ),
      digest: {
        ...text(
          "SHA-256 over vantage point, time, resolvers and answers: shows that a file was damaged or edited. Recordings of earlier versions have none.",
        ),
        pattern: "^[0-9a-f]{64}$",
      },
      answers: list("Every query with its answer.", recordedAnswer),
    },
    ["system_resolvers", "digest"],
  ),
  definitions: questionDefinitions,
};
