import { getEventListeners } from "node:events";
import { networkInterfaces } from "node:os";
import { describe, expect, it } from "vitest";

import type { NtpAnswer } from "../../../src/engine/api/question.ts";
import { encodeNtpPacket } from "../../../src/probe/ntp/ntp-packet.ts";
import type { NtpPacket } from "../../../src/probe/ntp/ntp-packet.ts";
import { queryNtp } from "../../../src/probe/ntp/ntp.ts";
import type { NtpOptions } from "../../../src/probe/ntp/ntp.ts";
import { boundSocket, closedUdpPort, healthyReply, refid, startNtpResponder } from "../servers/ntp-responder.ts";
import type { NtpRequest } from "../servers/ntp-responder.ts";

/** Long enough never to matter if a reply is sent; tests that wait for a timeout set a short one. */
const PATIENT: NtpOptions = { from: "here", timeout_ms: 20_000, tries: 2, signal: new AbortController().signal };
const IMPATIENT: NtpOptions = { ...PATIENT, timeout_ms: 500 };

async function query(respond: (request: NtpRequest) => void, options = PATIENT): Promise<NtpAnswer> {
  const { address, port } = await startNtpResponder(respond);
  return queryNtp({ kind: "ntp", address, port }, options);
}

const reply = (changes: Partial<NtpPacket> = {}, clock_ms = 0) => {
  return (request: NtpRequest): void => request.send(healthyReply(request.packet, changes, clock_ms));
};

describe("a server that answers", () => {
  it("is decoded", async () => {
    const answer = await query(reply());
    expect(answer).toMatchObject({
      kind: "ntp",
      status: "answered",
      reason: "ok",
      bogus: 0,
      from: "here",
      attempts: [{ transport: "udp", result: "ok" }],
      reply: {
        leap: 0,
        version: 4,
        stratum: 2,
        precision: -23,
        root_delay_ms: 15.625,
        root_dispersion_ms: 31.25,
        refid: "192.0.2.1",
        kiss_code: null,
      },
    });
    expect(new Date(answer.started_at).toISOString()).toBe(answer.started_at);
    // The responder shares our clock, so the truth is zero, and the doubt is half the delay and a millisecond's tick.
    expect(Math.abs(answer.reply?.offset_ms ?? NaN)).toBeLessThanOrEqual((answer.reply?.delay_ms ?? NaN) / 2 + 1);
  });

  it.each([
    ["ten seconds ahead", 10_000],
    ["half a second behind", -500],
    ["an hour ahead", 3_600_000],
    ["in the next era", Date.parse("2036-03-01T00:00:00Z") - Date.now()],
  ])("with a clock %s", async (_name, clock_ms) => {
    const { reply: measured } = await query(reply({}, clock_ms));
    const error = Math.abs((measured?.offset_ms ?? NaN) - clock_ms);
    expect(error).toBeLessThanOrEqual((measured?.delay_ms ?? NaN) / 2 + 1);
  });

  it.each<[string, Partial<NtpPacket>, Partial<NtpAnswer>]>([
    ["never synchronised, like chronyd", { leap: 3, stratum: 0, refid: 0 }, { reason: "unsynchronised" }],
    ["kiss-of-death RATE", { leap: 3, stratum: 0, refid: refid("RATE") }, { reason: "kiss-of-death" }],
    ["kiss-of-death DENY", { leap: 3, stratum: 0, refid: refid("DENY") }, { reason: "kiss-of-death" }],
    ["stratum 16", { stratum: 16 }, { reason: "unsynchronised" }],
    ["leap 3 at stratum 1", { leap: 3, stratum: 1 }, { reason: "unsynchronised" }],
    ["version 3", { version: 3 }, { reason: "ok" }],
    ["stratum 15", { stratum: 15 }, { reason: "ok" }],
  ])("with %s", async (_name, changes, expected) => {
    expect(await query(reply(changes))).toMatchObject({ status: "answered", ...expected, attempts: [{}] });
  });

  it("with a root distance of five seconds, which rules evaluate", async () => {
    const answer = await query(reply({ root_delay_ms: 4000, root_dispersion_ms: 3000 }));
    expect(answer).toMatchObject({ reason: "ok", reply: { root_delay_ms: 4000, root_dispersion_ms: 3000 } });
  });

  it("with a message authentication code after the packet", async () => {
    const answer = await query((request) => {
      request.send(Buffer.concat([encodeNtpPacket(healthyReply(request.packet)), Buffer.alloc(20, 7)]));
    });
    expect(answer).toMatchObject({ status: "answered", reason: "ok", bogus: 0 });
  });

  it("twice is taken at its first word", async () => {
    const answer = await query((request) => {
      request.send(healthyReply(request.packet));
      request.send(healthyReply(request.packet, { stratum: 9 }));
    });
    expect(answer).toMatchObject({ reason: "ok", bogus: 0, reply: { stratum: 2 } });
  });

  it("at the second request, because the first was lost", async () => {
    const respond = (request: NtpRequest): void => {
      if (request.number > 1) request.send(healthyReply(request.packet));
    };
    const { port, requests } = await startNtpResponder(respond);
    const answer = await queryNtp({ kind: "ntp", address: "127.0.0.1", port }, { ...PATIENT, timeout_ms: 1000 });
    expect(answer).toMatchObject({ reason: "ok", attempts: [{ result: "no-reply" }, { result: "ok" }] });
    // Fresh secrets for every try.
    expect(requests[0]?.transmit).not.toEqual(requests[1]?.transmit);
  });

  // Only on Linux is 127.0.0.2 an address of the loopback interface.
  it.runIf(process.platform === "linux")("sees the address that the system picked for the way to it", async () => {
    const clients: string[] = [];
    const respond = (request: NtpRequest): void => {
      clients.push(request.client);
      request.send(healthyReply(request.packet));
    };
    const { address, port } = await startNtpResponder(respond, "127.0.0.2");
    expect(await queryNtp({ kind: "ntp", address, port }, PATIENT)).toMatchObject({ reason: "ok" });
    expect(clients).toEqual(["127.0.0.1"]);
  });

  it.runIf(hasIpv6Loopback())("over IPv6", async () => {
    const { address, port } = await startNtpResponder((request) => request.send(healthyReply(request.packet)), "::1");
    expect(await queryNtp({ kind: "ntp", address, port }, PATIENT)).toMatchObject({ reason: "ok" });
  });
});

