import { beforeAll, describe, expect, it } from "vitest";
import { rules } from "../../rules/index.generated.ts";
import type { Mutation } from "../../src/engine/api/mutation.ts";
import type { Rule } from "../../src/engine/api/rule.ts";
import { deploymentSchema } from "../../src/schema/deployment.schema.ts";
import { inventorySchema } from "../../src/schema/inventory.schema.ts";
import type { Verdict } from "../../src/schema/report.generated.ts";
import type { Document } from "../../src/site/core/document.ts";
import type { SiteObject } from "../../src/site/core/site-object.ts";
import { Site } from "../../src/site/site.ts";
import type { JsonSchema } from "../../src/values/json-schema.ts";
import type { Path } from "../../src/values/location.ts";
import {
  type Change,
  cleanDocuments,
  type Documents,
  edited,
  fieldOf,
  mutationChanges,
  valueAt,
} from "../support/edited-documents.ts";
import { checksOn, subjectOf } from "../support/mutated.ts";

/*
 * Lists an entry of the clean example twice, once as it is and once with an error that a rule must report, in both orders.
 * What must hold:
 *
 *   An error that fails a check where the entry is listed once must not pass where a clean entry of the same name is
 *   listed beside it.
 *
 * The errors are the mutations of the rules; the lists are all lists of the schemas whose entries have a name or label.
 */

const NOW = Date.UTC(2021, 2, 29, 12);
const STATIC: readonly Rule[] = rules.filter(({ live }) => live !== true);
const BLOCKING: ReadonlySet<Verdict> = new Set(["fail", "inconclusive", "crashed"]);
const NAME_KEYS = ["name", "label"];

/** Errors in lists that no mutation reaches, all in the inventory. */
const FURTHER_ERRORS: readonly { readonly rule: string; readonly path: Path; readonly value: unknown }[] = [
  { rule: "network/gigabit-uplink", path: ["distributed_switches", 0, "hosts", 3, "uplinks"], value: [] },
  { rule: "network/gigabit-uplink", path: ["distributed_switches", 0, "hosts", 3, "uplinks"], value: undefined },
  { rule: "vm/network-on-every-host", path: ["distributed_switches", 0, "hosts", 3], value: undefined },
  { rule: "network/gigabit-uplink", path: ["hosts", 4, "port_groups", 1, "uplinks"], value: [] },
  { rule: "network/recommended-teaming", path: ["hosts", 4, "port_groups", 1, "virtual_switch"], value: "vSwitch9" },
  { rule: "vm/placement-exists", path: ["resource_pools", 0, "cluster"], value: "vc-edge" },
];

/** Named lists in which no entry can be wrong for a rule of this sweep, and why. */
const NOT_TRIED: Readonly<Record<string, string>> = {
  "deployment domains": "only rules that contact servers read it",
  "deployment management_node.static_routes": "the example has none; they are read like those of Conferencing Nodes",
  "inventory licences": "no rule reads it",
  "inventory datacenters": "an entry has nothing besides its name",
  "inventory clusters[].vm_host_rules": "the example's clusters have none",
  "inventory distributed_switches[].lags": "its mutation adds the LAG; the example's switches have none",
  "inventory nsx_segments": "an entry has nothing besides its name",
};

/** Rules that evaluate each of two entries of one name as an object of its own, by list. */
const DISTINCT: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "deployment conferencing_nodes": {
    "node/proxying-needs-transcoding": "two nodes of one name are two nodes, and node/unique-name fails for them",
  },
};

/** The example, and with one of its nodes deployed automatically: some rules are about that alone. */
let bases: readonly Documents[] = [];

beforeAll(async () => {
  bases = await cleanDocuments();
});

/** The entries of named lists that hold a changed value besides their name, outermost first. */
function entriesAround({ document, path }: Change): readonly Path[] {
  return path.flatMap((step, depth) => {
    const entry = path.slice(0, depth + 1);
    const [key] = path.slice(depth + 1);
    if (typeof step !== "number" || key === undefined) return [];
    if (path.length === depth + 2 && NAME_KEYS.includes(String(key))) return [];
    const held = valueAt(document.value, entry) as Readonly<Record<string, unknown>> | undefined;
    return NAME_KEYS.some((name) => typeof held?.[name] === "string") ? [entry] : [];
  });
}

interface Case {
  readonly rule: Rule;
  readonly error: string;
  readonly base: Documents;
  readonly changes: readonly Change[];
  readonly document: Document;
  readonly entry: Path;
}

const listOf = ({ document, entry }: Case) => `${document.kind} ${fieldOf(entry.slice(0, -1))}`;

type Failure = Pick<Case, "rule" | "error" | "base" | "changes">;

