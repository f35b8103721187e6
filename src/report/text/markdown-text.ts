import { escapeForTerminal } from "./wording.ts";

const ACTIVE = /[\\`*_{}[\]|~&<>$@#]|:(?=\/\/)|(?<=\bwww)\./gi;
const HARMLESS: Readonly<Record<string, string>> = {
  ...{ "&": "&amp;", "<": "&lt;", ">": "&gt;", $: "&#36;" },
  ...{ "@": "@<!-- -->", "#": "#<!-- -->" },
};

/**
 * Text of files, servers and rules as GitHub Flavored Markdown shows it within a line: no markup, link, mention, issue
 * number or formula comes of it. An empty comment keeps `@name` and `#1` apart, as they are looked for in the page that
 * the Markdown became.
 */
export function markdownText(text: string): string {
  return escapeForTerminal(text).replace(ACTIVE, (character) => HARMLESS[character] ?? `\\${character}`);
}

/** A rule's id or a name as code; as text where it holds what could end the code. */
export function markdownCode(text: string): string {
  return /^[\w./@:-]+$/.test(text) && text.length < 200 ? `\`${text}\`` : markdownText(text);
}
