import { setMaxListeners } from "node:events";

import { questionKey } from "../engine/api/question.ts";
import type { Answer, Question } from "../engine/api/question.ts";
import { serverOf } from "../engine/evaluation/why-unasked.ts";
import { DnsServers } from "./dns/dns-servers.ts";
import { atLeastOne, type NetworkOptions, networkProbes, type Probes } from "./network-probes.ts";
import { BoundedQueue } from "./query/bounded-queue.ts";
import { notAsked } from "./query/not-asked.ts";
import { isOutOfDescriptors } from "./query/socket-reason.ts";
import { type AllowedTargets, refusalOf } from "../values/network/probe-targets.ts";
import { type Stop, stopOn } from "./query/stop.ts";

type Kind = Question["kind"];
type PerKind<Value> = Readonly<Record<Kind, Value>>;

export interface ProberOptions extends NetworkOptions {
  /** Concurrent queries of each kind: dns 64, ntp 64, tcp 64, tls 256 (16 of them in a handshake), vsphere 16. */
  readonly concurrency?: Partial<PerKind<number>>;
  /** Deadline for all calls together in milliseconds, counted from the first one (30000). */
  readonly deadline_ms?: number;
  /** Targets that are permitted in addition to the usual ports of unicast addresses; all others are `denied`. */
  readonly allow?: readonly AllowedTargets[];
  readonly signal?: AbortSignal;
  /** Called when queries are added, after each answer, and once a second in between. */
  readonly onProgress?: (progress: ProbeProgress) => void;
}

export interface ProbeProgress {
  readonly done: number;
  readonly total: number;
  /** The query in progress for the longest time. */
  readonly waitingFor: { readonly kind: Kind; readonly server: string } | null;
  /** Milliseconds until the deadline. */
  readonly left_ms: number;
}

export interface Prober {
  /**
   * The answers, in the order of the queries; each is also reported as it arrives. Equal queries are sent once, also
   * over several calls. Calls run concurrently, and so do the kinds: an unresponsive server delays only its own
   * queries. Queries cut off by the deadline or the signal are `not-asked`, and so are queries to a DNS server that did
   * not respond before. Rejects only for a bug, and then on every later call.
   */
  query(questions: readonly Question[], answered?: (index: number, answer: Answer) => void): Promise<readonly Answer[]>;
  /** Ends queries in progress as `aborted`; later ones are not sent. */
  close(): void;
}

const KINDS: readonly Kind[] = ["dns", "ntp", "tcp", "tls", "vsphere"];
const CONCURRENCY: PerKind<number> = { dns: 64, ntp: 64, tcp: 64, tls: 256, vsphere: 16 };
/** An NTP server that receives two queries at once may answer with a kiss-of-death; a DNS server may drop a burst. */
const PER_TARGET: PerKind<number> = {
  ...{ dns: 4, ntp: 1 },
  ...{ tcp: Number.POSITIVE_INFINITY, tls: Number.POSITIVE_INFINITY, vsphere: Number.POSITIVE_INFINITY },
};
const DEADLINE_MS = 30_000;
/**
 * When each kind must have ended, as a share of the deadline: names come first, and even if many servers are
 * unresponsive, there must be time left to query the addresses of the names.
 */
const SHARE: PerKind<number> = { dns: 0.5, ntp: 0.75, tcp: 0.85, tls: 1, vsphere: 1 };
const PROGRESS_MS = 1000;
const NO_TARGETS: readonly AllowedTargets[] = [];

/** A query that is sent once, and all callers that wait for its answer. */
class Asked {
  readonly question: Question;
  /** Settles `answer`; only the first call counts. */
  settle: (answer: Answer) => void = () => undefined;
  readonly answer = new Promise<Answer>((resolve) => (this.settle = resolve));

  constructor(question: Question) {
    this.question = question;
  }
}

/**
 * The part of the program that contacts servers.
 *
 * @param probes the functions to use; the real ones are loaded when the first query of their kind is sent
 */
export function createProber(options: ProberOptions, probes: Probes = networkProbes(options)): Prober {
  return new ConcurrentProber(options, probes);
}

class ConcurrentProber implements Prober {
  readonly #options: ProberOptions;
  readonly #probes: Probes;
  readonly #from: string;
  readonly #closed = new AbortController();
  readonly #dnsServers = new DnsServers();
  readonly #asked = new Map<string, Asked>();
  readonly #queues: PerKind<BoundedQueue<Asked, Answer>>;
  /** In the order in which they were started. */
  readonly #underWay = new Set<Question>();
  #open = 0;
  #startedAt: number | null = null;
  #stops: PerKind<Stop> | null = null;
  #ticker: NodeJS.Timeout | undefined;
  #failure: { readonly error: unknown } | null = null;

  constructor(options: ProberOptions, probes: Probes) {
    this.#options = options;
    this.#probes = probes;
    this.#from = options.from ?? "local";
    this.#queues = perKind((kind) => this.#queueOf(kind));
  }

