import { describe, expect, it } from "vitest";
import { progressLine } from "../../../src/cli/output/progress-line.ts";
import { recorder } from "../recorder.ts";

const HALF = { done: 1000, total: 2000, waitingFor: null, left_ms: 1000 } as const;

describe("progressLine", () => {
  it("rewrites one line on a terminal, and wipes it at the end", () => {
    const output = recorder();
    const line = progressLine(output);
    line.show({ done: 0, total: 12, waitingFor: null, left_ms: 30_000 });
    line.show({ done: 3, total: 12, waitingFor: { kind: "ntp", server: "10.44.0.21" }, left_ms: 26_300 });
    line.clear();
    expect(output.text()).toBe(
      [
        "\r\u001b[2KQuerying servers: 0 of 12, 30 s left",
        "\r\u001b[2KQuerying servers: 3 of 12; waiting for 10.44.0.21 (NTP), 27 s left",
        "\r\u001b[2K",
      ].join(""),
    );
  });

  it("never wraps", () => {
    const output = recorder({ width: 20 });
    progressLine(output).show(HALF);
    expect(output.text().slice("\r\u001b[2K".length)).toBe("Querying servers: 1");
  });

  it("does not write to the terminal if no query was sent", () => {
    const output = recorder();
    progressLine(output).clear();
    expect(output.text()).toBe("");
  });

  it("writes nothing on a terminal that cannot rewrite a line", () => {
    const output = recorder();
    progressLine(output, { TERM: "dumb" }).show(HALF);
    expect(output.text()).toBe("");
  });

  it("writes nothing without a terminal", () => {
    const output = recorder({ isTerminal: false });
    const line = progressLine(output);
    line.show(HALF);
    line.clear();
    expect(output.text()).toBe("");
  });
});
