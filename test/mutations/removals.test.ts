import { beforeAll, describe, expect, it } from "vitest";
import { rules } from "../../rules/index.generated.ts";
import type { Question } from "../../src/engine/api/question.ts";
import type { Rule } from "../../src/engine/api/rule.ts";
import type { Responder } from "../../src/engine/evaluation/evidence.ts";
import { isDeployment, isInventory } from "../../src/input/validation/validators.generated.ts";
import { schemaAt } from "../../src/input/validation/schema-lookup.ts";
import { deploymentSchema } from "../../src/schema/deployment.schema.ts";
import { inventorySchema } from "../../src/schema/inventory.schema.ts";
import { notAsked } from "../../src/probe/query/not-asked.ts";
import { FAULTS, faulty } from "../../src/run/proof/faults.ts";
import { type Answers, healthyNetwork } from "../../src/run/proof/healthy-network.ts";
import type { Check, Verdict } from "../../src/schema/report.generated.ts";
import type { Document } from "../../src/site/core/document.ts";
import { Site } from "../../src/site/site.ts";
import { isTextLocation, type Path } from "../../src/values/location.ts";
import {
  type Change,
  cleanDocuments,
  type Documents,
  edited,
  exampleDocuments,
  fieldOf,
  mutationChanges,
  valueAt,
} from "../support/edited-documents.ts";
import { checksOn, subjectOf } from "../support/mutated.ts";
import { watchReads } from "../support/reads.ts";

/*
 * Removes a value from documents with an error that a rule must report. What must hold:
 *
 *   No removal moves a check from blocking (fail, inconclusive, crashed) to clearing (pass, not-applicable), nor from an
 *   error to something less severe: a missing value is not a correct value.
 *
 * The errors are the mutations of the rules, the example with errors as it is, and for live rules networks with a fault. A
 * value is a key of a record, an item of a list that a check reports nothing of, or the answer to a query.
 */

const NOW = Date.UTC(2021, 2, 29, 12);
const STATIC: readonly Rule[] = rules.filter(({ live }) => live !== true);
const LIVE: readonly Rule[] = rules.filter(({ live }) => live === true);
const BLOCKING: ReadonlySet<Verdict> = new Set(["fail", "inconclusive", "crashed"]);

/**
 * What the absence of a value says, by rule: only where it is a statement, as the schema has it, or where another source of
 * the same fact remains. Fields with a default are not listed: their absence is the default.
 */
const ABSENCES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "access/vm-manager-matches-hosts": { "deployment vm_manager": "there is no VM manager, and no node needs one" },
  "host/cpu-avx": { "inventory hosts[].cpu.features.avx": "the EVC mode in force has AVX" },
  "host/cpu-avx2": { "inventory hosts[].cpu.features.avx2": "the EVC mode in force has AVX2" },
  "inventory/age": { "inventory collected_at": "the age is not known, which the rule reports at warn" },
  "network/ipv6-address": { "deployment management_node.ipv6_address": "the node has IPv4 alone" },
  "network/nat-not-mixed-in-location": { "deployment conferencing_nodes[].static_nat_address": "no static NAT" },
  "network/static-nat-address": { "deployment conferencing_nodes[].static_nat_address": "no static NAT" },
  "network/static-route": { "deployment conferencing_nodes[].static_routes": "no static routes" },
  "network/unique-address": {
    "inventory virtual_machines[].ip_addresses":
      "VMware Tools report what they see; the page says that a pass is no promise",
  },
  "node/sip-tls-fqdn-unique": {
    "deployment management_node.alternative_fqdn": "no SIP TLS FQDN",
    "deployment conferencing_nodes[].alternative_fqdn": "no SIP TLS FQDN",
  },
  "time/node-ntp-configured": { "deployment system_locations[].ntp_servers": "the deployment's list is used" },
  "time/utc-only": { "deployment management_node.timezone": "the time zone is UTC" },
  "tls/certificate-covers-fqdn": {
    "deployment management_node.alternative_fqdn": "no SIP TLS FQDN",
    "deployment management_node.tls_certificate": "no certificate to check; tls/certificate-declared fails",
  },
  "vm/mac-address": { "deployment conferencing_nodes[].vm.mac_address": "vSphere assigns the MAC address" },
  "vm/memory-multiple-of-4": {
    "deployment management_node.vm_system_memory": "the plan leaves it to the VM, which is evaluated",
  },
  "vm/only-hosts": { "deployment management_node.vm.only_hosts": "the plan allows every host" },
  "vm/size-within-limits": {
    "deployment management_node.vm_system_memory": "the plan leaves it to the VM, which is evaluated",
  },
  "vm/matches-plan": {
    "deployment conferencing_nodes[].vm_cpu_count": "the plan leaves it to the VM, which is evaluated",
    "deployment conferencing_nodes[].vm.hardware_version": "the plan leaves it to the VM, which is evaluated",
  },
  "vm/placement-exists": {
    "deployment conferencing_nodes[].vm.datastore": "the plan names none",
    "deployment conferencing_nodes[].vm.resource_pool": "the plan names none",
    "deployment conferencing_nodes[].vm.host": "the plan names the cluster",
  },
};

