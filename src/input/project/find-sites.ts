import { statSync } from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";
import { nearestFile } from "../policy/find-config.ts";
import { SearchBudget } from "./expand-glob.ts";

/** What a project file is called. */
const PROJECT_NAMES = ["preflight.project.yaml", "preflight.project.yml", "preflight.project.json"] as const;

/** What a deployment is called where it is found without being named: `deployment.yaml`, `oslo.deployment.json`. */
const DEPLOYMENT_NAME = /^(?:.+\.)?deployment\.(?:yaml|yml|json)$/;

/**
 * The project file of a folder: in it, or in the nearest folder above it within the repository. Null when there is none.
 * Throws a PreflightError when one folder has two.
 */
export function findProject(folder: string, cwd: string): string | null {
  return nearestFile(PROJECT_NAMES, folder, cwd);
}

/** The deployment files in a folder and below it, absolute, sorted; hidden folders and `node_modules` are omitted. */
export function findDeployments(folder: string, budget = new SearchBudget()): readonly string[] {
  const here = budget
    .entries(folder)
    .flatMap((entry) => (DEPLOYMENT_NAME.test(entry.name) && !entry.isDirectory() ? [join(folder, entry.name)] : []));
  return [...here, ...budget.folders(folder).flatMap((inner) => findDeployments(inner, budget))];
}

/** Whether a path is a folder; false where nothing is. */
export function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/**
 * Names of sites that no project file names, one for each deployment: its folder as seen from `base`, with the name of the
 * file where the folder has several or is `base` itself.
 */
export function siteNames(deployments: readonly string[], base: string): readonly string[] {
  return deployments.map((deployment) => {
    const folder = dirname(deployment);
    const isAlone = deployments.every((other) => other === deployment || dirname(other) !== folder);
    const inside = relative(base, folder).split(sep).join("/");
    const stem = basename(deployment)
      .replace(/\.(?:yaml|yml|json)$/, "")
      .replace(/\.deployment$/, "");
    if (isAlone && inside !== "") return inside;
    return inside === "" ? stem : `${inside}/${stem}`;
  });
}
