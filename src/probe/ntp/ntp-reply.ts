import type { NtpReply } from "../../engine/api/question.ts";
import { isUnknown, ntpDifferenceMs, ntpTimestamp, sameTimestamp } from "./ntp-packet.ts";
import type { NtpPacket, NtpTimestamp } from "./ntp-packet.ts";

/** The client's data of its exchange. */
export interface NtpExchangeTimes {
  /** The random transmit timestamp of the request. */
  readonly sent: NtpTimestamp;
  /** T1 by this machine's clock, ms since 1970. */
  readonly sent_at_ms: number;
  /** T4 - T1 by the monotonic clock, so that a step of the system clock in between does not matter. */
  readonly elapsed_ms: number;
}

export interface ValidatedNtpReply {
  readonly reason: "ok" | "kiss-of-death" | "unsynchronised";
  readonly reply: NtpReply;
}

/** Mode 4 of RFC 5905 figure 10. */
const SERVER_MODE = 4;
/** A server repeats the version of the request; older ones send 3. */
const VERSIONS: readonly number[] = [3, 4];
/** 16 means unsynchronized, more is reserved (RFC 5905 figure 11). */
const UNSYNCHRONISED_STRATUM = 16;
/**
 * Maximum contradiction between the two timestamps of a server and the duration of the exchange: coarse clocks tick
 * every 16 ms.
 */
const TOLERANCE_MS = 100;

/**
 * Evaluates one datagram: the reply to the request, or null when it is not (RFC 4330 section 5 checks 1 to 4, RFC 5905
 * section 8). Check 4 of RFC 4330 has LI = 0, the healthy value, but means LI = 3; LI = 3 is a finding here, not a
 * reason to ignore the reply.
 */
export function validateNtpReply(packet: NtpPacket, times: NtpExchangeTimes): ValidatedNtpReply | null {
  if (packet.mode !== SERVER_MODE || !VERSIONS.includes(packet.version)) return null;
  if (!sameTimestamp(packet.origin, times.sent) || isUnknown(packet.transmit)) return null;

  const kissCode = packet.stratum === 0 ? asciiName(packet.refid) : null;
  const clock = measure(packet, times);
  const reply = (measured: ClockDifference | null): NtpReply => ({
    leap: packet.leap,
    version: packet.version,
    stratum: packet.stratum,
    precision: packet.precision,
    root_delay_ms: rounded(packet.root_delay_ms),
    root_dispersion_ms: rounded(packet.root_dispersion_ms),
    refid: refidText(packet),
    kiss_code: kissCode,
    offset_ms: measured?.offset_ms ?? null,
    delay_ms: measured?.delay_ms ?? null,
  });

  if (kissCode !== null) {
    return { reason: isRefusal(kissCode) ? "kiss-of-death" : "unsynchronised", reply: reply(null) };
  }
  // Stratum 0 without a code means 16 (RFC 5905 section 7.3); chronyd sends it until it is synchronized.
  if (packet.leap === 3 || packet.stratum === 0 || packet.stratum >= UNSYNCHRONISED_STRATUM) {
    return { reason: "unsynchronised", reply: reply(clock) };
  }
  return clock === null ? null : { reason: "ok", reply: reply(clock) };
}

interface ClockDifference {
  readonly offset_ms: number;
  readonly delay_ms: number;
}

/**
 * Offset and delay of RFC 5905 section 8: ((T2 - T1) + (T3 - T4)) / 2 and (T4 - T1) - (T3 - T2). Null when the server
 * claims to have sent before it received, or to have held the request for longer than the exchange took: such numbers
 * would increase the delay, and with it the tolerance in the server's favor, without limit.
 */
function measure(packet: NtpPacket, { sent_at_ms, elapsed_ms }: NtpExchangeTimes): ClockDifference | null {
  const t1 = ntpTimestamp(sent_at_ms);
  const held_ms = ntpDifferenceMs(packet.transmit, packet.receive);
  if (held_ms < -TOLERANCE_MS || held_ms > elapsed_ms + TOLERANCE_MS) return null;
  const ahead_ms = ntpDifferenceMs(packet.receive, t1);
  const behind_ms = ntpDifferenceMs(packet.transmit, t1) - elapsed_ms;
  return {
    offset_ms: rounded((ahead_ms + behind_ms) / 2),
    delay_ms: rounded(Math.max(0, elapsed_ms - held_ms)),
  };
}

/**
 * Whether a kiss code rejects the client. INIT and STEP say that the server has no time yet; codes that start with X
 * are experimental and must be ignored (RFC 5905 section 7.4, figure 13). Those leave a server at stratum 0.
 */
function isRefusal(code: string): boolean {
  return code !== "INIT" && code !== "STEP" && !code.startsWith("X");
}

/**
 * The reference ID by stratum (RFC 5905 section 7.3): a kiss code, the name of a clock, or the address of the upstream
 * server. For a server that is synchronized over IPv6 the last is a hash that only looks like an address.
 */
function refidText({ stratum, refid }: NtpPacket): string {
  const octets = octetsOf(refid);
  if (stratum > 1) return octets.join(".");
  const text = octets.slice(0, octets.findLastIndex((octet) => octet !== 0) + 1);
  return text.map(printable).join("");
}

/** One to four printable ASCII characters, padded with zeros; null for anything else. */
function asciiName(refid: number): string | null {
  const text = String.fromCharCode(...octetsOf(refid)).replace(/\0+$/, "");
  return /^[\x21-\x7e]{1,4}$/.test(text) ? text : null;
}

function octetsOf(refid: number): readonly number[] {
  return [refid >>> 24, (refid >>> 16) & 255, (refid >>> 8) & 255, refid & 255];
}

/** A printable ASCII character as itself, every other octet as `\xHH`. */
function printable(octet: number): string {
  const plain = octet >= 0x20 && octet <= 0x7e && octet !== 0x5c;
  return plain ? String.fromCharCode(octet) : `\\x${octet.toString(16).padStart(2, "0")}`;
}

/** To the microsecond; more digits would be noise. Never -0, which JSON cannot represent. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000 + 0;
}
