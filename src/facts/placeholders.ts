import { noted } from "./fact-reads.ts";
import { parseIpAddress } from "../values/network/ip-address.ts";
import { blocks, useOf } from "../values/network/address-use.ts";

/** A part of every name that `preflight init` writes. */
const MARK = /replace-me/i;

/** The addresses that `preflight init` writes; a test compares them with its files. */
const STARTER_ADDRESSES: ReadonlySet<string> = new Set([
  "192.0.2.1",
  "192.0.2.10",
  "192.0.2.21",
  "192.0.2.53",
  "192.0.2.54",
]);

/** RFC 5737 (TEST-NET-1 to 3), RFC 3849, RFC 9637. */
const DOCUMENTATION_BLOCKS = blocks(
  ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20"].map((cidr) => [cidr, cidr]),
);

/** What may surround an address in a value: a prefix length, a port, another address. */
const SEPARATORS = /[\s,;/[\]()=]+|:(?=\d{1,5}$)(?<=^[\d.]+:)/;

/** Whether a value is a placeholder that `preflight init` writes. */
export function isPlaceholder(text: string): boolean {
  if (MARK.test(text)) return true;
  // All starter addresses begin so; an inventory has a hundred thousand texts.
  return text.includes("192.0.2.") && addressesIn(text).some((address) => STARTER_ADDRESSES.has(address));
}

/** The documentation block of an address in the value, or null. */
export function documentationBlock(text: string): string | null {
  for (const part of addressesIn(text)) {
    const address = parseIpAddress(part);
    const block = address && useOf(address, DOCUMENTATION_BLOCKS);
    if (block !== null) {
      return noted(block, () => ({
        ...{ table: "address blocks for documentation", key: part, value: block, confirmed: true },
        source: "RFC 5737, RFC 3849, RFC 9637",
      }));
    }
  }
  return null;
}

function addressesIn(text: string): readonly string[] {
  // Most texts of a file are names without a dot or colon between digits.
  return /\d\.\d|[\da-f]:/i.test(text) ? text.split(SEPARATORS).filter((part) => parseIpAddress(part) !== null) : [];
}
