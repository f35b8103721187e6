import type { Answer, DnsAnswer, NtpAnswer, Question, TlsAnswer } from "../api/question.ts";
import type { Path } from "../../values/location.ts";
import { answerStatus } from "./answer-status.ts";

/** A contradiction in a recorded answer, and its path in the pair of question and answer. */
export interface Contradiction {
  readonly path: Path;
  /** A sentence without its final stop. */
  readonly what: string;
}

/** Outcomes of attempts with a valid message or a connection. */
const SUCCESS: Readonly<Partial<Record<Answer["kind"], RegExp>>> = {
  dns: /^(noerror|formerr|servfail|nxdomain|notimp|refused|rcode \d+) ?/,
  ntp: /^(ok|kiss-of-death|unsynchronised)\b/,
  tcp: /^(open|reset)\b/,
};

/**
 * What in a recorded answer cannot be as `preflight probe` wrote it, whatever the server did; null for an answer that fits
 * together.
 *
 * @param from the vantage point of the file
 */
export function contradictionIn(question: Question, answer: Answer, from: string): Contradiction | null {
  const at = (key: string, what: string): Contradiction => ({ path: ["answer", key], what });
  if (question.kind !== answer.kind) return at("kind", `it answers a question of another kind (${question.kind})`);
  if (answer.from !== from) return at("from", "it is from another vantage point than the file");
  if (Number.isNaN(Date.parse(answer.started_at))) return at("started_at", "started_at is not a time");
  const expected = answerStatus(answer.kind, answer.reason);
  if (answer.status !== expected) return at("status", `the status of the reason ${answer.reason} is ${expected}`);
  const success = SUCCESS[answer.kind];
  if (success !== undefined) {
    const isBacked = answer.attempts.some(({ result }) => success.test(result));
    if (answer.status === "answered" && !isBacked) return at("attempts", "no attempt was answered");
    // DNS: for an alias, and not for its target. A reset is a connection, or a refusal.
    if (answer.status === "no-answer" && answer.attempts.some(({ result }) => result === "ok" || result === "open")) {
      return at("attempts", "an attempt was answered");
    }
  }
  switch (answer.kind) {
    case "dns":
      return question.kind === "dns" ? inDns(question.type, answer, at) : null;
    case "ntp":
      return inNtp(answer, at);
    case "tls":
      return inTls(answer, at);
    case "vsphere":
      if (answer.reason !== "ok" || answer.about !== null || answer.api_version !== null) return null;
      return at("reason", "the reason is ok without a version");
    case "tcp":
      return null;
  }
}

type At = (key: string, what: string) => Contradiction;

function inDns(type: string, { reason, records, chain }: DnsAnswer, at: At): Contradiction | null {
  if ((reason === "ok") !== records.length > 0) {
    return at("records", reason === "ok" ? "the reason is ok without a record" : `the reason ${reason} has records`);
  }
  const owner = chain.at(-1);
  const isOdd = records.some((record) => record.type !== type || record.name !== owner);
  return isOdd ? at("records", "a record is of another type or name than the question and its alias chain") : null;
}

/** Stratum 0 and 16 mean "not synchronised" (RFC 5905 figure 11). */
const FIRST_UNSYNCHRONISED = 16;

function inNtp({ status, reason, reply }: NtpAnswer, at: At): Contradiction | null {
  if ((status === "answered") !== (reply !== null)) {
    return at("reply", reply === null ? `the reason is ${reason} without a reply` : `the reason ${reason} has a reply`);
  }
  if (reply === null) return null;
  const { leap, stratum, kiss_code, offset_ms, delay_ms } = reply;
  const isSynchronized = leap !== 3 && stratum > 0 && stratum < FIRST_UNSYNCHRONISED;
  if (reason === "ok" && !isSynchronized) return at("reply", "the reason is ok, and the server is not synchronized");
  if (reason === "ok" && (offset_ms === null || delay_ms === null || delay_ms < 0)) {
    return at("reply", "the reason is ok without an offset and a delay");
  }
  if (reason === "unsynchronised" && isSynchronized) return at("reply", "the server is synchronized");
  return reason === "kiss-of-death" && kiss_code === null ? at("reply", "a kiss of death has no code") : null;
}

function inTls({ status, reason, problems, certificate }: TlsAnswer, at: At): Contradiction | null {
  if (status !== "answered") return null;
  if (certificate === null) return at("certificate", `the reason is ${reason} without a certificate`);
  const named = reason === "trusted" ? problems.length === 0 : problems.some((problem) => problem === reason);
  return named ? null : at("problems", `the problems are not those of the reason ${reason}`);
}
