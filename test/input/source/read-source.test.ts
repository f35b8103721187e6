import { createHash } from "node:crypto";
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readSource } from "../../../src/input/source/read-source.ts";
import { place } from "../syntax/source-text.ts";

let cwd = "";

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "preflight-"));
});
afterAll(() => {
  rmSync(cwd, { recursive: true });
});

function write(name: string, content: string | Uint8Array): string {
  writeFileSync(join(cwd, name), content);
  return name;
}

async function failure(path: string, maxBytes?: number): Promise<string[]> {
  const { text, errors } = await readSource(path, { cwd, ...(maxBytes !== undefined && { maxBytes }) });
  expect(text).toBeNull();
  expect(errors).toHaveLength(1);
  return errors.map(({ code, message, location }) => `${place(location)} ${code} ${message}`);
}

describe("reading", () => {
  test("a file below the working directory, by its relative name", async () => {
    mkdirSync(join(cwd, "sub"));
    const text = "a: ä😀\r\n";
    const read = await readSource(write("sub/a.yaml", text), { cwd });
    expect(read).toEqual({ text, sha256: createHash("sha256").update(text).digest("hex"), errors: [] });
  });

  test("an absolute name, an empty file, a byte order mark", async () => {
    expect((await readSource(join(cwd, write("empty.yaml", "")), { cwd: "/" })).text).toBe("");
    expect((await readSource(write("bom.yaml", "\ufeffa: 1"), { cwd })).text).toBe("\ufeffa: 1");
  });

  test("standard input, in chunks that cut a character", async () => {
    const bytes = Buffer.from("a: 😀\n");
    const stdin = Readable.from([bytes.subarray(0, 5), bytes.subarray(5)]);
    expect((await readSource("-", { cwd, stdin })).text).toBe("a: 😀\n");
    expect((await readSource("-", { cwd })).errors[0]?.message).toBe("Standard input is not available.");
  });

  test("a size up to the limit, and not a byte more", async () => {
    write("ten.yaml", "a: 4567890");
    expect((await readSource("ten.yaml", { cwd, maxBytes: 10 })).text).toHaveLength(10);
    expect(await failure("ten.yaml", 9)).toEqual([
      "nowhere file-too-large ten.yaml is larger than 9 bytes, the limit.",
    ]);
    const stdin = Readable.from([Buffer.alloc(1 << 20, "x"), Buffer.alloc(1 << 20, "x")]);
    const { errors } = await readSource("-", { cwd, stdin, maxBytes: 1 << 20 });
    expect(errors.map((error) => error.message)).toEqual(["Standard input is larger than 1 MB, the limit."]);
  });
});

describe.skipIf(process.platform === "win32")("a pipe", () => {
  const pipe = (name: string): string => {
    execFileSync("mkfifo", [join(cwd, name)]);
    return name;
  };

  test("is read to its end, also when its writer comes late", async () => {
    const read = readSource(pipe("late"), { cwd });
    const writer = await open(join(cwd, "late"), "w");
    await writer.write("a: 1\n");
    for (let part = 0; part < 20; part++) await writer.write("#".repeat(10_000));
    await writer.close();
    const { text, errors } = await read;
    expect(errors).toEqual([]);
    expect(text).toBe(`a: 1\n${"#".repeat(200_000)}`);
  });

  test("without a writer is no empty file", async () => {
    const { text, errors } = await readSource(pipe("lonely"), { cwd, pipeTimeout: 0 });
    expect(text).toBeNull();
    expect(errors.map(({ message }) => message)).toEqual(["The pipe lonely has no writer."]);
  });

  test("that never ends is read up to the limit", async () => {
    pipe("endless");
    const writer = spawn("sh", ["-c", "exec yes >endless"], { cwd });
    const { errors } = await readSource("endless", { cwd, maxBytes: 100_000 });
    expect(errors.map(({ code }) => code)).toEqual(["file-too-large"]);
    writer.kill();
  });
});

