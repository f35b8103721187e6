import type { Excerpt, ExcerptLine } from "../../schema/report.generated.ts";
import type { TextLocation } from "../../values/location.ts";
import { lineHashes } from "./line-hash.ts";

/** A location to show, and whether it has a result that GitHub tracks by the hash of its line. */
export interface ExcerptLocation {
  readonly location: TextLocation;
  readonly isHashed: boolean;
}

/** Lines that a code frame shows before the first line of its location. */
export const LINES_BEFORE = 2;
export const LINES_AFTER = 1;

/** Most lines shown of a range; of a longer one, the first. */
const MOST_COVERED = 10;
/** A line longer than this, in UTF-16 units, is stored in pieces of this length. */
const LONGEST_PIECE = 500;
/**
 * Pieces of a long line are this many columns apart; each starts BEFORE_STEP columns before the columns that it is for.
 */
const STEP = 250;
const BEFORE_STEP = 150;
/** Most lines of all files together: about 5,000 findings far from each other. */
const MOST_LINES = 20_000;

/**
 * The lines of the sources around the locations, so that a report can be shown without its inputs. A line is stored
 * once, however many locations share it; above the limit, the later locations have none.
 */
export function excerpts(places: readonly ExcerptLocation[], sources: ReadonlyMap<string, string>): Excerpt[] {
  const byPath = new Map<string, Map<string, ExcerptLocation>>();
  for (const place of places) {
    const { path, line, column, end_line } = place.location;
    let known = byPath.get(path);
    if (known === undefined && sources.has(path)) byPath.set(path, (known = new Map<string, ExcerptLocation>()));
    // Checks of many rules have the location of their subject.
    const key = `${line}:${column}:${end_line}:${place.isHashed}`;
    if (known?.has(key) === false) known.set(key, place);
  }
  const budget = { lines: MOST_LINES };
  return [...byPath].flatMap(([path, members]) => {
    const lines = excerptOf(sources.get(path) ?? "", [...members.values()], budget);
    return lines.length === 0 ? [] : [{ path, lines }];
  });
}

function excerptOf(text: string, places: readonly ExcerptLocation[], budget: { lines: number }): ExcerptLine[] {
  const offsets = lineOffsets(text, new Set(places.flatMap(({ location }) => linesAround(location))));
  const hashes = lineHashes(text, new Set(places.flatMap(({ location, isHashed }) => (isHashed ? location.line : []))));
  const taken = new Map<string, ExcerptLine>();
  for (const { location } of places) {
    for (const line of linesAround(location)) {
      const range = offsets.get(line);
      // There is no line after the last line break, unless a location refers to it.
      if (range === undefined || (range.start === text.length && line !== location.line)) continue;
      const column = line === location.line ? location.column : 1;
      const step = range.end - range.start <= LONGEST_PIECE ? 0 : stepOf(column);
      const key = `${line}:${step}`;
      if (taken.has(key) || budget.lines === 0) continue;
      budget.lines--;
      taken.set(key, { line, ...pieceOf(text, range, step), hash: hashes.get(line) ?? null });
    }
  }
  return [...taken.values()].sort((a, b) => a.line - b.line || a.column - b.column);
}

/** The piece of a long line that shows a column. */
export function stepOf(column: number): number {
  return Math.floor((column - 1) / STEP);
}

/** The piece of a long line that starts at a column, even if its start was moved to keep a surrogate pair whole. */
export function stepAt(column: number): number {
  return column === 1 ? 0 : Math.ceil((column - 1 + BEFORE_STEP) / STEP);
}

function linesAround({ line, end_line }: TextLocation): number[] {
  const first = Math.max(1, line - LINES_BEFORE);
  const last = Math.max(line + LINES_AFTER, Math.min(end_line, line + MOST_COVERED - 1));
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

function pieceOf(text: string, { start, end }: Range, step: number): Pick<ExcerptLine, "column" | "text" | "length"> {
  const from = wholeCharacter(text, Math.min(end, start + Math.max(0, step * STEP - BEFORE_STEP)));
  const to = wholeCharacter(text, Math.min(end, from + LONGEST_PIECE));
  return { column: from - start + 1, text: text.slice(from, to), length: end - start };
}

/** The offset, or the one before it where it would split a surrogate pair. */
function wholeCharacter(text: string, offset: number): number {
  return /^[\ud800-\udbff][\udc00-\udfff]/.test(text.slice(Math.max(0, offset - 1), offset + 1)) ? offset - 1 : offset;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** Offsets of the wanted lines. LF, CR LF and CR end a line, as in the parsers' line numbers (YAML 1.2 section 5.4). */
function lineOffsets(text: string, wanted: ReadonlySet<number>): ReadonlyMap<number, Range> {
  const offsets = new Map<number, Range>();
  const last = [...wanted].reduce((most, line) => Math.max(most, line), 0);
  const ends = /\r\n|\n|\r/g;
  let start = 0;
  for (let line = 1; line <= last; line++) {
    const end = ends.exec(text);
    if (wanted.has(line)) offsets.set(line, { start, end: end?.index ?? text.length });
    if (end === null) break;
    start = ends.lastIndex;
  }
  return offsets;
}
