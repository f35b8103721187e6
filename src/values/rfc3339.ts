/**
 * Milliseconds since 1970 of an RFC 3339 time with a zone (`2026-11-22T08:00:00Z`, `…+01:00`), or null. Stricter than
 * `Date.parse`, which takes local times and dates that do not exist.
 */
export function parseRfc3339(text: string): number | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})$/.exec(text);
  if (match === null) return null;
  const [, year, month, day] = match.map(Number);
  const days = new Date(Date.UTC(year ?? 0, month ?? 0, 0)).getUTCDate();
  if (day === undefined || day < 1 || day > days) return null;
  const time = Date.parse(text.toUpperCase());
  return Number.isNaN(time) ? null : time;
}
