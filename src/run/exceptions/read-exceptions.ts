import { dirname, join, resolve } from "node:path";
import type { ApprovedPlan } from "../../engine/policy/approved-plan.ts";
import { readDirectives } from "../../engine/waivers/directives.ts";
import type { WaiverEntry } from "../../engine/waivers/waiver-entry.ts";
import { merge, NO_INPUTS, onlyErrors, type Read, type RunInputs } from "../../input/source/run-inputs.ts";
import { boundaryOf, UntrustedPath } from "../../input/source/untrusted-path.ts";
import { findWaivers, isThere, WAIVERS_NAMES } from "../../input/policy/find-config.ts";
import type { Document } from "../../site/core/document.ts";
import { firstErrors } from "../../input/validation/first-errors.ts";
import { PreflightError, PreflightErrors } from "../../values/preflight-error.ts";
import type { LoadedConfig } from "../config/load-config.ts";
import type { ExceptionOptions, FileOptions } from "../options.ts";

/** The waivers and the approved plan of a run. */
export interface Exceptions {
  /** Where waivers are, or new ones would be written; absolute. Null if the run accepts none. */
  readonly file: string | null;
  /** From the waivers file, then from directives in documents. */
  readonly entries: readonly WaiverEntry[];
  readonly approved: ApprovedPlan | null;
  readonly inputs: RunInputs;
}

type Options = ExceptionOptions & Pick<FileOptions, "deployment" | "cwd" | "allowOutsidePaths">;

/**
 * Reads waivers, directives and the approved plan. Their errors are returned; throws PreflightErrors for new waivers
 * that no later run would read.
 */
export async function readExceptions(
  options: Options,
  config: LoadedConfig,
  documents: readonly Document[],
): Promise<Exceptions> {
  assertOptions(options, config);
  const { cwd, baselinePlan, inline = true } = options;
  const { source } = config;
  const place = waiversPlace(options, config);
  const waivers = await readWaiversAt(place, config, cwd);
  const plan = await readPlan(baselinePlan ?? planOf(config, cwd), cwd);
  // Directives in a policy's own files are part of the policy.
  const speaking = source === null ? documents : config.documents;
  const directives = inline ? readDirectives(speaking, ruleIds(config)) : { entries: [], errors: [] };
  const file = typeof place.file === "string" || place.file === null ? place.file : place.file.absolute;
  const reserved = file === null ? [] : [resolve(cwd, file)];
  return {
    file,
    entries: [...waivers.value, ...directives.entries],
    approved: plan.value,
    inputs: merge(place.inputs, waivers.inputs, plan.inputs, onlyErrors(firstOfEachFile(directives.errors)), {
      ...NO_INPUTS,
      reserved,
    }),
  };
}

async function readWaiversAt(
  { file, exists }: WaiversPlace,
  config: LoadedConfig,
  cwd: string,
): Promise<Read<readonly WaiverEntry[]>> {
  if (file === null || !exists) return { value: [], inputs: NO_INPUTS };
  // Loaded on demand, like the module below: most runs need neither.
  const { readWaivers } = await import("../../input/policy/read-waivers.ts");
  return readWaivers(file, config.policy.catalogue.rules, { cwd });
}

/** The approved plan of the config; null = it sets none. */
function planOf({ settings, boundary }: LoadedConfig, cwd: string): UntrustedPath | null {
  const { value: written, origin } = settings.baseline_plan;
  return written === null ? null : new UntrustedPath({ written, folder: cwd, boundary, location: origin.location });
}

async function readPlan(given: string | UntrustedPath | null, cwd: string): Promise<Read<ApprovedPlan | null>> {
  if (given === null) return { value: null, inputs: NO_INPUTS };
  const { readApprovedPlan } = await import("../../input/policy/read-approved-plan.ts");
  return readApprovedPlan(given, { cwd });
}

