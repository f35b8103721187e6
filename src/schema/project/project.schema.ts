import type { JsonSchema } from "../../values/json-schema.ts";
import { document, list, name, record, text, texts } from "../schema-parts.ts";

const site = record(
  "Project site",
  "One deployment, with the files that belong to it. Paths start at the folder of this file and stay in its repository; in a glob, * matches any characters in one path segment and ** any folders.",
  {
    name: name("Name of the site in reports and for --site; unique in this file.", "oslo"),
    deployment: name("The deployment file.", "sites/oslo/deployment.yaml"),
    inventory: texts(
      "Inventories and exports, as files or globs. Without it, inventory.yaml, .yml, .json or .xlsx beside the deployment.",
      { examples: [["sites/oslo/inventory.json", "exports/oslo-*.xlsx"]] },
    ),
    evidence: texts(
      "Recordings of preflight probe, as files or globs; the servers of the site are then not contacted.",
      {
        examples: [["sites/oslo/evidence.json"]],
      },
    ),
    category: text("Category of the site's run in SARIF. The name of the site when absent.", {
      minLength: 1,
      examples: ["preflight/oslo"],
    }),
  },
  ["name", "deployment"],
);

const project = document(
  "Project",
  "The sites of a repository: preflight.project.yaml. It lists files and sets no policy. A vCenter Server to read, plugins, facts and probe.allow come only from a config that is named or a policy.",
  { sites: { ...list("The sites, in the order of the reports.", site), minItems: 1 } },
);

/** JSON Schema of a project file. */
export const projectSchema: JsonSchema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  $id: "project.schema.json",
  ...project,
  required: ["sites"],
};
