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
  titled,
  type Properties,
} from "./schema-parts.ts";
import type { JsonSchema } from "../values/json-schema.ts";

/* The object from which every report format is created; `--format json` prints exactly this. */

const TIME = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?Z$";
/** Severity of a rule or finding. */
export const severity = titled("Severity", oneOf("How much a failure weighs.", ["error", "warn", "info"]));
const location = ref("location");
const gate = titled("Gate", oneOf("Whether the deployment may go ahead.", ["passed", "failed", "no-verdict"]));

/** Definitions of locations in input files. */
export const locations: Properties = {
  location: {
    description: "A location in an input file, or null when there is none.",
    anyOf: [ref("text_location"), ref("cell_location"), { type: "null" }],
  },
  text_location: object("Text location", "A range in a text file; the end is exclusive.", {
    path: text("The file, as the user named it."),
    line: integer("First line, from 1.", { minimum: 1 }),
    column: integer("First column, from 1, in UTF-16 units.", { minimum: 1 }),
    end_line: integer("Last line, from 1.", { minimum: 1 }),
    end_column: integer("Column after the last one, from 1, in UTF-16 units.", { minimum: 1 }),
  }),
  cell_location: object("Cell location", "A cell of a workbook.", {
    path: text("The file, as the user named it."),
    sheet: text("Name of the sheet."),
    cell: text("The cell, as B7."),
  }),
};

/** The program, in every report. */
export const tool = object("Tool", "The program that wrote the report.", {
  name: constant("Name of the program.", "infinity-preflight"),
  version: text("Version of the program."),
});

/** The exit code, in every report. */
export const exitCode: JsonSchema = {
  description: "0 gate passed, 1 failed, 2 no verdict.",
  type: "integer",
  enum: [0, 1, 2],
};

/** Start and end, in every report. */
export const reportTimes: Properties = {
  started_at: text("When the run began: RFC 3339, UTC.", { pattern: TIME }),
  ended_at: text("When the run ended: RFC 3339, UTC.", { pattern: TIME }),
};

export const subject = object("Subject id", "What a check is about.", {
  kind: name("Kind of subject, for example node."),
  name: text("Name of the subject; unique among its kind."),
});

const checkReference = object("Check reference", "Names another check.", {
  rule: name("Id of the rule."),
  subject: ref("subject"),
});

const finding = object(
  "Finding",
  "One thing that is wrong.",
  {
    message_id: text("Id of the message within the rule."),
    message: name("What is wrong: a full sentence."),
    data: {
      description: "The values that the message contains.",
      type: "object",
      additionalProperties: { type: ["string", "number", "boolean", "null"] },
    },
    fingerprint: text("Identity of the finding; stays the same when lines or measured values change.", {
      pattern: "^[0-9a-f]{32}$",
    }),
    location,
    caused_by: list("Failed checks with a finding at a value that this finding depends on.", checkReference),
    related: list(
      "Other locations that explain the finding.",
      object("Related location", "A location that explains a finding.", { message: text("What is there."), location }),
    ),
    fix: object("Fix", "The change that --fix makes for the finding; absent if there is no certain fix.", {
      description: text("The change: an imperative phrase."),
      edit: {
        description: "The edit of the deployment file; null if it is not made.",
        anyOf: [
          object("Text edit", "A range of a file, and the text that replaces it.", {
            location: ref("text_location"),
            text: text("The new text; empty to delete the range."),
          }),
          { type: "null" },
        ],
      },
      refusal: nullable(
        text("Why the edit is not made, for example because the value comes from an anchor; else null."),
      ),
    }),
  },
  ["fix"],
);

/** The fields of a waiver: an entry of the waivers file, or a directive in the deployment. */
const waiver: Properties = {
  kind: oneOf("Where it is: in the waivers file, or inline in the deployment.", ["file", "inline"]),
  reason: text("Why the exception is fine."),
  owner: nullable(text("Who is responsible for it; null for a directive, which has no owner.")),
  ticket: nullable(text("Where it was agreed, or null.")),
  expires: text("The last day on which it counts, as 2027-01-31."),
  location,
};

export const verdict = titled(
  "Verdict",
  oneOf("The result of a check.", [
    ...["pass", "fail", "inconclusive", "not-applicable", "skipped", "waived", "crashed"],
  ]),
);

