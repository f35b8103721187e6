import type { JsonSchema } from "../values/json-schema.ts";

/*
 * The machine form of src/engine/run-report.ts and src/engine/question.ts, for whoever reads `--format json`.
 */

type Properties = Readonly<Record<string, JsonSchema>>;

/** An object that has exactly these keys; `optional` ones may be missing. */
function object(
  title: string,
  description: string,
  properties: Properties,
  optional: readonly string[] = [],
): JsonSchema {
  return {
    title,
    description,
    type: "object",
    required: Object.keys(properties).filter((key) => !optional.includes(key)),
    additionalProperties: false,
    properties,
  };
}

const text = (description: string): JsonSchema => ({ description, type: "string" });
const textOrNull = (description: string): JsonSchema => ({ description, type: ["string", "null"] });
const flag = (description: string): JsonSchema => ({ description, type: "boolean" });
const number = (description: string): JsonSchema => ({ description, type: "number" });
const count = (description: string): JsonSchema => ({ description, type: "integer", minimum: 0 });
const position = (description: string): JsonSchema => ({ description, type: "integer", minimum: 1 });
const oneOf = (description: string, values: readonly string[]): JsonSchema => ({
  description,
  type: "string",
  enum: values,
});
const list = (description: string, items: JsonSchema): JsonSchema => ({ description, type: "array", items });
const constant = (value: string | number | null, description: string): JsonSchema => ({ description, const: value });
const ref = (name: string): JsonSchema => ({ $ref: `#/definitions/${name}` });

const severities = ["error", "warn", "info"];
const location = ref("location");

const locations: Properties = {
  location: {
    description: "A place in an input file, or null when there is none.",
    anyOf: [ref("text_location"), ref("cell_location"), { type: "null" }],
  },
  text_location: object("Text location", "A range in a text file; the end is exclusive.", {
    path: text("The file, as the user named it."),
    line: position("First line, from 1."),
    column: position("First column, from 1, in UTF-16 units."),
    end_line: position("Last line, from 1."),
    end_column: position("Column behind the last one, from 1, in UTF-16 units."),
  }),
  cell_location: object("Cell location", "A cell of a workbook.", {
    path: text("The file, as the user named it."),
    sheet: text("Name of the sheet."),
    cell: text("The cell, as B7."),
  }),
};

const server = { address: text("IP address of the server."), port: count("Port of the server.") };

const questions: Properties = {
  question: {
    description: "What was asked of which server.",
    anyOf: ["dns_question", "ntp_question", "tcp_question", "tls_question"].map(ref),
  },
  dns_question: object("DNS question", "Asks a DNS server for records of a name.", {
    kind: constant("dns", "Kind of question."),
    server: text("IP address of the DNS server."),
    port: count("Port of the DNS server."),
    name: text("The name, lower case, without the final dot."),
    type: oneOf("Type of the records.", ["A", "AAAA", "SRV", "PTR", "CNAME", "SOA", "NS"]),
  }),
  ntp_question: object("NTP question", "Asks an NTP server for the time.", {
    kind: constant("ntp", "Kind of question."),
    ...server,
  }),
  tcp_question: object("TCP question", "Asks whether a port accepts connections.", {
    kind: constant("tcp", "Kind of question."),
    ...server,
  }),
  tls_question: object("TLS question", "Asks which certificate a server presents.", {
    kind: constant("tls", "Kind of question."),
    ...server,
    name: text("The configured name: sent as SNI and held against the certificate."),
  }),
};

const notAsked = ["deadline", "aborted", "not-recorded", "name-not-resolved", "denied", "own-network-error"];

/** The keys that answers of every kind have. */
function answer(kind: string, reasons: readonly string[]): Properties {
  return {
    kind: constant(kind, "Kind of question that this answers."),
    status: oneOf("Whether the server said something valid, nothing valid, or was not asked.", [
      "answered",
      "no-answer",
      "not-asked",
    ]),
    reason: oneOf("What came of it.", [...reasons, ...notAsked]),
    attempts: list("Every try, in order.", ref("attempt")),
    started_at: text("When the question was asked: RFC 3339, UTC."),
    duration_ms: number("How long it took, in ms."),
    from: text("The place that asked."),
  };
}

const dnsRecord = (title: string, types: readonly string[], data: Properties): JsonSchema =>
  object(title, "A DNS resource record.", {
    type: oneOf("Type of the record.", types),
    name: text("Owner of the record."),
    ttl: count("Time to live, in seconds."),
    ...data,
  });

