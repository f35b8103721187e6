const ESCAPE = "\u001b";
/** An escape code of the painter, for use in a pattern. */
export const STYLE_CODE = `${ESCAPE}\\[\\d+m`;
const CODE = new RegExp(`${ESCAPE}(?:\\[\\d+m|\\]8;;[^${ESCAPE}]*${ESCAPE}\\\\)`, "g");

const SGR = {
  bold: [1, 22],
  dim: [2, 22],
  underline: [4, 24],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;

export type Style = keyof typeof SGR;

/** Applies one or more styles to text. */
export type Paint = (text: string, ...styles: readonly Style[]) => string;

/** A painter that uses SGR codes (ECMA-48 section 8.3.117), or one that leaves text unchanged. */
export function painter(color: boolean): Paint {
  if (!color) return (text) => text;
  return (text, ...styles) =>
    styles.reduce((inner, style) => {
      const [on, off] = SGR[style];
      return `${ESCAPE}[${on}m${inner}${ESCAPE}[${off}m`;
    }, text);
}

/**
 * A text linked to a URL in a terminal (OSC 8, terminated by ST); unchanged if the URL contains anything but visible
 * ASCII.
 */
export function hyperlink(text: string, url: string): string {
  if (!/^[!-~]+$/.test(url)) return text;
  return `${ESCAPE}]8;;${url}${ESCAPE}\\${text}${ESCAPE}]8;;${ESCAPE}\\`;
}

/** Applies a function to all text between codes of the painter and of links. */
export function betweenCodes(text: string, change: (part: string) => string): string {
  let result = "";
  let done = 0;
  for (const { index, 0: code } of text.matchAll(CODE)) {
    result += change(text.slice(done, index)) + code;
    done = index + code.length;
  }
  return result + change(text.slice(done));
}

/** The text without codes of the painter and of links. */
export function unpainted(text: string): string {
  return text.replace(CODE, "");
}
