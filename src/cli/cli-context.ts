import type { Readable } from "node:stream";
import type { Output } from "./streams.ts";

/** The surroundings of a call: what a test replaces. */
export interface CliContext {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: Readable;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** See docs/verdicts-and-gate.md. */
export type ExitCode = 0 | 1 | 2;
