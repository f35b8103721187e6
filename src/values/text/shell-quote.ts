/** Text as one word of a POSIX shell. */
export function shellQuote(text: string): string {
  return /^[A-Za-z0-9_./:@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/**
 * Text as a single-quoted PowerShell string: a quote is doubled (about_Quoting_Rules). PowerShell takes the typographic
 * single quotes for quotes as well (PowerShell Language Specification 3.0, section 2.3.5.2).
 */
export function powerShellQuote(text: string): string {
  return `'${text.replaceAll(/['\u2018-\u201b]/g, "$&$&")}'`;
}
