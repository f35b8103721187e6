import { runInNewContext } from "node:vm";
import { beforeAll, describe, expect, it } from "vitest";
import {
  type EvaluatedGroup,
  evaluatorFor,
  type EvaluationInput,
  type Outcome,
} from "../../../src/engine/evaluation/evaluate-check.ts";
import { type EnabledRule, plan } from "../../../src/engine/evaluation/plan.ts";
import { type Question, questionKey } from "../../../src/engine/api/question.ts";
import type { Rule } from "../../../src/engine/api/rule.ts";
import { complete } from "../../../src/site/core/partial-list.ts";
import type { Node } from "../../../src/site/deployment/deployment-objects.ts";
import type { Site } from "../../../src/site/site.ts";
import { siteOf } from "../../support/documents.ts";
import { scripted } from "../../support/scripted-answers.ts";
import { dns, ntp, tcp, tinyRule, type TinyContext } from "../tiny-rules.ts";

let site: Site;

/** Three nodes: `good` has 4 CPUs, `bad` has 5, the number of `gap` is missing. */
beforeAll(async () => {
  site = await siteOf(`
platform: { version: "25" }
conferencing_nodes:
  - { name: good, hostname: good, vm_cpu_count: 4 }
  - { name: bad, hostname: bad, vm_cpu_count: 5 }
  - { name: gap, hostname: gap }
`);
});

const input = (changes: Partial<EvaluationInput> = {}): EvaluationInput => ({
  site,
  now: 0,
  answerOf: () => undefined,
  ...changes,
});

/** A rule in the run with its declared severity and options. */
function standard(rule: Rule, options: EnabledRule["options"] = {}): EvaluatedGroup {
  const [group] = plan([{ rule, severity: null, options, skip: null }], site).groups;
  if (group === undefined) throw new Error("the rule has no check");
  return group;
}

type Check = (context: TinyContext, nodes: Record<"good" | "bad" | "gap", Node>) => unknown;

/** The outcome of a check that sends no queries. */
function outcome(check: Check): Outcome {
  const evaluation = evaluatorFor(
    standard(tinyRule("deployment", (_, context) => check(context, nodesByName()))),
    input(),
  )(site.deployment);
  if (evaluation.state === "suspended") throw new Error("the check waits for answers");
  return evaluation.outcome;
}

function nodesByName(): Record<"good" | "bad" | "gap", Node> {
  const [good, bad, gap] = site.nodes;
  if (good === undefined || bad === undefined || gap === undefined) throw new Error("three nodes");
  return { good, bad, gap };
}

const even = (node: Node, { need, fail }: TinyContext): void => {
  if (need(node, "vm_cpu_count") % 2 !== 0) fail("bad", { at: [node, "vm_cpu_count"], data: { what: node.name } });
};

const fails = ({ fail }: TinyContext): void => {
  fail("plain", { at: [site.deployment] });
};
const GAP = "conferencing_nodes.vm_cpu_count is not in the deployment";

