interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** Time that passes only while nothing else can happen, so that a test can measure how long something takes. */
export class VirtualClock {
  readonly #sleeping: Sleeper[] = [];
  /** Milliseconds since the start. */
  now = 0;
  #activity = 0;

  /** Resolves after a number of virtual milliseconds, or when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void> {
    this.#activity++;
    return new Promise((resolve) => {
      const sleeper = { at: this.now + ms, wake: resolve };
      this.#sleeping.push(sleeper);
      signal.addEventListener("abort", () => {
        this.#remove(sleeper);
        resolve();
      });
    });
  }

  /** Notes that something happened. */
  touch(): void {
    this.#activity++;
  }

  /** Lets time pass until the work has ended. */
  async run<T>(work: Promise<T>): Promise<T> {
    const state = { hasEnded: false };
    const end = (): void => void (state.hasEnded = true);
    work.then(end, end);
    for (;;) {
      await this.#untilQuiet();
      if (state.hasEnded) return work;
      const [next] = this.#sleeping.toSorted((a, b) => a.at - b.at);
      if (next === undefined) continue;
      this.now = next.at;
      for (const sleeper of this.#sleeping.filter(({ at }) => at === next.at)) {
        this.#remove(sleeper);
        sleeper.wake();
      }
    }
  }

  /** Waits until nothing has happened for some turns of the event loop. */
  async #untilQuiet(): Promise<void> {
    for (let quiet = 0, seen = this.#activity; quiet < 20; quiet++) {
      await new Promise((resolve) => setImmediate(resolve));
      if (seen !== this.#activity) [seen, quiet] = [this.#activity, 0];
    }
  }

  #remove(sleeper: Sleeper): void {
    const index = this.#sleeping.indexOf(sleeper);
    if (index >= 0) this.#sleeping.splice(index, 1);
  }
}
