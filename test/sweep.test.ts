import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { evaluate } from "../src/engine/evaluation/evaluate.ts";
import { Evidence } from "../src/engine/evaluation/evidence.ts";
import { defaultOptions, plan } from "../src/engine/evaluation/plan.ts";
import type { Rule } from "../src/engine/api/rule.ts";
import { watchReads } from "./support/reads.ts";
import { evaluatedChecks } from "./support/evaluated-checks.ts";
import type { Verdict } from "../src/schema/report.generated.ts";
import { inventorySchema } from "../src/schema/inventory.schema.ts";
import { schemaAt, typesOf } from "../src/input/validation/schema-lookup.ts";
import { isInventory } from "../src/input/validation/validators.generated.ts";
import { readDocuments, type SiteDocuments } from "../src/run/inputs/read-documents.ts";
import type { Document } from "../src/site/core/document.ts";
import type { Inventory } from "../src/schema/inventory.generated.ts";
import { Site } from "../src/site/site.ts";
import type { JsonSchema } from "../src/values/json-schema.ts";
import type { Path } from "../src/values/location.ts";
import { rules as allRules } from "../rules/index.generated.ts";

/*
 * Removes every value from the inventory of the clean example, one at a time, and evaluates again. Invariant:
 *
 * A check that passes without a value would pass with any value.
 *
 * So for each missing value, a check either does not pass (it is inconclusive, fails, or does not apply), or no other
 * value in its place makes it fail: then the value does not matter to it. "Any value" is a sample: all members of an
 * enumeration, both booleans, null, numbers near and far from the original one, other texts.
 *
 * Some facts are in an inventory twice. A check may still pass with the second source, though a contradicting value of
 * the first would make the check fail. For these, the sweep removes both.
 */

/** Fields whose value is also in other fields, with those fields. Indices are omitted. */
const TOLD_TWICE: Readonly<Record<string, readonly string[]>> = {
  // The release is in both; the version alone lacks the update level, the API version does not.
  "hosts[].version": ["hosts[].api_version"],
  "hosts[].api_version": ["hosts[].version"],
  // What VMs see of a CPU follows from the EVC mode in force.
  "hosts[].cpu.features.avx": ["hosts[].cpu.evc_mode", "clusters[].evc_mode"],
  "hosts[].cpu.features.avx2": ["hosts[].cpu.evc_mode", "clusters[].evc_mode"],
  "hosts[].cpu.features.avx512f": ["hosts[].cpu.evc_mode", "clusters[].evc_mode"],
  // A port group without adapters of its own uses those of its switch.
  "hosts[].port_groups[].uplinks": ["hosts[].virtual_switches[].uplinks"],
  // A VM is on a host of its cluster; all of them are evaluated if its host is missing.
  "virtual_machines[].host": ["virtual_machines[].cluster"],
  // A VM is in the cluster of its host.
  "virtual_machines[].cluster": ["virtual_machines[].host"],
};

/**
 * Data that an inventory cannot contain completely, and the rule that uses it against a node if it is there: VMware
 * Tools report what they see, and most sites have a VM without them. The rule's page states that its pass is no
 * guarantee.
 */
const EVIDENCE_ONLY: Readonly<Record<string, string>> = {
  "virtual_machines[].ip_addresses[]": "network/unique-address",
};

/** Rules that evaluate the plan as long as there is no inventory at all: the plan is what will be deployed. */
const JUDGE_THE_PLAN = [
  "network/secondary-interface",
  "vm/hardware-version-minimum",
  "vm/management-node-size",
  "vm/memory-multiple-of-4",
  "vm/memory-per-vcpu",
  "vm/size-within-limits",
  "vm/static-mac-management",
  "vm/thick-disk",
];

/** format.md, Joining: a missing datacenter matches any, if that leaves one object. */
const isQualifier = (field: string) => field.endsWith("].datacenter");

const EXAMPLE = join(import.meta.dirname, "../fixtures/example/clean");
const NOW = Date.UTC(2021, 2, 29, 12);
const rules = allRules.filter(({ live }) => live !== true);

