import { createSocket } from "node:dgram";
import type { Socket as UdpSocket } from "node:dgram";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo, Server, Socket as TcpSocket } from "node:net";

import { decode, encode } from "dns-packet";
import type { Answer, DecodedPacket, Packet, Question } from "dns-packet";

/** A query as it arrived. */
export interface ReceivedQuery {
  readonly bytes: Buffer;
  readonly packet: DecodedPacket;
  readonly id: number;
  readonly question: Question;
  readonly edns: boolean;
  /** 1 for the first query over this transport. */
  readonly count: number;
  readonly clientPort: number;
}

interface UdpContext {
  /** Sends from another port of the same address. */
  readonly sendFromElsewhere: (bytes: Uint8Array) => Promise<void>;
}

/** `closed`: the port answers with ICMP "port unreachable". */
export type UdpScript =
  "closed" | ((query: ReceivedQuery, send: (bytes: Uint8Array) => void, context: UdpContext) => void);
export type TcpScript = "closed" | ((query: ReceivedQuery, socket: TcpSocket) => void);

export interface DnsResponder {
  readonly address: string;
  readonly port: number;
  readonly udpQueries: readonly ReceivedQuery[];
  readonly tcpQueries: readonly ReceivedQuery[];
  close(): Promise<void>;
}

/** Starts a scripted DNS server on one port of the loopback interface, the same for both transports. */
export async function startDnsResponder(script: {
  readonly address?: "127.0.0.1" | "::1";
  readonly udp: UdpScript;
  readonly tcp: TcpScript;
}): Promise<DnsResponder> {
  const address = script.address ?? "127.0.0.1";
  const closers: (() => Promise<void>)[] = [];
  const udpQueries: ReceivedQuery[] = [];
  const tcpQueries: ReceivedQuery[] = [];

  const { udp, port, tcpCloser } = await bothTransports(address, script.tcp, tcpQueries);
  closers.push(tcpCloser);
  if (script.udp === "closed") {
    // Connected to another address, the socket keeps the port in use, and other senders are told that it is closed.
    const elsewhere = await boundUdp(address);
    udp.connect(elsewhere.address().port, address);
    await once(udp, "connect");
    closers.push(() => closeUdp(elsewhere));
  } else {
    const answer = script.udp;
    udp.on("message", (bytes, client) => {
      const query = received(bytes, udpQueries.length + 1, client.port);
      udpQueries.push(query);
      answer(query, (reply) => udp.send(reply, client.port, client.address), {
        sendFromElsewhere: async (reply) => {
          const stranger = await boundUdp(address);
          await new Promise((resolve) => stranger.send(reply, client.port, client.address, resolve));
          await closeUdp(stranger);
        },
      });
    });
  }
  closers.push(() => closeUdp(udp));
  return {
    address,
    port,
    udpQueries,
    tcpQueries,
    close: async () => {
      for (const close of closers.splice(0)) await close();
    },
  };
}

/** The records and flags of a reply; the rest is taken from the query. */
export interface ReplyParts {
  readonly rcode?: number;
  readonly authoritative?: boolean;
  readonly recursionAvailable?: boolean;
  readonly truncated?: boolean;
  readonly answers?: Answer[];
  readonly authorities?: Answer[];
  readonly additionals?: Answer[];
  readonly id?: number;
  readonly questions?: Question[];
  readonly type?: "query" | "response";
}

/** A reply as an ordinary resolver gives it, except for the parts that are named. */
export function reply(query: ReceivedQuery, parts: ReplyParts = {}): Buffer {
  const flag = (on: boolean | undefined, bit: number): number => (on === true ? bit : 0);
  const packet: Packet = {
    type: parts.type ?? "response",
    id: parts.id ?? query.id,
    flags:
      0x0100 |
      flag(parts.authoritative, 0x0400) |
      flag(parts.truncated, 0x0200) |
      flag(parts.recursionAvailable ?? true, 0x0080) |
      (parts.rcode ?? 0),
    questions: parts.questions ?? [query.question],
    answers: parts.answers ?? [],
    authorities: parts.authorities ?? [],
    additionals: parts.additionals ?? [],
  };
  return encode(packet);
}

