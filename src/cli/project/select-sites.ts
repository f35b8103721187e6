import { resolve } from "node:path";
import { displayPath } from "../../input/source/read-source.ts";
import { type InputHash, merge, NO_INPUTS, type RunInputs } from "../../input/source/run-inputs.ts";
import { isThere } from "../../input/policy/find-config.ts";
import { boundaryOf, isInside, UntrustedPath } from "../../input/source/untrusted-path.ts";
import { expandGlob, globStart } from "../../input/project/expand-glob.ts";
import { findDeployments, findProject, isFolder, siteNames } from "../../input/project/find-sites.ts";
import { readProject, type SiteFiles } from "../../input/project/read-project.ts";
import { PreflightError, PreflightErrors } from "../../values/preflight-error.ts";
import { isGlob } from "../../values/text/glob.ts";
import { quoted } from "../../values/text/quoted.ts";
import { suggest } from "../../values/text/suggest.ts";
import { commandLike, unknownCommand } from "../arguments/command-words.ts";
import { usageError } from "../arguments/usage-error.ts";

/** A site to check, with the project file that lists it. */
export interface SelectedSite extends SiteFiles {
  readonly listedBy: InputHash | null;
}

/** The sites to which the words of a command line refer. */
export interface Selection {
  /** At least one, unless there are errors. */
  readonly sites: readonly SelectedSite[];
  /** Whether the report is a project report, even for a single site. */
  readonly isProject: boolean;
  /** The one project file that lists the sites; null if there is none, or several. */
  readonly project: InputHash | null;
  /** Names of the sites that `--site` excludes. */
  readonly omitted: readonly string[];
  /** The inputs read for project files. */
  readonly inputs: RunInputs;
}

interface SelectionOptions {
  /** The names of the sites to choose; none = all. */
  readonly site: readonly string[];
  readonly cwd: string;
  /** Whether a search may find files by links out of the repository. */
  readonly allowOutsidePaths: boolean;
}

/** Number of files outside the repository that are listed. */
const MOST_REFUSALS = 20;

/**
 * The sites to which words refer: deployment files, globs, and folders; without words, the working directory. A folder
 * has the sites of its project file, else every deployment file found below it. A single deployment without a project
 * file is checked as if it were named. Throws PreflightErrors for words that match nothing.
 */
export async function selectSites(
  words: readonly string[],
  { site: names, cwd, allowOutsidePaths }: SelectionOptions,
): Promise<Selection> {
  const [word] = words;
  const isOne =
    words.length === 1 && word !== undefined && !isGlob(word) && (word === "" || !isFolder(resolve(cwd, word)));
  if (isOne && names.length === 0) return ofOneFile(word);
  assertPaths(words, cwd);
  const found: SelectedSite[] = [];
  const files: string[] = [];
  const inputs: RunInputs[] = [];
  for (const given of words.length === 0 ? ["."] : words) {
    const isPattern = isGlob(given) && !isThere(resolve(cwd, given));
    const paths = isPattern ? expandGlob(given, cwd) : [resolve(cwd, given)];
    if (isPattern && !allowOutsidePaths) assertInside(paths, globStart(given, cwd));
    if (paths.length === 0)
      throw nothing(`No file matches ${shown(given, cwd)}.`, "quote a glob that the shell must not expand");
    for (const path of paths) {
      const project = isFolder(path) ? findProject(path, cwd) : null;
      if (project !== null) {
        const read = await readProject(project, cwd);
        inputs.push(read.inputs);
        found.push(...listedIn(path, read.value, read.inputs));
        if (read.inputs.errors.length === 0 && !read.value.some((site) => isInside(site.deployment, path))) {
          throw nothing(
            `No site of ${displayPath(project, cwd)} is in ${quoted(given)}.`,
            "name another folder, or the project's",
          );
        }
      } else if (isFolder(path)) files.push(...foundIn(path, given, allowOutsidePaths));
      else files.push(path);
    }
  }
  return selection(found, files, merge(NO_INPUTS, ...inputs), { names, cwd, isByGlob: words.some(isGlob) });
}

