import { dirname, join, resolve } from "node:path";
import type { ApprovedPlan } from "../../engine/gate/baseline.ts";
import { readDirectives } from "../../engine/waivers/directives.ts";
import { type NewWaivers, waiversForOpen, type WaiverTerms } from "../../engine/waivers/new-waivers.ts";
import type { Rule } from "../../engine/api/rule.ts";
import type { Check } from "../../schema/report.generated.ts";
import { applyWaivers, type Waived } from "../../engine/waivers/waivers.ts";
import type { WaiverEntry } from "../../engine/waivers/waiver-entry.ts";
import { findWaivers, isThere, WAIVERS_NAMES } from "../../input/policy/find-config.ts";
import type { Document } from "../../site/core/document.ts";
import { PreflightError, PreflightErrors } from "../../values/preflight-error.ts";
import type { ExceptionOptions, FileOptions } from "../options.ts";
import type { LoadedConfig } from "../config/load-config.ts";
import type { ReadInput } from "../inputs/read-input.ts";

/** The exceptions that were agreed on, and the plan that was. */
export interface Exceptions {
  /** Where waivers stand, or would stand; absolute. Null when the run takes none. */
  readonly file: string | null;
  readonly waivers: readonly WaiverEntry[];
  readonly approved: ApprovedPlan | null;
  readonly inputs: readonly ReadInput[];
  /** Text by path, secrets blanked. */
  readonly sources: ReadonlyMap<string, string>;
  readonly errors: readonly PreflightError[];
}

type Options = ExceptionOptions & Pick<FileOptions, "deployment" | "cwd">;

/**
 * Reads waivers and the approved plan. Mistakes in them are returned; throws PreflightErrors for new waivers that no
 * later run would read.
 */
export async function readExceptions(options: Options, config: LoadedConfig): Promise<Exceptions> {
  assertReadBack(options, config);
  const { cwd, baselinePlan } = options;
  const inputs: ReadInput[] = [];
  const sources = new Map<string, string>();
  const errors: PreflightError[] = [];
  const note = (
    kind: ReadInput["kind"],
    read: {
      readonly path: string;
      readonly sha256: string | null;
      readonly text: string;
      readonly errors: readonly PreflightError[];
    },
  ) => {
    if (read.sha256 !== null) inputs.push({ kind, path: read.path, sha256: read.sha256 });
    if (read.text !== "") sources.set(read.path, read.text);
    errors.push(...read.errors);
  };

  let waivers: readonly WaiverEntry[] = [];
  let approved: ApprovedPlan | null = null;
  const place = waiversPlace(options, config, errors);
  if (place.exists && place.file !== null) {
    // Loaded on demand, as below: most runs have neither.
    const { readWaivers } = await import("../../input/policy/read-waivers.ts");
    const read = await readWaivers(place.file, config.policy.catalogue.rules, { cwd });
    note("waivers", read);
    waivers = read.entries;
  }
  if (baselinePlan !== undefined) {
    const { readApprovedPlan } = await import("../../input/policy/read-approved-plan.ts");
    const read = await readApprovedPlan(baselinePlan, { cwd });
    note("plan", read);
    approved = read.plan;
  }
  return { file: place.file, waivers, approved, inputs, sources, errors };
}

/** The directives of these documents as waivers; none when the run ignores them. */
export function directivesOf(
  documents: readonly Document[],
  { inline = true }: ExceptionOptions,
  { policy }: LoadedConfig,
): ReturnType<typeof readDirectives> {
  if (!inline) return { entries: [], errors: [] };
  return readDirectives(
    documents,
    policy.catalogue.rules.map(({ id }) => id),
  );
}

/** The checks as waivers leave them, and the waivers that are new: for all that stands open after the others. */
export interface WaivedRun extends Waived {
  readonly added: NewWaivers | null;
}

/** @param terms of new waivers; undefined = none are wanted */
export function waive(
  checks: readonly Check[],
  entries: readonly WaiverEntry[],
  {
    rules,
    now,
    terms,
  }: { readonly rules: readonly Rule[]; readonly now: number; readonly terms: WaiverTerms | undefined },
): WaivedRun {
  const unwaivable = new Set(rules.filter(({ waivable }) => waivable === false).map(({ id }) => id));
  const known = applyWaivers(checks, entries, { now, unwaivable });
  if (terms === undefined) return { ...known, added: null };
  const added = waiversForOpen(known.checks, terms, unwaivable);
  return { ...applyWaivers(checks, [...entries, ...added.entries], { now, unwaivable }), added };
}

/** The report counts with new waivers: they must go where the next run finds them. */
function assertReadBack({ waivers, newWaivers }: ExceptionOptions, { isNamed, settings, errors }: LoadedConfig): void {
  if (newWaivers === undefined || errors.length > 0) return;
  const refuse = (message: string, hint: string) => {
    throw new PreflightErrors([new PreflightError("usage", message, null, hint)]);
  };
  if (waivers === false) refuse("A run that takes no waivers can write none.", "name the file that they belong in");
  if (isNamed && waivers === undefined && settings.waivers.value === null) {
    const hint = "add --waivers FILE here and to later runs, or waivers: FILE to the config";
    refuse("The config that was named names no waivers file, so no later run would read new waivers.", hint);
  }
}

interface WaiversPlace {
  readonly file: string | null;
  /** Whether it is to be read: somebody named it, or it was found. */
  readonly exists: boolean;
}

function waiversPlace(
  { waivers, newWaivers, deployment, cwd }: Options,
  { settings, isNamed }: LoadedConfig,
  errors: PreflightError[],
): WaiversPlace {
  if (waivers === false) return { file: null, exists: false };
  const named = waivers ?? settings.waivers.value;
  if (named !== null) return { file: named, exists: newWaivers === undefined || isThere(resolve(cwd, named)) };
  const beside = join(deployment === "-" ? cwd : dirname(resolve(cwd, deployment)), WAIVERS_NAMES[0]);
  // A config that somebody named says all: no file of the change that it judges may add exceptions.
  if (isNamed) return { file: beside, exists: false };
  try {
    const { file } = findWaivers(deployment, cwd);
    return { file: file ?? beside, exists: file !== null };
  } catch (error) {
    if (!(error instanceof PreflightError)) throw error;
    errors.push(error);
    return { file: null, exists: false };
  }
}
