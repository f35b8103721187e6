import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse, parseDocument, visit } from "yaml";
import { documents, jsonTexts, yamlTexts } from "./arbitrary-document.ts";
import { filesBelow, sourceOf, textAt, textBefore } from "./source-text.ts";
import type { ParsedSource } from "../../../src/input/source/parsed-source.ts";
import type { Path } from "../../../src/values/location.ts";

/** The `yaml` package is the independent reader: another author, another parser. */
const options = { merge: true, version: "1.2", logLevel: "error" } as const;

const corpus = filesBelow("test/input/syntax/corpus", /\.yaml$/);
const fixtures = filesBelow("fixtures", /\.(?:yaml|yml|json)$/);

describe("values are those of another YAML reader", () => {
  test("there are files to compare", () => {
    expect(corpus.length).toBeGreaterThan(8);
    expect(fixtures.length).toBeGreaterThan(0);
  });

  test.each(corpus.map((file) => [basename(file), file]))("corpus %s", async (_name, file) => {
    const text = readFileSync(file, "utf8");
    expectSame((await sourceOf(text)).value, parse(text, options));
  });

  // Fixtures may be broken on purpose; what both readers accept, both must understand alike.
  test.each(fixtures.map((file) => [file.slice(file.indexOf("fixtures")), file]))("%s", async (_name, file) => {
    const text = readFileSync(file, "utf8");
    const source = await sourceOf(text).catch(() => null);
    if (source !== null && source.secrets.length === 0 && !/\bx-/.test(text)) {
      expectSame(source.value, parse(text, options));
    }
    if (/example/.test(file)) expect(source, file).not.toBeNull();
  });

  test("generated YAML in every style", async () => {
    await fc.assert(
      fc.asyncProperty(yamlTexts, async ({ text }) => {
        expectSame((await sourceOf(text)).value, parse(text, options));
      }),
      { numRuns: 200 },
    );
  });

  test("generated JSON", async () => {
    await fc.assert(
      fc.asyncProperty(jsonTexts, async ({ text, value }) => {
        expectSame((await sourceOf(text)).value, JSON.parse(JSON.stringify(value)));
      }),
      { numRuns: 200 },
    );
  });
});

describe("the text at a reported range is the value, and the text at a key's range is the key", () => {
  const withoutAnchors = corpus.filter((file) => !/anchors|merges/.test(file));

  test.each(withoutAnchors.map((file) => [basename(file), file]))("corpus %s", async (_name, file) => {
    const text = readFileSync(file, "utf8");
    await expectRanges(text);
  });

  test("generated YAML in every style", async () => {
    await fc.assert(
      fc.asyncProperty(yamlTexts, async ({ text }) => expectRanges(text)),
      { numRuns: 200 },
    );
  });

  test("generated JSON", async () => {
    await fc.assert(
      fc.asyncProperty(jsonTexts, async ({ text }) => expectRanges(text)),
      { numRuns: 200 },
    );
  });

  test("offsets of scalars are those of another reader", async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(yamlTexts, async ({ text }) => {
        const source = await sourceOf(text);
        visit(parseDocument(text, options), {
          Scalar(key, node, ancestors) {
            if (key === "key" || node.range == null || node.type?.startsWith("BLOCK") === true) return;
            const path = ancestors.flatMap((ancestor, index): Path => {
              const child = ancestors[index + 1] ?? node;
              if (typeof ancestor !== "object" || !("items" in ancestor)) return [];
              const position = (ancestor.items as unknown[]).indexOf(child);
              const item = ancestor.items[position];
              if (item === undefined) return [];
              return typeof item === "object" && item !== null && "key" in item ? [keyText(item.key)] : [position];
            });
            compared++;
            expect(textAt(text, source.locate(path)), path.join(".")).toBe(text.slice(node.range[0], node.range[1]));
          },
        });
      }),
      { numRuns: 100 },
    );
    expect(compared).toBeGreaterThan(100);
  });
});

test("a file's own value survives a round trip through JSON text", async () => {
  await fc.assert(
    fc.asyncProperty(documents, async (value) => {
      const plain: unknown = JSON.parse(JSON.stringify(value));
      expectSame((await sourceOf(JSON.stringify(plain))).value, plain);
    }),
    { numRuns: 100 },
  );
});

/** Vitest's own comparison is misled by keys such as `constructor`; it serves to show the difference. */
function expectSame(actual: unknown, expected: unknown, what = "value"): void {
  if (isDeepStrictEqual(actual, expected)) return;
  expect(actual, what).toStrictEqual(expected);
  expect.fail(`${what} differs`);
}

async function expectRanges(given: string): Promise<void> {
  // As written: in the source's own text the values of suspicious keys are blanked.
  const source = { ...(await sourceOf(given)), text: given.replace(/^\uFEFF/, "") };
  visitValue(source.value, [], (path, value) => {
    const at = path.map(String).join(".");
    expectSame(rangeValue(source, path), value, `value of ${at}`);
    const key = path.at(-1);
    if (typeof key !== "string") return;
    const keyText = textAt(source.text, source.locateKey(path));
    if (!keyText.startsWith("|")) expect(keyOf(parse(` ${keyText}`, options)), `key of ${at}`).toBe(key);
  });
}

/** The text of a range, parsed by itself: put at its own column, a block scalar behind what introduces it. */
function rangeValue(source: ParsedSource, path: Path): unknown {
  const location = source.locate(path);
  const text = textAt(source.text, location);
  const before = textBefore(source.text, location);
  if (!/^(?:![^ ]* )?[|>]/.test(text)) return parse(" ".repeat(before.length) + text, options);
  let value: unknown = parse(`${before}${text}${text.endsWith("\n") ? "" : "\n"}`, options);
  while (typeof value === "object" && value !== null) value = Object.values(value).at(-1);
  return value;
}

function visitValue(value: unknown, path: Path, see: (path: Path, value: unknown) => void): void {
  if (path.length > 0) see(path, value);
  if (Array.isArray(value)) for (const [index, item] of value.entries()) visitValue(item, [...path, index], see);
  else if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) visitValue(item, [...path, key], see);
  }
}

/** The other reader's representation of a key that is not a string. */
function keyOf(value: unknown): string {
  return typeof value === "string" ? value : value === null ? "" : JSON.stringify(value);
}

function keyText(key: unknown): string {
  return keyOf(typeof key === "object" && key !== null && "value" in key ? key.value : key);
}
