import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { selftest } from "../../../src/run/proof/selftest.ts";
import type { SelftestOptions } from "../../../src/run/options.ts";
import type { SelfTest, TestedRule } from "../../../src/schema/proof/selftest.generated.ts";
import { selftestSchema } from "../../../src/schema/proof/selftest.schema.ts";
import { generateSite } from "../../../bench/generate.ts";
import { EXAMPLE, ROOT } from "../../cli/program.ts";

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "preflight-selftest-")));
});
afterEach(() => rm(folder, { recursive: true }));

const CLEAN = join(EXAMPLE, "clean");

async function tested(options: Partial<SelftestOptions> = {}): Promise<SelfTest> {
  const { selftest: found, inputs } = await selftest({
    ...{ deployment: join(CLEAN, "deployment.yaml"), inventories: [join(CLEAN, "inventory.json")], cwd: ROOT },
    ...{ only: [], severities: [], live: true, now: Date.parse("2026-11-22T08:00:00Z"), config: false },
    ...options,
  });
  if (found === null) throw new Error(inputs.errors.map(({ message }) => message).join("\n"));
  return found;
}

const resultOf = ({ rules }: SelfTest, id: string): TestedRule | undefined => rules.find(({ rule }) => rule === id);

/** A plugin of one file with these rules, and a config that names it. */
async function plugin(rules: string): Promise<string> {
  await writeFile(
    join(folder, "plugin.mjs"),
    `export default { meta: { name: "lab", version: "1.0.0" }, rules: [${rules}] };\n`,
  );
  const config = join(folder, "preflight.config.yaml");
  await writeFile(config, "plugins: [./plugin.mjs]\n");
  return config;
}

const rule = (name: string, more: string) => `{
  id: "lab/${name}", title: "Require ${name}", severity: "error", since: "1.0.0", subject: "node",
  source: { document: "house rules", section: "1", wording: "must" },
  messages: { wrong: "Node {{node}} is wrong." }, remediation: "Fix it.", ${more}
}`;
const EDIT = "mutations: [{ edit: (node) => [{ sourceRef: node.sourceRefOf('hostname'), value: 'changed' }] }]";

describe("a self-test of the example", () => {
  it("has a failure for every rule that applies", async () => {
    const found = await tested();
    expect(found.rules.filter(({ result }) => result === "silent")).toEqual([]);
    expect(found.passed).toBe(true);
    // Those that are about automatic deployment, IPv6, NUMA and only_hosts, which the example does not have.
    const others = found.rules.filter(({ result }) => result !== "fails");
    expect(others.map(({ reason }) => reason).filter((reason) => !reason?.startsWith("it does not apply: "))).toEqual(
      [],
    );
    expect(found.summary.fails).toBe(found.rules.length - others.length);
    expect(others.length).toBeLessThan(12);
  });

  it("has live rules fail by answers of a network with a fault", async () => {
    const found = await tested({ only: ["time/*", "dns/*"] });
    const live = found.rules.filter((each) => each.live && each.result === "fails");
    expect(live.map(({ rule: id }) => id)).toEqual(
      expect.arrayContaining(["time/ntp-reachable", "time/ntp-agreement", "dns/srv-record", "dns/servers-agree"]),
    );
    const reachable = resultOf(found, "time/ntp-reachable");
    expect(reachable?.tests.map(({ error, verdict, changes }) => [error, verdict, changes])).toContainEqual([
      "no NTP server answers",
      "fail",
      [],
    ]);
  });

  it("shows the value that was changed with its source location, and the finding of the rule", async () => {
    const found = resultOf(await tested({ only: ["network/mtu-range"] }), "network/mtu-range");
    expect(found).toMatchObject({
      result: "fails",
      subject: { kind: "location", name: "Oslo" },
      tests: [
        {
          changes: [
            { path: "system_locations[0].mtu", value: "1501", location: { line: expect.any(Number) as number } },
          ],
          verdict: "fail",
          severity: "error",
          message: "MTU 1501 of location Oslo is outside the range that Pexip Infinity supports, 512 to 1500.",
        },
      ],
    });
  });

  it("lists rules that are off or not chosen, with who decided that", async () => {
    const found = await tested({ severities: ["vm/thick-disk: off"], only: ["vm/*"], live: false });
    expect(resultOf(found, "vm/thick-disk")).toMatchObject({
      result: "not-exercised",
      reason: "the rule is off (--rule)",
    });
    expect(resultOf(found, "network/mtu-range")).toMatchObject({
      result: "not-exercised",
      reason: "not selected by --only",
    });
  });

  it("reports that a waiver keeps a failure from the gate", async () => {
    const waivers = join(folder, "preflight.waivers.yaml");
    const entry =
      "{ rule: network/mtu-range, subject: 'location:Oslo', reason: Agreed, owner: VC, expires: 2027-01-31 }";
    await writeFile(waivers, `waivers: [${entry}]\n`);
    const found = await tested({ only: ["network/mtu-range"], waivers });
    expect(resultOf(found, "network/mtu-range")?.tests).toMatchObject([{ verdict: "fail", waived: true }]);
    expect(found.summary.waived).toBe(1);
  });

  it("matches its schema", async () => {
    const validate = new Ajv({ allowUnionTypes: true }).compile(selftestSchema);
    validate(JSON.parse(JSON.stringify(await tested())));
    expect(validate.errors).toBeNull();
  });
});