/**
 * What a list without one of its items says, for any rule. The deployment is not here: without a node or a server it is
 * another plan.
 */
const SHORTER_LISTS: Readonly<Record<string, string>> = {
  "distributed_port_groups[].active_uplinks[]": "the port group uses one uplink fewer, and a lone one needs no teaming",
  "distributed_switches[].hosts[]": "the host takes no part in the switch",
  "distributed_switches[].hosts[].uplinks[]": "the host has one uplink fewer",
  "hosts[].port_groups[].uplinks[]": "the port group uses one uplink fewer",
  "virtual_machines[].nics[]": "the VM is not attached to that network",
};

/** The lists of nodes: rules of their own say that one is missing, and fail the gate. */
const NODE_LISTS = ["management_node", "conferencing_nodes"];

/** What sites are built from without reading a field of an object, or by its name alone. */
const STRUCTURE =
  /^(vcenter|source|coverage|permissions|datacenters|resource_pools|licences|ca_certificates|domains|vm_manager)|\.(name|datacenter|uuid|network|host|hosts|cluster|template|system_location|vm|nics|ip_addresses)$|^[a-z_]+$/;

type Weighed = Pick<Check, "verdict" | "severity" | "findings" | "missing" | "awaits">;

type Checks = ReadonlyMap<string, Weighed>;

async function checksIn(documents: Documents, chosen: readonly Rule[], answers?: Answers): Promise<Checks> {
  const checks = await checksOn(new Site(documents), NOW, chosen, answers && responderOf(answers));
  return new Map(checks.map((check) => [`${check.rule} ${subjectOf(check)}`, check]));
}

const responderOf =
  (answers: Answers): Responder =>
  (questions) =>
    Promise.resolve(questions.map(answers));

const isBlocking = ({ verdict }: Weighed) => BLOCKING.has(verdict);
const closesGate = (check: Weighed) => isBlocking(check) && check.severity === "error";
const ruleOf = (check: string) => check.split(" ")[0] ?? "";

/** Every key below a value. */
function keysIn(value: unknown, path: Path = []): readonly Path[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => keysIn(item, [...path, index]));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [[...path, key], ...keysIn(inner, [...path, key])]);
}

/** What evaluating a rule reads of the documents, as texts of paths. */
async function readBy(rule: Rule, documents: Documents, answers?: Answers): Promise<ReadonlySet<string>> {
  const read = new Set<string>();
  const stop = watchReads(({ descriptions }, field) => {
    for (const { sourceRef } of descriptions) {
      [...sourceRef.path, field].forEach((_, depth, path) => {
        read.add(keyOf(sourceRef.document, path.slice(0, depth + 1)));
      });
    }
  });
  await checksIn(documents, [rule], answers);
  stop();
  return read;
}

const keyOf = ({ path: file }: Document, path: Path) => `${file} ${path.join(".")}`;

/** The keys to remove for a rule: all that it reads, and a first and last one of each that the site is built from. */
async function removalsFor(rule: Rule, documents: Documents, answers?: Answers): Promise<readonly Change[]> {
  const read = await readBy(rule, documents, answers);
  return [documents.deployment, ...documents.inventories].flatMap((document) => {
    const keys = keysIn(document.value);
    const structural = keys.filter((path) => STRUCTURE.test(fieldOf(path)));
    const samples = new Set([
      ...new Map(structural.map((path) => [fieldOf(path), path])).values(),
      ...new Map(structural.toReversed().map((path) => [fieldOf(path), path])).values(),
    ]);
    return keys
      .filter((path) => samples.has(path) || read.has(keyOf(document, path)))
      .map((path): Change => ({ document, path, value: undefined }));
  });
}

const isValid = ({ deployment, inventories }: Documents) =>
  isDeployment(deployment.value) && inventories.every(({ value }) => isInventory(value));

/** The exceptions that were used, to find those that are not. */
const used = new Set<string>();

/** Whether the absence of a value is a statement to the rule. A removed record takes everything in it along. */
function isStated(rule: string, { document: { kind, value }, path }: Change): boolean {
  if (kind === "deployment" && path.length === 1 && NODE_LISTS.includes(String(path[0]))) return true;
  const removed = valueAt(value, path);
  const fields = [path, ...keysIn(removed, path)].map((each) => `${kind} ${fieldOf(each)}`);
  const found = fields.find((field) => ABSENCES[rule]?.[field] !== undefined);
  if (found !== undefined) used.add(`${rule} ${found}`);
  if (found !== undefined) return true;
  const schema = kind === "deployment" ? deploymentSchema : inventorySchema;
  return schemaAt(schema, path)?.default !== undefined;
}

