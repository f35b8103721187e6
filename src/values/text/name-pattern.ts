/**
 * Whether a name fits a pattern in which `*` matches any number of characters. The whole name must fit; upper and lower
 * case are the same. Takes time linear in the name for each `*`, whatever the pattern.
 */
export function matchesPattern(name: string, pattern: string): boolean {
  const text = name.trim().toLowerCase();
  const [head = "", ...parts] = pattern.trim().toLowerCase().split("*");
  if (!text.startsWith(head)) return false;
  const tail = parts.pop();
  if (tail === undefined) return text === head;
  let from = head.length;
  for (const part of parts) {
    const found = text.indexOf(part, from);
    if (found === -1) return false;
    from = found + part.length;
  }
  return text.length - from >= tail.length && text.endsWith(tail);
}
