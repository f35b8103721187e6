import { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { streamOutput } from "../../src/cli/streams.ts";
import { recorder } from "./recorder.ts";

/** A stream like one of the process's, whose writes end as determined by `write`. */
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

  it.each(["write", "writeDocument"] as const)(
    "%s waits for a slow reader before it takes further pieces",
    async (method) => {
      const waiting: (() => void)[] = [];
      const output = streamOutput(
        stream((_, done) => void waiting.push(done)),
        "Output",
        {},
      );
      let taken = 0;
      function* pieces() {
        for (; taken < 10; taken++) yield `${"x".repeat(70_000)}\n`;
      }
      const writing = output[method](pieces());
      expect(taken).toBe(0);
      for (let chunk = 1; chunk <= 10; chunk++) {
        waiting.shift()?.();
        await new Promise((resolve) => setImmediate(resolve));
        expect(taken).toBe(chunk);
      }
      await writing;
    },
  );

  it.each(["EPIPE", "ERR_STREAM_DESTROYED"])("ends quietly when the reader goes away (%s)", async (code) => {
    const output = streamOutput(
      stream((_, done) => done(failing(code))),
      "Output",
      {},
    );
    let taken = 0;
    function* pieces() {
      for (; taken < 100; taken++) yield `${"x".repeat(70_000)}\n`;
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

describe("text for people", () => {
  it.each([
    ["a\u001b[2Jb\r\u0007\u009b31m\n", "a\\x1b[2Jb\\x0d\\x07\\x9b31m\n"],
    ["one ##vso[task.setvariable variable=PATH]/tmp\n", "one #\\x23vso[task.setvariable variable=PATH]/tmp\n"],
    ["##TeamCity[x] ##[add-mask]y ###vso[z]\n", "#\\x23TeamCity[x] #\\x23[add-mask]y ##\\x23vso[z]\n"],
    ["  ::add-mask::x\n::error file=a::b", "  \\x3a:add-mask::x\n\\x3a:error file=a::b"],
    ["\u001b[31mred\u001b[39m \u001b]8;;file:///a\u001b\\link\u001b]8;;\u001b\\\n", null],
    ["## Heading\n  fe80::1\n[x] ✓ 会議\n", null],
  ])("has nothing in it that acts: %j", async (text, shown) => {
    for (const pieces of [[text], Array.from(text), text.split(/(?<=\n)/)]) {
      const output = recorder();
      await output.write(pieces);
      expect(output.text()).toBe(shown ?? text);
    }
  });

  it("is unchanged in a document, whose writer has escaped it", async () => {
    const output = recorder();
    await output.writeDocument(["::error ::x\n", "\u001b"]);
    expect(output.text()).toBe("::error ::x\n\u001b");
  });

  it("is one line if a line is rewritten", () => {
    const output = recorder();
    output.rewriteLine("Reading a\n::error::b");
    expect(output.text()).toBe("\r\u001b[2KReading a\\x0a::error::b");
  });
});