describe("rules of a plugin", () => {
  it("fail by their own mutations, do not fail, or declare none", async () => {
    const config = await plugin(
      [
        rule(
          "works",
          `${EDIT}, check: (node, { need, fail }) => { if (need(node, "hostname") === "changed") fail("wrong", { at: [node], data: { node: node.name } }); }`,
        ),
        rule("silent", `${EDIT}, check: () => undefined`),
        rule("bare", "check: () => undefined"),
        rule("unfit", "mutations: [{ edit: () => null }], check: () => undefined"),
      ].join(", "),
    );
    const found = await tested({ config, only: ["lab/*"] });
    expect(
      found.rules
        .filter(({ rule: id }) => id.startsWith("lab/"))
        .map(({ rule: id, result, reason }) => [id, result, reason]),
    ).toEqual([
      ["lab/works", "fails", null],
      ["lab/silent", "silent", "the check is pass in spite of the error"],
      ["lab/bare", "not-exercised", "the rule declares no errors (mutations)"],
      ["lab/unfit", "not-exercised", "1 declared error, none of which fits this deployment"],
    ]);
    expect(found.passed).toBe(false);
  });

  it("are reported if no network fault makes a live rule fail", async () => {
    const ask = `query([{ kind: "tcp", address: "192.0.2.1", port: 443 }])`;
    const found = await tested({
      config: await plugin(
        [
          rule("deaf", `live: true, check: (node, { query }) => { ${ask}; }`),
          rule(
            "hears",
            `live: true, check: (node, { query, fail }) => { if (${ask}[0].reason !== "open") fail("wrong", { at: [node], data: { node: node.name } }); }`,
          ),
          rule("mute", "live: true, check: () => undefined"),
        ].join(", "),
      ),
      only: ["lab/*"],
    });
    expect(resultOf(found, "lab/deaf")).toMatchObject({
      result: "silent",
      reason: "it passes with each network fault that was tried (1)",
    });
    expect(resultOf(found, "lab/hears")).toMatchObject({ result: "fails" });
    expect(resultOf(found, "lab/mute")).toMatchObject({
      result: "not-exercised",
      reason: "its checks send no query on this deployment",
    });
  });

  it("are not reported if an option was changed on purpose", async () => {
    const config = await plugin(
      rule(
        "limit",
        `options: { name: { type: "string", default: "changed", description: "A name that is wrong." } }, ${EDIT},
         check: (node, { need, fail, options }) => { if (need(node, "hostname") === options.name) fail("wrong", { at: [node], data: { node: node.name } }); }`,
      ),
    );
    await writeFile(
      config,
      "plugins: [./plugin.mjs]\nrules: { lab/limit: { severity: error, options: { name: other } } }\n",
    );
    const found = await tested({ config, only: ["lab/*"] });
    expect(resultOf(found, "lab/limit")).toMatchObject({
      result: "not-exercised",
      reason: 'the declared error is one under the default options only: name is "other", not "changed"',
    });
    expect(found.passed).toBe(true);
  });
});

describe("a self-test of another estate", () => {
  it("has a failure for every rule with a hundred nodes", async () => {
    const site = generateSite(100);
    await writeFile(join(folder, "deployment.yaml"), site.deployment);
    await writeFile(join(folder, "inventory.json"), site.inventory);
    const found = await tested({ deployment: "deployment.yaml", inventories: ["inventory.json"], cwd: folder });
    expect(found.rules.filter(({ result }) => result === "silent")).toEqual([]);
    expect(found.summary.fails).toBeGreaterThan(80);
  });

  it("has a failure for every rule in the example with errors, and counts previous failures", async () => {
    const mistakes = join(EXAMPLE, "mistakes");
    const found = await tested({
      deployment: join(mistakes, "deployment.yaml"),
      inventories: [join(mistakes, "inventory.json")],
    });
    expect(found.rules.filter(({ result }) => result === "silent")).toEqual([]);
    const reasons = found.rules.flatMap(({ reason }) => reason ?? []);
    expect(reasons.some((reason) => reason.startsWith("no check of it passes before the error is inserted: "))).toBe(
      true,
    );
  });
});
