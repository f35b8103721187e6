/** When something began, and how long ago that is. */
export interface Stopwatch {
  /** RFC 3339, UTC. */
  readonly started_at: string;
  /** Whole milliseconds since then, by the monotonic clock. */
  elapsed_ms(): number;
}

export function startStopwatch(): Stopwatch {
  const started = performance.now();
  return {
    started_at: new Date().toISOString(),
    elapsed_ms: () => Math.round(performance.now() - started),
  };
}
