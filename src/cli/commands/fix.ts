import { lstatSync, realpathSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { parseSource } from "../../input/syntax/parse-source.ts";
import { displayPath, readBytes } from "../../input/source/read-source.ts";
import { leadsOutside } from "../../input/source/untrusted-path.ts";
import { withoutCommands } from "../../report/text/runner-commands.ts";
import { escapeForTerminal, locationText } from "../../report/text/wording.ts";
import { type FixedDeployment, fixDeployment } from "../../run/fix.ts";
import type { CheckOptions } from "../../run/options.ts";
import { PreflightError, PreflightErrors } from "../../values/preflight-error.ts";
import { counted } from "../../values/text/counted.ts";
import { escapeForMessage } from "../../values/text/quoted.ts";
import type { Arguments } from "../arguments/commands.ts";
import { usageError } from "../arguments/usage-error.ts";
import type { CliContext, ExitCode } from "../cli-context.ts";
import { writeReport } from "../output/write-report.ts";

/** The arguments of a check of one deployment. */
type SiteArguments = Arguments<"check"> & { readonly deployment: string };

/** A deployment to fix, and the run that evaluates it. */
interface Fixing {
  readonly options: SiteArguments;
  readonly run: CheckOptions;
}

/**
 * `--fix` and `--fix-dry-run`: makes the certain fixes in the deployment of each site, and writes them or prints their diff.
 * Null = a check follows, which reports what is left, or the errors of the files.
 */
export async function fixCommand(sites: readonly Fixing[], context: CliContext): Promise<ExitCode | null> {
  const isDryRun = sites.some(({ options }) => options["fix-dry-run"]);
  for (const { options } of sites) assertFiles(options, isDryRun ? "--fix-dry-run" : "--fix", context.cwd);
  const all: (FixedDeployment | null)[] = [];
  for (const { run } of sites) all.push(await fixDeployment(run));
  // A patch of some of the files would look complete.
  if (isDryRun && all.includes(null)) return null;
  let isAnyChanged = false;
  for (const [index, { options }] of sites.entries()) {
    const fixed = all[index] ?? null;
    if (fixed === null) continue;
    if (await finish(fixed, options, context)) isAnyChanged = true;
  }
  if (!isDryRun) return null;
  return isAnyChanged ? 1 : 0;
}

/** Writes or prints the fixes of a deployment, and reports it on stderr; returns whether there are any. */
async function finish(fixed: FixedDeployment, options: SiteArguments, context: CliContext): Promise<boolean> {
  const isDryRun = options["fix-dry-run"];
  const name = escapeForMessage(displayPath(options.deployment, context.cwd));
  const { before, after, applied } = fixed;
  const isChanged = before !== after;
  if (isChanged && leadsOutside(resolve(context.cwd, options.deployment))) throw outside(name);
  if (isDryRun && isChanged) {
    const patch = inert(await diffOf(fixed, displayPath(options.deployment, context.cwd)));
    // Programs that read the patch need the exact text.
    await (context.stdout.isTerminal ? context.stdout.write([patch]) : context.stdout.writeDocument([patch]));
  }
  if (!isDryRun && isChanged) await write(options.deployment, name, fixed, context);
  const verb = isDryRun ? "Would fix" : "Fixed";
  const done = isChanged ? `${verb} ${counted(applied.length, "finding")} in ${name}.` : `Nothing to fix in ${name}.`;
  await context.stderr.write([`${done}\n`, ...refusals(fixed)]);
  return isChanged;
}

/** Fixed text is evaluated several times, and standard input and pipes can be read only once. */
function assertFiles({ deployment, inventory }: SiteArguments, option: string, cwd: string): void {
  const stream = [deployment, ...inventory].find(
    (path) => path === "-" || statSync(resolve(cwd, path), { throwIfNoEntry: false })?.isFIFO() === true,
  );
  if (stream === undefined) return;
  const what = stream === "-" ? "standard input" : "a pipe";
  throw new PreflightErrors([usageError(`${option} cannot read ${what}.`, "save it to a file and give that file")]);
}

/**
 * Replaces the file as a whole; a link within the repository is followed. Throws PreflightErrors; the file is then
 * unchanged.
 */
async function write(
  given: string,
  name: string,
  { before, after }: FixedDeployment,
  { cwd }: CliContext,
): Promise<void> {
  const path = resolve(cwd, given);
  const target = realpathSync(path);
  const now = await readBytes(target, { cwd });
  if (!lstatSync(target).isFile() || now instanceof PreflightError || !now.equals(Buffer.from(before))) {
    const message = `${name} was changed during the run; nothing was written.`;
    throw new PreflightErrors([new PreflightError("changed-file", message, null, "run --fix again")]);
  }
  writeReport(target, cwd, [after], "deployment");
}

/**
 * The patch without effect in the log of a CI system. No deployment has such text by accident, so that every other patch
 * can be applied as it is.
 */
function inert(patch: string): string {
  return patch.replace(/[^\r\n\u0085\u2028\u2029]+/g, withoutCommands);
}

/** A patch would show lines of the file. */
function outside(name: string): PreflightErrors {
  const message = `${name} leads to a file outside the repository, so it is neither shown nor changed.`;
  return new PreflightErrors([new PreflightError("outside-path", message, null, "name the file itself")]);
}

/** Secrets are masked, as wherever lines of a file are shown. */
async function diffOf({ before, after }: FixedDeployment, path: string): Promise<string> {
  const { createTwoFilesPatch } = await import("diff");
  const shown = async (text: string) =>
    `${text.startsWith("\uFEFF") ? "\uFEFF" : ""}${(await parseSource(text, path)).text}`;
  const file = escapeForMessage(path);
  const patch = createTwoFilesPatch(`a/${file}`, `b/${file}`, await shown(before), await shown(after), "", "", {
    context: 3,
  });
  // The line above the names is not part of the format.
  return patch.replace(/^=+\n/, "").replace(/^(---|\+\+\+) (.*)\t$/gm, "$1 $2");
}

const MOST_NAMED = 20;

function* refusals({ refused }: FixedDeployment): Generator<string> {
  for (const { rule, location, description, reason } of refused.slice(0, MOST_NAMED)) {
    const at = location === null ? "" : `${locationText(location)}: `;
    yield `Not fixed: ${at}${escapeForTerminal(`${rule}: ${description}: ${reason}`)}.\n`;
  }
  if (refused.length > MOST_NAMED) yield `Not fixed: ${counted(refused.length - MOST_NAMED, "more finding")}.\n`;
}
