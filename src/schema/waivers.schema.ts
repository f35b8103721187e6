import type { JsonSchema } from "../values/json-schema.ts";
import { list, name, oneOf, record, text, texts } from "./schema-parts.ts";

const waiver = record(
  "Waiver",
  "An exception that was agreed on: one check that may fail, or stay inconclusive, until a day.",
  {
    rule: name("Id of the rule.", "vm/thick-disk"),
    subject: name("The subject of the check, as reports name it: kind:name.", "node:oslo-conf01"),
    fingerprints: {
      ...texts(
        "The findings that are covered, by their fingerprints in the JSON report; without it, all of the check.",
      ),
      minItems: 1,
    },
    verdict: oneOf("The verdict that is covered; without it, either.", ["fail", "inconclusive"]),
    reason: name("Why the exception is fine.", "The lab has no more space; moves to the new datastore in January"),
    owner: name("Who answers for it: a team or a person.", "vc-operations"),
    ticket: text("Where it was agreed.", { examples: ["CHG-1042"] }),
    expires: text("The last day on which it counts, UTC.", {
      pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
      examples: ["2027-01-31"],
    }),
  },
  ["rule", "subject", "reason", "owner", "expires"],
);

/** The waivers file: `preflight.waivers.yaml`. */
export const waiversSchema: JsonSchema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  $id: "waivers.schema.json",
  ...record(
    "Waivers",
    "Exceptions that were agreed on. A waived check stays visible in every report, and counts again when its waiver expires.",
    { waivers: list("The waivers.", waiver) },
    ["waivers"],
  ),
};
