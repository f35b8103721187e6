import type { TextLocation } from "../values/location.ts";
import { terminal } from "./escape.ts";
import { painter } from "./paint.ts";
import { linesOf } from "./source-lines.ts";
import { fitEnd, fitStart, textWidth } from "./text-width.ts";

export interface FrameOptions {
  readonly color: boolean;
  /** Columns of the terminal; 80 when not given. */
  readonly width?: number;
}

const LINES_BEFORE = 2;
const LINES_AFTER = 1;
const TAB_STOP = 4;

/** The lines around a place, with numbers, and carets under the range; empty when the text has no such line. */
export function codeFrame(text: string, location: TextLocation, options: FrameOptions): string {
  return frameOf(linesOf(text), location, options).join("\n");
}

/** The same from lines that are already split, as lines. */
export function frameOf(lines: readonly string[], location: TextLocation, options: FrameOptions): string[] {
  const marked = lines[location.line - 1];
  if (marked === undefined) return [];
  const paint = painter(options.color);
  const first = Math.max(1, location.line - LINES_BEFORE);
  const last = Math.min(lines.length, location.line + LINES_AFTER);
  const digits = String(last).length;
  const room = Math.max(10, (options.width ?? 80) - digits - 5);
  const gutter = (label: number | string) => paint(`${String(label).padStart(digits)} |`, "dim");
  const row = (head: string, text: string) => (text === "" ? head : `${head} ${text}`);
  const frame: string[] = [];
  for (let number = first; number <= last; number++) {
    const raw = lines[number - 1] ?? "";
    if (number === location.line) {
      const { text, offset, length } = cutAround(raw, rangeOn(raw, location), room);
      frame.push(row(`${paint(">", "red", "bold")} ${gutter(number)}`, text));
      frame.push(`  ${gutter("")} ${" ".repeat(offset)}${paint("^".repeat(length), "red", "bold")}`);
    } else if (number < lines.length || raw !== "") {
      frame.push(row(`  ${gutter(number)}`, cutEnd(visible(raw.slice(0, room + 1), 0), room, raw.length > room + 1)));
    }
  }
  return frame;
}

/** The part of a line that the location covers, as UTF-16 offsets that split no character. */
function rangeOn(line: string, location: TextLocation): { start: number; end: number } {
  const inLine = (offset: number) => {
    const clamped = Math.min(Math.max(offset, 0), line.length);
    return /^[\ud800-\udbff][\udc00-\udfff]/.test(line.slice(clamped - 1, clamped + 1)) ? clamped - 1 : clamped;
  };
  const start = inLine(location.column - 1);
  const end = location.end_line > location.line ? line.length : inLine(location.end_column - 1);
  return { start, end: Math.max(start, end) };
}

/** A line as shown: whole when it fits, else the part around the range. `offset` and `length` place the carets. */
function cutAround(line: string, range: { start: number; end: number }, room: number) {
  // A line of megabytes is first cut to what can be seen at all: a character takes at most eleven columns, or none.
  const reach = room * 4;
  const from = Math.max(0, range.start - reach);
  const before = visible(line.slice(from, range.start), 0);
  const marked = visible(line.slice(range.start, Math.min(range.end, range.start + reach)), textWidth(before));
  const after = visible(line.slice(range.end, range.end + reach), textWidth(before) + textWidth(marked));
  const isWhole = from === 0 && range.end + reach >= line.length;
  if (isWhole && textWidth(before + marked + after) <= room) {
    return { text: (before + marked + after).trimEnd(), offset: textWidth(before), length: textWidth(marked) || 1 };
  }
  const keepsStart = from === 0 && textWidth(before) + Math.min(textWidth(marked), room / 2) < room - 1;
  const head = keepsStart ? before : `…${fitEnd(before, Math.floor(room / 3))}`;
  const offset = textWidth(head);
  const tail = cutEnd(marked + after, room - offset, range.end + reach < line.length);
  return { text: head + tail, offset, length: Math.max(1, Math.min(textWidth(marked), textWidth(tail))) };
}

/** The beginning of a text that fits, with `…` when something is left out. */
function cutEnd(text: string, room: number, hasMore: boolean): string {
  if (!hasMore && textWidth(text) <= room) return text.trimEnd();
  return `${fitStart(text, room - 1)}…`;
}

/** Raw text as it is shown: tabs widened to their stops, everything else through the terminal escape. */
function visible(raw: string, column: number): string {
  let shown = "";
  for (const [index, piece] of raw.split("\t").entries()) {
    if (index > 0) shown += " ".repeat(TAB_STOP - ((column + textWidth(shown)) % TAB_STOP));
    shown += terminal(piece);
  }
  return shown;
}
