import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isMap, isSeq, parseDocument } from "yaml";
import { rules } from "../../rules/index.generated.ts";
import { reportChecks } from "../../src/engine/evaluation/report-checks.ts";
import { evaluate } from "../../src/engine/evaluation/evaluate.ts";
import { Evidence } from "../../src/engine/evaluation/evidence.ts";
import { defaultOptions, plan } from "../../src/engine/evaluation/plan.ts";
import type { Check } from "../../src/schema/report.generated.ts";
import { isTextLocation, type Path } from "../../src/values/location.ts";
import { documentOf, siteWith } from "../support/documents.ts";
import { exampleCertificates } from "../support/example-certificates.ts";
import { REMOVED, type Seed, SEEDS } from "./seeds.ts";

const EXAMPLE = join(import.meta.dirname, "../../fixtures/example/clean");
const STATIC = rules.filter(({ live }) => live !== true);
const NOW = "2021-03-29";

const texts = {
  deployment: readFileSync(join(EXAMPLE, "deployment.yaml"), "utf8"),
  inventory: readFileSync(join(EXAMPLE, "inventory.json"), "utf8"),
};
type Kind = keyof typeof texts;

const files = {
  ...exampleCertificates,
  ...Object.fromEntries(
    readdirSync(join(EXAMPLE, "certs")).map((name) => [`certs/${name}`, readFileSync(join(EXAMPLE, "certs", name))]),
  ),
};

describe("a mistake in the clean example", () => {
  it("is what is sown here: there is none before", async () => {
    const verdicts = new Set((await judge(texts)).map(({ verdict }) => verdict));
    expect([...verdicts].sort()).toEqual(["not-applicable", "pass"]);
  });

  it.each(SEEDS.map((seed) => [nameOf(seed), seed] as const))("%s", async (_, seed) => {
    const seeded = { deployment: edited("deployment", seed), inventory: edited("inventory", seed) };
    const checks = await judge(seeded, seed.now);
    const failures = checks.filter(({ verdict }) => verdict === "fail" || verdict === "crashed");
    expect([...new Set(failures.map(({ rule }) => rule))].sort()).toEqual(
      [seed.rule, ...Object.keys(seed.also ?? {})].sort(),
    );
    const findings = failures.filter(({ rule }) => rule === seed.rule).flatMap(({ findings: found }) => found);
    const lines = findings.map(({ location }) =>
      isTextLocation(location) ? `${location.path}:${location.line}` : "nowhere",
    );
    expect([...new Set(lines)]).toEqual([await lineOf(seed, seeded)]);
  });

  it("is sown for every static rule", () => {
    const sown = new Set(SEEDS.map(({ rule }) => rule));
    expect(STATIC.map(({ id }) => id).filter((id) => !sown.has(id))).toEqual([]);
  });
});

function nameOf({ rule, deployment = {}, inventory = {} }: Seed): string {
  const edits = Object.entries({ ...deployment, ...inventory });
  return `${rule}: ${edits.map(([path, value]) => `${path} = ${value === REMOVED ? "nothing" : JSON.stringify(value)}`).join(", ")}`;
}

async function judge(seeded: Readonly<Record<Kind, string>>, now = NOW): Promise<readonly Check[]> {
  const site = await siteWith({ deployment: seeded.deployment, inventories: [seeded.inventory], files });
  const enabled = STATIC.map((rule) => ({ rule, severity: null, options: defaultOptions(rule), skip: null }));
  const evidence = new Evidence();
  const responder = () => Promise.reject(new Error("no server is asked"));
  const evaluated = await evaluate(plan(enabled, site), { site, now: Date.parse(now), responder, evidence });
  return reportChecks(evaluated, evidence).checks;
}

/** The text of one of the two files with the mistake in it. */
function edited(kind: Kind, seed: Seed): string {
  const document = parseDocument(texts[kind], { merge: true });
  const edits = Object.entries(seed[kind] ?? {}).map(([path, value]) => [pathIn(kind, path), value] as const);
  for (const [path, value] of edits) {
    if (value === REMOVED) document.deleteIn(path);
    else document.setIn(path, document.createNode(value));
  }
  return kind === "inventory" ? JSON.stringify(document, null, 2) : document.toString({ lineWidth: 0 });
}

const originals = { deployment: parseDocument(texts.deployment), inventory: parseDocument(texts.inventory) };

/** The path that keys, names and indices lead along in the example. `+` is the end of a list. */
function pathIn(kind: Kind, written: string): Path {
  const path: (string | number)[] = [];
  for (const step of written === "" ? [] : written.split("/")) {
    const parent = originals[kind].getIn(path, true);
    if (!isSeq(parent)) path.push(step);
    else if (step === "+") path.push(parent.items.length);
    else if (/^\d+$/.test(step)) path.push(Number(step));
    else {
      const index = parent.items.findIndex((item) => isMap(item) && item.get("name") === step);
      if (index < 0) throw new Error(`${kind} has no ${step} in ${path.join("/")}`);
      path.push(index);
    }
  }
  return path;
}

/** Where the rule is to point. */
async function lineOf({ deployment, inventory, at }: Seed, seeded: Readonly<Record<Kind, string>>): Promise<string> {
  const kind = (at ?? (deployment === undefined ? "inventory:" : "deployment:")).split(":")[0] as Kind;
  const path = at?.slice(kind.length + 1) ?? Object.keys(deployment ?? inventory ?? {})[0] ?? "";
  const location = (await documentOf(kind, seeded[kind])).locate(pathIn(kind, path));
  return isTextLocation(location) ? `${location.path}:${location.line}` : "nowhere";
}
