import type { DirectiveComment } from "../../site/core/document.ts";
import type { NodeTable } from "../source/node-table.ts";
import type { Locator } from "../source/text-lines.ts";
import { lineEnd, lineStart } from "./yaml-token.ts";

/** A comment that begins with the name of this program. */
const MARK = /#[ \t]*(preflight-)/g;

/**
 * The comments of a YAML file that are directives, in order. A `#` inside a text does not begin a comment.
 *
 * @param text the source, secrets blanked
 * @param table where its values are
 */
export function directiveComments(text: string, table: NodeTable, at: Locator): readonly DirectiveComment[] {
  const marks = [...text.matchAll(MARK)].filter(({ index }) => index === 0 || /\s/.test(text.charAt(index - 1)));
  if (marks.length === 0) return [];
  const isInText = withinTexts(table);
  const nextContent = contentAfter(text, at);
  return marks.flatMap(({ index, 0: mark }) => {
    if (isInText(index)) return [];
    const end = lineEnd(text, index);
    const begin = index + mark.length - "preflight-".length;
    return [
      {
        text: text.slice(begin, end).trimEnd(),
        location: at(index, end),
        isAloneOnLine: text.slice(lineStart(text, index), index).trim() === "",
        nextLine: nextContent(end),
      },
    ];
  });
}

/**
 * The first line behind an offset that is neither blank nor a comment; null when there is none. Calls in ascending
 * order take one pass together, also if one directive follows the other.
 */
function contentAfter(text: string, at: Locator): (from: number) => number | null {
  let known: { readonly offset: number; readonly line: number | null } | null = null;
  return (from) => {
    if (known !== null && known.offset >= from) return known.line;
    const found = /[\r\n][ \t]*(?![ \t\r\n#])\S/g;
    found.lastIndex = from;
    const match = found.exec(text);
    const offset = match === null ? Infinity : match.index;
    known = { offset, line: match === null ? null : at(match.index + match[0].length - 1).line };
    return known.line;
  };
}

/** Whether an offset is inside a scalar. Calls in ascending order take one pass together. */
function withinTexts(table: NodeTable): (offset: number) => boolean {
  let node = 0;
  return (offset) => {
    while (node < table.count && (table.next(node) > node + 1 || table.end(node) <= offset)) node++;
    return node < table.count && table.start(node) <= offset;
  };
}