describe("what is not the reply to our request", () => {
  const spoofed = (request: NtpRequest): NtpPacket =>
    healthyReply(request.packet, { origin: { seconds: 1, fraction: 1 } }, -3_600_000);

  it("is ignored, and the right reply still counts", async () => {
    const answer = await query((request) => {
      request.send(spoofed(request));
      request.send(request.bytes);
      request.send(healthyReply(request.packet));
    });
    expect(answer).toMatchObject({ reason: "ok", bogus: 2, attempts: [{ result: "ok; 2 ignored" }] });
    expect(Math.abs(answer.reply?.offset_ms ?? NaN)).toBeLessThan(1_000_000);
  });

  it.each<[string, (request: NtpRequest) => void]>([
    ["a wrong origin", (request) => request.send(spoofed(request))],
    ["20 octets", (request) => request.send(new Uint8Array(20).fill(0x24))],
    ["an empty datagram", (request) => request.send(new Uint8Array(0))],
    ["48 octets of noise", (request) => request.send(new Uint8Array(48).fill(0xa7))],
    ["our own request", (request) => request.send(request.bytes)],
    ["a broadcast (mode 5)", reply({ mode: 5 })],
    ["a control message (mode 6)", reply({ mode: 6 })],
    ["the reply of a peer (mode 2)", reply({ mode: 2 })],
    ["an origin of zero", reply({ origin: { seconds: 0, fraction: 0 } })],
    ["a datagram of 65,000 octets of noise", (request) => request.send(new Uint8Array(65_000).fill(0xa7))],
    ["no transmit timestamp", reply({ transmit: { seconds: 0, fraction: 0 } })],
    ["a time before the request arrived", reply({ receive: { seconds: 0, fraction: 0 } })],
  ])("%s alone is a bad reply, and not asked again", async (_name, respond) => {
    const { port, requests } = await startNtpResponder(respond);
    const answer = await queryNtp({ kind: "ntp", address: "127.0.0.1", port }, IMPATIENT);
    expect(answer).toMatchObject({ status: "no-answer", reason: "bad-reply", reply: null, bogus: 1 });
    expect(requests).toHaveLength(1);
  });

  it("never arrives from another port", async () => {
    const other = await boundSocket();
    const answer = await query((request) => request.send(healthyReply(request.packet), other), IMPATIENT);
    expect(answer).toMatchObject({ status: "no-answer", reason: "no-reply", bogus: 0 });
  });

  // Only on Linux is 127.0.0.2 an address of the loopback interface.
  it.runIf(process.platform === "linux")("never arrives from another address", async () => {
    const other = await boundSocket("127.0.0.2");
    const answer = await query((request) => request.send(healthyReply(request.packet), other), IMPATIENT);
    expect(answer).toMatchObject({ status: "no-answer", reason: "no-reply", bogus: 0 });
  });
});

