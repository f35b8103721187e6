import { existsSync, realpathSync } from "node:fs";
import nodePath, { basename, dirname, join, relative, resolve } from "node:path";
import type { Location } from "../../values/location.ts";
import { PreflightError } from "../../values/preflight-error.ts";
import { quoted } from "../../values/text/quoted.ts";
import { isHandedOver } from "./read-pipe.ts";

/** The folder that must contain files that were discovered or that another file refers to; see docs/security.md. */
export interface Boundary {
  /** Absolute. */
  readonly folder: string;
  /** Whether it is the root of a repository; else it is the folder of one file. */
  readonly isRepository: boolean;
}

/**
 * The repository that a folder is in: the nearest folder upward with `.git`. Where there is none, or the folder is reached
 * by a link that leads out of it, the folder itself.
 */
export function boundaryOf(folder: string): Boundary {
  const repository = repositoryRoot(folder);
  if (repository === null || !isInside(realSync(folder), realSync(repository))) return { folder, isRepository: false };
  return { folder: repository, isRepository: true };
}

/** The nearest folder upward with `.git`, or null. */
export function repositoryRoot(folder: string): string | null {
  if (existsSync(join(folder, ".git"))) return folder;
  const parent = dirname(folder);
  return parent === folder ? null : repositoryRoot(parent);
}

export interface UntrustedPathOptions {
  /** As the file has it; absolute where the file was found. */
  readonly written: string;
  /** Absolute; where a relative path starts. */
  readonly folder: string;
  /** Null = the file may be anywhere. */
  readonly boundary: Boundary | null;
  /** Where the file is referred to; null when it was found. */
  readonly location: Location | null;
}

/**
 * The path of a file that another file refers to, or that was found: anyone who can change the tree chooses it, and a
 * symbolic link behind it. It can be opened only by what `toOpen` returns, and that is inside the boundary.
 */
export class UntrustedPath {
  /** Without following links: to name the file, and to compare it with others. */
  readonly absolute: string;
  readonly #options: UntrustedPathOptions;

  constructor(options: UntrustedPathOptions) {
    this.absolute = resolve(options.folder, options.written);
    this.#options = options;
  }

  /**
   * The path to open, links followed; null when it is outside of the boundary. Nothing outside is accessed, unless a
   * link leads there.
   */
  toOpen(): string | null {
    const { boundary } = this.#options;
    if (boundary === null) return this.absolute;
    const folder = real(boundary.folder);
    // Before links are followed: looking at a share or an automounted folder contacts the server that the path names.
    if (!isInside(this.absolute, boundary.folder) && !isInside(this.absolute, folder)) return null;
    const path = real(this.absolute);
    return isInside(path, folder) ? path : null;
  }

  /** The error for a path that cannot be opened; null when it can. */
  refusal(): PreflightError | null {
    return this.toOpen() === null ? this.outsideError() : null;
  }

  /** What to report when `toOpen` returns null. */
  outsideError(): PreflightError {
    const { written, boundary, location } = this.#options;
    const where = boundary?.isRepository === false ? "its folder" : "the repository";
    const allowed = "add --allow-outside-paths if this is the intended file";
    if (location === null) {
      const name = quoted(relative(boundary?.folder ?? "", this.absolute));
      const message = `${name} was discovered, but a symbolic link leads from it to a file outside ${where}.`;
      return new PreflightError("outside-path", message, null, `Replace the link with the file, or ${allowed}.`);
    }
    const owner = boundary?.isRepository === false ? "the folder of the config" : "the repository";
    const message = `${quoted(written)} is outside ${owner}, and this config was discovered, not named explicitly.`;
    return new PreflightError("outside-path", message, location, `Give the config with --config, or ${allowed}.`);
  }
}

/**
 * Whether a file that was named on the command line is a link, or below a link, out of the repository that has the link.
 * The file is read, but nothing in it is quoted: the link may come from the change that is checked.
 */
export function leadsOutside(path: string): boolean {
  if (isHandedOver(path)) return false;
  try {
    const file = realpathSync(path);
    const roots = repositoryRoots(dirname(path));
    return (roots.length > 0 ? roots : [dirname(path)]).some((root) => !isInside(file, realpathSync(root)));
  } catch {
    return true;
  }
}

/** All folders upward with `.git`: what a link in a repository leads to may itself be a repository. */
function repositoryRoots(folder: string): readonly string[] {
  const root = repositoryRoot(folder);
  if (root === null) return [];
  const parent = dirname(root);
  return parent === root ? [root] : [root, ...repositoryRoots(parent)];
}

function realSync(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/**
 * Whether a path is a folder or in it; both absolute.
 *
 * @param paths the rules of the system that both are of: Windows has drives, shares, and names without regard to case
 */
export function isInside(path: string, folder: string, paths: nodePath.PlatformPath = nodePath): boolean {
  const way = paths.relative(folder, path);
  return way !== ".." && !way.startsWith(`..${paths.sep}`) && !paths.isAbsolute(way);
}

/** The path with links resolved, as far as it exists. */
function real(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    const folder = dirname(path);
    return folder === path ? path : join(real(folder), basename(path));
  }
}
