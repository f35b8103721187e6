/** The limit of a wait, and its result if nothing else ends it. */
export interface WaitLimits<Result> {
  readonly timeout_ms: number;
  readonly signal: AbortSignal;
  readonly timedOut: () => Result;
  readonly aborted: () => Result;
}

/** How the work ends its own wait; only the first call counts. */
export interface WaitEnd<Result> {
  readonly end: (result: Result) => void;
  /** For bugs, which are not results of the network: the wait rejects. */
  readonly fail: (error: unknown) => void;
}

/** Node's timers fire immediately for longer delays. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Waits for work until it ends, the timeout expires, or the signal aborts; then releases the resources of the work.
 * Timer and listener are removed when the promise settles.
 *
 * @param start starts the work and returns the function that releases its sockets; an error that it throws rejects the
 * wait
 */
export function boundedWait<Result>(
  limits: WaitLimits<Result>,
  start: (waitEnd: WaitEnd<Result>) => () => void,
): Promise<Result> {
  if (limits.signal.aborted) return Promise.resolve(limits.aborted());
  return new Promise((resolve, reject) => {
    // Changed in closures, which the compiler does not see.
    let settled = false as boolean;
    let release: () => void = () => undefined;

    const settle = (conclude: () => void): void => {
      if (settled) return;
      settled = true;
      cancelTimer();
      // An aborted signal has dropped its listeners; a thousand waits would each search for their own.
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
    // Settled during the start: there was nothing to release yet.
    if (settled) release();
  });
}

/**
 * A timer that first lets Node read data that has already arrived: timers run before sockets are polled, so after a
 * busy moment a plain timer would time out for a server whose reply is already in the socket's buffer.
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

/** A start time, and the time elapsed since then. */
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
