import { join } from "node:path";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { evaluate } from "../src/engine/evaluate.ts";
import { Evidence } from "../src/engine/evidence.ts";
import { defaultOptions, plan } from "../src/engine/plan.ts";
import type { Rule } from "../src/engine/rule.ts";
import type { Verdict } from "../src/engine/run-report.ts";
import { inventorySchema } from "../src/input/inventory.schema.ts";
import { schemaAt, typesOf } from "../src/input/schema-places.ts";
import { isInventory } from "../src/input/validators.generated.ts";
import { readInputs } from "../src/run/read-documents.ts";
import type { Document } from "../src/site/document.ts";
import type { Inventory } from "../src/site/inventory.generated.ts";
import { Site } from "../src/site/site.ts";
import { SiteObject } from "../src/site/site-object.ts";
import type { JsonSchema } from "../src/values/json-schema.ts";
import type { Path } from "../src/values/location.ts";
import { rules as allRules } from "../rules/index.generated.ts";

/*
 * Takes every value out of the inventory of the clean example, one at a time, and judges again. What must hold:
 *
 *   A check that passes without a value would pass with any value.
 *
 * So for each value that is missing, the check either does not pass (it is undecided, fails, or does not apply), or no
 * other value in its place makes it fail: then the value does not matter to it. "Any value" is a sample: all members of
 * an enumeration, both booleans, null, numbers around and far from the one that was there, other texts of that field.
 *
 * Some things are told twice in an inventory. A check that still passes by the other source is right to do so, though a
 * value in the place of the first, in contradiction to the second, would make it fail. These are listed as TOLD_TWICE.
 */

/** Fields (indices left out) whose value other fields tell as well, and which. */
const TOLD_TWICE: Readonly<Record<string, string>> = {};

const EXAMPLE = join(import.meta.dirname, "../fixtures/example/clean");
const NOW = Date.UTC(2021, 2, 29, 12);
const rules = allRules.filter(({ live }) => live !== true);

type Verdicts = ReadonlyMap<string, Verdict>;
type Documents = NonNullable<Awaited<ReturnType<typeof readInputs>>["documents"]>;

let documents: Documents;
let inventory: Inventory;
let base: Verdicts;

beforeAll(async () => {
  const read = await readInputs({
    deployment: "deployment.yaml",
    inventories: ["inventory.json"],
    cwd: EXAMPLE,
  });
  if (read.documents === null) throw new Error("the example cannot be read");
  documents = read.documents;
  const [document] = documents.inventories;
  if (document === undefined) throw new Error("the example has an inventory");
  inventory = document.value;
  base = await judge([inventory]);
});

/** The verdict of every check, by rule and subject. */
async function judge(inventories: readonly Inventory[], chosen: readonly Rule[] = rules): Promise<Verdicts> {
  const site = siteOf(inventories);
  return verdictsOf(site, chosen);
}

function siteOf(inventories: readonly Inventory[]): Site {
  const [document] = documents.inventories;
  if (document === undefined) throw new Error("the example has an inventory");
  const read = inventories.map((value): Document<Inventory> => ({ ...document, value }));
  return new Site(documents.deployment, read, documents.certificates);
}

async function verdictsOf(site: Site, chosen: readonly Rule[]): Promise<Verdicts> {
  const enabled = chosen.map((rule) => ({ rule, severity: null, options: defaultOptions(rule), skip: null }));
  const asker = () => Promise.reject(new Error("no server is asked"));
  const judged = await evaluate(plan(enabled, site), { site, now: NOW, asker, evidence: new Evidence() });
  return new Map(
    judged.map(({ planned: { enabled: by, subject }, outcome }) => [
      `${by.rule.id} ${subject.kind}:${subject.name}`,
      outcome?.verdict ?? "skipped",
    ]),
  );
}

const ruleOf = (check: string) => check.split(" ")[0] ?? "";
const having = (verdicts: Verdicts, wanted: Verdict) =>
  [...verdicts].flatMap(([check, verdict]) => (verdict === wanted ? [check] : []));

