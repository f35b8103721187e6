import { describe, expect, it } from "vitest";
import type { Output } from "../../../src/cli/streams.ts";
import { progressLine } from "../../../src/cli/output/progress-line.ts";

function recorder(isTerminal: boolean, width = 80): Output & { readonly text: () => string } {
  let text = "";
  return {
    isTerminal,
    width,
    failure: null,
    write: (pieces) => {
      for (const piece of pieces) text += piece;
      return Promise.resolve();
    },
    text: () => text,
  };
}

describe("progressLine", () => {
  it("rewrites one line on a terminal, and wipes it at the end", () => {
    const output = recorder(true);
    const line = progressLine(output);
    line.show({ kind: "dns", done: 0, total: 12 });
    line.show({ kind: "ntp", done: 3, total: 3 });
    line.clear();
    expect(output.text()).toBe(
      "\r\u001b[2KAsking servers: DNS 0 of 12\r\u001b[2KAsking servers: NTP 3 of 3\r\u001b[2K",
    );
  });

  it("never wraps", () => {
    const output = recorder(true, 20);
    progressLine(output).show({ kind: "tls", done: 1000, total: 2000 });
    expect(output.text().slice("\r\u001b[2K".length)).toBe("Asking servers: TLS");
  });

  it("leaves the terminal alone when nothing was asked", () => {
    const output = recorder(true);
    progressLine(output).clear();
    expect(output.text()).toBe("");
  });

  it("says nothing on a terminal that cannot rewrite a line", () => {
    const output = recorder(true);
    progressLine(output, { TERM: "dumb" }).show({ kind: "dns", done: 1, total: 2 });
    expect(output.text()).toBe("");
  });

  it("says nothing where no terminal is", () => {
    const output = recorder(false);
    const line = progressLine(output);
    line.show({ kind: "dns", done: 1, total: 2 });
    line.clear();
    expect(output.text()).toBe("");
  });
});
