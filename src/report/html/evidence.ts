import type { EvidenceRecord, RunReport } from "../../schema/report.generated.ts";
import type {
  Answer,
  DnsAnswer,
  DnsRecord,
  NtpAnswer,
  Question,
  TlsAnswer,
  VSphereAnswer,
} from "../../engine/api/question.ts";
import { notableChecks } from "../../engine/evaluation/check-table.ts";
import { momentOf } from "./run.ts";
import { markup, breakable, type Markup } from "./markup.ts";
import { icon, isNotable, type Mark, markOf, rank } from "./marks.ts";
import { latencyPlot, offsetPlot, type Scale, scaleOf } from "./plots.ts";
import { foldout, scrolling, type Section, table } from "./page.ts";
import { counted, listed } from "../text/wording.ts";

/** Number of queries shown per kind; those behind a failure first. */
const SHOWN = 300;
/** Number of queries shown before the rest is collapsed. */
const UNFOLDED = 24;

type Kind = Question["kind"];
const KINDS: readonly Kind[] = ["ntp", "dns", "tcp", "tls", "vsphere"];
const TITLES: Readonly<Record<Kind, string>> = {
  ntp: "NTP: clocks",
  dns: "DNS: names",
  tcp: "TCP: connections",
  tls: "TLS: certificates",
  vsphere: "HTTPS: vSphere endpoints",
};

interface Entry {
  readonly record: EvidenceRecord;
  /** The worst mark of the checks that read the answer. */
  readonly mark: Mark;
}

/** Every query that was sent and its answer; null for a run that contacted no servers. */
export function evidenceSection(report: RunReport): Section | null {
  const { evidence, checks, mode } = report;
  if (evidence.length === 0) return null;
  return {
    id: "evidence",
    title: mode === "replay" ? "Recorded answers" : "Live answers",
    count: evidence.length,
    *body() {
      const marks = marksOf(checks, evidence);
      const entries = evidence.map((record): Entry => ({
        record,
        mark: marks.get(record.id) ?? ownMark(record.answer),
      }));
      const places = [...new Set(evidence.map(({ answer }) => answer.from))];
      const days = new Set(evidence.map(({ answer }) => answer.started_at.slice(0, 10)));
      const view: View = { hasPlaces: places.length > 1, hasDays: days.size > 1 };
      yield markup`<p>Queried from ${listed(places, 5)}${view.hasDays ? "" : ` on ${[...days].join("")}, times in UTC`}. The sign is the worst verdict that depends on the answer.</p>
`;
      for (const kind of KINDS) {
        const own = entries.filter(({ record }) => record.question.kind === kind);
        if (own.length > 0) yield* kindBlock(kind, own, view);
      }
    },
  };
}

/** Columns that are omitted if all rows have the same value. */
interface View {
  readonly hasPlaces: boolean;
  readonly hasDays: boolean;
}

/**
 * The worst verdict that depended on each answer. A check that did not pass reads many answers; its verdict depended on
 * those that are missing, or otherwise on those of the last kind that it requested. A check that is inconclusive
 * because of another failure depended on none.
 */
function marksOf(checks: RunReport["checks"], evidence: readonly EvidenceRecord[]): ReadonlyMap<string, Mark> {
  const answers = new Map(evidence.map(({ id, answer }) => [id, answer]));
  const marks = new Map<string, Mark>();
  for (const check of notableChecks(checks)) {
    if (check.because.length > 0) continue;
    const mark = markOf(check);
    for (const id of isNotable(mark) ? decisive(check.evidence, answers) : check.evidence) {
      const other = marks.get(id);
      if (other === undefined || rank(mark) < rank(other)) marks.set(id, mark);
    }
  }
  return marks;
}

const ASKED_IN_ORDER: readonly Kind[] = ["dns", "ntp", "tcp", "tls", "vsphere"];

function decisive(ids: readonly string[], answers: ReadonlyMap<string, Answer>): readonly string[] {
  const silent = ids.filter((id) => answers.get(id)?.status !== "answered");
  if (silent.length > 0) return silent;
  const last = ASKED_IN_ORDER.findLast((kind) => ids.some((id) => answers.get(id)?.kind === kind));
  return ids.filter((id) => answers.get(id)?.kind === last);
}

/** For an answer that decided no verdict. */
function ownMark({ status }: Answer): Mark {
  return status === "answered" ? "passed" : status === "no-answer" ? "failed" : "skipped";
}

