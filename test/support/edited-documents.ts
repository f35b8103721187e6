import { join } from "node:path";
import type { Edit, Mutation } from "../../src/engine/api/mutation.ts";
import type { Rule } from "../../src/engine/api/rule.ts";
import { readDocuments, type SiteDocuments } from "../../src/run/inputs/read-documents.ts";
import type { Document } from "../../src/site/core/document.ts";
import type { SiteObject } from "../../src/site/core/site-object.ts";
import { Site } from "../../src/site/site.ts";
import { subjectKinds } from "../../src/site/subjects.ts";
import type { Path } from "../../src/values/location.ts";

/** What a site is built from. */
export type Documents = Pick<SiteDocuments, "deployment" | "inventories" | "certificates">;

/** A new value at a path of a document; undefined removes it: a key from its record, an item from its list. */
export interface Change {
  readonly document: Document;
  readonly path: Path;
  readonly value: unknown;
}

/** The documents of a folder of `fixtures/example`. */
export async function exampleDocuments(name: "clean" | "mistakes"): Promise<Documents> {
  const { value } = await readDocuments({
    deployment: "deployment.yaml",
    inventories: ["inventory.json"],
    cwd: join(import.meta.dirname, "../../fixtures/example", name),
  });
  if (value === null) throw new Error("the example cannot be read");
  return value;
}

/** The clean example, and a variant with one automatically deployed node: some rules apply only to that. */
export async function cleanDocuments(): Promise<readonly Documents[]> {
  const clean = await exampleDocuments("clean");
  const nodes = clean.deployment.value.conferencing_nodes ?? [];
  const index = nodes.findIndex(({ name }) => name === "oslo-conf04");
  const path = ["conferencing_nodes", index, "deployment_type"];
  return [clean, edited(clean, [{ document: clean.deployment, path, value: "AUTOMATIC" }])];
}

/** The documents after changes to their values; source locations stay those of the unchanged texts. */
export function edited(
  documents: Documents,
  changes: readonly Change[],
  arrange?: (value: unknown) => unknown,
): Documents {
  const touched = new Set(changes.map(({ document }) => document.path));
  const changed = <T extends Document>(document: T): T => {
    if (!touched.has(document.path)) return document;
    const value = changes
      .filter((change) => change.document.path === document.path)
      .reduce<unknown>((before, change) => withValue(before, change.path, change.value), document.value);
    return { ...document, value: arrange === undefined ? value : arrange(structuredClone(value)) };
  };
  return {
    deployment: changed(documents.deployment),
    inventories: documents.inventories.map(changed),
    certificates: documents.certificates,
  };
}

type Holder = Record<string | number, unknown>;

/** A copy with another value inside; only what is on the way to it is copied. */
function withValue(root: unknown, path: Path, value: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  const isList = root === undefined ? typeof step === "number" : Array.isArray(root);
  const holder = (isList ? [...((root ?? []) as readonly unknown[])] : { ...(root as Holder | undefined) }) as Holder;
  if (rest.length > 0 || value !== undefined) holder[step] = withValue(holder[step], rest, value);
  else if (Array.isArray(holder)) holder.splice(Number(step), 1);
  else Reflect.deleteProperty(holder, step);
  return holder;
}

/** The value at a path, or undefined. */
export const valueAt = (root: unknown, path: Path): unknown =>
  path.reduce<unknown>((value, step) => (value as Holder | undefined)?.[step], root);

/** The path as the schemas have it: `hosts[].cpu.cores`. */
export const fieldOf = (path: Path): string =>
  path
    .map((step) => (typeof step === "number" ? "[]" : `.${step}`))
    .join("")
    .slice(1);

/** The changes of a mutation for each subject of the rule to which it can be applied. */
export function mutationChanges(
  rule: Rule,
  mutation: Mutation<SiteObject>,
  base: Documents,
  now: number,
): readonly (readonly Change[])[] {
  const site = new Site(base);
  const subjects: readonly SiteObject[] = subjectKinds[rule.subject].find(site).items;
  return subjects.flatMap((subject) => {
    const edits: readonly Edit[] = mutation.edit(subject, { site, now }) ?? [];
    const changes = edits.flatMap((edit): readonly Change[] =>
      "sourceRef" in edit ? [{ ...edit.sourceRef, value: edit.value }] : [],
    );
    return edits.length > 0 && changes.length === edits.length ? [changes] : [];
  });
}
