import { Writable } from "node:stream";
import { type Output, streamOutput } from "../../src/cli/streams.ts";

/** The program's own writer over a stream that keeps what it gets. */
export interface Recorder extends Output {
  readonly text: () => string;
}

export function recorder({ isTerminal = true, width = 80 } = {}): Recorder {
  let text = "";
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string, _, done) {
      text += chunk;
      done();
    },
  });
  const output = streamOutput(Object.assign(stream, { isTTY: isTerminal, columns: width }), "Output", {});
  return Object.assign(output, { text: () => text });
}