const answers: Properties = {
  answer: {
    description: "What came of a question.",
    anyOf: ["dns_answer", "ntp_answer", "tcp_answer", "tls_answer"].map(ref),
  },
  attempt: object("Attempt", "One try.", {
    transport: oneOf("Transport of the try.", ["udp", "tcp"]),
    duration_ms: number("How long it took, in ms."),
    result: text("What came of it."),
  }),
  dns_record: {
    description: "A DNS resource record.",
    anyOf: ["address_record", "srv_record", "name_record", "soa_record"].map(ref),
  },
  address_record: dnsRecord("Address record", ["A", "AAAA"], { address: text("The address in canonical form.") }),
  srv_record: dnsRecord("SRV record", ["SRV"], {
    priority: count("Priority; lower is tried first."),
    weight: count("Weight among equal priorities."),
    port: count("Port of the service."),
    target: text("Name of the server."),
  }),
  name_record: dnsRecord("Name record", ["CNAME", "PTR", "NS", "DNAME"], { target: text("The name it points to.") }),
  soa_record: dnsRecord("SOA record", ["SOA"], { mname: text("The zone's primary server.") }),
  dns_answer: object("DNS answer", "What a DNS server said.", {
    ...answer("dns", [
      ...["ok", "nodata", "nxdomain", "servfail", "refused", "notimp", "formerr", "other-rcode", "lame", "referral"],
      ...["truncated", "malformed", "cname-loop", "timeout", "port-unreachable", "unreachable", "admin-prohibited"],
    ]),
    records: list("Records of the asked type at the end of the alias chain.", ref("dns_record")),
    chain: list("Names of the alias chain, the asked one first.", { type: "string" }),
    authoritative: flag("Whether the server is an authority for the name."),
    bogus: count("Packets that did not belong to the question and were ignored."),
  }),
  ntp_answer: object("NTP answer", "What an NTP server said.", {
    ...answer("ntp", [
      ...["ok", "no-reply", "port-unreachable", "unreachable", "admin-prohibited", "kiss-of-death"],
      ...["unsynchronised", "bad-reply"],
    ]),
    reply: {
      description: "The decoded reply; null when no valid one came.",
      anyOf: [ref("ntp_reply"), { type: "null" }],
    },
    bogus: count("Packets that did not belong to the question and were ignored."),
  }),
  ntp_reply: object("NTP reply", "A decoded NTP packet (RFC 5905, section 7.3).", {
    leap: { description: "Leap indicator; 3 means not synchronised.", type: "integer", enum: [0, 1, 2, 3] },
    version: number("Protocol version."),
    stratum: number("Distance from a reference clock; 16 means not synchronised."),
    precision: number("Precision of the clock, as a power of two in seconds."),
    root_delay_ms: number("Round trip to the reference clock, in ms."),
    root_dispersion_ms: number("Error bound against the reference clock, in ms."),
    refid: text("What the server takes its time from."),
    kiss_code: textOrNull("Kiss-o'-death code, or null."),
    offset_ms: {
      description: "Server's clock minus ours, in ms; null when the timestamps mean nothing.",
      type: ["number", "null"],
    },
    delay_ms: { description: "Round trip, in ms; the offset is exact to half of it.", type: ["number", "null"] },
  }),
  tcp_answer: object("TCP answer", "Whether a port accepts connections.", {
    ...answer("tcp", ["open", "refused", "timeout", "unreachable", "admin-prohibited", "reset"]),
  }),
  tls_answer: object("TLS answer", "Which certificate a server presents.", {
    ...answer("tls", [
      ...["trusted", "untrusted", "name-mismatch", "expired", "not-yet-valid", "incomplete-chain", "protocol"],
      ...["refused", "timeout", "unreachable", "admin-prohibited", "reset"],
    ]),
    problems: list("All that is wrong with the chain, judged for the moment of asking; the reason names the first.", {
      type: "string",
      enum: ["expired", "not-yet-valid", "name-mismatch", "incomplete-chain", "untrusted"],
    }),
    certificate: {
      description: "The leaf that the server presents; null when no certificate was seen.",
      anyOf: [ref("served_certificate"), { type: "null" }],
    },
    protocol: textOrNull("TLS version, or null when there was no handshake."),
    chain: list("Certificates as PEM, leaf first, as the server sent them.", { type: "string" }),
    detail: textOrNull("Why the chain is not trusted, or null."),
  }),
  served_certificate: object("Served certificate", "The leaf certificate that a server presents.", {
    subject: text("Subject in one line, as CN=vcenter01, O=Example."),
    issuer: text("Issuer in one line."),
    not_before: textOrNull("Start of its validity: RFC 3339, UTC; null when it holds no readable date."),
    not_after: textOrNull("End of its validity: RFC 3339, UTC; null when it holds no readable date."),
    dns_names: list("DNS names that it covers, lower case, without the final dot.", { type: "string" }),
    ip_addresses: list("IP addresses that it covers, in canonical form.", { type: "string" }),
    self_signed: flag("Whether it is its own issuer."),
  }),
};