type Verdicts = ReadonlyMap<string, Verdict>;
let documents: SiteDocuments;
let inventory: Inventory;
let base: Verdicts;

beforeAll(async () => {
  const read = await readDocuments({
    deployment: "deployment.yaml",
    inventories: ["inventory.json"],
    cwd: EXAMPLE,
  });
  if (read.value === null) throw new Error("the example cannot be read");
  documents = read.value;
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
  return new Site({ deployment: documents.deployment, inventories: read, certificates: documents.certificates });
}

async function verdictsOf(site: Site, chosen: readonly Rule[]): Promise<Verdicts> {
  const enabled = chosen.map((rule) => ({ rule, severity: null, options: defaultOptions(rule), skip: null }));
  const responder = () => Promise.reject(new Error("no server is asked"));
  const evaluated = await evaluate(plan(enabled, site), { site, now: NOW, responder, evidence: new Evidence() });
  return new Map(
    evaluatedChecks(evaluated).map(({ planned: { enabled: by, subject }, outcome }) => [
      `${by.rule.id} ${subject.kind}:${subject.name}`,
      outcome?.verdict ?? "skipped",
    ]),
  );
}

const ruleOf = (check: string) => check.split(" ")[0] ?? "";
const having = (verdicts: Verdicts, wanted: Verdict) =>
  [...verdicts].flatMap(([check, verdict]) => (verdict === wanted ? [check] : []));

describe("the clean example, static", () => {
  it("has no failure, nothing inconclusive and no crash", () => {
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

const isRequired = (field: string) => {
  const keys = field.split(".");
  const parent = schemaAt(inventorySchema, keys.slice(0, -1).flatMap(pathOfKey));
  return parent?.required?.includes(keys.at(-1) ?? "") === true;
};
const pathOfKey = (key: string): Path => (key.endsWith("[]") ? [key.slice(0, -2), 0] : [key]);

/** The inventory with another value, or null when the schema refuses it. */
function inventoryWith(path: Path, value: unknown): Inventory | null {
  const result = changed(inventory, path, value);
  return isInventory(result) ? (result as Inventory) : null;
}

/** Other values for one that is a scalar. */
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

/** The values that each rule reads: the paths that planning and evaluating it accesses. */
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
  const unwatch = watchReads(({ descriptions }, field) => {
    for (const { sourceRef } of descriptions) {
      if (current !== null && sourceRef.document.kind === "inventory") readers.add(current, [...sourceRef.path, field]);
    }
  });
  for (const rule of rules) {
    current = rule;
    await judge([inventory], [rule]);
  }
  unwatch();
  return readers;
}

/** Fields with which the site is linked: read from every object when it is built, and so by every rule. */
const STRUCTURE =
  /(^vcenter)|(^distributed_port_groups\[\]$)|(^datacenters)|(^resource_pools)|(\.(name|datacenter|uuid|network)$)|(^virtual_machines\[\]\.(ip_addresses|nics))/;

/** A value for which another one makes a check fail. */
interface Breach {
  readonly path: Path;
  readonly other: unknown;
}

/** The sweep over one inventory. */
class Sweep {
  readonly paths = pathsIn(inventory);
  /** The first and the last value of each field, as a sample. */
  readonly samples: ReadonlySet<Path>;
  readonly #readers: Readers;
  readonly #present = new Map<string, unknown[]>();

  constructor(readers: Readers) {
    this.#readers = readers;
    const first = new Map(this.paths.toReversed().map((path) => [fieldOf(path), path]));
    const last = new Map(this.paths.map((path) => [fieldOf(path), path]));
    this.samples = new Set([...first.values(), ...last.values()]);
    for (const path of this.paths) {
      const texts = this.#present.get(fieldOf(path)) ?? [];
      if (typeof at(path) === "string" && texts.length < 6 && !texts.includes(at(path))) texts.push(at(path));
      this.#present.set(fieldOf(path), texts);
    }
  }

  rulesOf(path: Path): readonly Rule[] {
    return STRUCTURE.test(fieldOf(path)) ? rules : this.#readers.of(path);
  }

  /** What fails with another value somewhere, by check; under the path of the value and of everything it is inside of. */
  async breaches(): Promise<ReadonlyMap<string, ReadonlyMap<string, readonly Breach[]>>> {
    const found = new Map<string, Map<string, Breach[]>>();
    for (const path of this.samples) {
      const chosen = this.rulesOf(path);
      for (const other of chosen.length === 0 ? [] : othersOf(path, this.#present)) {
        const then = inventoryWith(path, other);
        if (then === null) continue;
        for (const check of having(await judge([then], chosen), "fail")) {
          for (const prefix of prefixesOf(path)) {
            const checks = found.get(textOf(prefix)) ?? new Map<string, Breach[]>();
            found.set(textOf(prefix), checks.set(check, [...(checks.get(check) ?? []), { path, other }]));
          }
        }
      }
    }
    return found;
  }

  /** Whether a check still passes if the other source is removed as well. */
  async passesWithoutTheOther(path: Path, check: string, twins: readonly string[]): Promise<boolean> {
    const others = this.paths.filter((other) => twins.includes(fieldOf(other)));
    const apart = others.filter((other) => !textOf(other).startsWith(textOf(path)));
    const without = [...apart, path].reduce<unknown>((value, each) => changed(value, each, undefined), inventory);
    const chosen = rules.filter(({ id }) => id === ruleOf(check));
    return (await judge([without as Inventory], chosen)).get(check) === "pass";
  }
}

describe("the clean example's inventory without one of its values", () => {
  let sweep: Sweep;
  /** The verdicts of the rules that read the value, by the path of what was taken out; null = the schema refuses that. */
  const without = new Map<Path, Verdicts | null>();

  beforeAll(async () => {
    sweep = new Sweep(await readersOf());
    for (const path of sweep.paths) {
      const rest = inventoryWith(path, undefined);
      without.set(path, rest === null ? null : await judge([rest], sweep.rulesOf(path)));
    }
  });

  /** What is left after taking out a key, or an item of a list. */
  const rests = (kind: "key" | "item") =>
    [...without].flatMap(([path, verdicts]) =>
      verdicts !== null && isItem(path) === (kind === "item") ? [{ path, verdicts }] : [],
    );

  it("makes no rule crash", () => {
    const crashed = [...without].flatMap(([path, verdicts]) =>
      having(verdicts ?? new Map(), "crashed").map((check) => `without ${textOf(path)}: ${check}`),
    );
    expect(crashed).toEqual([]);
  });

  it("has no check that passes and would fail with another value in its place", async () => {
    const breaches = await sweep.breaches();
    const wrong: string[] = [];
    for (const { path, verdicts } of rests("key")) {
      for (const check of having(verdicts, "pass")) {
        for (const { path: value, other } of breaches.get(textOf(path))?.get(check) ?? []) {
          if (isQualifier(fieldOf(value)) || EVIDENCE_ONLY[fieldOf(value)] === ruleOf(check)) continue;
          const twins = TOLD_TWICE[fieldOf(value)];
          if (twins !== undefined && !(await sweep.passesWithoutTheOther(path, check, twins))) continue;
          const then = `with ${textOf(value)} = ${JSON.stringify(other)} it fails`;
          wrong.push(`without ${textOf(path)}: ${check} passes; ${then}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it("loses no check silently: if one is missing, its rule is inconclusive", () => {
    const silent: string[] = [];
    for (const { path, verdicts } of rests("key")) {
      const inconclusive = new Set(having(verdicts, "inconclusive").map(ruleOf));
      const chosen = new Set(sweep.rulesOf(path).map(({ id }) => id));
      for (const check of base.keys()) {
        const rule = ruleOf(check);
        if (chosen.has(rule) && !verdicts.has(check) && !inconclusive.has(rule))
          silent.push(`${textOf(path)}: ${check}`);
      }
    }
    expect(silent).toEqual([]);
  });

  it("passes nothing on a host or cluster that is gone from its list, but what its bare name there would pass", async () => {
    const wrong: string[] = [];
    for (const { path, verdicts } of rests("item")) {
      const subject = { "hosts[]": "host", "clusters[]": "cluster" }[fieldOf(path)];
      if (subject === undefined) continue;
      const { name } = at(path) as { readonly name: string };
      const bare = inventoryWith(path, { name });
      const passing = bare === null ? [] : having(await judge([bare], sweep.rulesOf(path)), "pass");
      for (const check of having(verdicts, "pass").filter((each) => each.endsWith(` ${subject}:${name}`))) {
        if (!passing.includes(check)) wrong.push(`without ${textOf(path)}: ${check}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it("has teeth: values are needed by most rules that look into the inventory, and required keys are required", () => {
    const undone = new Set(
      [...without.values()].flatMap((verdicts) => having(verdicts ?? new Map(), "inconclusive").map(ruleOf)),
    );
    expect(undone.size).toBeGreaterThan(rules.length / 2);
    const refused = [...without].filter(([, verdicts]) => verdicts === null).map(([path]) => fieldOf(path));
    expect(new Set(refused)).toEqual(new Set(sweep.paths.map(fieldOf).filter(isRequired)));
  });

  it("omits only rules that do not read the value: their verdicts do not change", async () => {
    const overlooked: string[] = [];
    for (const path of sweep.samples) {
      const rest = inventoryWith(path, undefined);
      const others = rules.filter((rule) => !sweep.rulesOf(path).includes(rule));
      if (rest === null || others.length === 0) continue;
      for (const [check, verdict] of await judge([rest], others)) {
        if (base.get(check) !== verdict) overlooked.push(`without ${textOf(path)}: ${check} is ${verdict}`);
      }
    }
    expect(overlooked).toEqual([]);
  });
});

describe("the clean example without an inventory", () => {
  it("has a check of every rule, and of what looked into the inventory passes nothing but plans", async () => {
    const verdicts = await judge([]);
    expect(new Set([...verdicts.keys()].map(ruleOf))).toEqual(new Set(rules.map(({ id }) => id)));
    const looking = await checksThatReadInventory();
    expect(looking.size).toBeGreaterThan(100);
    const passing = having(verdicts, "pass").filter((check) => looking.has(check) && base.get(check) === "pass");
    expect([...new Set(passing.map(ruleOf))].sort()).toEqual(JUDGE_THE_PLAN);
  });

  it("is inconclusive in what it cannot provide, with the reason in one sentence", async () => {
    const enabled = rules.map((rule) => ({ rule, severity: null, options: defaultOptions(rule), skip: null }));
    const site = siteOf([]);
    const responder = () => Promise.reject(new Error("no server is asked"));
    const evaluated = await evaluate(plan(enabled, site), { site, now: NOW, responder, evidence: new Evidence() });
    const gaps = evaluatedChecks(evaluated).flatMap(({ outcome }) =>
      outcome?.verdict === "inconclusive" ? outcome.missing : [],
    );
    expect(gaps.length).toBeGreaterThan(50);
    expect(new Set(gaps.map(({ what }) => what))).toEqual(new Set(["no inventory given; add --inventory FILE"]));
  });
});

/** Checks that read something of an inventory object during their evaluation. */
async function checksThatReadInventory(): Promise<ReadonlySet<string>> {
  const site = siteOf([inventory]);
  const looking = new Set<string>();
  let current = "";
  const unwatch = watchReads(({ descriptions }) => {
    if (descriptions.some(({ sourceRef }) => sourceRef.document.kind === "inventory")) looking.add(current);
  });
  const watched = rules.map((rule): Rule => ({
    ...rule,
    check: (subject, context) => {
      current = `${rule.id} ${subject.kind}:${subject.name}`;
      rule.check(subject, context);
    },
  }));
  await verdictsOf(site, watched);
  unwatch();
  return looking;
}
