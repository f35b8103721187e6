import type { WriteStream } from "node:tty";
import { terminalLine } from "../report/text/runner-commands.ts";
import { PreflightError } from "../values/preflight-error.ts";
import { systemReason } from "./system-reason.ts";

/**
 * A stream that text is written to, piece by piece, at the reader's pace. All that the program prints goes through one:
 * what it prints may contain names from files and servers, and is read by terminals and by the runners of CI systems.
 */
export interface Output {
  readonly isTerminal: boolean;
  /** Columns; 80 when it is no terminal and COLUMNS does not say otherwise. */
  readonly width: number;
  /** Why not all of the text could be written; a reader that went away (`| head`) is no failure. */
  readonly failure: PreflightError | null;
  /**
   * Writes text for people: what could act on a terminal or a CI system becomes visible, but for colors and links of our
   * own. Resolves when the pieces are handed over, or when it is clear that the reader is gone. Never rejects.
   */
  write(pieces: Iterable<string>): Promise<void>;
  /** As `write`, unchanged: for text in a format (JSON, CSV, a shell script) whose writer has escaped it by its rules. */
  writeDocument(pieces: Iterable<string>): Promise<void>;
  /** Replaces the line that the cursor of a terminal is in; an empty text wipes it. */
  rewriteLine(text: string): void;
}

/** What a stream has when it is a terminal. */
type TerminalTraits = Partial<Pick<WriteStream, "isTTY" | "columns">>;

/** Pieces are joined up to this many characters, so that a report of many small ones is not written in many small writes. */
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
        // A stream over a regular file or a device writes at once, and throws what others report by an event.
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
