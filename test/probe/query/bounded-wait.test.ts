import { getEventListeners } from "node:events";
import { expect, it, vi } from "vitest";

import { boundedWait } from "../../../src/probe/query/bounded-wait.ts";
import type { WaitLimits } from "../../../src/probe/query/bounded-wait.ts";
import { boundSocket } from "../servers/ntp-responder.ts";

function limits(changes: Partial<WaitLimits<string>> = {}): WaitLimits<string> {
  const signal = new AbortController().signal;
  return { timeout_ms: 20_000, signal, timedOut: () => "timeout", aborted: () => "aborted", ...changes };
}

it("ends when the work does, and releases once", async () => {
  const release = vi.fn();
  const wait = boundedWait(limits(), ({ end }) => {
    setImmediate(() => {
      end("first");
      end("second");
    });
    return release;
  });
  await expect(wait).resolves.toBe("first");
  expect(release).toHaveBeenCalledTimes(1);
});

it("releases what had not been started yet when it ended", async () => {
  const release = vi.fn();
  const wait = boundedWait(limits(), ({ end }) => {
    end("at once");
    return release;
  });
  await expect(wait).resolves.toBe("at once");
  expect(release).toHaveBeenCalledTimes(1);
});

it("starts nothing when the signal has been given", async () => {
  const start = vi.fn();
  await expect(boundedWait(limits({ signal: AbortSignal.abort() }), start)).resolves.toBe("aborted");
  expect(start).not.toHaveBeenCalled();
});

it("ends on the signal, and takes its listener away", async () => {
  const controller = new AbortController();
  const release = vi.fn();
  const wait = boundedWait(limits({ signal: controller.signal }), () => release);
  controller.abort();
  await expect(wait).resolves.toBe("aborted");
  expect(release).toHaveBeenCalledTimes(1);
  expect(getEventListeners(controller.signal, "abort")).toHaveLength(0);
});

it("rejects with what the work throws or fails with", async () => {
  const bug = new Error("bug");
  await expect(
    boundedWait(limits(), () => {
      throw bug;
    }),
  ).rejects.toBe(bug);
  const release = vi.fn();
  const failing = boundedWait(limits(), ({ fail }) => {
    setImmediate(fail, bug);
    return release;
  });
  await expect(failing).rejects.toBe(bug);
  expect(release).toHaveBeenCalledTimes(1);
});

it("waits with any large timeout", async () => {
  const wait = boundedWait(limits({ timeout_ms: Number.POSITIVE_INFINITY }), ({ end }) => {
    setTimeout(end, 20, "work");
    return () => undefined;
  });
  await expect(wait).resolves.toBe("work");
});

it("reads what has arrived before it times out", async () => {
  const receiver = await boundSocket();
  const sender = await boundSocket();
  // After an immediate, Node processes its timers before its sockets.
  await new Promise((resolve) => setImmediate(resolve));
  const wait = boundedWait(limits({ timeout_ms: 1 }), ({ end }) => {
    receiver.on("message", () => end("arrived"));
    // It is in the receiver's buffer when the timer is due, because this process was busy for longer than that.
    sender.send("x", receiver.address().port, "127.0.0.1");
    const until = performance.now() + 20;
    while (performance.now() < until);
    return () => undefined;
  });
  await expect(wait).resolves.toBe("arrived");
});
