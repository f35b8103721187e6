const NOT_ASCII = /[^\0-\x7f]/;
/** Names that already are in canonical form, as most are; hundreds of thousands of names are compared. */
const IS_CANONICAL = /^[a-z0-9_.-]*[a-z0-9_-]$/;

/**
 * The form in which names compare: lower case, no trailing dot, no surrounding blanks, vSphere's escapes decoded, and
 * composed characters (Unicode NFC), as the same `ø` or `é` may be written in several ways.
 */
export function canonicalName(name: string): string {
  if (IS_CANONICAL.test(name)) return name;
  const plain = decodeName(name).trim().toLowerCase().replace(/\.$/, "");
  return NOT_ASCII.test(plain) ? plain.normalize("NFC") : plain;
}

/** vSphere's API writes `/`, `\` and `%` in names as `%2f`, `%5c` and `%25` (ManagedEntity.name); its client decodes them. */
export function decodeName(name: string): string {
  if (!name.includes("%")) return name;
  return name.replaceAll(/%(2f|5c|25)/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

/** Whether the text is a valid DNS name: labels of 1–63 letters, digits, hyphens, underscores; at most 253 in all. */
export function isHostName(text: string): boolean {
  const name = canonicalName(text);
  if (name.length === 0 || name.length > 253) return false;
  return name
    .split(".")
    .every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label) && isALabelOrPlain(label));
}

/**
 * False for a label that begins with `xn--` and is not the ASCII form of an internationalized name (RFC 5890): no DNS
 * server has such a name, and browsers and certificates refuse it.
 */
export function isALabelOrPlain(label: string): boolean {
  return !/^xn--/i.test(label) || URL.canParse(`https://${label}.example/`);
}
