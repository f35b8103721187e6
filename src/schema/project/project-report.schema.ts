import { count, constant, list, name, object, oneOf, ref, text } from "../schema-parts.ts";
import type { JsonSchema } from "../../values/json-schema.ts";
import { exitCode, locations, reportTimes, severity, tool } from "../report.schema.ts";

const member = object("Cross site node", "A node that has the value.", {
  site: name("Name of the site."),
  node: name("Name of the node."),
  location: ref("location"),
});

/** A value that several sites use. */
export const crossSiteFinding = object(
  "Cross site finding",
  "A value that must be unique and is used in several sites.",
  {
    kind: oneOf(
      "What is used twice. fqdn and mac are unique in a project; hostname and address within one Pexip platform.",
      ["fqdn", "mac", "hostname", "address"],
    ),
    rule: name("Id of the rule that requires the same within one site; its severity applies."),
    severity,
    value: name("The value, in the form in which values are compared."),
    message: name("What is wrong: a full sentence."),
    nodes: list("The nodes that have it, in the order of the sites.", member),
    fingerprint: text("Identity of the finding over runs: 32 hexadecimal digits.", { pattern: "^[0-9a-f]{32}$" }),
  },
);

/** What is different between the findings across sites of two runs. */
export const crossSiteChanges = object(
  "Cross site changes",
  "What is different from the findings across sites of the earlier run.",
  {
    new: list("Findings of this run alone.", ref("finding")),
    no_longer_compared: list(
      "Findings of the earlier run whose sites were not all compared again: not checked, with errors, or with the rule off.",
      ref("finding"),
    ),
    fixed: list("Findings of the earlier run that are gone, although their sites were compared again.", ref("finding")),
    still_failing: list("Findings of both runs.", ref("finding")),
  },
);

const crossSite = object(
  "Cross site",
  "What was compared across the sites. Values that a deployment does not set are not compared here: the checks of its site report them.",
  {
    compared: list(
      "How many values of each kind were compared.",
      object("Cross site comparison", "Values of one kind.", {
        kind: oneOf("The kind of value.", ["fqdn", "mac", "hostname", "address"]),
        values: count("How many values were compared."),
      }),
    ),
    left_out: list(
      "Sites whose values could not be compared because their files have errors.",
      name("Name of the site."),
    ),
    findings: list("Values that several sites use.", ref("finding")),
    changes: crossSiteChanges,
  },
  ["changes"],
);

const siteReport = object("Site report", "The run of one site.", {
  name: name("Name of the site, as --site takes it."),
  category: name("Category of the site's run in SARIF."),
  report: ref("report"),
});

const projectReport = object(
  "Project report",
  "The result of a run over several sites: the object that all formats show.",
  {
    schema_version: constant("Version of this format.", 2),
    tool,
    exit_code: exitCode,
    ...reportTimes,
    project: {
      description: "The project file; null when the sites were found or named without one.",
      anyOf: [
        object("Project input", "The project file that was read.", {
          path: text("The file, relative to the working directory where it lies below it."),
          sha256: text("SHA-256 of its bytes, in hex.", { pattern: "^[0-9a-f]{64}$" }),
        }),
        { type: "null" },
      ],
    },
    omitted: list("Sites of the project that this run did not check (--site).", name("Name of the site.")),
    cross_site: {
      description: "The comparison across sites; null when a single site was checked.",
      anyOf: [crossSite, { type: "null" }],
    },
    sites: { ...list("The sites, in the order in which they were checked.", siteReport), minItems: 1 },
  },
);

const envelope = (report: JsonSchema): JsonSchema => ({
  $schema: "http://json-schema.org/draft-07/schema#",
  $id: "project-report.schema.json",
  ...projectReport,
  definitions: { ...locations, finding: crossSiteFinding, report },
});

/** JSON Schema of the output of `--format json` for several sites. */
export const projectReportSchema: JsonSchema = envelope({ $ref: "report.schema.json" });

/** The same with a separate type instead of the report of a site, which is imported when types are generated. */
export const projectReportTypes: JsonSchema = envelope({ title: "Run report", type: "object" });

/** The same without the reports of the sites, which are validated one by one. */
export const projectEnvelopeSchema: JsonSchema = envelope({ type: "object" });
