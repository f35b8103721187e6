import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { beforeAll, describe, expect, it } from "vitest";
import type { NtpAnswer, NtpReason } from "../../src/engine/api/question.ts";
import type { NtpPacket } from "../../src/probe/ntp/ntp-packet.ts";
import { queryNtp } from "../../src/probe/ntp/ntp.ts";
import {
  boundSocket,
  closedUdpPort,
  healthyReply,
  type NtpRequest,
  refid,
  startNtpResponder,
} from "../probe/servers/ntp-responder.ts";
import { describeReal, freePort, start, workFolder } from "./real-server.ts";

/** How far off its reference clock a server may be, ms: as `time/ntp-synchronised` and chronyd's maxdistance have it. */
const ROOT_DISTANCE_MS = 3000;

type Respond = (request: NtpRequest) => void;
const answer = (changes: Partial<NtpPacket> = {}, clock_ms = 0): Respond => {
  return ({ packet, send }) => send(healthyReply(packet, changes, clock_ms));
};
const spoofed = ({ packet }: NtpRequest): NtpPacket => {
  return healthyReply(packet, { origin: { seconds: 1, fraction: 1 } }, -3_600_000);
};

/** Servers that chronyd takes its time from. */
const USABLE: [name: string, respond: Respond, clock_ms?: number][] = [
  ["is right", answer()],
  ["is ten seconds ahead", answer({}, 10_000), 10_000],
  ["is half a second behind", answer({}, -500), -500],
  ["is an hour ahead", answer({}, 3_600_000), 3_600_000],
  ["answers in version 3", answer({ version: 3 })],
  ["is of stratum 1", answer({ stratum: 1, refid: refid("GPS") })],
  ["is of stratum 15", answer({ stratum: 15 })],
  ["announces a leap second", answer({ leap: 1 })],
  ["is 2.5 s off its reference clock", answer({ root_delay_ms: 1000, root_dispersion_ms: 2000 })],
  [
    "answers twice",
    (request) => {
      answer()(request);
      answer()(request);
    },
  ],
  [
    "is overtaken by a spoofed reply",
    (request) => {
      request.send(spoofed(request));
      answer()(request);
    },
  ],
  [
    "sends rubbish first",
    (request) => {
      request.send(new Uint8Array(20));
      request.send(request.bytes);
      answer()(request);
    },
  ],
];

/** A difference in time that no server of these tests has and no exchange on loopback causes. */
const AGREED_MS = 250;

/** Servers that chronyd takes no time from, and why. */
const UNUSABLE: [name: string, respond: Respond, reason: NtpReason][] = [
  ["is of stratum 16", answer({ stratum: 16 }), "unsynchronised"],
  ["sets the alarm at stratum 1", answer({ leap: 3, stratum: 1 }), "unsynchronised"],
  ["sets the alarm at stratum 2", answer({ leap: 3 }), "unsynchronised"],
  ["was never synchronised", answer({ leap: 3, stratum: 0, refid: 0 }), "unsynchronised"],
  ["has just begun", answer({ leap: 3, stratum: 0, refid: refid("INIT") }), "unsynchronised"],
  ["sends RATE", answer({ leap: 3, stratum: 0, refid: refid("RATE") }), "kiss-of-death"],
  ["sends DENY", answer({ leap: 3, stratum: 0, refid: refid("DENY") }), "kiss-of-death"],
  ["sends RSTR", answer({ leap: 3, stratum: 0, refid: refid("RSTR") }), "kiss-of-death"],
  ["answers somebody else", (request) => request.send(spoofed(request)), "bad-reply"],
  ["has no transmit timestamp", answer({ transmit: { seconds: 0, fraction: 0 } }), "bad-reply"],
  ["sends requests back", (request) => request.send(request.bytes), "bad-reply"],
  ["sends 20 octets", (request) => request.send(new Uint8Array(20).fill(0x24)), "bad-reply"],
  ["sends 48 octets of noise", (request) => request.send(new Uint8Array(48).fill(0xa7)), "bad-reply"],
  ["broadcasts", answer({ mode: 5 }), "bad-reply"],
  ["is 5 s off its reference clock", answer({ root_delay_ms: 4000, root_dispersion_ms: 3000 }), "ok"],
  ["is silent", () => undefined, "no-reply"],
];

