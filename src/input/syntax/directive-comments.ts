import type { DirectiveComment } from "../../site/core/document.ts";
import type { NodeTable } from "../source/node-table.ts";
import type { Locator } from "../source/text-lines.ts";
import { lineEnd, lineStart } from "./yaml-token.ts";

/** A comment that begins with the name of this program. */
const MARK = /#[ \t]*(preflight-)/g;

/**
 * The comments of a YAML file that speak to this program, in their order. A `#` inside a text is none.
 *
 * @param text the source, secrets blanked
 * @param table where its values stand
 */
export function directiveComments(text: string, table: NodeTable, at: Locator): readonly DirectiveComment[] {
  const marks = [...text.matchAll(MARK)].filter(({ index }) => index === 0 || /\s/.test(text.charAt(index - 1)));
  if (marks.length === 0) return [];
  const isInText = withinTexts(table);
  return marks.flatMap(({ index, 0: mark }) => {
    if (isInText(index)) return [];
    const end = lineEnd(text, index);
    const begin = index + mark.length - "preflight-".length;
    return [
      {
        text: text.slice(begin, end).trimEnd(),
        location: at(index, end),
        isAloneOnLine: text.slice(lineStart(text, index), index).trim() === "",
        nextLine: nextContent(text, end, at),
      },
    ];
  });
}

/** The first line behind `from` that is neither blank nor a comment; null when there is none. */
function nextContent(text: string, from: number, at: Locator): number | null {
  const found = /[\r\n][ \t]*(?![ \t\r\n#])\S/g;
  found.lastIndex = from;
  const match = found.exec(text);
  return match === null ? null : at(match.index + match[0].length - 1).line;
}

/** Tells whether an offset lies in a scalar. Asked in ascending order, all answers together take one walk. */
function withinTexts(table: NodeTable): (offset: number) => boolean {
  let node = 0;
  return (offset) => {
    while (node < table.count && (table.next(node) > node + 1 || table.end(node) <= offset)) node++;
    return node < table.count && table.start(node) <= offset;
  };
}
