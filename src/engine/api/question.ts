/**
 * Questions are data: what is asked of which server. Equal questions are asked once; a question is the key of its
 * recorded answer. Addresses are literals in canonical form; names are lower case without the final dot.
 */
export type Question = DnsQuestion | NtpQuestion | TcpQuestion | TlsQuestion;

export type DnsRecordType = "A" | "AAAA" | "SRV" | "PTR" | "CNAME" | "SOA" | "NS";

export interface DnsQuestion {
  readonly kind: "dns";
  /** The server that is asked: an IP literal. */
  readonly server: string;
  readonly port: number;
  readonly name: string;
  readonly type: DnsRecordType;
}

export interface NtpQuestion {
  readonly kind: "ntp";
  readonly address: string;
  readonly port: number;
}

export interface TcpQuestion {
  readonly kind: "tcp";
  readonly address: string;
  readonly port: number;
}

export interface TlsQuestion {
  readonly kind: "tls";
  readonly address: string;
  readonly port: number;
  /** The name the user configured: sent as SNI (unless it is an address) and held against the certificate. */
  readonly name: string;
}

/** `answered`: the server said something valid. `no-answer`: asked, and nothing valid came. `not-asked`: see reason. */
export type AnswerStatus = "answered" | "no-answer" | "not-asked";

/**
 * Why a question was not asked; it never decides a check. `server-silent`: earlier questions to this DNS server brought
 * no sign of life, so that it was spared further ones.
 */
export type NotAskedReason =
  "deadline" | "aborted" | "not-recorded" | "name-not-resolved" | "denied" | "own-network-error" | "server-silent";

export type DnsReason =
  | "ok"
  | "nodata"
  | "nxdomain"
  | "servfail"
  | "refused"
  | "notimp"
  | "formerr"
  | "other-rcode"
  | "lame"
  | "referral"
  | "truncated"
  | "malformed"
  | "cname-loop"
  | "timeout"
  | "port-unreachable"
  | "unreachable"
  | "admin-prohibited"
  | "unreachable-or-prohibited"
  | NotAskedReason;

export type NtpReason =
  | "ok"
  | "no-reply"
  | "port-unreachable"
  | "unreachable"
  | "admin-prohibited"
  | "unreachable-or-prohibited"
  | "kiss-of-death"
  | "unsynchronised"
  | "bad-reply"
  | NotAskedReason;

export type TcpReason =
  | "open"
  | "refused"
  | "timeout"
  | "unreachable"
  | "admin-prohibited"
  | "unreachable-or-prohibited"
  | "reset"
  | NotAskedReason;

export type TlsReason =
  | "trusted"
  | "untrusted"
  | "name-mismatch"
  | "expired"
  | "not-yet-valid"
  | "incomplete-chain"
  | "protocol"
  | "refused"
  | "timeout"
  | "unreachable"
  | "admin-prohibited"
  | "unreachable-or-prohibited"
  | "reset"
  | NotAskedReason;

/** One try: how long it took and what came of it. */
export interface Attempt {
  readonly transport: "udp" | "tcp";
  readonly duration_ms: number;
  readonly result: string;
}

interface AnswerBase {
  readonly status: AnswerStatus;
  readonly attempts: readonly Attempt[];
  /** RFC 3339, UTC. */
  readonly started_at: string;
  readonly duration_ms: number;
  /** The place that asked: `--from`, by default `local`. */
  readonly from: string;
}

/** A resource record of an answer. `data` is in canonical text form: address, name, or `priority weight port target`. */
export type DnsRecord =
  | { readonly type: "A" | "AAAA"; readonly name: string; readonly ttl: number; readonly address: string }
  | {
      readonly type: "SRV";
      readonly name: string;
      readonly ttl: number;
      readonly priority: number;
      readonly weight: number;
      readonly port: number;
      readonly target: string;
    }
  | {
      readonly type: "CNAME" | "PTR" | "NS" | "DNAME";
      readonly name: string;
      readonly ttl: number;
      readonly target: string;
    }
  | { readonly type: "SOA"; readonly name: string; readonly ttl: number; readonly mname: string };

