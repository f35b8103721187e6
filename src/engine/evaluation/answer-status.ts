import type { Answer, NotAskedReason } from "../api/question.ts";
import type { AnswerStatus } from "../../schema/question.generated.ts";

/** What a query that was sent may result in. */
type Outcome<K extends Answer["kind"]> = Exclude<Extract<Answer, { readonly kind: K }>["reason"], NotAskedReason>;

const UNREACHABLE = {
  refused: "no-answer",
  timeout: "no-answer",
  unreachable: "no-answer",
  "admin-prohibited": "no-answer",
  "unreachable-or-prohibited": "no-answer",
  reset: "no-answer",
} as const;

const STATUS: { readonly [K in Answer["kind"]]: Readonly<Record<Outcome<K>, AnswerStatus>> } = {
  dns: {
    ok: "answered",
    nodata: "answered",
    nxdomain: "answered",
    servfail: "answered",
    refused: "answered",
    notimp: "answered",
    formerr: "answered",
    "other-rcode": "answered",
    lame: "answered",
    referral: "answered",
    "cname-loop": "answered",
    truncated: "no-answer",
    malformed: "no-answer",
    timeout: "no-answer",
    "port-unreachable": "no-answer",
    unreachable: "no-answer",
    "admin-prohibited": "no-answer",
    "unreachable-or-prohibited": "no-answer",
  },
  ntp: {
    ok: "answered",
    "kiss-of-death": "answered",
    unsynchronised: "answered",
    "no-reply": "no-answer",
    "bad-reply": "no-answer",
    "port-unreachable": "no-answer",
    unreachable: "no-answer",
    "admin-prohibited": "no-answer",
    "unreachable-or-prohibited": "no-answer",
  },
  tcp: { ...UNREACHABLE, open: "answered" },
  tls: {
    ...UNREACHABLE,
    trusted: "answered",
    untrusted: "answered",
    "name-mismatch": "answered",
    expired: "answered",
    "not-yet-valid": "answered",
    "incomplete-chain": "answered",
    "wrong-usage": "answered",
    "weak-key": "answered",
    "weak-signature": "answered",
    "unusual-usage": "answered",
    protocol: "no-answer",
    silent: "no-answer",
    closed: "no-answer",
    partial: "no-answer",
    "plain-http": "no-answer",
    "not-tls": "no-answer",
  },
  vsphere: {
    ...UNREACHABLE,
    ok: "answered",
    "not-vsphere": "answered",
    starting: "answered",
    "http-status": "answered",
    "no-http": "no-answer",
  },
};

/**
 * Whether an answer with this reason is one of the server, and whether the server was queried at all. For the clients that
 * record answers and for the check of recorded ones, so that no reason means one thing to one of them and another to the
 * other.
 */
export function answerStatus<K extends Answer["kind"]>(
  kind: K,
  reason: Extract<Answer, { readonly kind: K }>["reason"],
): AnswerStatus {
  const ofKind: Readonly<Record<string, AnswerStatus | undefined>> = STATUS[kind];
  return ofKind[reason] ?? "not-asked";
}