describe("one verdict", () => {
  it("pass: evaluated, requirement met", () => {
    expect(outcome((context, { good }) => even(good, context))).toEqual({ verdict: "pass", findings: [] });
  });

  it("fail: evaluated, requirement not met; each finding as reported by the rule", () => {
    const related = [{ message: "the first one", at: [nodesByName().good, "name"] as const }];
    expect(
      outcome(({ fail }, { bad }) => {
        fail("bad", { at: [bad, "vm_cpu_count"], data: { what: "five" }, related, dependsOn: [[bad]], key: "k" });
        fail("plain", { at: [bad] });
      }),
    ).toEqual({
      verdict: "fail",
      findings: [
        {
          messageId: "bad",
          data: { what: "five" },
          at: [nodesByName().bad, "vm_cpu_count"],
          related,
          dependsOn: [[nodesByName().bad]],
          key: "k",
          questions: [],
        },
        { messageId: "plain", data: {}, at: [nodesByName().bad], related: [], dependsOn: [], key: null, questions: [] },
      ],
    });
  });

  it("inconclusive: a required value is missing, with its location", () => {
    const result = outcome((context, { gap }) => even(gap, context));
    expect(result).toMatchObject({ verdict: "inconclusive", reason: null, missing: [{ what: GAP }] });
    if (result.verdict !== "inconclusive") return;
    expect(result.missing[0]?.sourceRef?.path).toEqual(["conferencing_nodes", 2, "vm_cpu_count"]);
  });

  it("inconclusive: a list may be incomplete", () => {
    const missing = [{ what: "the list is cut off", sourceRef: null }];
    expect(outcome(({ needAll }) => needAll({ items: [1, 2], missing }))).toEqual({
      verdict: "inconclusive",
      missing,
      reason: null,
      openBy: [],
    });
  });

  it("inconclusive: a list of records is missing", () => {
    expect(outcome(({ needEntries }, { gap }) => needEntries(gap, "static_routes"))).toMatchObject({
      verdict: "inconclusive",
      missing: [{ what: "conferencing_nodes.static_routes is not in the deployment" }],
    });
  });

  it("inconclusive: the rule reports it, with a reason", () => {
    expect(outcome(({ inconclusive }) => inconclusive("the moon is not full"))).toEqual({
      verdict: "inconclusive",
      missing: [],
      reason: "the moon is not full",
      openBy: [],
    });
  });

  it("inconclusive: a value is unusable, with its location", () => {
    const node = nodesByName().good;
    const result = outcome(({ inconclusive }) => inconclusive("its name is a joke", { at: [node, "hostname"] }));
    expect(result).toEqual({
      verdict: "inconclusive",
      missing: [{ what: "its name is a joke", sourceRef: node.sourceRefOf("hostname"), isUnusable: true }],
      reason: null,
      openBy: [],
    });
  });

  it("inconclusive: with its own severity if every gap has one, the most severe of several", () => {
    const severityOf = (check: Check) => {
      const result = outcome(check);
      return result.verdict === "inconclusive" ? result.severity : result.verdict;
    };
    expect(severityOf(({ inconclusive }) => inconclusive("not exported", { severity: "warn" }))).toBe("warn");
    expect(severityOf(({ need }, { gap }) => need(gap, "vm_cpu_count", { severity: "info" }))).toBe("info");
    expect(
      severityOf(({ each, inconclusive }) =>
        each(["info", "warn", "info"] as const, (severity) => inconclusive("not exported", { severity })),
      ),
    ).toBe("warn");
    expect(
      severityOf((context, { gap }) => {
        context.each([gap], (node) => void context.need(node, "vm_cpu_count"));
        context.inconclusive("not exported", { severity: "warn" });
      }),
    ).toBeUndefined();
  });

  it("not-applicable: the rule reports it, with a reason", () => {
    expect(outcome(({ notApplicable }) => notApplicable("EVC is off"))).toEqual({
      verdict: "not-applicable",
      reason: "EVC is off",
    });
  });

  it("not-applicable: until the VM exists", () => {
    const result = { verdict: "not-applicable", reason: "no VM yet", awaits: "deployment" };
    expect(outcome(({ notApplicable }) => notApplicable("no VM yet", { awaits: "deployment" }))).toEqual(result);
    expect(
      outcome(({ each, notApplicable }) => each([1], () => notApplicable("no VM yet", { awaits: "deployment" }))),
    ).toEqual(result);
  });

  it("a value that may be absent does not end the check", () => {
    expect(
      outcome(({ known }, { good, gap }) => {
        expect(known(good, "vm_cpu_count")).toBe(4);
        expect(known(gap, "vm_cpu_count")).toBeUndefined();
      }),
    ).toMatchObject({ verdict: "pass" });
  });
});

