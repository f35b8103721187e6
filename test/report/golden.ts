import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect } from "vitest";

const FOLDER = new URL("golden/", import.meta.url);

/**
 * Holds a text against `golden/<name>`, by default a `.txt`; `UPDATE_GOLDEN=1` writes the file instead. The escape character is written
 * as `␛`, so that a golden file can be read and reviewed.
 */
export function expectGolden(name: string, text: string): void {
  const file = new URL(name.includes(".") ? name : `${name}.txt`, FOLDER);
  const readable = text.replaceAll("\u001b", "␛");
  if (process.env["UPDATE_GOLDEN"] === "1") {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(file, readable);
  }
  expect(readable).toBe(readFileSync(file, "utf8"));
}
