/** What a socket error means for the path to the server; `own-network-error` means nothing for it. */
export type SocketReason =
  | "refused"
  | "reset"
  | "timeout"
  | "unreachable"
  | "admin-prohibited"
  | "unreachable-or-prohibited"
  | "own-network-error";

/** The circumstances of the error. */
export interface SocketFailure {
  /** `err.code`; the message text is never used. */
  readonly code: string;
  readonly transport: "udp" | "tcp";
  /** The version of IP. */
  readonly family: 4 | 6;
  /** True if a packet was sent and a response received; false if this machine refused to send. */
  readonly from_network: boolean;
}

/**
 * Maps an error of a socket to its reason. Unknown codes are `own-network-error`: they must never blame the server.
 *
 * Over IPv4 the error number is less specific than the ICMP message "destination unreachable" (type 3) that caused it.
 * Linux maps its codes as follows (`icmp_err_convert` in net/ipv4/icmp.c; measured with each code on Linux 6.18):
 *
 * | error        | on a TCP connection                                            | on a connected UDP socket  |
 * | ------------ | -------------------------------------------------------------- | -------------------------- |
 * | ENETUNREACH  | 0, 11 network unreachable; 6 unknown; 9 prohibited             | 6, 9                       |
 * | EHOSTUNREACH | 1, 12 host unreachable; 10, 13 prohibited; 14, 15 precedence   | 10, 13, 14, 15             |
 * | EHOSTDOWN    | 7 host unknown                                                 | 7                          |
 * | ECONNREFUSED | 3 port unreachable                                             | 3                          |
 * | ENOPROTOOPT  | 2 protocol unreachable                                         | 2                          |
 *
 * Codes 0, 1, 11 and 12 may pass, so Linux does not report them to UDP sockets; other systems do. If one number has
 * both causes, the reason is `unreachable-or-prohibited`. The time of the error does not distinguish them: a router
 * with a route of type "unreachable", or with a search for the host already under way, answers as fast as a firewall, and
 * the rejection of a repeated SYN arrives as late as the end of such a search.
 *
 * ICMPv6 (RFC 4443 section 3.1) is unambiguous: "administratively prohibited", "policy" and "reject route" (1, 5, 6) are
 * EACCES, "no route" (0) is ENETUNREACH, "address unreachable" (3) is EHOSTUNREACH.
 */
export function socketReason(
  { code, transport, family, from_network }: SocketFailure,
  platform: NodeJS.Platform = process.platform,
): SocketReason {
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
      return transport === "udp" && platform === "linux" ? "admin-prohibited" : "unreachable-or-prohibited";
    case "ENETUNREACH":
      return family === 6 ? "unreachable" : "unreachable-or-prohibited";
    case "EACCES":
      return "admin-prohibited";
    case "EHOSTDOWN":
      return "unreachable";
    // Every host has TCP and UDP: a firewall that rejects sends this, just as it can send "port unreachable".
    case "ENOPROTOOPT":
      return "refused";
    default:
      return "own-network-error";
  }
}

/** The code of an error that the operating system reports (`ECONNREFUSED`), or null for any other error. */
export function systemErrorCode(error: unknown): string | null {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return null;
  return /^E[A-Z0-9]+$/.test(error.code) ? error.code : null;
}

/** The result of an attempt with its error code: `own-network-error (EMFILE)`. */
export function describeFailure(reason: string, code: string): string {
  return `${reason} (${code})`;
}

/** Whether an attempt ended because the process or the machine had no file descriptor left. */
export function isOutOfDescriptors(attempt: { readonly result: string }): boolean {
  return /\((EMFILE|ENFILE)\)/.test(attempt.result);
}
