/** How long a wait may last, and what it comes to when nothing else ends it. */
export interface WaitLimits<Result> {
  readonly timeout_ms: number;
  readonly signal: AbortSignal;
  readonly timedOut: () => Result;
  readonly aborted: () => Result;
}

/** The ways in which the work ends its own wait; only the first call counts. */
export interface WaitEnd<Result> {
  readonly end: (result: Result) => void;
  /** For errors that are no finding about the network but a bug: the wait rejects. */
  readonly fail: (error: unknown) => void;
}

/** Longer delays make Node's timers fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Waits for work until it ends, its time is over, or the signal aborts; then releases what the work holds. Timer and
 * listener are gone when the promise settles.
 *
 * @param start begins the work and returns the function that releases its sockets; what `start` throws rejects the wait
 */
export function boundedWait<Result>(
  limits: WaitLimits<Result>,
  start: (waitEnd: WaitEnd<Result>) => () => void,
): Promise<Result> {
  if (limits.signal.aborted) return Promise.resolve(limits.aborted());
  return new Promise((resolve, reject) => {
    // Closures change it, which the compiler does not see.
    let settled = false as boolean;
    let release: () => void = () => undefined;

    const settle = (conclude: () => void): void => {
      if (settled) return;
      settled = true;
      cancelTimer();
      // A signal that has aborted has let go of its listeners; a thousand waits would search them for their own.
      if (!limits.signal.aborted) limits.signal.removeEventListener("abort", onAbort);
      release();
      conclude();
    };
    const waitEnd: WaitEnd<Result> = {
      end: (result) => settle(() => resolve(result)),
      // The reason is passed on as it was thrown.
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
      fail: (error) => settle(() => reject(error)),
    };
    const onAbort = (): void => waitEnd.end(limits.aborted());
    const cancelTimer = startTimer(limits.timeout_ms, () => waitEnd.end(limits.timedOut()));
    limits.signal.addEventListener("abort", onAbort, { once: true });

    try {
      release = start(waitEnd);
    } catch (error) {
      waitEnd.fail(error);
    }
    // Settled while it was starting: there was nothing to release yet.
    if (settled) release();
  });
}

/**
 * A timer that first lets Node read what has already arrived: timers run before sockets are polled, so after a busy
 * moment a plain timer would call a server silent whose reply lies in the socket's buffer.
 */
function startTimer(ms: number, expired: () => void): () => void {
  let afterPoll: NodeJS.Immediate | undefined;
  const timer = setTimeout(
    () => {
      afterPoll = setImmediate(expired);
    },
    Math.min(ms, LONGEST_TIMER_MS),
  );
  return () => {
    clearTimeout(timer);
    clearImmediate(afterPoll);
  };
}

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
