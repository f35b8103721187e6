import type { ExcerptLine } from "../../schema/report.generated.ts";
import type { TextLocation } from "../../values/location.ts";
import { terminal } from "../text/escape.ts";
import { painter } from "../text/paint.ts";
import type { LineLookup } from "./excerpt-lines.ts";
import { LINES_AFTER, LINES_BEFORE } from "./excerpts.ts";
import { fitEnd, fitStart, textWidth } from "../text/text-width.ts";

export interface FrameOptions {
  readonly color: boolean;
  /** Columns of the terminal; 80 if not given. */
  readonly width?: number;
}

const TAB_STOP = 4;

/**
 * The lines around a location, with numbers, and carets under the range; empty if the report does not have the line.
 * Parts of a long line that the report does not have are shown as omitted.
 */
export function codeFrame(lineAt: LineLookup, location: TextLocation, options: FrameOptions): string[] {
  const { path, line: place, column } = location;
  if (lineAt(path, place, column) === null) return [];
  const paint = painter(options.color);
  const known = Array.from({ length: LINES_BEFORE + 1 + LINES_AFTER }, (_, index) => place - LINES_BEFORE + index)
    .map((number) => lineAt(path, number, number === place ? column : 1))
    .filter((line) => line !== null);
  const digits = String(known.at(-1)?.line ?? place).length;
  const room = Math.max(10, (options.width ?? 80) - digits - 5);
  const gutter = (label: number | string) => paint(`${String(label).padStart(digits)} |`, "dim");
  const row = (head: string, text: string) => (text === "" ? head : `${head} ${text}`);
  const frame: string[] = [];
  for (const piece of known) {
    if (piece.line === place) {
      const { text, offset, length } = cutAround(piece, rangeOn(piece, location), room);
      frame.push(row(`${paint(">", "red", "bold")} ${gutter(place)}`, text));
      frame.push(`  ${gutter("")} ${" ".repeat(offset)}${paint("^".repeat(length), "red", "bold")}`);
    } else {
      const shown = piece.column === 1 ? visible(piece.text.slice(0, room + 1), 0) : "";
      frame.push(row(`  ${gutter(piece.line)}`, cutEnd(shown, room, piece.length > room + 1)));
    }
  }
  return frame;
}

/** The part of a piece of a line that the location covers, as UTF-16 offsets into it that split no character. */
function rangeOn({ text, column }: ExcerptLine, location: TextLocation): { start: number; end: number } {
  const inPiece = (wanted: number) => {
    const clamped = Math.min(Math.max(wanted - column, 0), text.length);
    return /^[\ud800-\udbff][\udc00-\udfff]/.test(text.slice(clamped - 1, clamped + 1)) ? clamped - 1 : clamped;
  };
  const start = inPiece(location.column);
  const end = location.end_line > location.line ? text.length : inPiece(location.end_column);
  return { start, end: Math.max(start, end) };
}

/**
 * A line as shown: whole if it fits, else the part around the range. `offset` and `length` give the position of the
 * carets.
 */
function cutAround({ text, column, length }: ExcerptLine, range: { start: number; end: number }, room: number) {
  const before = visible(text.slice(0, range.start), 0);
  const marked = visible(text.slice(range.start, range.end), textWidth(before));
  const after = visible(text.slice(range.end), textWidth(before) + textWidth(marked));
  const isWhole = text.length === length;
  if (isWhole && textWidth(before + marked + after) <= room) {
    return { text: (before + marked + after).trimEnd(), offset: textWidth(before), length: textWidth(marked) || 1 };
  }
  const keepsStart = column === 1 && textWidth(before) + Math.min(textWidth(marked), room / 2) < room - 1;
  const head = keepsStart ? before : `…${fitEnd(before, Math.floor(room / 3))}`;
  const offset = textWidth(head);
  const tail = cutEnd(marked + after, room - offset, column - 1 + text.length < length);
  return { text: head + tail, offset, length: Math.max(1, Math.min(textWidth(marked), textWidth(tail))) };
}

/** The start of a text that fits, with `…` if something is omitted. */
function cutEnd(text: string, room: number, hasMore: boolean): string {
  if (!hasMore && textWidth(text) <= room) return text.trimEnd();
  return `${fitStart(text, room - 1)}…`;
}

/** Raw text for display: tabs expanded to their stops, everything else escaped for terminals. */
function visible(raw: string, column: number): string {
  let shown = "";
  for (const [index, piece] of raw.split("\t").entries()) {
    if (index > 0) shown += " ".repeat(TAB_STOP - ((column + textWidth(shown)) % TAB_STOP));
    shown += terminal(piece);
  }
  return shown;
}
