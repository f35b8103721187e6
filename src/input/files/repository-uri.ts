import { realpathSync } from "node:fs";
import nodePath, { dirname, resolve } from "node:path";
import { repositoryRoot } from "../source/untrusted-path.ts";

/**
 * Turns paths of a report into percent-encoded URIs relative to the root of the repository that holds the deployment
 * (the nearest folder upward with `.git`, else the working directory). Symbolic links are resolved, so that a file has
 * one URI from wherever it is reached. A file outside the root keeps only its name: an absolute path or one with `..`
 * would make code scanning refuse the whole report.
 */
export function repositoryUri(cwd: string, deployment: string): (path: string) => string {
  const start = real(resolve(cwd, deployment));
  const root = repositoryRoot(dirname(start)) ?? real(cwd);
  return (path) => {
    if (path === "-") return "stdin";
    return uriInside(root, real(resolve(cwd, path)));
  };
}

/**
 * The URI of a file relative to a folder; of a file outside, its name alone.
 *
 * @param paths the rules of the system that both paths are of
 */
export function uriInside(root: string, file: string, paths: nodePath.PlatformPath = nodePath): string {
  const inside = paths.relative(root, file);
  const parts = inside.split(paths.sep);
  const isOutside = inside === "" || parts[0] === ".." || paths.isAbsolute(inside);
  return (isOutside ? [paths.basename(file) || "root"] : parts).map(encodeURIComponent).join("/");
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
