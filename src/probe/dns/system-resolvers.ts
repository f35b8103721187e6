import { getServers } from "node:dns";

import { parseEndpoint } from "../../values/network/endpoint.ts";

const DNS_PORT = 53;

/**
 * The DNS servers configured in the operating system, without duplicates, in their order, as `10.0.0.1` or
 * `[::1]:5353`. No server is contacted. Addresses that preflight's own client cannot use, such as link-local ones
 * (`fe80::1%eth0`), are omitted.
 */
export function systemResolvers(): readonly string[] {
  return [...new Set(getServers())].filter((server) => parseEndpoint(server, DNS_PORT)?.isAddress === true);
}
