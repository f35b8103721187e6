import { isFields } from "../source/plain-data.ts";
import { duplicateKeys, scanJson } from "./json-scan.ts";
import type { NodeTable } from "../source/node-table.ts";
import { hasLongLine } from "../source/overlong-text.ts";
import type { ParseResult } from "../source/parsed-source.ts";
import { ParseStop, errorsOf, notAMapping, type Problem } from "./problem.ts";
import { secretLocations, secretRows } from "../secrets/secret-rows.ts";
import { blank, isSecretKey, isSuspiciousKey, suspectRanges, withoutUserInformation } from "../secrets/secrets.ts";
import { stripValue } from "../secrets/strip-value.ts";
import { locatorOf } from "../source/text-lines.ts";
import { valueEdit } from "./value-edit.ts";

/**
 * Reads JSON (RFC 8259) without a byte order mark. `JSON.parse` makes the value; positions are scanned for only when
 * requested, or when the file holds what must be located at once: secrets and duplicate keys.
 */
export function parseJson(text: string, path: string): ParseResult {
  try {
    return sourceOf(text, path);
  } catch (stop) {
    if (!(stop instanceof ParseStop)) throw stop;
    const blanked = blank(text, suspectRanges(text));
    return { source: null, text: blanked, errors: errorsOf([stop.problem], locatorOf(path, text)) };
  }
}

function sourceOf(text: string, path: string): ParseResult {
  const at = locatorOf(path, text);
  let scanned: NodeTable | null = null;
  const table = (): NodeTable => (scanned ??= scanJson(text));

  const value = parsed(text, table);
  const { keys, hadSecrets, isTooDeep } = stripValue(value);
  if (isTooDeep) table(); // Stops at the place.
  // JSON.parse keeps one of equal keys: fewer keys than the text has mean duplicates.
  const problems: Problem[] = keys === countKeys(text) ? [] : duplicateKeys(table());
  if (!isFields(value)) problems.push(notAMapping("a list", text.indexOf("["), text.indexOf("[") + 1));

  // A duplicate removes the earlier value of its key from the result, but not from the text.
  const secrets = hadSecrets || problems.length > 0 ? secretsIn(text, table()) : { ranges: [], rows: [] };
  const blanked = blank(text, secrets.ranges);
  const errors = errorsOf(problems, at);
  if (!isFields(value)) return { source: null, text: blanked, errors };
  return {
    source: {
      path,
      format: "json",
      text: blanked,
      value,
      secrets: secrets.rows.length > 0 ? secretLocations(table(), secrets.rows, at) : [],
      hasLongText: hasLongLine(text),
      directives: [],
      locate: (path) => table().locate(path, at),
      locateKey: (path) => table().locateKey(path, at),
      edit: (path, change) => valueEdit({ text, table: table(), at, format: "json" }, path, change),
    },
    text: blanked,
    errors,
  };
}

function parsed(text: string, scan: () => NodeTable): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    scan(); // Says in our words what is wrong.
    throw error;
  }
}

/** The keys of all objects in valid JSON: strings followed by a colon. */
function countKeys(text: string): number {
  let keys = 0;
  for (let open = text.indexOf('"'); open !== -1; open = text.indexOf('"', open + 1)) {
    open = closingQuote(text, open);
    let at = open + 1;
    while (isBlank(text.charCodeAt(at))) at++;
    if (text.charCodeAt(at) === 0x3a) keys++;
  }
  return keys;
}

function closingQuote(text: string, open: number): number {
  for (let close = text.indexOf('"', open + 1); ; close = text.indexOf('"', close + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(close - 1 - backslashes) === 0x5c) backslashes++;
    if (backslashes % 2 === 0) return close;
  }
}

function isBlank(unit: number): boolean {
  return unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09;
}

function secretsIn(text: string, table: NodeTable): ReturnType<typeof secretRows> {
  const named: number[] = [];
  const suspicious: number[] = [];
  const urls: number[] = [];
  for (let node = 0; node < table.count; node++) {
    const key = table.hasKey(node) ? table.key(node) : "";
    if (isSecretKey(key)) named.push(node);
    else if (isSuspiciousKey(key)) suspicious.push(node);
    if (text.charCodeAt(table.start(node)) !== 0x22) continue;
    const string = String(JSON.parse(text.slice(table.start(node), table.end(node))));
    if (withoutUserInformation(string) !== string) urls.push(node);
  }
  return secretRows(text, table, { named, suspicious, urls });
}