export interface DnsAnswer extends AnswerBase {
  readonly kind: "dns";
  readonly reason: DnsReason;
  /** Records of the asked type at the end of the CNAME chain; empty unless reason is `ok`. */
  readonly records: readonly DnsRecord[];
  /** Names of the alias chain in order, the asked name first; one entry when there is no alias. */
  readonly chain: readonly string[];
  readonly authoritative: boolean;
  /** Answers that were not ours (id, source, question) and were ignored. */
  readonly bogus: number;
}

export interface NtpAnswer extends AnswerBase {
  readonly kind: "ntp";
  readonly reason: NtpReason;
  /** The decoded reply, or null when no valid one came. */
  readonly reply: NtpReply | null;
  readonly bogus: number;
}

/** RFC 5905 section 7.3; times in ms. */
export interface NtpReply {
  readonly leap: 0 | 1 | 2 | 3;
  readonly version: number;
  readonly stratum: number;
  readonly precision: number;
  readonly root_delay_ms: number;
  readonly root_dispersion_ms: number;
  /** Kiss code, reference clock name, or address as text, by stratum. */
  readonly refid: string;
  readonly kiss_code: string | null;
  /**
   * Server clock minus ours; null for a kiss code, whose timestamps mean nothing (RFC 5905 section 7.4), and for an
   * unsynchronised server whose timestamps contradict each other.
   */
  readonly offset_ms: number | null;
  /** Round trip without the server's own time; the offset is exact to half of it. */
  readonly delay_ms: number | null;
}

export interface TcpAnswer extends AnswerBase {
  readonly kind: "tcp";
  readonly reason: TcpReason;
}

/** What can be wrong with a chain, in the order in which it is named. */
export type TlsProblem = "expired" | "not-yet-valid" | "name-mismatch" | "incomplete-chain" | "untrusted";

/** The leaf that a server presents. Names of subject and issuer are one line, `CN=vcenter01, O=Example`. */
export interface ServedCertificate {
  readonly subject: string;
  readonly issuer: string;
  /** RFC 3339, UTC; null when the certificate holds no readable date. */
  readonly not_before: string | null;
  readonly not_after: string | null;
  /** dNSName entries, lower case, without the final dot. */
  readonly dns_names: readonly string[];
  /** iPAddress entries in canonical form. */
  readonly ip_addresses: readonly string[];
  readonly self_signed: boolean;
}

export interface TlsAnswer extends AnswerBase {
  readonly kind: "tls";
  readonly reason: TlsReason;
  /** All that is wrong with the chain, judged for the moment of asking; `reason` names the first. */
  readonly problems: readonly TlsProblem[];
  /** Null when no certificate was seen. */
  readonly certificate: ServedCertificate | null;
  readonly protocol: string | null;
  /** PEM, leaf first, as the server sent them. */
  readonly chain: readonly string[];
  /** Why the chain is not trusted, or null. */
  readonly detail: string | null;
}

export type Answer = DnsAnswer | NtpAnswer | TcpAnswer | TlsAnswer;

/** The answer that belongs to a question. */
export type AnswerTo<Q extends Question> = Q extends DnsQuestion
  ? DnsAnswer
  : Q extends NtpQuestion
    ? NtpAnswer
    : Q extends TcpQuestion
      ? TcpAnswer
      : TlsAnswer;

/** The identity of a question: equal keys are the same question. */
export function questionKey(question: Question): string {
  switch (question.kind) {
    case "dns":
      return `dns ${question.server} ${question.port} ${question.name} ${question.type}`;
    case "ntp":
    case "tcp":
      return `${question.kind} ${question.address} ${question.port}`;
    case "tls":
      return `tls ${question.address} ${question.port} ${question.name}`;
  }
}

/** Whether the answer tells if the record exists. */
export function isDecisive({ reason }: DnsAnswer): boolean {
  return reason === "ok" || reason === "nodata" || reason === "nxdomain" || reason === "cname-loop";
}
