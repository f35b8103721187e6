import type { Path, TextLocation } from "../../values/location.ts";
import { isFields } from "../source/fields.ts";
import type { ParsedSource } from "../source/parsed-source.ts";
import type { WrittenValue } from "./value-sentences.ts";

/** The value at a path of plain data, or undefined where there is none. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, step) => {
    if (Array.isArray(at)) return at[Number(step)] as unknown;
    return isFields(at) && Object.hasOwn(at, step) ? at[step] : undefined;
  }, value);
}

/** The value at a path with its characters as the file has them. `lines` are those of the source's text. */
export function writtenValue(source: ParsedSource, path: Path, lines: readonly string[]): WrittenValue {
  return {
    value: valueAt(source.value, path),
    written: textAt(lines, source.locate(path)),
    secret: source.secrets.some((secret) => secret.path.every((step, index) => step === path[index])),
    format: source.format,
  };
}

/** The characters of a range within one line, else null. */
function textAt(lines: readonly string[], { line, column, end_line, end_column }: TextLocation): string | null {
  return line === end_line ? (lines[line - 1]?.slice(column - 1, end_column - 1) ?? null) : null;
}
