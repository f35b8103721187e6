/**
 * A fingerprint of a certificate as entered by people: 40 hex digits of SHA-1 or 64 of SHA-256, with or without colons,
 * in any case. In Node's notation (`AB:CD:…`); null if it is invalid.
 */
export function parseThumbprint(text: string): string | null {
  const digits = text
    .trim()
    .replace(/^sha-?(1|256)[:= ]/i, "")
    .replaceAll(/[:\s-]/g, "")
    .toUpperCase();
  if (!/^(?:[0-9A-F]{40}|[0-9A-F]{64})$/.test(digits)) return null;
  return digits.match(/../g)?.join(":") ?? null;
}

/**
 * The fingerprints for a server in a file of known hosts: lines of `host:port FINGERPRINT`, as printed by `govc
 * about.cert -k -thumbprint`.
 */
export function knownThumbprints(text: string, host: string, port: number): readonly string[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const [name = "", print = ""] = line.trim().split(/\s+/);
    const names = [`${host}:${port}`, `[${host}]:${port}`, ...(port === 443 ? [host] : [])];
    return names.includes(name.toLowerCase()) ? (parseThumbprint(print) ?? []) : [];
  });
}
