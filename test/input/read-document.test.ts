import { Readable } from "node:stream";
import { expect, it } from "vitest";
import { readDocument } from "../../src/input/read-document.ts";

const errorsIn = async (text: string) => {
  const { errors } = await readDocument("deployment", "-", { cwd: "/", stdin: Readable.from([Buffer.from(text)]) });
  return errors.map(({ code }) => code);
};

it("says of a list item without a value once that it has none", async () => {
  expect(await errorsIn("dns_servers:\n  - 10.0.0.1\n  -\nconferencing_nodes: []\n")).toEqual(["empty-value"]);
});

it("says it beside other mistakes of the file", async () => {
  expect(await errorsIn("dns_servers:\n  -\nntp_servers:\n  - 5\nexpected_calls: x\n")).toEqual([
    "empty-value",
    "wrong-type",
    "wrong-type",
  ]);
});