/** The inputs of an evaluation other than values of files; also printed by `preflight why`. */
export const reads: Properties = {
  certificates: list("Certificate files that the check read.", text("The file, as the deployment has it.")),
  reads_time: flag("Whether the rule compares with the time of evaluation."),
  facts: list(
    "Rows of this program's tables of facts that were read, and limits.",
    object("Explained fact", "A row of a table.", {
      table: text("What the table is about."),
      key: text("The key that was looked up."),
      value: text("Its value in the table, as JSON; null if the table does not have it."),
      source: text("Where the row is from."),
      confirmed: flag("False where the row is expected rather than confirmed by its source."),
    }),
  ),
  options: list(
    "Options of the rule that it read.",
    object("Explained option", "An option of the rule.", {
      name: name("Its name."),
      value: text("Its value in this run, as JSON."),
      default: text("Its default, as JSON."),
    }),
  ),
};

const checkReads = object(
  "Check reads",
  "The values that the verdict of a check is based on, besides the answers of servers; only with --explain. preflight why also tries what would change the verdict.",
  {
    values: list(
      "Values of the files, those that the rule itself read first.",
      object("Read value", "A value that was read, or that was requested but is missing.", {
        file: text("The file."),
        location,
        path: text("The path of the value in its file, as conferencing_nodes[0].address."),
        value: nullable(text("The value as JSON, shortened if it is long; null if it is not in the file.")),
        request: nullable(
          text("The request of the rule during which it was read, as `esxi of host esxi01`; null if unknown."),
        ),
      }),
    ),
    has_more_values: flag("Whether more values were read than are listed: preflight why lists all."),
    ...reads,
  },
);

export const check = object(
  "Check",
  "One rule applied to one subject. Its location is where a file names the subject.",
  {
    rule: name("Id of the rule."),
    subject: ref("subject"),
    severity,
    verdict,
    reason: nullable(
      text("Why the check is not-applicable, inconclusive (when no value is missing), skipped or crashed; else null."),
    ),
    awaits: oneOf("When a check that is not-applicable will apply: once the VM of its node exists. Else absent.", [
      "deployment",
    ]),
    missing: list(
      "Values that the check needs and that are in no input.",
      object(
        "Missing value",
        "A missing value, and the location where it belongs. Equal texts are the same gap at several locations.",
        {
          what: name("The missing field or list, and the fix: a phrase without a period."),
          location,
        },
      ),
    ),
    because: list("Checks that failed on the same evidence or file and so make this one inconclusive.", checkReference),
    findings: list("What is wrong; empty unless the check failed.", finding),
    root_causes: list(
      "The failed checks that this one is a consequence of: it failed, and each of its findings has a cause; else empty.",
      checkReference,
    ),
    evidence: texts("Ids of the evidence records that the rule read."),
    vantage_points: list(
      "The verdicts of all vantage points, where they differ.",
      object("Vantage verdict", "The verdict of one vantage point.", {
        from: text("Name of the vantage point."),
        verdict: text("Its verdict."),
      }),
    ),
    waiver: {
      description: "The waiver that covers the check; null unless its verdict is waived.",
      anyOf: [
        object("Check waiver", "The waiver that covers a check; its findings and gaps stay in the check.", {
          ...waiver,
          verdict: oneOf("The verdict without the waiver.", ["fail", "inconclusive"]),
          through: {
            description:
              "The waived check that makes this one inconclusive; null when the waiver names this check itself.",
            anyOf: [checkReference, { type: "null" }],
          },
        }),
        { type: "null" },
      ],
    },
    remediation: nullable(text("How to fix a failure, or null.")),
    commands: list(
      "The commands that fix the failure, as data; absent where the rule has none.",
      object(
        "Check command",
        "A row of the table of commands with its values.",
        {
          id: nullable(text("The row; null for a command of a plugin, which is text.")),
          text: text("The command, where there is no row."),
          values: {
            description: "The values of the row's placeholders.",
            type: "object",
            additionalProperties: {
              anyOf: [{ type: ["string", "number"] }, { type: "array", items: { type: "string" } }],
            },
          },
        },
        ["text"],
      ),
    ),
    location,
    explanation: checkReads,
  },
  ["awaits", "vantage_points", "commands", "explanation"],
);

