import type { Excerpt, ExcerptLine } from "../../schema/report.generated.ts";
import { stepAt, stepOf } from "./excerpts.ts";

/** Looks up a line in a report: the piece of it with the column, else another; null if the report has none. */
export type LineLookup = (path: string, line: number, column?: number) => ExcerptLine | null;

export function excerptLines(all: readonly Excerpt[]): LineLookup {
  const files = new Map<string, Map<number, Map<number, ExcerptLine>>>();
  for (const { path, lines } of all) {
    const file = files.get(path) ?? new Map<number, Map<number, ExcerptLine>>();
    for (const piece of lines) {
      const pieces = file.get(piece.line) ?? new Map<number, ExcerptLine>();
      pieces.set(stepAt(piece.column), piece);
      file.set(piece.line, pieces);
    }
    files.set(path, file);
  }
  return (path, line, column = 1) => {
    const pieces = files.get(path)?.get(line);
    if (pieces === undefined) return null;
    const [any] = pieces.values();
    return pieces.get(stepOf(column)) ?? pieces.get(0) ?? any ?? null;
  };
}
