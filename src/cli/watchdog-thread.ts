/**
 * Ends the process if code of a plugin does not return: a separate thread, as an endless loop blocks the main thread
 * completely. See {@link ./plugin-watchdog.ts}.
 */
import { writeSync } from "node:fs";
import { Session } from "node:inspector";
import { workerData } from "node:worker_threads";
import type { WatchdogData } from "./plugin-watchdog.ts";

/** Counts polls instead of time, so that a process that was suspended for a while is not ended when it resumes. */
const LOOKS_PER_TIMEOUT = 20;

/** Time for the orderly end, which cannot interrupt a blocking system call. */
const LAST_RESORT_MS = 5000;

/** A main thread that runs code pauses much earlier. */
const IDLE_MS = 1000;

const { sequence, length, name, timeout_s } = workerData as WatchdogData;
let last = 0;
let looks = 0;
const timer = setInterval(
  () => {
    const current = Atomics.load(sequence, 0);
    // Odd while code of a plugin runs.
    looks = current === last && (current & 1) === 1 ? looks + 1 : 0;
    last = current;
    if (looks < LOOKS_PER_TIMEOUT) return;
    clearInterval(timer);
    endProcess();
  },
  (timeout_s * 1000) / LOOKS_PER_TIMEOUT,
);

function endProcess(): void {
  const code = new TextDecoder().decode(Uint8Array.from(name.subarray(0, Atomics.load(length, 0))));
  const hint = "correct or disable it, or raise PREFLIGHT_PLUGIN_TIMEOUT";
  try {
    writeSync(2, `preflight: no verdict: ${code} did not return within ${timeout_s} s; ${hint}.\n`);
  } catch {
    // stderr is closed or full; the exit code remains.
  }
  setTimeout(() => process.kill(process.pid, "SIGKILL"), LAST_RESORT_MS);
  // A thread cannot end the process with an exit code, and the main thread does not return to its event loop. A
  // debugger can pause a loop and evaluate an expression in it. Node would otherwise write to stderr that it waits for
  // the debugger.
  const session = new Session();
  session.connectToMainThread();
  const evaluate = (expression: string) => session.post("Runtime.evaluate", { expression });
  // An idle main thread is awaiting something that a plugin never settles. It needs code to run in order to pause.
  const idle = setTimeout(() => evaluate("0"), IDLE_MS);
  session.on("Debugger.paused", () => {
    clearTimeout(idle);
    evaluate("process.getBuiltinModule('node:fs').closeSync(2); process.reallyExit(2)");
  });
  session.post("Debugger.enable");
  session.post("Debugger.pause");
}
