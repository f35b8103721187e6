import { mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { rules } from "../../../rules/index.generated.ts";
import type { Rule } from "../../../src/engine/api/rule.ts";
import { evaluate } from "../../../src/engine/evaluation/evaluate.ts";
import { Evidence } from "../../../src/engine/evaluation/evidence.ts";
import { defaultOptions, plan, Plan } from "../../../src/engine/evaluation/plan.ts";
import { isDeployment, isInventory } from "../../../src/input/validation/validators.generated.ts";
import { probe } from "../../../src/run/index.ts";
import type { WhyOptions } from "../../../src/run/options.ts";
import { why } from "../../../src/run/proof/why.ts";
import type { Explanation } from "../../../src/schema/proof/explanation.generated.ts";
import { explanationSchema } from "../../../src/schema/proof/explanation.schema.ts";
import { Site } from "../../../src/site/site.ts";
import { type Path, pathText } from "../../../src/values/location.ts";
import { PreflightErrors } from "../../../src/values/preflight-error.ts";
import { EXAMPLE, ROOT } from "../../cli/program.ts";
import { type Change, type Documents, edited, exampleDocuments, valueAt } from "../../support/edited-documents.ts";
import { checksOn, subjectOf } from "../../support/mutated.ts";

const CLEAN = join(EXAMPLE, "clean");
const NOW = Date.parse("2026-11-22T08:00:00Z");
const STATIC: readonly Rule[] = rules.filter(({ live }) => live !== true);

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "preflight-why-")));
});
afterEach(() => rm(folder, { recursive: true }));

async function explained(rule: string, subject: string, options: Partial<WhyOptions> = {}): Promise<Explanation> {
  const { explanation, inputs } = await why({
    ...{ deployment: join(CLEAN, "deployment.yaml"), inventories: [join(CLEAN, "inventory.json")], cwd: CLEAN },
    ...{ severities: [], now: NOW, config: false, rule, subject },
    ...options,
  });
  if (explanation === null) throw new Error(inputs.errors.map(({ message }) => message).join("\n"));
  return explanation;
}

/** mulberry32: the same numbers in every run. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function sample<T>(items: readonly T[], count: number, random: () => number): readonly T[] {
  const left = [...items];
  return Array.from({ length: Math.min(count, left.length) }, () =>
    left.splice(Math.floor(random() * left.length), 1),
  ).flat();
}

/** Every key of records, and item of lists, with its path. */
function pathsIn(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const own = [...path, Array.isArray(value) ? Number(key) : key];
    return [own, ...pathsIn(inner, own)];
  });
}

const isValid = ({ deployment, inventories }: Documents) =>
  isDeployment(deployment.value) && inventories.every(({ value }) => isInventory(value));

/** The verdict of one check, evaluated apart from what is tested; null when documents or subject are no longer there. */
async function verdictOf(documents: Documents, rule: Rule, subject: string): Promise<string | null> {
  if (!isValid(documents)) return null;
  const site = new Site(documents);
  const enabled = { rule, severity: null, options: defaultOptions(rule), skip: null };
  const groups = plan([enabled], site).groups.map((group) => {
    return { ...group, subjects: group.subjects.filter((each) => `${each.kind}:${each.name}` === subject) };
  });
  const responder = () => Promise.reject(new Error("no server is queried"));
  const { outcomes } = await evaluate(new Plan(groups), { site, now: NOW, responder, evidence: new Evidence() });
  return outcomes[0]?.verdict ?? null;
}

