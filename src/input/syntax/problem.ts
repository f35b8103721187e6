import { PreflightError } from "../../values/preflight-error.ts";
import type { Range } from "../secrets/secrets.ts";
import type { Locator } from "../source/text-lines.ts";

/** An error in a text, by offsets: lines and columns are computed when it is reported. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
  readonly start: number;
  readonly end: number;
  /** A second place that explains the first one. */
  readonly related?: { readonly message: string; readonly start: number; readonly end: number };
}

/** Thrown if a text cannot be parsed further. */
export class ParseStop extends Error {
  override readonly name = "ParseStop";
  constructor(readonly problem: Problem) {
    super(problem.message);
  }
}

/** A duplicate key in a mapping. */
export function duplicateKey(key: string, [start, end]: Range, [firstStart, firstEnd]: Range): Problem {
  return {
    code: "duplicate-key",
    message: `The key ${key} is used more than once in this mapping.`,
    hint: "Keep one of them.",
    start,
    end,
    related: { message: "The first one is here.", start: firstStart, end: firstEnd },
  };
}

/** A top level with `what` instead of keys. */
export function notAMapping(what: string, start: number, end: number): Problem {
  return {
    code: "not-a-mapping",
    message: `This file contains ${what}; it must contain a mapping of keys to values.`,
    hint: null,
    start,
    end,
  };
}

/** The errors of a file in line order. */
export function errorsOf(problems: readonly Problem[], at: Locator): PreflightError[] {
  return [...problems]
    .sort((a, b) => a.start - b.start)
    .map(({ code, message, hint, start, end, related }) => {
      const others = related && [{ message: related.message, location: at(related.start, related.end) }];
      return new PreflightError(code, message, at(start, end), hint, others);
    });
}
