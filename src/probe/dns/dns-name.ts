/** RFC 1035 section 2.3.4: a label has at most 63 octets, a name at most 255 with its length octets. */
const MAX_LABEL = 63;
const MAX_NAME = 255;

/**
 * The canonical text form of a name: lower case (ASCII letters only, RFC 4343 section 3), no final dot, "." for the
 * root. Octets other than visible ASCII are written as \DDD, and a dot or backslash inside a label is escaped (RFC 1035
 * section 5.1), so that different names have different texts and no control character leaves this module.
 */
export function nameFromLabels(labels: readonly Uint8Array[]): string {
  return labels.length === 0 ? "." : labels.map(labelText).join(".");
}

/** The canonical form of a name in text, or null when it cannot be part of a DNS message. */
export function dnsName(text: string): string | null {
  const labels = labelsOf(text);
  return labels === null ? null : nameFromLabels(labels);
}

/** The labels of a name in text (escapes decoded, other characters as UTF-8), or null when one is empty or too long. */
export function labelsOf(text: string): Buffer[] | null {
  if (text === ".") return [];
  const labels: Buffer[] = [];
  let label: Buffer[] = [];
  let end = 0;
  for (const match of text.matchAll(/\\([0-9]{3})|\\([^0-9])|(\.)|[^\\.]+/gsu)) {
    const [token, decimal, escaped, dot] = match;
    if (match.index !== end) return null;
    end += token.length;
    if (dot !== undefined) {
      labels.push(Buffer.concat(label));
      label = [];
    } else if (decimal !== undefined) {
      if (Number(decimal) > 255) return null;
      label.push(Buffer.of(Number(decimal)));
    } else {
      label.push(Buffer.from(escaped ?? token));
    }
  }
  if (end !== text.length) return null;
  if (label.length > 0) labels.push(Buffer.concat(label));
  const length = labels.reduce((sum, { byteLength }) => sum + 1 + byteLength, 1);
  const fits = labels.every(({ byteLength }) => byteLength > 0 && byteLength <= MAX_LABEL);
  return fits && labels.length > 0 && length <= MAX_NAME ? labels : null;
}

/** Whether a canonical name is the zone itself or is below it. */
export function isWithin(name: string, zone: string): boolean {
  const inner = labelTexts(name);
  const outer = labelTexts(zone);
  return outer.length <= inner.length && inner.slice(inner.length - outer.length).join(".") === outer.join(".");
}

/** The labels of a canonical name, still escaped; none for the root. */
export function labelTexts(name: string): readonly string[] {
  return name.match(/(?:\\.|[^\\.])+/gs) ?? [];
}

function labelText(label: Uint8Array): string {
  let text = "";
  for (const octet of label) {
    const char = String.fromCharCode(octet);
    if (char === "." || char === "\\") text += `\\${char}`;
    else if (octet > 0x20 && octet < 0x7f) text += char.toLowerCase();
    else text += `\\${octet.toString().padStart(3, "0")}`;
  }
  return text;
}
