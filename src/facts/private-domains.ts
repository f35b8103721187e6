import { canonicalName } from "../values/network/host-name.ts";

// RFC 6762 (local, and in appendix G intranet, internal, corp, home, lan) and RFC 8375 (home.arpa): names that no public
// DNS server resolves.
const PRIVATE_SUFFIXES = ["local", "lan", "internal", "corp", "home", "intranet", "home.arpa"];

/** Whether a domain is private by its form: a single label, or under a suffix that the public DNS does not have. */
export function isPrivateDomain(domain: string): boolean {
  const name = canonicalName(domain);
  return !name.includes(".") || PRIVATE_SUFFIXES.some((suffix) => name === suffix || name.endsWith(`.${suffix}`));
}