describeReal("chronyd agrees with us", ["chronyd"], ([chronyd = ""]) => {
  const folder = workFolder();
  let count = 0;

  /** The result of `chronyd -Q` for a server: the clock's offset from this machine's in ms, null if it gets none. */
  async function truth(port: number, patience_s: number): Promise<number | null> {
    const own = join(folder, `client${++count}`);
    // One sample, like this program takes; the clock of this machine is not changed (-Q).
    const args = ["-Q", "-t", String(patience_s), "-u", "root", "-f", "/dev/null", "cmdport 0", "bindcmdaddress /"];
    const server = `server 127.0.0.1 port ${port} iburst minpoll -4 maxpoll -4 maxsamples 1`;
    const child = spawn(chronyd, [...args, `pidfile ${own}.pid`, server], { stdio: ["ignore", "pipe", "pipe"] });
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
    const wrong = /System clock wrong by (-?[\d.]+) seconds/.exec(out + err)?.[1];
    if (wrong === undefined) expect(out + err).toMatch(/No suitable source|Timeout reached|chronyd exiting/);
    return wrong === undefined ? null : Number(wrong) * 1000;
  }

  /**
   * Of a server that it takes its time from, and that is so far off as far as we know. A busy machine may spoil the one
   * sample of a try: chronyd then rejects it, or is off by the time that the machine was busy.
   */
  async function believed(port: number, expected_ms: number): Promise<number> {
    for (let tries = 1; ; tries++) {
      const wrong_ms = await truth(port, 20);
      const isSpoilt = wrong_ms === null || Math.abs(wrong_ms - expected_ms) >= AGREED_MS;
      if (wrong_ms !== null && (!isSpoilt || tries === 5)) return wrong_ms;
      expect(tries).toBeLessThan(5);
    }
  }

  const query = (port: number, timeout_ms: number): Promise<NtpAnswer> =>
    queryNtp(
      { kind: "ntp", address: "127.0.0.1", port },
      { from: "local", timeout_ms, tries: 2, signal: new AbortController().signal },
    );

  function isUsable({ reason, reply }: NtpAnswer): boolean {
    if (reason !== "ok" || reply === null) return false;
    return reply.root_delay_ms / 2 + reply.root_dispersion_ms <= ROOT_DISTANCE_MS;
  }

  describe("about a server that", () => {
    it.each(USABLE)("%s", async (_name, respond, clock_ms = 0) => {
      const { port } = await startNtpResponder(respond);
      const ours = await query(port, 20_000);
      expect(isUsable(ours)).toBe(true);
      const theirs = await believed(port, clock_ms);
      // The responder shares our clock: both may be off by what the machine was busy with.
      const bound_ms = (ours.reply?.delay_ms ?? NaN) / 2 + 1;
      expect(Math.abs((ours.reply?.offset_ms ?? NaN) - clock_ms)).toBeLessThanOrEqual(bound_ms);
      expect(Math.abs(theirs - clock_ms)).toBeLessThan(AGREED_MS);
    });

    it("lives in 2036 already", async () => {
      const clock_ms = Date.parse("2036-03-01T00:00:00Z") - Date.now();
      const { port } = await startNtpResponder(answer({}, clock_ms));
      expect(((await query(port, 20_000)).reply?.offset_ms ?? NaN) / clock_ms).toBeCloseTo(1, 6);
      expect((await believed(port, clock_ms)) / clock_ms).toBeCloseTo(1, 6);
    });

    it.concurrent.each(UNUSABLE)("%s", async (_name, respond, reason) => {
      const { port } = await startNtpResponder(respond);
      const ours = await query(port, reason === "bad-reply" || reason === "no-reply" ? 300 : 20_000);
      expect(ours.reason).toBe(reason);
      expect(isUsable(ours)).toBe(false);
      expect(await truth(port, 2)).toBeNull();
    });

    it("answers from another port", async () => {
      const other = await boundSocket();
      const { port } = await startNtpResponder(({ packet, send }) => send(healthyReply(packet), other));
      expect((await query(port, 300)).reason).toBe("no-reply");
      expect(await truth(port, 2)).toBeNull();
    });

    it("is not there", async () => {
      const port = await closedUdpPort();
      expect((await query(port, 20_000)).reason).toBe("port-unreachable");
      expect(await truth(port, 2)).toBeNull();
    });
  });

  describe("about a chronyd", () => {
    const ports = { reference: 0, second: 0, lost: 0 };

    async function serve(name: string, lines: readonly string[], ready: RegExp): Promise<number> {
      const port = await freePort();
      const config = join(folder, `${name}.conf`);
      const own = [`port ${port}`, "bindaddress 127.0.0.1", "cmdport 0", `pidfile ${join(folder, `${name}.pid`)}`];
      writeFileSync(config, [...own, "bindcmdaddress /", "allow 127.0.0.0/8", ...lines, ""].join("\n"));
      await start(chronyd, ["-d", "-x", "-u", "root", "-f", config], ready);
      return port;
    }

    beforeAll(async () => {
      const begun = /Disabled control of system clock/;
      ports.reference = await serve("reference", ["local stratum 1"], begun);
      ports.lost = await serve("lost", [], begun);
      const above = `server 127.0.0.1 port ${ports.reference} iburst minpoll -4 maxpoll -4`;
      ports.second = await serve("second", [above], /Selected source/);
    }, 60_000);

    it.each([
      ["that is its own reference", "reference", 1],
      ["that takes its time from another", "second", 2],
    ] as const)("%s", async (_name, which, stratum) => {
      const ours = await query(ports[which], 20_000);
      expect(ours).toMatchObject({ reason: "ok", reply: { leap: 0, stratum, kiss_code: null } });
      // They share the clock of this machine.
      const theirs = await believed(ports[which], 0);
      expect(Math.abs(theirs)).toBeLessThan(AGREED_MS);
      expect(Math.abs(ours.reply?.offset_ms ?? NaN)).toBeLessThanOrEqual((ours.reply?.delay_ms ?? NaN) / 2 + 1);
    });

    it("that was never synchronised", async () => {
      expect(await query(ports.lost, 20_000)).toMatchObject({
        reason: "unsynchronised",
        reply: { stratum: 0, leap: 3 },
      });
      expect(await truth(ports.lost, 2)).toBeNull();
    });
  });
});
