import { whyNoHostAddress } from "./address-use.ts";
import { parseIpAddress } from "./ip-address.ts";

/** Addresses, and a port (null: all ports), that live checks may contact in addition to the default targets. */
export interface AllowedTargets {
  readonly version: 4 | 6;
  /** The first address as a number. */
  readonly network: bigint;
  readonly prefix: number;
  readonly port: number | null;
}

/** The ports of DNS, NTP, HTTPS and SIP TLS: what the rules of this program query and probe. */
const USUAL_PORTS: readonly number[] = [53, 123, 443, 5061];

/** The instance metadata address of Amazon EC2 for IPv6; other clouds use link-local addresses. */
const METADATA_V6 = "fd00:ec2::254";

/**
 * Reads `CIDR` or `CIDR:PORT`: `127.0.0.0/8`, `10.44.0.5/32:8443`, `::1/128`, `[::1]/128:53`. Without a prefix it is one
 * address. Null for anything else.
 */
export function parseAllowedTargets(text: string): AllowedTargets | null {
  const match = /^(?:\[([^\]]+)\]|([0-9.]+))(?:\/(\d{1,3}))?(?::(\d{1,5}))?$/.exec(text);
  const bare = match === null ? /^([0-9A-Fa-f:.]+)(?:\/(\d{1,3}))?$/.exec(text) : null;
  const address = parseIpAddress(match?.[1] ?? match?.[2] ?? bare?.[1] ?? "");
  // Brackets are for IPv6 alone (RFC 3986 section 3.2.2).
  if (address === null || (match?.[1] !== undefined && address.version === 4)) return null;
  const bits = address.version === 4 ? 32 : 128;
  const prefix = Number(match?.[3] ?? bare?.[2] ?? bits);
  const port = match?.[4] === undefined ? null : Number(match[4]);
  if (prefix > bits || (port !== null && (port < 1 || port > 65535))) return null;
  const rest = BigInt(bits - prefix);
  return { version: address.version, network: (address.value >> rest) << rest, prefix, port };
}

/** The syntax of `parseAllowedTargets`, for messages. */
export const ALLOWED_TARGETS_HINT = "write CIDR or CIDR:PORT, such as 10.44.0.0/16, 10.44.0.5/32:8443 or [::1]/128:53";

/**
 * Why a connection is going to be refused, with the option that allows it, as `not contacted: …; allow it with …`; null for
 * one that is made. The addresses of a name are not known yet, so that only its port counts.
 */
export function refusalOf(target: string, port: number, allowed: readonly AllowedTargets[]): string | null {
  const isName = parseIpAddress(target) === null && !target.includes("%");
  const denial = isName ? whyNotThisPort(port, allowed) : whyNotProbed(target, port, allowed);
  if (denial === null) return null;
  const option = isName
    ? `CIDR:${port}, CIDR being a range with the addresses of ${target}`
    : allowedTargetText(target, port);
  return `not contacted: ${denial}; allow it with --allow-probe ${option}`;
}

/** Why a port may not be contacted at any address. */
function whyNotThisPort(port: number, allowed: readonly AllowedTargets[]): string | null {
  const isAllowed = allowed.some(({ port: only }) => (only ?? port) === port);
  return isAllowed ? null : whyUnusual(port);
}

function whyUnusual(port: number): string | null {
  return USUAL_PORTS.includes(port) ? null : `port ${port} is not one of ${USUAL_PORTS.join(", ")}`;
}

/** One address and port in the syntax of `parseAllowedTargets`. */
export function allowedTargetText(address: string, port: number): string {
  return `${address.includes(":") ? `[${address}]/128` : `${address}/32`}:${port}`;
}

/**
 * Why a target may not be contacted, reads after "not contacted:"; null when it may. The deployment file chooses hosts and
 * ports, and names lead to any address: neither may lead a run to services of this machine, of its link or of its cloud.
 */
export function whyNotProbed(address: string, port: number, allowed: readonly AllowedTargets[]): string | null {
  const parsed = parseIpAddress(address);
  // Text that is no address is contacted by no probe; an address with a zone belongs to one link (RFC 4007), and
  // sockets accept it.
  if (parsed === null) return address.includes("%") ? `${address} is a link-local address` : null;
  const isAllowed = allowed.some(({ version, network, prefix, port: only }) => {
    const rest = BigInt((version === 4 ? 32 : 128) - prefix);
    return version === parsed.version && network >> rest === parsed.value >> rest && (only ?? port) === port;
  });
  if (isAllowed) return null;
  if (parsed.canonical === METADATA_V6) return `${parsed.canonical} is the metadata address of a cloud`;
  const use = whyNoHostAddress(parsed);
  if (use !== null) return `${parsed.canonical} is ${use}`;
  return whyUnusual(port);
}
