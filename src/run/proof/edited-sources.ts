import type { Edit } from "../../engine/api/mutation.ts";
import { isSecretKey } from "../../input/secrets/secrets.ts";
import type { Document } from "../../site/core/document.ts";
import type { Path } from "../../values/location.ts";
import type { SiteSources } from "../read-run.ts";

/** A new value at a path of a document, by the path of its file; undefined removes it. */
export interface SourceChange {
  readonly file: string;
  readonly path: Path;
  readonly value: unknown;
}

/**
 * The documents after edits, in memory; unedited ones are the same objects. Source locations are those of the files.
 */
export function withEdits(sources: SiteSources, edits: readonly Edit[]): SiteSources {
  const changed = withChanges(
    sources,
    edits.flatMap((edit) =>
      "sourceRef" in edit ? [{ file: edit.sourceRef.document.path, path: edit.sourceRef.path, value: edit.value }] : [],
    ),
  );
  const files = edits.flatMap((edit) => ("certificate" in edit ? [edit.certificate] : []));
  if (files.length === 0) return changed;
  const certificates = new Map([...changed.certificates, ...files.map((file) => [file.path, file] as const)]);
  return { ...changed, certificates };
}

/** Every document of a run, by its path. */
export function documentsOf({ deployment, inventories, configs }: SiteSources): ReadonlyMap<string, Document> {
  return new Map([deployment, ...inventories, ...configs].map((document) => [document.path, document] as const));
}

/** The same for changes of values only. */
export function withChanges(sources: SiteSources, changes: readonly SourceChange[]): SiteSources {
  if (changes.length === 0) return sources;
  const changed = <T extends Document>(document: T): T =>
    changes
      .filter(({ file }) => file === document.path)
      .reduce<T>((before, { path, value }) => withChange(before, path, value), document);
  return {
    ...sources,
    deployment: changed(sources.deployment),
    inventories: sources.inventories.map(changed),
    configs: sources.configs.map(changed),
  };
}

function withChange<T extends Document>(document: T, path: Path, value: unknown): T {
  const last = path.at(-1);
  // A reader removes the value of a key for secrets, and keeps its location.
  if (typeof last === "string" && isSecretKey(last) && value !== undefined) {
    const location = document.locate(path);
    if (location === null || !("line" in location)) return document;
    return { ...document, secrets: [...document.secrets, { path, location }] };
  }
  return { ...document, value: withValue(document.value, path, value) };
}

type Holder = Readonly<Record<string, unknown>>;

/**
 * A copy of a value with another one inside it. Only the objects on the path are copied: their aliases are unchanged.
 */
function withValue(root: unknown, path: Path, value: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (Array.isArray(root) || (root === undefined && typeof step === "number")) {
    const items = [...((root ?? []) as readonly unknown[])];
    const index = Number(step);
    if (rest.length === 0 && value === undefined) items.splice(index, 1);
    else items[index] = withValue(items[index], rest, value);
    return items;
  }
  const holder = typeof root === "object" && root !== null ? (root as Holder) : {};
  if (rest.length > 0 || value !== undefined) return { ...holder, [step]: withValue(holder[step], rest, value) };
  return Object.fromEntries(Object.entries(holder).filter(([key]) => key !== step));
}
