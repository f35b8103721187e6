import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { decodeNtpPacket, ntpTimestamp } from "../../../src/probe/ntp/ntp-packet.ts";
import type { NtpPacket } from "../../../src/probe/ntp/ntp-packet.ts";
import { validateNtpReply } from "../../../src/probe/ntp/ntp-reply.ts";
import type { NtpExchangeTimes } from "../../../src/probe/ntp/ntp-reply.ts";
import { refid } from "../servers/ntp-responder.ts";

const T1 = Date.parse("2026-11-22T12:00:00Z");
const SENT = { seconds: 0x12345678, fraction: 0x9abcdef0 };
const times = (elapsed_ms: number, sent_at_ms = T1): NtpExchangeTimes => ({ sent: SENT, sent_at_ms, elapsed_ms });

/** A healthy reply of a server that received at `t2` and sent at `t3`, ms since 1970. */
function reply(t2: number, t3: number, changes: Partial<NtpPacket> = {}): NtpPacket {
  return {
    leap: 0,
    version: 4,
    mode: 4,
    stratum: 2,
    poll: 6,
    precision: -20,
    root_delay_ms: 12.5,
    root_dispersion_ms: 25,
    refid: 0x0a2c000a,
    reference: ntpTimestamp(t2 - 60_000),
    origin: SENT,
    receive: ntpTimestamp(t2),
    transmit: ntpTimestamp(t3),
    ...changes,
  };
}

describe("offset and delay", () => {
  it.each([
    { name: "an exact clock", t2: 10, t3: 12, elapsed: 22, offset: 0, delay: 20 },
    { name: "a clock that is ten seconds ahead", t2: 10_010, t3: 10_010, elapsed: 20, offset: 10_000, delay: 20 },
    { name: "a clock that is half a second behind", t2: -490, t3: -490, elapsed: 20, offset: -500, delay: 20 },
    { name: "an hour", t2: 3_600_000, t3: 3_600_000, elapsed: 0, offset: 3_600_000, delay: 0 },
    {
      name: "a reply that took 400 ms back: half of it is doubt",
      t2: 0,
      t3: 0,
      elapsed: 400,
      offset: -200,
      delay: 400,
    },
    { name: "a clock that ticks every 16 ms", t2: 0, t3: 16, elapsed: 1, offset: 7.5, delay: 0 },
  ])("of $name", ({ t2, t3, elapsed, offset, delay }) => {
    const evaluated = validateNtpReply(reply(T1 + t2, T1 + t3), times(elapsed));
    expect(evaluated).toMatchObject({ reason: "ok", reply: { offset_ms: offset, delay_ms: delay } });
  });

  it("of a server that lives in 2036 already", () => {
    const later = Date.parse("2036-03-01T00:00:00Z");
    const evaluated = validateNtpReply(reply(later, later), times(0));
    expect(evaluated?.reply.offset_ms).toBe(later - T1);
  });

  it("of an exchange after 2036", () => {
    const now = Date.parse("2040-05-05T05:05:05Z");
    const evaluated = validateNtpReply(reply(now + 250, now + 250), times(0, now));
    expect(evaluated?.reply.offset_ms).toBe(250);
  });

  it.each([
    { name: "sent an hour before it received", t2: 0, t3: -3_600_000 },
    { name: "kept the request for an hour", t2: 0, t3: 3_600_000 },
    { name: "does not contain the time it received", t2: Date.parse("1900-01-01T00:00:00Z") - T1, t3: 0 },
  ])("are not believed when the server $name", ({ t2, t3 }) => {
    expect(validateNtpReply(reply(T1 + t2, T1 + t3), times(20))).toBeNull();
  });
});

describe("the time that a server kept the request", () => {
  it.each([
    { name: "to 99 ms before it received", held: -99, accepted: true },
    { name: "not to 101 ms before", held: -101, accepted: false },
    { name: "to 99 ms longer than the exchange", held: 119, accepted: true },
    { name: "not to 101 ms longer", held: 121, accepted: false },
  ])("may extend $name", ({ held, accepted }) => {
    const evaluated = validateNtpReply(reply(T1, T1 + held), times(20));
    expect(evaluated?.reason).toBe(accepted ? "ok" : undefined);
  });

  it("leaves a delay of zero, not less, and offset and delay to the microsecond", () => {
    const evaluated = validateNtpReply(reply(T1 + 0.25, T1 + 0.5, { root_delay_ms: 1.23456 }), times(1.00049));
    expect(evaluated?.reply).toMatchObject({ offset_ms: -0.125, delay_ms: 0.75, root_delay_ms: 1.235 });
    expect(validateNtpReply(reply(T1, T1 + 50), times(20))?.reply.delay_ms).toBe(0);
  });
});

describe("what is no reply of ours", () => {
  it.each<[string, Partial<NtpPacket>]>([
    ["another origin", { origin: { seconds: SENT.seconds, fraction: SENT.fraction ^ 1 } }],
    ["another second of origin", { origin: { seconds: SENT.seconds ^ 1, fraction: SENT.fraction } }],
    ["no origin", { origin: { seconds: 0, fraction: 0 } }],
    ["a client's packet", { mode: 3 }],
    ["a broadcast", { mode: 5 }],
    ["version 2", { version: 2 }],
    ["version 5", { version: 5 }],
    ["version 7", { version: 7 }],
    ["no transmit timestamp", { transmit: { seconds: 0, fraction: 0 } }],
  ])("%s", (_name, changes) => {
    expect(validateNtpReply(reply(T1, T1, changes), times(1))).toBeNull();
    expect(validateNtpReply(reply(T1, T1), times(1))).not.toBeNull();
  });
});

