import { setMaxListeners } from "node:events";
import type { EndOfRun } from "./guard-process.ts";
import { main } from "./main.ts";
import { streamOutput } from "./streams.ts";

/**
 * Connects the program to a process, and resolves to its exit code when all of a report is handed over, however slow its
 * reader. The first Ctrl-C stops the queries and reports what is there; the second ends the process at once.
 */
export async function start(node: NodeJS.Process): Promise<EndOfRun> {
  const interrupt = new AbortController();
  setMaxListeners(0, interrupt.signal);
  const stdout = streamOutput(node.stdout, "Standard output", node.env);
  const stderr = streamOutput(node.stderr, "Standard error", node.env);
  const context = { cwd: node.cwd(), env: node.env, stdin: node.stdin, stdout, stderr, signal: interrupt.signal };
  return new Promise((resolve, reject) => {
    const onSignal = () => {
      if (!interrupt.signal.aborted) {
        interrupt.abort();
        return;
      }
      resolve(130);
      // After the callbacks of the promise, which take the exit code.
      setImmediate(() => node.exit());
    };
    node.on("SIGINT", onSignal).on("SIGTERM", onSignal);
    main(node.argv.slice(2), context)
      .then(resolve, reject)
      .finally(() => node.off("SIGINT", onSignal).off("SIGTERM", onSignal));
  });
}