const subject = object("Subject", "What a check is about.", {
  kind: text("Kind of subject, for example node."),
  name: text("Name of the subject; unique among its kind."),
});

const finding = object("Finding", "One thing that is wrong.", {
  message_id: text("Which of the rule's messages this is."),
  message: text("What is wrong: a full sentence."),
  data: {
    description: "The values that stand in the message.",
    type: "object",
    additionalProperties: { type: ["string", "number", "boolean", "null"] },
  },
  fingerprint: text("Identity of the finding; stays the same when lines or measured values change."),
  location,
  related: list(
    "Other places that explain the finding.",
    object("Related place", "A place that explains a finding.", { message: text("What stands there."), location }),
  ),
});

const check = object("Check", "One rule applied to one subject.", {
  rule: text("Id of the rule."),
  subject: ref("subject"),
  severity: oneOf("How much a failure weighs.", severities),
  verdict: oneOf("What came of the check.", [
    ...["pass", "fail", "inconclusive", "not-applicable", "skipped", "waived", "crashed"],
  ]),
  reason: textOrNull("Why there is no plain pass or fail; else null."),
  missing: list(
    "Values that the check needs and no input gives.",
    object("Missing value", "A value that no input gives.", {
      what: text("What is missing, and the cure: a phrase without a final stop."),
      location,
    }),
  ),
  because: list(
    "Checks that failed on the same evidence or file, and so keep this one from being decided.",
    object("Check reference", "Names another check.", { rule: text("Id of the rule."), subject: ref("subject") }),
  ),
  findings: list("What is wrong; empty unless the check failed.", finding),
  evidence: list("Ids of the evidence records that the rule read.", { type: "string" }),
  waiver: constant(null, "The waiver that covers the check; always null in this version."),
  remediation: textOrNull("How to cure a failure, or null."),
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
  partial: flag("Whether checks were skipped, so that the gate speaks only of what was looked at."),
  gate: oneOf("Whether the deployment may go ahead.", ["open", "closed", "no-verdict"]),
  gate_reason: text("Why the gate stands as it does: one sentence."),
});

const rule = object("Rule", "A rule that was enabled.", {
  id: text("Id of the rule."),
  title: text("What the rule demands."),
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
  schema_version: constant(1, "Version of this format."),
  tool: object("Tool", "The program that wrote the report.", {
    name: constant("infinity-preflight", "Name of the program."),
    version: text("Version of the program."),
  }),
  profile: text("Version profile whose limits were applied, for example v25."),
  mode: oneOf("Whether servers were asked, not asked, or answered from recorded evidence.", [
    "live",
    "static",
    "replay",
  ]),
  exit_code: { description: "0 gate open, 1 closed, 2 no verdict.", type: "integer", enum: [0, 1, 2] },
  started_at: text("When the run began: RFC 3339, UTC."),
  ended_at: text("When the run ended: RFC 3339, UTC."),
  inputs: list(
    "The files that were read.",
    object("Input", "A file that was read.", {
      kind: oneOf("What the file is to the run.", ["deployment", "inventory"]),
      path: text("The file, as the user named it."),
      sha256: text("SHA-256 of its bytes, in hex."),
    }),
  ),
  summary,
  checks: list("Every planned check.", check),
  evidence: list(
    "Questions that were asked, with their answers.",
    object("Evidence", "A question and its answer.", {
      id: text("Id by which checks refer to it."),
      question: ref("question"),
      answer: ref("answer"),
    }),
  ),
  rules: list("The rules that were enabled.", rule),
  errors: list(
    "Mistakes in usage or input that kept the run from a full verdict.",
    object("Error", "A mistake that a user can cure.", {
      code: text("Stable machine name."),
      message: text("What is wrong: a full sentence."),
      location,
      hint: textOrNull("The cure, or null when the message says it."),
    }),
  ),
});

/** JSON Schema of the report that `--format json` prints. */
export const reportSchema: JsonSchema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  $id: "report.schema.json",
  ...runReport,
  definitions: { subject, ...locations, ...questions, ...answers },
};
