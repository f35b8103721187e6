import { MAX_DEPTH } from "../source/limits.ts";
import type { Problem } from "./problem.ts";
import { lineEnd, lineStart } from "./yaml-token.ts";

/** One sentence, its fix, and its location: the parser's own unless a better one is found. */
interface Explanation {
  readonly message: string;
  readonly hint: string | null;
  readonly offset: number;
}

/**
 * The parser's message in words that name the error, at the location where it was made. A parser notices many errors
 * only lines later (an unclosed quote at the next key), so this searches the lines around. No sentence quotes the text:
 * it may be a secret.
 *
 * @param reason the parser's own words, which no user sees
 * @param found the offset where the parser stopped
 */
export function syntaxProblem(reason: string, text: string, found: number): Problem {
  const conflict = /^(?:<{7} |={7}$|>{7} )/m.exec(text);
  const { message, hint, offset } =
    conflict === null
      ? explain(reason, text, found)
      : pathText("This is an unresolved merge conflict.", null, conflict.index);
  const code = reason.startsWith("nesting exceeded") ? "too-deep" : "yaml-syntax";
  return { code, message, hint, start: offset, end: offset + 1 };
}

function explain(reason: string, text: string, at: number): Explanation {
  switch (reason) {
    case "tab characters must not be used in indentation":
      return pathText("A tab is used for indentation; YAML allows only spaces.", "Replace it with spaces.", at);
    case "bad indentation of a mapping entry":
    case "bad indentation of a sequence entry":
    case "end of the stream or a document separator is expected":
      return misplaced(text, at);
    case "deficient indentation":
    case "unexpected end of the stream within a double quoted scalar":
    case "unexpected end of the stream within a single quoted scalar":
    case "unexpected end of the document within a double quoted scalar":
    case "unexpected end of the document within a single quoted scalar":
    case "unexpected end of the stream within a flow collection":
      return unclosed(text, at, reason);
    case "missed comma between flow collection entries":
      return pathText("A comma is missing before this entry, or a bracket is not closed.", null, at);
    case "expected the node content, but found ','":
      return pathText("A value is missing before this comma.", null, at);
    case "can not read a block mapping entry; a multiline key may not be an implicit key":
      return missingColon(text, at);
    case "expected ':' after a mapping key":
      return pathText("A key with a colon and a space is expected here.", "Write key: value.", at);
    case "a whitespace character is expected after the key-value separator within a block mapping":
      return pathText("A space is missing after the colon.", null, at);
    case "unknown escape sequence":
    case "expected hexadecimal character":
      return pathText(
        "This is not a valid escape sequence in double quotes.",
        "Write the text in single quotes, or double the backslash.",
        Math.max(0, text.lastIndexOf("\\", at)),
      );
    case "a line break is expected":
      return pathText("Nothing but a comment may follow | or > on its line.", "Put the value in quotes.", at);
    case "expected valid JSON character":
    case "the stream contains non-printable characters":
    case "null byte is not allowed in input":
      return pathText("This is a control character.", "Remove it.", at);
    case "directives end mark is expected":
      return pathText(
        "A line that begins with % is a directive, and --- must follow it.",
        "Put the value in quotes.",
        at,
      );
    case "name of an alias node must contain at least one character":
    case "name of an anchor node must contain at least one character":
      return pathText("A value that begins with * or & must be in quotes.", null, at - 1);
    default:
      return other(reason, at);
  }
}

function other(reason: string, at: number): Explanation {
  if (reason.startsWith("nesting exceeded")) {
    return pathText(`Values are nested more than ${MAX_DEPTH} levels deep here.`, null, at);
  }
  if (reason.includes("tag"))
    return pathText("A value that begins with ! is a tag, and this one is malformed.", "Put the value in quotes.", at);
  if (reason.includes("YAML")) return pathText("The %YAML directive must specify version 1.2.", null, at);
  return pathText("This is not valid YAML.", null, at);
}