function* kindBlock(kind: Kind, entries: readonly Entry[], view: View): Generator<Markup> {
  const sorted = entries.length <= UNFOLDED ? entries : entries.toSorted((a, b) => rank(a.mark) - rank(b.mark));
  const visible = sorted.slice(0, SHOWN);
  const scale = kind === "ntp" ? clockScale(entries) : scaleOf(entries.map(({ record }) => record.answer.duration_ms));
  const row = (entry: Entry) => rowOf(entry, scale, view);
  yield markup`<h3>${TITLES[kind]}</h3>
`;
  const columns = columnsOf(kind, scale, view);
  const [first, rest] = [visible.slice(0, UNFOLDED), visible.slice(UNFOLDED)];
  const caption =
    kind === "ntp" ? "Offset of each server’s clock from this machine’s" : "Queries, and how long each answer took";
  yield scrolling(TITLES[kind], table(caption, columns, first.map(row), "asked"));
  if (rest.length > 0) {
    yield foldout(
      counted(rest.length, "more query"),
      scrolling(`More: ${TITLES[kind]}`, table(caption, columns, rest.map(row), "asked")),
    );
  }
  if (entries.length > SHOWN)
    yield markup`<p>${counted(entries.length - SHOWN, "more query")}: see the JSON report.</p>
`;
}

function clockScale(entries: readonly Entry[]): Scale {
  return scaleOf(
    entries.flatMap(({ record: { answer } }) => {
      const clock = answer.kind === "ntp" ? clockOf(answer) : null;
      return clock === null ? [] : [Math.abs(clock.offset) + clock.error];
    }),
  );
}

function columnsOf(kind: Kind, { limit }: Scale, { hasPlaces }: View): readonly (string | Markup)[] {
  const from = hasPlaces ? ["From"] : [];
  const axis =
    kind === "ntp"
      ? markup`<span class="axis-label">−${shortMs(limit)} … +${shortMs(limit)}</span>`
      : markup`<span class="axis-label">0 … ${shortMs(limit)}</span>`;
  const time = kind === "ntp" ? ["Offset", axis, "Round trip", "Stratum"] : ["Answer", "Took", axis];
  return [kind === "dns" ? "Question" : "Server", ...from, ...time, "When"];
}

function rowOf({ record: { question, answer }, mark }: Entry, scale: Scale, { hasPlaces, hasDays }: View): Markup {
  const cells = answer.kind === "ntp" ? clockCells(answer, mark, scale) : answerCells(answer, mark, scale);
  return markup`<th scope="row">${icon(mark)} ${asked(question)}</th>${hasPlaces ? markup`<td>${breakable(answer.from)}</td>` : null}${cells}<td class="time"><time datetime="${answer.started_at}">${hasDays ? momentOf(answer.started_at) : timeOf(answer.started_at)}</time></td>`;
}

/** `12:00:00` */
function timeOf(moment: string): string {
  return moment.slice(11, 19);
}

function asked(question: Question): Markup {
  switch (question.kind) {
    case "dns":
      return markup`<code>${breakable(question.name)}</code> ${question.type} <span class="meta">at ${endpoint(question.server, question.port, 53)}</span>`;
    case "ntp":
      return endpoint(question.address, question.port, 123);
    case "tcp":
      return endpoint(question.address, question.port, null);
    case "tls":
    case "vsphere":
      return markup`${endpoint(question.address, question.port, null)} <span class="meta">as ${breakable(question.name)}</span>`;
  }
}

/** Address and port; the default port of a protocol is omitted. */
function endpoint(address: string, port: number, usual: number | null): Markup {
  const host = address.includes(":") && port !== usual ? `[${address}]` : address;
  return markup`<code>${breakable(port === usual ? host : `${host}:${port}`)}</code>`;
}

interface Clock {
  readonly offset: number;
  /** The offset is accurate to half of the round-trip time (RFC 5905 section 8). */
  readonly error: number;
  readonly delay: number;
  readonly stratum: number;
}

function clockOf({ reply }: NtpAnswer): Clock | null {
  if (reply === null || reply.offset_ms === null) return null;
  const delay = reply.delay_ms ?? 0;
  return { offset: reply.offset_ms, error: Math.max(0, delay) / 2, delay, stratum: reply.stratum };
}

