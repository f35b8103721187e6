/*
 * An input file must not contain secrets. If it does, no code after the reader may see them: the key is removed from
 * the value, the characters are masked in the text.
 */

const NAMES = [
  "password",
  "ssh_password",
  "web_password",
  "licence_key",
  "license_key",
  "entitlement_key",
  "token",
  "secret",
  "private_key",
  "snmp_community",
];

const SECRET_KEY = new RegExp(`^(?:${NAMES.join("|")}|snmp_(?:.*_)?password)$`);

/** Names that no format has and that are used for secrets only: a typing error must not show the value. */
const LOOKS_SECRET = /(?:pas+w(?:or)?d|passphrase)$|(?:^|_)(?:secrets?|credentials?|api_?key|access_?key)$/;

/** The id of a rule, as configs have it for a key: `access/no-plaintext-secrets` names no secret. */
const RULE_ID = /^[a-z0-9-]+\/[a-z0-9-]+$/;

/** True for a key that names a secret; upper and lower case, `-` and `_` are the same. */
export function isSecretKey(key: string): boolean {
  if (RULE_ID.test(key)) return false;
  const name = key.toLowerCase().replaceAll("-", "_");
  return SECRET_KEY.test(name) || LOOKS_SECRET.test(name);
}

/**
 * What a misspelled or unknown key has in it that may be one of a secret. No format has such a key, so it is an error
 * anyway; nothing but its value is hidden.
 */
const SUSPICIOUS = /pass|pwd|secret|token|key|cred|auth(?!or(?!iz))|bearer|communit/i;

/** True for a key that no format has and whose value may be a secret: it stays an unknown key, and its value is not shown. */
export function isSuspiciousKey(key: string): boolean {
  return SUSPICIOUS.test(key) && !RULE_ID.test(key) && !isSecretKey(key);
}

/** True for a key that is the user's own note and is ignored. */
export function isOwnNote(key: string): boolean {
  return key.startsWith("x-");
}

/**
 * User information in a URL (RFC 3986 section 3.2.1). The match starts at the colon, not at the scheme, so that it
 * takes linear time; it ends at the last `@`, because people write that character unescaped into passwords.
 */
