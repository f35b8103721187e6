import type { Answer, DnsAnswer, DnsQuestion } from "../../engine/api/question.ts";
import { notAsked } from "../query/not-asked.ts";
import { labelTexts } from "./dns-name.ts";

/** After this many queries without a valid answer, each with retries, packet loss is no longer the explanation. */
const MOST_SILENCES = 3;

/**
 * The state of the DNS servers of a run. A deployment queries a server for dozens of names; if an unresponsive one
 * received them all, its timeouts would use up the time of the run, and with it everything that other servers could
 * answer.
 */
export class DnsServers {
  /** Queries without a valid answer: by server, by server and zone, and by server for UDP while TCP answers. */
  readonly #silences = { server: new Silences(), zone: new Silences(), udp: new Silences() };
  readonly #silent = new Map<string, AbortController>();

  /** Updates the state with an answer. */
  note(question: DnsQuestion, answer: Answer): void {
    if (answer.kind !== "dns" || answer.status === "not-asked") return;
    const [server, zone] = [serverKey(question), zoneKey(question)];
    const isHeard = answer.status === "answered" || answer.attempts.some(isReply);
    if (isHeard) {
      this.#silences.server.heard(server);
      this.#silences.zone.heard(zone);
    }
    if (question.transport !== undefined) return;
    if (!isHeard) {
      this.#silences.zone.add(zone);
      if (this.#silences.server.add(server)) this.#controller(server).abort();
    } else if (answer.attempts.some((attempt) => attempt.transport === "udp" && isReply(attempt))) {
      this.#silences.udp.heard(server);
    } else if (cameByTcpAlone(answer)) {
      this.#silences.udp.add(server);
    }
  }

  /** The answer to a query that is no longer worth sending; null for one that is. */
  answer(question: DnsQuestion, from: string): Answer | null {
    const isServer = this.#silences.server.isSilent(serverKey(question));
    if (!isServer && !this.#silences.zone.isSilent(zoneKey(question))) return null;
    const what = isServer ? "queries" : `queries for names in ${zoneOf(question.name)}`;
    const result = `not sent: ${MOST_SILENCES} ${what} before it had no valid answer`;
    const transport = question.transport ?? "udp";
    return { ...notAsked(question, "server-silent", from), attempts: [{ transport, duration_ms: 0, result }] };
  }

  /** The query as it is sent: over TCP only to a server that does not respond over UDP but answers over TCP. */
  asSent(question: DnsQuestion): DnsQuestion {
    return this.#silences.udp.isSilent(serverKey(question)) ? { ...question, transport: "tcp" } : question;
  }

  /** Aborts when the server turns out to be unresponsive, so that queries under way do not have to time out too. */
  silence(question: DnsQuestion): AbortSignal {
    return this.#controller(serverKey(question)).signal;
  }

  #controller(server: string): AbortController {
    let controller = this.#silent.get(server);
    if (controller === undefined) {
      controller = new AbortController();
      this.#silent.set(server, controller);
    }
    return controller;
  }
}

/** Counts queries without a valid answer; a server that has answered once is never unresponsive. */
class Silences {
  readonly #counts = new Map<string, number>();

  heard(key: string): void {
    this.#counts.set(key, Number.NEGATIVE_INFINITY);
  }

  /** Whether the limit is now exceeded. */
  add(key: string): boolean {
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    return this.isSilent(key);
  }

  isSilent(key: string): boolean {
    return (this.#counts.get(key) ?? 0) >= MOST_SILENCES;
  }
}

function serverKey({ server, port }: DnsQuestion): string {
  return `${server} ${port}`;
}

function zoneKey(question: DnsQuestion): string {
  return `${serverKey(question)} ${zoneOf(question.name)}`;
}

/**
 * The zone that a query probably concerns: the parent of a name, the domain of a service. A resolver may answer in
 * general but time out for a zone whose own servers are down.
 */
function zoneOf(name: string): string {
  const labels = labelTexts(name);
  const isService = labels[0]?.startsWith("_") === true;
  return labels.slice(isService ? labels.findIndex((label) => !label.startsWith("_")) : 1).join(".") || ".";
}

/** Whether a valid message was received, also one without records. */
function isReply({ result }: DnsAnswer["attempts"][number]): boolean {
  return /^(noerror|formerr|servfail|nxdomain|notimp|refused|rcode \d+|truncated)\b/.test(result);
}

function cameByTcpAlone({ attempts }: DnsAnswer): boolean {
  return attempts.some(({ transport }) => transport === "udp") && attempts.some(({ transport }) => transport === "tcp");
}
