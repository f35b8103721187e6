import { readdirSync, type Dirent } from "node:fs";
import { join, resolve } from "node:path";
import { isGlob, matchesGlob } from "../../values/text/glob.ts";
import { PreflightError } from "../../values/preflight-error.ts";
import { isThere } from "../policy/find-config.ts";

/** A search that visits more entries was started in the wrong folder, such as /. */
const MOST_ENTRIES = 100_000;

/** Folders that a search does not enter: hidden ones and installed packages. */
function isSkipped(name: string): boolean {
  return name.startsWith(".") || name === "node_modules";
}

/** Counts the entries of a search, and ends it with a PreflightError when there are too many. */
export class SearchBudget {
  #entries = 0;

  /** The entries of a folder by name; none where it cannot be read. */
  entries(folder: string): readonly Dirent[] {
    let found: Dirent[];
    try {
      found = readdirSync(folder, { withFileTypes: true });
    } catch {
      return [];
    }
    this.#entries += found.length;
    if (this.#entries > MOST_ENTRIES) {
      const hint = "name the deployment files, or list them in preflight.project.yaml";
      throw new PreflightError("too-many-files", `More than ${MOST_ENTRIES} files would be searched.`, null, hint);
    }
    return found.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The folders of a folder that a search enters; links to folders are not followed. */
  folders(folder: string): readonly string[] {
    return this.entries(folder).flatMap((entry) =>
      entry.isDirectory() && !isSkipped(entry.name) ? [join(folder, entry.name)] : [],
    );
  }
}

/** The folder in which the search for a glob begins, absolute. */
export function globStart(pattern: string, folder: string): string {
  const segments = resolve(folder, pattern).split(/[\\/]/);
  return segments.slice(0, segments.findIndex(isGlob)).join("/") || "/";
}

/**
 * The files and folders that a glob matches, absolute, sorted. `*` and `?` match within one segment, `**` any folders.
 * Hidden entries match only a segment that begins with a dot. A path without `*` and `?` matches itself if it is there.
 *
 * @param folder absolute; where a relative pattern starts
 */
export function expandGlob(pattern: string, folder: string, budget = new SearchBudget()): readonly string[] {
  const segments = resolve(folder, pattern).split(/[\\/]/);
  const first = segments.findIndex(isGlob);
  if (first < 0) return isThere(resolve(folder, pattern)) ? [resolve(folder, pattern)] : [];
  return [...new Set(matching([globStart(pattern, folder)], segments.slice(first), budget))].sort();
}

function matching(folders: readonly string[], segments: readonly string[], budget: SearchBudget): readonly string[] {
  const [segment, ...rest] = segments;
  if (segment === undefined) return folders;
  if (segment === "**") {
    const below = folders.flatMap((folder) => withFoldersBelow(folder, budget));
    return rest.length === 0 ? below : matching(below, rest, budget);
  }
  if (!isGlob(segment)) {
    const next = folders.map((folder) => join(folder, segment)).filter(isThere);
    return matching(next, rest, budget);
  }
  const next = folders.flatMap((folder) =>
    budget.entries(folder).flatMap(({ name }) => {
      const isHidden = name.startsWith(".") && !segment.startsWith(".");
      return !isHidden && matchesGlob(name, segment) ? [join(folder, name)] : [];
    }),
  );
  return matching(next, rest, budget);
}

function withFoldersBelow(folder: string, budget: SearchBudget): readonly string[] {
  return [folder, ...budget.folders(folder).flatMap((inner) => withFoldersBelow(inner, budget))];
}
