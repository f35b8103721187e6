/** Six pairs of hexadecimal digits, three groups of four, two of six, or twelve in a row; one separator throughout. */
const NOTATIONS = [
  /^[0-9a-f]{2}([:.-]?)[0-9a-f]{2}(?:\1[0-9a-f]{2}){4}$/i,
  /^[0-9a-f]{4}([:.-])[0-9a-f]{4}\1[0-9a-f]{4}$/i,
  /^[0-9a-f]{6}[:-][0-9a-f]{6}$/i,
];

/** The form in which MAC addresses compare: twelve lower-case hexadecimal digits. Null when the text is none. */
export function canonicalMac(text: string): string | null {
  const written = text.trim();
  if (!NOTATIONS.some((notation) => notation.test(written))) return null;
  return written.toLowerCase().replaceAll(/[:.-]/g, "");
}

/**
 * What keeps a canonical address from being that of one adapter; null when nothing does. The lowest bit of the first
 * byte distinguishes groups from single adapters (IEEE 802-2014, 8.2.2).
 */
export function whyNoAdapter(mac: string): string | null {
  if (mac === "f".repeat(12)) return "the broadcast address";
  if (mac === "0".repeat(12)) return "the empty address";
  return Number.parseInt(mac.slice(0, 2), 16) % 2 === 1 ? "a multicast address" : null;
}
