import { connect, isIPv6 } from "node:net";

import { errorCode, oneTry, socketFailure } from "./dns-try.ts";
import type { DnsQuery, DnsServer, TryLimits, TryResult } from "./dns-try.ts";

/** Queries over a new TCP connection; each message is preceded by its length in two octets (RFC 1035 section 4.2.2). */
export function tryTcp(query: DnsQuery, server: DnsServer, limits: TryLimits): Promise<TryResult> {
  return oneTry(query, limits, (events) => {
    // The address is a literal, so no name is resolved.
    const family = isIPv6(server.address) ? 6 : 4;
    const socket = connect({ host: server.address, port: server.port, family, autoSelectFamily: false });
    const deframe = messagesOf();
    let from_network = false;
    // Not emitted when the system call itself fails, which means that nothing was sent.
    socket.on("connectionAttemptFailed", () => {
      from_network = true;
    });
    socket.on("connect", () => {
      from_network = true;
      events.connected();
    });
    socket.on("error", (error) => {
      const code = errorCode(error);
      events.failed(socketFailure({ code, transport: "tcp", family, from_network }), code);
    });
    socket.on("data", (chunk) => {
      for (const message of deframe(chunk)) events.message(message);
    });
    socket.on("close", () => events.failed("closed", null));
    // Length and message in one write (RFC 7766 section 8).
    socket.write(framed(query.bytes));
    return () => socket.destroy();
  });
}

/** A message preceded by its length. */
export function framed(message: Uint8Array): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.byteLength);
  return Buffer.concat([length, message]);
}

/** Returns a function that takes the chunks of a stream in turn and yields the messages that each chunk completes. */
export function messagesOf(): (chunk: Buffer) => Generator<Buffer, void, undefined> {
  let pending: Buffer = Buffer.alloc(0);
  return function* (chunk) {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE(0)) {
      const end = 2 + pending.readUInt16BE(0);
      const message = pending.subarray(2, end);
      pending = pending.subarray(end);
      yield message;
    }
  };
}
