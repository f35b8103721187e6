import type { Answer, DnsAnswer, DnsQuestion } from "../../engine/api/question.ts";
import { notAsked } from "../query/not-asked.ts";

/** So many questions without any sign of life, each tried by UDP and by TCP, are no lost packets. */
const MOST_SILENCES = 3;

/**
 * DNS servers that have given no sign of life. A deployment asks a server dozens of names; were a dead one asked them all,
 * its timeouts would use up the time of the run, and with it everything that other servers could tell.
 */
export class SilentServers {
  /** Unanswered questions by server; of a server that was heard of there is no end. */
  readonly #silences = new Map<string, number>();

  /** What became of a question. */
  note(question: DnsQuestion, answer: Answer): void {
    if (answer.kind !== "dns" || answer.status === "not-asked") return;
    const key = keyOf(question);
    const silences = this.#silences.get(key) ?? 0;
    this.#silences.set(key, isSilence(answer) ? silences + 1 : Number.NEGATIVE_INFINITY);
  }

  /** The answer to a question that is not worth asking any more, or null. */
  answer(question: DnsQuestion, from: string): Answer | null {
    const silences = this.#silences.get(keyOf(question)) ?? 0;
    if (silences < MOST_SILENCES) return null;
    const result = `not sent: ${silences} questions before it brought no sign of life`;
    return { ...notAsked(question, "server-silent", from), attempts: [{ transport: "udp", duration_ms: 0, result }] };
  }
}

function keyOf({ server, port }: DnsQuestion): string {
  return `${server} ${port}`;
}

/**
 * Not a datagram, nor a connection. A resolver that accepts one and then says nothing is alive: it may wait for the
 * servers of one dead zone.
 */
function isSilence({ attempts }: DnsAnswer): boolean {
  return (
    attempts.some(({ transport }) => transport === "tcp") &&
    attempts.every(({ result }) => /^(timeout|unreachable(-or-prohibited)? \(\w+\))$/.test(result))
  );
}
