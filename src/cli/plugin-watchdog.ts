import type { PluginWatch } from "../run/options.ts";
import { PreflightError, PreflightErrors } from "../values/preflight-error.ts";
import { escapeForMessage } from "../values/text/quoted.ts";
import { terminalLine } from "../report/text/runner-commands.ts";
import type { RunState } from "./guard-process.ts";

/** Data shared by the two threads; everything but the last two is shared memory. */
export interface WatchdogData {
  /** Incremented whenever code of a plugin is entered or left: odd while it runs. */
  readonly sequence: Int32Array<SharedArrayBuffer>;
  /** Incremented whenever the main thread returns to its event loop, a few times per timeout. */
  readonly turns: Int32Array<SharedArrayBuffer>;
  /** Number of bytes of the name in use. */
  readonly length: Int32Array<SharedArrayBuffer>;
  /** The running code, for the message. */
  readonly name: Uint8Array<SharedArrayBuffer>;
  readonly timeout_s: number;
  /** The folder of this program, as a URL. */
  readonly program: string;
}

const TURNS_PER_TIMEOUT = 40;
const LONGEST_NAME = 200;
const DEFAULT_TIMEOUT_S = 30;
const LONGEST_TIMEOUT_S = 86_400;

/**
 * Ends the process with exit code 2 and a sentence if code of a plugin does not return in time: what the run calls, and
 * callbacks that keep the main thread from its event loop. Starts its thread when code of a plugin runs for the first
 * time, so that runs without plugins have no overhead.
 */
export class PluginWatchdog implements PluginWatch {
  #shared: WatchdogData | null = null;
  readonly #encoder = new TextEncoder();

  constructor(
    private readonly state: RunState,
    private readonly env: Readonly<Record<string, string | undefined>>,
  ) {}

  enter(code: string): void {
    const { sequence, length, name } = (this.#shared ??= startThread(timeoutOf(this.env)));
    this.state.hasPlugins = true;
    this.state.pluginCode = code;
    Atomics.store(length, 0, this.#encoder.encodeInto(terminalLine(code), name).written);
    Atomics.add(sequence, 0, 1);
  }

  leave(): void {
    this.state.pluginCode = null;
    if (this.#shared !== null) Atomics.add(this.#shared.sequence, 0, 1);
  }
}

function startThread(timeout_s: number): WatchdogData {
  const data: WatchdogData = {
    sequence: new Int32Array(new SharedArrayBuffer(4)),
    turns: new Int32Array(new SharedArrayBuffer(4)),
    length: new Int32Array(new SharedArrayBuffer(4)),
    name: new Uint8Array(new SharedArrayBuffer(LONGEST_NAME)),
    timeout_s,
    program: new URL(".", import.meta.url).href,
  };
  // Loaded only for plugins. The file is beside this module in dist/. Its error, for instance for lack of file
  // descriptors, is an error of the run.
  const { Worker } = process.getBuiltinModule("node:worker_threads");
  new Worker(new URL("./watchdog-thread.js", import.meta.url), { workerData: data }).unref();
  setInterval(() => Atomics.add(data.turns, 0, 1), (timeout_s * 1000) / TURNS_PER_TIMEOUT).unref();
  return data;
}

function timeoutOf(env: Readonly<Record<string, string | undefined>>): number {
  const given = env["PREFLIGHT_PLUGIN_TIMEOUT"] ?? "";
  if (given === "") return DEFAULT_TIMEOUT_S;
  const seconds = Number(given);
  if (seconds > 0 && seconds <= LONGEST_TIMEOUT_S) return seconds;
  const message = `The environment variable PREFLIGHT_PLUGIN_TIMEOUT is ${escapeForMessage(given)}.`;
  const hint = `give a number of seconds up to ${LONGEST_TIMEOUT_S}, or unset it`;
  throw new PreflightErrors([new PreflightError("usage", message, null, hint)]);
}
