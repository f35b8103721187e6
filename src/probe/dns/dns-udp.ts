import { createSocket } from "node:dgram";
import { isIPv6 } from "node:net";

import { errorCode, oneTry } from "./dns-try.ts";
import type { DnsQuery, DnsServer, TryFailure, TryLimits, TryResult } from "./dns-try.ts";

/**
 * Sends the query from a fresh, connected socket on a random port. The kernel then drops datagrams of other sources and
 * reports a closed port at once.
 */
export function tryUdp(query: DnsQuery, server: DnsServer, limits: TryLimits): Promise<TryResult> {
  return oneTry(query, limits, (events) => {
    const family = isIPv6(server.address) ? 6 : 4;
    const socket = createSocket({
      type: `udp${family}`,
      // Addresses are literals; the system's resolver must never be asked.
      lookup: (address, _options, callback) => process.nextTick(callback, null, address, family),
    });
    let sent = false;
    const onError = (error: Error): void => {
      const code = errorCode(error);
      events.failed(udpFailure(code, sent), code);
    };
    socket.on("error", onError);
    socket.on("message", (bytes) => events.message(bytes));
    const onConnect = (): void => {
      socket.send(query.bytes, (error) => {
        if (error !== null) onError(error);
      });
      sent = true;
    };
    socket.on("connect", onConnect);
    socket.connect(server.port, server.address);
    return () => {
      // The event may still be under way, and nothing can be sent through a closed socket.
      socket.off("connect", onConnect);
      socket.close();
    };
  });
}

/**
 * What an error of a UDP socket means. Once the query is out, the error came back from the network: Linux reports only
 * hard ICMP errors to a connected socket, of which EHOSTUNREACH (ICMP type 3 code 13) and, for IPv6, EACCES (ICMPv6
 * type 1 code 1) are "administratively prohibited". Before that, it is this machine that cannot send.
 */
export function udpFailure(code: string | null, sent: boolean): TryFailure {
  switch (code) {
    case "ECONNREFUSED":
    case "ECONNRESET": // Windows reports ICMP port unreachable so.
      return "port-unreachable";
    case "EHOSTUNREACH":
    case "EACCES":
      return sent ? "admin-prohibited" : "own-network-error";
    case "EHOSTDOWN":
      return "unreachable";
    case "ENETUNREACH":
      return sent ? "unreachable" : "own-network-error";
    default:
      return "own-network-error";
  }
}
