import { Session } from "node:inspector/promises";

/** The blocks of this repository's functions that have run together in this process, as reported by V8. */
export class Coverage {
  readonly #session = new Session();
  readonly #seen = new Set<string>();

  static async start(): Promise<Coverage> {
    const coverage = new Coverage();
    coverage.#session.connect();
    await coverage.#session.post("Profiler.enable");
    await coverage.#session.post("Profiler.startPreciseCoverage", { callCount: false, detailed: true });
    return coverage;
  }

  /** Whether blocks ran since the last call that never ran before, or not together. */
  async isNew(): Promise<boolean> {
    const { result } = await this.#session.post("Profiler.takePreciseCoverage");
    const before = this.#seen.size;
    for (const { url, functions } of result) {
      if (!/\/src\/(?!.*\.generated\.)/.test(url) || url.includes("node_modules")) continue;
      for (const { ranges } of functions) {
        // Blocks are listed where their count differs from the surrounding one: together they show which parts of a
        // function ran.
        const blocks = ranges
          .map(({ startOffset, endOffset, count }) => `${startOffset}-${endOffset}:${count}`)
          .join(" ");
        if ((ranges[0]?.count ?? 0) > 0) this.#seen.add(`${url} ${blocks}`);
      }
    }
    return this.#seen.size > before;
  }
}
