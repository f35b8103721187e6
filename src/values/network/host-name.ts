/** The form in which names compare: lower case, no trailing dot, no surrounding blanks. */
export function canonicalName(name: string): string {
  return name.trim().toLowerCase().replace(/\.$/, "");
}

/** Whether the text can stand as a DNS name: labels of 1–63 letters, digits, hyphens, underscores; at most 253 in all. */
export function isHostName(text: string): boolean {
  const name = canonicalName(text);
  if (name.length === 0 || name.length > 253) return false;
  return name.split(".").every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label));
}
