import { parseRfc3339 } from "./rfc3339.ts";

/** The moments, in ms since 1970, at which data may have been collected. */
export interface CollectionTime {
  readonly earliest: number;
  readonly latest: number;
}

const HOUR_MS = 3_600_000;
/** The time zones furthest ahead of and behind UTC. */
const MOST_AHEAD = 14 * HOUR_MS;
const MOST_BEHIND = 12 * HOUR_MS;

/**
 * When data was collected, from the time in an inventory. One without a zone, as RVTools writes it, may mean any moment
 * from UTC+14 to UTC−12. Null for any other text.
 */
export function collectionTime(text: string): CollectionTime | null {
  const exact = parseRfc3339(text);
  if (exact !== null) return { earliest: exact, latest: exact };
  const local = parseRfc3339(`${text}Z`);
  return local === null ? null : { earliest: local - MOST_AHEAD, latest: local + MOST_BEHIND };
}
