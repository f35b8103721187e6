import { parseRfc3339 } from "./rfc3339.ts";

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