const summary = object("Summary", "Counts of checks, and the gate.", {
  planned: count("All checks."),
  pass: count("Checks that passed."),
  fail: count("Checks that failed."),
  inconclusive: count("Checks that are inconclusive."),
  "not-applicable": count("Checks that do not apply to their subject."),
  skipped: count("Checks skipped by options of the run."),
  waived: count("Checks that a waiver covers."),
  crashed: count("Checks whose rule failed with an internal error."),
  errors: count("Failed checks of severity error."),
  warnings: count("Failed checks of severity warn."),
  infos: count("Failed checks of severity info."),
  root_errors: count("Failed checks of severity error that are not a consequence of another failed check."),
  partial: flag("Whether checks were skipped, so that the gate covers only the others."),
  gate,
  gate_reason: text("Why the gate passed or failed, or why there is no verdict: one sentence."),
});

const blocker = object("Blocker", "One reason why the gate did not pass.", {
  kind: oneOf(
    "Kind of reason. No verdict: crashed (checks whose rule failed with an internal error), errors (see errors of the report), nothing-evaluated (all checks were skipped or do not apply). Gate failed: fail (failed checks of severity error), inconclusive (inconclusive checks of severity error), warnings (more than policy.max_warnings: failed checks of severity warn and, where policy.inconclusive is warn, inconclusive ones), baseline (checks of the approved plan that were not evaluated, or settings that are more relaxed than in it).",
    ["crashed", "errors", "nothing-evaluated", "fail", "inconclusive", "warnings", "baseline"],
  ),
  reason: text("The reason in words: a phrase."),
  checks: list(
    "The checks that it consists of, in the order of checks; none for errors and nothing-evaluated.",
    checkReference,
  ),
});

const named = (title: string, description: string) =>
  object(title, description, { name: text("Its name, as the subject of its checks.") });

const topology = object("Topology", "Summary of the placement of nodes, by the names of the subjects of checks.", {
  locations: list("The declared system locations.", named("Topology location", "A system location.")),
  nodes: list(
    "The nodes, in document order.",
    object(
      "Topology node",
      "A node. Its candidate hosts are its host and every host of its cluster.",
      {
        name: text("Its name, as the subject of its checks."),
        role: oneOf("What kind of node it is.", ["management", "conferencing"]),
        location: nullable(
          text("Its system location; null when it has none (the Management Node), or names one that is not declared."),
        ),
        host: nullable(text("The host on which its VM runs, or is planned to run; null if unknown.")),
        vm: text("The name of its VM in vSphere; absent if it does not exist, or is unknown."),
        cluster: nullable(
          text(
            "The cluster within which its VM may move to any host; null if it stays on its host, or the cluster is unknown.",
          ),
        ),
        certain: flag(
          "False if a value is missing, so that it may run on hosts that are not listed, or may not move at all.",
        ),
      },
      ["vm"],
    ),
  ),
  hosts: list(
    "The candidate hosts of the nodes.",
    object("Topology host", "An ESXi host.", {
      name: text("Its name, as the subject of its checks."),
      cluster: nullable(text("Its cluster; null if it is in none, or its cluster is unknown.")),
    }),
  ),
  clusters: list(
    "Clusters that a node is placed on, or that contain one of these hosts.",
    named("Topology cluster", "A vSphere cluster."),
  ),
});

const rule = object(
  "Rule description",
  "A rule that was enabled.",
  {
    id: name("Id of the rule."),
    title: name("What the rule requires."),
    severity,
    live: flag("Whether the rule contacts servers."),
    source: object("Rule source", "Where the rule comes from.", {
      document: text("The document."),
      section: text("The section of the document."),
      wording: oneOf("How binding the wording is.", [
        "must",
        "strongly-recommended",
        "recommended",
        "derived",
        "beyond",
      ]),
    }),
    remediation: text("The fix in general."),
    since: text("Version of this program that first had the rule."),
    docs: text("The rule's page in Markdown, of rules of plugins that have one."),
    quote: text("The line of the document, as quoted in the rule's page; only with --explain."),
  },
  ["docs", "quote"],
);

