import type { EndOfRun, RunState } from "./guard-process.ts";
import { main } from "./main.ts";
import { PluginWatchdog } from "./plugin-watchdog.ts";
import { Signals } from "./signals.ts";
import { streamOutput } from "./streams.ts";

/**
 * Connects the program to a process, and resolves to its exit code when the whole report is written, however slow its
 * reader. The first Ctrl-C during live checks ends the queries and reports the results so far; the second ends the
 * process.
 */
export async function start(node: NodeJS.Process, state: RunState): Promise<EndOfRun> {
  const stdout = streamOutput(node.stdout, "Standard output", node.env);
  const stderr = streamOutput(node.stderr, "Standard error", node.env);
  return new Promise((resolve, reject) => {
    const end = (code: EndOfRun, isForced: boolean) => {
      resolve(code);
      // After the promise callbacks, which set the exit code.
      if (isForced) setImmediate(() => node.exit());
    };
    const { signal, interruptible } = new Signals(node, () => end(130, true));
    const pluginWatch = new PluginWatchdog(state, node.env);
    const context = {
      ...{ cwd: node.cwd(), env: node.env, stdout, stderr },
      // Opened on first use: Node loads its network code for a pipe.
      get stdin() {
        return node.stdin;
      },
      ...{ signal, interruptible, pluginWatch },
    };
    // A timer or socket of a plugin would keep the process running.
    main(node.argv.slice(2), context).then((code) => end(code, state.hasPlugins), reject);
  });
}
