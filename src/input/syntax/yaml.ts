import { YAMLException, parseEvents, type Event } from "js-yaml";
import type { Path } from "../../values/location.ts";
import { directiveComments } from "./directive-comments.ts";
import { isFields } from "../source/plain-data.ts";
import { MAX_DEPTH } from "../source/limits.ts";
import type { NodeTable } from "../source/node-table.ts";
import type { ParseResult } from "../source/parsed-source.ts";
import { ParseStop, errorsOf, notAMapping, type Problem } from "./problem.ts";
import { secretLocations, secretRows } from "../secrets/secret-rows.ts";
import { blank, commentRanges, suspectRanges, type Range } from "../secrets/secrets.ts";
import { stripValue } from "../secrets/strip-value.ts";
import { locatorOf } from "../source/text-lines.ts";
import { valueEdit } from "./value-edit.ts";
import { YamlBuilder } from "./yaml-builder.ts";
import { syntaxProblem } from "./yaml-syntax.ts";
import { lineEnd } from "./yaml-token.ts";

/**
 * Reads YAML 1.2 in its core schema with merge keys: one document, without a byte order mark. There is a source even
 * with errors where the rest of the file could be understood, so that those of the next step are shown with them.
 *
 * @param takesNull whether null is a valid value at a path: what to write where a value is missing
 */
export function parseYaml(text: string, path: string, takesNull: (path: Path) => boolean = () => false): ParseResult {
  const problems: Problem[] = [];
  try {
    return sourceOf(text, path, takesNull, problems);
  } catch (stop) {
    if (!(stop instanceof ParseStop)) throw stop;
    const ranges = suspectRanges(text);
    const errors = errorsOf([...outside(ranges, problems), stop.problem], locatorOf(path, text));
    return { source: null, text: blank(text, ranges), errors };
  }
}

function sourceOf(text: string, path: string, takesNull: (path: Path) => boolean, problems: Problem[]): ParseResult {
  const at = locatorOf(path, text);
  const events = eventsOf(text);
  let builder = new YamlBuilder(text, events, problems, takesNull);
  builder.build();
  const { table, value: top } = builder;

  const secrets = secretRows(text, table, builder, builder.aliases);
  const ranges = [...secrets.ranges, ...commentRanges(text)];
  const blanked = blank(text, ranges);
  const readable = outside(secrets.ranges, problems);
  if (!isFields(top)) {
    const problem = top === undefined ? emptyFile(text) : notAMapping(kindOf(top), ...firstLine(text, table));
    return { source: null, text: blanked, errors: errorsOf([...readable, problem], at) };
  }

  if (builder.aliases.some(({ target }) => secrets.marks[target] === 1)) {
    builder = new YamlBuilder(text, events, [], takesNull, secrets.marks);
    builder.build();
  }
  if (builder.hasDropped || builder.named.length > 0) stripValue(builder.value);
  return {
    source: {
      path,
      format: "yaml",
      text: blanked,
      value: builder.value,
      secrets: secretLocations(table, secrets.rows, at),
      hasLongText: builder.hasLongText,
      leadingZeros: builder.leadingZeros,
      directives: directiveComments(blanked, table, at),
      locate: (path) => table.locate(path, at),
      locateKey: (path) => table.locateKey(path, at),
      edit: (path, change) => valueEdit({ text, table: table, at, format: "yaml" }, path, change),
    },
    text: blanked,
    errors: errorsOf(readable, at),
  };
}

function eventsOf(text: string): Event[] {
  try {
    // The parser counts the scalars in the innermost collection as a level of their own.
    return parseEvents(text, { maxDepth: MAX_DEPTH + 1 });
  } catch (error) {
    if (error instanceof YAMLException)
      throw new ParseStop(syntaxProblem(error.reason, text, error.mark?.position ?? 0));
    throw error;
  }
}

/** Errors inside a secret are not reported: their messages might quote it. */
function outside(ranges: readonly Range[], problems: readonly Problem[]): Problem[] {
  const inOrder = [...ranges].sort((a, b) => a[0] - b[0]);
  let covered = 0;
  let next = 0;
  return [...problems]
    .sort((a, b) => a.start - b.start)
    .filter(({ start }) => {
      for (; (inOrder[next]?.[0] ?? Infinity) <= start; next++) covered = Math.max(covered, inOrder[next]?.[1] ?? 0);
      return start >= covered;
    });
}

function emptyFile(text: string): Problem {
  const message =
    text.trim() === "" ? "This file is empty." : "This file contains no keys and values, only comments or markers.";
  return { code: "empty-file", message, hint: null, start: 0, end: 1 };
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (value === null) return "null";
  return typeof value === "string" ? "a line of text" : `a ${typeof value}`;
}

function firstLine(text: string, table: NodeTable): Range {
  return [table.start(0), Math.min(table.end(0), lineEnd(text, table.start(0)))];
}
