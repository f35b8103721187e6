import { questionDefinitions } from "./question.schema.ts";
import {
  constant,
  count,
  flag,
  integer,
  list,
  name,
  nullable,
  object,
  oneOf,
  ref,
  text,
  texts,
  type Properties,
} from "./schema-parts.ts";
import type { JsonSchema } from "../values/json-schema.ts";

/*
 * The machine form of src/engine/run-report.ts and src/engine/api/question.ts, for whoever reads `--format json`.
 */

const TIME = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?Z$";
const severities = ["error", "warn", "info"];
const location = ref("location");

const locations: Properties = {
  location: {
    description: "A place in an input file, or null when there is none.",
    anyOf: [ref("text_location"), ref("cell_location"), { type: "null" }],
  },
  text_location: object("Text location", "A range in a text file; the end is exclusive.", {
    path: text("The file, as the user named it."),
    line: integer("First line, from 1.", { minimum: 1 }),
    column: integer("First column, from 1, in UTF-16 units.", { minimum: 1 }),
    end_line: integer("Last line, from 1.", { minimum: 1 }),
    end_column: integer("Column behind the last one, from 1, in UTF-16 units.", { minimum: 1 }),
  }),
  cell_location: object("Cell location", "A cell of a workbook.", {
    path: text("The file, as the user named it."),
    sheet: text("Name of the sheet."),
    cell: text("The cell, as B7."),
  }),
};

const subject = object("Subject", "What a check is about.", {
  kind: name("Kind of subject, for example node."),
  name: text("Name of the subject; unique among its kind."),
});

const checkReference = object("Check reference", "Names another check.", {
  rule: name("Id of the rule."),
  subject: ref("subject"),
});

const finding = object("Finding", "One thing that is wrong.", {
  message_id: text("Which of the rule's messages this is."),
  message: name("What is wrong: a full sentence."),
  data: {
    description: "The values that stand in the message.",
    type: "object",
    additionalProperties: { type: ["string", "number", "boolean", "null"] },
  },
  fingerprint: text("Identity of the finding; stays the same when lines or measured values change.", {
    pattern: "^[0-9a-f]{32}$",
  }),
  location,
  caused_by: list("Failed checks with a finding at a value that this finding depends on.", checkReference),
  related: list(
    "Other places that explain the finding.",
    object("Related place", "A place that explains a finding.", { message: text("What stands there."), location }),
  ),
});

const waiver: Properties = {
  kind: oneOf("Where it stands: in the waivers file, or in the deployment.", ["file", "inline"]),
  reason: text("Why the exception is fine."),
  owner: nullable(text("Who answers for it; null for a directive.")),
  ticket: nullable(text("Where it was agreed, or null.")),
  expires: text("The last day on which it counts, as 2027-01-31."),
  location,
};

const check = object("Check", "One rule applied to one subject.", {
  rule: name("Id of the rule."),
  subject: ref("subject"),
  severity: oneOf("How much a failure weighs.", severities),
  verdict: oneOf("What came of the check.", [
    ...["pass", "fail", "inconclusive", "not-applicable", "skipped", "waived", "crashed"],
  ]),
  reason: nullable(text("Why there is no plain pass or fail; else null.")),
  missing: list(
    "Values that the check needs and no input gives.",
    object("Missing value", "A value that no input gives.", {
      what: name("What is missing, and the cure: a phrase without a final stop."),
      location,
    }),
  ),
  because: list(
    "Checks that failed on the same evidence or file, and so keep this one from being decided.",
    checkReference,
  ),
  findings: list("What is wrong; empty unless the check failed.", finding),
  root_causes: list(
    "The failed checks that this one is a consequence of: it failed, and each of its findings has a cause; else empty.",
    checkReference,
  ),
  evidence: texts("Ids of the evidence records that the rule read."),
  waiver: {
    description: "The waiver that covers the check; null unless its verdict is waived.",
    anyOf: [
      object("Check waiver", "The waiver that covers a check.", {
        ...waiver,
        verdict: oneOf("What the verdict would be without it.", ["fail", "inconclusive"]),
        through: {
          description: "The waived check that this one waits for; null when the waiver names this check itself.",
          anyOf: [checkReference, { type: "null" }],
        },
      }),
      { type: "null" },
    ],
  },
  remediation: nullable(text("How to cure a failure, or null.")),
  location,
});