describe("fifty passed checks of the example", () => {
  let documents: Documents;
  let passes: readonly { readonly rule: Rule; readonly subject: string }[];
  beforeAll(async () => {
    documents = await exampleDocuments("clean");
    const checks = await checksOn(new Site(documents), NOW, STATIC);
    const passed = checks.filter(({ verdict }) => verdict === "pass");
    passes = sample(passed, 50, randomNumbers(2026)).flatMap((check) => {
      const rule = STATIC.find(({ id }) => id === check.rule);
      return rule === undefined ? [] : [{ rule, subject: subjectOf(check) }];
    });
  });

  it(
    "change their verdict with each value that is listed as decisive, with no other that is listed, and list all that do",
    { timeout: 300_000 },
    async () => {
      const random = randomNumbers(25);
      const wrong: string[] = [];
      let [decisive, harmless] = [0, 0];
      for (const { rule, subject } of passes) {
        const { values, check } = await explained(rule.id, subject);
        expect(check.verdict).toBe("pass");
        const all = [documents.deployment, ...documents.inventories].flatMap((document) =>
          pathsIn(document.value).map((path) => ({ document, path })),
        );
        const placeOf = (file: string, text: string) =>
          all.find(({ document, path }) => document.path.endsWith(file) && pathText(path) === text);
        const after = async (change: Change) => verdictOf(edited(documents, [change]), rule, subject);
        for (const { file, path, removed, changed } of values) {
          const place = placeOf(file, path);
          if (place === undefined) continue;
          if (removed !== null && (await after({ ...place, value: undefined })) !== removed.verdict) {
            wrong.push(`${rule.id} ${subject} without ${path}`);
          }
          if (
            changed !== null &&
            (await after({ ...place, value: JSON.parse(changed.to) as unknown })) !== changed.verdict
          ) {
            wrong.push(`${rule.id} ${subject} with ${path} = ${changed.to}`);
          }
          if (removed !== null || changed !== null) decisive++;
        }
        // A value that is listed as not decisive may have any value that the same field has elsewhere.
        for (const { file, path, value } of sample(
          values.filter((each) => each.decisive === false && each.value !== null),
          3,
          random,
        )) {
          const place = placeOf(file, path);
          if (place === undefined) continue;
          const field = place.path.findLast((step) => typeof step === "string");
          const same = all.filter(
            ({ path: other }) => other.at(-1) === place.path.at(-1) && other.includes(field ?? ""),
          );
          const others = new Set(
            same.map(({ document, path: other }) => JSON.stringify(valueAt(document.value, other))),
          );
          others.delete(value ?? "");
          for (const other of sample([...others], 2, random)) {
            const verdict = await after({ ...place, value: JSON.parse(other) as unknown });
            if (verdict !== null && verdict !== "pass") wrong.push(`${rule.id} ${subject} with ${path} = ${other}`);
            harmless++;
          }
        }
        // A value that is not listed, or listed as not decisive, may be removed.
        const listed = values.map(({ path, decisive: decides }) => ({ path, decides }));
        for (const { document, path } of sample(all, 50, random)) {
          const text = pathText(path);
          const verdict = await after({ document, path, value: undefined });
          const covered = listed.some(
            (value) => value.decides === true && (value.path.startsWith(text) || text.startsWith(value.path)),
          );
          if (verdict !== null && verdict !== "pass" && !covered)
            wrong.push(`${rule.id} ${subject}: ${text} is not listed (${verdict})`);
        }
      }
      expect(wrong).toEqual([]);
      expect(decisive).toBeGreaterThan(100);
      expect(harmless).toBeGreaterThan(60);
    },
  );
});

describe("an explanation", () => {
  it("has the value, its source location, the limit in the rule's words, and the line of the guide", async () => {
    const page = await readFile(join(ROOT, "docs/rules/vm/hardware-version-avx2.md"), "utf8");
    const found = await explained("vm/hardware-version-avx2", "node:oslo-conf01", { pageOf: () => page });
    expect(found.requirement.quote).toBe("AVX2 instruction set requires ESXi 6.0+ and VM hardware version 11+");
    const version = found.values.find(({ path }) => path === "virtual_machines[1].hardware_version");
    expect(version).toMatchObject({
      ...{ value: "15", decisive: true, request: "hardware_version of virtual-machine pexip-conf01" },
      ...{ removed: { verdict: "inconclusive" }, changed: { to: "10", verdict: "fail" } },
      location: { path: "inventory.json", line: expect.any(Number) as number },
    });
    expect(found.counterexamples[0]?.message).toMatch(/^Hardware version 10 of node oslo-conf01 hides AVX2/);
  });

  it("has the rows of the facts tables that were read, with their sources", async () => {
    const { facts } = await explained("vm/hardware-version-avx2", "oslo-conf01");
    expect(facts).toContainEqual({
      ...{ table: "newest hardware version by ESXi release", key: "6.7 update 3", value: "15", confirmed: true },
      source: expect.stringContaining("Vm.Hardware.Version") as string,
    });
    expect(facts).toContainEqual({
      ...{ table: "hardware version by CPU feature", key: "avx2", value: '{"esxi":[6,0],"least":11}', confirmed: true },
      source: "VMware Installation Guide v25, L236, L237",
    });
  });

  it("has those of services, privileges, updates of ESXi and version profiles too", async () => {
    const has = async (rule: string, subject: string, options: Partial<WhyOptions> = {}) =>
      (await explained(rule, subject, options)).facts.map(({ table, key, value }) => `${table}: ${key} = ${value}`);
    expect(await has("dns/srv-record", "vc.example.com/_sip._tcp")).toContain("ports of SRV records: _sip._tcp = 5060");
    expect(await has("platform/esxi-supported-version", "esxi01.example.com")).toContain(
      'version profile v25: esxi = ["5.x","6.x"]',
    );
    const files = { deployment: join(folder, "deployment.yaml"), inventories: [join(folder, "inventory.yaml")] };
    await writeFile(
      files.deployment,
      `platform: { version: "25" }
vm_manager: { address: vcenter.example.com, type: vcenter, account: 'example\\deploy' }
conferencing_nodes: [{ name: a, hostname: a, deployment_type: AUTOMATIC, vm: { host: esxi01 } }]
`,
    );
    await writeFile(
      files.inventories[0] ?? "",
      `permissions: [{ principal: 'EXAMPLE\\deploy', entity: Datacenters, entity_type: Folder, role: x, propagate: true, privileges: [VApp.Import] }]
hosts: [{ name: esxi01, version: 6.7.0, build: "14320388" }]
`,
    );
    expect(await has("access/vsphere-privileges", "example\\deploy", files)).toContain(
      'privileges for automatic deployment: VApp.Import = "vApp > Import"',
    );
    expect(await has("platform/esxi-supported-version", "esxi01", files)).toContain(
      "updates of ESXi 6.7 by build: 14320388 = 3",
    );
  });

  it("has the options that the rule read, and that it compares with the time", async () => {
    const found = await explained("inventory/age", "inventory.json");
    expect(found.reads_time).toBe(true);
    expect(found.options.map(({ name, value, default: standard }) => [name, value === standard])).toEqual(
      Object.keys(rules.find(({ id }) => id === "inventory/age")?.options ?? {}).map((name) => [name, true]),
    );
  });

  it("matches its schema, for a pass, a failure and a check without a subject", async () => {
    const validate = new Ajv({ allowUnionTypes: true }).compile(explanationSchema);
    const mistakes = {
      deployment: join(EXAMPLE, "mistakes/deployment.yaml"),
      inventories: [join(EXAMPLE, "mistakes/inventory.json")],
    };
    for (const one of [
      await explained("network/mtu-range", "location:Oslo"),
      await explained("vm/memory-multiple-of-4", "node:oslo-conf01", mistakes),
      await explained("access/vsphere-privileges", "deployment"),
      await explained("dns/srv-record", "vc.example.com/_sip._tcp"),
    ]) {
      validate(JSON.parse(JSON.stringify(one)));
      expect(validate.errors).toBeNull();
    }
  });

  it("of an inconclusive check has the fewest values that decide it", async () => {
    const text = await readFile(join(CLEAN, "inventory.json"), "utf8");
    const inventory = JSON.parse(text) as { virtual_machines: Record<string, unknown>[] };
    for (const key of ["hardware_version", "cpus", "memory_mb"]) delete inventory.virtual_machines[1]?.[key];
    const path = join(folder, "inventory.json");
    await writeFile(path, JSON.stringify(inventory));
    const lackedBy = async (rule: string) => {
      const { check, would_decide } = await explained(rule, "node:oslo-conf01", { inventories: [path] });
      expect(check.verdict).toBe("inconclusive");
      return would_decide.map(({ what }) => what);
    };
    expect(await lackedBy("vm/hardware-version-minimum")).toEqual([
      "virtual_machines.hardware_version is not in the inventory",
    ]);
    // The check reports only the first one: it ends there.
    expect(await lackedBy("vm/memory-per-vcpu")).toEqual([
      "virtual_machines.cpus is not in the inventory",
      "virtual_machines.memory_mb is not in the inventory",
    ]);
  });
});

