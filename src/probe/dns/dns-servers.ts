import type { Answer, DnsAnswer, DnsQuestion } from "../../engine/api/question.ts";
import { notAsked } from "../query/not-asked.ts";
import { labelTexts } from "./dns-name.ts";

/** So many queries without a valid answer, each repeated, are no lost packets. */
const MOST_SILENCES = 3;

/**
 * What is known of the DNS servers of a run. A deployment queries a server for dozens of names; were a silent one sent them
 * all, its timeouts would use up the time of the run, and with it everything that other servers could answer.
 */
export class DnsServers {
  /** Queries without a valid answer; by server, by server and zone, and by server for UDP while TCP answers. */
  readonly #silences = { server: new Silences(), zone: new Silences(), udp: new Silences() };
  readonly #silent = new Map<string, AbortController>();

  /** Learns from an answer. */
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

  /** The answer to a query that is not worth sending any more, or null. */
  answer(question: DnsQuestion, from: string): Answer | null {
    const isServer = this.#silences.server.isSilent(serverKey(question));
    if (!isServer && !this.#silences.zone.isSilent(zoneKey(question))) return null;
    const what = isServer ? "queries" : `queries for names in ${zoneOf(question.name)}`;
    const result = `not sent: ${MOST_SILENCES} ${what} before it had no valid answer`;
    const transport = question.transport ?? "udp";
    return { ...notAsked(question, "server-silent", from), attempts: [{ transport, duration_ms: 0, result }] };
  }

  /** The query as it is sent: over TCP alone to a server whose UDP port stayed silent while TCP answered. */
  asSent(question: DnsQuestion): DnsQuestion {
    return this.#silences.udp.isSilent(serverKey(question)) ? { ...question, transport: "tcp" } : question;
  }

  /** Aborts when the server is found to be silent: queries that are still under way then need not time out too. */
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

/** Counts queries without a valid answer; what answered once is never silent. */
class Silences {
  readonly #counts = new Map<string, number>();

  heard(key: string): void {
    this.#counts.set(key, Number.NEGATIVE_INFINITY);
  }

  /** Whether that was one too many. */
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
 * The names that are likely in one zone: the parent of a name, the domain of a service. A resolver that answers waits in
 * vain for the servers of a zone that are down.
 */
function zoneOf(name: string): string {
  const labels = labelTexts(name);
  const isService = labels[0]?.startsWith("_") === true;
  return labels.slice(isService ? labels.findIndex((label) => !label.startsWith("_")) : 1).join(".") || ".";
}

/** A valid message came back, also one without records. */
function isReply({ result }: DnsAnswer["attempts"][number]): boolean {
  return /^(noerror|formerr|servfail|nxdomain|notimp|refused|rcode \d+|truncated)\b/.test(result);
}

function cameByTcpAlone({ attempts }: DnsAnswer): boolean {
  return attempts.some(({ transport }) => transport === "udp") && attempts.some(({ transport }) => transport === "tcp");
}
