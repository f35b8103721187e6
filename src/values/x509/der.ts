/** One element of a DER encoding (ITU-T X.690 section 8.1): the position of its content in the bytes. */
export interface DerElement {
  readonly tag: number;
  readonly start: number;
  readonly end: number;
}

export const SEQUENCE = 0x30;
export const INTEGER = 0x02;
const OBJECT_IDENTIFIER = 0x06;

/** The element at an offset, or null if there is none before `limit`. Tags of several bytes are not supported. */
export function derElement(bytes: Uint8Array, offset: number, limit = bytes.length): DerElement | null {
  const tag = bytes[offset];
  const first = bytes[offset + 1];
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return null;
  const count = first < 0x80 ? 0 : first & 0x7f;
  if (first === 0x80 || count > 4) return null;
  let length = first < 0x80 ? first : 0;
  for (let index = 0; index < count; index++) length = length * 256 + (bytes[offset + 2 + index] ?? 0);
  const start = offset + 2 + count;
  return start + length > limit ? null : { tag, start, end: start + length };
}

/** The elements inside a constructed one, as far as they can be read; at most `most`. */
export function derChildren(bytes: Uint8Array, parent: DerElement, most: number): readonly DerElement[] {
  const children: DerElement[] = [];
  let offset = parent.start;
  while (children.length < most && offset < parent.end) {
    const child = derElement(bytes, offset, parent.end);
    if (child === null) break;
    children.push(child);
    offset = child.end;
  }
  return children;
}

/** An object identifier in dotted form; null for any other element. */
export function objectIdentifier(bytes: Uint8Array, element: DerElement | undefined): string | null {
  if (element?.tag !== OBJECT_IDENTIFIER) return null;
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of bytes.subarray(element.start, element.end)) {
    arc = arc * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    // The first two arcs share a number (X.690 section 8.19.4).
    if (arcs.length === 0) arcs.push(Math.min(Math.floor(arc / 40), 2), arc - 40 * Math.min(Math.floor(arc / 40), 2));
    else arcs.push(arc);
    arc = 0;
  }
  return arcs.length === 0 ? null : arcs.join(".");
}
