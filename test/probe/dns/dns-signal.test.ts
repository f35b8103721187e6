import { getEventListeners } from "node:events";
import { setImmediate as nextTurn } from "node:timers/promises";

import { describe, expect, it } from "vitest";

import { exchange } from "../../../src/probe/dns/dns-exchange.ts";
import { answering, query, GOOD, NAME, serve, tcpAnswering } from "../servers/dns-lab.ts";

describe("the signal", () => {
  it("that is already aborted sends nothing", async () => {
    const server = await serve({ udp: answering(GOOD) });
    const answer = await query(server, {}, { signal: AbortSignal.abort() });
    expect(answer).toMatchObject({ status: "not-asked", reason: "aborted", attempts: [] });
    expect(server.udpQueries).toHaveLength(0);
  });

  it("ends a query in progress", async () => {
    const controller = new AbortController();
    const server = await serve({ udp: () => controller.abort() });
    const answer = await query(server, {}, { signal: controller.signal, timeout_ms: 60_000 });
    expect(answer).toMatchObject({ status: "not-asked", reason: "aborted", records: [] });
    expect(answer.attempts).toMatchObject([{ transport: "udp", result: "aborted" }]);
    expect(server.tcpQueries).toHaveLength(0);
  });

  it("ends a query over TCP", async () => {
    const controller = new AbortController();
    const server = await serve({ udp: answering({ truncated: true }), tcp: () => controller.abort() });
    const answer = await query(server, {}, { signal: controller.signal, timeout_ms: 60_000 });
    expect(answer).toMatchObject({ status: "not-asked", reason: "aborted" });
    expect(answer.attempts).toMatchObject([{ result: "truncated" }, { transport: "tcp", result: "aborted" }]);
  });

  it("may come between two tries", async () => {
    const server = { address: "127.0.0.1", port: 9 };
    const limits = { timeout_ms: 60_000, tries: 2, signal: AbortSignal.abort() };
    const done = await exchange({ server, name: NAME, type: "A", edns: true }, limits);
    expect(done).toMatchObject({ result: "aborted", attempts: [] });
  });

  it("may come at any moment", async () => {
    const server = await serve({ udp: () => undefined, tcp: () => undefined });
    const steppers = [(next: () => void) => process.nextTick(next), queueMicrotask, setImmediate];
    for (const step of steppers) {
      for (let steps = 0; steps < 15; steps++) {
        const controller = new AbortController();
        const pending = query(server, {}, { signal: controller.signal, timeout_ms: 60_000 });
        afterSteps(steps, step, () => controller.abort());
        expect(await pending).toMatchObject({ status: "not-asked", reason: "aborted" });
      }
    }
  });
});

describe("two hundred queries", () => {
  it("leave no socket, timer, listener or warning", async () => {
    const silent = await serve({ udp: () => undefined, tcp: "closed" });
    const good = await serve({ udp: answering(GOOD) });
    const truncating = await serve({ udp: answering({ truncated: true }), tcp: tcpAnswering(GOOD) });
    const closed = await serve({ udp: "closed", tcp: "closed" });
    const warnings: Error[] = [];
    const onWarning = (warning: Error): number => warnings.push(warning);
    process.on("warning", onWarning);
    const before = openResources();

    const controller = new AbortController();
    const quick = [good, truncating, closed].flatMap((server) => {
      return Array.from({ length: 50 }, () => query(server, {}, { signal: controller.signal, timeout_ms: 60_000 }));
    });
    const endless = Array.from({ length: 50 }, () =>
      query(silent, {}, { signal: controller.signal, timeout_ms: 60_000 }),
    );
    const reasons = (await Promise.all(quick)).map(({ reason }) => reason);
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(endless.length);
    controller.abort();
    reasons.push(...(await Promise.all(endless)).map(({ reason }) => reason));

    expect(Object.fromEntries([...new Set(reasons)].map((reason) => [reason, count(reasons, reason)]))).toEqual({
      ok: 100,
      "port-unreachable": 50,
      aborted: 50,
    });
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(0);
    for (const server of [silent, good, truncating, closed]) await server.close();
    await nextTurn();
    await nextTurn();
    const after = openResources();
    expect(after.sockets).toBeLessThan(before.sockets);
    // Far fewer than one for each query; the test runner has timers of its own.
    expect(after.timers).toBeLessThan(before.timers + 20);
    process.off("warning", onWarning);
    expect(warnings.map(String)).toEqual([]);
  });
});

function afterSteps(steps: number, step: (callback: () => void) => unknown, action: () => void): void {
  if (steps === 0) action();
  else step(() => afterSteps(steps - 1, step, action));
}

/** The sockets of this process, servers' included, and its timers. */
function openResources(): { sockets: number; timers: number } {
  const resources = process.getActiveResourcesInfo();
  const isSocket = (name: string): boolean => /^(UDP|TCP)/i.test(name);
  return { sockets: resources.filter(isSocket).length, timers: count(resources, "Timeout") };
}

function count(list: readonly string[], item: string): number {
  return list.filter((other) => other === item).length;
}
