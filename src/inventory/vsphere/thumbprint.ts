/**
 * A fingerprint of a certificate as people write it: 40 hex digits of SHA-1 or 64 of SHA-256, with or without colons, in
 * any case. In the form of Node (`AB:CD:…`); null when it is none.
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
 * The fingerprints that a file of known hosts has for a server: lines of `host:port FINGERPRINT`, as
 * `govc about.cert -k -thumbprint` prints them.
 */
export function knownThumbprints(text: string, host: string, port: number): readonly string[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const [name = "", print = ""] = line.trim().split(/\s+/);
    const names = [`${host}:${port}`, `[${host}]:${port}`, ...(port === 443 ? [host] : [])];
    return names.includes(name.toLowerCase()) ? (parseThumbprint(print) ?? []) : [];
  });
}
