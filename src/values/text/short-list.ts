const MOST_SHOWN = 5;

/** The first five of a list, and how many there are besides: `a, b and 3 more`. A certificate may have a thousand names. */
export function shortList(items: readonly string[]): string {
  const rest = items.length - MOST_SHOWN;
  const shown = items.slice(0, MOST_SHOWN).join(", ");
  return rest > 0 ? `${shown} and ${rest} more` : shown;
}
