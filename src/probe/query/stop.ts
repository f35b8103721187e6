import { setMaxListeners } from "node:events";

import type { NotAskedReason } from "../../engine/api/question.ts";

/** One signal for all queries in progress, and its reason. */
export interface Stop {
  readonly signal: AbortSignal;
  reason(): NotAskedReason | null;
  /** Removes the timer and the listeners. */
  release(): void;
}

/** Node's timers fire immediately for longer delays. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Stops at a time of the monotonic clock, or when one of the signals aborts. */
export function stopOn(signals: readonly (AbortSignal | undefined)[], ends: number): Stop {
  const controller = new AbortController();
  // Every open query listens to it; Node would warn at eleven.
  setMaxListeners(0, controller.signal);
  let reason: NotAskedReason | null = null;
  const stop = (why: NotAskedReason): void => {
    reason ??= why;
    controller.abort();
  };
  const abort = (): void => stop("aborted");

  const timer = setTimeout(() => stop("deadline"), Math.min(Math.max(0, ends - performance.now()), LONGEST_TIMER_MS));
  for (const signal of signals) {
    if (signal?.aborted === true) abort();
    signal?.addEventListener("abort", abort, { once: true });
  }
  // Not left to the timer, which would let the first queries through.
  if (performance.now() >= ends) stop("deadline");

  return {
    signal: controller.signal,
    reason: () => reason,
    release: () => {
      clearTimeout(timer);
      for (const signal of signals) signal?.removeEventListener("abort", abort);
    },
  };
}
