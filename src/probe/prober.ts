import { setMaxListeners } from "node:events";

import { questionKey } from "../engine/api/question.ts";
import type { Answer, NotAskedReason, Question } from "../engine/api/question.ts";
import { runBounded } from "./query/bounded-run.ts";
import { notAsked } from "./query/not-asked.ts";
import { SilentServers } from "./dns/silent-servers.ts";
import { isOutOfDescriptors } from "./query/socket-reason.ts";
import { Semaphore } from "./query/semaphore.ts";

type Kind = Question["kind"];
type PerKind = Readonly<Record<Kind, number>>;

export interface ProberOptions {
  /** The place that asks, by default `local`; it becomes part of every answer. */
  readonly from?: string;
  /** For each try of dns (2000) and ntp (2000), for a connection (tcp, 3000), for a handshake after it (tls, 5000). */
  readonly timeout_ms?: Partial<PerKind>;
  /** How often a datagram is sent when nothing comes back (2). */
  readonly tries?: number;
  /** Questions of a kind that are open at once: dns 64, ntp 10, tcp 64, tls 256, of which 16 shake hands. */
  readonly concurrency?: Partial<PerKind>;
  /** For all calls together, counted from the first one (30000). */
  readonly deadline_ms?: number;
  readonly signal?: AbortSignal;
  /** PEM texts of CAs that are trusted besides Node's own list. */
  readonly ca?: readonly string[];
  /** The time for which certificates are evaluated, ms since 1970; by default this machine's clock. */
  readonly now?: number;
  /** Called as a kind begins, and after each of its answers. */
  readonly onProgress?: (progress: ProbeProgress) => void;
}

export interface ProbeProgress {
  readonly kind: Kind;
  readonly done: number;
  readonly total: number;
}

export interface Prober {
  /**
   * The answers, in the order of the questions. Equal questions are asked once, also over several calls. Calls follow
   * one another, and each asks dns, ntp, tcp, tls in turn: TLS handshakes keep this process busy, which would spoil the
   * time of an NTP exchange beside them. What the deadline or the signal cuts off is `not-asked`, and so is what a DNS
   * server would be asked that gave no sign of life before. Rejects only for a bug.
   */
  query(questions: readonly Question[]): Promise<readonly Answer[]>;
  /** Ends what is under way as `aborted`; later questions are not asked. */
  close(): void;
}

/** The functions that ask. They must end soon after the signal aborts, with `not-asked` if they know nothing yet. */
export type Probes = {
  readonly [K in Kind]: (question: Extract<Question, { kind: K }>, signal: AbortSignal) => Promise<Answer>;
};

const ORDER: readonly Kind[] = ["dns", "ntp", "tcp", "tls"];
const TIMEOUT_MS: PerKind = { dns: 2000, ntp: 2000, tcp: 3000, tls: 5000 };
const CONCURRENCY: PerKind = { dns: 64, ntp: 10, tcp: 64, tls: 256 };
/** Waiting for a connection costs nothing, and of nodes that this place cannot reach there may be hundreds. */
const HANDSHAKES = 16;
/** An NTP server that is asked twice at once may answer with a kiss-of-death; a DNS server may drop a burst. */
const PER_TARGET: PerKind = { dns: 4, ntp: 1, tcp: Number.POSITIVE_INFINITY, tls: Number.POSITIVE_INFINITY };
const TRIES = 2;
const DEADLINE_MS = 30_000;
/** Longer delays make Node's timers fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
const NO_CA: readonly string[] = [];

/**
 * The part of the program that asks the network.
 *
 * @param probes who asks; the real ones are loaded when the first question of their kind comes up
 */
