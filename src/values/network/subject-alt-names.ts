import { canonicalName } from "./host-name.ts";
import { canonicalIp } from "./ip-address.ts";

/** The names of a certificate that count for a TLS server (RFC 9525 section 2): never its common name. */
export interface SubjectAltNames {
  /** dNSName entries, lower case, without the final dot. */
  readonly dns: readonly string[];
  /** iPAddress entries in canonical form. */
  readonly ip: readonly string[];
  /** rfc822Name entries, as they are: they name no server, but a CA can be limited to some (RFC 5280 section 4.2.1.10). */
  readonly email: readonly string[];
}

/**
 * Reads Node's text form of the extension, `DNS:a.example, IP Address:192.0.2.1`. Node writes a value that contains a
 * comma, a quote or a control character as a JSON string, so that such a value cannot pretend to be several.
 */
export function parseSubjectAltNames(text: string | undefined): SubjectAltNames {
  const dns: string[] = [];
  const ip: string[] = [];
  const email: string[] = [];
  for (const [, kind, quoted, plain] of (text ?? "").matchAll(/([^:,"]+):(?:("(?:[^"\\]|\\.)*")|([^,"]*))(?:, |$)/gy)) {
    const value = quoted === undefined ? plain : unquote(quoted);
    if (value === undefined || value === null) continue;
    if (kind === "DNS") dns.push(canonicalName(value));
    if (kind === "email") email.push(value);
    const address = kind === "IP Address" ? canonicalIp(value) : null;
    if (address !== null) ip.push(address);
  }
  return { dns, ip, email };
}

/**
 * Whether the certificate is for the name or address that the user configured. A wildcard matches exactly one whole
 * leftmost label (RFC 9525 section 6.3); an address is compared with iPAddress entries only (section 6.4).
 */
export function namesCover(names: Pick<SubjectAltNames, "dns" | "ip">, reference: string): boolean {
  const address = canonicalIp(reference);
  if (address !== null) return names.ip.includes(address);
  const name = canonicalName(reference);
  const parent = name.slice(name.indexOf(".") + 1);
  const mayBeWildcard = name.indexOf(".") > 0 && parent !== "";
  return names.dns.some((candidate) => candidate === name || (mayBeWildcard && candidate === `*.${parent}`));
}

function unquote(text: string): string | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? value : null;
  } catch {
    return null;
  }
}
