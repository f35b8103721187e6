import type { Path } from "../../values/location.ts";
import { parseJson } from "./json.ts";
import type { ParseResult } from "../source/parsed-source.ts";

const BYTE_ORDER_MARK = "\uFEFF";

/**
 * Parses the text of a file; its content decides about the format, not its name: what begins with `{` or `[` is JSON
 * and nothing else, the rest is YAML. A byte order mark is dropped and counts in no column.
 *
 * @param takesNull whether null is a value that may stand at a path; by default nowhere
 */
export async function parseSource(
  given: string,
  path: string,
  takesNull?: (path: Path) => boolean,
): Promise<ParseResult> {
  const text = given.startsWith(BYTE_ORDER_MARK) ? given.slice(1) : given;
  if (/^[ \t\r\n]*[{[]/.test(text)) return parseJson(text, path);
  // Loaded on demand: a run over JSON files does not need the YAML parser.
  const { parseYaml } = await import("./yaml.ts");
  return parseYaml(text, path, takesNull);
}
