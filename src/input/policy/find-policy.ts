import { lstatSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { PreflightError } from "../../values/preflight-error.ts";
import { quoted } from "../../values/text/quoted.ts";
import { displayPath } from "../source/read-source.ts";
import { CONFIG_NAMES, fileInFolder, foundFiles, PLAN_NAMES, WAIVERS_NAMES } from "./find-config.ts";

/** The files of `--policy` by absolute path; null = the policy has none. */
export interface PolicyFiles {
  readonly kind: "file" | "folder" | "none";
  /** As messages and reports show it; null for `none`. */
  readonly path: string | null;
  readonly config: string | null;
  readonly waivers: string | null;
  readonly plan: string | null;
}

export const NO_POLICY_FILES: PolicyFiles = { kind: "none", path: null, config: null, waivers: null, plan: null };

/**
 * The files of a policy: a config file, or a folder with a config, a waivers file and an approved plan, each of which may
 * be missing. A folder without any of them is an error: it would pass for the built-in defaults. Throws a PreflightError.
 */
export function policyFiles(given: string, cwd: string): PolicyFiles {
  // Not repeated: it may contain a password.
  if (given.includes("://")) throw notAPolicy("A policy cannot come from a URL.");
  if (given === "") throw notAPolicy("The name of the policy is empty.");
  if (given === "-") throw notAPolicy("A policy cannot come from standard input.");
  const absolute = resolve(cwd, given);
  const path = displayPath(given, cwd);
  if (!isFolder(absolute)) return { kind: "file", path, config: absolute, waivers: null, plan: null };
  const [config, waivers, plan] = [CONFIG_NAMES, WAIVERS_NAMES, PLAN_NAMES].map((names) =>
    fileInFolder(names, absolute, cwd),
  );
  if (config === null && waivers === null && plan === null) {
    const names = [CONFIG_NAMES[0], WAIVERS_NAMES[0], PLAN_NAMES[0]].join(", ");
    const hint = `a policy folder has at least one of ${names}; --policy none uses the built-in defaults`;
    throw new PreflightError("empty-policy", `The folder ${quoted(path)} has no policy file.`, null, hint);
  }
  return { kind: "folder", path, config: config ?? null, waivers: waivers ?? null, plan: plan ?? null };
}

/** The absolute paths of configs and waivers files that a run without `--policy` would have used, except those of the policy. */
export function ignoredFiles(
  deployment: string,
  cwd: string,
  policy: PolicyFiles,
): readonly { readonly what: "config" | "waivers"; readonly file: string }[] {
  const own = new Set([policy.config, policy.waivers]);
  const found = (what: "config" | "waivers", names: readonly string[]) =>
    foundFiles(names, deployment, cwd).flatMap((file) => (own.has(file) ? [] : [{ what, file }]));
  return [...found("config", CONFIG_NAMES), ...found("waivers", WAIVERS_NAMES)];
}

/** Whether a path is a folder; false if it does not exist, which is reported when it is read. */
function isFolder(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined && statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function notAPolicy(message: string): PreflightError {
  return new PreflightError("usage", message, null, "give a config file, a folder, or none");
}
