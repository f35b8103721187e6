import { describe, expect, it } from "vitest";
import { evidenceDigest } from "../../../src/engine/evaluation/evidence-digest.ts";
import { answerTo } from "../../../src/plugin/scripted-answers.ts";
import { ntp } from "../tiny-rules.ts";

type Content = Parameters<typeof evidenceDigest>[0];

const question = ntp("10.0.0.5");
const CONTENT: Content = {
  schema_version: 1,
  tool: { name: "infinity-preflight", version: "0.1.0" },
  from: "local",
  recorded_at: "2026-11-22T12:00:00Z",
  answers: [{ question, answer: answerTo(question, { status: "no-answer", reason: "no-reply" }) }],
};

/** The same value with the keys of every object in reverse order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, item]) => [key, reversed(item)]),
  );
}

describe("the digest of an evidence file", () => {
  it("stays what earlier recordings contain", () => {
    expect(evidenceDigest(CONTENT)).toBe("a39c40ff125cbfed56d96aa8220f85b90a3ad41916e5cc1b67f0eb8599bd8d6f");
  });

  it("does not depend on the order of keys, nor on keys without a value", () => {
    expect(evidenceDigest(reversed(CONTENT) as Content)).toBe(evidenceDigest(CONTENT));
    const [record] = CONTENT.answers;
    const withGap = { ...CONTENT, answers: [{ ...record, note: undefined }] } as unknown as Content;
    expect(evidenceDigest(withGap)).toBe(evidenceDigest(CONTENT));
  });

  it("depends on every answer and on their order, on where and when they were recorded, and on the resolvers", () => {
    const [record] = CONTENT.answers;
    if (record === undefined) throw new Error("an answer");
    const other = { question: ntp("10.0.0.6"), answer: record.answer };
    const digests = [
      CONTENT,
      { ...CONTENT, answers: [] },
      { ...CONTENT, answers: [record, other] },
      { ...CONTENT, answers: [other, record] },
      { ...CONTENT, from: "oslo" },
      { ...CONTENT, recorded_at: "2026-11-22T12:00:01Z" },
      { ...CONTENT, system_resolvers: ["10.0.0.53"] },
      { ...CONTENT, system_resolvers: [] },
    ].map((content) => evidenceDigest(content));
    expect(new Set(digests).size).toBe(8);
    expect(evidenceDigest({ ...CONTENT, tool: { name: "infinity-preflight", version: "9" } })).toBe(digests[0]);
  });
});