/** The checks that a removal clears, a line each. */
async function clearedBy(
  removals: readonly Change[],
  documents: Documents,
  chosen: readonly Rule[],
  before: Checks,
  answers?: Answers,
): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const removal of removals) {
    const without = edited(documents, [removal]);
    if (!isValid(without)) continue;
    const after = await checksIn(without, chosen, answers);
    const renamed = [...after].filter(([name]) => !before.has(name)).map(([, check]) => check);
    for (const [name, check] of before) {
      if (!isBlocking(check)) continue;
      const now = after.get(name) ?? after.get(`${ruleOf(name)} deployment:deployment`) ?? renamed.find(isBlocking);
      if (now !== undefined && isBlocking(now) && (closesGate(now) || !closesGate(check))) continue;
      // Without its VM a node is not deployed: reports count the checks that apply then.
      if (now?.awaits === "deployment" && fieldOf(removal.path) === "virtual_machines[]") continue;
      if (isStated(ruleOf(name), removal)) continue;
      const line = `without ${removal.document.kind} ${removal.path.join(".")}: ${name} ${check.verdict} (${check.severity})`;
      wrong.push(now === undefined ? `${line} is gone` : `${line} becomes ${now.verdict} (${now.severity})`);
    }
  }
  return wrong;
}

/** The items to remove for a rule: of the lists of inventories that it reads or the site is built from, the first and last of each kind. */
async function itemsFor(rule: Rule, documents: Documents): Promise<readonly Change[]> {
  const read = await readBy(rule, documents);
  return documents.inventories.flatMap((document) => {
    const items = keysIn(document.value)
      .filter((path) => Array.isArray(valueAt(document.value, path)))
      .filter((path) => read.has(keyOf(document, path)) || STRUCTURE.test(fieldOf(path)))
      .flatMap((path) => (valueAt(document.value, path) as readonly unknown[]).map((_, index) => [...path, index]));
    const samples = [items, items.toReversed()].flatMap((all) => [
      ...new Map(all.map((path) => [fieldOf(path), path])).values(),
    ]);
    return [...new Set(samples)].map((path): Change => ({ document, path, value: undefined }));
  });
}

/** Whether a check is about an item: something that it reports, or that relates to it, is inside. */
function isAbout({ findings, missing }: Weighed, { document, path }: Change): boolean {
  const item = document.locate(path);
  const locations = [
    ...findings.flatMap(({ location, related }) => [location, ...related.map((each) => each.location)]),
    ...missing.map(({ location }) => location),
  ];
  return locations.some(
    (location) =>
      isTextLocation(location) &&
      isTextLocation(item) &&
      location.path === item.path &&
      location.line >= item.line &&
      location.line <= item.end_line,
  );
}

let bases: readonly Documents[] = [];
let mistakes: Documents;

beforeAll(async () => {
  bases = await cleanDocuments();
  mistakes = await exampleDocuments("mistakes");
});

describe("a value that is removed", () => {
  it.each(STATIC.map((rule) => [rule.id, rule] as const))(
    "clears no failure of %s by a mutation",
    { timeout: 120_000 },
    async (_, rule) => {
      const wrong: string[] = [];
      for (const [number, mutation] of (rule.mutations ?? []).entries()) {
        for (const base of bases) {
          const changes = mutationChanges(rule, mutation, base, NOW);
          const [first] = changes;
          if (first === undefined) continue;
          const documents = edited(base, first);
          const before = await checksIn(documents, [rule]);
          if (![...before.values()].some(isBlocking)) continue;
          const removals = await removalsFor(rule, documents);
          for (const line of await clearedBy(removals, documents, [rule], before))
            wrong.push(`mutation ${number}: ${line}`);
          break;
        }
      }
      expect(wrong).toEqual([]);
    },
  );

  it.each(STATIC.map((rule) => [rule.id, rule] as const))(
    "clears no check of %s in the example with errors",
    { timeout: 120_000 },
    async (_, rule) => {
      const before = await checksIn(mistakes, [rule]);
      const removals = await removalsFor(rule, mistakes);
      expect(await clearedBy(removals, mistakes, [rule], before)).toEqual([]);
    },
  );
});

/*
 * An item that a check reports nothing of may decide it all the same: a VM on the host, a port group behind a network. What
 * is removed with it must leave a gap, and no pass. Of the item that has the error itself, this says nothing.
 */
