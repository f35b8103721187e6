import type { Check } from "../schema/report.generated.ts";
import type { Rule } from "../engine/api/rule.ts";
import { SiteObject } from "../site/core/site-object.ts";
import type { Path } from "../values/location.ts";
import { parseSource } from "../input/syntax/parse-source.ts";
import { withoutMarkers } from "./markers.ts";
import { type CaseInput, checksOf } from "./evaluated-case.ts";

type Given = CaseInput;

/** A value that a rule read: the document and the path in it. */
interface Reading {
  readonly document: string;
  readonly path: Path;
}

/**
 * The values whose absence goes unnoticed: each value that `rule` read is removed from the documents in turn, and the
 * case is evaluated again; listed are those without which every check has the same verdict, a pass among them. Fields
 * of `optional` are omitted: those whose absence is a case that the rule's page explains.
 */
export async function unmissed(rule: Rule, given: Given, optional: readonly string[]): Promise<readonly string[]> {
  // A value that two inventories share may be missing in one.
  if (Array.isArray(given.inventory) && given.inventory.length > 1) return [];
  const { before, readings } = await readingsOf(rule, given);
  if (!before.includes(" pass")) return [];
  const found: string[] = [];
  for (const { document, path } of readings) {
    const field = path.findLast((step) => typeof step === "string") ?? "";
    if (optional.includes(field)) continue;
    const reduced = await without(given, document, path);
    const after = await checksOf(rule, reduced).then(verdicts, () => "refused");
    if (after === before) found.push(`${document}: ${path.join(".")}`);
  }
  return found;
}

function verdicts(checks: readonly Check[]): string {
  return checks.map(({ subject, verdict }) => `${subject.kind}:${subject.name} ${verdict}`).join("\n");
}

/** The values that the rule read, and the verdicts of its checks. */
async function readingsOf(rule: Rule, given: Given) {
  const readings = new Map<string, Reading>();
  const note = ({ descriptions }: SiteObject, field: string) => {
    for (const { record, sourceRef } of descriptions) {
      if (record[field] === undefined) continue;
      const path = [...sourceRef.path, field];
      const { path: document } = sourceRef.document;
      readings.set(JSON.stringify([document, path]), { document, path });
    }
  };
  const originals = READING_METHODS.map(
    (name) => [name, Object.getOwnPropertyDescriptor(SiteObject.prototype, name)] as const,
  );
  for (const [name, original] of originals) {
    const read: unknown = original?.value;
    const value = function (this: SiteObject, field: string) {
      note(this, field);
      return Reflect.apply(read as (field: string) => unknown, this, [field]);
    };
    Object.defineProperty(SiteObject.prototype, name, { ...original, value });
  }
  try {
    const before = verdicts(await checksOf(rule, given));
    return { before, readings: [...readings.values()] };
  } finally {
    for (const [name, original] of originals) {
      if (original !== undefined) Object.defineProperty(SiteObject.prototype, name, original);
    }
  }
}

/** The methods of an object that read one of its values. */
const READING_METHODS = ["read", "valueOrUndefined"] as const;

/** The case without one value. */
async function without(given: Given, document: string, path: Path): Promise<Given> {
  if (document === "deployment.yaml") return { ...given, deployment: await removed(given.deployment, path) };
  if (document === "config.yaml") return { ...given, config: await removed(given.config ?? "", path) };
  const [inventory = ""] = [given.inventory ?? []].flat();
  return { ...given, inventory: await removed(inventory, path) };
}

async function removed(text: string, path: Path): Promise<string> {
  const { source } = await parseSource(withoutMarkers(text), "reduced.yaml");
  const value = structuredClone(source?.value) as Record<string | number, unknown>;
  let owner = value;
  for (const step of path.slice(0, -1)) owner = owner[step] as Record<string | number, unknown>;
  const last = path.at(-1) ?? "";
  if (Array.isArray(owner)) owner.splice(Number(last), 1);
  else Reflect.deleteProperty(owner, last);
  return JSON.stringify(value);
}
