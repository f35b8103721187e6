import { setMaxListeners } from "node:events";
import { version } from "../run/version.ts";
import { main } from "./main.ts";
import { streamOutput } from "./streams.ts";

/**
 * Connects the program to a process. The exit code is set, never forced, so that a slow reader gets all of a report.
 * The first Ctrl-C stops the asking and reports what is there; the second ends the process at once.
 */
export async function start(node: NodeJS.Process): Promise<void> {
  const interrupt = new AbortController();
  setMaxListeners(0, interrupt.signal);
  const onSignal = () => {
    if (interrupt.signal.aborted) node.exit(130);
    interrupt.abort();
  };
  node.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  const stdout = streamOutput(node.stdout, "Standard output", node.env);
  const stderr = streamOutput(node.stderr, "Standard error", node.env);
  try {
    const context = { cwd: node.cwd(), env: node.env, stdin: node.stdin, stdout, stderr, signal: interrupt.signal };
    node.exitCode = await main(node.argv.slice(2), context);
  } catch (bug) {
    await stderr.write([bugReport(bug, node)]);
    node.exitCode = 2;
  } finally {
    node.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  }
}

function bugReport(bug: unknown, { version: nodeVersion, platform }: NodeJS.Process): string {
  const stack = bug instanceof Error ? (bug.stack ?? bug.message) : String(bug);
  return [
    "preflight: internal error. There is no verdict. This is a bug in preflight, not in your files.",
    "Please report it with the text below and, if you can share them, the files that cause it.",
    `infinity-preflight ${version}, Node ${nodeVersion}, ${platform}`,
    stack,
    "",
  ].join("\n");
}