const USER_INFORMATION = /:\/\/([^\s/?#]+)@/g;

/** The text with user information of URLs replaced by `***`; the same text when there is none. */
export function withoutUserInformation(text: string): string {
  return text.includes("://") ? text.replace(USER_INFORMATION, "://***@") : text;
}

/** A stretch of text to blank: from the first offset, to before the second. */
export type Range = readonly [start: number, end: number];

/**
 * The part to mask in a scalar whose decoded value has user information in it: that part if it can be located in the
 * source, else the whole scalar (escape sequences may hide where it ends).
 */
export function userInformationRanges(text: string, start: number, end: number): readonly Range[] {
  const source = text.slice(start, end);
  if (source.includes("\\")) return [[start, end]];
  const ranges = [...source.matchAll(USER_INFORMATION)].map(({ index, 1: found = "" }): Range => {
    const from = start + index + "://".length;
    return [from, from + found.length];
  });
  return ranges.length > 0 ? ranges : [[start, end]];
}

/** The text with the ranges replaced by `*`; line endings are kept, so that all other positions stay the same. */
export function blank(text: string, ranges: readonly Range[]): string {
  let result = "";
  let done = 0;
  for (const [start, end] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const from = Math.max(done, start);
    if (end <= from) continue;
    result += text.slice(done, from) + text.slice(from, end).replace(/[^\r\n]/g, "*");
    done = end;
  }
  return result + text.slice(done);
}

const SECRET_WORD = new RegExp(
  `["']?(?<![\\w-])(?:${NAMES.join("|").replaceAll("_", "[-_]")}|snmp[-_](?:[\\w-]*[-_])?password)(?![\\w-])["']?`,
  "i",
);

/** A word before a colon, an equals sign or the end of its line, as keys are written; the lookbehind keeps the search linear. */
const KEY_WORD = /["']?(?<![\w/-])([\w-]+)["']?(?=\s*(?:[:=]|$))/g;

/** The first word of a line that names a secret, or a key that may do so. */
function secretWord(line: string): RegExpMatchArray | null {
  const named = SECRET_WORD.exec(line);
  if (named !== null) return named;
  for (const found of line.matchAll(KEY_WORD)) if (SUSPICIOUS.test(found[1] ?? "")) return found;
  return null;
}

/** A key that was commented out: `# passwrod: …`. */
function commentedKey(comment: string): RegExpMatchArray | null {
  const found = /^#+[ \t]*(?:-[ \t]+)?["']?([\w-]+)["']?(?=\s*[:=])/.exec(comment);
  return found !== null && SUSPICIOUS.test(found[1] ?? "") ? found : null;
}

/**
 * What to blank in the comments of a YAML file: `# password: …` is a secret that was meant to be removed. A `#` inside
 * a string may be taken for a comment; that blanks too much, never too little.
 */
export function commentRanges(text: string): readonly Range[] {
  const ranges: Range[] = [];
  // Of a secret in the comment above, whose value may continue below: where that ends, and the column of its key.
  let above = { end: -1, column: Infinity };
  for (let at = text.indexOf("#"); at !== -1; at = text.indexOf("#", at)) {
    const end = lineEnd(text, at);
    const comment = text.slice(at, end);
    const content = comment.search(/[^#\s]/);
    const continues =
      above.end >= 0 && content > above.column && /^(?:\r\n|[\r\n])[ \t]*$/.test(text.slice(above.end, at));
    const word = SECRET_WORD.exec(comment) ?? commentedKey(comment);
    const rest = word === null ? "" : comment.slice((word.index ?? 0) + word[0].length);
    const separator = /^\s*[:=]\s*/.exec(rest);
    if (continues) {
      ranges.push([at + content, end]);
      above = { ...above, end };
    } else if (separator !== null) {
      ranges.push([end - rest.length + separator[0].length, end]);
      above = { end, column: comment.search(/[^#\s-]/) };
    } else above = { end: -1, column: Infinity };
    ranges.push(...shownUserInformation(comment, at));
    at = end;
  }
  return ranges;
}

/**
 * What to blank in a text that could not be parsed: on every line all behind a word that names a secret, and its value on
 * the lines below: those that are more indented (a block scalar, a nested value), the next one if the value did not begin
 * yet, and those up to the end of a list or mapping in brackets. The end of the value is unknown, so it blanks generously.
 */
export function suspectRanges(text: string): readonly Range[] {
  const ranges: Range[] = [...shownUserInformation(text, 0)];
  const anchors = new Set<string>();
  // Second round: values that a secret key takes from an anchor somewhere else.
  for (const isSuspect of [secretWord, (line: string) => anchorIn(line, anchors)]) {
    let value: SuspectValue | undefined;
    for (const { index, 0: line } of text.matchAll(/[^\r\n]+/g)) {
      const indent = line.search(/[^\s#]/);
      if (indent === -1) continue;
      if (value !== undefined && value.contains(line, indent)) {
        ranges.push([index, index + line.length]);
        continue;
      }
      const word = isSuspect(line);
      const rest = word === null ? "" : line.slice((word.index ?? 0) + word[0].length);
      const continues = word !== null && (/^\s*(?::|$)/.test(rest) || anchors.size > 0);
      value = continues ? new SuspectValue(line.search(/[^\s\-?#]/), rest) : undefined;
      ranges.push([index + line.length - rest.length, index + line.length]);
      for (const [, name = ""] of rest.matchAll(/\*([^\s,[\]{}]+)/g)) anchors.add(name);
    }
  }
  return ranges;
}

/** The value of a key that may name a secret, line by line. */
class SuspectValue {
  #hasBegun = false;
  /** Brackets that are open, if the value is in brackets. */
  #open = 0;

  /**
   * @param column that of the key
   * @param rest what follows the key on its line
   */
  constructor(
    private readonly column: number,
    rest: string,
  ) {
    this.#read(rest);
  }

  /** Whether the next line is a part of it. */
  contains(line: string, indent: number): boolean {
    const isPart = indent > this.column || !this.#hasBegun || this.#open > 0;
    if (isPart) this.#read(line);
    return isPart;
  }

  #read(text: string): void {
    const value = this.#hasBegun ? text : text.replace(/^[\s:=]+/, "");
    if (!this.#hasBegun && value === "") return;
    const isInBrackets = this.#hasBegun ? this.#open > 0 : /^[[{]/.test(value);
    this.#hasBegun = true;
    if (isInBrackets) this.#open += value.replace(/[^[{]/g, "").length - value.replace(/[^\]}]/g, "").length;
  }
}

/** Also finds `:\/\/`, as JSON may write it. */
function shownUserInformation(text: string, offset: number): readonly Range[] {
  return [...text.matchAll(/:(?:\\?\/){2}([^\s/?#]+)@/g)].map(({ index, 0: all, 1: found = "" }): Range => {
    const end = offset + index + all.length - "@".length;
    return [end - found.length, end];
  });
}

function anchorIn(line: string, names: ReadonlySet<string>): RegExpExecArray | null {
  const anchor = names.size === 0 ? null : /&([^\s,[\]{}]+)/.exec(line);
  return anchor !== null && names.has(anchor[1] ?? "") ? anchor : null;
}

function lineEnd(text: string, from: number): number {
  const found = /[\r\n]/g;
  found.lastIndex = from;
  return found.exec(text)?.index ?? text.length;
}
