import { escapeForTerminal } from "./wording.ts";

const ACTIVE = /[\\`*_{}[\]|~&<>$@#]|:(?=\/\/)|(?<=\bwww)\./gi;
const HARMLESS: Readonly<Record<string, string>> = {
  ...{ "&": "&amp;", "<": "&lt;", ">": "&gt;", $: "&#36;" },
  ...{ "@": "@<!-- -->", "#": "#<!-- -->" },
};

/**
 * Text from files, servers and rules, escaped for one line of GitHub Flavored Markdown: it creates no markup, link,
 * mention, issue number or formula. An empty comment separates `@name` and `#1`, as GitHub looks for them in the
 * rendered page.
 */
export function markdownText(text: string): string {
  return escapeForTerminal(text).replace(ACTIVE, (character) => HARMLESS[character] ?? `\\${character}`);
}

/** A rule's id or a name as code; as text if it contains something that could end the code. */
export function markdownCode(text: string): string {
  return /^[\w./@:-]+$/.test(text) && text.length < 200 ? `\`${text}\`` : markdownText(text);
}
