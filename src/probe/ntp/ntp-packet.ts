/** An NTP timestamp (RFC 5905 section 6): seconds since 1900 modulo 2^32, and a fraction in units of 2^-32 s. */
export interface NtpTimestamp {
  readonly seconds: number;
  readonly fraction: number;
}

/** The header of a packet (RFC 5905 section 7.3, figure 8); extension fields and MAC are not kept. */
export interface NtpPacket {
  readonly leap: 0 | 1 | 2 | 3;
  /** 0–7. */
  readonly version: number;
  /** 0–7; 3 is client, 4 is server. */
  readonly mode: number;
  /** 0–255. */
  readonly stratum: number;
  /** log2 seconds, signed. */
  readonly poll: number;
  /** log2 seconds, signed. */
  readonly precision: number;
  /** Signed here, as in NTP version 3 (RFC 1305 section 3.2.1); multiples of 2^-16 s. */
  readonly root_delay_ms: number;
  readonly root_dispersion_ms: number;
  /** Four octets as one number; their meaning depends on the stratum. */
  readonly refid: number;
  readonly reference: NtpTimestamp;
  readonly origin: NtpTimestamp;
  readonly receive: NtpTimestamp;
  readonly transmit: NtpTimestamp;
}

/** Octets of the header; shorter datagrams are not NTP. */
const NTP_HEADER_LENGTH = 48;

const ZERO: NtpTimestamp = { seconds: 0, fraction: 0 };
/** 2^32: the length of an era in seconds, and of a second in units of the fraction. */
const WRAP = 2 ** 32;
/** NTP short format: 16 bits of seconds, 16 of fraction. */
const SHORT_UNITS_PER_MS = 65.536;
/** 1900-01-01 to 1970-01-01 (RFC 5905 figure 4). */
const UNIX_EPOCH_SECONDS = 2_208_988_800;

/** Reads the header, or null when the datagram is too short. Any other sequence of octets is a packet. */
export function decodeNtpPacket(bytes: Uint8Array): NtpPacket | null {
  if (bytes.byteLength < NTP_HEADER_LENGTH) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const first = view.getUint8(0);
  return {
    leap: leapOf(first >> 6),
    version: (first >> 3) & 7,
    mode: first & 7,
    stratum: view.getUint8(1),
    poll: view.getInt8(2),
    precision: view.getInt8(3),
    root_delay_ms: view.getInt32(4) / SHORT_UNITS_PER_MS,
    root_dispersion_ms: view.getUint32(8) / SHORT_UNITS_PER_MS,
    refid: view.getUint32(12),
    reference: readTimestamp(view, 16),
    origin: readTimestamp(view, 24),
    receive: readTimestamp(view, 32),
    transmit: readTimestamp(view, 40),
  };
}

/** Writes a header of 48 octets. */
export function encodeNtpPacket(packet: NtpPacket): Uint8Array {
  const bytes = new Uint8Array(NTP_HEADER_LENGTH);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, (packet.leap << 6) | ((packet.version & 7) << 3) | (packet.mode & 7));
  view.setUint8(1, packet.stratum);
  view.setInt8(2, packet.poll);
  view.setInt8(3, packet.precision);
  view.setInt32(4, Math.round(packet.root_delay_ms * SHORT_UNITS_PER_MS));
  view.setUint32(8, Math.round(packet.root_dispersion_ms * SHORT_UNITS_PER_MS));
  view.setUint32(12, packet.refid);
  writeTimestamp(view, 16, packet.reference);
  writeTimestamp(view, 24, packet.origin);
  writeTimestamp(view, 32, packet.receive);
  writeTimestamp(view, 40, packet.transmit);
  return bytes;
}

/**
 * A client request: version 4, mode 3, and only the transmit timestamp. Servers only echo that one, so it is a random
 * number: it does not reveal this machine's clock, and a forged reply would have to guess it.
 */
export function ntpRequest(transmit: NtpTimestamp): NtpPacket {
  return {
    leap: 0,
    version: 4,
    mode: 3,
    stratum: 0,
    poll: 0,
    precision: 0,
    root_delay_ms: 0,
    root_dispersion_ms: 0,
    refid: 0,
    reference: ZERO,
    origin: ZERO,
    receive: ZERO,
    transmit,
  };
}

/** The timestamp of a moment, in milliseconds since 1970; correct in every era. */
export function ntpTimestamp(unix_ms: number): NtpTimestamp {
  const seconds = Math.floor(unix_ms / 1000);
  const fraction = Math.floor(((unix_ms - seconds * 1000) / 1000) * WRAP);
  return { seconds: modulo(seconds + UNIX_EPOCH_SECONDS), fraction: Math.min(fraction, WRAP - 1) };
}

/**
 * `a - b` in milliseconds. The seconds are subtracted as signed 32-bit numbers, so that the result is correct across
 * the change of era in 2036 as long as the two are less than 68 years apart (RFC 4330 section 3, RFC 5905 section 6).
 */
export function ntpDifferenceMs(a: NtpTimestamp, b: NtpTimestamp): number {
  const seconds = (a.seconds - b.seconds) | 0;
  return seconds * 1000 + ((a.fraction - b.fraction) / WRAP) * 1000;
}

export function sameTimestamp(a: NtpTimestamp, b: NtpTimestamp): boolean {
  return a.seconds === b.seconds && a.fraction === b.fraction;
}

/** Zero means "unknown" (RFC 5905 section 6) in every era. */
export function isUnknown(timestamp: NtpTimestamp): boolean {
  return sameTimestamp(timestamp, ZERO);
}

function readTimestamp(view: DataView, offset: number): NtpTimestamp {
  return { seconds: view.getUint32(offset), fraction: view.getUint32(offset + 4) };
}

function writeTimestamp(view: DataView, offset: number, timestamp: NtpTimestamp): void {
  view.setUint32(offset, timestamp.seconds);
  view.setUint32(offset + 4, timestamp.fraction);
}

function leapOf(bits: number): 0 | 1 | 2 | 3 {
  return bits === 0 || bits === 1 || bits === 2 ? bits : 3;
}

function modulo(seconds: number): number {
  return ((seconds % WRAP) + WRAP) % WRAP;
}
