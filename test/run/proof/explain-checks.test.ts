import { join } from "node:path";
import { Ajv } from "ajv";
import { beforeAll, describe, expect, it } from "vitest";
import { checkWithBasis, type ResultWithBasis } from "../../../src/run/check.ts";
import { check, explain as explainResult } from "../../../src/run/index.ts";
import { explainedReport } from "../../../src/run/proof/explain-checks.ts";
import { documentsOf } from "../../../src/run/proof/edited-sources.ts";
import { evaluateOne, groupOf, idOf } from "../../../src/run/proof/evaluate-rule.ts";
import { isField } from "../../../src/run/proof/other-values.ts";
import { Recording } from "../../../src/run/proof/recording.ts";
import { reportSchema } from "../../../src/schema/report.schema.ts";
import type { Check, RunReport } from "../../../src/schema/report.generated.ts";
import { pathText } from "../../../src/values/location.ts";
import { EXAMPLE, preflight } from "../../cli/program.ts";

const NOW = Date.parse("2026-11-22T08:00:00Z");
const NO_PAGE = () => null;

const checked = (name: "clean" | "mistakes") =>
  checkWithBasis({
    ...{ deployment: "deployment.yaml", inventories: ["inventory.json"], cwd: join(EXAMPLE, name), config: false },
    ...{ live: false, only: [], severities: [], now: NOW, waivers: false },
  });

let clean: ResultWithBasis;
let mistakes: ResultWithBasis;
beforeAll(async () => {
  clean = await checked("clean");
  mistakes = await checked("mistakes");
});

const explain = ({ report, basis }: ResultWithBasis, which: "failures" | "all") =>
  explainedReport(report, basis, { which, pageOf: NO_PAGE });
const withoutReads = ({ checks }: RunReport) => checks.map((check) => ({ ...check, explanation: undefined }));

describe("what checks read", () => {
  it("is what each reads when it is evaluated separately, for every check with a complete list", async () => {
    const { basis } = clean;
    if (basis === null) throw new Error("the example cannot be read");
    const { origin, enabled, systemResolvers, now } = basis;
    const documents = documentsOf(origin.sources);
    const responder = () => Promise.reject(new Error("no server is queried"));
    const wrong: string[] = [];
    let compared = 0;
    for (const { rule, subject, explanation } of (await explain(clean, "all")).checks) {
      const own = enabled.find((each) => each.rule.id === rule);
      if (own === undefined || explanation?.has_more_values !== false) continue;
      const recording = new Recording();
      const site = origin.siteFrom(recording.watch(origin.sources), systemResolvers);
      const group = groupOf(site, own, subject);
      if (group === null || group.noSubject !== null) continue;
      await recording.evaluating(() => evaluateOne(site, recording.watchRule(group), { now, responder }));
      const listed = new Set(explanation.values.map(({ file, path }) => `${file} ${path}`));
      const read = recording.values.filter(
        ({ file, path, value, request, isLinked }) =>
          !isLinked && (value !== undefined || (request !== null && isField(documents.get(file), path))),
      );
      const missing = read.filter(({ file, path }) => !listed.has(`${file} ${pathText(path)}`));
      if (missing.length > 0)
        wrong.push(`${rule} ${idOf(subject)}: ${missing.map(({ path }) => pathText(path)).join(", ")}`);
      const facts = new Set(explanation.facts.map(({ table, key }) => `${table} ${key}`));
      for (const { table, key } of recording.facts)
        if (!facts.has(`${table} ${key}`)) wrong.push(`${rule}: ${table} ${key}`);
      expect(explanation.options.map(({ name }) => name).sort()).toEqual([...recording.options].sort());
      expect(explanation.reads_time).toBe(recording.readsTime);
      compared++;
    }
    expect(wrong).toEqual([]);
    expect(compared).toBeGreaterThan(200);
  });

  it("has values with source locations, the requests, and rows of tables", async () => {
    const { checks } = await explain(mistakes, "failures");
    const found = checks.find(({ rule, verdict }) => rule === "vm/hardware-version-avx2" && verdict === "fail");
    expect(found?.explanation?.values).toContainEqual({
      ...{ file: "inventory.json", path: "virtual_machines[2].hardware_version", value: "10" },
      request: "hardware_version of virtual-machine pexip-conf02",
      location: expect.objectContaining({ path: "inventory.json", line: 971 }) as unknown,
    });
    expect(found?.explanation?.facts).toContainEqual(
      expect.objectContaining({ table: "hardware version by CPU feature", key: "avx2", confirmed: true }),
    );
  });

  it("is of the checks that did not pass, or of all that were evaluated, and changes nothing else", async () => {
    const verdicts = (found: readonly Check[]) =>
      [...new Set(found.flatMap(({ verdict, explanation }) => (explanation === undefined ? [] : [verdict])))].sort();
    const failures = await explain(mistakes, "failures");
    const all = await explain(mistakes, "all");
    expect(verdicts([...failures.checks])).toEqual(["fail", "inconclusive"]);
    expect(verdicts([...all.checks])).toEqual(["fail", "inconclusive", "not-applicable", "pass"]);
    for (const report of [failures, all]) expect(withoutReads(report)).toEqual(withoutReads(mistakes.report));
    const validate = new Ajv({ allowUnionTypes: true }).compile(reportSchema);
    validate(JSON.parse(JSON.stringify(all)));
    expect(validate.errors).toBeNull();
  });
});

