import { getEventListeners } from "node:events";
import { networkInterfaces } from "node:os";
import { describe, expect, it } from "vitest";

import type { TcpAnswer } from "../../../src/engine/api/question.ts";
import { probeTcp } from "../../../src/probe/tcp/tcp.ts";
import type { TcpOptions } from "../../../src/probe/tcp/tcp.ts";
import { clientLeft, closedTcpPort, silentTcpPort, startTcpResponder } from "../servers/tcp-responder.ts";

const PATIENT: TcpOptions = { from: "here", timeout_ms: 20_000, signal: new AbortController().signal };

function query(port: number, options = PATIENT, address = "127.0.0.1"): Promise<TcpAnswer> {
  return probeTcp({ kind: "tcp", address, port }, options);
}

describe("a port", () => {
  it("that accepts is open, and the connection is given up", async () => {
    const { port, server } = await startTcpResponder();
    const left = clientLeft(server);
    const answer = await query(port);
    expect(answer).toMatchObject({
      kind: "tcp",
      status: "answered",
      reason: "open",
      from: "here",
      attempts: [{ transport: "tcp", result: "open" }],
    });
    expect(new Date(answer.started_at).toISOString()).toBe(answer.started_at);
    await expect(left).resolves.toBe(false);
  });

  it("that accepts and resets is open", async () => {
    const { port } = await startTcpResponder((socket) => socket.resetAndDestroy());
    for (let time = 0; time < 50; time++)
      expect(await query(port)).toMatchObject({ status: "answered", reason: "open" });
  });

  it("that talks first is open", async () => {
    const { port } = await startTcpResponder((socket) => socket.end("x".repeat(100_000)));
    expect(await query(port)).toMatchObject({ reason: "open" });
  });

  it("without a listener refuses", async () => {
    expect(await query(await closedTcpPort())).toMatchObject({
      status: "no-answer",
      reason: "refused",
      attempts: [{ result: "refused (ECONNREFUSED)" }],
    });
  });

  // How a full queue behaves differs between systems; on Linux further SYNs are dropped.
  it.runIf(process.platform === "linux")("that drops every SYN times out", async () => {
    const port = await silentTcpPort();
    expect(await query(port, { ...PATIENT, timeout_ms: 60 })).toMatchObject({
      status: "no-answer",
      reason: "timeout",
      attempts: [{ result: "timeout" }],
    });
  });

  it.runIf(hasIpv6Loopback())("over IPv6", async () => {
    const { port } = await startTcpResponder(undefined, "::1");
    expect(await query(port, PATIENT, "::1")).toMatchObject({ reason: "open" });
  });

  it("of an address to which this machine cannot send was not queried", async () => {
    // TCP to the limited broadcast address is refused by the system call; nothing leaves the machine.
    const answer = await query(443, PATIENT, "255.255.255.255");
    expect(answer).toMatchObject({ status: "not-asked", reason: "own-network-error", attempts: [{}] });
  });

  it("of a name was not queried: names are never resolved implicitly", async () => {
    const answer = await query(443, PATIENT, "localhost");
    expect(answer).toMatchObject({ status: "not-asked", reason: "name-not-resolved", attempts: [] });
  });
});

describe("an abort", () => {
  it("before the query sends nothing", async () => {
    const { port, server } = await startTcpResponder();
    server.on("connection", () => expect.unreachable());
    const answer = await query(port, { ...PATIENT, signal: AbortSignal.abort() });
    expect(answer).toMatchObject({ status: "not-asked", reason: "aborted", attempts: [] });
  });

  it.runIf(process.platform === "linux")("while connecting ends the wait and leaves no listener", async () => {
    const port = await silentTcpPort();
    const controller = new AbortController();
    const pending = query(port, { ...PATIENT, signal: controller.signal });
    setImmediate(() => controller.abort());
    expect(await pending).toMatchObject({ status: "not-asked", reason: "aborted" });
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(0);
  });
});

it("rejects for an error of the caller", async () => {
  await expect(query(70_000)).rejects.toThrow(RangeError);
});

function hasIpv6Loopback(): boolean {
  return Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === "::1"));
}
