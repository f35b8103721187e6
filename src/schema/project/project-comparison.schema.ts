import type { JsonSchema } from "../../values/json-schema.ts";
import { constant, list, name, nullable, object, ref, text } from "../schema-parts.ts";
import { crossSiteChanges, crossSiteFinding } from "./project-report.schema.ts";
import { locations } from "../report.schema.ts";

const comparedSite = object("Compared site", "A site of either report.", {
  name: name("Name of the site."),
  comparison: {
    description: "What is different; null where the two cannot be compared.",
    anyOf: [ref("comparison"), { type: "null" }],
  },
  reason: nullable(text("Why they cannot be compared: a sentence.")),
});

const envelope = (comparison: JsonSchema): JsonSchema => ({
  $schema: "http://json-schema.org/draft-07/schema#",
  $id: "project-comparison.schema.json",
  ...object("Project comparison", "What is different between two reports over several sites.", {
    schema_version: constant("Version of this format.", 2),
    before: text("The file of the earlier report."),
    after: text("The file of the later report."),
    sites: list("Every site of either report.", ref("compared_site")),
    cross_site: {
      description: "Findings across sites; null where neither report has compared its sites, or --site chooses some.",
      anyOf: [crossSiteChanges, { type: "null" }],
    },
  }),
  definitions: { ...locations, finding: crossSiteFinding, compared_site: comparedSite, comparison },
});

/** JSON Schema of what `preflight compare --format json` prints for several sites. */
export const projectComparisonSchema: JsonSchema = envelope({ $ref: "comparison.schema.json" });

/** The same with a type of its own in place of the comparison of a site, which is imported where types are made. */
export const projectComparisonTypes: JsonSchema = envelope({ title: "Comparison", type: "object" });
