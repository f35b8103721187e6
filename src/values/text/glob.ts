/** Whether a text is a pattern: it has `*` or `?`. */
export function isGlob(text: string): boolean {
  return /[*?]/.test(text);
}

/** The expression for a pattern of one path segment or name: `*` matches any characters except `/`, `?` matches one. */
export function globExpression(pattern: string): RegExp {
  const source = pattern.replace(/[\\^$.|+()[\]{}]/g, "\\$&").replace(/\*+/g, "[^/]*");
  return new RegExp(`^${source.replaceAll("?", "[^/]")}$`, "u");
}
