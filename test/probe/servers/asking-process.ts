import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

import type { Answer, Question } from "../../../src/engine/api/question.ts";
import type { ProberOptions } from "../../../src/probe/prober.ts";

/** The arguments that the process in `asking-process-main.ts` reads. */
export interface AskingOrder {
  readonly questions: readonly Question[];
  readonly options: Pick<ProberOptions, "timeout_ms" | "concurrency" | "ca" | "deadline_ms">;
  /** False: all queries at once, bypassing the scheduler. */
  readonly scheduled: boolean;
}

export interface AskingReport {
  readonly answers: readonly Answer[];
  /** What would keep the process alive after the last answer (`process.getActiveResourcesInfo`). */
  readonly left: readonly string[];
  /** Files of npm packages, and Node's own modules, that were loaded. */
  readonly modules: readonly string[];
}

/**
 * Sends queries from a separate process, which ends only when nothing of the prober is left open.
 *
 * @param descriptors limit of file descriptors
 * @param wrapper a command that runs it elsewhere: `ip netns exec NAME`
 */
export function askInProcess(
  order: AskingOrder,
  descriptors = 1024,
  wrapper: readonly string[] = [],
): Promise<AskingReport> {
  const main = fileURLToPath(new URL("./asking-process-main.ts", import.meta.url));
  const node = [...wrapper, process.execPath, "--import", "tsx", main, JSON.stringify(order)];
  return new Promise((resolve, reject) => {
    const options = { maxBuffer: 64 * 1024 * 1024 };
    execFile("sh", ["-c", `ulimit -n ${descriptors}; exec "$0" "$@"`, ...node], options, (error, stdout, stderr) => {
      if (error !== null) reject(new Error(stderr, { cause: error }));
      else resolve(JSON.parse(stdout) as AskingReport);
    });
  });
}
