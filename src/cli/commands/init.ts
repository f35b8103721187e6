import { lstatSync, mkdirSync, rmdirSync, unlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { listed } from "../../report/text/wording.ts";
import { PreflightError, PreflightErrors } from "../../values/preflight-error.ts";
import { schemaText } from "./schema.ts";
import { SCHEMA_FOLDER, STARTER } from "./starter.ts";
import type { ExitCode, CliContext } from "../cli-context.ts";
import { systemReason } from "../system-reason.ts";

/**
 * `preflight init`: writes a deployment, an inventory and a config to be filled in, with their schemas for editors, into
 * the working directory. All of them or none: a file that is there already is never touched.
 */
export async function init({ cwd, stdout }: Pick<CliContext, "cwd" | "stdout">): Promise<ExitCode> {
  const files = new Map<string, string>();
  for (const { path, text } of STARTER) files.set(path, text);
  for (const { schema } of STARTER) {
    files.set(join(SCHEMA_FOLDER, `${schema}.schema.json`), schemaText(schema));
  }
  const present = [...files.keys()].filter((path) => isThere(join(cwd, path)));
  if (present.length > 0) throw alreadyThere(present);
  writeAll(cwd, files);
  const names = STARTER.map(({ path }) => path);
  await stdout.write([
    `Written: ${listed(names)}, and their schemas for editors in ${SCHEMA_FOLDER}/.\n`,
    "Replace every replace-me, fill in the values that you have, then run:\n",
    `  preflight ${names[0] ?? ""} --inventory ${names[1] ?? ""} --no-live\n`,
  ]);
  return 0;
}

/** Writes each file where none is; when one cannot be written, takes back those that were. */
function writeAll(cwd: string, files: ReadonlyMap<string, string>): void {
  const undo: (() => void)[] = [];
  let current = "";
  try {
    for (const [path, text] of files) {
      current = path;
      const file = join(cwd, path);
      const made = mkdirSync(dirname(file), { recursive: true });
      if (made !== undefined) undo.push(() => rmdirSync(made));
      create(file, path);
      undo.push(() => unlinkSync(file));
      writeFileSync(file, text);
    }
  } catch (error) {
    for (const step of undo.reverse()) attempt(step);
    if (error instanceof PreflightErrors) throw error;
    const message = `${current} cannot be written: ${systemReason(error)}.`;
    const hint = "nothing was written; run preflight init in a writable folder";
    throw new PreflightErrors([new PreflightError("unwritable", message, null, hint)]);
  }
}

/** Makes an empty file; also refuses one that has appeared in the meantime, and a link. */
function create(file: string, path: string): void {
  try {
    writeFileSync(file, "", { flag: "wx" });
  } catch (error) {
    throw error instanceof Error && "code" in error && error.code === "EEXIST" ? alreadyThere([path]) : error;
  }
}

function attempt(step: () => void): void {
  try {
    step();
  } catch {
    // The first failure is the one to tell.
  }
}

function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

function alreadyThere(paths: readonly string[]): PreflightErrors {
  const verb = paths.length === 1 ? "is" : "are";
  const message = `${listed(paths)} ${verb} already in this folder, so nothing was written.`;
  const hint = "preflight init never overwrites; run it in an empty folder and copy what you need";
  return new PreflightErrors([new PreflightError("already-there", message, null, hint)]);
}
