/** A token of PowerShell; of a string, its value as PowerShell reads it. */
export interface Token {
  readonly kind: "comment" | "string" | "variable" | "word" | "symbol" | "line";
  readonly text: string;
}

/** Typographic quotes and dashes are those of the keyboard to PowerShell (Language Specification 3.0, 2.3.5.2 and 2.2.5). */
const SINGLE = "'\u2018\u2019\u201a\u201b";
const DOUBLE = '"\u201c\u201d\u201e';

/**
 * The tokens of a script in the subset of PowerShell that scripts are written in; throws for anything else, such as a string
 * in double quotes, a backquote or a string that does not end. Lines end as they do for PowerShell: CR, LF, and no other.
 */
export function powerShellTokens(script: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (kind: Token["kind"], pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const [text] = pattern.exec(script) ?? [];
    if (text === undefined || text === "") return false;
    at += text.length;
    tokens.push({ kind, text });
    return true;
  };
  while (at < script.length) {
    const character = script[at] ?? "";
    if (/[ \t]/.test(character)) at++;
    else if (SINGLE.includes(character)) tokens.push({ kind: "string", text: string() });
    else if (DOUBLE.includes(character) || character === "`") throw new Error(`${character} at ${at}: ${around()}`);
    else if (character === "#") take("comment", /#[^\r\n]*/y);
    else if (
      !take("line", /[\r\n]+/y) &&
      !take("variable", /\$(?:\w+:)?\w+/y) &&
      !take("word", /-?[A-Za-z][\w.-]*|\d+/y) &&
      !take("symbol", /\.\.|::|[-{}()[\]|=,.;@&$+*/<>!?:%]/y)
    )
      throw new Error(`${JSON.stringify(character)} at ${at}: ${around()}`);
  }
  return tokens;

  /** The value of a single-quoted string: two quotes of any kind are the second one. */
  function string(): string {
    let value = "";
    for (at++; at < script.length; at++) {
      const character = script[at] ?? "";
      if (!SINGLE.includes(character)) value += character;
      else if (SINGLE.includes(script[at + 1] ?? "\n")) value += script[++at] ?? "";
      else {
        at++;
        return value;
      }
    }
    throw new Error("a string does not end");
  }

  function around(): string {
    return JSON.stringify(script.slice(Math.max(0, at - 40), at + 40));
  }
}
