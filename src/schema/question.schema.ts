import type { JsonSchema } from "../values/json-schema.ts";
import {
  constant,
  count,
  flag,
  list,
  nullable,
  number,
  object,
  oneOf,
  ref,
  text,
  texts,
  titled,
  type Properties,
} from "./schema-parts.ts";

/*
 * Queries and answers, for reports and evidence files. A query is also the key of its recorded answer: equal queries
 * are sent once. Addresses are in canonical form; names are lower case without the final dot.
 */

const server = { address: text("IP address of the server."), port: count("Port of the server.") };

const questions: Properties = {
  question: {
    description: "A query to a server.",
    anyOf: ["dns_question", "ntp_question", "tcp_question", "tls_question", "vsphere_question"].map(ref),
  },
  dns_question: object(
    "DNS question",
    "A query to a DNS server for records of a name.",
    {
      kind: constant("Kind of query.", "dns"),
      server: text("IP address of the DNS server."),
      port: count("Port of the DNS server."),
      name: text("The name, lower case, without the final dot."),
      type: titled("DNS record type", oneOf("Type of the records.", ["A", "AAAA", "SRV", "PTR", "CNAME", "SOA", "NS"])),
      transport: constant(
        "Query over TCP only; by default over UDP, and over TCP if UDP returns no complete answer.",
        "tcp",
      ),
    },
    ["transport"],
  ),
  ntp_question: object("NTP question", "A query to an NTP server for the time.", {
    kind: constant("Kind of query.", "ntp"),
    ...server,
  }),
  tcp_question: object("TCP question", "A TCP connection that shows whether a port accepts connections.", {
    kind: constant("Kind of query.", "tcp"),
    ...server,
  }),
  tls_question: object("TLS question", "A TLS handshake that shows which certificate a server presents.", {
    kind: constant("Kind of query.", "tls"),
    ...server,
    name: text("The configured name: sent as SNI, unless it is an address, and compared with the certificate."),
  }),
  vsphere_question: object(
    "vSphere question",
    "HTTPS requests that show whether a port is a vSphere endpoint, without logging in.",
    {
      kind: constant("Kind of query.", "vsphere"),
      ...server,
      name: text("The configured name: sent as SNI, unless it is an address, and as HTTP host."),
    },
  ),
};

/**
 * Why a query was not sent; none of these decides a check. `server-silent`: earlier queries to this DNS server were not
 * answered, so no more were sent to it.
 */
export const NOT_ASKED_REASONS = [
  "deadline",
  "aborted",
  "not-recorded",
  "name-not-resolved",
  "denied",
  "own-network-error",
  "server-silent",
] as const;

/** The keys of answers of every kind. `kind` is also the first word of the names of its types. */
function answer(kind: string, reasons: readonly string[]): Properties {
  return {
    kind: constant("Kind of query that this answers.", kind),
    status: titled(
      "Answer status",
      oneOf("Whether the server returned a valid answer, returned none, or was not queried (see the reason).", [
        "answered",
        "no-answer",
        "not-asked",
      ]),
    ),
    reason: titled(
      `${kind.toUpperCase()} reason`,
      oneOf("The outcome; the last values are reasons why it was not queried.", [...reasons, ...NOT_ASKED_REASONS]),
    ),
    attempts: list("Every try, in order.", ref("attempt")),
    started_at: text("Time of the query: RFC 3339, UTC."),
    duration_ms: number("How long it took, in ms."),
    from: text("The vantage point: --from, by default local."),
  };
}

function dnsRecord(title: string, types: readonly string[], data: Properties): JsonSchema {
  return object(title, "A DNS resource record.", {
    type: oneOf("Type of the record.", types),
    name: text("Owner of the record."),
    ttl: count("Time to live, in seconds."),
    ...data,
  });
}

