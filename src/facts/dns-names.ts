import { noted } from "./fact-reads.ts";
import { canonicalName } from "../values/network/host-name.ts";
/** The two owner labels of a DNS SRV record, and the port that Pexip Infinity uses for the service. */
export interface SrvService {
  readonly owner: string;
  readonly port: number;
}

/**
 * SRV records by the service names of the deployment file.
 * Source: Pexip Infinity documentation, "DNS record examples"; `_pexapp` is always 443.
 */
export const SRV_SERVICES = {
  sip: [{ owner: "_sip._tcp", port: 5060 }],
  sips: [{ owner: "_sips._tcp", port: 5061 }],
  h323: [
    { owner: "_h323cs._tcp", port: 1720 },
    { owner: "_h323ls._udp", port: 1719 },
  ],
  h323_registration: [{ owner: "_h323rs._udp", port: 1719 }],
  pexapp: [{ owner: "_pexapp._tcp", port: 443 }],
  sip_federation: [{ owner: "_sipfederationtls._tcp", port: 5061 }],
} as const satisfies Readonly<Record<string, readonly SrvService[]>>;

/** A row of that table, noted. */
export function srvService(service: SrvService): SrvService {
  return noted(service, ({ owner, port }) => ({
    ...{ table: "ports of SRV records", key: owner, value: port, confirmed: true },
    source: "Pexip Infinity documentation, DNS record examples",
  }));
}

// RFC 6762 (local, and in appendix G intranet, internal, corp, home, lan) and RFC 8375 (home.arpa): names that no public
// DNS server resolves.
const PRIVATE_SUFFIXES = ["local", "lan", "internal", "corp", "home", "intranet", "home.arpa"];

/** Whether a domain is private by its form: a single label, or under a suffix that does not exist in public DNS. */
export function isPrivateDomain(domain: string): boolean {
  const name = canonicalName(domain);
  const suffix = PRIVATE_SUFFIXES.find((own) => name === own || name.endsWith(`.${own}`));
  return noted(!name.includes(".") || suffix !== undefined, (value) => ({
    ...{ table: "domains that the public DNS does not have", key: suffix ?? name, value, confirmed: true },
    source: "RFC 6762, appendix G; RFC 8375",
  }));
}