/** A message preceded by its length, as in a TCP stream. */
export function tcpFrame(message: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(message.byteLength >> 8, message.byteLength & 0xff), message]);
}

export function soa(zone: string): Answer {
  return { type: "SOA", name: zone, ttl: 60, data: { mname: `ns.${zone}`, rname: `admin.${zone}` } };
}

export function a(name: string, address: string): Answer {
  return { type: "A", name, ttl: 60, data: address };
}

export function cname(name: string, target: string): Answer {
  return { type: "CNAME", name, ttl: 60, data: target };
}

export function ns(zone: string, server: string): Answer {
  return { type: "NS", name: zone, ttl: 60, data: server };
}

/** Both transports on one port; another process may use a free port for either one, so several are tried. */
async function bothTransports(
  address: string,
  script: TcpScript,
  queries: ReceivedQuery[],
): Promise<{ udp: UdpSocket; port: number; tcpCloser: () => Promise<void> }> {
  for (let tries = 1; ; tries++) {
    const udp = await boundUdp(address);
    const port = udp.address().port;
    try {
      const tcpCloser =
        script === "closed" ? await refuseTcp(address, port) : await serveTcp(address, port, script, queries);
      return { udp, port, tcpCloser };
    } catch (error) {
      await closeUdp(udp);
      if (tries === 20) throw error;
    }
  }
}

/** An outgoing connection from the port keeps others from listening there. */
async function refuseTcp(address: string, port: number): Promise<() => Promise<void>> {
  const sink = createServer((socket) => socket.on("error", () => undefined));
  sink.listen(0, address);
  await once(sink, "listening");
  const owner = connect({ host: address, port: portOf(sink), localPort: port, localAddress: address });
  try {
    await once(owner, "connect");
  } catch (error) {
    sink.close();
    throw error;
  }
  return async () => {
    // With a reset, so that the port is free at once.
    owner.resetAndDestroy();
    sink.close();
    await once(sink, "close");
  };
}

async function serveTcp(
  address: string,
  port: number,
  script: Exclude<TcpScript, "closed">,
  queries: ReceivedQuery[],
): Promise<() => Promise<void>> {
  const sockets = new Set<TcpSocket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
    let pending = Buffer.alloc(0);
    socket.on("data", (chunk) => {
      pending = Buffer.concat([pending, chunk]);
      if (pending.length < 2 || pending.length < 2 + pending.readUInt16BE(0)) return;
      const query = received(pending.subarray(2), queries.length + 1, socket.remotePort ?? 0);
      queries.push(query);
      script(query, socket);
    });
  });
  server.listen(port, address);
  await once(server, "listening");
  return async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, "close");
  };
}

function received(bytes: Buffer, count: number, clientPort: number): ReceivedQuery {
  const packet = decode(bytes);
  const [question] = packet.questions ?? [];
  if (question === undefined || packet.id === undefined) throw new Error("a query without a question");
  const edns = (packet.additionals ?? []).some(({ type }) => type === "OPT");
  return { bytes, packet, id: packet.id, question, edns, count, clientPort };
}

async function boundUdp(address: string): Promise<UdpSocket> {
  const family = address.includes(":") ? 6 : 4;
  // Without the system's resolver, so that a test can watch it.
  const socket = createSocket({
    type: `udp${family}`,
    lookup: (literal, _options, callback) => process.nextTick(callback, null, literal, family),
  });
  socket.on("error", () => undefined);
  socket.bind(0, address);
  await once(socket, "listening");
  return socket;
}

function closeUdp(socket: UdpSocket): Promise<void> {
  return new Promise((resolve) => socket.close(() => resolve()));
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
