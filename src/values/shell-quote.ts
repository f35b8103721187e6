/** Text as one word for a POSIX shell. */
export function shellQuote(text: string): string {
  return /^[A-Za-z0-9_./:@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** Text as a single-quoted PowerShell string (about_Quoting_Rules: a quote is doubled). */
export function powerShellQuote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
