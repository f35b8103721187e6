import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { leadsOutside } from "../../input/source/untrusted-path.ts";
import type { CheckResult } from "../../run/options.ts";
import type { WaiverEntry } from "../../engine/waivers/waiver-entry.ts";
import type { CrossSite } from "../../schema/project/project-report.generated.ts";
import type { RunReport } from "../../schema/report.generated.ts";
import { groupBy } from "../../site/core/names.ts";
import { counted } from "../../values/text/counted.ts";
import { PreflightError } from "../../values/preflight-error.ts";
import { escapeForMessage } from "../../values/text/quoted.ts";
import type { CliContext } from "../cli-context.ts";
import { writeReport } from "./write-report.ts";

/** What a run wants to be waived. */
type Waiving = Pick<CheckResult, "newWaivers" | "report">;

/**
 * Adds the new waivers of the sites to their files and reports it on stderr. Sites that share a file share the waivers of
 * subjects of one name. Throws a PreflightError if a file cannot be written; it is then unchanged.
 */
export async function writeWaivers(
  results: readonly Waiving[],
  crossSite: CrossSite | null,
  context: CliContext,
): Promise<void> {
  const byFile = groupBy(results, ({ newWaivers }) =>
    newWaivers === null ? "" : target(resolve(context.cwd, newWaivers.file)),
  );
  for (const [file, group] of byFile) {
    if (file === "")
      for (const { report } of group) await context.stderr.write([nothingWritten(report, results.length > 1)]);
    else await writeFile(group, context);
  }
  const errors = crossSite?.findings.filter(({ severity }) => severity === "error").length ?? 0;
  if (errors === 0) return;
  const what = `${counted(errors, "finding")} across sites cannot be waived`;
  await context.stderr.write([`${what}: change a value, or set the rule to warn in the configs of these sites.\n`]);
}

function nothingWritten({ checks, exit_code, inputs }: RunReport, areSeveral: boolean): string {
  const why = checks.length === 0 || exit_code === 2 ? "the run gives no verdict" : "waivers are off";
  const deployment = inputs.find(({ kind }) => kind === "deployment")?.path;
  const of = deployment === undefined || !areSeveral ? "" : ` for ${escapeForMessage(deployment)}`;
  return `No waivers were written${of}: ${why}.\n`;
}

async function writeFile(group: readonly Waiving[], { cwd, stderr }: CliContext): Promise<void> {
  const [first] = group.flatMap(({ newWaivers }) => newWaivers ?? []);
  if (first === undefined) return;
  const path = resolve(cwd, first.file);
  const name = escapeForMessage(relative(cwd, path).startsWith("..") ? path : relative(cwd, path));
  const entries = united(group.flatMap(({ newWaivers }) => newWaivers?.entries ?? []));
  if (entries.length > 0) {
    const { withWaivers } = await import("../../input/policy/waivers-text.ts");
    writeReport(target(path), cwd, [withWaivers(existing(path, name), entries, schemaBeside(path))], "waivers file");
  }
  const refused = group.reduce((sum, { newWaivers }) => sum + (newWaivers?.refused.length ?? 0), 0);
  const written = entries.length === 0 ? "Nothing to waive" : `Wrote ${counted(entries.length, "waiver")} to ${name}`;
  const left = refused === 0 ? "" : `; ${counted(refused, "check")} cannot be waived`;
  await stderr.write([`${written}${left}.\n`]);
}

/** Where the schema may be: as preflight init writes it, or in the package. */
const SCHEMAS = [".preflight/waivers.schema.json", "./node_modules/infinity-preflight/schema/waivers.schema.json"];

/** A reference for editors to a schema that exists; the path of an installation elsewhere would not do for others. */
function schemaBeside(path: string): string | null {
  return SCHEMAS.find((schema) => existsSync(resolve(dirname(path), schema))) ?? null;
}

/** One waiver for the checks of a rule on subjects of one name, with the findings of all of them. */
function united(entries: readonly WaiverEntry[]): readonly WaiverEntry[] {
  const keyOf = ({ rule, subject, verdict }: WaiverEntry) => JSON.stringify([rule, subject?.toLowerCase(), verdict]);
  return [...groupBy(entries, keyOf).values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const all = [first, ...others].map(({ fingerprints }) => fingerprints);
    const known = all.flatMap((fingerprints) => fingerprints ?? []);
    return { ...first, fingerprints: all.includes(null) ? null : [...new Set(known)] };
  });
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
