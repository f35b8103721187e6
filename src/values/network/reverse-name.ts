import { parseIpAddress } from "./ip-address.ts";

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
