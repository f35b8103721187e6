/** What a failed socket says about the way to the server; `own-network-error` says nothing about it. */
export type SocketReason = "refused" | "reset" | "timeout" | "unreachable" | "admin-prohibited" | "own-network-error";

/** How the error came about. */
export interface SocketFailure {
  /** `err.code`; the text of the message is never looked at. */
  readonly code: string;
  readonly transport: "udp" | "tcp";
  /** The version of IP. */
  readonly family: 4 | 6;
  /** True when a packet had left and something came back; false when this machine refused to send. */
  readonly from_network: boolean;
  /** From the first packet of the question to the error. */
  readonly elapsed_ms: number;
}

/**
 * A router that looks for a host in vain asks at least once a second apart before it gives up: three times on Linux
 * (RFC 4861 section 10: MAX_MULTICAST_SOLICIT 3, RETRANS_TIMER 1 s; ARP is limited alike by RFC 1122 section 2.3.2.1).
 */
const NEIGHBOUR_SEARCH_MS = 1000;

/**
 * Maps an error of a socket to its reason. Unknown codes are `own-network-error`: they must never accuse the server.
 *
 * EHOSTUNREACH over IPv4 is where the errno says less than the ICMP message: on Linux it stands for "host unreachable"
 * (type 3 code 1) as well as for "prohibited" (codes 10 and 13; RFC 1812 section 5.2.7.1).
 * - UDP: only the prohibited codes reach a connected socket, so it is `admin-prohibited`.
 * - TCP: both do. A rejecting firewall answers at once; a missing host is noticed only after the search above. So an
 *   early error is `admin-prohibited` and a late one `unreachable`; see `connectTcp` for the search of somebody else. A
 *   router that has an "unreachable" route for the address also answers at once and is taken for a firewall. The code
 *   stands in the attempt's result.
 *
 * ICMPv6 "administratively prohibited" (RFC 4443 section 3.1, code 1) is EACCES, and EHOSTUNREACH is "address
 * unreachable" (code 3). ENETUNREACH from the network is a router without a route.
 */
export function socketReason({ code, transport, family, from_network, elapsed_ms }: SocketFailure): SocketReason {
  switch (code) {
    case "ECONNREFUSED":
      return "refused";
    case "ECONNRESET":
    case "ECONNABORTED":
    case "EPIPE":
      return "reset";
    case "ETIMEDOUT":
      return "timeout";
  }
  if (!from_network) return "own-network-error";
  switch (code) {
    case "EHOSTUNREACH":
      if (family === 6) return "unreachable";
      return transport === "udp" || elapsed_ms < NEIGHBOUR_SEARCH_MS ? "admin-prohibited" : "unreachable";
    case "EACCES":
      return "admin-prohibited";
    case "ENETUNREACH":
    case "EHOSTDOWN":
      return "unreachable";
    default:
      return "own-network-error";
  }
}

/** The code of an error that a socket of the operating system reports (`ECONNREFUSED`), or null for any other error. */
export function systemErrorCode(error: unknown): string | null {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return null;
  return /^E[A-Z0-9]+$/.test(error.code) ? error.code : null;
}

/** An attempt's result with the code behind it: `own-network-error (EMFILE)`. */
export function describeFailure(reason: string, code: string): string {
  return `${reason} (${code})`;
}

/** Whether an attempt ended because the process or the machine had no file descriptor left. */
export function lacksDescriptors(attempt: { readonly result: string }): boolean {
  return /\((EMFILE|ENFILE)\)/.test(attempt.result);
}