describe("reasons", () => {
  it.each<[string, Partial<NtpPacket>, string, string | null]>([
    ["stratum 1", { stratum: 1, refid: refid("GPS") }, "ok", null],
    ["stratum 15", { stratum: 15 }, "ok", null],
    ["a leap second ahead", { leap: 1 }, "ok", null],
    ["version 3", { version: 3 }, "ok", null],
    ["stratum 16", { stratum: 16 }, "unsynchronised", null],
    ["stratum 255", { stratum: 255 }, "unsynchronised", null],
    ["alarm at stratum 1", { leap: 3, stratum: 1 }, "unsynchronised", null],
    ["chronyd that was never synchronised", { leap: 3, stratum: 0, refid: 0 }, "unsynchronised", null],
    ["ntpd that has just begun", { leap: 3, stratum: 0, refid: refid("INIT") }, "unsynchronised", "INIT"],
    ["a server that steps its clock", { leap: 3, stratum: 0, refid: refid("STEP") }, "unsynchronised", "STEP"],
    ["an experimental kiss code", { leap: 3, stratum: 0, refid: refid("XFOO") }, "unsynchronised", "XFOO"],
    ["RATE", { leap: 3, stratum: 0, refid: refid("RATE") }, "kiss-of-death", "RATE"],
    ["DENY without alarm", { leap: 0, stratum: 0, refid: refid("DENY") }, "kiss-of-death", "DENY"],
    ["RSTR", { leap: 3, stratum: 0, refid: refid("RSTR") }, "kiss-of-death", "RSTR"],
    ["a code that ends with X", { leap: 0, stratum: 0, refid: refid("DENX") }, "kiss-of-death", "DENX"],
    ["a code of two characters", { leap: 0, stratum: 0, refid: refid("NO") }, "kiss-of-death", "NO"],
    ["a code of the first and last printable ones", { leap: 0, stratum: 0, refid: refid("!~") }, "kiss-of-death", "!~"],
    ["a zero inside a code", { leap: 0, stratum: 0, refid: 0x41004243 }, "unsynchronised", null],
    ["a control character before a code", { leap: 0, stratum: 0, refid: 0x01414243 }, "unsynchronised", null],
    ["a control character after a code", { leap: 0, stratum: 0, refid: 0x41424301 }, "unsynchronised", null],
    ["stratum 0 with an address", { leap: 0, stratum: 0, refid: 0xc0000201 }, "unsynchronised", null],
  ])("%s", (_name, changes, reason, kiss_code) => {
    const evaluated = validateNtpReply(reply(T1, T1, changes), times(0));
    expect(evaluated).toMatchObject({ reason, reply: { kiss_code } });
    expect(evaluated?.reply.offset_ms).toBe(kiss_code === null ? 0 : null);
  });

  it("has no offset for an unsynchronised server that contradicts itself", () => {
    const evaluated = validateNtpReply(reply(0, T1, { leap: 3, stratum: 0, refid: 0 }), times(0));
    expect(evaluated).toMatchObject({ reason: "unsynchronised", reply: { offset_ms: null, delay_ms: null } });
  });
});

describe("the reference id as text", () => {
  it.each([
    ["the name of a clock", 1, refid("GPS"), "GPS"],
    ["a name of four letters", 1, refid("DCFa"), "DCFa"],
    ["a hostile name", 1, 0x1b5b324a, "\\x1b[2J"],
    ["zeros inside", 1, 0x41004200, "A\\x00B"],
    ["a backslash", 1, 0x5c780000, "\\x5cx"],
    ["a space, a tilde, and control characters", 1, 0x207e1f7f, " ~\\x1f\\x7f"],
    ["octets of one digit", 1, 0x01090a0f, "\\x01\\x09\\x0a\\x0f"],
    ["an address", 2, 0xc0000201, "192.0.2.1"],
    ["an address of high numbers", 15, 0xffffffff, "255.255.255.255"],
    ["nothing", 0, 0, ""],
    ["a kiss code", 0, refid("RATE"), "RATE"],
  ])("%s", (_name, stratum, value, text) => {
    expect(validateNtpReply(reply(T1, T1, { stratum, refid: value }), times(0))?.reply.refid).toBe(text);
  });
});

it("evaluates any datagram without a crash, a NaN or an unprintable character", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 48, maxLength: 48 }), fc.boolean(), (bytes, ours) => {
      const packet = decodeNtpPacket(bytes);
      if (packet === null) throw new Error("48 octets are a packet");
      const evaluated = validateNtpReply(ours ? { ...packet, mode: 4, version: 4, origin: SENT } : packet, times(5));
      if (evaluated === null) return;
      expect(evaluated.reply.refid).toMatch(/^[\x20-\x7e]*$/);
      expect(JSON.parse(JSON.stringify(evaluated))).toEqual(evaluated);
    }),
  );
});
