import { beforeAll, describe, expect, it } from "vitest";
import { evaluate } from "../../../src/engine/evaluation/evaluate.ts";
import { Evidence, type Responder } from "../../../src/engine/evaluation/evidence.ts";
import { plan } from "../../../src/engine/evaluation/plan.ts";
import { type Question, questionKey } from "../../../src/engine/api/question.ts";
import type { Site } from "../../../src/site/site.ts";
import { scripted } from "../../support/scripted-answers.ts";
import { evaluatedChecks } from "../../support/evaluated-checks.ts";
import { siteOf } from "../../support/documents.ts";
import { dns, enabled, evaluated, ntp, recorder, tcp, tinyRule, tls } from "../tiny-rules.ts";

let site: Site;

beforeAll(async () => {
  site = await siteOf("conferencing_nodes: [{ name: a, hostname: a }, { name: b, hostname: b }]");
});

/** A rule that sends these queries, one batch after the other. */
const asking = (...batches: readonly (readonly Question[])[]) =>
  tinyRule("deployment", (_, { query }) => {
    for (const batch of batches) query(batch);
  });

const verdicts = (checks: Awaited<ReturnType<typeof evaluated>>) =>
  checks.map(({ outcome }) => outcome?.verdict ?? null);

describe("the order of queries", () => {
  it("sends all open queries in one batch, in the order of the checks", async () => {
    const { batches, responder } = recorder();
    await evaluated(
      [
        asking([tls("10.0.0.4"), tcp("10.0.0.3")]),
        asking([dns("b.example"), ntp("10.0.0.2")]),
        asking([dns("a.example"), tcp("10.0.0.3")]),
      ],
      site,
      responder,
    );
    expect(batches).toEqual([[tls("10.0.0.4"), tcp("10.0.0.3"), dns("b.example"), ntp("10.0.0.2"), dns("a.example")]]);
  });

  it("continues with a check as soon as its own queries are answered, without waiting for others", async () => {
    let release = (): void => undefined;
    const silence = new Promise<void>((resolve) => (release = resolve));
    const answer = scripted({});
    const asked: string[] = [];
    const responder: Responder = async (questions, answered) => {
      asked.push(...questions.map(questionKey));
      const answers = await answer(questions);
      for (const [index, question] of questions.entries()) {
        if (question.kind !== "ntp") answered?.(index, answers[index] ?? expect.fail());
      }
      if (questions.some(({ kind }) => kind === "ntp")) await silence;
      // The last step of the check that is not blocked ends the wait of the other one.
      if (questions.some(({ kind }) => kind === "tls")) release();
      return answers;
    };
    const results = await evaluated(
      [asking([ntp("10.0.0.2"), dns("b.example")]), asking([dns("a.example")], [tcp("10.0.0.3")], [tls("10.0.0.4")])],
      site,
      responder,
    );
    expect(verdicts(results)).toEqual(["pass", "pass"]);
    expect(asked.at(-1)).toBe("tls 10.0.0.4 443 vcenter.example");
  });

  it("returns to names when an answer leads to one", async () => {
    const { batches, responder } = recorder();
    await evaluated([asking([tcp("10.0.0.3")], [dns("a.example")], [tcp("10.0.0.4")])], site, responder);
    expect(batches.map((batch) => batch.map(({ kind }) => kind))).toEqual([["tcp"], ["dns"], ["tcp"]]);
  });

  it("sends equal queries once per run, for all checks", async () => {
    const { batches, responder } = recorder();
    const results = await evaluated(
      [
        asking([dns("a.example"), dns("a.example")]),
        asking([dns("a.example")]),
        asking([ntp("10.0.0.1")], [dns("a.example")]),
      ],
      site,
      responder,
    );
    expect(batches.flat()).toEqual([dns("a.example"), ntp("10.0.0.1")]);
    expect(verdicts(results)).toEqual(["pass", "pass", "pass"]);
  });

  it("does not send queries that the evidence answers", async () => {
    const evidence = new Evidence();
    const first = recorder();
    await evaluated([asking([dns("a.example")])], site, first.responder, evidence);
    const second = recorder();
    const results = await evaluated([asking([dns("a.example")])], site, second.responder, evidence);
    expect(second.batches).toEqual([]);
    expect(results[0]?.questions).toEqual(["dns 10.0.0.53 53 a.example A"]);
  });

  it("sends nothing without open queries", async () => {
    const { batches, responder } = recorder();
    expect(verdicts(await evaluated([tinyRule("node", () => undefined)], site, responder))).toEqual(["pass", "pass"]);
    expect(batches).toEqual([]);
  });
});

describe("the results", () => {
  it("are in plan order, regardless of the order of answers", async () => {
    const rules = [asking([tls("10.0.0.4")]), asking([dns("a.example")]), tinyRule("node", () => undefined)];
    const run = async () => {
      const planned = plan(
        rules.map((rule) => enabled(rule)),
        site,
      );
      const results = await evaluate(planned, {
        site,
        now: 0,
        responder: recorder().responder,
        evidence: new Evidence(),
      });
      expect(evaluatedChecks(results).map((result) => result.planned)).toEqual([...planned]);
      return evaluatedChecks(results).map(({ outcome, questions }) => ({ outcome, questions }));
    };
    expect(await run()).toEqual(await run());
  });

  it("list the queries that the rule read, in order and each once", async () => {
    const { responder } = recorder();
    const [result] = await evaluated(
      [asking([tcp("10.0.0.3")], [dns("a.example"), dns("b.example"), dns("a.example")])],
      site,
      responder,
    );
    expect(result?.questions).toEqual([
      "tcp 10.0.0.3 443",
      "dns 10.0.0.53 53 a.example A",
      "dns 10.0.0.53 53 b.example A",
    ]);
  });

  it("include a crash of one rule, and the verdicts of the others", async () => {
    const crashing = tinyRule("node", ({ name }, { query }) => {
      query([dns(`${name}.example`)]);
      if (name === "a") throw new Error("boom");
    });
    const results = await evaluated([crashing, asking([ntp("10.0.0.5")])], site, recorder().responder);
    expect(verdicts(results)).toEqual(["crashed", "pass", "pass"]);
    expect(results[0]?.questions).toEqual(["dns 10.0.0.53 53 a.example A"]);
  });
});

