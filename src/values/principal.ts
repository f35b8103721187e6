/** A user or group: `VSPHERE.LOCAL\svc-pexip`, `svc-pexip@vsphere.local`, `root`. */
interface Principal {
  readonly name: string;
  /** Null when none is written. */
  readonly domain: string | null;
}

/**
 * Whether two texts name one user or group. Case does not matter, and `DOMAIN\name` is `name@domain`. A domain's short name
 * is its first label (`CORP` for corp.example.com); a name without a domain is that name in any domain.
 */
export function samePrincipal(one: string, other: string): boolean {
  const [a, b] = [parsePrincipal(one), parsePrincipal(other)];
  return a.name === b.name && (a.domain === null || b.domain === null || sameDomain(a.domain, b.domain));
}

function parsePrincipal(text: string): Principal {
  const plain = text.trim().toLowerCase();
  const backslash = plain.indexOf("\\");
  if (backslash !== -1) return { name: plain.slice(backslash + 1), domain: plain.slice(0, backslash) };
  const at = plain.lastIndexOf("@");
  return at === -1 ? { name: plain, domain: null } : { name: plain.slice(0, at), domain: plain.slice(at + 1) };
}

function sameDomain(a: string, b: string): boolean {
  return a === b || (a.startsWith(`${b}.`) && !b.includes(".")) || (b.startsWith(`${a}.`) && !a.includes("."));
}
