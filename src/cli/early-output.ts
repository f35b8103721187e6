import { writeSync } from "node:fs";

/**
 * Writes a short text to standard output before anything is loaded. False if it was not written completely: the program
 * then writes it, and reports the reason.
 */
export function isWrittenEarly(text: string): boolean {
  try {
    return writeSync(1, text) === text.length;
  } catch {
    return false;
  }
}