describe("the clean example, static", () => {
  it("has no failure, nothing undecided and no crash", () => {
    expect([...base].filter(([, verdict]) => ["fail", "inconclusive", "crashed"].includes(verdict))).toEqual([]);
    expect(having(base, "pass").length).toBeGreaterThan(100);
  });

  it("has a check of every rule", () => {
    expect(new Set([...base.keys()].map(ruleOf))).toEqual(new Set(rules.map(({ id }) => id)));
  });
});

/** Every value of the inventory by its path, outermost first. */
function pathsIn(value: unknown, path: Path = []): readonly Path[] {
  const inner = Array.isArray(value)
    ? value.map((item, index) => [index, item] as const)
    : typeof value === "object" && value !== null
      ? Object.entries(value)
      : [];
  return inner.flatMap(([step, item]) => [[...path, step], ...pathsIn(item, [...path, step])]);
}

const isItem = (path: Path) => typeof path.at(-1) === "number";
const textOf = (path: Path) => `/${path.map((step) => `${step}/`).join("")}`;
/** The path as the format has it: `hosts[].cpu.cores`. */
const fieldOf = (path: Path) =>
  path
    .map((step) => (typeof step === "number" ? "[]" : `.${step}`))
    .join("")
    .slice(1);
const prefixesOf = (path: Path) => path.map((_, index) => path.slice(0, index + 1));

/** A copy with another value at the path; `undefined` takes the value out, an item from its list. */
function changed(root: unknown, [step, ...rest]: Path, value: unknown): unknown {
  if (step === undefined) return value;
  if (Array.isArray(root)) {
    const copy: unknown[] = [...(root as unknown[])];
    if (rest.length === 0 && value === undefined) copy.splice(Number(step), 1);
    else copy[Number(step)] = changed(copy[Number(step)], rest, value);
    return copy;
  }
  const record = root as Readonly<Record<string, unknown>>;
  if (rest.length > 0 || value !== undefined) return { ...record, [step]: changed(record[step], rest, value) };
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== step));
}

const at = (path: Path): unknown =>
  path.reduce<unknown>((value, step) => (value as Record<string, unknown>)[step], inventory);

/** The inventory with another value, or null when the schema refuses it. */
function inventoryWith(path: Path, value: unknown): Inventory | null {
  const result = changed(inventory, path, value);
  return isInventory(result) ? (result as Inventory) : null;
}

/** Other values that could stand in the place of one that is a leaf. */
function othersOf(path: Path, present: ReadonlyMap<string, readonly unknown[]>): readonly unknown[] {
  const schema: JsonSchema = schemaAt(inventorySchema, path) ?? {};
  const value = at(path);
  const types = typesOf(schema);
  const numbers = typeof value === "number" ? [value - 1, value + 1, value * 2, Math.floor(value / 2)] : [];
  const texts = ["elsewhere", "5.5.0", "intel-westmere", "intel-tigerlake", "disabled", "vmx-07"];
  const candidates = [
    ...(schema.enum ?? []),
    ...(types.includes("boolean") ? [true, false] : []),
    ...(types.includes("null") ? [null] : []),
    ...(types.includes("integer") ? [0, 1, 3, 2_147_483_647, ...numbers] : []),
    ...(types.includes("string") && schema.enum === undefined ? [...texts, ...(present.get(fieldOf(path)) ?? [])] : []),
    ...(types.includes("array") ? [[]] : []),
  ];
  return [
    ...new Map(candidates.filter((other) => other !== value).map((other) => [JSON.stringify(other), other])).values(),
  ];
}

/** Which rules look at which values: the paths that planning and judging each rule reads. */
class Readers {
  readonly #exact = new Map<string, Set<Rule>>();
  readonly #inside = new Map<string, Set<Rule>>();

