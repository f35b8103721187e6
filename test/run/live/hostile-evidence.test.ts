import fc from "fast-check";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { evaluate } from "../../../src/engine/evaluation/evaluate.ts";
import { Evidence } from "../../../src/engine/evaluation/evidence.ts";
import { plan } from "../../../src/engine/evaluation/plan.ts";
import { reportChecks } from "../../../src/engine/evaluation/report-checks.ts";
import { replay } from "../../../src/probe/replay.ts";
import { readRun } from "../../../src/run/read-run.ts";
import type { RecordedAnswer } from "../../../src/schema/question.generated.ts";
import { type Answer, type Question, questionKey } from "../../../src/engine/api/question.ts";
import { questionDefinitions } from "../../../src/schema/question.schema.ts";
import { rules } from "../../../src/run/index.ts";

const CLEAN = join(import.meta.dirname, "../..", "..", "fixtures", "example", "clean");
const NOW = Date.UTC(2026, 10, 22, 12);
const LIVE = rules.flatMap((rule: { id: string; live?: true }) => (rule.live === true ? [rule.id] : []));

/** Text with hostile content. */
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.constantFrom(
    "",
    ".",
    "__proto__",
    "constructor",
    "\u001b[2J",
    "\u202e",
    "\ufffe\uffff",
    "{{name}}",
    "a".repeat(2000),
    "é.example",
  ),
  fc.constantFrom("10.44.0.21", "127.0.0.1", "::1", "fe80::1%eth0", "999.1.1.1", "ntp1.vc.example.com", "conf01"),
);
const number = fc.constantFrom(0, 1, -1, 0.5, 1e-300, 1e300, -1e300, 2 ** 53, 65_536);
const count = fc.constantFrom(0, 1, 5061, 65_536, 2 ** 53);
const date = fc.oneof(
  text,
  fc.constantFrom("2026-11-22T11:59:00.000Z", "9999-12-31T23:59:59Z", "1970-01-01T00:00:00Z"),
);

const record = fc.oneof(
  fc.record({ type: fc.constantFrom("A", "AAAA"), name: text, ttl: count, address: text }),
  fc.record({
    type: fc.constant("SRV"),
    name: text,
    ttl: count,
    priority: count,
    weight: count,
    port: count,
    target: text,
  }),
  fc.record({ type: fc.constantFrom("CNAME", "PTR", "NS", "DNAME"), name: text, ttl: count, target: text }),
  fc.record({ type: fc.constant("SOA"), name: text, ttl: count, mname: text }),
);
const reply = fc.record({
  leap: fc.constantFrom(0, 1, 2, 3),
  version: number,
  stratum: number,
  precision: number,
  root_delay_ms: number,
  root_dispersion_ms: number,
  refid: text,
  kiss_code: fc.option(text),
  offset_ms: fc.option(number),
  delay_ms: fc.option(number),
});
const certificate = fc.record({
  subject: text,
  issuer: text,
  not_before: fc.option(date),
  not_after: fc.option(date),
  dns_names: fc.array(text, { maxLength: 3 }),
  ip_addresses: fc.array(text, { maxLength: 3 }),
  self_signed: fc.boolean(),
});
const problems = fc.subarray(["expired", "not-yet-valid", "name-mismatch", "incomplete-chain", "untrusted"]);

/** Whatever the evidence schema lets an answer of the kind be, however little its parts fit together. */
function answerOf(kind: Question["kind"]): fc.Arbitrary<Answer> {
  const definition = questionDefinitions[`${kind}_answer`] as { properties: { reason: { enum: readonly string[] } } };
  const base = {
    kind: fc.constant(kind),
    status: fc.constantFrom("answered", "no-answer", "not-asked"),
    reason: fc.constantFrom(...definition.properties.reason.enum),
    attempts: fc.array(fc.record({ transport: fc.constantFrom("udp", "tcp"), duration_ms: number, result: text }), {
      maxLength: 2,
    }),
    started_at: date,
    duration_ms: number,
    from: text,
  };
  const own = {
    dns: {
      records: fc.array(record, { maxLength: 4 }),
      chain: fc.array(text, { maxLength: 3 }),
      authoritative: fc.boolean(),
      bogus: count,
    },
    ntp: { reply: fc.option(reply), bogus: count },
    tcp: {},
    tls: {
      problems,
      certificate: fc.option(certificate),
      protocol: fc.option(text),
      chain: fc.array(text, { maxLength: 2 }),
      detail: fc.option(text),
    },
    vsphere: {
      http_status: fc.option(number),
      api_version: fc.option(text),
      about: fc.option(fc.record({ api_type: fc.option(text), version: fc.option(text), build: fc.option(text) })),
    },
  }[kind];
  return fc.record({ ...base, ...own }) as unknown as fc.Arbitrary<Answer>;
}

describe("evidence that no server would give", () => {
  it("crashes no rule and loses no check, for any evidence that matches the schema", async () => {
    const files = { deployment: "deployment.yaml", inventories: ["inventory.json"], cwd: CLEAN };
    const choice = { live: true, only: LIVE, severities: [], config: false } as const;
    const { config, siteWith } = await readRun({ ...files, ...choice });
    const site = siteWith?.([]) ?? expect.fail();
    const planned = plan(config.enabled, site);

    /**
     * The result of a run with such answers. Files with them are rejected as a whole, so they are passed to it
     * directly.
     */
    const judge = async (answers: readonly RecordedAnswer[], from: string) => {
      const evidence = new Evidence();
      const responder = replay(answers, { from, now: NOW, maxAge_ms: null });
      const evaluated = await evaluate(planned, { site, now: NOW, responder, evidence });
      const { checks } = reportChecks(evaluated, evidence);
      const crashed = [...checks].filter(({ verdict }) => verdict === "crashed");
      expect(crashed.map(({ rule, reason }) => `${rule}: ${reason ?? ""}`)).toEqual([]);
      expect(checks.length).toBe(planned.length);
      return evidence.records.filter(({ answer }) => answer.reason === "not-recorded");
    };

    await fc.assert(
      fc.asyncProperty(fc.integer(), text, async (seed, from) => {
        const some = (kind: Question["kind"]) => fc.sample(answerOf(kind), { seed, numRuns: 150 });
        const stock = {
          ...{ dns: some("dns"), ntp: some("ntp"), tcp: some("tcp"), tls: some("tls"), vsphere: some("vsphere") },
        };
        const answers = new Map<string, RecordedAnswer>();
        // What follows from the answers is answered likewise, a few turns deep.
        for (let turn = 0; turn < 4; turn++) {
          for (const { question } of await judge([...answers.values()], from)) {
            const answer = stock[question.kind].pop();
            if (answer !== undefined) answers.set(questionKey(question), { question, answer });
          }
        }
        await judge([...answers.values()], from);
        expect(answers.size).toBeGreaterThan(50);
      }),
      { numRuns: 15 },
    );
  });
});
