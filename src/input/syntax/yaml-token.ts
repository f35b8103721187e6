import { COLLECTION_STYLE, EVENT_ID, SCALAR_STYLE } from "js-yaml";
import type { Event, MappingEvent, ScalarEvent, SequenceEvent } from "js-yaml";
import type { Range } from "../secrets/secrets.ts";

/*
 * The parser's events say where scalars and collections begin, but not where a flow collection ends, where a block
 * scalar's header stands, or where the dash of an item without a value is. These functions look it up in the text
 * between two tokens, which holds nothing but white space, comments and indicators.
 */

/** The range of a scalar as it is written: quotes, a block scalar's header and an explicit tag included. */
export function scalarRange(text: string, event: ScalarEvent, cursor: number): Range {
  const [start, end] = contentRange(text, event, Math.max(cursor, event.tagEnd, event.anchorEnd));
  return [event.tagStart === -1 ? start : event.tagStart, end];
}

function contentRange(text: string, event: ScalarEvent, from: number): Range {
  const { valueStart, valueEnd } = event;
  switch (event.style) {
    case SCALAR_STYLE.SINGLE_QUOTED:
    case SCALAR_STYLE.DOUBLE_QUOTED:
      return [valueStart - 1, valueEnd + 1];
    case SCALAR_STYLE.LITERAL_BLOCK:
    case SCALAR_STYLE.FOLDED_BLOCK: {
      const header = indicator(text, from, "|>");
      const keepsBlankLines = text.slice(header, lineEnd(text, header)).includes("+");
      return [header, keepsBlankLines ? valueEnd : withoutBlankLines(text, header, valueEnd, event.indent)];
    }
    default:
      // A tag or an anchor alone, as in `key: !!str`.
      return valueStart === -1 ? [from, from] : [valueStart, valueEnd];
  }
}

/** Where the last line of a block scalar ends that is more than its indentation; at least the header's. */
function withoutBlankLines(text: string, header: number, valueEnd: number, indent: number): number {
  for (let end = valueEnd; ;) {
    const start = lineStart(text, end);
    const isBlank = /^ *$/.test(text.slice(start, end)) && (indent === -1 || end - start <= indent);
    if (start <= header || !isBlank) return end;
    end = start - (text.slice(start - 2, start) === "\r\n" ? 2 : 1);
  }
}

/**
 * The bracket at which a collection ends; empty for a block collection, and for the mapping of one pair in `[a: b]`.
 *
 * @param next the event behind this one
 */
export function bracketOf(text: string, event: SequenceEvent | MappingEvent, next: Event | undefined): string {
  if (event.style !== COLLECTION_STYLE.FLOW) return "";
  if (event.type === EVENT_ID.SEQUENCE) return "]";
  const isPairWithMappingAsKey = next?.type === EVENT_ID.MAPPING && next.start === event.start;
  return text.charAt(event.start) === "{" && !isPairWithMappingAsKey ? "}" : "";
}

/** The first of the given characters at or after `from` that is not inside a comment; -1 if there is none. */
export function indicator(text: string, from: number, characters: string): number {
  for (let at = from; at < text.length; at++) {
    const character = text.charAt(at);
    if (characters.includes(character)) return at;
    if (character === "#" && /^[ \t\r\n]?$/.test(text.charAt(at - 1))) at = lineEnd(text, at);
  }
  return -1;
}

/** The start of the `---` line at or after `from`; -1 if there is none. */
export function documentMarker(text: string, from: number): number {
  const marker = /(?<=^|[\r\n])---(?=[ \t\r\n]|$)/g;
  marker.lastIndex = from;
  return marker.exec(text)?.index ?? -1;
}

/** The offset of the line end at or after `from`, or of the end of the text. */
export function lineEnd(text: string, from: number): number {
  const end = /[\r\n]/g;
  end.lastIndex = from;
  return end.exec(text)?.index ?? text.length;
}

/** The offset of the start of the line that contains `at`. */
export function lineStart(text: string, at: number): number {
  let start = at;
  while (start > 0 && !isLineEnd(text.charCodeAt(start - 1))) start--;
  return start;
}

function isLineEnd(unit: number): boolean {
  return unit === 0x0a || unit === 0x0d;
}

/** The full name of a tag as written (YAML 1.2 section 6.8.2 and 6.9.1); `handles` come from %TAG directives. */
export function tagName(written: string, handles: ReadonlyMap<string, string>): string {
  if (written === "!") return written;
  if (written.startsWith("!<")) return written.slice(2, -1);
  const end = written.indexOf("!", 1);
  const handle = end === -1 ? "!" : written.slice(0, end + 1);
  const prefix = handles.get(handle) ?? (handle === "!!" ? "tag:yaml.org,2002:" : handle);
  return prefix + written.slice(handle.length);
}

/** Whether a collection may carry the tag with this full name. */
export function collectionTagFits(name: string, isSequence: boolean): boolean {
  return name === "!" || name === (isSequence ? "tag:yaml.org,2002:seq" : "tag:yaml.org,2002:map");
}
