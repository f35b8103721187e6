import type { TextLocation } from "../../values/location.ts";

/** Turns a range of offsets into lines and columns; `end` is exclusive and at least one column is marked. */
export type Locator = (start: number, end?: number) => TextLocation;

/**
 * Locations in one text. LF, CR LF and a lone CR end a line (YAML 1.2 section 5.4). The table of lines is created with
 * the first location, because a file without findings needs none.
 */
export function locatorOf(path: string, text: string): Locator {
  let starts: readonly number[] | null = null;
  return (start, end = start) => {
    starts ??= lineStarts(text);
    const from = position(starts, start);
    const to = position(starts, Math.max(start + 1, end));
    // One character that ends its line is still marked on that line.
    const isLineEnd = end <= start + 1 && to.line !== from.line;
    return {
      path,
      line: from.line,
      column: from.column,
      end_line: isLineEnd ? from.line : to.line,
      end_column: isLineEnd ? from.column + 1 : to.column,
    };
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  const hasReturns = text.includes("\r");
  // One search per line is faster than a look at each character, until a lone CR may end a line.
  for (let at = text.indexOf("\n"); at !== -1 && !hasReturns; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  for (let at = 0; at < text.length && hasReturns; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 10 || (unit === 13 && text.charCodeAt(at + 1) !== 10)) starts.push(at + 1);
  }
  return starts;
}

function position(starts: readonly number[], offset: number): { line: number; column: number } {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
}
