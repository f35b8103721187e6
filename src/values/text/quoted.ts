/** Control characters, and invisible ones that change how the text around them is shown (bidirectional, zero width). */
const UNSHOWABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/**
 * Text from a file, fit for one line of a message: in double quotes, cut after 60 characters, with control characters
 * escaped and the user information of a URL (`//user:password@`) hidden.
 */
export function quoted(text: string): string {
  return `"${escapeForMessage(text)}"`;
}

/** A key or another name in a sentence: in quotes unless it is a simple word. */
export function word(text: string): string {
  return /^[\w.$-]{1,60}$/.test(text) ? text : quoted(text);
}

/** As `quoted`, without the quotes. */
export function escapeForMessage(text: string): string {
  const hidden = text.replace(/(\/\/)[^/\s]+@/g, "$1***@");
  // At most two units make a character, so the first 122 hold the first 61.
  const characters = Array.from(hidden.slice(0, 122));
  const kept = characters.slice(0, 60).join("").replace(UNSHOWABLE, escape).replaceAll('"', '\\"');
  return characters.length > 60 ? `${kept}…` : kept;
}

function escape(character: string): string {
  const short = { "\n": "\\n", "\r": "\\r", "\t": "\\t" }[character];
  return short ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
