import { clip, terminal } from "../text/escape.ts";

/** Longest inserted text, in UTF-16 units: slightly more than a message that was shortened earlier. */
const LONGEST = 1100;

/** Text that is already HTML. Any other text is escaped when it is inserted into a page. */
export class Markup {
  constructor(readonly text: string) {}
}

export type Content = string | number | Markup | readonly Markup[] | null;

/**
 * HTML from a template. Inserted values are escaped, sanitized and limited in length, unless they are markup; null
 * inserts nothing. (Not called `html`, because formatters would rewrite the templates.) Elements are written so that an
 * XML parser can read them too: attributes quoted, every element closed.
 */
export function markup(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return new Markup(parts.map((part, index) => part + (index < values.length ? filled(values[index]) : "")).join(""));
}

function filled(content: Content | undefined): string {
  if (content === null || content === undefined) return "";
  if (content instanceof Markup) return content.text;
  if (typeof content === "number") return String(content);
  if (typeof content === "string") return escaped(harmless(content));
  return content.map(({ text }) => text).join("");
}

/** Lines for a `<pre>`: sanitized, but not shortened, because people copy them. */
export function verbatim(text: string): Markup {
  return new Markup(text.split("\n").map(terminal).map(escaped).join("\n"));
}

/** Marks a possible line break in sanitized text, which cannot contain this character. */
const BREAK = "\u0000";
/** 60 characters of a word that continues. */
const LONG_WORD = /[^\s\0]{60}(?=[^\s\0])/gu;

/** A name or path that may be broken after its separators, even without a style sheet. */
export function breakable(name: string): Markup {
  return broken(harmless(name).replaceAll(/[./\-_:@,]+(?=[^./\-_:@,])/g, `$&${BREAK}`));
}

/** Sentences, in which only excessively long words may be broken. */
export function prose(text: string): Markup {
  return broken(harmless(text));
}

/** A hash that may be broken after every sixteenth digit; a copy of it has no gaps. */
export function hash(digits: string): Markup {
  return markup`<code class="hash">${broken(harmless(digits).replaceAll(/.{16}(?=.)/g, `$&${BREAK}`))}</code>`;
}

function broken(text: string): Markup {
  return new Markup(escaped(text.replaceAll(LONG_WORD, `$&${BREAK}`)).replaceAll(BREAK, "<wbr/>"));
}

function harmless(text: string): string {
  return terminal(clip(text, LONGEST));
}

/** Joins several pieces with a separator. */
export function joined(pieces: readonly Markup[], separator: string): Markup {
  return new Markup(pieces.map(({ text }) => text).join(separator));
}

/** A `<code>` with breaks. */
export function code(name: string): Markup {
  return markup`<code>${breakable(name)}</code>`;
}

function escaped(text: string): string {
  return (
    text
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll('"', "&quot;")
      .replaceAll("'", "&#39;")
      // A page may be printed in a log, where a GitHub Actions runner executes lines that start like this.
      .replace(/^(\s*):(?=:)/gm, "$1&#58;")
  );
}
