import type { ProbeSettings } from "./observe.ts";

/** How servers are asked, as people say it: one number for all kinds of questions. */
export interface ProbeLimits {
  /** For a DNS or NTP answer. */
  readonly timeout_ms?: number;
  /** How often a silent DNS or NTP server is asked again. */
  readonly retries?: number;
  /** Questions of one kind that are open at once. */
  readonly concurrency?: number;
  /** For the whole asking. */
  readonly deadline_ms?: number;
}

/** How much longer than a datagram a TCP connection and a TLS handshake may take: as their defaults do. */
const TCP_FACTOR = 1.5;
const TLS_FACTOR = 2.5;

/** The same for the prober; what is not said is left to it. */
export function probeSettings({
  timeout_ms: timeout,
  retries,
  concurrency: most,
  deadline_ms,
}: ProbeLimits): ProbeSettings {
  return {
    ...(timeout !== undefined && {
      timeout_ms: { dns: timeout, ntp: timeout, tcp: timeout * TCP_FACTOR, tls: timeout * TLS_FACTOR },
    }),
    ...(retries !== undefined && { tries: retries + 1 }),
    ...(deadline_ms !== undefined && { deadline_ms }),
    ...(most !== undefined && { concurrency: { dns: most, ntp: most, tcp: most, tls: most } }),
  };
}
