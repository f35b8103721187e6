import type { TextLocation } from "./location.ts";

/** A range of a text file, and the text that replaces it. */
export interface TextEdit {
  readonly location: TextLocation;
  readonly text: string;
}

/** A value that replaces another, or entries that replace one entry of a list. */
export type ValueChange =
  { readonly value: string | number | boolean } | { readonly entries: readonly [string, ...(readonly string[])] };

/** An edit of a file, or the reason why a value cannot be edited: a phrase without a final period. */
export type EditOrRefusal =
  { readonly edit: TextEdit; readonly refusal: null } | { readonly edit: null; readonly refusal: string };

/**
 * The text with all edits made, of which no two may overlap. Lines are counted as locations count them: LF, CR LF and a
 * lone CR end one, and a byte order mark is in no column.
 */
export function withEdits(text: string, edits: readonly TextEdit[]): string {
  const mark = text.startsWith("\uFEFF") ? 1 : 0;
  const starts = [mark, ...[...text.matchAll(/\r\n|\r|\n/g)].map((match) => match.index + match[0].length)];
  const offset = (line: number, column: number) => (starts[line - 1] ?? text.length) + column - 1;
  let edited = "";
  let done = 0;
  for (const { location, text: replacement } of [...edits].sort(byPosition)) {
    const start = offset(location.line, location.column);
    const end = offset(location.end_line, location.end_column);
    edited += text.slice(done, start) + replacement;
    done = end;
  }
  return edited + text.slice(done);
}

/** Whether two edits overlap. */
export function overlaps({ location: one }: TextEdit, { location: other }: TextEdit): boolean {
  if (one.line === other.line && one.column === other.column) return true;
  return (
    isBefore(one.line, one.column, other.end_line, other.end_column) &&
    isBefore(other.line, other.column, one.end_line, one.end_column)
  );
}

function byPosition({ location: one }: TextEdit, { location: other }: TextEdit): number {
  return one.line - other.line || one.column - other.column;
}

function isBefore(line: number, column: number, otherLine: number, otherColumn: number): boolean {
  return line < otherLine || (line === otherLine && column < otherColumn);
}
