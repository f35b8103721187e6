import { PreflightError } from "../../values/preflight-error.ts";
import { quoted } from "../../values/text/quoted.ts";

/** An error in the command line. */
export function usageError(message: string, hint: string): PreflightError {
  return new PreflightError("usage", message, null, hint);
}

/** The error for a word that the command does not accept. */
export function unexpected(word: string, hint: string): PreflightError {
  return new PreflightError("unexpected-argument", `Unexpected argument ${quoted(word)}.`, null, hint);
}