describe("several verdicts in one check", () => {
  it("crashed before fail", () => {
    expect(
      outcome((context) => {
        fails(context);
        throw new Error("oh");
      }).verdict,
    ).toBe("crashed");
  });

  it("fail before a missing value, whichever comes first", () => {
    const failThenGap = outcome((context, { gap }) => {
      fails(context);
      context.need(gap, "vm_cpu_count");
    });
    const gapThenFail = outcome((context, { gap }) => {
      context.each([gap], (node) => void context.need(node, "vm_cpu_count"));
      fails(context);
    });
    expect([failThenGap.verdict, gapThenFail.verdict]).toEqual(["fail", "fail"]);
  });

  it("fail before inconclusive and before not-applicable", () => {
    const inconclusive = outcome((context) => {
      fails(context);
      context.inconclusive("who knows");
    });
    const excused = outcome((context) => {
      fails(context);
      context.notApplicable("no");
    });
    expect([inconclusive.verdict, excused.verdict]).toEqual(["fail", "fail"]);
  });

  it("inconclusive before not-applicable", () => {
    expect(
      outcome(({ each, need, notApplicable }, { gap }) => {
        each([gap], (node) => void need(node, "vm_cpu_count"));
        notApplicable("no");
      }).verdict,
    ).toBe("inconclusive");
  });

  it("not-applicable before pass", () => {
    expect(
      outcome((context, { good }) => {
        even(good, context);
        context.notApplicable("no");
      }).verdict,
    ).toBe("not-applicable");
  });

  it("reports a missing value and a reason together", () => {
    expect(
      outcome(({ each, need, inconclusive }, { gap }) => {
        each([gap], (node) => void need(node, "vm_cpu_count"));
        inconclusive("and the moon is not full");
      }),
    ).toMatchObject({ missing: [{ what: GAP }], reason: "and the moon is not full" });
  });
});

describe("each", () => {
  it("continues after a gap: a missing value never hides a proven failure", () => {
    const result = outcome((context, { gap, bad }) => context.each([gap, bad], (node) => even(node, context)));
    expect(result).toMatchObject({ verdict: "fail", findings: [{ data: { what: "bad" } }] });
  });

  it("is inconclusive if one has a gap and the others pass", () => {
    const result = outcome((context, { gap, good }) => context.each([gap, good], (node) => even(node, context)));
    expect(result).toMatchObject({ verdict: "inconclusive", missing: [{ what: GAP }] });
  });

  it("collects the gaps of all items", () => {
    const result = outcome(({ each, need }, { gap }) =>
      each(["vm_cpu_count", "vm_system_memory"] as const, (field) => void need(gap, field)),
    );
    expect(result).toMatchObject({
      missing: [{ what: GAP }, { what: "conferencing_nodes.vm_system_memory is not in the deployment" }],
    });
  });

  it("passes if every item passes, and if some pass and the others do not apply", () => {
    const all = outcome((context, { good }) => context.each([good, good], (node) => even(node, context)));
    const some = outcome((context, { good, bad }) =>
      context.each([bad, good], (node) => {
        if (node === bad) context.notApplicable("odd ones are welcome");
        even(node, context);
      }),
    );
    expect([all.verdict, some.verdict]).toEqual(["pass", "pass"]);
  });

  it("is not applicable when no item is concerned, with the first reason", () => {
    const result = outcome(({ each, notApplicable }) => each([1, 2], (item) => notApplicable(`${item} is off`)));
    expect(result).toEqual({ verdict: "not-applicable", reason: "1 is off" });
  });

  it.each([
    ["list", []],
    ["complete roster", complete([])],
  ])("never passes an empty %s", (_, items) => {
    expect(outcome(({ each }) => each(items, () => undefined))).toEqual({
      verdict: "not-applicable",
      reason: "no subject applies",
    });
  });

  it("is inconclusive over a roster that may be incomplete, unless an item fails", () => {
    const missing = [{ what: "the list is cut off", sourceRef: null }];
    const over = (items: readonly Node[]) =>
      outcome((context) => context.each({ items, missing }, (node) => even(node, context)));
    const { good, bad } = nodesByName();
    expect(over([])).toEqual({ verdict: "inconclusive", missing, reason: null, openBy: [] });
    expect(over([good])).toEqual({ verdict: "inconclusive", missing, reason: null, openBy: [] });
    expect(over([good, bad])).toMatchObject({ verdict: "fail" });
  });

  it("is inconclusive if an item is, and evaluates the others", () => {
    const seen: number[] = [];
    const result = outcome(({ each, inconclusive }) =>
      each([1, 2, 3], (item) => {
        seen.push(item);
        if (item === 2) inconclusive("two is odd");
      }),
    );
    expect(seen).toEqual([1, 2, 3]);
    expect(result).toEqual({ verdict: "inconclusive", missing: [], reason: "two is odd", openBy: [] });
  });

  it("can be nested", () => {
    const result = outcome((context, { gap, good, bad }) =>
      context.each([[gap], [good, bad]], (nodes) => context.each(nodes, (node) => even(node, context))),
    );
    expect(result).toMatchObject({ verdict: "fail" });
  });

  it("lets a crash of the rule through", () => {
    expect(
      outcome(({ each }) =>
        each([1], () => {
          throw new RangeError("one too many");
        }),
      ),
    ).toMatchObject({ verdict: "crashed" });
  });
});