describe("explain of the Node API", () => {
  it("adds reads to the report of a result, and to none of an unknown result", async () => {
    const result = await check({
      ...{ deployment: "deployment.yaml", inventories: ["inventory.json"], cwd: join(EXAMPLE, "clean") },
      ...{ config: false, live: false, only: ["vm/thick-disk"], now: NOW },
    });
    const { checks } = await explainResult(result);
    const passed = checks.filter(({ verdict }) => verdict === "pass");
    expect(passed.length).toBeGreaterThan(0);
    expect(passed.every(({ explanation }) => explanation !== undefined)).toBe(true);
    expect(result.report.checks.some(({ explanation }) => explanation !== undefined)).toBe(false);
    const copy = { ...result };
    expect((await explainResult(copy)).checks.some(({ explanation }) => explanation !== undefined)).toBe(false);
  });
});

describe("preflight check --explain", () => {
  const folder = join(EXAMPLE, "mistakes");
  const args = ["deployment.yaml", "-i", "inventory.json", "--no-config", "--no-live", "--now", "2026-11-22T08:00:00Z"];

  it("adds them to the JSON report, with the line of the guide, and to HTML for checks that passed", async () => {
    const { stdout } = await preflight([...args, "--only", "vm/hardware-version-*", "--explain", "-f", "json"], {
      cwd: folder,
    });
    const { checks, rules } = JSON.parse(stdout) as RunReport;
    expect(
      [...checks].filter(({ verdict }) => verdict === "pass").every(({ explanation }) => explanation !== undefined),
    ).toBe(true);
    expect(rules.find(({ id }) => id === "vm/hardware-version-avx2")?.quote).toMatch(/^AVX2 instruction set requires/);
    const plain = await preflight([...args, "--only", "vm/hardware-version-*", "-f", "json"], { cwd: folder });
    expect(plain.stdout).not.toContain('"explanation"');

    const html = async (...more: string[]) =>
      (
        await preflight([...args, "--only", "vm/hardware-version-*", "-f", "html", ...more], { cwd: folder })
      ).stdout.replaceAll("<wbr/>", "");
    const failed = await html();
    expect(failed.match(/<summary>What was read/g)?.length).toBeGreaterThan(0);
    expect(failed).toContain("virtual_machines[2].hardware_version</code> = <code>10</code>");
    expect(failed).not.toContain("<summary>What was read: <code>vm/hardware-version-minimum");
    expect(await html("--explain")).toContain("<summary>What was read: <code>vm/hardware-version-minimum");
  });

  it("is rejected if no requested report can contain them", async () => {
    const { exitCode, stderr } = await preflight([...args, "--explain"], { cwd: folder });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("--explain applies to JSON and HTML reports")]);
  });
});
