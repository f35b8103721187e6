import type { TlsAnswer, TlsProblem, TlsQuestion } from "../../src/engine/api/question.ts";
import type { RuleContext } from "../../src/engine/api/rule.ts";
import type { Server } from "../../src/site/deployment/deployment-objects.ts";
import { shortList } from "../../src/values/text/counted.ts";

type Context = Pick<RuleContext<Record<string, string>>, "site" | "known" | "query" | "inconclusive" | "now">;

const DAY = 24 * 60 * 60 * 1000;
/** The length of the date in an RFC 3339 time. */
const DATE = 10;

/**
 * The messages about a certificate that a server presents: what certificates in files are checked for, too.
 *
 * @param whose begins the sentences: `The certificate of VM manager {{manager}}`
 */
export function servedMessages<const Whose extends string>(whose: Whose) {
  return {
    expired: `${whose}, or one of its issuers, expired on {{until}}.`,
    "not-yet-valid": `${whose}, or one of its issuers, is not valid yet (leaf valid from {{from}}).`,
    "expires-soon": `${whose}, or one of its issuers, expires on {{until}}, in less than {{days}} days.`,
    "name-mismatch": `${whose} does not cover {{name}}; it covers {{names}}.`,
    "wrong-usage": `${whose}, or one of its issuers, is not usable for a TLS server ({{detail}}).`,
    "weak-key": `${whose}, or one of its issuers, has a key that is too short ({{detail}}).`,
    "weak-signature": `${whose}, or one of its issuers, has a weak signature ({{detail}}).`,
    "unusual-usage": `${whose}, or one of its issuers, is rejected by some clients ({{detail}}).`,
  } as const;
}

/** As of the rules about certificates in files. */
export const SERVED_MESSAGE_SEVERITY = {
  expired: "error",
  "not-yet-valid": "error",
  "expires-soon": "warn",
  "name-mismatch": "error",
  "wrong-usage": "error",
  "weak-key": "warn",
  "weak-signature": "warn",
  "unusual-usage": "warn",
} as const;

type ServedMessageId = keyof typeof SERVED_MESSAGE_SEVERITY;

export interface ServedData {
  readonly name: string;
  readonly names: string;
  readonly issuer: string;
  readonly until: string;
  readonly from: string;
  readonly days: number;
  readonly detail: string;
}

/**
 * Reports what is wrong with the certificate that a server presented. Whether its issuer is trusted is left to the caller.
 * Dates are evaluated for the time of the run, also those that were recorded; where most NTP servers show that the clock of
 * this machine is off by more than a day, the check is inconclusive unless something else is wrong.
 *
 * @param question to which `answer` is the answer
 */
export function checkServed(
  question: TlsQuestion,
  answer: TlsAnswer & { readonly certificate: NonNullable<TlsAnswer["certificate"]> },
  days: number,
  context: Context,
  report: (messageId: ServedMessageId, data: ServedData) => void,
): void {
  const { certificate, problems } = answer;
  const end = Date.parse((answer.valid_until === undefined ? certificate.not_after : answer.valid_until) ?? "");
  const data: ServedData = {
    ...{ name: question.name, issuer: certificate.issuer, days, detail: (answer.detail ?? "").replace(/\.$/, "") },
    names: shortList([...certificate.dns_names, ...certificate.ip_addresses]) || "no name at all",
    until: Number.isNaN(end) ? "an unreadable date" : new Date(end).toISOString().slice(0, DATE),
    from: certificate.not_before?.slice(0, DATE) ?? "an unreadable date",
  };
  const off = daysOff(context);
  // Findings depend on the certificate, not on the clocks.
  context.query([question]);
  for (const id of ["name-mismatch", "wrong-usage", "weak-key", "weak-signature", "unusual-usage"] as const) {
    if (problems.includes(id)) report(id, data);
  }
  if (off !== null) {
    const when = `the clock of this machine is off by ${off} days according to the NTP servers`;
    context.inconclusive(`the validity of the certificate cannot be evaluated: ${when}`);
  }
  if (Number.isNaN(end)) context.inconclusive("a date of the certificate, or of one of its issuers, cannot be read");
  // A certificate that was recorded after the time of evaluation is evaluated as of its recording.
  const recorded = Date.parse(answer.started_at);
  const moment = Number.isNaN(recorded) ? context.now : Math.max(context.now, recorded);
  const date = dateProblem(problems, end, days, moment);
  const start = Date.parse(certificate.not_before ?? "");
  // Its own start of validity is recorded; those of its issuers are not, and may be later than the recording.
  if (date === "not-yet-valid" && recorded < start && start <= moment)
    context.inconclusive("the certificate was not yet valid when it was recorded but is valid now; record it again");
  if (date !== null) report(date, data);
}

function dateProblem(
  problems: readonly TlsProblem[],
  end: number,
  days: number,
  now: number,
): "expired" | "not-yet-valid" | "expires-soon" | null {
  // The last second belongs to the validity (RFC 5280 section 4.1.2.5).
  const left = end + 1000 - now;
  if (problems.includes("expired") || left <= 0) return "expired";
  if (problems.includes("not-yet-valid")) return "not-yet-valid";
  return left < days * DAY ? "expires-soon" : null;
}

/**
 * By how many whole days the clock of this machine is off, if most of the NTP servers in use show it; null otherwise.
 * Dates of certificates cannot be evaluated by such a clock. Servers that do not answer have no effect: rules about NTP
 * report them.
 */
function daysOff(context: Context): number | null {
  const servers = context.site.servers("ntp").items;
  const offsets = servers.flatMap((server) => offsetOf(server, context) ?? []);
  for (const direction of [1, -1]) {
    const agreeing = offsets.filter((offset) => offset * direction > DAY);
    if (agreeing.length * 2 > servers.length) {
      const least = Math.min(...agreeing.map(Math.abs));
      return Math.floor(least / DAY);
    }
  }
  return null;
}

/** The certain part of the offset of a server's clock, by its first address that returns the time, in ms. */
function offsetOf(server: Server, context: Context): number | null {
  const endpoint = context.known(server, "endpoint");
  if (endpoint === undefined) return null;
  const { host, port, isAddress } = endpoint;
  const addresses = isAddress ? [host] : addressesOf(host, server, context);
  const answers = context.query(addresses.map((address) => ({ kind: "ntp" as const, address, port })));
  const reply = answers.find(({ reason, reply }) => reason === "ok" && reply?.offset_ms != null)?.reply;
  if (reply?.offset_ms == null) return null;
  const error = Math.max(0, (reply.delay_ms ?? 0) / 2);
  return Math.sign(reply.offset_ms) * Math.max(0, Math.abs(reply.offset_ms) - error);
}

function addressesOf(name: string, { resolvers }: Server, { known, query }: Context): readonly string[] {
  const questions = resolvers.items.flatMap((resolver) => {
    const endpoint = known(resolver, "endpoint");
    if (endpoint === undefined) return [];
    const { host: server, port } = endpoint;
    return (["A", "AAAA"] as const).map((type) => ({ kind: "dns" as const, server, port, name, type }));
  });
  const records = query(questions).flatMap((answer) => answer.records);
  return [
    ...new Set(records.flatMap((record) => (record.type === "A" || record.type === "AAAA" ? record.address : []))),
  ];
}