/** The errors of directives, limited per file like those of its values. */
function firstOfEachFile(errors: readonly PreflightError[]): readonly PreflightError[] {
  const files = new Map<string, PreflightError[]>();
  for (const error of errors) {
    const path = error.location?.path ?? "";
    const known = files.get(path);
    if (known === undefined) files.set(path, [error]);
    else known.push(error);
  }
  return [...files].flatMap(([path, ofFile]) => firstErrors(path, ofFile));
}

function ruleIds({ policy }: LoadedConfig): readonly string[] {
  return policy.catalogue.rules.map(({ id }) => id);
}

/**
 * The report includes new waivers, so they must be written where the next run finds them. A policy has one approved
 * plan.
 */
function assertOptions(options: ExceptionOptions, { isNamed, source, settings, inputs }: LoadedConfig): void {
  const { waivers, newWaivers, baselinePlan } = options;
  if (inputs.errors.length > 0) return;
  const refuse = (message: string, hint: string) => {
    throw new PreflightErrors([new PreflightError("usage", message, null, hint)]);
  };
  if (source !== null && settings.baseline_plan.value !== null && baselinePlan !== undefined) {
    refuse("The policy contains an approved plan, so --baseline-plan cannot be used.", "omit --baseline-plan");
  }
  if (newWaivers === undefined) return;
  if (waivers === false || source?.kind === "none")
    refuse("Waivers cannot be written by a run without waivers.", "give the waivers file");
  const isFolder = source?.kind === "folder";
  if (isNamed && !isFolder && waivers === undefined && settings.waivers.value === null) {
    const hint = "add --waivers FILE here and to later runs, or waivers: FILE to the config";
    refuse("The config does not refer to a waivers file, so later runs would not read new waivers.", hint);
  }
}

interface WaiversPlace {
  /** A plain string is trusted: it was given by name, or is beside the deployment. */
  readonly file: string | UntrustedPath | null;
  /** Whether to read it: it was given by name, or discovered. */
  readonly exists: boolean;
  /** Errors of the search for it. */
  readonly inputs: RunInputs;
}

function waiversPlace(options: Options, { settings, isNamed, source, boundary }: LoadedConfig): WaiversPlace {
  const { waivers, newWaivers, deployment, cwd, allowOutsidePaths = false } = options;
  const none = { file: null, exists: false, inputs: NO_INPUTS };
  if (waivers === false || source?.kind === "none") return none;
  const mustExist = newWaivers === undefined;
  if (waivers !== undefined) {
    return { file: waivers, exists: mustExist || isThere(resolve(cwd, waivers)), inputs: NO_INPUTS };
  }
  const { value: written, origin } = settings.waivers;
  if (written !== null) {
    const file = new UntrustedPath({ written, folder: cwd, boundary, location: origin.location });
    const refusal = file.refusal();
    // Checked here, as a new file is written without being read first.
    if (refusal !== null) return { ...none, inputs: onlyErrors([refusal]) };
    return { file, exists: mustExist || isThere(file.absolute), inputs: NO_INPUTS };
  }
  if (source?.kind === "folder") {
    return { file: join(resolve(cwd, source.path ?? ""), WAIVERS_NAMES[0]), exists: false, inputs: NO_INPUTS };
  }
  const beside = join(deployment === "-" ? cwd : dirname(resolve(cwd, deployment)), WAIVERS_NAMES[0]);
  // A config given by name is complete: no file of the change that it evaluates may add waivers.
  if (isNamed) return { file: beside, exists: false, inputs: NO_INPUTS };
  try {
    const found = findWaivers(deployment, cwd);
    if (found === null) return { file: beside, exists: false, inputs: NO_INPUTS };
    const within = allowOutsidePaths ? null : boundaryOf(dirname(found));
    const file = new UntrustedPath({ written: found, folder: cwd, boundary: within, location: null });
    return { file, exists: true, inputs: NO_INPUTS };
  } catch (error) {
    if (!(error instanceof PreflightError)) throw error;
    return { ...none, inputs: onlyErrors([error]) };
  }
}
