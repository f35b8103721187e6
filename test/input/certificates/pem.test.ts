import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeBase64, pemBlocks } from "../../../src/input/certificates/pem.ts";

describe("pemBlocks", () => {
  it("finds blocks between other text, with their lines", () => {
    const text = "Bag Attributes\n-----BEGIN A B-----\nAA\nBB\n-----END A B-----\n\n-----BEGIN C-----\n-----END C-----";
    expect(pemBlocks(text)).toEqual([
      { label: "A B", line: 2, body: "AA\nBB" },
      { label: "C", line: 7, body: "" },
    ]);
  });

  it.each(["\n", "\r\n", "\r"])("takes %j as the end of a line", (end) => {
    const text = ["x", "-----BEGIN C-----", "AA", "-----END C----- ", ""].join(end);
    expect(pemBlocks(text)).toEqual([{ label: "C", line: 2, body: "AA" }]);
  });

  it("ignores spaces around lines, and continues after a block that is cut off", () => {
    const text =
      " \t-----BEGIN C----- \n AA\n  -----END C-----\t\n-----BEGIN D-----\nBB\n-----BEGIN E-----\n-----END E-----";
    expect(pemBlocks(text)).toEqual([
      { label: "C", line: 1, body: " AA" },
      { label: "D", line: 4, body: null },
      { label: "E", line: 6, body: "" },
    ]);
  });

  it("keeps a line that only contains the words of an END", () => {
    const text = "-----BEGIN C-----\nx -----END C-----\n-----END C----- x\n-----END C-----";
    expect(pemBlocks(text)).toEqual([{ label: "C", line: 1, body: "x -----END C-----\n-----END C----- x" }]);
  });

  it.each([
    ["has no END", "-----BEGIN C-----\nAA\n"],
    ["ends under another name", "-----BEGIN C-----\nAA\n-----END D-----\n"],
    ["is cut off by the next", "-----BEGIN C-----\nAA\n-----BEGIN D-----\n-----END D-----\n"],
    ["is cut off inside its END", "-----BEGIN C-----\nAA\n-----END C---"],
  ])("keeps a block that %s, without a body", (_, text) => {
    expect(pemBlocks(text)[0]).toEqual({ label: "C", line: 1, body: null });
  });

  it.each([
    "",
    "-----END C-----",
    "-----BEGIN C----- AA -----END C-----",
    "----BEGIN C----",
    "x -----BEGIN C-----",
    "-----BEGIN -----",
  ])("sees none in %j", (text) => {
    expect(pemBlocks(text)).toEqual([]);
  });
});

describe("decodeBase64", () => {
  it("reads what was written, in lines of any length", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), fc.integer({ min: 1, max: 80 }), (bytes, width) => {
        const text = Buffer.from(bytes).toString("base64");
        const lines = text.replaceAll(new RegExp(`.{1,${width}}`, "g"), "$&\r\n");
        expect(decodeBase64(lines)).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it.each(["", "  ", "AAA", "AA*A", "A===", "=AAA", "AAA=AAA=", "AA==A", "AAAA-AAA", "Proc-Type: 4,ENCRYPTED\n\nAAAA"])(
    "refuses %j",
    (body) => {
      expect(decodeBase64(body)).toBeNull();
    },
  );
});
