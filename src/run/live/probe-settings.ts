import type { ProberOptions } from "../../probe/prober.ts";
import type { ProbeLimits } from "../options.ts";

/** How much longer than a datagram a TCP connection and a TLS handshake may take: as their defaults do. */
const TCP_FACTOR = 1.5;
const TLS_FACTOR = 2.5;

/** The same for the prober: what options set, else the config; the rest is left to the prober. */
export function probeSettings(
  given: ProbeLimits,
  config: ProbeLimits,
): Pick<ProberOptions, "timeout_ms" | "tries" | "concurrency" | "deadline_ms"> {
  const timeout = given.timeout_ms ?? config.timeout_ms;
  const retries = given.retries ?? config.retries;
  const deadline_ms = given.deadline_ms ?? config.deadline_ms;
  const most = given.concurrency ?? config.concurrency;
  return {
    ...(timeout !== undefined && {
      timeout_ms: { dns: timeout, ntp: timeout, tcp: timeout * TCP_FACTOR, tls: timeout * TLS_FACTOR },
    }),
    ...(retries !== undefined && { tries: retries + 1 }),
    ...(deadline_ms !== undefined && { deadline_ms }),
    ...(most !== undefined && { concurrency: { dns: most, ntp: most, tcp: most, tls: most } }),
  };
}
