/** Whether a text is a pattern: it has `*` or `?`. */
export function isGlob(text: string): boolean {
  return /[*?]/.test(text);
}

/**
 * Whether a pattern matches a path segment or name: `*` matches any characters except `/`, `?` matches one. The time is at
 * most proportional to the product of both lengths: patterns may come from untrusted files, and a regular expression with
 * several `*` backtracks for hours.
 */
export function matchesGlob(name: string, pattern: string): boolean {
  const text = Array.from(name);
  const wanted = Array.from(pattern);
  let at = 0;
  let next = 0;
  // Where to resume when the rest does not match: the last `*` then matches one more character.
  let star = -1;
  let resume = 0;
  while (at < text.length) {
    if (wanted[next] === "*") {
      star = next++;
      resume = at;
    } else if (wanted[next] === text[at] || (wanted[next] === "?" && text[at] !== "/")) {
      next++;
      at++;
    } else if (star >= 0 && text[resume] !== "/") {
      next = star + 1;
      at = ++resume;
    } else return false;
  }
  return wanted.slice(next).every((character) => character === "*");
}
