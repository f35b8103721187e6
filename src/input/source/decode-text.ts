import { isUtf8 } from "node:buffer";
import { PreflightError } from "../../values/preflight-error.ts";
import { locatorOf } from "./text-lines.ts";

/** The first bytes of UTF-32 and UTF-16: a byte order mark, or the NULs around an ASCII character. */
const WIDE_ENCODINGS = [
  ["UTF-32", /^(?:ff fe 00 00|00 00 fe ff|00 00 00 (?!00)..|(?!00).. 00 00 00)/],
  ["UTF-16", /^(?:ff fe|fe ff|00 (?!00)..|(?!00).. 00)/],
] as const;

/** Characters that YAML 1.2 section 5.1 does not define as printable; none of them belongs in a text file. */
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff]/;

/**
 * The text of UTF-8 bytes, a byte order mark included. Throws a `PreflightError` for another encoding, and for control
 * characters, each with its location.
 */
export function decodeText(bytes: Buffer, path: string): string {
  const start = bytes
    .subarray(0, 4)
    .toString("hex")
    .replace(/..(?=.)/g, "$& ");
  const wide = WIDE_ENCODINGS.find(([, pattern]) => pattern.test(start));
  if (wide !== undefined) {
    const hint = "Save it as UTF-8. In PowerShell 5, > writes UTF-16: use | Out-File -Encoding utf8.";
    const location = { path, line: 1, column: 1, end_line: 1, end_column: 1 };
    throw new PreflightError("not-utf8", `The file is encoded as ${wide[0]}; it must be UTF-8.`, location, hint);
  }
  if (!isUtf8(bytes)) {
    const valid = bytes.subarray(0, validLength(bytes)).toString("utf8");
    const location = locatorOf(path, withoutMark(valid))(withoutMark(valid).length);
    const hint = "Save it as UTF-8; check that it is a text file.";
    throw new PreflightError(
      "not-utf8",
      "The file is not UTF-8: this byte is not part of a character.",
      location,
      hint,
    );
  }
  const text = bytes.toString("utf8");
  const control = CONTROL.exec(text);
  if (control !== null) {
    const location = locatorOf(path, withoutMark(text))(control.index - (text.length - withoutMark(text).length));
    const hint = "Remove it; check that it is a text file.";
    throw new PreflightError(
      "control-character",
      `The file contains a control character (U+${hexadecimal(control[0])}).`,
      location,
      hint,
    );
  }
  return text;
}

/**
 * The same text with an escape (`\uFFFE`) for every character that `decodeText` rejects. Only for text in which such
 * characters occur inside JSON strings or double-quoted YAML scalars.
 */
export function escapeControlCharacters(text: string): string {
  return text.replace(new RegExp(CONTROL, "g"), (character) => `\\u${hexadecimal(character)}`);
}

/** Whether `decodeText` rejects a character of the text. */
export function hasControlCharacter(text: string): boolean {
  return CONTROL.test(text);
}

/** U+FFFE as `FFFE`. */
function hexadecimal(character: string): string {
  return character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
}

/** The number of leading bytes that are complete UTF-8 characters (Unicode, table 3-7). */
function validLength(bytes: Buffer): number {
  let low = 0;
  let high = bytes.length;
  // The longest prefix is found by halving; one that ends inside a character is evaluated without its last, cut bytes.
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (isUtf8(bytes.subarray(0, wholeCharacters(bytes, middle)))) low = middle;
    else high = middle - 1;
  }
  return wholeCharacters(bytes, low);
}

function wholeCharacters(bytes: Buffer, length: number): number {
  for (let back = 1; back <= Math.min(3, length); back++) {
    const byte = bytes[length - back] ?? 0;
    if (byte < 0x80) break;
    if (byte < 0xc0) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return back < needed ? length - back : length;
  }
  return length;
}

function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/, "");
}
