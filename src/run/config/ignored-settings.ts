import type { IgnoredSetting } from "../../schema/report.generated.ts";
import type { Deployment } from "../../schema/deployment.generated.ts";
import { ignoredFiles } from "../../input/policy/find-policy.ts";
import { displayPath } from "../../input/source/read-source.ts";
import type { Document } from "../../site/core/document.ts";
import type { FileOptions } from "../options.ts";
import type { LoadedConfig } from "./load-config.ts";

/** The settings of the checked files that `--policy` overrides in this run; empty without `--policy`. */
export function ignoredSettings(
  { deployment, cwd }: Pick<FileOptions, "deployment" | "cwd">,
  { source, documents: ofPolicy }: LoadedConfig,
  documents: readonly Document[],
): readonly IgnoredSetting[] {
  if (source === null) return [];
  const checked = documents.filter((document) => !ofPolicy.includes(document));
  return [
    ...ignoredFiles(deployment, cwd, source).map(({ what, file }) => ({
      what,
      path: displayPath(file, cwd),
      location: null,
    })),
    ...checked.flatMap(({ path, directives }) =>
      directives.map(({ location }) => ({ what: "directive" as const, path, location })),
    ),
    ...checked.flatMap((document) => (isForTest(document) ? [environmentOf(document)] : [])),
  ];
}

function isForTest({ kind, value }: Document): boolean {
  return kind === "deployment" && (value as Deployment).platform?.environment === "test";
}

function environmentOf(document: Document): IgnoredSetting {
  return { what: "environment", path: document.path, location: document.locate(["platform", "environment"]) };
}