export function createProber(options: ProberOptions, probes: Probes = networkProbes(options)): Prober {
  const from = options.from ?? "local";
  const answers = new Map<string, Answer>();
  const closed = new AbortController();
  const silent = new SilentServers();
  let deadline: number | null = null;
  let turn: Promise<unknown> = Promise.resolve();

  const run = async (questions: readonly Question[], ends: number): Promise<readonly Answer[]> => {
    const keys = questions.map(questionKey);
    const open = new Map<string, Question>();
    questions.forEach((question, index) => {
      const key = keys[index] ?? "";
      if (!answers.has(key)) open.set(key, question);
    });

    const stop = stopOn([options.signal, closed.signal], ends);
    try {
      for (const kind of ORDER) {
        const ofKind = [...open.values()].filter((question) => question.kind === kind);
        if (ofKind.length > 0) await queryAll(kind, ofKind, stop);
      }
    } finally {
      stop.release();
    }
    return keys.map((key) => found(answers.get(key), key));
  };

  const queryAll = async (kind: Kind, questions: readonly Question[], stop: Stop): Promise<void> => {
    let done = 0;
    const progress = (): void => options.onProgress?.({ kind, done, total: questions.length });
    progress();
    await runBounded(
      questions,
      {
        total: atLeastOne(options.concurrency?.[kind] ?? CONCURRENCY[kind]),
        per_target: PER_TARGET[kind],
        target: targetOf,
      },
      {
        run: async (question) => {
          const before = stop.reason();
          if (before !== null) return notAsked(question, before, from);
          const unsent = question.kind === "dns" ? silent.answer(question, from) : null;
          if (unsent !== null) return unsent;
          const answer = await queryOne(probes, question, stop.signal);
          const after = stop.reason();
          // The probe only sees that it was aborted; why is known here.
          return answer.status === "not-asked" && answer.reason === "aborted" && after !== null
            ? { ...answer, reason: after }
            : answer;
        },
        starved: (answer) => stop.reason() === null && answer.attempts.some(isOutOfDescriptors),
        done: (question, answer) => {
          answers.set(questionKey(question), answer);
          if (question.kind === "dns") silent.note(question, answer);
          done++;
          progress();
        },
        failed: () => stop.abort(),
      },
    );
  };

  return {
    query: (questions) => {
      const ends = (deadline ??= performance.now() + (options.deadline_ms ?? DEADLINE_MS));
      const answers = turn.then(() => run(questions, ends));
      turn = answers.catch(() => undefined);
      return answers;
    },
    close: () => closed.abort(),
  };
}

/** One signal for all that is under way, and why it was given. */
interface Stop {
  readonly signal: AbortSignal;
  reason(): NotAskedReason | null;
  abort(): void;
  /** Takes the timer and the listeners away. */
  release(): void;
}

/** Stops at a time of the monotonic clock, or when one of the signals aborts. */
function stopOn(signals: readonly (AbortSignal | undefined)[], ends: number): Stop {
  const controller = new AbortController();
  // Every open question listens to it; Node would warn at eleven.
  setMaxListeners(0, controller.signal);
  let reason: NotAskedReason | null = null;
  const stop = (why: NotAskedReason): void => {
    reason ??= why;
    controller.abort();
  };
  const abort = (): void => stop("aborted");

  const timer = setTimeout(() => stop("deadline"), Math.min(Math.max(0, ends - performance.now()), LONGEST_TIMER_MS));
  for (const signal of signals) {
    if (signal?.aborted === true) abort();
    signal?.addEventListener("abort", abort, { once: true });
  }
  // Not left to the timer, which would let the first questions out.
  if (performance.now() >= ends) stop("deadline");

  return {
    signal: controller.signal,
    reason: () => reason,
    abort,
    release: () => {
      clearTimeout(timer);
      for (const signal of signals) signal?.removeEventListener("abort", abort);
    },
  };
}

/** What must not be asked too much at once. */
function targetOf(question: Question): string {
  return question.kind === "dns" ? `${question.server} ${question.port}` : `${question.address} ${question.port}`;
}

function queryOne(probes: Probes, question: Question, signal: AbortSignal): Promise<Answer> {
  switch (question.kind) {
    case "dns":
      return probes.dns(question, signal);
    case "ntp":
      return probes.ntp(question, signal);
    case "tcp":
      return probes.tcp(question, signal);
    case "tls":
      return probes.tls(question, signal);
  }
}

/** The real probes. Each is imported when it is first needed, so that a run pays only for the kinds it asks. */
function networkProbes(options: ProberOptions): Probes {
  const from = options.from ?? "local";
  const timeout_ms = { ...TIMEOUT_MS, ...options.timeout_ms };
  const tries = atLeastOne(options.tries ?? TRIES);
  const handshakes = new Semaphore(atLeastOne(options.concurrency?.tls ?? HANDSHAKES));
  return {
    dns: async (question, signal) => {
      const { queryDns } = await import("./dns/dns.ts");
      return queryDns(question, { from, timeout_ms: timeout_ms.dns, tries, signal });
    },
    ntp: async (question, signal) => {
      const { queryNtp } = await import("./ntp/ntp.ts");
      return queryNtp(question, { from, timeout_ms: timeout_ms.ntp, tries, signal });
    },
    tcp: async (question, signal) => {
      const { probeTcp } = await import("./tcp/tcp.ts");
      return probeTcp(question, { from, timeout_ms: timeout_ms.tcp, signal });
    },
    tls: async (question, signal) => {
      const { probeTls } = await import("./tls/tls.ts");
      return probeTls(question, {
        from,
        timeout_ms: timeout_ms.tcp,
        handshake_timeout_ms: timeout_ms.tls,
        signal,
        ca: options.ca ?? NO_CA,
        handshakes,
        ...(options.now === undefined ? {} : { now: options.now }),
      });
    },
  };
}

function found(answer: Answer | undefined, key: string): Answer {
  if (answer === undefined) throw new Error(`No answer was recorded for: ${key}`);
  return answer;
}

function atLeastOne(count: number): number {
  return Math.max(1, Math.floor(count) || 1);
}
