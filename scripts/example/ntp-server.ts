import { createSocket } from "node:dgram";
import { once } from "node:events";
import { LOOPBACK } from "./running-server.ts";
import type { RunningServer } from "./running-server.ts";

// RFC 5905 section 7.3
const PACKET_LENGTH = 48;
const MODE_CLIENT = 3;
const MODE_SERVER = 4;
const STRATUM = 2;
const PRECISION = -20; // log2 of seconds: about a microsecond
const UPSTREAM = Buffer.from([192, 0, 2, 123]); // the reference id at stratum 2 is the upstream server's address

/** Seconds from 1900 (NTP) to 1970 (Unix). */
const NTP_EPOCH_OFFSET = 2_208_988_800;

/** An NTP server of stratum 2 that returns this machine's own time, on a free UDP port. */
export async function startNtpServer(): Promise<RunningServer> {
  const socket = createSocket("udp4");
  socket.on("message", (request, peer) => {
    const received = now();
    if (request.length < PACKET_LENGTH || (request.readUInt8(0) & 7) !== MODE_CLIENT) return;
    socket.send(reply(request, received), peer.port, peer.address);
  });
  socket.bind(0, LOOPBACK);
  await once(socket, "listening");
  const { port } = socket.address();
  return { port, close: () => new Promise((resolve) => socket.close(() => resolve())) };
}

/** RFC 5905 section 8: the client's transmit timestamp is returned as the origin, followed by ours. */
function reply(request: Buffer, received: number): Buffer {
  const version = (request.readUInt8(0) >> 3) & 7;
  const packet = Buffer.alloc(PACKET_LENGTH);
  packet.writeUInt8((version << 3) | MODE_SERVER, 0); // leap indicator 0: no warning
  packet.writeUInt8(STRATUM, 1);
  packet.writeUInt8(request.readUInt8(2), 2); // poll
  packet.writeInt8(PRECISION, 3);
  packet.writeUInt32BE(shortFormat(0.004), 4); // root delay
  packet.writeUInt32BE(shortFormat(0.002), 8); // root dispersion
  UPSTREAM.copy(packet, 12);
  writeTimestamp(packet, received - 17, 16); // reference: the upstream server was queried 17 seconds ago
  request.copy(packet, 24, 40, 48); // origin
  writeTimestamp(packet, received, 32);
  writeTimestamp(packet, now(), 40);
  return packet;
}

/** Seconds since 1970, finer than a millisecond. */
function now(): number {
  return (performance.timeOrigin + performance.now()) / 1000;
}

/** 16 bits of seconds and 16 of fraction (RFC 5905 section 6). */
function shortFormat(seconds: number): number {
  return Math.round(seconds * 2 ** 16);
}

/** 32 bits of seconds, which start again in 2036, and 32 of fraction (RFC 5905 section 6). */
function writeTimestamp(packet: Buffer, unixSeconds: number, at: number): void {
  const seconds = Math.floor(unixSeconds);
  packet.writeUInt32BE((seconds + NTP_EPOCH_OFFSET) % 2 ** 32, at);
  packet.writeUInt32BE(Math.floor((unixSeconds - seconds) * 2 ** 32), at + 4);
}
