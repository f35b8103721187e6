import { questionKey } from "../../engine/api/question.ts";
import { counted, escapeForTerminal, thousands } from "../../report/text/wording.ts";
import type { RunPhase, RunTimer } from "../../run/options.ts";
import type { RunReport } from "../../schema/report.generated.ts";

/** Number of rules and queries listed. */
const LISTED = 15;

/** The time spent in a run, for `--stats`. */
export class RunStats implements RunTimer {
  readonly #phases = new Map<string, number>();
  readonly #rules = new Map<string, { checks: number; ms: number }>();
  #lastAt = performance.now();

  now(): number {
    return performance.now();
  }

  phase(name: RunPhase | "write reports"): void {
    const now = performance.now();
    this.#phases.set(name, (this.#phases.get(name) ?? 0) + now - this.#lastAt);
    this.#lastAt = now;
  }

  rule(id: string, checks: number, ms: number): void {
    const known = this.#rules.get(id) ?? { checks: 0, ms: 0 };
    this.#rules.set(id, { checks: known.checks + checks, ms: known.ms + ms });
  }

  /** Phases, the slowest rules by their first evaluation, and the slowest queries. */
  *text({ evidence }: Pick<RunReport, "evidence">): Generator<string> {
    yield "Time by phase\n";
    for (const [name, ms] of this.#phases) yield line(ms, name);
    const rules = [...this.#rules].sort(([, a], [, b]) => b.ms - a.ms);
    yield `Time by rule (the slowest of ${rules.length})\n`;
    for (const [id, { checks, ms }] of rules.slice(0, LISTED)) {
      yield line(
        ms,
        `${escapeForTerminal(id)}: ${counted(checks, "check")}, ${((ms / checks) * 1000).toFixed(1)} µs each`,
      );
    }
    const queries = [...evidence].sort((a, b) => b.answer.duration_ms - a.answer.duration_ms);
    if (queries.length > 0) yield `Time by query (the slowest of ${thousands(queries.length)})\n`;
    for (const { question, answer } of queries.slice(0, LISTED)) {
      yield line(answer.duration_ms, `${escapeForTerminal(questionKey(question))}: ${answer.reason}`);
    }
    yield `Memory: at most ${Math.round(process.resourceUsage().maxRSS / 1024)} MB\n`;
  }
}

function line(ms: number, what: string): string {
  return `${ms.toFixed(1).padStart(10)} ms  ${what}\n`;
}