describe("a live check", () => {
  it("lists the queries that would be sent, and has no verdict of its own", async () => {
    const found = await explained("time/ntp-reachable", "ntp1.vc.example.com");
    expect(found.check).toMatchObject({ verdict: "inconclusive", findings: [] });
    expect(found.queries.map(({ question }) => question.kind)).toEqual(["dns", "dns", "dns", "dns", "ntp"]);
    expect(found.queries.every(({ answer }) => answer === null)).toBe(true);
  });

  it("has the recorded answers with evidence", async () => {
    await writeFile(
      join(folder, "deployment.yaml"),
      "ntp_servers: ['127.0.0.1:9']\nmanagement_node: { name: m, hostname: m }\n",
    );
    const files = { deployment: "deployment.yaml", inventories: [], cwd: folder };
    const { evidence } = await probe({
      ...files,
      allowProbe: ["127.0.0.0/8"],
      probe: { timeout_ms: 200, retries: 0 },
      config: false,
    });
    await writeFile(join(folder, "evidence.json"), JSON.stringify(evidence));
    const found = await explained("time/ntp-reachable", "127.0.0.1:9", {
      ...files,
      evidence: ["evidence.json"],
      now: Date.now(),
    });
    expect(found.check.verdict).toBe("fail");
    expect(found.queries).toMatchObject([
      { question: { kind: "ntp" }, answer: { status: "no-answer", from: "local" } },
    ]);
  });
});

describe("what cannot be explained", () => {
  const errorOf = async (rule: string, subject: string) =>
    explained(rule, subject).then(
      () => [],
      (thrown: unknown) =>
        thrown instanceof PreflightErrors ? thrown.errors.map(({ message, hint }) => [message, hint]) : [thrown],
    );

  it.each([
    ["network/mtu-rang", "location:Oslo", 'There is no rule "network/mtu-rang".', "did you mean network/mtu-range?"],
    [
      "network/mtu-range",
      "location:Olso",
      '"location:Olso" is not a subject of rule network/mtu-range.',
      "did you mean location:Oslo?",
    ],
    [
      "vm/thick-disk",
      "node:oslo-conf99",
      '"node:oslo-conf99" is not a subject of rule vm/thick-disk.',
      "did you mean node:oslo-conf01?",
    ],
  ])("%s %s is refused with what was probably meant", async (rule, subject, message, hint) => {
    expect(await errorOf(rule, subject)).toEqual([[message, hint]]);
  });

  it("lists the subjects if none is similar", async () => {
    const [[, hint] = []] = (await errorOf("network/mtu-range", "zzzzzzzz")) as readonly (readonly string[])[];
    expect(hint).toMatch(/^its subjects are location:Oslo, /);
  });
});
