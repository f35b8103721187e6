import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { parse, stringify } from "yaml";

/** Strings that a careless reader or writer of YAML takes for something else. */
const awkward = fc.constantFrom(
  ..."~|null|Null|true|False|yes|no|0|-0|1.0|1e3|0x1F|0o17|012|.inf|.nan|1:30|2026-11-22|<<|- a|-|--- a|...|? a".split(
    "|",
  ),
  ..."a: b|a:|: a|# a|a #b|a#b|'|''|\"|'a'|\"a\"|[a]|{a}|[|}|,|&a|*a|!a|%a|@a|`a`|\\|\\n|a\\".split("|"),
  ...["", " ", " a", "a ", "a\n", "\na", "a\n\nb", "a\n  b\nc", "  a\nb", "a\n\n\n", "\t", "a\tb", "|", ">", "|\n a"],
  ...["a\r\nb", "\u0085", "\u00a0", "\u2028", "\ufeff", "é", "日本", "😀", "\u0000", "\u001b[31m", "x".repeat(120)],
  ...["word ".repeat(40), "__proto__", "constructor"],
);

const key = fc.oneof(
  fc.stringMatching(/^[a-w][a-z_-]{0,8}$/),
  awkward.filter((text) => text !== "<<" && !text.includes("\n")),
);

const scalar = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, 0, -1, 8192, 1.5, -2e-7, 1e21, Number.MAX_SAFE_INTEGER),
  fc.double({ noDefaultInfinity: true, noNaN: true }).map((number) => (Object.is(number, -0) ? 0 : number)),
  fc.string({ unit: "grapheme", maxLength: 12 }),
  awkward,
);

const { tree } = fc.letrec<{ tree: unknown; list: unknown; map: Record<string, unknown> }>((tie) => ({
  tree: fc.oneof({ depthSize: "small", withCrossShrink: true }, scalar, tie("list"), tie("map")),
  list: fc.array(tie("tree"), { maxLength: 4 }),
  map: fc.dictionary(key, tie("tree"), { maxKeys: 5, noNullPrototype: true }),
}));

/** A JSON value with keys at the top, as both formats must be able to carry it. */
export const documents = fc.dictionary(key, tree, { minKeys: 1, maxKeys: 6, noNullPrototype: true });

/** The ways in which the `yaml` package can write one value. */
const styles = fc.record({
  indent: fc.constantFrom(1, 2, 3, 4, 8),
  indentSeq: fc.boolean(),
  collectionStyle: fc.constantFrom("any" as const, "block" as const, "flow" as const),
  flowCollectionPadding: fc.boolean(),
  lineWidth: fc.constantFrom(0, 20, 40, 80),
  minContentWidth: fc.constantFrom(0, 20),
  blockQuote: fc.constantFrom(true, false, "folded" as const, "literal" as const),
  defaultStringType: fc.constantFrom(
    "PLAIN" as const,
    "QUOTE_DOUBLE" as const,
    "QUOTE_SINGLE" as const,
    "BLOCK_LITERAL" as const,
  ),
  defaultKeyType: fc.constantFrom("PLAIN" as const, "QUOTE_DOUBLE" as const, "QUOTE_SINGLE" as const),
});

const lineEnds = fc.constantFrom("\n", "\r\n");

/**
 * A document with its text in YAML. The comment keeps a flow mapping from being read as JSON. Texts that the writer
 * itself cannot read back (it has faults in rare styles) are omitted.
 */
export const yamlTexts = fc
  .record({ value: documents, style: styles, lineEnd: lineEnds })
  .map(({ value, style, lineEnd }) => {
    const text = `# yaml\n${stringify(value, { ...style, aliasDuplicateObjects: false })}`;
    return { value, text: text.replaceAll("\n", lineEnd) };
  })
  .filter(({ value, text }) => isReadBack(value, text));

function isReadBack(value: unknown, text: string): boolean {
  try {
    return isDeepStrictEqual(parse(text, { logLevel: "error" }), value);
  } catch {
    return false;
  }
}

/** A document with its text in JSON. */
export const jsonTexts = fc
  .record({ value: documents, indent: fc.constantFrom<string | number>("", 1, 2, "\t"), lineEnd: lineEnds })
  .map(({ value, indent, lineEnd }) => ({
    value,
    text: JSON.stringify(value, null, indent).replaceAll("\n", lineEnd),
  }));
