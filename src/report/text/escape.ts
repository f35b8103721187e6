/**
 * Characters that move the cursor, color, reorder, break or hide text: control characters (Cc: C0, DEL, C1), format
 * characters (Cf: bidi controls, zero-width, tags), line and paragraph separators, lone surrogates, and other
 * characters that Unicode allows a font to render invisibly (fillers, variation selectors). Noncharacters (U+FFFE,
 * U+FFFF …) are included because YAML 1.2 section 5.1 does not allow two of them: our own reader would reject the JSON
 * that we write.
 */
const DECEPTIVE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu;

/**
 * Commands that log viewers of CI systems execute anywhere in a line: `##[error]` (GitHub Actions),
 * `##vso[task.setvariable …]` (Azure Pipelines), `##teamcity[…]`. Only the two signs are matched, so that the rest
 * stays readable after the replacement.
 */
export const RUNNER_COMMAND = /##(?=[a-z]*\[)/gi;

/** Text with only line feeds and printable ASCII: tested far faster than Unicode properties. */
const PLAIN = /^[\n\x20-\x7e]*$/;

/**
 * Text from files and servers, safe to print on one line: every deceptive character, including line breaks and tabs, is
 * shown as `\xNN` or `\u{…}`, so that no name can forge a line, a color, or a command to a CI system.
 */
export function terminal(given: string): string {
  const text = given.includes("##") ? given.replace(RUNNER_COMMAND, "#\\x23") : given;
  if (PLAIN.test(text) && !text.includes("\n")) return text;
  return text.replace(DECEPTIVE, (character) => {
    const code = character.codePointAt(0) ?? 0;
    const hex = code.toString(16);
    return code < 0x100 ? `\\x${hex.padStart(2, "0")}` : `\\u{${hex}}`;
  });
}

/** Serialized JSON with the same characters as JSON escapes: equal when parsed, safe to print on a terminal. */
export function terminalJson(given: string): string {
  // Both signs are within a string; nothing else in JSON contains them.
  const json = given.includes("##") ? given.replace(RUNNER_COMMAND, "#\\u0023") : given;
  if (PLAIN.test(json)) return json;
  // JSON.stringify has escaped C0 and lone surrogates; its own line breaks are the only control characters left.
  return json.replace(DECEPTIVE, (character) => (character === "\n" ? character : asJsonEscapes(character)));
}

function asJsonEscapes(character: string): string {
  return Array.from(
    { length: character.length },
    (_, unit) => `\\u${character.charCodeAt(unit).toString(16).padStart(4, "0")}`,
  ).join("");
}

/** The text cut to `limit` UTF-16 units, with the number of omitted ones, so that a huge value stays readable. */
export function clip(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const isSplitPair = /[\ud800-\udbff]/.test(text.charAt(limit - 1));
  const kept = text.slice(0, isSplitPair ? limit - 1 : limit);
  return `${kept}… (${text.length - kept.length} more characters)`;
}
