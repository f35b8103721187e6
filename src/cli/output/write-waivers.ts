import { existsSync, readFileSync, realpathSync } from "node:fs";
import { relative, resolve } from "node:path";
import { leadsOutside } from "../../input/source/untrusted-path.ts";
import type { CheckResult } from "../../run/options.ts";
import { PreflightError } from "../../values/preflight-error.ts";
import { escapeForMessage } from "../../values/text/quoted.ts";
import type { CliContext } from "../cli-context.ts";
import { writeReport } from "./write-report.ts";

/**
 * Adds new waivers to their file and reports it on stderr. Throws a PreflightError if the file cannot be written; it is
 * then unchanged.
 */
export async function writeWaivers(
  { newWaivers, report }: Pick<CheckResult, "newWaivers" | "report">,
  { cwd, stderr }: CliContext,
): Promise<void> {
  if (newWaivers === null) {
    const why = report.checks.length === 0 || report.exit_code === 2 ? "the run gives no verdict" : "waivers are off";
    await stderr.write([`No waivers were written: ${why}.\n`]);
    return;
  }
  const { file, entries, refused } = newWaivers;
  const path = resolve(cwd, file);
  const name = escapeForMessage(relative(cwd, path).startsWith("..") ? path : relative(cwd, path));
  if (entries.length > 0) {
    const { withWaivers } = await import("../../input/policy/waivers-text.ts");
    writeReport(target(path), cwd, [withWaivers(existing(path, name), entries)], "waivers file");
  }
  const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? "" : "s"}`;
  const written = entries.length === 0 ? "Nothing to waive" : `Wrote ${count(entries.length, "waiver")} to ${name}`;
  const left = refused.length === 0 ? "" : `; ${count(refused.length, "check")} cannot be waived`;
  await stderr.write([`${written}${left}.\n`]);
}

/**
 * The file to replace: the target of a link within the repository, which other links may share; else the link itself.
 */
function target(path: string): string {
  return existsSync(path) && !leadsOutside(path) ? realpathSync(path) : path;
}

function existing(path: string, name: string): string | null {
  if (!existsSync(path)) return null;
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw new PreflightError("unreadable-file", `The waivers file ${name} can no longer be read.`);
  }
}
