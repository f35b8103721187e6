import type { Readable } from "node:stream";
import type { PluginWatch } from "../run/options.ts";
import type { Output } from "./streams.ts";

/** The environment of a call, which tests replace. */
export interface CliContext {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: Readable;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Aborted by Ctrl-C during interruptible work. */
  readonly signal: AbortSignal;
  /**
   * Does work that ends early and in an orderly way when `signal` is aborted; at other times Ctrl-C ends the process.
   */
  readonly interruptible: <T>(work: () => Promise<T>) => Promise<T>;
  readonly pluginWatch: PluginWatch;
}

/** See docs/verdicts-and-gate.md. */
export type ExitCode = 0 | 1 | 2;
