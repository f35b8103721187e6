import type { Answer, Question } from "../engine/api/question.ts";
import { Semaphore } from "./query/semaphore.ts";

type Kind = Question["kind"];

/**
 * The functions that contact servers. They must end soon after the signal aborts, with `not-asked` if they have no
 * result yet.
 */
export type Probes = {
  readonly [K in Kind]: (question: Extract<Question, { kind: K }>, signal: AbortSignal) => Promise<Answer>;
};

export interface NetworkOptions {
  /** The vantage point, by default `local`; it becomes part of every answer. */
  readonly from?: string;
  /**
   * Timeouts: for each attempt of dns (2000) and ntp (2000), for a connection (tcp, 3000), for a handshake after it
   * (tls, 5000) or an HTTP response (vsphere, 5000).
   */
  readonly timeout_ms?: Partial<Readonly<Record<Kind, number>>>;
  /** Number of times a datagram is sent if there is no reply (2). */
  readonly tries?: number;
  /** Concurrent TLS handshakes (16); the prober limits the connections before them. */
  readonly concurrency?: { readonly tls?: number };
  /** PEM texts of CAs that are trusted in addition to Node's own list. */
  readonly ca?: readonly string[];
  /** The time for which certificates are evaluated, ms since 1970; by default this machine's clock. */
  readonly now?: number;
}

const TIMEOUT_MS: Readonly<Record<Kind, number>> = { dns: 2000, ntp: 2000, tcp: 3000, tls: 5000, vsphere: 5000 };
const TRIES = 2;
/** Waiting for a connection costs nothing, and hundreds of nodes may be unreachable from this machine. */
const HANDSHAKES = 16;
const NO_CA: readonly string[] = [];

/** The real probes. Each is imported when it is first needed, so that a run loads only the kinds that it uses. */
export function networkProbes(options: NetworkOptions): Probes {
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
    vsphere: async (question, signal) => {
      const { probeVSphere } = await import("./vsphere/vsphere.ts");
      return probeVSphere(question, { from, timeout_ms: timeout_ms.vsphere, signal });
    },
  };
}

/** An integer of at least 1, even if an untyped caller passes something else. */
export function atLeastOne(count: number): number {
  return Math.max(1, Math.floor(count) || 1);
}
