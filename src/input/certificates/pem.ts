/** A block of a PEM text (RFC 7468 section 2). */
export interface PemBlock {
  readonly label: string;
  /** Line of its BEGIN, from 1. */
  readonly line: number;
  /** The text between BEGIN and END; null if the END of this block is missing. */
  readonly body: string | null;
}

/** The blocks of a text in order; any line endings and spaces around lines are accepted. */
export function pemBlocks(text: string): readonly PemBlock[] {
  const blocks: PemBlock[] = [];
  let open: { readonly label: string; readonly line: number; readonly lines: string[] } | null = null;
  for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) {
    const [, kind, label = ""] = /^\s*-----(BEGIN|END) ([^-]+)-----\s*$/.exec(line) ?? [];
    if (kind === "BEGIN") {
      if (open !== null) blocks.push({ label: open.label, line: open.line, body: null });
      open = { label, line: index + 1, lines: [] };
    } else if (open === null) {
      continue;
    } else if (kind === "END") {
      blocks.push({ label: open.label, line: open.line, body: label === open.label ? open.lines.join("\n") : null });
      open = null;
    } else {
      open.lines.push(line);
    }
  }
  if (open !== null) blocks.push({ label: open.label, line: open.line, body: null });
  return blocks;
}

/** The bytes of a block; null if it is not valid base64 (RFC 4648 section 4). */
export function decodeBase64(body: string): Buffer | null {
  const digits = body.replace(/\s+/g, "");
  if (digits === "" || digits.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(digits)) return null;
  return Buffer.from(digits, "base64");
}