/** Unexpected text where nothing, or another key, is expected. */
function misplaced(text: string, at: number): Explanation {
  const character = text.charAt(at);
  const before = text.slice(lineStart(text, at), at);
  if (/^[\s-]*\t/.test(before)) {
    return pathText(
      "A tab is used for indentation; YAML allows only spaces.",
      "Replace it with spaces.",
      at - before.length + before.indexOf("\t"),
    );
  }
  if (character === ":") {
    if (/:\s/.test(before)) {
      return pathText(
        "A second colon follows on this line.",
        "Put a value that has a colon and a space in it in quotes.",
        at,
      );
    }
    return missingColon(text, at);
  }
  if (/^[@`%]$/.test(character))
    return pathText(`A value cannot begin with ${character}.`, "Put the value in quotes.", at);
  if (/^[\]}]$/.test(character)) return pathText(`This ${character} closes a bracket that was not opened.`, null, at);
  if (character === "#") return pathText("A space is missing before the comment.", null, at);
  if (/["']\s*$/.test(before)) {
    const hint = "Inside single quotes write '' for a quote; inside double quotes write \\\" for one.";
    return pathText("Text follows a closing quote.", hint, at);
  }
  if (character === "-" && /:\s+$/.test(before)) {
    return pathText("A list cannot begin on the same line as its key.", "Begin the list on the next line.", at);
  }
  if (before.trim() === "") {
    const hint = "Indent it like the other entries of its list or mapping.";
    return pathText("This line does not match the lines above: its indentation or its kind differs.", hint, at);
  }
  return pathText("This does not belong here.", "Put a value with special characters in quotes.", at);
}

/**
 * A line without a colon was taken together with the line below as one text, and there the parser met the colon. The
 * first line that has none is where it went wrong.
 */
function missingColon(text: string, at: number): Explanation {
  let start = lineStart(text, at);
  let offset = start;
  while (start > 0) {
    start = lineStart(text, start - 1);
    const line = text.slice(start, lineEnd(text, start));
    if (/:(?:\s|$)|^\s*(?:#|-(?:\s|$))/.test(line)) break;
    if (line.trim() !== "") offset = start + line.search(/\S/);
  }
  if (offset === lineStart(text, at)) {
    const hint = "Give it the indentation of the keys to which it belongs.";
    return pathText("By its indentation this line belongs to the value above, which cannot have keys.", hint, at);
  }
  const isTight = /^[^\s:]+:\S/.test(text.slice(offset, lineEnd(text, offset)));
  return isTight
    ? pathText("A space is missing after the colon of this line.", "Write key: value.", offset)
    : pathText(
        "This line has no colon: it is neither a key nor the end of the value above.",
        "Write key: value.",
        offset,
      );
}

/** A quote or bracket was not closed within its lines. */
function unclosed(text: string, at: number, reason: string): Explanation {
  if (/^[\]}]$/.test(text.charAt(at)) && text.slice(lineStart(text, at), at).trim() === "") {
    const hint = "Put a space before it: all lines inside a bracket must be indented further than its key.";
    return pathText(`The indentation of this ${text.charAt(at)} ends the value before it is closed.`, hint, at);
  }
  const quotes = ['"', "'"].filter((quote) => !reason.includes(quote === '"' ? "single" : "double"));
  const candidates = reason.includes("flow") ? [] : quotes.map((quote) => openingQuote(text, at, quote));
  const opening = Math.max(...candidates, -1);
  if (opening !== -1) return pathText("This quote is not closed.", null, opening);
  const bracket = openBracket(text, at);
  if (bracket !== -1)
    return pathText(`This ${text.charAt(bracket)} is not closed, or a line in it is not indented.`, null, bracket);
  return pathText("This line must be indented further, or a quote or bracket above is not closed.", null, at);
}

/** The last quote before `at`, if a value can begin with it; -1 if it cannot, or if it closes one on its line. */
function openingQuote(text: string, at: number, quote: string): number {
  for (let found = text.lastIndexOf(quote, at); found !== -1; found = text.lastIndexOf(quote, found - 1)) {
    const before = text.slice(lineStart(text, found), found);
    const isEscaped = quote === '"' && /(?:^|[^\\])(?:\\\\)*\\$/.test(before);
    const isClosing = before.split(quote).length % 2 === 0;
    if (!isEscaped) return !isClosing && /(?:^|[\s[{,:])$/.test(before) ? found : -1;
    if (found === 0) break;
  }
  return -1;
}

/** The innermost open bracket at `at`, ignoring quotes and comments line by line; -1 if there is none. */
function openBracket(text: string, at: number): number {
  let closed = 0;
  for (let end = at; end > 0;) {
    const start = lineStart(text, end - 1);
    const line = text
      .slice(start, end)
      .replace(/"(?:[^"\\]|\\.)*"|'[^']*'|(?:^|\s)#.*/g, (part) => " ".repeat(part.length));
    for (let column = line.length - 1; column >= 0; column--) {
      const character = line.charAt(column);
      if (character === "]" || character === "}") closed++;
      else if ((character === "[" || character === "{") && closed-- === 0) return start + column;
    }
    end = start;
  }
  return -1;
}

function pathText(message: string, hint: string | null, offset: number): Explanation {
  return { message, hint, offset };
}
