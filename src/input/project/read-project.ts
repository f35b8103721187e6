import { dirname } from "node:path";
import type { Project, ProjectSite } from "../../schema/project/project.generated.ts";
import type { Document } from "../../site/core/document.ts";
import { isGlob } from "../../values/text/glob.ts";
import { PreflightError } from "../../values/preflight-error.ts";
import { quoted } from "../../values/text/quoted.ts";
import { readDocument } from "../files/read-document.ts";
import { isThere } from "../policy/find-config.ts";
import { merge, onlyErrors, type Read } from "../source/run-inputs.ts";
import { type Boundary, boundaryOf, UntrustedPath } from "../source/untrusted-path.ts";
import { expandGlob } from "./expand-glob.ts";

/** The files of a site; all paths are absolute. */
export interface SiteFiles {
  readonly name: string;
  readonly deployment: string;
  /** Null = an inventory beside the deployment, if there is one. */
  readonly inventories: readonly string[] | null;
  readonly evidence: readonly string[];
  readonly category: string;
}

/** What only a config that is named, a policy or an option may set, and how. */
const NEVER_IN_A_PROJECT: Readonly<Record<string, string>> = {
  vcenter: "name the server with --vcenter URL",
  plugins: "name a config with --config FILE, or a policy with --policy",
  facts: "name a config with --config FILE, or a policy with --policy",
  probe: "name a config with --config FILE, or a policy with --policy",
};

/**
 * Reads a project file: the sites with their files, globs expanded. It comes from the tree that is checked, so every path
 * stays in its repository, whatever options allow. Nothing when anything is wrong with it, which comes back as errors.
 *
 * @param file absolute
 */
export async function readProject(file: string, cwd: string): Promise<Read<readonly SiteFiles[]>> {
  const folder = dirname(file);
  const boundary = boundaryOf(folder);
  const named = new UntrustedPath({ written: file, folder, boundary, location: null });
  const { value: document, inputs } = await readDocument<Project>("project", named, { cwd });
  if (document === null) return { value: [], inputs: { ...inputs, errors: inputs.errors.map(withHint) } };
  const paths = new ProjectPaths(document, folder, boundary);
  const sites = document.value.sites.map((site, index) => filesOf(site, index, paths));
  const errors = [...paths.errors, ...repeated(document, sites)];
  return { value: errors.length === 0 ? sites : [], inputs: merge(inputs, onlyErrors(errors)) };
}

function withHint(error: PreflightError): PreflightError {
  const key = /^Unknown key "?([a-z]+)/.exec(error.message)?.[1] ?? "";
  const how = error.code === "unknown-key" ? NEVER_IN_A_PROJECT[key] : undefined;
  if (how === undefined) return error;
  return new PreflightError(error.code, error.message, error.location, `A project file cannot set policy; ${how}.`);
}

function filesOf(site: ProjectSite, index: number, paths: ProjectPaths): SiteFiles {
  const { name, deployment, inventory, evidence = [], category = name } = site;
  return {
    ...{ name, category },
    deployment: paths.file(deployment, ["sites", index, "deployment"]) ?? "",
    inventories: inventory?.flatMap((pattern, at) => paths.files(pattern, ["sites", index, "inventory", at])) ?? null,
    evidence: evidence.flatMap((pattern, at) => paths.files(pattern, ["sites", index, "evidence", at])),
  };
}

/** Paths in a project file, each checked when it is looked up. */
class ProjectPaths {
  readonly errors: PreflightError[] = [];

  constructor(
    private readonly document: Document<Project>,
    private readonly folder: string,
    private readonly boundary: Boundary,
  ) {}

  /** The absolute path; null, with an error, when it is outside the repository or not there. */
  file(written: string, at: readonly (string | number)[]): string | null {
    const path = this.#inside(written, at);
    if (path === null) return null;
    if (!isThere(path)) {
      this.#error(
        "no-such-file",
        `File ${quoted(written)} does not exist.`,
        at,
        "Paths start at the folder of this file.",
      );
      return null;
    }
    return path;
  }

  /** The files that a path or glob names; an error when there is none, as a site without its inventory is not checked. */
  files(pattern: string, at: readonly (string | number)[]): readonly string[] {
    if (!isGlob(pattern)) return [this.file(pattern, at) ?? []].flat();
    // The part before the first pattern decides where the search begins.
    const start = pattern.split("/").slice(0, pattern.split("/").findIndex(isGlob)).join("/");
    if (this.#inside(start === "" ? "." : start, at) === null) return [];
    const found = expandGlob(pattern, this.folder);
    if (found.length === 0) {
      this.#error("no-such-file", `No file matches ${quoted(pattern)}.`, at, "Paths start at the folder of this file.");
    }
    return found.flatMap((path) => this.#inside(path, at) ?? []);
  }

  #inside(written: string, at: readonly (string | number)[]): string | null {
    const location = this.document.locate(at);
    const path = new UntrustedPath({ written, folder: this.folder, boundary: this.boundary, location });
    if (path.toOpen() !== null) return path.absolute;
    const where = this.boundary.isRepository ? "the repository" : "the folder of this file";
    this.#error(
      "outside-path",
      `${quoted(written)} is outside ${where}.`,
      at,
      "A project lists files of its repository.",
    );
    return null;
  }

  #error(code: string, message: string, at: readonly (string | number)[], hint: string): void {
    this.errors.push(new PreflightError(code, message, this.document.locate(at), hint));
  }
}

/** Names and deployments that several sites have. */
function repeated(document: Document<Project>, sites: readonly SiteFiles[]): readonly PreflightError[] {
  return (["name", "deployment"] as const).flatMap((key) =>
    sites.flatMap((site, index) => {
      const first = sites.findIndex((other) => other[key] === site[key]);
      if (first === index || site[key] === "") return [];
      const message = `Site ${index + 1} has the ${key} of site ${first + 1}.`;
      const hint = key === "name" ? "Give each site a unique name." : "List each deployment once.";
      return [new PreflightError("repeated-site", message, document.locate(["sites", index, key]), hint)];
    }),
  );
}
