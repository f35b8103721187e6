import type { Path } from "../../values/location.ts";
import { PreflightError } from "../../values/preflight-error.ts";
import { Budget } from "../source/budget.ts";
import { parseJson } from "./json.ts";
import { overlongText } from "../source/overlong-text.ts";
import type { ParseResult } from "../source/parsed-source.ts";

const BYTE_ORDER_MARK = "\uFEFF";

/** The properties of a file that are known before it is parsed. */
export interface ParseContext {
  /** Whether null is a valid value at a path; by default nowhere. */
  readonly takesNull?: (path: Path) => boolean;
  /** What the run may still read. */
  readonly budget?: Budget | undefined;
  /** What to do about a file that has too many values. */
  readonly hint?: string;
}

/**
 * Parses the text of a file; its content decides about the format, not its name: what begins with `{` or `[` is JSON
 * and nothing else, the rest is YAML. A byte order mark is dropped and counts in no column.
 */
export async function parseSource(
  given: string,
  path: string,
  { takesNull, budget = new Budget(), hint = "Check that it is the intended file." }: ParseContext = {},
): Promise<ParseResult> {
  const text = given.startsWith(BYTE_ORDER_MARK) ? given.slice(1) : given;
  const isJson = /^[ \t\r\n]*[{[]/.test(text);
  try {
    budget.spendValues(text, isJson ? "json" : "yaml", path === "-" ? "Standard input" : path, hint);
  } catch (error) {
    if (error instanceof PreflightError) return { source: null, text: "", errors: [error] };
    throw error;
  }
  // Loaded on demand: a run over JSON files does not need the YAML parser.
  const result = isJson ? parseJson(text, path) : (await import("./yaml.ts")).parseYaml(text, path, takesNull);
  const { source } = result;
  const tooLong = source?.hasLongText === true ? overlongText(source.value, (at) => source.locate(at)) : null;
  return tooLong === null ? result : { ...result, source: null, errors: [...result.errors, tooLong] };
}