  async query(
    questions: readonly Question[],
    answered?: (index: number, answer: Answer) => void,
  ): Promise<readonly Answer[]> {
    this.#assertSound();
    const unasked: Asked[] = [];
    const asked = questions.map((question) => {
      const key = questionKey(question);
      const known = this.#asked.get(key);
      if (known !== undefined) return known;
      const entry = new Asked(question);
      this.#asked.set(key, entry);
      unasked.push(entry);
      return entry;
    });
    this.#begin(unasked);
    const answers = await Promise.all(
      asked.map(async ({ answer }, index) => {
        const given = await answer;
        if (this.#failure === null) answered?.(index, given);
        return given;
      }),
    );
    this.#assertSound();
    return answers;
  }

  close(): void {
    this.#closed.abort();
  }

  #begin(unasked: readonly Asked[]): void {
    if (unasked.length === 0) return;
    if (this.#open === 0) this.#start();
    this.#open += unasked.length;
    this.#progress();
    for (const kind of KINDS) this.#queues[kind].add(unasked.filter(({ question }) => question.kind === kind));
  }

  #start(): void {
    const { signal, deadline_ms = DEADLINE_MS, onProgress } = this.#options;
    const startedAt = (this.#startedAt ??= performance.now());
    const signals = [signal, this.#closed.signal];
    this.#stops = perKind((kind) => stopOn(signals, startedAt + deadline_ms * SHARE[kind]));
    if (onProgress === undefined) return;
    this.#ticker = setInterval(() => this.#progress(), PROGRESS_MS);
    // Queries in progress keep the process alive as long as necessary.
    this.#ticker.unref();
  }

  #end(): void {
    clearInterval(this.#ticker);
    if (this.#stops !== null) for (const kind of KINDS) this.#stops[kind].release();
    this.#stops = null;
  }

  #queueOf(kind: Kind): BoundedQueue<Asked, Answer> {
    return new BoundedQueue<Asked, Answer>(
      {
        total: atLeastOne(this.#options.concurrency?.[kind] ?? CONCURRENCY[kind]),
        per_target: PER_TARGET[kind],
        target: ({ question }) => `${serverOf(question)} ${question.port}`,
      },
      {
        run: ({ question }) => this.#ask(question),
        starved: (answer) => this.#stop(kind)?.reason() === null && answer.attempts.some(isOutOfDescriptors),
        done: (entry, answer) => {
          if (entry.question.kind === "dns") this.#dnsServers.note(entry.question, answer);
          this.#settle(entry, answer);
        },
        failed: (entry, error) => {
          this.#fail(error);
          this.#settle(entry, notAsked(entry.question, "aborted", this.#from));
        },
      },
    );
  }

  #stop(kind: Kind): Stop | null {
    return this.#stops?.[kind] ?? null;
  }

  #settle(entry: Asked, answer: Answer): void {
    this.#open--;
    if (this.#open === 0) this.#end();
    entry.settle(answer);
    this.#progress();
  }

  /** A bug: queries in progress end early, and every call rejects once its queries have ended. */
  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#closed.abort();
  }

  #assertSound(): void {
    if (this.#failure !== null) throw this.#failure.error;
  }

  async #ask(question: Question): Promise<Answer> {
    const stop = this.#stop(question.kind);
    if (stop === null) throw new Error(`no query is pending, but ${questionKey(question)} was requested`);
    const unsent = this.#unsent(question, stop);
    if (unsent !== null) return unsent;
    this.#underWay.add(question);
    const answer = await this.#send(question, stop).finally(() => this.#underWay.delete(question));
    if (answer.status !== "not-asked" || answer.reason !== "aborted") return answer;
    // The probe only sees that it was aborted; the reason is known here.
    return this.#unsent(question, stop, answer) ?? answer;
  }

  /** The answer to a query that must not be sent, or no longer; null for one that may be sent. */
  #unsent(question: Question, stop: Stop, cut: Answer = notAsked(question, "aborted", this.#from)): Answer | null {
    const reason = stop.reason();
    if (reason !== null) return { ...cut, reason };
    const server = serverOf(question);
    const result = refusalOf(server, question.port, this.#options.allow ?? NO_TARGETS);
    if (result !== null) {
      const transport = question.kind === "dns" || question.kind === "ntp" ? "udp" : "tcp";
      const attempts = [{ transport, duration_ms: 0, result }] as const;
      return { ...notAsked(question, "denied", this.#from), attempts };
    }
    return question.kind === "dns" ? this.#dnsServers.answer(question, this.#from) : null;
  }

  #send(question: Question, { signal }: Stop): Promise<Answer> {
    switch (question.kind) {
      case "dns": {
        const either = AbortSignal.any([signal, this.#dnsServers.silence(question)]);
        setMaxListeners(0, either);
        return this.#probes.dns(this.#dnsServers.asSent(question), either);
      }
      case "ntp":
        return this.#probes.ntp(question, signal);
      case "tcp":
        return this.#probes.tcp(question, signal);
      case "tls":
        return this.#probes.tls(question, signal);
      case "vsphere":
        return this.#probes.vsphere(question, signal);
    }
  }

  #progress(): void {
    const { onProgress, deadline_ms = DEADLINE_MS } = this.#options;
    if (onProgress === undefined) return;
    const [oldest] = this.#underWay;
    const elapsed_ms = performance.now() - (this.#startedAt ?? performance.now());
    try {
      onProgress({
        done: this.#asked.size - this.#open,
        total: this.#asked.size,
        waitingFor: oldest === undefined ? null : { kind: oldest.kind, server: serverOf(oldest) },
        left_ms: Math.max(0, deadline_ms - elapsed_ms),
      });
    } catch (error) {
      this.#fail(error);
    }
  }
}

function perKind<Value>(make: (kind: Kind) => Value): PerKind<Value> {
  return { dns: make("dns"), ntp: make("ntp"), tcp: make("tcp"), tls: make("tls"), vsphere: make("vsphere") };
}