describe("a rule that misbehaves", () => {
  const crash = (check: Check): string => {
    const result = outcome(check);
    if (result.verdict !== "crashed") throw new Error(`not crashed: ${result.verdict}`);
    return result.reason;
  };

  it("throws an error: its name, message and line are reported", () => {
    expect(
      crash(() => {
        throw new RangeError("one too many");
      }),
    ).toMatch(/^RangeError: one too many \(at .*evaluate-check\.test\.ts:\d+:\d+\)?/);
  });

  it("throws an error without a stack", () => {
    expect(
      crash(() => {
        const error = new Error("bare");
        Reflect.deleteProperty(error, "stack");
        throw error;
      }),
    ).toBe("Error: bare");
  });

  it.each<[string, unknown, string]>([
    ["a string", "boom", "the rule threw boom"],
    ["nothing", undefined, "the rule threw undefined"],
    ["null", null, "the rule threw null"],
    ["a symbol", Symbol("boom"), "the rule threw Symbol(boom)"],
    ["an object without a text", Object.create(null), "the rule threw a value that cannot be displayed"],
    [
      "an object whose text throws",
      {
        toString() {
          throw new Error("no");
        },
      },
      "the rule threw a value that cannot be displayed",
    ],
  ])("throws %s", (_, thrown, reason) => {
    expect(
      crash(() => {
        throw thrown;
      }),
    ).toBe(reason);
  });

  it("throws an error whose message throws", () => {
    expect(
      crash(() => {
        const error = new Error("x");
        Object.defineProperty(error, "message", {
          get() {
            throw new Error("no");
          },
        });
        throw error;
      }),
    ).toBe("the rule threw a value that cannot be displayed");
  });

  it("reads a property that throws", () => {
    const trap = {
      get hosts(): never {
        throw new TypeError("not today");
      },
    };
    expect(crash(({ each }) => each(trap.hosts, () => undefined))).toContain("TypeError: not today");
  });

  it("recurses without end", () => {
    const forever = (): void => forever();
    expect(crash(forever)).toContain("RangeError: Maximum call stack size exceeded");
  });

  const unfinished = "the rule returned a promise or a generator; rules must be synchronous";

  it.each<[string, Check]>([
    ["is async", () => Promise.resolve()],
    ["rejects", () => Promise.reject(new Error("late"))],
    ["returns a thenable", () => ({ then: () => undefined })],
    ["returns the promise of another realm", (): unknown => runInNewContext("Promise.resolve()")],
    [
      "is a generator",
      function* ({ fail }) {
        fail("plain", { at: [site.deployment] });
        yield null;
      },
    ],
  ])("%s: a crash, never a pass", (_, check) => {
    expect(crash(check)).toBe(unfinished);
  });

  it("returns something else: ignored", () => {
    for (const returned of [null, [], { next_hop: "10.0.0.1" }, "then", () => undefined]) {
      expect(outcome(() => returned)).toEqual({ verdict: "pass", findings: [] });
    }
  });

  it("fails with an error of its own while it looks at an item", () => {
    const broken = ({ each }: TinyContext, { good }: { readonly good: Node }) => {
      each([good], () => {
        throw new Error("broken");
      });
    };
    expect(crash(broken)).toContain("Error: broken");
  });

  it("evaluates items asynchronously", () => {
    const look = async (node: Node, context: TinyContext) => {
      await Promise.resolve();
      even(node, context);
    };
    expect(
      // eslint-disable-next-line @typescript-eslint/no-misused-promises -- the point of the test
      crash((context, { good }) => context.each([good], (node) => look(node, context))),
    ).toBe(unfinished);
  });

  const caught = "the rule caught a signal of the engine; rules must let them through";
  const swallow = (act: () => unknown): void => {
    try {
      act();
    } catch {
      // Taken for harmless.
    }
  };

  it.each<[string, Check]>([
    ["a gap", ({ need }, { gap }) => swallow(() => need(gap, "vm_cpu_count"))],
    ["a list that may be incomplete", ({ needAll }) => swallow(() => needAll({ items: [], missing: [noList] }))],
    ["an inconclusive end", ({ inconclusive }) => swallow(() => inconclusive("who knows"))],
    ["an end that does not apply", ({ notApplicable }) => swallow(() => notApplicable("no"))],
    ["a gap inside each", ({ each, need }, { gap }) => each([gap], (n) => swallow(() => need(n, "vm_cpu_count")))],
    ["questions", ({ query }) => swallow(() => query([ntp("10.0.0.5")]))],
    [
      "a gap, before one that ends the check",
      ({ need }, { gap }) => {
        swallow(() => need(gap, "vm_cpu_count"));
        need(gap, "timezone");
      },
    ],
    [
      "a gap, by a return in finally",
      ({ need }, { gap }) => {
        try {
          need(gap, "vm_cpu_count");
        } finally {
          return;
        }
      },
    ],
  ])("catches the signal of %s: a crash, never a pass", (_, check) => {
    expect(crash(check)).toBe(caught);
  });

  it("may catch its own errors, and may pass a signal on", () => {
    const result = outcome(({ need }, { gap }) => {
      swallow(() => JSON.parse("{"));
      try {
        need(gap, "vm_cpu_count");
      } catch (thrown) {
        throw thrown;
      }
    });
    expect(result).toMatchObject({ verdict: "inconclusive", missing: [{ what: GAP }] });
  });
});