const dataSource = object(
  "Data source",
  "An inventory or an evidence file.",
  {
    kind: oneOf("What it is.", ["inventory", "evidence"]),
    path: text("The file, as in inputs; for an inventory that was read from a server, the server."),
    source: nullable(text("Its kind, such as vsphere, govc or rvtools; probe for evidence; null if unknown.")),
    server: nullable(text("The server that was read, or the vantage point of evidence; null if unknown.")),
    collected_at: nullable(text("Collection time, as in the file; null if unknown.")),
    age_s: nullable(count("Its maximum age in seconds at the time of evaluation; null if unknown.")),
    is_found: flag("Whether it was discovered beside the deployment; absent for one given by name."),
  },
  ["is_found"],
);

const CHANGES = [
  ...["new", "severity-changed", "newly-inconclusive", "no-longer-checked", "still-failing", "newly-waived"],
  ...["no-longer-inconclusive", "fixed"],
] as const;

const comparedRun = object("Compared run", "One of the two runs.", {
  path: nullable(text("The file of its report; null for the run whose report this is.")),
  deployment: nullable(text("Its deployment file.")),
  version: text("Version of the program that wrote it."),
  started_at: text("When it began: RFC 3339, UTC.", { pattern: TIME }),
  gate,
  sources: list("Its inventories and evidence files.", ref("data_source")),
});

const comparison = object("Comparison", "What is different from an earlier run of the same deployment.", {
  schema_version: constant("Version of this format.", 1),
  before: comparedRun,
  after: comparedRun,
  counts: object("Comparison counts", "Number of changes of each kind, without consequences.", {
    new: count("New findings."),
    severity_changed: count("Findings in both runs whose severity differs."),
    newly_inconclusive: count("Inconclusive checks that were not inconclusive before."),
    no_longer_checked: count("Checks that were evaluated before."),
    still_failing: count("Findings in both runs."),
    newly_waived: count("Findings that a waiver covers now."),
    no_longer_inconclusive: count("Checks that were inconclusive before and pass now."),
    fixed: count("Findings of checks that were evaluated again without them."),
    still_inconclusive: count("Checks that are inconclusive in both runs; these are not in changes."),
  }),
  notes: texts("Limits of the comparison: one sentence each."),
  changes: list(
    "Findings by fingerprint, and checks by rule and subject, in the order of the later run; those that are no longer planned come last.",
    object("Comparison change", "A finding, or a check without one.", {
      change: titled(
        "Change",
        oneOf(
          "The kind of change. fixed: the check was evaluated again and does not have the finding. no-longer-checked: the check was evaluated before, and is now skipped, not applicable, crashed or not planned.",
          CHANGES,
        ),
      ),
      rule: name("Id of the rule."),
      subject: ref("subject"),
      severity,
      severity_before: {
        description: "Its severity in the earlier run; null when it is new.",
        anyOf: [severity, { type: "null" }],
      },
      verdict_before: nullable(text("Verdict of the check in the earlier run; null when it was not planned.")),
      verdict: nullable(text("Verdict of the check in the later run; null when it is not planned.")),
      fingerprint: nullable(text("Identity of the finding; null for a check without one.")),
      message: text("The finding, what is missing, or why the check is no longer evaluated."),
      is_consequence: flag("Whether another failed check caused the finding."),
      location,
    }),
  ),
});

const policySource = object("Policy source", "The only source of config, plugins, waivers and approved plan.", {
  kind: oneOf("A config file, a folder with the files of the policy, or none: the built-in defaults.", [
    "file",
    "folder",
    "none",
  ]),
  path: nullable(text("The file or folder, as the user named it; null for none.")),
  sha256: nullable(
    text(
      "For one file, its SHA-256; for several, the SHA-256 of the lines that sha256sum prints for them in the policy's folder, sorted by name. Null if no file was read.",
      { pattern: "^[0-9a-f]{64}$" },
    ),
  ),
});

