import { Readable } from "node:stream";
import { expect, it } from "vitest";
import { readDocument } from "../../../src/input/files/read-document.ts";

const errorsIn = async (text: string) => {
  const { inputs } = await readDocument("deployment", "-", { cwd: "/", stdin: Readable.from([Buffer.from(text)]) });
  return inputs.errors.map(({ code }) => code);
};

it("reports once that a list item has no value", async () => {
  expect(await errorsIn("dns_servers:\n  - 10.0.0.1\n  -\nconferencing_nodes: []\n")).toEqual(["empty-value"]);
});

it("reports it together with other errors of the file", async () => {
  expect(await errorsIn("dns_servers:\n  -\nntp_servers:\n  - 5\nexpected_calls: x\n")).toEqual([
    "empty-value",
    "wrong-type",
    "wrong-type",
  ]);
});

it("reports a hundred errors of any kind, and counts the others", async () => {
  const empty = Array.from({ length: 60_000 }, (_, line) => `x${line}:\n`);
  const {
    inputs: { errors },
  } = await readDocument("deployment", "-", {
    cwd: "/",
    stdin: Readable.from([Buffer.from(empty.join(""))]),
  });
  expect(errors).toHaveLength(101);
  expect(errors[99]).toMatchObject({ code: "empty-value", location: { line: 100 } });
  expect(errors[100]?.message).toBe("… and 59,900 more errors in standard input.");
});
