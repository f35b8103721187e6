/** `1 check`, `3 checks`, `1,204 checks`. */
export function counted(count: number, noun: string): string {
  return `${thousands(count)} ${count === 1 ? noun : `${noun.replace(/([^aeiou])y$/, "$1ie")}s`}`;
}

/** `1204` as `1,204`, independent of the machine's locale. */
export function thousands(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

const MOST_SHOWN = 5;

/** The first five items of a list, and the number of others: `a, b and 3 more`. A certificate may have a thousand names. */
export function shortList(items: readonly string[]): string {
  const rest = items.length - MOST_SHOWN;
  const shown = items.slice(0, MOST_SHOWN).join(", ");
  return rest > 0 ? `${shown} and ${rest} more` : shown;
}
