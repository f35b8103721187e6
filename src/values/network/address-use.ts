import { type IpAddress, parseIpAddress } from "./ip-address.ts";

/** A block of addresses with common leading bits, and its use. */
export interface Block {
  readonly version: 4 | 6;
  /** The bits that they share, as a number. */
  readonly start: bigint;
  /** How many bits follow. */
  readonly rest: bigint;
  readonly use: string;
}

/** Blocks of addresses, written as `192.0.2.0/24`. Throws a RangeError for any other text. */
export function blocks(rows: readonly (readonly [cidr: string, use: string])[]): readonly Block[] {
  return rows.map(([cidr, use]) => {
    const [text = "", prefix] = cidr.split("/");
    const first = parseIpAddress(text);
    if (first === null) throw new RangeError(`${cidr} is not a block of addresses`);
    const rest = BigInt((first.version === 4 ? 32 : 128) - Number(prefix));
    return { version: first.version, start: first.value >> rest, rest, use };
  });
}

// IANA IPv4 Special-Purpose Address Registry; without the documentation blocks (RFC 5737), which examples and labs use.
const NO_HOST_V4 = blocks([
  ["0.0.0.0/8", "an address in 0.0.0.0/8 (RFC 1122)"],
  ["127.0.0.0/8", "a loopback address (RFC 1122)"],
  ["169.254.0.0/16", "a link-local address (RFC 3927)"],
  ["224.0.0.0/4", "a multicast address (RFC 5771)"],
  ["240.0.0.0/4", "a reserved or broadcast address (RFC 1112, RFC 919)"],
]);

const PRIVATE_V4 = blocks([
  ["10.0.0.0/8", "a private address (RFC 1918)"],
  ["172.16.0.0/12", "a private address (RFC 1918)"],
  ["192.168.0.0/16", "a private address (RFC 1918)"],
  ["100.64.0.0/10", "a shared address of carriers (RFC 6598)"],
]);

const NOT_PUBLIC_V4 = [...PRIVATE_V4, ...NO_HOST_V4];

// IANA IPv6 Address Space Registry: otherwise only 2000::/3 and fc00::/7 are assigned to hosts.
const NO_HOST_V6 = blocks([
  ["::/128", "the unspecified address (RFC 4291)"],
  ["::1/128", "the loopback address (RFC 4291)"],
  ["::ffff:0:0/96", "an IPv4 address in IPv6 form (RFC 4291)"],
  ["fe80::/10", "a link-local address (RFC 4291)"],
  ["fec0::/10", "a site-local address, deprecated by RFC 3879"],
  ["ff00::/8", "a multicast address (RFC 4291)"],
]);
const HOST_V6 = blocks([
  ["2000::/3", "a global unicast address (RFC 4291)"],
  ["fc00::/7", "a unique local address (RFC 4193)"],
]);
const LINK_LOCAL_V6 = blocks([["fe80::/10", "a link-local address (RFC 4291)"]]);

/** Why a node cannot have this address, to follow "is"; null for a unicast address that a node can have. */
export function whyNoHostAddress(address: IpAddress): string | null {
  if (address.version === 4) return useOf(address, NO_HOST_V4);
  if (HOST_V6.some((block) => isIn(address, block))) return null;
  return useOf(address, NO_HOST_V6) ?? "outside the blocks of global and local unicast addresses (2000::/3, fc00::/7)";
}

/** Why this IPv4 address cannot be reached from outside, to follow "is"; null if it can be public. */
export function whyNotPublic(address: IpAddress): string | null {
  return useOf(address, NOT_PUBLIC_V4);
}

/** Whether an IPv6 address is link-local: valid for a router on the same link (RFC 4861), and for nothing else. */
export function isLinkLocal(address: IpAddress): boolean {
  return LINK_LOCAL_V6.some((block) => isIn(address, block));
}

/** The use of the first block that contains the address, or null. */
export function useOf(address: IpAddress, all: readonly Block[]): string | null {
  return all.find((block) => isIn(address, block))?.use ?? null;
}

function isIn({ version, value }: IpAddress, block: Block): boolean {
  return version === block.version && value >> block.rest === block.start;
}
