import { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { streamOutput } from "../../src/cli/streams.ts";

/** A stream like one of the process's, whose writes end as `write` says. */
function stream(
  write: (text: string, done: (error?: Error | null) => void) => void,
  terminal: { readonly isTTY?: boolean; readonly columns?: number } = {},
): NodeJS.WriteStream {
  const made = new Writable({
    decodeStrings: false,
    write: (chunk: string, _, done) => write(chunk, done),
  });
  return Object.assign(made, terminal) as unknown as NodeJS.WriteStream;
}

const failing = (code: string) => Object.assign(new Error(code), { code });

describe("streamOutput", () => {
  it("joins small pieces, keeps their order, and writes nothing for nothing", async () => {
    const writes: string[] = [];
    const output = streamOutput(
      stream((text, done) => {
        writes.push(text);
        done();
      }),
      "Output",
      {},
    );
    await output.write([]);
    await output.write([""]);
    expect(writes).toEqual([]);
    const pieces = Array.from({ length: 30_000 }, (_, index) => `${index}\n`);
    await output.write(pieces);
    expect(writes.join("")).toBe(pieces.join(""));
    expect(writes.length).toBeLessThan(10);
    expect(output.failure).toBeNull();
  });

  it("waits for a slow reader before it takes further pieces", async () => {
    const waiting: (() => void)[] = [];
    const output = streamOutput(
      stream((_, done) => void waiting.push(done)),
      "Output",
      {},
    );
    let taken = 0;
    function* pieces() {
      for (; taken < 10; taken++) yield "x".repeat(70_000);
    }
    const writing = output.write(pieces());
    expect(taken).toBe(0);
    for (let chunk = 1; chunk <= 10; chunk++) {
      waiting.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
      expect(taken).toBe(chunk);
    }
    await writing;
  });

  it.each(["EPIPE", "ERR_STREAM_DESTROYED"])("ends quietly when the reader goes away (%s)", async (code) => {
    const output = streamOutput(
      stream((_, done) => done(failing(code))),
      "Output",
      {},
    );
    let taken = 0;
    function* pieces() {
      for (; taken < 100; taken++) yield "x".repeat(70_000);
    }
    await output.write(pieces());
    await output.write(["more"]);
    expect(output.failure).toBeNull();
    expect(taken).toBeLessThan(3);
  });

  it.each([
    ["ENOSPC", "Standard output cannot be written: the disk is full."],
    ["EDQUOT", "Standard output cannot be written: the disk quota is used up."],
    ["EXYZ", "Standard output cannot be written: EXYZ."],
  ])("keeps any other failure (%s), whether it comes as an event or is thrown", async (code, message) => {
    const byEvent = stream((_, done) => done(failing(code)));
    const thrown = stream(() => undefined);
    thrown.write = () => {
      throw failing(code);
    };
    for (const broken of [byEvent, thrown]) {
      const output = streamOutput(broken, "Standard output", {});
      await output.write(["text"]);
      await output.write(["more"]);
      expect(output.failure).toMatchObject({ code: "unwritable-report", message });
    }
  });

  it.each([
    [{ isTTY: true, columns: 132 }, {}, 132],
    [{ isTTY: true, columns: 132 }, { COLUMNS: "60" }, 132],
    [{ isTTY: true, columns: 5 }, {}, 20],
    [{ isTTY: true, columns: 0 }, {}, 80],
    [{}, { COLUMNS: "60" }, 60],
    [{}, { COLUMNS: "7" }, 20],
    [{}, { COLUMNS: "-7" }, 80],
    [{}, { COLUMNS: "wide" }, 80],
    [{}, {}, 80],
  ])("%j with %j is %i columns wide", (terminal, env, width) => {
    const output = streamOutput(
      stream(() => undefined, terminal),
      "Output",
      env,
    );
    expect(output.width).toBe(width);
    expect(output.isTerminal).toBe("isTTY" in terminal);
  });
});