/** The errors of one rule: each mutation, of the first subject of which it changes an entry and fails the check. */
async function errorsOf(rule: Rule): Promise<readonly Failure[]> {
  const errors: Failure[] = [];
  for (const [number, mutation] of (rule.mutations ?? []).entries()) {
    const found = await firstFailure(bases.flatMap((base) => mutated(rule, mutation, base, `mutation ${number}`)));
    if (found !== null) errors.push(found);
  }
  const [base] = bases;
  const [document] = base?.inventories ?? [];
  if (base === undefined || document === undefined) return errors;
  const further = FURTHER_ERRORS.filter((error) => error.rule === rule.id).map(({ path, value }): Failure => ({
    rule,
    error: fieldOf(path),
    base,
    changes: [{ document, path, value }],
  }));
  return [...errors, ...further];
}

function mutated(rule: Rule, mutation: Mutation<SiteObject>, base: Documents, error: string): readonly Failure[] {
  return mutationChanges(rule, mutation, base, NOW)
    .filter((changes) => changes.some((change) => entriesAround(change).length > 0))
    .map((changes) => ({ rule, error, base, changes }));
}

async function firstFailure(failures: readonly Failure[]): Promise<Failure | null> {
  for (const failure of failures) if ((await blockedBy(failure)).size > 0) return failure;
  return null;
}

const blockedBy = ({ rule, base, changes }: Failure) => blocked(rule, edited(base, changes));

/** Each error of a rule with every entry of a named list that one of its changes lies in. */
async function casesOf(rule: Rule): Promise<readonly Case[]> {
  return (await errorsOf(rule)).flatMap((error) => {
    const entries = error.changes.flatMap((change) =>
      entriesAround(change).map((entry) => [`${change.document.path} ${entry.join()}`, { ...change, entry }] as const),
    );
    return [...new Map(entries).values()].map(({ document, entry }) => ({ ...error, document, entry }));
  });
}

/** The documents with the entry listed twice: the changed copy directly before or after the clean one. */
function listedTwice({ base, changes, document, entry }: Case, order: "before" | "after"): Documents {
  const clean: unknown = structuredClone(valueAt(document.value, entry));
  return edited(base, changes, (value) => {
    const list = valueAt(value, entry.slice(0, -1));
    if (Array.isArray(list)) list.splice(Number(entry.at(-1)) + (order === "before" ? 1 : 0), 0, clean);
    return value;
  });
}

/** The subjects whose checks block, without what distinguishes two objects of one name. */
async function blocked(rule: Rule, documents: Documents): Promise<ReadonlySet<string>> {
  const datacenters = documents.inventories.flatMap(
    ({ value }) => value.datacenters?.flatMap(({ name }) => name ?? []) ?? [],
  );
  const plain = (subject: string) =>
    datacenters.reduce((text, name) => text.replace(`:${name}/`, ":"), subject.replaceAll(/#\d+/g, ""));
  const checks = await checksOn(new Site(documents), NOW, [rule]);
  return new Set(checks.filter(({ verdict }) => BLOCKING.has(verdict)).map((check) => plain(subjectOf(check))));
}

/** The check of a rule that cannot list all of its subjects: one of them is named by an ambiguous name. */
const ALL_SUBJECTS = "deployment:deployment";

describe("an entry that is listed twice, once with an error", () => {
  it.each(STATIC.map((rule) => [rule.id, rule] as const))("does not pass %s", async (id, rule) => {
    const wrong: string[] = [];
    for (const each of await casesOf(rule)) {
      const once = await blockedBy(each);
      expect(once.size, each.error).toBeGreaterThan(0);
      for (const order of ["before", "after"] as const) {
        const twice = await blocked(rule, listedTwice(each, order));
        const cleared = twice.has(ALL_SUBJECTS) ? [] : [...once].filter((subject) => !twice.has(subject));
        if (cleared.length === 0 || DISTINCT[listOf(each)]?.[id] !== undefined) continue;
        wrong.push(`${each.error} in ${listOf(each)}, copy ${order} ${each.entry.join("/")}: ${cleared.join(", ")}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it("is tried for every named list of the schemas", async () => {
    const reached = new Set((await Promise.all(STATIC.map(casesOf))).flat().map(listOf));
    const named = [
      ...namedLists(deploymentSchema).map((list) => `deployment ${list}`),
      ...namedLists(inventorySchema).map((list) => `inventory ${list}`),
    ];
    expect(named.filter((list) => !reached.has(list))).toEqual(Object.keys(NOT_TRIED));
  });
});

/** The lists of a schema whose entries have a name or label, as `hosts[].port_groups`. */
function namedLists(root: JsonSchema): readonly string[] {
  const resolved = (schema: JsonSchema): JsonSchema => {
    const key = schema.$ref?.split("/").at(-1);
    return key === undefined ? schema : (root.definitions?.[key] ?? schema);
  };
  const within = (schema: JsonSchema, path: string): readonly string[] =>
    Object.entries(resolved(schema).properties ?? {}).flatMap(([key, value]) => {
      const field = path === "" ? key : `${path}.${key}`;
      const { items } = resolved(value);
      if (items === undefined) return within(value, field);
      const isNamed = NAME_KEYS.some((name) => Object.hasOwn(resolved(items).properties ?? {}, name));
      return [...(isNamed ? [field] : []), ...within(items, `${field}[]`)];
    });
  return within(root, "");
}
