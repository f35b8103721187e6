import type { NodeTable } from "../source/node-table.ts";
import type { Locator } from "../source/text-lines.ts";
import type { Path } from "../../values/location.ts";
import type { EditOrRefusal, ValueChange } from "../../values/text-edit.ts";
import { plainScalar } from "./yaml-scalar.ts";

/** A text with the positions of its values. */
export interface EditableText {
  readonly text: string;
  readonly table: NodeTable;
  readonly at: Locator;
  readonly format: "yaml" | "json";
}

type Scalar = string | number | boolean;

/**
 * The smallest edit that changes the value at `path`: of its own range, quotes included, in the style in which it is
 * written. Anchors, comments and everything else stay byte for byte. Null when there is no such value.
 */
export function valueEdit(source: EditableText, path: Path, change: ValueChange): EditOrRefusal | null {
  const { text, table, at, format } = source;
  const written = table.written(path);
  if (written === null) return null;
  if ("anchor" in written) return refused(throughAnchor(written.anchor));
  const { row, parent } = written;
  if (table.next(row) > row + 1) return refused("the value is a list or mapping");
  const [start, end] = [table.start(row), table.end(row)];
  const old = text.slice(start, end);
  if (format === "yaml" && old.startsWith("!")) return refused("the value has a YAML tag");
  if (format === "yaml" && /^[|>]/.test(old)) return refused("the value is a block scalar");
  if (old === "" || /^[[{]/.test(old)) return refused("the value is a list or mapping");
  const style = (value: Scalar) => (format === "json" ? JSON.stringify(value) : yamlScalar(value, old));
  if ("value" in change) return { edit: { location: at(start, end), text: style(change.value) }, refusal: null };
  const separator = entrySeparator(source, start, text.startsWith("[", table.start(parent)));
  if (separator === null) return refused("the entry is not at the start of its line");
  return { edit: { location: at(start, end), text: change.entries.map(style).join(separator) }, refusal: null };
}

function refused(refusal: string): EditOrRefusal {
  return { edit: null, refusal };
}

function throughAnchor(anchor: string | null): string {
  return anchor === null ? "the value comes through a merge key" : `the value is shared through the anchor &${anchor}`;
}

/** The text between two entries of the list, as in the file: on separate lines if this entry is on its own line. */
function entrySeparator({ text, format }: EditableText, start: number, isFlow: boolean): string | null {
  const lineStart = Math.max(text.lastIndexOf("\n", start - 1), text.lastIndexOf("\r", start - 1)) + 1;
  const before = text.slice(lineStart, start);
  if (isFlow || format === "json") return /^[ \t]*$/.test(before) ? `,${lineBreakOf(text, start)}${before}` : ", ";
  // An anchor belongs to the first entry alone.
  const dash = /^( *- +)(?:&\S+ +)?$/.exec(before)?.[1];
  return dash === undefined ? null : `${lineBreakOf(text, start)}${dash}`;
}

/** The line ending at an offset, otherwise that of the first line, otherwise LF. */
function lineBreakOf(text: string, offset: number): string {
  const next = /\r\n|\n|\r/g;
  next.lastIndex = offset;
  return (next.exec(text) ?? /\r\n|\n|\r/.exec(text))?.[0] ?? "\n";
}

/** Letters, digits and characters that are not indicators anywhere in YAML, including YAML 1.1 and brackets. */
const PLAIN = /^[A-Za-z0-9](?:[A-Za-z0-9._/:-]*[A-Za-z0-9._/-])?$/;
/** Plain scalars that YAML 1.1 does not read as text. */
const YAML_1_1 =
  /^(?:y|n|yes|no|on|off|[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?|[0-9][0-9_]*(?:\.[0-9_]*)?|[0-9]{4}-.*)$/i;

/** A scalar in the quoting of the one that it replaces; in double quotes where that would be read as something else. */
function yamlScalar(value: Scalar, old: string): string {
  if (typeof value !== "string") return String(value);
  if (old.startsWith("'") && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(value)) return `'${value.replaceAll("'", "''")}'`;
  const isPlain = PLAIN.test(value) && plainScalar(value) === value && !YAML_1_1.test(value);
  return !old.startsWith('"') && isPlain ? value : JSON.stringify(value);
}
