import { createSocket } from "node:dgram";
import type { RemoteInfo, Socket, SocketType } from "node:dgram";
import { once } from "node:events";

import { decodeNtpPacket, encodeNtpPacket, ntpTimestamp } from "../../../src/probe/ntp/ntp-packet.ts";
import type { NtpPacket } from "../../../src/probe/ntp/ntp-packet.ts";
import { onTestFinished } from "vitest";

/** A request, and the socket that may answer it. */
export interface NtpRequest {
  readonly packet: NtpPacket;
  readonly bytes: Uint8Array;
  /** The address that the client sent from. */
  readonly client: string;
  /** 1 for the first request that the responder received. */
  readonly number: number;
  /** Sends from the responder's own socket, or from another one. */
  readonly send: (reply: NtpPacket | Uint8Array, from?: Socket) => void;
}

export interface NtpResponder {
  readonly address: string;
  readonly port: number;
  /** All requests so far. */
  readonly requests: readonly NtpPacket[];
}

/** A server on loopback that handles each request as set by the test; it is closed at the end of the test. */
export async function startNtpResponder(
  respond: (request: NtpRequest) => void,
  address = "127.0.0.1",
): Promise<NtpResponder> {
  const socket = await boundSocket(address);
  const requests: NtpPacket[] = [];
  socket.on("message", (bytes: Buffer, client: RemoteInfo) => {
    const packet = decodeNtpPacket(bytes);
    if (packet === null) throw new Error("The client sent something that is no NTP packet.");
    requests.push(packet);
    const send = (reply: NtpPacket | Uint8Array, from: Socket = socket): void => {
      from.send(reply instanceof Uint8Array ? reply : encodeNtpPacket(reply), client.port, client.address);
    };
    respond({ packet, bytes, client: client.address, number: requests.length, send });
  });
  return { address, port: socket.address().port, requests };
}

/** A UDP socket on a free port of a loopback address; it is closed when the test ends. */
export async function boundSocket(address = "127.0.0.1"): Promise<Socket> {
  const type: SocketType = address.includes(":") ? "udp6" : "udp4";
  const socket = createSocket(type);
  socket.bind(0, address);
  await once(socket, "listening");
  onTestFinished(() => void socket.close());
  return socket;
}

/**
 * A port that answers with ICMP "port unreachable", and that no other process can use meanwhile: a socket connected
 * elsewhere is bound to it, so the kernel finds no receiver for any other datagrams.
 */
export async function closedUdpPort(): Promise<number> {
  const owner = await boundSocket();
  const other = await boundSocket();
  owner.connect(other.address().port, "127.0.0.1");
  await once(owner, "connect");
  return owner.address().port;
}

/** What a healthy stratum 2 server replies, with the given changes; `clock_ms` shifts its clock. */
export function healthyReply(request: NtpPacket, changes: Partial<NtpPacket> = {}, clock_ms = 0): NtpPacket {
  const now = ntpTimestamp(Date.now() + clock_ms);
  return {
    leap: 0,
    version: request.version,
    mode: 4,
    stratum: 2,
    poll: 6,
    precision: -23,
    root_delay_ms: 15.625,
    root_dispersion_ms: 31.25,
    refid: 0xc0000201,
    reference: ntpTimestamp(Date.now() + clock_ms - 64_000),
    origin: request.transmit,
    receive: now,
    transmit: now,
    ...changes,
  };
}

/** A reference id that is a name: `RATE`, `GPS`. */
export function refid(name: string): number {
  return Buffer.from(name.padEnd(4, "\0"), "latin1").readUInt32BE(0);
}
