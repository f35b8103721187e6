import { lstatSync, type Stats, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { PreflightError } from "../../values/preflight-error.ts";
import { repositoryRoot } from "../source/untrusted-path.ts";

/** Names under which a config is discovered. */
export const CONFIG_NAMES = ["preflight.config.yaml", "preflight.config.yml", "preflight.config.json"] as const;

/** Names under which a waivers file is discovered. */
export const WAIVERS_NAMES = ["preflight.waivers.yaml", "preflight.waivers.yml", "preflight.waivers.json"] as const;

/** Names of an approved plan in a policy folder. */
export const PLAN_NAMES = ["preflight.plan.json"] as const;

/**
 * Looks for a config in the folder of the deployment file and in those above it, and takes the nearest. Inside a
 * repository it goes no further than the folder that holds `.git`; outside of one up to the root, but into no
 * world-writable folder, such as /tmp: a file of another user must not become policy. The working directory is not
 * used, except for a deployment on standard input (`-`), which counts as a file there. Returns its absolute path, or
 * null. Throws a PreflightError if one folder has two.
 */
export function findConfig(deployment: string, cwd: string): string | null {
  return findNearest(CONFIG_NAMES, deployment, cwd);
}

/** Searches for a waivers file like for a config. Throws a PreflightError if a folder contains two. */
export function findWaivers(deployment: string, cwd: string): string | null {
  return findNearest(WAIVERS_NAMES, deployment, cwd);
}

/** The absolute paths of files with these names in the nearest folder that contains any. */
export function foundFiles(names: readonly string[], deployment: string, cwd: string): readonly string[] {
  const found = nearest(names, folderOf(deployment, cwd));
  return found === null ? [] : found.present.map((name) => join(found.folder, name));
}

/** The absolute path of the file with one of these names in a folder; null if there is none. Throws a PreflightError for two. */
export function fileInFolder(names: readonly string[], folder: string, cwd: string): string | null {
  return onlyOne({ folder, present: namesIn(names, folder) }, cwd);
}

function findNearest(names: readonly string[], deployment: string, cwd: string): string | null {
  return nearestFile(names, folderOf(deployment, cwd), cwd);
}

/** Searches for a file with one of these names from a folder upward, like for a config. Throws a PreflightError for two. */
export function nearestFile(names: readonly string[], folder: string, cwd: string): string | null {
  const found = nearest(names, folder);
  return found === null ? null : onlyOne(found, cwd);
}

function folderOf(deployment: string, cwd: string): string {
  return deployment === "-" ? resolve(cwd) : dirname(resolve(cwd, deployment));
}

/** A folder, and the names in it that are searched for. */
interface Candidates {
  readonly folder: string;
  readonly present: readonly string[];
}

function nearest(names: readonly string[], first: string): Candidates | null {
  const folders = upward(first);
  const repository = repositoryRoot(first);
  for (const folder of folders) {
    if (repository === null && folder !== first && isOpenToAll(folder)) break;
    const present = namesIn(names, folder);
    if (present.length > 0) return { folder, present };
    if (folder === repository) break;
  }
  return null;
}

function namesIn(names: readonly string[], folder: string): readonly string[] {
  return names.filter((name) => statOf(join(folder, name)) !== null);
}

function onlyOne({ folder, present: [first, second] }: Candidates, cwd: string): string | null {
  if (first !== undefined && second !== undefined) throw twoConfigs(folder, cwd, [first, second]);
  return first === undefined ? null : join(folder, first);
}

/** Whether an absolute path exists. */
export function isThere(path: string): boolean {
  return statOf(path) !== null;
}

/** A folder and those above it. */
function upward(folder: string): readonly string[] {
  const folders = [folder];
  for (let parent = dirname(folder); parent !== folders.at(-1); parent = dirname(parent)) folders.push(parent);
  return folders;
}

/** Also for a dangling link, since its author meant a config. Null if the path does not exist or is not accessible. */
function statOf(path: string): Stats | null {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) ?? null;
  } catch {
    return null;
  }
}

/** Windows has no such bit, and Node sets it for every folder there. */
function isOpenToAll(folder: string): boolean {
  if (process.platform === "win32") return false;
  try {
    return (statSync(folder).mode & 0o002) !== 0;
  } catch {
    return true;
  }
}

function twoConfigs(folder: string, cwd: string, [one, other]: readonly [string, string]): PreflightError {
  const shown = relative(cwd, folder);
  const where = shown === "" ? "This folder" : shown.startsWith("..") ? folder : shown;
  return new PreflightError("two-configs", `${where} holds ${one} and ${other}.`, null, "Keep one of them.");
}
