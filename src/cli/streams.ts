import type { WriteStream } from "node:tty";
import { terminalLine } from "../report/text/runner-commands.ts";
import { PreflightError } from "../values/preflight-error.ts";
import { systemReason } from "./system-reason.ts";

/**
 * A stream to which text is written piece by piece, at the reader's pace. Everything that the program prints goes
 * through one: it may contain names from files and servers, and is read by terminals and by CI runners.
 */
export interface Output {
  readonly isTerminal: boolean;
  /** Columns; 80 if it is not a terminal and COLUMNS is not set. */
  readonly width: number;
  /** Why the text could not be written completely; a reader that closed its end (`| head`) is not a failure. */
  readonly failure: PreflightError | null;
  /**
   * Writes text for people: anything that could act on a terminal or a CI system is made visible, except the program's
   * own colors and links. Resolves when the pieces are written, or when the reader has gone away. Never rejects.
   */
  write(pieces: Iterable<string>): Promise<void>;
  /**
   * Like `write`, but unchanged: for text in a format (JSON, CSV, a shell script) whose writer has escaped it for that
   * format.
   */
  writeDocument(pieces: Iterable<string>): Promise<void>;
  /** Replaces the terminal's current line; an empty text clears it. */
  rewriteLine(text: string): void;
}

/** Properties of a stream that is a terminal. */
type TerminalTraits = Partial<Pick<WriteStream, "isTTY" | "columns">>;

/**
 * Pieces are joined up to this many characters, so that a report of many small ones does not cause many small writes.
 */
const CHUNK = 64 * 1024;

/** An output over one of the process's streams. */
export function streamOutput(
  stream: NodeJS.WritableStream & TerminalTraits,
  name: string,
  env: Readonly<Record<string, string | undefined>>,
): Output {
  let gone = false;
  let failure: PreflightError | null = null;
  const onError = (error: Error): void => {
    gone = true;
    const code = "code" in error ? error.code : null;
    if (code === "EPIPE" || code === "ERR_STREAM_DESTROYED") return;
    const message = `${name} cannot be written: ${systemReason(error)}.`;
    failure = new PreflightError("unwritable-report", message, null, "the report there is incomplete");
  };
  stream.on("error", onError);

  const send = (text: string): Promise<void> =>
    new Promise((resolve) => {
      if (gone || text === "") {
        resolve();
        return;
      }
      try {
        stream.write(text, () => resolve());
      } catch (error) {
        // A stream over a regular file or a device writes synchronously, and throws what others report as an event.
        onError(error instanceof Error ? error : new Error(String(error)));
        resolve();
      }
    });

  return {
    isTerminal: stream.isTTY ?? false,
    width: columns(stream, env),
    get failure() {
      return failure;
    },
    async write(pieces) {
      let line = "";
      let chunk = "";
      for (const piece of pieces) {
        const lines = piece.split("\n");
        lines[0] = line + (lines[0] ?? "");
        line = lines.pop() ?? "";
        for (const whole of lines) chunk += `${terminalLine(whole)}\n`;
        if (chunk.length < CHUNK) continue;
        await send(chunk);
        chunk = "";
        if (gone) break;
      }
      await send(chunk + terminalLine(line));
    },
    async writeDocument(pieces) {
      let chunk = "";
      for (const piece of pieces) {
        chunk += piece;
        if (chunk.length < CHUNK) continue;
        await send(chunk);
        chunk = "";
        if (gone) break;
      }
      await send(chunk);
    },
    rewriteLine(text) {
      void send(`\r\u001b[2K${terminalLine(text)}`);
    },
  };
}

function columns(stream: TerminalTraits, env: Readonly<Record<string, string | undefined>>): number {
  const width = stream.columns ?? Number.parseInt(env["COLUMNS"] ?? "", 10);
  return Number.isInteger(width) && width > 0 ? Math.max(width, 20) : 80;
}