describe("an item that is removed from a list", () => {
  it.each(STATIC.map((rule) => [rule.id, rule] as const))(
    "clears no failure of %s that is elsewhere",
    { timeout: 120_000 },
    async (_, rule) => {
      const wrong: string[] = [];
      const sites = (rule.mutations ?? []).flatMap((mutation) => {
        const found = bases.flatMap((base) => {
          const [changes] = mutationChanges(rule, mutation, base, NOW);
          return changes === undefined ? [] : [edited(base, changes)];
        });
        return found.slice(0, 1);
      });
      for (const documents of [...sites, mistakes]) {
        const before = await checksIn(documents, [rule]);
        if (![...before.values()].some(isBlocking)) continue;
        for (const removal of await itemsFor(rule, documents)) {
          if (SHORTER_LISTS[fieldOf(removal.path)] !== undefined) continue;
          const elsewhere = new Map([...before].filter(([, check]) => !isAbout(check, removal)));
          wrong.push(...(await clearedBy([removal], documents, [rule], elsewhere)));
        }
      }
      expect(wrong).toEqual([]);
    },
  );
});

describe("a live rule, on a network with an error", () => {
  it.each(LIVE.map((rule) => [rule.id, rule] as const))(
    "%s is not cleared by a query without an answer, nor by a value that is removed",
    { timeout: 120_000 },
    async (_, rule) => {
      const wrong: string[] = [];
      // With a node that is deployed automatically.
      const [, documents] = bases;
      if (documents === undefined) throw new Error("there is no example");
      const healthy = healthyNetwork(new Site(documents), NOW);
      const seen = new Set<string>();
      for (const fault of FAULTS) {
        const asked = new Map<string, Question>();
        const answers = (question: Question) => {
          asked.set(JSON.stringify(question), question);
          return faulty(healthy, fault)(question);
        };
        const before = await checksIn(documents, [rule], answers);
        const blocking = [...before].filter(([, check]) => isBlocking(check));
        if (blocking.length === 0 || ![...asked.values()].some(({ kind }) => kind === fault.kind)) continue;
        for (const key of asked.keys()) {
          const after = await checksIn(documents, [rule], (question) =>
            JSON.stringify(question) === key ? notAsked(question, "not-recorded", "here") : answers(question),
          );
          for (const [name, check] of blocking) {
            const now = after.get(name);
            if (now !== undefined && isBlocking(now) && (closesGate(now) || !closesGate(check))) continue;
            wrong.push(
              `${fault.what}, without ${key}: ${name} was ${check.verdict}, is ${now?.verdict} (${now?.severity})`,
            );
          }
        }
        // Removals take time: one network for each set of findings will do.
        const findings = blocking.flatMap(([, check]) => check.findings.map(({ message_id }) => message_id));
        const kind = [...new Set(findings)].sort().join();
        if (seen.has(kind)) continue;
        seen.add(kind);
        const removals = await removalsFor(rule, documents, answers);
        for (const line of await clearedBy(removals, documents, [rule], before, answers))
          wrong.push(`${fault.what}: ${line}`);
      }
      expect(seen.size, "no network with an error makes a check fail").toBeGreaterThan(0);
      expect(wrong).toEqual([]);
    },
  );
});

describe("a value that is removed from the clean example", () => {
  it.each(STATIC.map((rule) => [rule.id, rule] as const))(
    "makes no check of %s not applicable",
    { timeout: 120_000 },
    async (_, rule) => {
      const wrong: string[] = [];
      for (const base of bases) {
        const before = await checksIn(base, [rule]);
        const was = new Set([...before.values()].map(({ verdict }) => verdict));
        for (const removal of await removalsFor(rule, base)) {
          const without = edited(base, [removal]);
          if (!isValid(without)) continue;
          for (const [name, { verdict }] of await checksIn(without, [rule])) {
            const earlier = before.get(name)?.verdict;
            if (verdict !== "not-applicable" || earlier === verdict) continue;
            if (earlier === undefined && !was.has("pass")) continue;
            if (!isStated(rule.id, removal))
              wrong.push(
                `without ${removal.document.kind} ${removal.path.join(".")}: ${name} was ${earlier ?? "none"}`,
              );
          }
        }
      }
      expect(wrong).toEqual([]);
    },
  );

  it.each(NODE_LISTS)("fails the gate when it is %s", async (list) => {
    for (const base of bases) {
      const without = edited(base, [{ document: base.deployment, path: [list], value: undefined }]);
      const closing = [...(await checksIn(without, STATIC))].filter(([, check]) => closesGate(check));
      expect(closing.length).toBeGreaterThan(0);
    }
  });
});

describe("the meaningful absences", () => {
  it("are all met by this sweep", () => {
    const listed = Object.entries(ABSENCES).flatMap(([rule, fields]) =>
      Object.keys(fields).map((field) => `${rule} ${field}`),
    );
    expect(listed.filter((absence) => !used.has(absence))).toEqual([]);
  });
});
