export type Scalar = string | number | boolean | null;

/** The text is not of that type. */
export const NO_MATCH: unique symbol = Symbol("no match");
/** The core schema has no such tag. */
export const UNKNOWN_TAG: unique symbol = Symbol("unknown tag");

const INTEGER = /^[-+]?[0-9]+$/;
const OCTAL = /^0o[0-7]+$/;
const HEXADECIMAL = /^0x[0-9a-fA-F]+$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*|(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)[eE][-+]?[0-9]+)$/;
const INFINITE = /^[-+]?\.(?:inf|Inf|INF)$/;
const NOT_A_NUMBER = /^\.(?:nan|NaN|NAN)$/;

/**
 * The value of a plain scalar in the core schema (YAML 1.2 section 10.3.2). What only YAML 1.1 knew stays text: `yes`,
 * `1:30`, `1_000`, dates.
 */
export function plainScalar(text: string): Scalar {
  // Most scalars are words, which their first letter shows.
  switch (text.charCodeAt(0)) {
    case 0x74: // t
    case 0x54: // T
    case 0x66: // f
    case 0x46: // F
    case 0x6e: // n
    case 0x4e: // N
    case 0x7e: // ~
      return wordOf(text);
    case 0x2b: // +
    case 0x2d: // -
    case 0x2e: // .
      return orText(numberOf(text), text);
    default: {
      const unit = text.charCodeAt(0);
      return unit >= 0x30 && unit <= 0x39 ? orText(numberOf(text), text) : text;
    }
  }
}

/** Whether a plain scalar is a whole number with a leading zero, other than zero itself. */
export function hasLeadingZero(text: string): boolean {
  return /^[-+]?0[0-9]+$/.test(text) && /[1-9]/.test(text);
}

/** The value of a scalar with an explicit tag (its full name), or `NO_MATCH`, or `UNKNOWN_TAG`. */
export function taggedScalar(tag: string, text: string): Scalar | typeof NO_MATCH | typeof UNKNOWN_TAG {
  const value = text === "" ? null : plainScalar(text);
  switch (tag) {
    case "!":
    case "tag:yaml.org,2002:str":
      return text;
    case "tag:yaml.org,2002:null":
      return value === null ? null : NO_MATCH;
    case "tag:yaml.org,2002:bool":
      return typeof value === "boolean" ? value : NO_MATCH;
    case "tag:yaml.org,2002:int":
      return INTEGER.test(text) || OCTAL.test(text) || HEXADECIMAL.test(text) ? value : NO_MATCH;
    case "tag:yaml.org,2002:float":
      return typeof value === "number" ? value : NO_MATCH;
    default:
      return UNKNOWN_TAG;
  }
}

function wordOf(text: string): Scalar {
  switch (text) {
    case "true":
    case "True":
    case "TRUE":
      return true;
    case "false":
    case "False":
    case "FALSE":
      return false;
    case "null":
    case "Null":
    case "NULL":
    case "~":
      return null;
    default:
      return text;
  }
}

function numberOf(text: string): number | typeof NO_MATCH {
  if (INTEGER.test(text)) return parseInt(text, 10);
  if (FLOAT.test(text)) return parseFloat(text);
  if (HEXADECIMAL.test(text)) return parseInt(text.slice(2), 16);
  if (OCTAL.test(text)) return parseInt(text.slice(2), 8);
  if (INFINITE.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
  return NOT_A_NUMBER.test(text) ? NaN : NO_MATCH;
}

function orText(value: number | typeof NO_MATCH, text: string): Scalar {
  return value === NO_MATCH ? text : value;
}

export function isScalar(value: unknown): value is Scalar {
  return value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

/** A key as text: null becomes the empty text, as in the `yaml` package. */
export function keyText(value: Scalar): string {
  return value === null ? "" : String(value);
}
