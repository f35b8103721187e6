import type { JsonSchema, JsonType } from "../../values/json-schema.ts";
import { quoted, escapeForMessage } from "../../values/text/quoted.ts";
import { suggest } from "../../values/text/suggest.ts";
import { typesOf } from "./schema-lookup.ts";
import type { Path, TextLocation } from "../../values/location.ts";
import { valueAt } from "../source/plain-data.ts";
import type { ParsedSource } from "../source/parsed-source.ts";

/** The error of a value: a stable code, a sentence, and the fix if one is known. */
export interface ValueError {
  readonly code: "wrong-type" | "not-allowed-value" | "out-of-range";
  readonly message: string;
  readonly hint: string | null;
}

/** A value as written in a file. */
export interface WrittenValue {
  readonly value: unknown;
  /** Its characters in the file where they are one line, else null: `7.0` where the value is 7. */
  readonly written: string | null;
  /** True if the value contains a secret and must not be shown. */
  readonly secret: boolean;
  readonly format: "yaml" | "json";
}

/** The unit of a number, and its factors for the units that are often written after numbers. */
interface Unit {
  readonly name: string;
  readonly suffixes: Readonly<Record<string, number>>;
}

const UNITS: readonly (readonly [RegExp, Unit])[] = [
  [/(_mb|^vm_system_memory)$/, { name: "MB", suffixes: { m: 1, g: 1024, t: 1024 ** 2 } }],
  [/(^|_)mhz$/, { name: "MHz", suffixes: { m: 1, g: 1000 } }],
  [/_mbps$/, { name: "Mbit/s", suffixes: { m: 1, g: 1000 } }],
  [/_ms$/, { name: "ms", suffixes: { ms: 1, s: 1000 } }],
  [/(^|_)mtu$/, { name: "bytes", suffixes: { b: 1 } }],
];

/**
 * Why a value violates its schema, in one sentence regardless of the number of violated keywords.
 * @param what the value's path as a user would say it
 * @param key the last key of the path, which determines the unit of a number
 */
export function valueError(what: string, key: string, schema: JsonSchema, found: WrittenValue): ValueError {
  const { value } = found;
  const types = typesOf(schema);
  const unit = UNITS.find(([pattern]) => pattern.test(key))?.[1] ?? null;
  const wanted = `${what} must be ${expectation(schema, unit)}`;
  const actual = found.secret ? "not a value with a secret in it" : describe(value, found.written);
  if (!types.some((type) => isOfType(value, type))) {
    return {
      code: "wrong-type",
      message: `${wanted}, ${actual}.`,
      hint: found.secret ? null : fix(schema, unit, found),
    };
  }
  if (value === "") return { code: "not-allowed-value", message: `${what} must not be empty.`, hint: null };
  if (typeof value === "number" && schema.enum === undefined) {
    const hint = value < 0 && types.includes("null") ? "Write null for none or unlimited." : null;
    return { code: "out-of-range", message: `${what} must be ${range(schema, unit)}, ${actual}.`, hint };
  }
  if (Array.isArray(value) && value.length === 0) {
    return { code: "not-allowed-value", message: `${wanted}, not an empty one.`, hint: null };
  }
  return {
    code: "not-allowed-value",
    message: `${wanted}, ${actual}.`,
    hint: found.secret ? null : fix(schema, unit, found),
  };
}

/** What a schema requires: `an integer (MB)`, `one of thick or thin`, `a string or null`. */
function expectation(schema: JsonSchema, unit: Unit | null): string {
  if (schema.enum !== undefined) return `one of ${alternatives(schema.enum.map(String))}`;
  return alternatives(typesOf(schema).map((type) => typeExpectation(type, schema, unit)));
}

function typeExpectation(type: JsonType, schema: JsonSchema, unit: Unit | null): string {
  switch (type) {
    case "integer":
      return schema.maximum !== undefined && schema.maximum < 10_000
        ? range(schema, unit)
        : `an integer${unit === null ? "" : ` (${unit.name})`}`;
    case "string": {
      const example = schema.examples?.find((sample) => typeof sample === "string");
      return schema.pattern !== undefined && example !== undefined ? `a string like ${example}` : "a string";
    }
    case "boolean":
      return "true or false";
    case "array":
      return `a list of ${schema.minItems === undefined ? "" : "one or more "}${schema.items?.enum === undefined ? plural(schema.items) : schema.items.enum.join(", ")}`;
    case "object":
      return "a mapping";
    case "null":
      return "null";
    case "number":
      return "a number";
  }
}

function plural(items: JsonSchema | undefined): string {
  return items?.type === "string" ? "strings" : "mappings";
}

function range({ minimum, maximum }: JsonSchema, unit: Unit | null): string {
  const integer = unit === null ? "an integer" : `an integer (${unit.name})`;
  return maximum === undefined
    ? `${integer} of at least ${minimum ?? 0}`
    : `${integer} from ${minimum ?? 0} to ${maximum}`;
}

