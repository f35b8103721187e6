/**
 * So many of the items, in their order: of every kind the first before any second, and so on, so that no kind is hidden
 * behind the repeats of another.
 */
export function firstOfEachKind<T>(items: readonly T[], kindOf: (item: T) => string, most: number): readonly T[] {
  if (items.length <= most) return items;
  const rounds: T[][] = [];
  const seen = new Map<string, number>();
  for (const item of items) {
    const kind = kindOf(item);
    const round = seen.get(kind) ?? 0;
    seen.set(kind, round + 1);
    if (round < most) (rounds[round] ??= []).push(item);
  }
  const chosen = new Set(rounds.flat().slice(0, most));
  return items.filter((item) => chosen.has(item));
}
