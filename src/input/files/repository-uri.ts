import { realpathSync } from "node:fs";
import { basename, dirname, isAbsolute, relative, resolve, sep } from "node:path";
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
    const file = real(resolve(cwd, path));
    const inside = relative(root, file);
    const parts = inside.split(sep);
    const isOutside = inside === "" || parts[0] === ".." || isAbsolute(inside);
    return (isOutside ? [basename(file) || "root"] : parts).map(encodeURIComponent).join("/");
  };
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
