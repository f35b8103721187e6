import type { SecretLocation } from "../../site/core/document.ts";
import type { NodeTable } from "../source/node-table.ts";
import { userInformationRanges, type Range } from "./secrets.ts";
import type { Locator } from "../source/text-lines.ts";

/** An alias in the table, and the row to which it refers (-1 if there is none). */
export interface AliasUse {
  readonly node: number;
  readonly target: number;
}

/** Rows that are found by keys and values, in document order. */
export interface SuspectRows {
  /** Rows whose key names a secret. */
  readonly named: readonly number[];
  /** Rows whose key is unknown and may be one of a secret: blanked, and not reported. */
  readonly suspicious: readonly number[];
  /** Rows of strings with user information in a URL. */
  readonly urls: readonly number[];
}

/** The locations of the secrets in a document. */
export interface SecretRows {
  /** What to blank in the text. */
  readonly ranges: readonly Range[];
  /** The rows to report. */
  readonly rows: readonly number[];
  /** 1 for every row that is, or is inside, a secret. */
  readonly marks: Uint8Array;
}

/**
 * Finds everything that belongs to secrets.
 *
 * @param aliases in document order; a secret may be written at an anchor and used under the key that names it
 */
export function secretRows(
  text: string,
  table: NodeTable,
  { named, suspicious, urls }: SuspectRows,
  aliases: readonly AliasUse[] = [],
): SecretRows {
  const marks = new Uint8Array(table.count);
  const ranges: Range[] = [];
  const rows: number[] = [];
  const reported = new Set(named);
  for (const node of [...named, ...suspicious].sort((a, b) => a - b)) {
    if (marks[node] === 1) continue;
    marks.fill(1, node, table.next(node));
    if (isNothing(text.slice(table.start(node), table.end(node)))) continue;
    if (reported.has(node)) rows.push(node);
    // An alias has the location of its anchor, which precedes its key.
    if (table.start(node) >= table.keyEnd(node)) {
      ranges.push([valueStart(text, table.keyEnd(node)), behind(text, table.end(node))]);
    }
  }
  // Aliases refer backwards: from the last to the first, each is visited after everything that can make it a secret.
  for (const { node, target } of [...aliases].reverse()) {
    if (marks[node] !== 1 || target === -1 || marks[target] === 1) continue;
    marks.fill(1, target, table.next(target));
    ranges.push([table.start(target), behind(text, table.end(target))]);
  }
  for (const node of urls) {
    if (marks[node] === 1) continue;
    rows.push(node);
    ranges.push(...userInformationRanges(text, table.start(node), table.end(node)));
  }
  return { ranges, rows: rows.sort((a, b) => a - b), marks };
}

/** The locations as the rest of the program uses them. */
export function secretLocations(table: NodeTable, rows: readonly number[], at: Locator): SecretLocation[] {
  const paths = table.pathsOf(rows);
  return rows.map((node, index) => ({
    path: paths[index] ?? [],
    location: at(table.start(node), table.end(node)),
  }));
}

/** A key that is known to have no value reveals nothing. */
function isNothing(source: string): boolean {
  return /^(?:null|Null|NULL|~|""|'')?$/.test(source);
}

/** The text after the key's colon; a YAML tag or anchor may be the start of an unquoted secret. */
function valueStart(text: string, keyEnd: number): number {
  const value = /:\s*/g;
  value.lastIndex = keyEnd;
  return value.exec(text) === null ? keyEnd : value.lastIndex;
}

/** To the end of a comment on the same line, because ` #` inside an unquoted secret begins one. */
function behind(text: string, end: number): number {
  const comment = /[ \t]+#[^\r\n]*/y;
  comment.lastIndex = end;
  return comment.test(text) ? comment.lastIndex : end;
}
