import { createHash } from "node:crypto";
import { isAbsolute, relative, resolve, sep } from "node:path";
import type { PolicySource } from "../../schema/report.generated.ts";
import type { RunInputs } from "../../input/source/run-inputs.ts";
import type { LoadedConfig } from "./load-config.ts";

const POLICY_KINDS: readonly string[] = ["config", "plugin", "waivers", "plan"];

/**
 * The policy of a run, with one hash over all its files; null = none was given. For one file it is the file's own
 * SHA-256; for several, the SHA-256 of the lines that `sha256sum` prints for them in the policy's folder, sorted by
 * name.
 */
export function policySource({ source }: LoadedConfig, { hashes }: RunInputs, cwd: string): PolicySource | null {
  if (source === null) return null;
  const { kind, path } = source;
  const folder = kind === "folder" ? resolve(cwd, path ?? "") : resolve(cwd, path ?? "", "..");
  const files = hashes.flatMap((hash) =>
    POLICY_KINDS.includes(hash.kind) ? [{ name: nameIn(folder, resolve(cwd, hash.path)), sha256: hash.sha256 }] : [],
  );
  const lines = files
    .map(({ name, sha256 }) => ({ name, line: `${sha256}  ${name}\n` }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    .map(({ line }) => line);
  const sha256 =
    files.length < 2 ? (files[0]?.sha256 ?? null) : createHash("sha256").update(lines.join("")).digest("hex");
  return { kind, path, sha256 };
}

/** Relative to the policy's folder, with `/` on every system: the hash does not depend on the working directory. */
function nameIn(folder: string, file: string): string {
  const name = relative(folder, file);
  return isAbsolute(name) ? file : name.split(sep).join("/");
}
