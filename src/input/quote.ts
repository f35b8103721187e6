const LIMIT = 80;

/** A word from a file inside a sentence: in quotes, control characters escaped, cut when it is long. */
export function quote(text: string): string {
  const isLong = text.length > LIMIT;
  return JSON.stringify(isLong ? `${text.slice(0, LIMIT)}…` : text);
}
