import { statSync } from "node:fs";
import { resolve } from "node:path";
import { PreflightError } from "../../values/preflight-error.ts";
import { onlyErrors, type Read } from "./run-inputs.ts";
import { readBytes, type ReadContext } from "./read-source.ts";
import { displayPath } from "./read-source.ts";

/** The contents of paths that can be read only once. */
export interface Streams {
  /** The bytes by path as given. */
  readonly bytes: ReadonlyMap<string, Buffer>;
  /** Paths that could not be read. */
  readonly failed: ReadonlySet<string>;
}

/**
 * Reads standard input and pipes completely, so that their kind can be detected before a reader is chosen; does not
 * read files, which can be opened again.
 */
export async function readStreams(paths: readonly string[], context: ReadContext): Promise<Read<Streams>> {
  const bytes = new Map<string, Buffer>();
  const errors = new Map<string, PreflightError>();
  for (const path of paths) {
    if (path !== "-" && !isPipe(path, context.cwd)) continue;
    const read = await readBytes(path, { ...context, displayName: displayPath(path, context.cwd) });
    if (read instanceof PreflightError) errors.set(path, read);
    else bytes.set(path, read);
  }
  return { value: { bytes, failed: new Set(errors.keys()) }, inputs: onlyErrors([...errors.values()]) };
}

/** Without opening it: a pipe that is opened and closed again breaks its writer. */
function isPipe(path: string, cwd: string): boolean {
  try {
    return statSync(resolve(cwd, path)).isFIFO();
  } catch {
    return false;
  }
}
