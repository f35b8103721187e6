import type { Answer, Question } from "../../engine/api/question.ts";
import { type Answers, dnsAnswer } from "./healthy-network.ts";

/** A network fault: how answers differ from those of a healthy network. */
export interface Fault {
  /** Description of the fault: a clause. */
  readonly what: string;
  readonly kind: Question["kind"];
  /** Whether it affects only the first server that a check contacts. */
  readonly isOfFirst?: true;
  readonly answer: (question: Question, healthy: Answer) => Answer;
}

/** An address that no host has (RFC 5737). */
const ELSEWHERE = "203.0.113.254";
const HOUR_MS = 60 * 60 * 1000;

const NXDOMAIN: Fault["answer"] = (question, healthy) =>
  healthy.kind === "dns" && question.kind === "dns"
    ? dnsAnswer({ ...healthy, reason: "nxdomain", records: [], chain: [question.name] })
    : healthy;

const isAddressQuestion = (question: Question) =>
  question.kind === "dns" && (question.type === "A" || question.type === "AAAA");

const shifted =
  (offset_ms: number): Fault["answer"] =>
  (_, healthy) =>
    healthy.kind === "ntp" && healthy.reply !== null ? { ...healthy, reply: { ...healthy.reply, offset_ms } } : healthy;

/** The faults that live rules must detect, by the protocol whose answers they change. */
export const FAULTS: readonly Fault[] = [
  {
    what: "no DNS server answers",
    kind: "dns",
    answer: (_, healthy) =>
      healthy.kind === "dns" ? { ...healthy, status: "no-answer", reason: "timeout", records: [], chain: [] } : healthy,
  },
  { what: "DNS has none of the records", kind: "dns", answer: NXDOMAIN },
  { what: "one DNS server has none of the records", kind: "dns", isOfFirst: true, answer: NXDOMAIN },
  {
    what: "names have no address in DNS",
    kind: "dns",
    answer: (question, healthy) => (isAddressQuestion(question) ? NXDOMAIN(question, healthy) : healthy),
  },
  {
    what: "DNS has other addresses, names and ports",
    kind: "dns",
    answer: (_, healthy) =>
      healthy.kind !== "dns"
        ? healthy
        : {
            ...healthy,
            records: healthy.records.map((record) => {
              if (record.type === "A") return { ...record, address: ELSEWHERE };
              if (record.type === "PTR") return { ...record, target: "elsewhere.example.com" };
              return record.type === "SRV" ? { ...record, port: 1 } : record;
            }),
          },
  },
  {
    what: "SRV records name a host that is not a node",
    kind: "dns",
    answer: (question, healthy) => {
      if (healthy.kind !== "dns" || question.kind !== "dns") return healthy;
      const target = "elsewhere.example.com";
      if (question.name === target && question.type === "A") {
        const records = [{ type: "A", name: target, ttl: 300, address: ELSEWHERE }] as const;
        return dnsAnswer({ ...healthy, reason: "ok", records, chain: [target] });
      }
      return {
        ...healthy,
        records: healthy.records.map((record) => (record.type === "SRV" ? { ...record, target } : record)),
      };
    },
  },
  {
    what: "DNS has an address for every name",
    kind: "dns",
    answer: (question, healthy) => {
      if (healthy.kind !== "dns" || question.kind !== "dns" || healthy.reason !== "nxdomain") return healthy;
      const { name } = question;
      const records = [{ type: "A", name, ttl: 300, address: ELSEWHERE }] as const;
      return dnsAnswer({ ...healthy, reason: "ok", records, chain: [name] });
    },
  },
  {
    what: "no NTP server answers",
    kind: "ntp",
    answer: (_, healthy) =>
      healthy.kind === "ntp" ? { ...healthy, status: "no-answer", reason: "no-reply", reply: null } : healthy,
  },
  {
    what: "the NTP servers are not synchronized",
    kind: "ntp",
    answer: (_, healthy) =>
      healthy.kind === "ntp" && healthy.reply !== null
        ? { ...healthy, reason: "unsynchronised", reply: { ...healthy.reply, leap: 3, stratum: 16, refid: "INIT" } }
        : healthy,
  },
  { what: "the clock of one NTP server is an hour off", kind: "ntp", isOfFirst: true, answer: shifted(HOUR_MS) },
  { what: "the clocks of the NTP servers are an hour off", kind: "ntp", answer: shifted(HOUR_MS) },
  {
    what: "TCP ports are closed",
    kind: "tcp",
    answer: (_, healthy) => (healthy.kind === "tcp" ? { ...healthy, status: "no-answer", reason: "refused" } : healthy),
  },
  {
    what: "certificates have expired",
    kind: "tls",
    answer: (_, healthy) => {
      if (healthy.kind !== "tls" || healthy.certificate === null) return healthy;
      const not_after = new Date(0).toISOString();
      const certificate = { ...healthy.certificate, not_after };
      return { ...healthy, reason: "expired", problems: ["expired"], certificate, valid_until: not_after };
    },
  },
  {
    what: "certificates are for another name, of a CA that is not trusted",
    kind: "tls",
    answer: (_, healthy) => {
      if (healthy.kind !== "tls" || healthy.certificate === null) return healthy;
      const certificate = { ...healthy.certificate, dns_names: ["elsewhere.example.com"], ip_addresses: [] };
      return { ...healthy, reason: "untrusted", problems: ["untrusted", "name-mismatch"], certificate };
    },
  },
  {
    what: "servers close connections in the TLS handshake",
    kind: "tls",
    answer: (_, healthy) =>
      healthy.kind === "tls"
        ? { ...healthy, status: "no-answer", reason: "closed", certificate: null, protocol: null }
        : healthy,
  },
  {
    what: "HTTPS servers are not vSphere",
    kind: "vsphere",
    answer: (_, healthy) =>
      healthy.kind === "vsphere"
        ? { ...healthy, reason: "not-vsphere", http_status: 404, api_version: null, about: null }
        : healthy,
  },
];

/** The answers of a network with a fault. */
export function faulty(healthy: Answers, fault: Fault): Answers {
  let first: string | null = null;
  return (question) => {
    const answer = healthy(question);
    if (question.kind !== fault.kind) return answer;
    const server = question.kind === "dns" ? question.server : question.address;
    first ??= server;
    return fault.isOfFirst === true && server !== first ? answer : fault.answer(question, answer);
  };
}