  add(rule: Rule, path: Path): void {
    put(this.#exact, textOf(path), rule);
    for (const prefix of prefixesOf(path)) put(this.#inside, textOf(prefix), rule);
  }

  /** The rules that read the value, something inside it, or what it is inside of. */
  of(path: Path): readonly Rule[] {
    const found = new Set(this.#inside.get(textOf(path)));
    for (const prefix of prefixesOf(path)) for (const rule of this.#exact.get(textOf(prefix)) ?? []) found.add(rule);
    return [...found];
  }
}

function put<K, T>(map: Map<K, Set<T>>, key: K, item: T): void {
  const set = map.get(key) ?? new Set<T>();
  map.set(key, set.add(item));
}

async function readersOf(): Promise<Readers> {
  const readers = new Readers();
  let current: Rule | null = null;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its object below
  const read = SiteObject.prototype.read as (this: SiteObject, field: string) => unknown;
  const spy = vi.spyOn(SiteObject.prototype, "read").mockImplementation(function (this: SiteObject, field: string) {
    for (const { place } of this.descriptions) {
      if (current !== null && place.document.kind === "inventory") readers.add(current, [...place.path, field]);
    }
    return read.call(this, field);
  } as never);
  for (const rule of rules) {
    current = rule;
    await judge([inventory], [rule]);
  }
  spy.mockRestore();
  return readers;
}

/** What the site is put together by: read of every object when it is built, and so by every rule. */
const STRUCTURE = /(^vcenter)|(\.(name|datacenter|uuid|network)$)|(^virtual_machines\[\]\.(ip_addresses|nics))/;

describe("every value that is taken out of the clean example's inventory", () => {
  it("leaves no check that passes without it and would fail with another value in its place", async () => {
    const readers = await readersOf();
    const paths = pathsIn(inventory);
    const present = new Map<string, unknown[]>();
    for (const path of paths) {
      const list = present.get(fieldOf(path)) ?? [];
      if (typeof at(path) === "string" && list.length < 6 && !list.includes(at(path))) list.push(at(path));
      present.set(fieldOf(path), list);
    }
    const rulesOf = (path: Path) => (STRUCTURE.test(fieldOf(path)) ? rules : readers.of(path));

    // What fails with another value, by the path of the value. The first and the last of each field stand for all.
    const first = new Map(paths.toReversed().map((path) => [fieldOf(path), path]));
    const last = new Map(paths.map((path) => [fieldOf(path), path]));
    const samples = new Set([...first.values(), ...last.values()]);
    const failing = new Map<string, Map<string, string>>();
    for (const path of samples) {
      const chosen = rulesOf(path);
      for (const other of chosen.length === 0 ? [] : othersOf(path, present)) {
        const inventoryThen = inventoryWith(path, other);
        if (inventoryThen === null) continue;
        for (const check of having(await judge([inventoryThen], chosen), "fail")) {
          for (const prefix of prefixesOf(path)) {
            const known = failing.get(textOf(prefix)) ?? new Map<string, string>();
            failing.set(textOf(prefix), known.set(check, `${textOf(path)} = ${JSON.stringify(other)}`));
          }
        }
      }
    }

    const wrong: string[] = [];
    const undone = new Set<string>();
    let refused = 0;
    for (const path of paths) {
      const without = inventoryWith(path, undefined);
      if (without === null) {
        refused++;
        continue;
      }
      const chosen = rulesOf(path);
      const verdicts = await judge([without], chosen);
      for (const check of having(verdicts, "crashed")) wrong.push(`${textOf(path)}: ${check} crashes`);
      for (const check of having(verdicts, "inconclusive")) undone.add(ruleOf(check));
      if (isItem(path)) continue;
      for (const check of having(verdicts, "pass")) {
        const why = failing.get(textOf(path))?.get(check);
        if (why !== undefined && !(fieldOf(path) in TOLD_TWICE)) {
          wrong.push(`without ${textOf(path)}: ${check} passes, but fails with ${why}`);
        }
      }
    }
    console.log({ paths: paths.length, samples: samples.size, refused, undone: undone.size }, wrong.length);
    expect(wrong.slice(0, 60)).toEqual([]);
  });
});
