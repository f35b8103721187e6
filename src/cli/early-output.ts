import { writeSync } from "node:fs";

/**
 * Writes a short text to standard output before anything is loaded. False when it was not written whole: the program
 * then writes it, and explains what is in the way.
 */
export function isWrittenEarly(text: string): boolean {
  try {
    return writeSync(1, text) === text.length;
  } catch {
    return false;
  }
}
