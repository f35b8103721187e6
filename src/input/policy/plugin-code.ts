import { readFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { dirname, join, relative, sep } from "node:path";
import { NO_INPUTS, type RunInputs } from "../source/run-inputs.ts";

/** `from "./x.js"`, `import "./x.js"`, `import("./x.js")` and `require("./x.js")`; also in a comment, which hashes a file too many. */
const RELATIVE_IMPORTS = /\b(?:from|import|require)\s*\(?\s*(["'])(\.{1,2}\/[^"'\n]+)\1/g;

/**
 * The code of a plugin as inputs of a run, so that a change of it is a change of the policy: its file and those that it
 * imports by a relative path, each once. Packages that it imports are not followed; a lock file pins them.
 *
 * @param entry absolute path of the plugin's file
 * @param config the config that names the plugin; the code is shown relative to it
 */
export function pluginCode(entry: string, config: { readonly absolute: string; readonly shown: string }): RunInputs {
  const shown = (file: string) =>
    join(dirname(config.shown), relative(dirname(config.absolute), file))
      .split(sep)
      .join("/");
  const hashes = new Map<string, string>();
  const pending = [entry];
  for (let file = pending.pop(); file !== undefined; file = pending.pop()) {
    if (hashes.has(file)) continue;
    const bytes = readFileSync(file);
    hashes.set(file, createHash("sha256").update(bytes).digest("hex"));
    pending.push(...importsOf(bytes.toString("utf8"), file));
  }
  return {
    ...NO_INPUTS,
    hashes: [...hashes].map(([file, sha256]) => ({ kind: "plugin", path: shown(file), sha256 })),
    reserved: [...hashes.keys()],
  };
}

function importsOf(code: string, file: string): readonly string[] {
  const { resolve } = createRequire(file);
  return [...code.matchAll(RELATIVE_IMPORTS)].flatMap(([, , specifier = ""]) => {
    try {
      return [resolve(specifier)];
    } catch {
      // Text that only looks like an import, or one that the code does not reach.
      return [];
    }
  });
}
