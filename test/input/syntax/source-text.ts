import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isTextLocation, type Location, type TextLocation } from "../../../src/values/location.ts";
import type { ParsedSource } from "../../../src/input/source/parsed-source.ts";
import { parseSource } from "../../../src/input/syntax/parse-source.ts";

/** The source of a text that has no errors. */
export async function sourceOf(text: string): Promise<ParsedSource> {
  const { source, errors } = await parseSource(text, "file");
  if (source === null || errors.length > 0) throw new Error(errors.map((error) => error.message).join("\n"));
  return source;
}

/** Errors as `line:column code message`, the way a reader of a test checks them. */
export async function errorsIn(text: string): Promise<string[]> {
  const { errors } = await parseSource(text, "file");
  return errors.map(({ code, message, location }) => `${place(location)} ${code} ${message}`);
}

export function place(location: Location | null): string {
  return location !== null && isTextLocation(location) ? `${location.line}:${location.column}` : "nowhere";
}

/** The text that a location covers, worked out without the code under test. */
export function textAt(text: string, location: TextLocation): string {
  return text.slice(
    offsetOf(text, location.line, location.column),
    offsetOf(text, location.end_line, location.end_column),
  );
}

/** The text on a location's first line, before it. */
export function textBefore(text: string, location: TextLocation): string {
  return text.slice(offsetOf(text, location.line, 1), offsetOf(text, location.line, location.column));
}

function offsetOf(text: string, line: number, column: number): number {
  const lines = text.split(/(?<=\r\n|\n|\r(?!\n))/);
  return lines.slice(0, line - 1).join("").length + column - 1;
}

/** All files below a folder of the repository whose names end like this. */
export function filesBelow(folder: string, endings: RegExp): string[] {
  const root = fileURLToPath(new URL(`../../../${folder}`, import.meta.url));
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && endings.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}
