import {
  type Answer,
  type AnswerTo,
  type DnsRecord,
  type NtpReply,
  type Question,
  questionKey,
  type ServedCertificate,
  type TlsAnswer,
  type TlsProblem,
} from "../engine/api/question.ts";
import type { Responder } from "../engine/evaluation/evidence.ts";

const BASE = { attempts: [], started_at: "2026-01-01T00:00:00.000Z", duration_ms: 1, from: "local" } as const;

/** The answers of servers in a test, by question key: `dns 10.0.0.1 53 a.example A`, `ntp 10.0.0.5 123`, `tcp …`. */
export type Script = Readonly<Record<string, Partial<Answer>>>;

/**
 * Answers from a script. A DNS question that the script does not name is answered NXDOMAIN, an NTP or TCP one with
 * silence: a server that does not exist does not answer.
 */
export function scripted(script: Script): Responder {
  return (questions) => Promise.resolve(questions.map((question) => answerTo(question, script[questionKey(question)])));
}

/** A healthy NTP reply, with changes. */
export function ntpReply(changes: Partial<NtpReply> = {}): NtpReply {
  return {
    leap: 0,
    version: 4,
    stratum: 2,
    precision: -20,
    root_delay_ms: 5,
    root_dispersion_ms: 10,
    refid: "192.0.2.1",
    kiss_code: null,
    offset_ms: 0.5,
    delay_ms: 2,
    ...changes,
  };
}

/** A DNS answer with these records: `["A", "192.0.2.1"]` or `["SRV", "10 10 5061 edge01.example"]`. */
export function dnsRecords(
  name: string,
  ...rows: readonly (readonly [DnsRecord["type"], string])[]
): Partial<AnswerTo<Extract<Question, { kind: "dns" }>>> {
  return {
    status: "answered",
    reason: "ok",
    chain: [name],
    records: rows.map(([type, text]) => record(name, type, text)),
  };
}

/** A handshake with a certificate and its problems; the first problem is the reason. */
export function servedCertificate(
  problems: readonly TlsProblem[] = [],
  changes: Partial<ServedCertificate> = {},
): Partial<TlsAnswer> {
  const certificate = {
    subject: "CN=served",
    issuer: "CN=Example CA",
    not_before: "2026-01-01T00:00:00.000Z",
    not_after: "2026-12-31T23:59:59.000Z",
    dns_names: ["served.example.com"],
    ip_addresses: [],
    self_signed: false,
    ...changes,
  };
  return { status: "answered", reason: problems[0] ?? "trusted", problems, certificate, protocol: "TLSv1.3" };
}

function record(name: string, type: DnsRecord["type"], text: string): DnsRecord {
  if (type === "A" || type === "AAAA") return { type, name, ttl: 300, address: text };
  if (type === "SRV") {
    const [priority, weight, port, target = ""] = text.split(" ");
    return { type, name, ttl: 300, priority: Number(priority), weight: Number(weight), port: Number(port), target };
  }
  if (type === "SOA") return { type, name, ttl: 300, mname: text };
  return { type, name, ttl: 300, target: text };
}

/** The answer to a question, completed from the values in a script. */
export function answerTo(question: Question, given: Partial<Answer> | undefined): Answer {
  const defaults = {
    dns: {
      ...BASE,
      kind: "dns",
      status: "answered",
      reason: "nxdomain",
      records: [],
      chain: [],
      authoritative: true,
      bogus: 0,
    },
    ntp: { ...BASE, kind: "ntp", status: "no-answer", reason: "no-reply", reply: null, bogus: 0 },
    tcp: { ...BASE, kind: "tcp", status: "no-answer", reason: "timeout" },
    tls: {
      ...{ ...BASE, kind: "tls", status: "no-answer", reason: "timeout", problems: [] },
      ...{ certificate: null, protocol: null, chain: [], detail: null },
    },
    vsphere: {
      ...{ ...BASE, kind: "vsphere", status: "no-answer", reason: "timeout" },
      ...{ http_status: null, api_version: null, about: null },
    },
  }[question.kind];
  // Every field of the kind is either in the defaults or in the script.
  return { ...defaults, ...given } as Answer;
}
