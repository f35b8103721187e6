import type { Fix } from "../../src/engine/api/rule.ts";
import { parseIpAddress } from "../../src/values/network/ip-address.ts";
import { prefixOfMask } from "../../src/values/network/ipv4-subnet.ts";

/**
 * One entry for each of several servers that are written as one, as the installation wizard takes them; null where a part
 * is not a server.
 */
export function splitEntry(written: string, isServer: (part: string) => boolean): Fix | null {
  const parts = written.split(/[\s,;]+/).filter((part) => part !== "");
  const [first, ...others] = [...new Set(parts)];
  return first !== undefined && others.length > 0 && parts.every(isServer) ? { entries: [first, ...others] } : null;
}

/** The address of `address/length` where the length is that of the network mask; null for everything else. */
export function withoutPrefixLength(written: unknown, mask: string | undefined): Fix | null {
  const [, address = "", length = ""] = /^([^/]+)\/([0-9]{1,2})$/.exec(String(written)) ?? [];
  const parsed = mask === undefined ? null : parseIpAddress(mask);
  const isSame = parsed !== null && prefixOfMask(parsed) === Number(length);
  return isSame && parseIpAddress(address)?.version === 4 ? { value: address } : null;
}