const summary = object("Summary", "Counts of checks, and the gate.", {
  planned: count("All checks."),
  pass: count("Checks that passed."),
  fail: count("Checks that failed."),
  inconclusive: count("Checks that could not be decided."),
  "not-applicable": count("Checks that do not concern their subject."),
  skipped: count("Checks that the run was told to leave out."),
  waived: count("Checks that a waiver covers."),
  crashed: count("Checks whose rule broke."),
  errors: count("Failed checks of severity error."),
  warnings: count("Failed checks of severity warn."),
  infos: count("Failed checks of severity info."),
  root_errors: count("Failed checks of severity error that are not a consequence of another failed check."),
  partial: flag("Whether checks were skipped, so that the gate speaks only of what was looked at."),
  gate: oneOf("Whether the deployment may go ahead.", ["open", "closed", "no-verdict"]),
  gate_reason: text("Why the gate stands as it does: one sentence."),
});

const named = (title: string, description: string) =>
  object(title, description, { name: text("Its name, as checks have it.") });

const topology = object("Topology", "What is deployed where, by the names that the subjects of checks have.", {
  locations: list("The declared system locations.", named("Topology location", "A system location.")),
  nodes: list(
    "The nodes, in document order.",
    object("Topology node", "A node: it may run on its host, and on every host of its cluster.", {
      name: text("Its name, as checks have it."),
      role: oneOf("What kind of node it is.", ["management", "conferencing"]),
      location: nullable(text("Its system location; null when it has none, or names one that is not declared.")),
      host: nullable(text("Where its VM runs, or is planned to run; null when that is not known.")),
      cluster: nullable(
        text("The cluster on any of whose hosts it may come to run; null when it stays on its host, or none is known."),
      ),
      certain: flag(
        "False when a value is missing, so that it may run on other hosts than those shown, or not move among them at all.",
      ),
    }),
  ),
  hosts: list(
    "Hosts that a node runs on or may come to run on.",
    object("Topology host", "An ESXi host.", {
      name: text("Its name, as checks have it."),
      cluster: nullable(text("Its cluster; null when it stands alone, or its cluster is not known.")),
    }),
  ),
  clusters: list(
    "Clusters that a node is placed on, or that hold one of these hosts.",
    named("Topology cluster", "A vSphere cluster."),
  ),
});

const rule = object("Rule", "A rule that was enabled.", {
  id: name("Id of the rule."),
  title: name("What the rule demands."),
  severity: oneOf("How much a failure weighs.", severities),
  live: flag("Whether the rule asks servers."),
  source: object("Rule source", "Where the rule comes from.", {
    document: text("The document."),
    section: text("The section of the document."),
    wording: oneOf("How binding the wording is.", ["must", "strongly-recommended", "recommended", "derived", "beyond"]),
  }),
  remediation: text("The cure in general."),
  since: text("Version of this program that first had the rule."),
});

