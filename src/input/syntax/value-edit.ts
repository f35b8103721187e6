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
 * written. Anchors, comments and everything else are unchanged, byte for byte. A key that is missing is added to its
 * mapping; null where there is no such mapping.
 */
export function valueEdit(source: EditableText, path: Path, change: ValueChange): EditOrRefusal | null {
  const { text, table, at, format } = source;
  const written = table.written(path);
  if (written === null) return "value" in change ? keyEdit(source, path, change.value) : null;
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

/** Adds a key to the mapping that it is missing in: after its last entry in braces, else below its first short value. */
function keyEdit(source: EditableText, path: Path, value: Scalar): EditOrRefusal | null {
  const { text, table, at, format } = source;
  const key = path.at(-1);
  const around = table.written(path.slice(0, -1));
  if (typeof key !== "string" || around === null) return null;
  if ("anchor" in around) return refused(throughAnchor(around.anchor));
  const entries = table.itemsOf(around.row).filter((row) => table.hasKey(row));
  const last = entries.at(-1);
  if (last === undefined) return null;
  const insert = (offset: number, added: string): EditOrRefusal => {
    // A location is never empty; the range of an insertion is.
    const location = at(offset, offset);
    const { line, column } = location;
    return { edit: { location: { ...location, end_line: line, end_column: column }, text: added }, refusal: null };
  };
  if (format === "json" || text.startsWith("{", table.start(around.row))) {
    const isQuoted = format === "json" || text.startsWith('"', table.keyStart(last));
    const written = format === "json" ? JSON.stringify(value) : yamlScalar(value, "");
    if (table.start(last) === table.end(last)) return null;
    const lineStart = lineStartAt(text, table.keyStart(last));
    const before = text.slice(lineStart, table.keyStart(last));
    const separator = /^[ \t]+$/.test(before) ? `,${lineBreakOf(text, table.end(last))}${before}` : ", ";
    return insert(table.end(last), `${separator}${isQuoted ? JSON.stringify(key) : key}: ${written}`);
  }
  for (const row of entries) {
    const [start, end] = [table.start(row), table.end(row)];
    const indent = text.slice(lineStartAt(text, table.keyStart(row)), table.keyStart(row));
    const rest = /[^\r\n]*/y;
    rest.lastIndex = end;
    const behind = rest.exec(text)?.[0] ?? "";
    const isShort = table.next(row) === row + 1 && start < end && !/[*!|>[{]/.test(text[start] ?? "");
    // In a list the first key is behind dashes.
    if (!isShort || table.isMerge(row) || !/^ *(?:- +)*$/.test(indent) || !/^(?:[ \t]+#.*|[ \t]*)$/.test(behind))
      continue;
    return insert(
      end + behind.length,
      `${lineBreakOf(text, end)}${" ".repeat(indent.length)}${key}: ${yamlScalar(value, "")}`,
    );
  }
  return refused("the mapping has no value that the key can be added after");
}

function lineStartAt(text: string, offset: number): number {
  return Math.max(text.lastIndexOf("\n", offset - 1), text.lastIndexOf("\r", offset - 1)) + 1;
}

function refused(refusal: string): EditOrRefusal {
  return { edit: null, refusal };
}

function throughAnchor(anchor: string | null): string {
  return anchor === null ? "the value comes through a merge key" : `the value is shared through the anchor &${anchor}`;
}

/** The text between two entries of the list, as in the file: on separate lines if this entry is on its own line. */
function entrySeparator({ text, format }: EditableText, start: number, isFlow: boolean): string | null {
  const before = text.slice(lineStartAt(text, start), start);
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
