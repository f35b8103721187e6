import { createSocket } from "node:dgram";
import { isIPv6 } from "node:net";

import { errorCode, oneTry, socketFailure } from "./dns-try.ts";
import type { DnsQuery, DnsServer, TryLimits, TryResult } from "./dns-try.ts";

/**
 * Sends the query from a new, connected socket on a random port. The kernel then drops datagrams from other sources and
 * reports a closed port at once.
 */
export function tryUdp(query: DnsQuery, server: DnsServer, limits: TryLimits): Promise<TryResult> {
  return oneTry(query, limits, (events) => {
    const family = isIPv6(server.address) ? 6 : 4;
    const socket = createSocket({
      type: `udp${family}`,
      // Addresses are literals; the system's resolver must never be used.
      lookup: (address, _options, callback) => process.nextTick(callback, null, address, family),
    });
    let sent = false;
    const onError = (error: Error, from_network: boolean): void => {
      const code = errorCode(error);
      events.failed(socketFailure({ code, transport: "udp", family, from_network }), code);
    };
    // Once the query has been sent, an error of the socket itself is an ICMP message.
    socket.on("error", (error) => onError(error, sent));
    socket.on("message", (bytes) => events.message(bytes));
    const onConnect = (): void => {
      socket.send(query.bytes, (error) => {
        if (error !== null) onError(error, false);
      });
      sent = true;
    };
    socket.on("connect", onConnect);
    socket.connect(server.port, server.address);
    return () => {
      // The event may still be pending, and nothing can be sent through a closed socket.
      socket.off("connect", onConnect);
      socket.close();
    };
  });
}