const runReport = object("Run report", "Everything that a run of infinity-preflight found out.", {
  schema_version: constant("Version of this format.", 1),
  tool: object("Tool", "The program that wrote the report.", {
    name: constant("Name of the program.", "infinity-preflight"),
    version: text("Version of the program."),
  }),
  profile: text("Version profile whose limits were applied, for example v25."),
  mode: oneOf("Whether servers were asked, not asked, or answered from recorded evidence.", [
    "live",
    "static",
    "replay",
  ]),
  exit_code: { description: "0 gate open, 1 closed, 2 no verdict.", type: "integer", enum: [0, 1, 2] },
  started_at: text("When the run began: RFC 3339, UTC.", { pattern: TIME }),
  ended_at: text("When the run ended: RFC 3339, UTC.", { pattern: TIME }),
  inputs: list(
    "The files that were read.",
    object("Input", "A file that was read.", {
      kind: oneOf("What the file is to the run.", [
        ...["deployment", "inventory", "evidence", "config", "waivers", "plan"],
      ]),
      path: text("The file, as the user named it; - is standard input."),
      uri: text("The file as a percent-encoded URI, relative to the root of the repository that holds the deployment."),
      sha256: text("SHA-256 of its bytes, in hex.", { pattern: "^[0-9a-f]{64}$" }),
    }),
  ),
  summary,
  topology: {
    description: "What is deployed where; null when mistakes in the files kept the run from knowing.",
    anyOf: [topology, { type: "null" }],
  },
  checks: list("Every planned check.", check),
  evidence: list(
    "Questions that were asked, with their answers.",
    object("Evidence", "A question and its answer.", {
      id: text("Id by which checks refer to it."),
      question: ref("question"),
      answer: ref("answer"),
    }),
  ),
  waivers: list(
    "Every waiver and directive that was read, and what became of it.",
    object("Waiver", "An agreed exception.", {
      ...waiver,
      rule: name("Id of the rule."),
      subject: nullable(text("The subject as kind:name; null for a directive.")),
      state: oneOf("What became of it.", [
        ...["used", "expired", "unneeded", "not-judged", "unmatched", "incomplete", "refused"],
      ]),
      message: nullable(text("What is wrong with it: one sentence; null when it is used.")),
    }),
  ),
  baseline: {
    description: "The approved plan that the run was held against, or null.",
    anyOf: [
      object("Baseline", "The plan as it was approved.", {
        path: text("The file, as the user named it."),
        planned: count("How many checks were to be judged when it was approved."),
        missing: list(
          "Those of them that this run does not judge.",
          object("Unplanned check", "A check that is no longer judged.", {
            rule: name("Id of the rule."),
            subject: ref("subject"),
            reason: text("Why it is not judged: a phrase."),
          }),
        ),
      }),
      { type: "null" },
    ],
  },
  policy: object("Policy", "What configs and options took out of the run.", {
    off: list(
      "Checks that are not planned because their rule is off.",
      object("Rule that is off", "Checks of one rule that one setting turned off.", {
        rule: text("Id of the rule."),
        checks: count("How many checks would have been planned."),
        by: text("Who turned it off: the path of a config, a preset, or an option."),
        location,
      }),
    ),
    unmatched: list(
      "Patterns of overrides that no subject fits.",
      object("Unmatched pattern", "A pattern that no subject fits; perhaps it is misspelt.", {
        pattern: text("The pattern."),
        near: nullable(text("The id of a subject that may have been meant, or null.")),
        location,
      }),
    ),
  }),
  rules: list("The rules that were enabled.", rule),
  errors: list(
    "Mistakes in usage or input that kept the run from a full verdict.",
    object("Error", "A mistake that a user can cure.", {
      code: text("Stable machine name."),
      message: name("What is wrong: a full sentence."),
      location,
      hint: nullable(text("The cure, or null when the message says it.")),
    }),
  ),
  excerpts: list(
    "Lines of the inputs around the places that the report points at, secrets blanked.",
    object("Excerpt", "Lines of one file.", {
      path: text("The file, as in inputs."),
      lines: list(
        "The lines, in order.",
        object("Excerpt line", "A line, or a piece of a long one.", {
          line: integer("Number of the line, from 1.", { minimum: 1 }),
          column: integer("Column of the first character of the text, from 1; more than 1 in a piece of a long line.", {
            minimum: 1,
          }),
          text: text("The text, without line end."),
          length: count("Length of the whole line in UTF-16 units."),
          hash: nullable(
            text("GitHub's primaryLocationLineHash where a finding or a gap is shown at the line, or null."),
          ),
        }),
      ),
    }),
  ),
});

/** JSON Schema of the report that `--format json` prints. */
export const reportSchema: JsonSchema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  $id: "report.schema.json",
  ...runReport,
  definitions: { subject, ...locations, ...questionDefinitions },
};