const answers: Properties = {
  answer: {
    description: "The result of a query.",
    anyOf: ["dns_answer", "ntp_answer", "tcp_answer", "tls_answer", "vsphere_answer"].map(ref),
  },
  attempt: object("Attempt", "One attempt: its duration and result.", {
    transport: oneOf("Transport of the try.", ["udp", "tcp"]),
    duration_ms: number("How long it took, in ms."),
    result: text("Its result."),
  }),
  dns_record: {
    description: "A DNS resource record, its data in canonical text form.",
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
  dns_answer: object("DNS answer", "The answer of a DNS server.", {
    ...answer("dns", [
      ...["ok", "nodata", "nxdomain", "servfail", "refused", "notimp", "formerr", "other-rcode", "lame", "referral"],
      ...[
        "truncated",
        "malformed",
        "cname-loop",
        "timeout",
        "port-unreachable",
        "unreachable",
        "admin-prohibited",
        "unreachable-or-prohibited",
      ],
    ]),
    records: list(
      "Records of the requested type at the end of the alias chain; empty unless the reason is ok.",
      ref("dns_record"),
    ),
    chain: texts("Names of the alias chain in order, the requested one first; one entry if there is no alias."),
    authoritative: flag("Whether the server is an authority for the name."),
    bogus: count("Number of packets that did not match the query (id, source, question) and were ignored."),
  }),
  ntp_answer: object("NTP answer", "The answer of an NTP server.", {
    ...answer("ntp", [
      ...[
        "ok",
        "no-reply",
        "port-unreachable",
        "unreachable",
        "admin-prohibited",
        "unreachable-or-prohibited",
        "kiss-of-death",
      ],
      ...["unsynchronised", "bad-reply"],
    ]),
    reply: {
      description: "The decoded reply; null if no valid one was received.",
      anyOf: [ref("ntp_reply"), { type: "null" }],
    },
    bogus: count("Number of packets that did not match the query and were ignored."),
  }),
  ntp_reply: object("NTP reply", "A decoded NTP packet (RFC 5905, section 7.3).", {
    leap: { description: "Leap indicator; 3 means not synchronized.", type: "integer", enum: [0, 1, 2, 3] },
    version: number("Protocol version."),
    stratum: number("Distance from a reference clock; 16 means not synchronized."),
    precision: number("Precision of the clock, as a power of two in seconds."),
    root_delay_ms: number("Round trip to the reference clock, in ms."),
    root_dispersion_ms: number("Error bound against the reference clock, in ms."),
    refid: text("The server's time source: kiss code, name of a reference clock, or address as text, by stratum."),
    kiss_code: nullable(text("Kiss-o'-death code, or null.")),
    offset_ms: nullable(
      number(
        "Server's clock minus this machine's, in ms; null for a kiss code, whose timestamps are meaningless (RFC 5905, section 7.4), and for an unsynchronized server whose timestamps contradict each other.",
      ),
    ),
    delay_ms: nullable(
      number("Round trip without the server's own time, in ms; the offset is accurate to half of it."),
    ),
  }),
  tcp_answer: object("TCP answer", "Whether a port accepts connections.", {
    ...answer("tcp", [
      "open",
      "refused",
      "timeout",
      "unreachable",
      "admin-prohibited",
      "unreachable-or-prohibited",
      "reset",
    ]),
  }),
  tls_answer: object(
    "TLS answer",
    "Which certificate a server presents.",
    {
      ...answer("tls", [
        ...["trusted", "untrusted", "name-mismatch", "expired", "not-yet-valid", "incomplete-chain", "protocol"],
        ...["refused", "timeout", "unreachable", "admin-prohibited", "unreachable-or-prohibited", "reset"],
        // Connected, but no handshake: no data was received, the server disconnected, it stopped halfway, or it does
        // not use TLS.
        ...["silent", "closed", "partial", "plain-http", "not-tls"],
        // Handshake done, and the chain has no worse problem.
        ...["wrong-usage", "weak-key", "weak-signature", "unusual-usage"],
      ]),
      problems: list(
        "All problems of the chain, evaluated for the moment of the probe; the reason names the first.",
        titled(
          "TLS problem",
          oneOf("A problem of a certificate chain, in order of precedence for the reason.", [
            "expired",
            "not-yet-valid",
            "name-mismatch",
            "wrong-usage",
            "incomplete-chain",
            "untrusted",
            "weak-key",
            "weak-signature",
            "unusual-usage",
          ]),
        ),
      ),
      certificate: {
        description: "The server's leaf certificate; null if none was received.",
        anyOf: [ref("served_certificate"), { type: "null" }],
      },
      protocol: nullable(text("TLS version, or null if there was no handshake.")),
      legacy: flag(
        "Whether the handshake required what current clients refuse: TLS 1.0 or 1.1, or OpenSSL's security level 0.",
      ),
      chain: texts("Certificates as PEM, leaf first, as the server sent them."),
      valid_until: nullable(
        text("The earliest end of validity in the chain, including its trusted end: RFC 3339, UTC; null if unknown."),
      ),
      detail: nullable(text("Why the chain is not trusted, or null.")),
    },
    // Missing in recordings of earlier versions.
    ["legacy", "valid_until"],
  ),
  vsphere_answer: object("vSphere answer", "Whether an HTTPS port is a vSphere endpoint, and which.", {
    ...answer("vsphere", [
      ...["ok", "not-vsphere", "starting", "http-status", "no-http"],
      ...["refused", "timeout", "unreachable", "admin-prohibited", "unreachable-or-prohibited", "reset"],
    ]),
    http_status: nullable(number("Status of the HTTP response that decided, or null if there was none.")),
    api_version: nullable(text("The newest version of the vSphere API that it offers, or null if it lists none.")),
    about: {
      description: "Its self-description; null if there is none.",
      anyOf: [ref("vsphere_about"), { type: "null" }],
    },
  }),
  vsphere_about: object("vSphere about", "The self-description of a vSphere endpoint, without a login.", {
    api_type: nullable(text("VirtualCenter for a vCenter Server, HostAgent for an ESXi host.")),
    version: nullable(text("Product version, as 7.0.3.")),
    build: nullable(text("Build number.")),
  }),
  served_certificate: object("Served certificate", "The leaf certificate that a server presents.", {
    subject: text("Subject in one line, as CN=vcenter01, O=Example."),
    issuer: text("Issuer in one line."),
    not_before: nullable(text("Start of its validity: RFC 3339, UTC; null if it has no readable date.")),
    not_after: nullable(text("End of its validity: RFC 3339, UTC; null if it has no readable date.")),
    dns_names: texts("DNS names that it covers, lower case, without the final dot."),
    ip_addresses: texts("IP addresses that it covers, in canonical form."),
    self_signed: flag("Whether it is its own issuer."),
  }),
};

/** Definitions of `question`, `answer` and their kinds. */
export const questionDefinitions: Properties = { ...questions, ...answers };

/** An entry of an evidence file. */
export const recordedAnswer = object("Recorded answer", "A query with its answer.", {
  question: ref("question"),
  answer: ref("answer"),
});