describe("a server that does not answer", () => {
  it("is queried twice, and no more", async () => {
    const { port, requests } = await startNtpResponder(() => undefined);
    const answer = await queryNtp({ kind: "ntp", address: "127.0.0.1", port }, IMPATIENT);
    expect(answer).toMatchObject({
      status: "no-answer",
      reason: "no-reply",
      reply: null,
      attempts: [{ result: "no-reply" }, { result: "no-reply" }],
    });
    expect(requests).toHaveLength(2);
  });

  it("because its port is closed, is detected at once", async () => {
    const port = await closedUdpPort();
    const answer = await queryNtp({ kind: "ntp", address: "127.0.0.1", port }, PATIENT);
    expect(answer).toMatchObject({
      status: "no-answer",
      reason: "port-unreachable",
      attempts: [{ result: "port-unreachable (ECONNREFUSED)" }],
    });
  });

  it("because this machine cannot send there, was not queried", async () => {
    // A socket without the broadcast option must not send to this address; nothing leaves the machine.
    const answer = await queryNtp({ kind: "ntp", address: "255.255.255.255", port: 123 }, PATIENT);
    expect(answer).toMatchObject({ status: "not-asked", reason: "own-network-error", attempts: [{}] });
  });

  it("because its name was never resolved, was not queried", async () => {
    const answer = await queryNtp({ kind: "ntp", address: "ntp1.vc.example.com", port: 123 }, PATIENT);
    expect(answer).toMatchObject({ status: "not-asked", reason: "name-not-resolved", attempts: [] });
  });
});

describe("an abort", () => {
  it("before the query sends nothing", async () => {
    const { port, requests } = await startNtpResponder(() => undefined);
    const answer = await queryNtp(
      { kind: "ntp", address: "127.0.0.1", port },
      { ...PATIENT, signal: AbortSignal.abort() },
    );
    expect(answer).toMatchObject({ status: "not-asked", reason: "aborted", attempts: [] });
    expect(requests).toHaveLength(0);
  });

  it("while waiting ends the wait and leaves no listener", async () => {
    const controller = new AbortController();
    const answer = await query(() => controller.abort(), { ...PATIENT, signal: controller.signal });
    expect(answer).toMatchObject({ status: "not-asked", reason: "aborted" });
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(0);
  });
});

it("rejects for an error of the caller", async () => {
  await expect(queryNtp({ kind: "ntp", address: "127.0.0.1", port: 70_000 }, PATIENT)).rejects.toThrow(RangeError);
});

it("sends a request of 48 octets in version 4", async () => {
  const { port, requests } = await startNtpResponder((request) => request.send(healthyReply(request.packet)));
  await queryNtp({ kind: "ntp", address: "127.0.0.1", port }, PATIENT);
  const [request] = requests;
  if (request === undefined) throw new Error("nothing was sent");
  expect(request).toMatchObject({ version: 4, mode: 3, stratum: 0 });
  expect(encodeNtpPacket(request)).toHaveLength(48);
});

function hasIpv6Loopback(): boolean {
  return Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === "::1"));
}