describe("a rule that sends queries endlessly", () => {
  const endless = (kind: "dns" | "tcp") =>
    tinyRule("deployment", (_, { query }) => {
      for (let turn = 0; ; turn++) query([kind === "dns" ? dns(`${turn}.example`) : tcp(`10.0.1.${turn}`)]);
    });
  const long = (turns: number) => asking(...Array.from({ length: turns }, (_, turn) => [dns(`t${turn}.example`)]));

  it("may send queries 16 times", async () => {
    const { batches, responder } = recorder();
    expect(verdicts(await evaluated([long(16)], site, responder))).toEqual(["pass"]);
    expect(batches).toHaveLength(16);
  });

  it("crashes after that", async () => {
    const { batches, responder } = recorder();
    const [result] = await evaluated([long(17)], site, responder);
    expect(result?.outcome).toEqual({ verdict: "crashed", reason: "the rule still requested queries after 16 rounds" });
    expect(batches).toHaveLength(16);
  });

  it("does not affect the others: their queries are still sent", async () => {
    const { batches, responder } = recorder();
    const results = await evaluated(
      [endless("dns"), asking([tcp("10.0.0.3")], [tls("10.0.0.3")]), endless("tcp")],
      site,
      responder,
    );
    expect(verdicts(results)).toEqual(["crashed", "pass", "crashed"]);
    expect(batches.flat()).toContainEqual(tls("10.0.0.3"));
  });
});

describe("an asker that breaks its word", () => {
  it("rejects: the run rejects with the same error", async () => {
    const broken = () => Promise.reject(new Error("out of sockets"));
    await expect(evaluated([asking([dns("a.example")])], site, broken)).rejects.toThrow("out of sockets");
  });

  it("omits an answer: the run reports which", async () => {
    const silent = () => Promise.resolve([]);
    await expect(evaluated([asking([dns("a.example")])], site, silent)).rejects.toThrow("dns 10.0.0.53 53 a.example A");
  });
});

describe("checks that are not evaluated", () => {
  const explodes = tinyRule("node", () => {
    throw new Error("must not run");
  });

  it("skipped ones have no outcome", async () => {
    const results = await evaluated([enabled(explodes, { skip: "not selected by --only" })], site);
    expect(results.map(({ outcome, questions }) => [outcome, questions])).toEqual([
      [null, []],
      [null, []],
    ]);
  });

  it("a stand-in for an empty list does not apply", async () => {
    const empty = await siteOf("conferencing_nodes: []");
    const [result, ...others] = await evaluated([explodes], empty);
    expect(others).toEqual([]);
    expect(result?.outcome).toEqual({ verdict: "not-applicable", reason: "the deployment has no node" });
  });

  it("a stand-in for an unknown list is inconclusive with its gaps", async () => {
    const nobody = await siteOf('platform: { version: "25" }');
    const [result] = await evaluated([explodes], nobody);
    expect(result?.outcome).toMatchObject({
      verdict: "inconclusive",
      missing: [{ what: "conferencing_nodes is not in the deployment" }],
    });
  });

  it("skipping takes precedence over stand-ins", async () => {
    const empty = await siteOf("conferencing_nodes: []");
    const [result] = await evaluated([enabled(explodes, { skip: "not now" })], empty);
    expect(result?.outcome).toBeNull();
  });
});

describe("what is pending when the first query is sent", () => {
  const first = async (...rules: Parameters<typeof enabled>[0][]) => {
    const planned = plan(
      rules.map((rule) => enabled(rule)),
      site,
    );
    const asked: (readonly Question[])[] = [];
    await evaluate(planned, {
      ...{ site, now: 0, responder: recorder().responder, evidence: new Evidence() },
      beforeQueries: (waiting) => asked.push(...waiting.map(({ open }) => open)),
    });
    return asked;
  };

  it("are the queries that a check sends before any answer, each once", async () => {
    const rule = tinyRule("node", ({ name }, { each, query }) => {
      each([name, "common", name], (label) => void query([dns(`${label}.example`)]));
      query([ntp("10.0.0.5")]);
    });
    expect(await first(rule)).toEqual([
      [dns("a.example"), dns("common.example"), ntp("10.0.0.5")],
      [dns("b.example"), dns("common.example"), ntp("10.0.0.5")],
    ]);
  });

  it("are none for checks that send none, crash, or are skipped", async () => {
    const quiet = tinyRule("node", () => undefined);
    const crashing = tinyRule("node", () => {
      throw new Error("boom");
    });
    expect(await first(quiet, crashing)).toEqual([]);
    const skipped = plan([enabled(asking([dns("a.example")]), { skip: "not now" })], site);
    const { responder, batches } = recorder();
    await evaluate(skipped, { site, now: 0, responder, evidence: new Evidence() });
    expect(batches).toEqual([]);
  });
});