function alternatives(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} or ${last}`;
}

function isOfType(value: unknown, type: JsonType): boolean {
  switch (type) {
    case "integer":
      return Number.isInteger(value);
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    default:
      return typeof value === type;
  }
}

/** The value after "must be …, "; for a list or mapping, only its kind. */
function describe(value: unknown, written: string | null): string {
  if (value === null || value === undefined) {
    return written !== null && /^(null|~)$/i.test(written) ? "not null" : "but has no value";
  }
  if (typeof value === "string") return `not the string ${quoted(value)}`;
  if (typeof value === "number") return `not the number ${numeral(value, written)}`;
  if (typeof value === "boolean") return `not ${value}`;
  return Array.isArray(value) ? "not a list" : "not a mapping";
}

/**
 * Of words that end in a version and mean it and later ones (`MANUAL-ESXI-6.7`), the one for the version in a text:
 * `esxi-7.0` is 6.7, not 6.0, which has more letters in common. Null when the text or the words have no version.
 */
function wordForVersion(text: string, words: readonly string[]): string | null {
  const versionIn = (word: string) => {
    const [, major, minor = "0"] = /(?:^|\D)(\d{1,2})(?:\.(\d{1,2}|x))?\D*$/i.exec(word) ?? [];
    return major === undefined ? null : Number(major) * 100 + (/x/i.test(minor) ? 0 : Number(minor));
  };
  const wanted = versionIn(text);
  if (wanted === null) return null;
  const fitting = words
    .flatMap((word) => {
      const version = versionIn(word);
      return version === null || version > wanted ? [] : [{ word, version }];
    })
    .sort((a, b) => b.version - a.version);
  return fitting[0]?.word ?? null;
}

/** The default, if a text is the beginning of it and of other words: `manual` is MANUAL-PROVISION-ONLY. */
function defaultFor(text: string, { default: word }: JsonSchema): string | null {
  const isBeginning = typeof word === "string" && text.length > 2 && word.toLowerCase().startsWith(text.toLowerCase());
  return isBeginning ? word : null;
}

/** The syntax for what was probably meant, or null. */
function fix(schema: JsonSchema, unit: Unit | null, { value, written, format }: WrittenValue): string | null {
  const types = typesOf(schema);
  if (value === null || value === undefined) return "Delete the key if the value is unknown.";
  const near =
    typeof value === "string" && schema.enum !== undefined
      ? (wordForVersion(value, choices(schema)) ?? defaultFor(value, schema) ?? suggest(value, choices(schema)))
      : null;
  if (near !== null) return `Did you mean ${near}?`;
  if (typeof value === "string") {
    if (types.includes("integer")) return integerFix(value, unit);
    if (types.includes("boolean")) return booleanFix(value);
  }
  if (typeof value === "number" || typeof value === "boolean") {
    const text = typeof value === "number" ? numeral(value, written) : String(value);
    if (types.includes("string") && schema.enum === undefined && schema.pattern === undefined) {
      return `Put it in quotes: "${text}".`;
    }
  }
  if (types.includes("array")) {
    if (typeof value === "object")
      return format === "yaml" ? "Start each item with a dash." : "Put it in square brackets.";
    if (schema.items?.type === "string" && typeof value === "string") {
      return format === "yaml" ? `Write a list: [${escapeForMessage(value)}].` : `Write a list: [${quoted(value)}].`;
    }
  }
  return null;
}

function choices(schema: JsonSchema): readonly string[] {
  return (schema.enum ?? []).filter((choice) => typeof choice === "string");
}

function integerFix(value: string, unit: Unit | null): string | null {
  const text = value.trim();
  if (/^[+-]?\d{1,15}$/.test(text)) return `Write ${Number(text)} without quotes.`;
  if (/^\d{1,3}([_ ,']\d{3}){1,4}$/.test(text)) return `Write ${text.replaceAll(/[_ ,']/g, "")}.`;
  if (unit === null) return null;
  const [, digits = "", letters = ""] = /^(\d{1,12}(?:\.\d{1,6})?)\s*([a-z/]{1,10})$/i.exec(text) ?? [];
  const factor = unit.suffixes[letters.toLowerCase()] ?? unit.suffixes[letters.charAt(0).toLowerCase()];
  const amount = Number(digits) * (factor ?? NaN);
  return Number.isInteger(amount) && digits !== "" ? `The unit is ${unit.name}: write ${amount}.` : null;
}

function booleanFix(value: string): string | null {
  const word = value.trim().toLowerCase();
  if (["true", "yes", "on", "y", "1"].includes(word)) return "Write true, without quotes.";
  if (["false", "no", "off", "n", "0"].includes(word)) return "Write false, without quotes.";
  return null;
}

/** The number as written in the file, if that is what was read; otherwise `6.10` would become 6.1. */
function numeral(value: number, written: string | null): string {
  return written !== null && written.length <= 40 && Number(written) === value ? written : String(value);
}

/** The value at a path as written in the file. `lines` are those of the source's text. */
export function writtenValue(source: ParsedSource, path: Path, lines: readonly string[]): WrittenValue {
  return {
    value: valueAt(source.value, path),
    written: textAt(lines, source.locate(path)),
    secret: source.secrets.some((secret) => secret.path.every((step, index) => step === path[index])),
    format: source.format,
  };
}

/** The characters of a range within one line, otherwise null. */
function textAt(lines: readonly string[], { line, column, end_line, end_column }: TextLocation): string | null {
  return line === end_line ? (lines[line - 1]?.slice(column - 1, end_column - 1) ?? null) : null;
}
