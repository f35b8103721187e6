import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { Worker } from "node:worker_threads";

import { onTestFinished } from "vitest";

export interface TcpResponder {
  readonly address: string;
  readonly port: number;
  readonly server: Server;
}

/** A server on loopback that handles each connection as set by the test; it is closed at the end of the test. */
export async function startTcpResponder(
  accept: (socket: Socket) => void = () => undefined,
  address = "127.0.0.1",
): Promise<TcpResponder> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    accept(socket);
  });
  return { address, port: await listen(server, address), server };
}

/** Starts a server on a free port; it and its connections end with the test. */
export async function listen(server: Server, address = "127.0.0.1"): Promise<number> {
  const connections = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    connections.add(socket);
    socket.on("close", () => connections.delete(socket));
  });
  server.listen(0, address);
  await once(server, "listening");
  onTestFinished(async () => {
    const closed = once(server, "close");
    server.close();
    for (const socket of connections) socket.destroy();
    await closed;
  });
  return (server.address() as AddressInfo).port;
}

/** Settles when the server's next connection has ended; whether by an error is its value. */
export async function clientLeft(server: Server): Promise<boolean> {
  const [socket] = (await once(server, "connection")) as [Socket];
  const [hadError] = (await once(socket.resume(), "close")) as [boolean];
  return hadError;
}

/** A port without a listener that no other process can use meanwhile: it is the local end of an open connection. */
export async function closedTcpPort(): Promise<number> {
  const { port } = await startTcpResponder();
  const owner = connect(port, "127.0.0.1");
  await once(owner, "connect");
  onTestFinished(() => void owner.destroy());
  return (owner.address() as AddressInfo).port;
}

/**
 * A port that does not answer: its listener accepts no connection and its queue is full, so that the kernel drops every
 * further SYN, as a filter does.
 */
export async function silentTcpPort(): Promise<number> {
  const worker = new Worker(
    `const { createServer } = require("node:net");
     const { parentPort } = require("node:worker_threads");
     const server = createServer().listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
       parentPort.postMessage(server.address().port);
       Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
     });`,
    { eval: true },
  );
  const [port] = (await once(worker, "message")) as [number];
  // A backlog of one holds two connections on Linux.
  const fill = [connect(port, "127.0.0.1"), connect(port, "127.0.0.1")];
  await Promise.all(fill.map((socket) => once(socket, "connect")));
  onTestFinished(async () => {
    for (const socket of fill) socket.destroy();
    await worker.terminate();
  });
  return port;
}
