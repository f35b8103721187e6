import type { WriteStream } from "node:tty";

/** A stream that text is written to, piece by piece, at the reader's pace. */
export interface Output {
  readonly isTerminal: boolean;
  /** Columns; 80 when it is no terminal and COLUMNS does not say otherwise. */
  readonly width: number;
  /** Resolves when the pieces are handed over; a reader that went away (`| head`) ends the writing quietly. */
  write(pieces: Iterable<string>): Promise<void>;
}

/** Pieces are joined up to this many characters, so that a report of many small ones is not written in many small writes. */
const CHUNK = 64 * 1024;

/** An output over one of the process's streams. */
export function streamOutput(stream: NodeJS.WriteStream, env: Readonly<Record<string, string | undefined>>): Output {
  let gone = false;
  let failure: Error | null = null;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    gone = true;
    if (error.code !== "EPIPE" && error.code !== "ERR_STREAM_DESTROYED") failure = error;
  });

  const send = (text: string): Promise<void> =>
    new Promise((resolve) => {
      if (gone || text === "") resolve();
      else stream.write(text, () => resolve());
    });

  return {
    isTerminal: stream.isTTY,
    width: columns(stream, env),
    async write(pieces) {
      let chunk = "";
      for (const piece of pieces) {
        chunk += piece;
        if (chunk.length < CHUNK) continue;
        await send(chunk);
        chunk = "";
        if (gone) break;
      }
      await send(chunk);
      if (failure !== null) throw failure;
    },
  };
}

function columns(stream: Partial<WriteStream>, env: Readonly<Record<string, string | undefined>>): number {
  const width = stream.columns ?? Number.parseInt(env["COLUMNS"] ?? "", 10);
  return Number.isInteger(width) && width > 0 ? Math.max(width, 20) : 80;
}