const runReport = object(
  "Run report",
  "The result of a run of infinity-preflight: the one object that all formats show.",
  {
    schema_version: constant("Version of this format.", 1),
    tool,
    profile: text("Version profile whose limits were applied, for example v25."),
    mode: oneOf("Whether servers were contacted, were not, or their answers were replayed from recorded evidence.", [
      "live",
      "static",
      "replay",
    ]),
    exit_code: exitCode,
    ...reportTimes,
    inputs: list(
      "The files that were read.",
      object("Report input", "A file that was read.", {
        kind: oneOf("What the file is to the run.", [
          ...["deployment", "inventory", "evidence", "config", "plugin", "waivers", "plan", "project"],
        ]),
        path: text(
          "The file, relative to the working directory where it lies below it, else as the user named it; - is standard input.",
        ),
        uri: text(
          "The file as a percent-encoded URI, relative to the root of the repository that contains the deployment; never empty, never absolute.",
        ),
        sha256: text("SHA-256 of its bytes, in hex.", { pattern: "^[0-9a-f]{64}$" }),
      }),
    ),
    as_of: nullable(
      text("The time of evaluation (--now), RFC 3339, UTC; null = the time of the run.", {
        pattern: TIME,
      }),
    ),
    sources: list(
      "The basis of the verdicts besides the deployment: the source and the age of each inventory and evidence file.",
      ref("data_source"),
    ),
    summary,
    blockers: list(
      "Why the gate did not pass, reasons for no verdict first; empty if it passed. gate_reason is derived from it.",
      blocker,
    ),
    topology: {
      description: "The placement of nodes; null if errors in files left it unknown.",
      anyOf: [topology, { type: "null" }],
    },
    checks: list("Every planned check.", check),
    evidence: list(
      "Queries and their answers.",
      object("Evidence record", "A query and its answer.", {
        id: text("Id by which checks refer to it: e1, e2 … in the order in which checks first read them."),
        question: ref("question"),
        answer: ref("answer"),
      }),
    ),
    waivers: list(
      "Every waiver and directive that was read, and its effect.",
      object("Waiver record", "A waiver, and its effect in this run.", {
        ...waiver,
        rule: name("Id of the rule."),
        subject: nullable(text("The subject as kind:name; null for a directive.")),
        state: oneOf(
          "Its effect. used: covers a check. expired: would, but its last day is over. unneeded: its check needs no waiver. not-evaluated: its check was skipped, or its rule is off. unmatched: there is no such check. incomplete: its check has more findings or gaps than it covers. refused: the rule cannot be waived.",
          ["used", "expired", "unneeded", "not-evaluated", "unmatched", "incomplete", "refused"],
        ),
        message: nullable(text("The problem with it and the fix; null if it is used.")),
      }),
    ),
    comparison: ref("comparison"),
    provenance: object(
      "Provenance",
      "Who ran it, where, and for which ticket, if set by options. Absent otherwise: nothing is read from the machine.",
      {
        run_by: nullable(text("Who ran it, or null.")),
        job: nullable(text("URL of the job of a CI system, or null.")),
        ticket: nullable(text("The ticket of the change, or null.")),
      },
    ),
    vantage: texts("Live verdicts that were obtained from a network other than their own: one sentence each."),
    baseline: {
      description: "The approved plan that the run was compared with (--baseline-plan), or null.",
      anyOf: [
        object("Baseline", "The plan as it was approved.", {
          path: text("The file, as the user named it."),
          planned: count("Number of checks to be evaluated when it was approved."),
          missing: list(
            "Those of them that this run does not evaluate; any fails the gate.",
            object("Unplanned check", "A check that is no longer evaluated.", {
              rule: name("Id of the rule."),
              subject: ref("subject"),
              reason: text("Why it is not evaluated: a phrase."),
            }),
          ),
          relaxed: list(
            "Settings that are more relaxed than in the approved plan; any of them fails the gate.",
            object(
              "Milder setting",
              "A setting of a check, or of all, that is more relaxed than in the approved plan.",
              {
                rule: nullable(name("Id of the rule; null for a setting that concerns all rules.")),
                subject: {
                  description: "The subject; null for a setting that concerns all rules.",
                  anyOf: [ref("subject"), { type: "null" }],
                },
                setting: text(
                  "The setting: severity, `severity of MESSAGE`, `option NAME`, inconclusive or max_warnings.",
                ),
                from: text("Its value in the approved plan."),
                to: text("What it is in this run."),
              },
            ),
          ),
        }),
        { type: "null" },
      ],
    },
    policy: object("Policy record", "The effective settings of configs and options, and the settings without effect.", {
      source: {
        description:
          "The policy of the run (--policy); null = it used the config, waivers and directives that it found.",
        anyOf: [policySource, { type: "null" }],
      },
      ignored: list(
        "Settings of the checked files that the policy overrides; empty without --policy.",
        object("Ignored setting", "A setting in the checked files that had no effect.", {
          what: oneOf(
            "Its kind: a discovered config or waivers file, a directive in a comment, or platform.environment: test.",
            ["config", "waivers", "directive", "environment"],
          ),
          path: text("The file."),
          location,
        }),
      ),
      inconclusive: oneOf("Effect of an inconclusive check: fail the gate, count as one warning, or none.", [
        "fail",
        "warn",
        "ignore",
      ]),
      max_warnings: nullable(count("More warnings than this fail the gate; null allows any number.")),
      changed: list(
        "Every relaxation of declared rules: severities, options, the environment, and settings of the gate and of live checks.",
        object("Relaxed setting", "One setting that is more relaxed than the rule declares.", {
          rule: nullable(name("Id of the rule; null for a setting that concerns all rules.")),
          setting: text(
            "The setting: severity, environment, `option NAME`, inconclusive, max_warnings, max_age, or a limit as probe.timeout_ms.",
          ),
          subjects: {
            ...texts("The subjects that it concerns, as kind:name; null = all subjects of the rule."),
            type: ["array", "null"],
          },
          from: text("What it would be."),
          to: text("What it is."),
          by: text("Its source: the location in a file, a preset as `preset must`, or an option as `--rule`."),
          location,
        }),
      ),
      off: list(
        "Checks that are not planned because their rule is off.",
        object("Disabled rule", "Checks of one rule that one setting disabled.", {
          rule: text("Id of the rule."),
          checks: count("Number of checks that would have been planned."),
          by: text(
            "The source of the setting: the path of a config, a preset as `preset must`, or an option as `--rule`.",
          ),
          location,
        }),
      ),
      unmatched: list(
        "Patterns of overrides that match no subject of this deployment.",
        object("Unmatched pattern", "A pattern that matches no subject; it may be misspelled.", {
          pattern: text("The pattern."),
          near: nullable(text("The id of a subject that may have been meant, or null.")),
          location,
        }),
      ),
    }),
    rules: list("The rules that were enabled.", rule),
    errors: list(
      "Errors in usage or input; with any there is no verdict.",
      object("Report error", "An error that a user can fix.", {
        code: text("Stable machine name."),
        message: name("What is wrong: a full sentence."),
        location,
        hint: nullable(text("The fix, or null if the message contains it.")),
      }),
    ),
    excerpts: list(
      "Lines of the inputs around the locations that the report refers to, with secrets masked; never all of a large file.",
      object("Excerpt", "Lines of one file.", {
        path: text("The file, as in inputs."),
        lines: list(
          "The lines, by number, then by column.",
          object("Excerpt line", "A line, or a piece of a long one; of a very long line there may be several pieces.", {
            line: integer("Number of the line, from 1.", { minimum: 1 }),
            column: integer(
              "Column of the first character of the text, from 1; more than 1 in a piece of a long line.",
              {
                minimum: 1,
              },
            ),
            text: text("The text, without line end."),
            length: count("Length of the whole line in UTF-16 units."),
            hash: nullable(
              text("GitHub's primaryLocationLineHash if a finding or a gap is shown at the line, or null."),
            ),
          }),
        ),
      }),
    ),
  },
  ["vantage", "comparison", "provenance"],
);

/** JSON Schema of the report printed by `--format json`. */
export const reportSchema: JsonSchema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  $id: "report.schema.json",
  ...runReport,
  definitions: { subject, ...locations, data_source: dataSource, comparison, ...questionDefinitions },
};

/** JSON Schema of the output of `preflight compare --format json`; a report with `--compare-to` contains the same. */
export const comparisonSchema: JsonSchema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  $id: "comparison.schema.json",
  ...comparison,
  definitions: { subject, ...locations, data_source: dataSource },
};