const noList = { what: "the list is cut off", sourceRef: null };

describe("ask", () => {
  const answers = new Map<string, Awaited<ReturnType<ReturnType<typeof scripted>>>[number]>();
  const answered = async (questions: readonly Question[]) => {
    const given = await scripted({})(questions);
    for (const [index, question] of questions.entries()) {
      const answer = given[index];
      if (answer !== undefined) answers.set(questionKey(question), answer);
    }
  };
  it.each<[string, (context: TinyContext) => void]>([
    ["queries", ({ query }) => void query([ntp("10.0.0.5")])],
    [
      "hides the error",
      ({ query }) => {
        try {
          query([ntp("10.0.0.5")]);
        } catch {
          // Taken for harmless.
        }
      },
    ],
  ])("crashes a rule that does not declare to be live and %s: `--no-live` would not hold it back", (_, check) => {
    const rule = tinyRule("deployment", (_subject, context) => check(context), { live: undefined } as never);
    expect(evaluatorFor(standard(rule), input())(site.deployment)).toMatchObject({
      outcome: { verdict: "crashed", reason: "the rule queries servers, but does not declare `live: true`" },
    });
  });

  const judgeWith = (check: (context: TinyContext) => void) =>
    evaluatorFor(
      standard(
        tinyRule("deployment", (_, context) => {
          check(context);
        }),
      ),
      input({ answerOf: (key) => answers.get(key) }),
    )(site.deployment);

  it("suspends the check with its unanswered queries, and evaluates it from the start when the answers are available", async () => {
    answers.clear();
    let calls = 0;
    const check = ({ query, fail }: TinyContext) => {
      calls++;
      const [first] = query([dns("a.example")]);
      const [second] = query([ntp("10.0.0.5")]);
      fail("bad", { at: [site.deployment], data: { what: `${first?.reason} ${second?.reason}` } });
    };
    expect(judgeWith(check)).toEqual({ state: "suspended", open: [dns("a.example")] });
    await answered([dns("a.example")]);
    expect(judgeWith(check)).toEqual({ state: "suspended", open: [ntp("10.0.0.5")] });
    await answered([ntp("10.0.0.5")]);
    expect(judgeWith(check)).toMatchObject({
      state: "decided",
      outcome: { verdict: "fail", findings: [{ data: { what: "nxdomain no-reply" } }] },
      questions: ["dns 10.0.0.53 53 a.example A", "ntp 10.0.0.5 123"],
    });
    expect(calls).toBe(3);
  });

  it("gives answers in the order of the queries", async () => {
    answers.clear();
    const questions = [tcp("10.0.0.3"), dns("a.example"), tcp("10.0.0.1")];
    await answered(questions.toReversed());
    const kinds: string[] = [];
    judgeWith(({ query }) => void kinds.push(...query(questions).map(({ kind }) => kind)));
    expect(kinds).toEqual(["tcp", "dns", "tcp"]);
  });

  it("requests only unanswered queries, each once", async () => {
    answers.clear();
    await answered([dns("a.example")]);
    expect(judgeWith(({ query }) => void query([dns("a.example"), dns("b.example"), dns("b.example")]))).toEqual({
      state: "suspended",
      open: [dns("b.example")],
    });
  });

  it("collects the queries of all items of an each, equal ones once", () => {
    answers.clear();
    const names = ["a.example", "b.example", "a.example"];
    expect(judgeWith(({ each, query }) => each(names, (name) => void query([dns(name)])))).toEqual({
      state: "suspended",
      open: [dns("a.example"), dns("b.example")],
    });
  });

  it("requests queries even if another item has a gap or fails: the answers may lead to more findings", () => {
    answers.clear();
    const evaluation = judgeWith((context) =>
      context.each(["gap", "bad", "ask"] as const, (item) => {
        if (item === "gap") context.inconclusive("who knows");
        if (item === "bad") fails(context);
        if (item === "ask") context.query([dns("a.example")]);
      }),
    );
    expect(evaluation).toEqual({ state: "suspended", open: [dns("a.example")] });
  });

  it("needs no answer without a query", () => {
    expect(judgeWith(({ query }) => expect(query([])).toEqual([]))).toMatchObject({ outcome: { verdict: "pass" } });
  });
});

describe("context", () => {
  it("hands the rule the site, the present and its options", () => {
    let seen: unknown;
    evaluatorFor(
      standard(
        tinyRule("deployment", (_, { site: given, now, options }) => {
          seen = { given, now, options };
        }),
        { limit: 3 },
      ),
      input({ now: 1_000 }),
    )(site.deployment);
    expect(seen).toEqual({ given: site, now: 1_000, options: { limit: 3 } });
  });

  it("is not heard any more when the check has ended", async () => {
    const evaluateCheck = evaluatorFor(
      standard(
        tinyRule("node", (node, { fail }) => {
          fail("bad", { at: [node], data: { what: node.name } });
          queueMicrotask(() => fail("plain", { at: [node] }));
        }),
      ),
      input(),
    );
    const judgements = [nodesByName().good, nodesByName().bad].map(evaluateCheck);
    await new Promise(setImmediate);
    for (const evaluation of judgements) {
      expect(evaluation).toMatchObject({ outcome: { verdict: "fail", findings: [{ messageId: "bad" }] } });
    }
  });
});
