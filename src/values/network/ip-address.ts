/** An IP address as its number, with the one text form by which equal addresses compare equal. */
export interface IpAddress {
  readonly version: 4 | 6;
  readonly value: bigint;
  /** Dotted decimal, or RFC 5952: lower case, longest run of zeros compressed, no zone. */
  readonly canonical: string;
}

/**
 * Reads an address literal. Strict dotted decimal (no leading zeros: their meaning differs between systems, RFC 6943
 * section 3.1.1); IPv6 in any form of RFC 4291 section 2.2. No brackets, zone, port or prefix. Null when it is none.
 */
export function parseIpAddress(text: string): IpAddress | null {
  return text.includes(":") ? parseIpv6(text) : parseIpv4(text);
}

/** The canonical text of an address literal, or null for any other text. */
export function canonicalIp(text: string): string | null {
  return parseIpAddress(text)?.canonical ?? null;
}

const DOT = 46;
const ZERO = 48;
const NINE = 57;

/** Parses by character codes, without substrings: large deployments have hundreds of thousands of addresses. */
function parseIpv4(text: string): IpAddress | null {
  let value = 0;
  let part = 0;
  let digits = 0;
  let dots = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === DOT) {
      if (digits === 0 || dots === 3) return null;
      value = value * 256 + part;
      part = 0;
      digits = 0;
      dots++;
    } else {
      if (code < ZERO || code > NINE || (digits > 0 && part === 0)) return null;
      part = part * 10 + code - ZERO;
      digits++;
      if (part > 255) return null;
    }
  }
  if (dots !== 3 || digits === 0) return null;
  return { version: 4, value: BigInt(value * 256 + part), canonical: text };
}

function parseIpv6(text: string): IpAddress | null {
  const halves = text.split("::");
  if (halves.length > 2) return null;
  // Dotted decimal is allowed only at the end of the address (RFC 4291 section 2.2), so not before a "::".
  const head = groups(halves[0] ?? "", halves.length === 1);
  const tail = halves.length === 2 ? groups(halves[1] ?? "", true) : [];
  if (head === null || tail === null) return null;
  const gap = 8 - head.length - tail.length;
  // "::" represents at least one group (RFC 5952 section 4.2.2 allows reading it as one).
  if (halves.length === 2 ? gap < 1 : gap !== 0) return null;
  const all = [...head, ...Array<number>(gap).fill(0), ...tail];
  const value = all.reduce((sum, group) => sum * 65536n + BigInt(group), 0n);
  return { version: 6, value, canonical: formatIpv6(all) };
}

/** Colon-separated groups; at the end of the address, the last one may be dotted decimal. Null if one is malformed. */
function groups(text: string, atEnd: boolean): number[] | null {
  if (text === "") return [];
  const result: number[] = [];
  const parts = text.split(":");
  for (const [index, part] of parts.entries()) {
    if (atEnd && part.includes(".") && index === parts.length - 1) {
      const v4 = parseIpv4(part);
      if (v4 === null) return null;
      result.push(Number(v4.value >> 16n), Number(v4.value & 0xffffn));
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) {
      result.push(Number.parseInt(part, 16));
    } else {
      return null;
    }
  }
  return result;
}

function formatIpv6(all: readonly number[]): string {
  let best = { start: -1, length: 1 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (start + length < 8 && all[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  const hex = all.map((group) => group.toString(16));
  if (best.start < 0) return hex.join(":");
  return `${hex.slice(0, best.start).join(":")}::${hex.slice(best.start + best.length).join(":")}`;
}

/**
 * The name under which an address has its PTR record: `in-addr.arpa` (RFC 1035 section 3.5) or `ip6.arpa` (RFC 3596
 * section 2.5). Throws a RangeError for a text that is no address.
 */
export function reverseName(address: string): string {
  const parsed = parseIpAddress(address);
  if (parsed === null) throw new RangeError(`${JSON.stringify(address)} is not an IP address`);
  if (parsed.version === 4) return `${parsed.canonical.split(".").reverse().join(".")}.in-addr.arpa`;
  const digits = parsed.value.toString(16).padStart(32, "0");
  return `${Array.from(digits).reverse().join(".")}.ip6.arpa`;
}