describe("what cannot be read", () => {
  test("names of missing files", async () => {
    expect(await failure("missing.yaml")).toEqual(["nowhere no-such-file File missing.yaml does not exist."]);
    expect(await failure(`${write("file.yaml", "")}/below.yaml`)).toEqual([
      "nowhere no-such-file File file.yaml/below.yaml does not exist.",
    ]);
    expect(await failure("")).toEqual(["nowhere unreadable-file The name of the file is empty."]);
    expect(await failure("a\0b")).toEqual(["nowhere unreadable-file The name of the file contains a NUL character."]);
    expect(await failure("x".repeat(5000))).toEqual(["nowhere unreadable-file The name of the file is too long."]);
  });

  test("the message shows the name that it is given to show", async () => {
    const { errors } = await readSource("/nowhere/a.yaml", { cwd, displayName: "a.yaml" });
    expect(errors[0]?.message).toBe("File a.yaml does not exist.");
    expect(errors[0]?.hint).toBe(`Relative paths start from ${cwd}.`);
  });

  test("a folder", async () => {
    mkdirSync(join(cwd, "folder"));
    expect(await failure("folder")).toEqual(["nowhere unreadable-file folder is a folder, not a file."]);
  });

  test.skipIf(process.platform === "win32")("devices and links in a circle", async () => {
    const sentence = "is a socket or a device, not a file.";
    expect(await failure("/dev/zero")).toEqual([`nowhere unreadable-file /dev/zero ${sentence}`]);
    symlinkSync("circle", join(cwd, "circle"));
    expect(await failure("circle")).toEqual(["nowhere unreadable-file circle is a symbolic link to itself."]);
  });

  test.skipIf(process.platform === "win32")("no permission", async () => {
    chmodSync(cwd, 0o755);
    chmodSync(join(cwd, write("locked.yaml", "a: 1")), 0);
    const sentence = "nowhere unreadable-file locked.yaml is not readable by this user.";
    // Root may read everything, so the test switches to the user nobody for a moment.
    const isRoot = process.getuid?.() === 0;
    if (isRoot) process.seteuid?.(65534);
    try {
      expect(await failure("locked.yaml")).toEqual([sentence]);
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });
});

describe("what is no UTF-8 text", () => {
  test.each<[string, string | number[], string]>([
    ["latin1", [0x61, 0x3a, 0x0a, 0x62, 0x3a, 0x20, 0xc3, 0xa4, 0xfc, 0x0a], "2:5"],
    ["cut at the end", [0x61, 0x3a, 0x20, 0xe2, 0x82], "1:4"],
    ["overlong", [0x61, 0x0a, 0xc0, 0xaf, 0x62], "2:1"],
    ["surrogate", [0x61, 0xed, 0xa0, 0x80, 0x62], "1:2"],
    ["beyond Unicode", [0xf0, 0x9f, 0x98, 0x80, 0xf5, 0x80, 0x80, 0x80], "1:3"],
    ["lone continuation behind a mark", [0xef, 0xbb, 0xbf, 0x61, 0x80], "1:2"],
    ["gzip", [0x1f, 0x8b, 0x08, 0x01], "1:2"],
  ])("%s", async (name, bytes, at) => {
    expect(await failure(write(`${name}.yaml`, Buffer.from(bytes as number[])))).toEqual([
      `${at} not-utf8 The file is not UTF-8: this byte is not part of a character.`,
    ]);
  });

  test.each<[string, number[]]>([
    ["UTF-16", [0xff, 0xfe, 0x61, 0x00, 0x3a, 0x00]],
    ["UTF-16", [0xfe, 0xff, 0x00, 0x61, 0x00, 0x3a]],
    ["UTF-16", [0x61, 0x00, 0x3a, 0x00]],
    ["UTF-16", [0x00, 0x61, 0x00, 0x3a]],
    ["UTF-32", [0xff, 0xfe, 0x00, 0x00, 0x61, 0x00, 0x00, 0x00]],
    ["UTF-32", [0x00, 0x00, 0xfe, 0xff, 0x00, 0x00, 0x00, 0x61]],
    ["UTF-32", [0x61, 0x00, 0x00, 0x00, 0x3a, 0x00, 0x00, 0x00]],
    ["UTF-32", [0x00, 0x00, 0x00, 0x61, 0x00, 0x00, 0x00, 0x3a]],
  ])("%s: %j", async (encoding, bytes) => {
    expect(await failure(write("wide.yaml", Buffer.from(bytes)))).toEqual([
      `1:1 not-utf8 The file is encoded as ${encoding}; it must be UTF-8.`,
    ]);
  });

  test.each([
    ["a: 1\r\nb: \u0000", "2:4", "0000"],
    ["\ufeffa: \u001b[31m", "1:4", "001B"],
    ["a: \u009b31m", "1:4", "009B"],
    ["a\u007f", "1:2", "007F"],
    ["a: 😀\u0008", "1:6", "0008"],
  ])("control characters: %j", async (text, at, code) => {
    const read = await readSource(write("control.yaml", text), { cwd });
    expect(read.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(await failure("control.yaml")).toEqual([
      `${at} control-character The file contains a control character (U+${code}).`,
    ]);
  });

  test("tabs, line ends and NEL are none", async () => {
    expect((await readSource(write("ok.yaml", "a:\t1\r\n\u0085\u00a0"), { cwd })).errors).toEqual([]);
  });
});
