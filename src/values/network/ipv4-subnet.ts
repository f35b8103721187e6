import type { IpAddress } from "./ip-address.ts";

const BITS = 32;
const ALL = (1n << 32n) - 1n;

/** An IPv4 subnet: its first address as a number, and its prefix length. */
export interface Ipv4Subnet {
  readonly network: bigint;
  readonly prefix: number;
}

/** A network interface of a machine: its IPv4 address and its subnet. */
export interface Ipv4Interface {
  readonly address: IpAddress;
  readonly subnet: Ipv4Subnet;
}

/** The prefix length, 0 to 32, of a network mask; null if its one bits are not contiguous. */
export function prefixOfMask(mask: IpAddress): number | null {
  if (mask.version !== 4) return null;
  const prefix = MASKS.indexOf(mask.value);
  return prefix < 0 ? null : prefix;
}

/** The subnet of that prefix length that contains the address. */
export function subnetOf(address: IpAddress, prefix: number): Ipv4Subnet {
  return { network: address.value & maskOf(prefix), prefix };
}

/** Whether the subnet contains the address. */
export function contains(subnet: Ipv4Subnet, address: IpAddress): boolean {
  return address.version === 4 && (address.value & maskOf(subnet.prefix)) === subnet.network;
}

/** Whether the subnets have addresses in common: one then contains the other. */
export function overlap(a: Ipv4Subnet, b: Ipv4Subnet): boolean {
  const mask = maskOf(Math.min(a.prefix, b.prefix));
  return (a.network & mask) === (b.network & mask);
}

/**
 * Whether the address is the subnet's network address or its broadcast address, neither of which a node can have. A /31
 * link has neither (RFC 3021), nor does a /32.
 */
export function edgeOf(subnet: Ipv4Subnet, address: IpAddress): "network" | "broadcast" | null {
  if (subnet.prefix >= BITS - 1) return null;
  if (address.value === subnet.network) return "network";
  return address.value === (subnet.network | (ALL ^ maskOf(subnet.prefix))) ? "broadcast" : null;
}

/** `10.44.10.0/24` */
export function subnetText({ network, prefix }: Ipv4Subnet): string {
  return `${[24n, 16n, 8n, 0n].map((shift) => (network >> shift) & 255n).join(".")}/${prefix}`;
}

const MASKS: readonly bigint[] = Array.from({ length: BITS + 1 }, (_, prefix) => (ALL << BigInt(BITS - prefix)) & ALL);

function maskOf(prefix: number): bigint {
  return MASKS[prefix] ?? ALL;
}
