/**
 * Milliseconds since 1970 of an RFC 3339 time with a zone (`2026-11-22T08:00:00Z`, `…+01:00`), or null. Stricter than
 * `Date.parse`, which takes local times, dates that do not exist and the hour 24. A leap second (`23:59:60Z`) is the
 * second that follows it, for a JavaScript date knows none.
 */
export function parseRfc3339(text: string): number | null {
  const match =
    /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/.exec(text);
  if (match === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, , second = 0] = match.slice(1, 7).map(Number);
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (day < 1 || day > days || hour > 23) return null;
  if (second !== 60) return parsed(text);
  const before = parsed(`${text.slice(0, 17)}59${text.slice(19)}`);
  return before === null || (before + 1000) % 86_400_000 >= 1000 ? null : before + 1000;
}

function parsed(text: string): number | null {
  const time = Date.parse(text.toUpperCase());
  return Number.isNaN(time) ? null : time;
}

const DAY_MS = 86_400_000;

/**
 * The moment at which a day ends, UTC, in ms since 1970; null for what is no date. The day is written as RFC 3339 has it
 * (full-date): `2027-01-31`.
 */
export function endOfDay(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  const start = parseRfc3339(`${text}T00:00:00Z`);
  return start === null ? null : start + DAY_MS;
}
