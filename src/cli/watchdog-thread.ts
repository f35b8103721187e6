/**
 * Ends the process if code of a plugin does not return: a separate thread, as an endless loop blocks the main thread
 * completely. See {@link ./plugin-watchdog.ts}.
 */
import { writeSync } from "node:fs";
import { Session } from "node:inspector";
import { workerData } from "node:worker_threads";
import { terminalLine } from "../report/text/runner-commands.ts";
import type { WatchdogData } from "./plugin-watchdog.ts";

/** Counts polls instead of time, so that a process that was suspended for a while is not ended when it resumes. */
const LOOKS_PER_TIMEOUT = 20;

/** Time for the orderly end, which cannot interrupt a blocking system call. */
const LAST_RESORT_MS = 5000;

/** A main thread that runs code pauses much earlier. */
const IDLE_MS = 1000;

/** How often the stack of the main thread is read until it counts as the program's own work. */
const MOST_STACKS = 20;

const BETWEEN_STACKS_MS = 7;

const { sequence, turns, length, name, timeout_s, program } = workerData as WatchdogData;
const hint = "correct or disable it, or raise PREFLIGHT_PLUGIN_TIMEOUT";
let last = { sequence: 0, turns: 0 };
let looks = { inCode: 0, withoutTurn: 0 };
let isReading = false;
const timer = setInterval(
  () => {
    const current = { sequence: Atomics.load(sequence, 0), turns: Atomics.load(turns, 0) };
    const isSame = current.sequence === last.sequence;
    // Odd while code of a plugin runs.
    const isInCode = (current.sequence & 1) === 1;
    looks = {
      inCode: isSame && isInCode ? looks.inCode + 1 : 0,
      withoutTurn: isSame && !isInCode && current.turns === last.turns ? looks.withoutTurn + 1 : 0,
    };
    last = current;
    if (looks.inCode >= LOOKS_PER_TIMEOUT) {
      clearInterval(timer);
      endProcess();
    } else if (looks.withoutTurn >= LOOKS_PER_TIMEOUT && !isReading) {
      looks.withoutTurn = 0;
      readStack();
    }
  },
  (timeout_s * 1000) / LOOKS_PER_TIMEOUT,
);

function explain(code: string): void {
  try {
    writeSync(2, `preflight: no verdict: ${code} did not return within ${timeout_s} s; ${hint}.\n`);
  } catch {
    // stderr is closed or full; the exit code remains.
  }
}

/** In a paused main thread. A thread cannot end the process with an exit code. */
const EXIT = "process.getBuiltinModule('node:fs').closeSync(2); process.reallyExit(2)";

function endProcess(): void {
  explain(new TextDecoder().decode(Uint8Array.from(name.subarray(0, Atomics.load(length, 0)))));
  setTimeout(() => process.kill(process.pid, "SIGKILL"), LAST_RESORT_MS);
  // The main thread does not return to its event loop. A debugger can pause a loop and evaluate an expression in it. Node
  // would otherwise write to stderr that it waits for the debugger.
  const session = new Session();
  session.connectToMainThread();
  const evaluate = (expression: string) => session.post("Runtime.evaluate", { expression });
  // An idle main thread is awaiting something that a plugin never settles. It needs code to run in order to pause.
  const idle = setTimeout(() => evaluate("0"), IDLE_MS);
  session.on("Debugger.paused", () => {
    clearTimeout(idle);
    evaluate(EXIT);
  });
  session.post("Debugger.enable");
  session.post("Debugger.pause");
}

/** Ends the process if the main thread is in code from outside this program: a callback, or promises without end. */
function readStack(): void {
  isReading = true;
  const session = new Session();
  session.connectToMainThread();
  // Frames have the number of their script only.
  const foreign = new Map<string, string>();
  let stacks = 0;
  session.on("Debugger.scriptParsed", ({ params: { scriptId, url } }) => {
    if (isForeign(url)) foreign.set(scriptId, url);
  });
  session.on("Debugger.paused", ({ params: { callFrames } }) => {
    const found = callFrames.find(({ location }) => foreign.has(location.scriptId));
    if (found !== undefined) {
      clearInterval(timer);
      explain(`a callback of the plugin file ${terminalLine(foreign.get(found.location.scriptId) ?? "")}`);
      session.post("Runtime.evaluate", { expression: EXIT });
      return;
    }
    session.post("Debugger.resume");
    if (++stacks < MOST_STACKS) {
      setTimeout(() => session.post("Debugger.pause"), BETWEEN_STACKS_MS);
    } else {
      session.disconnect();
      isReading = false;
    }
  });
  session.post("Debugger.enable");
  session.post("Debugger.pause");
}

/** Code of Node has other schemes. */
function isForeign(url: string): boolean {
  const location = url.startsWith("/") ? `file://${url}` : url;
  return location.startsWith("file:") && !location.startsWith(program);
}
