import { createSocket } from "node:dgram";
import type { Socket as UdpSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";
import type { Server, Socket } from "node:net";
import { AUTHORITATIVE_ANSWER, RECURSION_AVAILABLE, RECURSION_DESIRED, decode, encode } from "dns-packet";
import type { DecodedPacket, OptAnswer, Packet } from "dns-packet";
import { LOOPBACK } from "./running-server.ts";
import type { RunningServer } from "./running-server.ts";
import type { Zone } from "./zone.ts";

// RFC 1035 section 4.1.1
const NXDOMAIN = 3;
const NOTIMP = 4;
const REFUSED = 5;
const OPCODE = 0x7800;

/** A DNS server for one zone, on one free port over UDP and TCP. */
export async function startDnsServer(zone: Zone): Promise<RunningServer> {
  for (let attempt = 1; ; attempt++) {
    const udp = await listenUdp(zone);
    const { port } = udp.address();
    try {
      const tcp = await listenTcp(zone, port);
      const close = async () => {
        await Promise.all([closeUdp(udp), tcp.close()]);
      };
      return { port, close };
    } catch (error) {
      await closeUdp(udp);
      // The port was free over UDP, but another process uses it over TCP: take another one.
      if (attempt === 10) throw error;
    }
  }
}

async function listenUdp(zone: Zone): Promise<UdpSocket> {
  const udp = createSocket("udp4");
  udp.on("message", (message, peer) => {
    const response = respond(message, zone);
    if (response !== null) udp.send(response, peer.port, peer.address);
  });
  udp.bind(0, LOOPBACK);
  await once(udp, "listening");
  return udp;
}

function closeUdp(udp: UdpSocket): Promise<void> {
  return new Promise((resolve) => udp.close(() => resolve()));
}

async function listenTcp(zone: Zone, port: number): Promise<{ close(): Promise<void> }> {
  const connections = new Set<Socket>();
  const server: Server = createServer((socket) => {
    connections.add(socket);
    socket.on("close", () => connections.delete(socket));
    socket.on("error", () => socket.destroy());
    let received: Buffer = Buffer.alloc(0);
    socket.on("data", (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      // RFC 1035 section 4.2.2: each message is preceded by its length in two octets.
      while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
        const end = 2 + received.readUInt16BE(0);
        const response = respond(received.subarray(2, end), zone);
        received = received.subarray(end);
        if (response === null) return void socket.destroy();
        const length = Buffer.alloc(2);
        length.writeUInt16BE(response.length);
        socket.write(Buffer.concat([length, response]));
      }
    });
  });
  server.listen(port, LOOPBACK);
  await once(server, "listening");
  return {
    close: async () => {
      for (const socket of connections) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** The response to a message, or null for anything that is not a DNS query. */
function respond(message: Buffer, zone: Zone): Buffer | null {
  try {
    const query = decode(message);
    return query.flag_qr ? null : encode(answerTo(query, zone));
  } catch {
    return null;
  }
}

function answerTo(query: DecodedPacket, zone: Zone): Packet {
  const asked = query.flags ?? 0;
  const flags = (asked & (OPCODE | RECURSION_DESIRED)) | RECURSION_AVAILABLE;
  const header: Packet = {
    type: "response",
    id: query.id,
    flags,
    questions: query.questions,
    additionals: ednsReply(query),
  };
  const question = query.questions?.[0];
  if ((asked & OPCODE) !== 0 || query.questions?.length !== 1 || question === undefined) {
    return { ...header, flags: flags | NOTIMP };
  }
  const name = question.name.toLowerCase();
  const soa = zone.find((record) => record.type === "SOA" && isAtOrBelow(name, record.name));
  if (soa === undefined) return { ...header, flags: flags | REFUSED };

  const authoritative = flags | AUTHORITATIVE_ANSWER;
  const answers = zone.filter((record) => record.name === name && record.type === question.type);
  if (answers.length > 0) return { ...header, flags: authoritative, answers };
  // RFC 2308: with the SOA record, "no such name" and "name without such a record" are final. A name exists if one
  // below it does (RFC 8020).
  const exists = zone.some((record) => isAtOrBelow(record.name, name));
  return { ...header, flags: exists ? authoritative : authoritative | NXDOMAIN, authorities: [soa] };
}

function isAtOrBelow(name: string, apex: string): boolean {
  return name === apex || name.endsWith(`.${apex}`);
}

/** RFC 6891 section 6.1.1: a query with an OPT record gets one back. */
function ednsReply(query: DecodedPacket): OptAnswer[] {
  if (!query.additionals?.some((record) => record.type === "OPT")) return [];
  return [
    {
      type: "OPT",
      name: ".",
      udpPayloadSize: 1232,
      extendedRcode: 0,
      ednsVersion: 0,
      flags: 0,
      flag_do: false,
      options: [],
    },
  ];
}
