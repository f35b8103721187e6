import { beforeAll, describe, expect, it } from "vitest";
import { rules } from "../../rules/index.generated.ts";
import { ESSENTIAL_RULES } from "../../src/engine/api/rule-catalogue.ts";
import type { Rule } from "../../src/engine/api/rule.ts";
import { schemaAt } from "../../src/input/validation/schema-lookup.ts";
import { isDeployment, isInventory } from "../../src/input/validation/validators.generated.ts";
import { deploymentSchema } from "../../src/schema/deployment.schema.ts";
import { inventorySchema } from "../../src/schema/inventory.schema.ts";
import type { Verdict } from "../../src/schema/report.generated.ts";
import type { Document } from "../../src/site/core/document.ts";
import { Site } from "../../src/site/site.ts";
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
import { checksOn } from "../support/mutated.ts";
import { watchReads } from "../support/reads.ts";

/*
 * Gives the example an error that an essential rule must report, and one more value that is different. What must hold:
 *
 *   No other value clears the rule: the error is still reported, or the rule is inconclusive.
 *
 * The values are those that the rule reads, except the one with the error; removals.test.ts removes them.
 */

const NOW = Date.UTC(2021, 2, 29, 12);
const BLOCKING: ReadonlySet<Verdict> = new Set(["fail", "inconclusive", "crashed"]);
const ESSENTIAL: readonly Rule[] = rules.filter(({ id, live }) => ESSENTIAL_RULES.has(id) && live !== true);

/** Values with which there is no error any more, and why. */
const NO_ERROR: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "network/no-ip-hash-teaming": {
    "inventory distributed_port_groups[].active_uplinks": "one uplink needs no teaming",
    "inventory hosts[].port_groups[].uplinks": "one uplink needs no teaming",
    "inventory hosts[].port_groups[].virtual_switch": "the policy of another switch applies",
    "deployment conferencing_nodes": "no node uses the network",
  },
  "node/unique-hostname": { "deployment management_node.hostname": "the other node has another hostname" },
  "vm/hardware-version-avx2": {
    "deployment conferencing_nodes[].vm.name": "the node has another VM",
    "deployment conferencing_nodes": "there is no such node",
  },
};

const used = new Set<string>();

async function closing(documents: Documents, rule: Rule): Promise<boolean> {
  const checks = await checksOn(new Site(documents), NOW, [rule]);
  return checks.some(({ verdict, severity }) => BLOCKING.has(verdict) && severity === "error");
}

function keysIn(value: unknown, path: Path = []): readonly Path[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => keysIn(item, [...path, index]));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [[...path, key], ...keysIn(inner, [...path, key])]);
}

const keyOf = ({ path: file }: Document, path: Path) => `${file} ${path.join(".")}`;

async function readBy(rule: Rule, documents: Documents): Promise<ReadonlySet<string>> {
  const read = new Set<string>();
  const stop = watchReads(({ descriptions }, field) => {
    for (const { sourceRef } of descriptions) {
      [...sourceRef.path, field].forEach((_, depth, path) => {
        read.add(keyOf(sourceRef.document, path.slice(0, depth + 1)));
      });
    }
  });
  await checksOn(new Site(documents), NOW, [rule]);
  stop();
  return read;
}

/** Other values of the same type, among them those that the document has elsewhere in the same field. */
function othersOf({ kind, value: root }: Document, path: Path): readonly unknown[] {
  const value = valueAt(root, path);
  if (typeof value === "boolean") return [null, !value];
  if (typeof value === "number") return [null, 0, value + 1, value * 100];
  if (Array.isArray(value)) return [null, [], [...(value as unknown[]), ...(value as unknown[])], value.slice(1)];
  if (typeof value !== "string") return [null, {}];
  const schema = schemaAt(kind === "deployment" ? deploymentSchema : inventorySchema, path);
  const elsewhere = keysIn(root).flatMap((key) => (fieldOf(key) === fieldOf(path) ? [valueAt(root, key)] : []));
  const others = [null, "", `${value}x`, ` ${value}`, "99.9", ...(schema?.enum ?? []), ...elsewhere];
  return [...new Set(others)].filter((other) => other !== value);
}

const isInside = (path: Path, outer: Path) => outer.every((step, index) => path[index] === step);

/** The first and last value of each field that the rule reads, and those of the object with the error. */
async function valuesFor(rule: Rule, documents: Documents, errors: readonly Change[]): Promise<readonly Change[]> {
  const read = await readBy(rule, documents);
  return [documents.deployment, ...documents.inventories].flatMap((document) => {
    const own = errors.filter((error) => error.document.path === document.path);
    const keys = keysIn(document.value)
      .filter((path) => read.has(keyOf(document, path)))
      .filter((path) => !own.some((error) => isInside(path, error.path) || isInside(error.path, path)));
    const samples = new Set([
      ...new Map(keys.map((path) => [fieldOf(path), path])).values(),
      ...new Map(keys.toReversed().map((path) => [fieldOf(path), path])).values(),
      ...keys.filter((path) => own.some((error) => isInside(path, error.path.slice(0, 2)))),
    ]);
    return [...samples].flatMap((path) => othersOf(document, path).map((value): Change => ({ document, path, value })));
  });
}

const isValid = ({ deployment, inventories }: Documents) =>
  isDeployment(deployment.value) && inventories.every(({ value }) => isInventory(value));

let bases: readonly Documents[] = [];

beforeAll(async () => {
  bases = await cleanDocuments();
});

describe("a value that is different", () => {
  it.each(ESSENTIAL.map((rule) => [rule.id, rule] as const))(
    "clears no error of %s",
    { timeout: 120_000 },
    async (id, rule) => {
      const wrong: string[] = [];
      let tried = 0;
      for (const mutation of rule.mutations ?? []) {
        for (const base of bases) {
          const [errors] = mutationChanges(rule, mutation, base, NOW);
          if (errors === undefined) continue;
          const documents = edited(base, errors);
          if (!(await closing(documents, rule))) continue;
          for (const change of await valuesFor(rule, documents, errors)) {
            const changed = edited(documents, [change]);
            if (!isValid(changed)) continue;
            tried++;
            if (await closing(changed, rule)) continue;
            const field = `${change.document.kind} ${fieldOf(change.path)}`;
            if (NO_ERROR[id]?.[field] === undefined)
              wrong.push(`${field} (${change.path.join(".")}): ${JSON.stringify(change.value)}`);
            else used.add(`${id} ${field}`);
          }
          break;
        }
      }
      expect(tried).toBeGreaterThan(0);
      expect(wrong).toEqual([]);
    },
  );

  it("has every listed value among those tried", () => {
    const listed = Object.entries(NO_ERROR).flatMap(([id, fields]) =>
      Object.keys(fields).map((field) => `${id} ${field}`),
    );
    expect(listed.filter((each) => !used.has(each))).toEqual([]);
  });
});
