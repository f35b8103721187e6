import { canonicalName, isHostName } from "./host-name.ts";
import { parseIpAddress } from "./ip-address.ts";

/** A server: an address or a name, with a port. */
export interface Endpoint {
  /** Canonical address or name. */
  readonly host: string;
  readonly isAddress: boolean;
  readonly port: number;
}

/**
 * Reads `host`, `host:port`, `address`, `address:port` or `[v6]:port`. Null when the host is neither an address nor a
 * name, or the port is not 1–65535.
 */
export function parseEndpoint(text: string, defaultPort: number): Endpoint | null {
  const trimmed = text.trim();
  const bare = parseIpAddress(trimmed);
  if (bare !== null) return { host: bare.canonical, isAddress: true, port: defaultPort };

  const match = /^(?:\[([^\]]*)\]|([^:[\]\s]*))(?::([0-9]{1,5}))?$/.exec(trimmed);
  if (match === null) return null;
  const port = match[3] === undefined ? defaultPort : Number(match[3]);
  if (port < 1 || port > 65535) return null;
  const address = parseIpAddress(match[1] ?? match[2] ?? "");
  // Brackets are for IPv6 alone (RFC 3986 section 3.2.2).
  if (address !== null && (match[1] === undefined || address.version === 6)) {
    return { host: address.canonical, isAddress: true, port };
  }
  const name = match[2];
  if (name === undefined || !isHostName(name) || /^[0-9.]+$/.test(name)) return null;
  return { host: canonicalName(name), isAddress: false, port };
}
