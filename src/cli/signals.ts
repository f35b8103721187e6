import { setMaxListeners } from "node:events";

/** Signals that end a run: Ctrl-C, a request to terminate, and a closed terminal. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Ctrl-C, SIGTERM and SIGHUP. By default they end the process, so that they also end a loop in a rule; while servers
 * are contacted and reports are written, the first one aborts `signal` and the second one calls `onSecond`.
 */
export class Signals {
  readonly #interrupt = new AbortController();
  #holders = 0;

  constructor(
    private readonly node: NodeJS.Process,
    private readonly onSecond: () => void,
  ) {
    setMaxListeners(0, this.signal);
  }

  get signal(): AbortSignal {
    return this.#interrupt.signal;
  }

  readonly interruptible = async <T>(work: () => Promise<T>): Promise<T> => {
    if (this.#holders++ === 0) for (const name of SIGNALS) this.node.on(name, this.#received);
    try {
      return await work();
    } finally {
      if (--this.#holders === 0) for (const name of SIGNALS) this.node.off(name, this.#received);
    }
  };

  readonly #received = (): void => {
    if (this.signal.aborted) this.onSecond();
    else this.#interrupt.abort();
  };
}