function selection(
  listed: readonly SelectedSite[],
  files: readonly string[],
  inputs: RunInputs,
  { names, cwd, isByGlob }: { readonly names: readonly string[]; readonly cwd: string; readonly isByGlob: boolean },
): Selection {
  const known = new Set(listed.map(({ deployment }) => deployment));
  const others = [...new Set(files)].filter((file) => !known.has(file));
  const found = siteNames(others, cwd).map((name, index): SelectedSite => ({
    ...{ name, category: name, deployment: others[index] ?? "", inventories: null, evidence: [], listedBy: null },
  }));
  const all = [
    ...listed.filter(({ deployment }, index) => index === listed.findIndex((site) => site.deployment === deployment)),
    ...found,
  ];
  if (inputs.errors.length > 0) return { sites: [], isProject: true, project: null, omitted: [], inputs };
  const ambiguous = all.find(({ name }, index) => all.findIndex((other) => other.name === name) !== index);
  if (ambiguous !== undefined) {
    throw nothing(
      `Two sites are named ${quoted(ambiguous.name)}.`,
      "list them in one preflight.project.yaml, with unique names",
    );
  }
  const chosen = names.length === 0 ? all : chosenBy(names, all);
  const projects = new Set(chosen.map(({ listedBy }) => listedBy?.path ?? null));
  return {
    sites: chosen,
    isProject: listed.length > 0 || all.length > 1 || isByGlob,
    project: projects.size === 1 ? (chosen[0]?.listedBy ?? null) : null,
    omitted: all.flatMap(({ name }) => (chosen.some((site) => site.name === name) ? [] : [name])),
    inputs,
  };
}

function ofOneFile(deployment: string): Selection {
  const site = { name: deployment, category: deployment, deployment, inventories: null, evidence: [], listedBy: null };
  return { sites: [site], isProject: false, project: null, omitted: [], inputs: NO_INPUTS };
}

/** The sites of a project file that are in the folder. */
function listedIn(folder: string, sites: readonly SiteFiles[], { hashes }: RunInputs): readonly SelectedSite[] {
  const [listedBy = null] = hashes;
  return sites.flatMap((site) => (isInside(site.deployment, folder) ? [{ ...site, listedBy }] : []));
}

function foundIn(folder: string, given: string, allowOutsidePaths: boolean): readonly string[] {
  const deployments = findDeployments(folder);
  if (deployments.length === 0) {
    const where = given === "." ? "this folder" : quoted(given);
    const hint =
      "name a deployment file, or write one with preflight init; a folder is searched for deployment.yaml, " +
      "*.deployment.yaml (or .yml, .json) and preflight.project.yaml";
    throw nothing(`No deployment file is in ${where} or below it.`, hint);
  }
  if (!allowOutsidePaths) assertInside(deployments, folder);
  return deployments;
}

/** Throws PreflightErrors for files that a search found by links out of the repository of the folder where it began. */
function assertInside(found: readonly string[], folder: string): void {
  const boundary = boundaryOf(folder);
  const refusals = found.flatMap(
    (path) => new UntrustedPath({ written: path, folder, boundary, location: null }).refusal() ?? [],
  );
  if (refusals.length > 0) throw new PreflightErrors(refusals.slice(0, MOST_REFUSALS));
}

/** Words that are neither files nor folders: all at once, or the command that was probably meant by the first one. */
function assertPaths(words: readonly string[], cwd: string): void {
  const [first] = words;
  const missing = words.filter((word) => word !== "-" && !isGlob(word) && !isThere(resolve(cwd, word)));
  if (first !== undefined && missing.includes(first) && (/^[a-z-]+$/i.test(first) || commandLike(first) !== null)) {
    throw new PreflightErrors([unknownCommand(first, words.length > 1)]);
  }
  if (words.includes("-")) {
    const hint = "name the other deployments as files, or check standard input by itself";
    throw new PreflightErrors([usageError("Standard input cannot be one of several deployments.", hint)]);
  }
  if (missing.length === 0) return;
  const hint = "name deployment files or folders; inventories are named with --inventory FILE";
  throw new PreflightErrors(
    missing.map(
      (word) => new PreflightError("no-such-file", `File or folder ${shown(word, cwd)} does not exist.`, null, hint),
    ),
  );
}

function chosenBy(names: readonly string[], all: readonly SelectedSite[]): readonly SelectedSite[] {
  const known = all.map(({ name }) => name);
  const errors = names.flatMap((name) => {
    if (known.includes(name)) return [];
    const near = suggest(name, known);
    const list =
      known.length > 10 ? `${known.slice(0, 10).join(", ")} and ${known.length - 10} more` : known.join(", ");
    return [
      usageError(
        `There is no site ${quoted(name)}.`,
        near === null ? `the sites are ${list}` : `did you mean ${near}?`,
      ),
    ];
  });
  if (errors.length > 0) throw new PreflightErrors(errors);
  return all.filter(({ name }) => names.includes(name));
}

/** A word in a message, without the password of a URL. */
function shown(word: string, cwd: string): string {
  return quoted(displayPath(word, cwd));
}

function nothing(message: string, hint: string): PreflightErrors {
  return new PreflightErrors([new PreflightError("no-site", message, null, hint)]);
}
