import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";

import { queryNtp } from "../../../src/probe/ntp/ntp.ts";
import type { NtpOptions } from "../../../src/probe/ntp/ntp.ts";
import type { NtpPacket } from "../../../src/probe/ntp/ntp-packet.ts";
import { healthyReply, refid, startNtpResponder } from "../servers/ntp-responder.ts";
import type { NtpRequest } from "../servers/ntp-responder.ts";

/**
 * `ntp-client` of npm is an independent client: for a healthy server the two must agree. It does not validate what it
 * receives, so the second half shows cases in which it is fooled and this program is not.
 */
interface ReferenceClient {
  getNetworkTime(server: string, port: number, callback: (error: unknown, date: Date | null) => void): void;
}
const reference = createRequire(import.meta.url)("ntp-client") as ReferenceClient;

/** The 32 bits of seconds of a timestamp start again after this (RFC 5905 section 6). */
const ERA_MS = 2 ** 32 * 1000;

/** In the era that is nearest to now: the client knows the first one only, which ends in February 2036. */
function referenceTime(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    reference.getNetworkTime("127.0.0.1", port, (error, date) => {
      if (date === null) reject(new Error(String(error)));
      else resolve(date.getTime() + Math.round((Date.now() - date.getTime()) / ERA_MS) * ERA_MS);
    });
  });
}

const OPTIONS: NtpOptions = { from: "here", timeout_ms: 20_000, tries: 1, signal: new AbortController().signal };

describe("on a healthy server", () => {
  it.each([0, -500, 10_000, 3_600_000])("both see a clock that is %i ms off", async (clock_ms) => {
    const { address, port } = await startNtpResponder((request) =>
      request.send(healthyReply(request.packet, {}, clock_ms)),
    );
    const answer = await queryNtp({ kind: "ntp", address, port }, OPTIONS);
    const ours = Date.now() + (answer.reply?.offset_ms ?? NaN);
    const before = performance.now();
    const theirs = await referenceTime(port);
    // Ours is from before their exchange, theirs from within it. Ours is exact to half of its round trip, and the clocks
    // are read in whole milliseconds.
    const elapsed = performance.now() - before;
    const error = (answer.reply?.delay_ms ?? NaN) / 2 + 2;
    expect(theirs - ours).toBeGreaterThanOrEqual(-error);
    expect(theirs - ours).toBeLessThanOrEqual(elapsed + error);
  });
});

describe("the reference accepts any date, this client does not", () => {
  const answer = (changes: Partial<NtpPacket>, clock_ms = 0) => {
    return (request: NtpRequest): void => request.send(healthyReply(request.packet, changes, clock_ms));
  };
  const spoofed: Partial<NtpPacket> = { origin: { seconds: 1, fraction: 1 } };

  it.each<[string, (request: NtpRequest) => void, string]>([
    ["spoofed origin", answer(spoofed, -3_600_000), "bad-reply"],
    ["kiss-of-death", answer({ leap: 3, stratum: 0, refid: refid("DENY") }), "kiss-of-death"],
    ["never synchronised (LI 3)", answer({ leap: 3, stratum: 0, refid: 0 }), "unsynchronised"],
    ["stratum 16", answer({ stratum: 16 }), "unsynchronised"],
    ["our own request sent back", (request) => request.send(request.bytes), "bad-reply"],
    ["20 octets", (request) => request.send(new Uint8Array(20)), "bad-reply"],
  ])("%s", async (_name, respond, reason) => {
    const { address, port } = await startNtpResponder(respond);
    await expect(referenceTime(port)).resolves.toBeTypeOf("number");
    const ours = await queryNtp({ kind: "ntp", address, port }, { ...OPTIONS, timeout_ms: 1000 });
    expect(ours.reason).toBe(reason);
  });

  it("a spoofed reply that comes before the true one", async () => {
    const { address, port } = await startNtpResponder((request) => {
      request.send(healthyReply(request.packet, spoofed, -3_600_000));
      request.send(healthyReply(request.packet));
    });
    expect(Math.abs((await referenceTime(port)) - Date.now())).toBeGreaterThan(3_000_000);
    const ours = await queryNtp({ kind: "ntp", address, port }, OPTIONS);
    expect(ours).toMatchObject({ reason: "ok", bogus: 1 });
    expect(Math.abs(ours.reply?.offset_ms ?? NaN)).toBeLessThan(1_000_000);
  });
});
