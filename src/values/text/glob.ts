/** Whether a text is a pattern: it has `*` or `?`. */
export function isGlob(text: string): boolean {
  return /[*?]/.test(text);
}

/** A pattern for one path segment or name as an expression: `*` stands for any characters but `/`, `?` for one. */
export function globExpression(pattern: string): RegExp {
  const source = pattern.replace(/[\\^$.|+()[\]{}]/g, "\\$&").replace(/\*+/g, "[^/]*");
  return new RegExp(`^${source.replaceAll("?", "[^/]")}$`, "u");
}