function clockCells(answer: NtpAnswer, mark: Mark, scale: Scale): Markup {
  const clock = clockOf(answer);
  if (clock === null) {
    return markup`<td colspan="4">${outcome(answer)} <span class="meta">after ${shortMs(answer.duration_ms)}</span></td>`;
  }
  const { offset, error, delay, stratum } = clock;
  const words = `${signed(offset)} ± ${shortMs(error)}`;
  const note = answer.reason === "ok" ? null : markup` <span class="meta">${outcome(answer)}</span>`;
  return markup`<td class="number">${words}${note}</td><td>${offsetPlot(offset, error, scale, mark, words)}</td><td class="number">${shortMs(delay)}</td><td class="number">${stratum}</td>`;
}

function answerCells(answer: Exclude<Answer, NtpAnswer>, mark: Mark, scale: Scale): Markup {
  const took = shortMs(answer.duration_ms);
  const isAnswered = answer.status === "answered";
  const tries =
    answer.attempts.length > 1
      ? markup` <span class="meta">${counted(answer.attempts.length, "attempt")}</span>`
      : null;
  if (answer.status === "not-asked") return markup`<td colspan="3">${outcome(answer)}</td>`;
  return markup`<td>${outcome(answer)}</td><td class="number">${took}${tries}</td><td>${latencyPlot(answer.duration_ms, isAnswered, scale, mark, `${isAnswered ? "answered" : "no answer"} after ${took}`)}</td>`;
}

/** The answer in a few words. */
function outcome(answer: Answer): Markup {
  if (answer.status === "not-asked") return markup`not queried: ${answer.reason.replaceAll("-", " ")}`;
  switch (answer.kind) {
    case "dns":
      return dnsOutcome(answer);
    case "tls":
      return tlsOutcome(answer);
    case "vsphere":
      return vsphereOutcome(answer);
    default:
      return markup`${answer.reason.replaceAll("-", " ")}`;
  }
}

function dnsOutcome({ reason, records, chain }: DnsAnswer): Markup {
  const alias = chain.length > 1 ? markup` <span class="meta">by alias ${breakable(chain.at(-1) ?? "")}</span>` : null;
  if (reason !== "ok") return markup`${reason.replaceAll("-", " ")}${alias}`;
  return markup`${breakable(listed(records.map(recordText), 4))}${alias}`;
}

function recordText(record: DnsRecord): string {
  switch (record.type) {
    case "A":
    case "AAAA":
      return record.address;
    case "SRV":
      return `${record.priority} ${record.weight} ${record.port} ${record.target}`;
    case "SOA":
      return record.mname;
    default:
      return record.target;
  }
}

function tlsOutcome({ reason, certificate, protocol, detail }: TlsAnswer): Markup {
  const until =
    certificate?.not_after == null ? null : markup`, valid until ${momentOf(certificate.not_after).slice(0, 10)}`;
  const subject =
    certificate === null
      ? null
      : markup` <span class="meta">${certificate.subject}${until}${protocol === null ? null : markup`, ${protocol}`}</span>`;
  return markup`${reason.replaceAll("-", " ")}${detail === null ? null : markup`: ${detail}`}${subject}`;
}

function vsphereOutcome({ reason, http_status, api_version, about }: VSphereAnswer): Markup {
  if (reason !== "ok") {
    return markup`${reason.replaceAll("-", " ")}${http_status === null ? null : ` (HTTP ${http_status})`}`;
  }
  const build = about?.build == null ? null : `build ${about.build}`;
  const api = api_version === null ? null : `API ${api_version}`;
  const facts = [about?.api_type, about?.version, build, api].filter((fact) => fact != null);
  return markup`${breakable(facts.join(", ") || "vSphere")}`;
}

/** `0.42 ms`, `12 ms`, `2.4 s`, `1 h 2 min`. */
function shortMs(ms: number): string {
  const size = Math.abs(ms);
  if (size < 1) return `${trimmed(size, 2)} ms`;
  if (size < 10) return `${trimmed(size, 1)} ms`;
  if (size < 1000) return `${Math.round(size)} ms`;
  if (size < 60_000) return `${trimmed(size / 1000, size < 10_000 ? 1 : 0)} s`;
  const minutes = Math.round(size / 60_000);
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 60 * 48) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return counted(Math.round(minutes / 1440), "day");
}

function signed(ms: number): string {
  return `${ms < 0 ? "−" : "+"}${shortMs(ms)}`;
}

function trimmed(value: number, digits: number): string {
  return value
    .toFixed(digits)
    .replace(/(\.\d*?)0+$/, "$1")
    .replace(/\.$/, "");
}
