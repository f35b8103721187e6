import { describe, expect, it } from "vitest";
import { reportChecks } from "../../../src/engine/evaluation/report-checks.ts";
import { verdictCounts } from "../../../src/engine/evaluation/check-table.ts";
import { Evidence } from "../../../src/engine/evaluation/evidence.ts";
import type { EnabledRule } from "../../../src/engine/evaluation/plan.ts";
import { command } from "../../../src/engine/api/command.ts";
import { type Answer, questionKey } from "../../../src/engine/api/question.ts";
import type { At, Rule } from "../../../src/engine/api/rule.ts";
import { Node } from "../../../src/site/deployment/deployment-objects.ts";
import { isTextLocation } from "../../../src/values/location.ts";
import { siteOf } from "../../support/documents.ts";
import { dnsRecords } from "../../support/scripted-answers.ts";
import {
  checksOf,
  dns,
  enabled,
  evaluatedPlan,
  ntp,
  recorder,
  tcp,
  tinyRule,
  tls,
  type TinyContext,
} from "../tiny-rules.ts";

const DEPLOYMENT = `conferencing_nodes:
  - name: a
    hostname: conf01
    vm_cpu_count: 5
  - name: b
    hostname: conf02
`;

const sourceRef = (location: unknown) => {
  const found = location as Parameters<typeof isTextLocation>[0];
  return isTextLocation(found) ? `${found.path}:${found.line}:${found.column}` : "nowhere";
};

describe("a check in the report", () => {
  it("that fails: message, data, location, related locations, remediation", async () => {
    const rule = tinyRule("node", (node, { known, fail }) => {
      if (known(node, "vm_cpu_count") === undefined) return;
      fail("bad", {
        at: [node, "vm_cpu_count"],
        data: { what: "Five" },
        related: [{ message: "this node", at: [node, "hostname"] }],
      });
    });
    const [check] = await checksOf([rule], await siteOf(DEPLOYMENT));
    expect(check).toEqual({
      rule: "test/tiny",
      subject: { kind: "node", name: "a" },
      severity: "error",
      verdict: "fail",
      reason: null,
      missing: [],
      because: [],
      findings: [
        {
          message_id: "bad",
          message: "Five is bad.",
          data: { what: "Five" },
          fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
          location: { path: "deployment.yaml", line: 4, column: 19, end_line: 4, end_column: 20 },
          caused_by: [],
          related: [
            {
              message: "this node",
              location: { path: "deployment.yaml", line: 3, column: 15, end_line: 3, end_column: 21 },
            },
          ],
        },
      ],
      root_causes: [],
      evidence: [],
      waiver: null,
      remediation: "Do better.",
      location: { path: "deployment.yaml", line: 2, column: 5, end_line: 4, end_column: 20 },
    });
  });

  it("that is inconclusive: missing value, and its location; no remediation", async () => {
    const rule = tinyRule("node", (node, { need }) => void need(node, "vm_cpu_count"));
    const checks = await checksOf([rule], await siteOf(DEPLOYMENT));
    expect(checks.map(({ verdict, findings, remediation }) => [verdict, findings, remediation])).toEqual([
      ["pass", [], null],
      ["inconclusive", [], null],
    ]);
    expect(checks[1]?.missing.map(({ what, location }) => [what, sourceRef(location)])).toEqual([
      ["conferencing_nodes.vm_cpu_count is not in the deployment", "deployment.yaml:5:5"],
    ]);
  });

  it("that waits for a file which is not there: no location", async () => {
    const rule = tinyRule("node", (node, { need }) => void need(node, "virtualMachine"));
    const [check] = await checksOf([rule], await siteOf(DEPLOYMENT));
    expect(check?.missing).toEqual([{ what: "no inventory given; add --inventory FILE", location: null }]);
  });

  it("that does not apply, is inconclusive, skipped or crashed: the reason", async () => {
    const site = await siteOf("conferencing_nodes: [{ name: a, hostname: a }]");
    const ending = (check: (context: TinyContext) => void) =>
      tinyRule("node", (_, context) => {
        check(context);
      });
    const checks = await checksOf(
      [
        ending(({ notApplicable }) => notApplicable("EVC is off")),
        ending(({ inconclusive }) => inconclusive("who knows")),
        enabled(
          ending(() => undefined),
          { skip: "not selected by --only" },
        ),
        ending(() => {
          // eslint-disable-next-line @typescript-eslint/only-throw-error -- the point of the test
          throw "boom";
        }),
      ],
      site,
    );
    expect(checks.map(({ verdict, reason }) => [verdict, reason])).toEqual([
      ["not-applicable", "EVC is off"],
      ["inconclusive", "who knows"],
      ["skipped", "not selected by --only"],
      ["crashed", "the rule threw boom"],
    ]);
  });

  it("points into a value: a nested item, and an item that is not there at its nearest ancestor", async () => {
    const site = await siteOf(
      "conferencing_nodes:\n  - name: a\n    hostname: a\n    static_routes:\n      - name: r\n",
    );
    const rule = tinyRule("node", (node, { fail }) => {
      fail("plain", { at: [node, "static_routes", 0, "name"] });
      fail("plain", { at: [node, "static_routes", 0, "gateway"] });
      fail("plain", { at: [node, "timezone"] });
    });
    const [check] = await checksOf([rule], site);
    expect(check?.findings.map(({ location }) => sourceRef(location))).toEqual([
      "deployment.yaml:5:15",
      "deployment.yaml:5:9",
      "deployment.yaml:2:5",
    ]);
  });
});

describe("messages", () => {
  const message = async (template: string, data: Readonly<Record<string, string | number | boolean | null>>) => {
    const rule = tinyRule("deployment", (deployment, { fail }) => {
      fail("bad", { at: [deployment], data: { what: "", ...data } });
    });
    const [check] = await checksOf([{ ...rule, messages: { bad: template } }], await siteOf("conferencing_nodes: []"));
    return check?.findings[0]?.message;
  };

  it("are filled with numbers, texts, booleans and null", async () => {
    expect(await message("{{a}} {{b}} {{c}} {{d}} {{a}}.", { a: 1, b: "two", c: false, d: null })).toBe(
      "1 two false null 1.",
    );
  });

  it("take data for data: no placeholder and no replacement pattern in it has a meaning", async () => {
    const hostile = "{{what}} $& $1 $` \\u0000 \u001b[31m \u202e";
    expect(await message("{{a}} is bad.", { a: hostile, what: "expanded" })).toBe(`${hostile} is bad.`);
  });

  it("show a placeholder without a datum as it is", async () => {
    expect(await message("{{toString}} {{nothing}} { {a} }", { a: 1 })).toBe("{{toString}} {{nothing}} { {a} }");
  });

  it("put a blank text in quotes, so that it leaves no hole", async () => {
    expect(await message("Domain {{a}} of {{b}}.", { a: "", b: " " })).toBe('Domain "" of " ".');
  });

  it("take huge data", async () => {
    expect(await message("{{a}}", { a: "x".repeat(1_000_000) })).toHaveLength(1_000_000);
  });
});

describe("severity", () => {
  const both = tinyRule(
    "node",
    (node, { fail }) => {
      fail("plain", { at: [node] });
      if (node.name === "b") fail("bad", { at: [node], data: { what: "B" } });
    },
    { severity: "warn", messageSeverity: { bad: "error", plain: "info" } },
  );

  it("is the most severe of the findings, if messages have their own", async () => {
    const checks = await checksOf([both], await siteOf(DEPLOYMENT));
    expect(checks.map(({ severity }) => severity)).toEqual(["info", "error"]);
  });

  it("is the rule's if the message has none, and the most severe possible if nothing failed", async () => {
    const plain = tinyRule("node", (node, { fail }) => node.name === "a" && fail("plain", { at: [node] }), {
      severity: "warn",
      messageSeverity: { bad: "error" },
    });
    const checks = await checksOf([plain], await siteOf(DEPLOYMENT));
    expect(checks.map(({ verdict, severity }) => [verdict, severity])).toEqual([
      ["fail", "warn"],
      ["pass", "error"],
    ]);
  });

  it("is that of the most severe message while a value is missing, which may hide it", async () => {
    const plain = tinyRule("node", (node, { need }) => void need(node, "vm_cpu_count"), {
      severity: "info",
      messageSeverity: { bad: "error", plain: "warn" },
    });
    const severities = async (changes: Partial<EnabledRule>) => {
      const checks = await checksOf([enabled(plain, changes)], await siteOf(DEPLOYMENT));
      return checks.map(({ verdict, severity }) => [verdict, severity]);
    };
    expect(await severities({})).toContainEqual(["inconclusive", "error"]);
    expect(await severities({ severity: "warn" })).toContainEqual(["inconclusive", "warn"]);
  });

  it.each(["need", "reason"] as const)(
    "is not lowered by a milder finding beside a gap (%s), which is then reported with it",
    async (gap) => {
      const mixed = tinyRule(
        "deployment",
        (_, { site, each, need, fail, inconclusive }) => {
          each(site.nodes, (node) => {
            if (node.name === "a") fail("plain", { at: [node] });
            else if (gap === "need") need(node, "vm_cpu_count");
            else return inconclusive("the server returned HTTP 403");
          });
        },
        { messageSeverity: { plain: "warn" } },
      );
      const [check] = await checksOf([mixed], await siteOf(DEPLOYMENT));
      expect(check).toMatchObject({ verdict: "inconclusive", severity: "error", findings: [] });
      expect(check?.missing.map(({ what }) => what)).toEqual([
        gap === "need" ? "conferencing_nodes.vm_cpu_count is not in the deployment" : "the server returned HTTP 403",
        "also found: This is bad",
      ]);
      const [asSevere] = await checksOf([enabled(mixed, { severity: "warn" })], await siteOf(DEPLOYMENT));
      expect(asSevere).toMatchObject({ verdict: "fail", severity: "warn" });
    },
  );

  it("is what the run sets, regardless of the messages", async () => {
    const checks = await checksOf([enabled(both, { severity: "info" })], await siteOf(DEPLOYMENT));
    expect(checks.map(({ severity }) => severity)).toEqual(["info", "info"]);
  });

  const open = (severity: "error" | "info", gap: boolean) =>
    tinyRule(
      "deployment",
      (_, { site, each, need, inconclusive }) => {
        each(site.nodes, (node) => {
          if (gap && node.name === "b") need(node, "vm_cpu_count");
          return inconclusive("the server returned HTTP 403", { severity });
        });
      },
      { severity: "warn" },
    );
  const severityOf = async (rule: Parameters<typeof checksOf>[0][number]) =>
    (await checksOf([rule], await siteOf(DEPLOYMENT))).map(({ verdict, severity }) => [verdict, severity]);

  it("is what the gaps of an inconclusive check state, and never above the rule's", async () => {
    expect(await severityOf(open("info", false))).toEqual([["inconclusive", "info"]]);
    expect(await severityOf(open("error", false))).toEqual([["inconclusive", "warn"]]);
  });

  it("is the rule's if one of the gaps has none, or the run sets it", async () => {
    expect(await severityOf(open("info", true))).toEqual([["inconclusive", "warn"]]);
    expect(await severityOf(enabled(open("info", false), { severity: "error" }))).toEqual([["inconclusive", "error"]]);
    const strict = tinyRule("deployment", (_, { inconclusive }) => inconclusive("not exported", { severity: "warn" }));
    expect(await severityOf(enabled(strict, { strict: true }))).toEqual([["inconclusive", "error"]]);
  });
});

describe("remediation", () => {
  const failing = tinyRule("node", (node, { fail }) => fail("plain", { at: [node] }));

  it("has the commands for the subject below the text", async () => {
    const rule = {
      ...failing,
      commands: (subject: { name: string }) => [`first ${subject.name}`, "second"],
    };
    const checks = await checksOf([rule], await siteOf(DEPLOYMENT));
    expect(checks.map(({ remediation }) => remediation)).toEqual([
      "Do better.\nfirst a\nsecond",
      "Do better.\nfirst b\nsecond",
    ]);
  });

  it("that crashes is a crash of this check alone", async () => {
    const rule = {
      ...failing,
      commands: ({ name }: { name: string }) => {
        if (name === "a") throw new TypeError("no such switch");
        return [];
      },
    };
    const checks = await checksOf([rule], await siteOf(DEPLOYMENT));
    expect(checks.map(({ verdict, findings }) => [verdict, findings.length])).toEqual([
      ["crashed", 0],
      ["fail", 1],
    ]);
    expect(checks[0]?.reason).toContain("TypeError: no such switch");
  });
});

describe("commands", () => {
  const failing = tinyRule("node", (node, { fail }) => node.name === "a" && fail("plain", { at: [node] }));
  const checkWith = async (commands: Rule["commands"]) => {
    const [check] = await checksOf([{ ...failing, ...(commands && { commands }) }], await siteOf(DEPLOYMENT));
    return check;
  };

  it("are data too: rows of the table with their values, and lines of text", async () => {
    const row = command("vm/reserve-cpu", { vm: "conf 01", mhz: 9000 });
    const check = await checkWith(() => ["by hand", row]);
    expect(check?.commands).toEqual([
      { id: null, text: "by hand", values: {} },
      { id: "vm/reserve-cpu", values: { vm: "conf 01", mhz: 9000 } },
    ]);
    expect(check?.remediation).toBe("Do better.\nby hand\ngovc vm.change -vm 'conf 01' -cpu.reservation 9000");
  });

  it("are absent where the rule has none for the subject", async () => {
    for (const commands of [undefined, () => []]) {
      const check = await checkWith(commands);
      expect([check?.remediation, check !== undefined && "commands" in check]).toEqual(["Do better.", false]);
    }
  });

  it("may depend on values that may be missing", async () => {
    const check = await checkWith((subject, { known }) =>
      subject instanceof Node
        ? [`${String(known(subject, "vm_cpu_count"))} ${String(known(subject, "timezone"))}`]
        : [],
    );
    expect(check?.remediation).toBe("Do better.\n5 undefined");
  });
});

describe("automatic fixes", () => {
  const failing = tinyRule("node", (node, { fail }) => {
    if (node.name !== "a") return;
    fail("plain", { at: [node, "vm_cpu_count"] });
  });
  const fixOf = async (fix: NonNullable<Rule["fix"]>) => {
    const [check] = await checksOf([{ ...failing, fix }], await siteOf(DEPLOYMENT));
    return check?.findings[0];
  };

  it("are described with the key and the value, and are edits of the value at the finding", async () => {
    const location = { path: "deployment.yaml", line: 4, column: 19, end_line: 4, end_column: 20 };
    for (const [value, text, words] of [
      [6, "6", "6"],
      [true, "true", "true"],
      ["six", "six", '"six"'],
    ] as const) {
      expect((await fixOf(() => ({ value })))?.fix).toEqual({
        ...{ description: `Set vm_cpu_count to ${words}`, edit: { location, text }, refusal: null },
      });
    }
  });

  it("may be at another position than the finding, and name the key that contains an entry", async () => {
    const found = await fixOf((_, node) => ({ value: "conf03", at: [node, "hostname"] }));
    expect(found?.fix?.description).toBe('Set hostname to "conf03"');
    expect(found?.fix?.edit?.location).toMatchObject({ line: 3, column: 15 });
    const ofServers = tinyRule("deployment", (deployment, { fail }) => {
      fail("plain", { at: [deployment, "dns_servers", 1] });
    });
    const [check] = await checksOf(
      [{ ...ofServers, fix: () => ({ value: "10.0.0.2" }) }],
      await siteOf("dns_servers: [10.0.0.1, 10.0.0.1]"),
    );
    expect(check?.findings[0]?.fix?.description).toBe('Set dns_servers to "10.0.0.2"');
  });

  it("say into how many entries one is split", async () => {
    const [, check] = await checksOf(
      [
        {
          ...tinyRule("node", (node, { fail }) => node.name === "b" && fail("plain", { at: [node] })),
          fix: (_, node) => ({ entries: ["x", "y", "z"], at: [node, "hostname"] }),
        },
      ],
      await siteOf(DEPLOYMENT),
    );
    expect(check?.findings[0]?.fix?.description).toBe("Split the entry into 3");
  });

  it("are absent where the rule has none for the finding", async () => {
    expect(await fixOf(() => null)).not.toHaveProperty("fix");
  });
});

describe("findings of one check that differ in nothing but their order", () => {
  it("have different fingerprints, which the number of those before them determines", async () => {
    const prints = async (count: number) => {
      const rule = tinyRule("deployment", (deployment, { fail }) => {
        for (let index = 0; index < count; index++) fail("plain", { at: [deployment] });
        fail("plain", { at: [deployment], key: "k" });
        fail("plain", { at: [deployment], key: "k" });
      });
      const [check] = await checksOf([rule], await siteOf("{}"));
      return check?.findings.map(({ fingerprint }) => fingerprint) ?? [];
    };
    const three = await prints(3);
    expect(new Set(three).size).toBe(5);
    const [first, second] = three;
    expect((await prints(2)).slice(0, 2)).toEqual([first, second]);
    expect((await prints(0)).at(-1)).toBe(three.at(-1));
  });
});

describe("evidence", () => {
  it("is listed once, numbered in the order in which the checks first read it", async () => {
    const rules = [
      tinyRule("deployment", (_, { query }) => void query([tcp("10.0.0.3"), dns("a.example")]), { id: "t/one" }),
      tinyRule("deployment", (_, { query }) => void query([ntp("10.0.0.5"), dns("a.example")]), { id: "t/two" }),
      tinyRule("deployment", () => undefined, { id: "t/three" }),
    ];
    const evidence = new Evidence();
    const results = await evaluatedPlan(rules, await siteOf("{}"), recorder().responder, evidence);
    const report = reportChecks(results, evidence);
    expect(report.checks.map(({ evidence: ids }) => ids)).toEqual([["e1", "e2"], ["e3", "e2"], []]);
    expect(report.evidence.map(({ id, question }) => [id, question])).toEqual([
      ["e1", tcp("10.0.0.3")],
      ["e2", dns("a.example")],
      ["e3", ntp("10.0.0.5")],
    ]);
  });

  it("that no check of this run read stays out", async () => {
    const evidence = new Evidence();
    const [answer] = await recorder().responder([dns("old.example")]);
    if (answer !== undefined) evidence.add(dns("old.example"), answer);
    expect(
      reportChecks(await evaluatedPlan([], await siteOf("{}"), recorder().responder, evidence), evidence).evidence,
    ).toEqual([]);
  });
});

describe("because", () => {
  const down = "dns 10.0.0.53 53 down.example A";

  /** One check that fails, and one that is inconclusive, by what they read. */
  async function because(
    fails: readonly string[],
    inconclusive: readonly string[],
    answers: Readonly<Record<string, Partial<Answer>>>,
  ) {
    const reading = (names: readonly string[], then: (context: TinyContext) => void, id: string) =>
      tinyRule(
        "deployment",
        (_, context) => {
          context.query(names.map((name) => dns(name)));
          then(context);
        },
        { id },
      );
    const site = await siteOf("{}");
    const checks = await checksOf(
      [
        reading(inconclusive, ({ inconclusive }) => inconclusive("no answer"), "t/inconclusive"),
        reading(fails, ({ fail }) => fail("plain", { at: [site.deployment] }), "t/fails"),
        reading(fails, () => undefined, "t/passes"),
      ],
      site,
      recorder(answers).responder,
    );
    expect(checks.slice(1).map((check) => check.because)).toEqual([[], []]);
    return checks[0]?.because;
  }
  const silent: Partial<Answer> = { status: "no-answer", reason: "timeout" };
  const cause = { rule: "t/fails", subject: { kind: "deployment", name: "deployment" } };

  it("links an inconclusive check to the one that failed on the same silence", async () => {
    expect(await because(["down.example"], ["down.example"], { [down]: silent })).toEqual([cause]);
  });

  it("lists a cause once, however many checks share it", async () => {
    const names = ["down.example", "other.example"];
    expect(await because(names, names, { [down]: silent, "dns 10.0.0.53 53 other.example A": silent })).toEqual([
      cause,
    ]);
  });

  it("does not link through an answer that went well", async () => {
    const good = { ...dnsRecords("down.example", ["A", "192.0.2.1"]) };
    expect(await because(["down.example", "gone.example"], ["down.example"], { [down]: good })).toEqual([]);
  });

  it("does not link through a query that was never sent: a deadline fails no check", async () => {
    const late: Partial<Answer> = { status: "not-asked", reason: "deadline" };
    expect(await because(["down.example"], ["down.example"], { [down]: late })).toEqual([]);
    expect(await because(["down.example", "gone.example"], ["down.example"], { [down]: late })).toEqual([]);
  });

  it.each<readonly [string, Partial<Answer>]>([
    ["a port that is open", { kind: "tcp", status: "answered", reason: "open" }],
    ["a certificate that is trusted", { kind: "tls", status: "answered", reason: "trusted" }],
  ])("does not link through %s", async (_, well) => {
    const question = well.kind === "tcp" ? tcp("10.0.0.9") : tls("10.0.0.9");
    const site = await siteOf("{}");
    const asking = (id: string, act: (context: TinyContext) => void) =>
      tinyRule(
        "deployment",
        (_deployment, context) => {
          context.query([question]);
          act(context);
        },
        { id },
      );
    const checks = await checksOf(
      [
        asking("t/inconclusive", ({ inconclusive }) => inconclusive("no answer")),
        asking("t/fails", ({ fail }) => {
          fail("plain", { at: [site.deployment] });
        }),
      ],
      site,
      recorder({ [questionKey(question)]: well }).responder,
    );
    expect(checks[0]?.because).toEqual([]);
  });

  it("does not link checks that share no evidence", async () => {
    expect(await because(["down.example"], ["other.example"], { [down]: silent })).toEqual([]);
  });
});

describe("because of values", () => {
  const failsAt = (field: "vm_cpu_count" | "hostname") =>
    tinyRule("node", (node, { fail }) => node.name === "a" && fail("plain", { at: [node, field] }), {
      id: `t/${field}`,
    });
  const gapAt = (...fields: readonly ("vm_cpu_count" | "hostname" | "timezone" | "virtualMachine")[]) =>
    tinyRule("deployment", (_, { site, each, need, inconclusive }) => {
      const [a] = site.nodes;
      if (a === undefined) return;
      each(fields, (field) => {
        if (field === "timezone" || field === "virtualMachine") need(a, field);
        else inconclusive("it is of no use", { at: [a, field] });
      });
    });
  const causesOf = async (...rules: readonly Rule[]) => {
    const checks = await checksOf(rules, await siteOf(DEPLOYMENT));
    return checks.at(-1)?.because.map(({ rule, subject }) => `${rule} ${subject.name}`);
  };
  const failing = [failsAt("vm_cpu_count"), failsAt("hostname")];

  it("links a check to what fails at each value that is of no use to it, once", async () => {
    expect(await causesOf(...failing, gapAt("vm_cpu_count"))).toEqual(["t/vm_cpu_count a"]);
    expect(await causesOf(...failing, gapAt("hostname", "vm_cpu_count", "hostname"))).toEqual([
      "t/hostname a",
      "t/vm_cpu_count a",
    ]);
  });

  it("does not link a check with a gap that nothing explains", async () => {
    expect(await causesOf(failsAt("hostname"), gapAt("vm_cpu_count", "hostname"))).toEqual([]);
    expect(await causesOf(...failing, gapAt("vm_cpu_count", "timezone"))).toEqual([]);
    expect(await causesOf(...failing, gapAt("vm_cpu_count", "virtualMachine"))).toEqual([]);
  });

  it("does not link a missing value to a check that fails for want of it", async () => {
    const wanting = tinyRule("node", (node, { fail }) => fail("plain", { at: [node, "timezone"] }), {
      id: "t/timezone",
    });
    expect(await causesOf(wanting, gapAt("timezone"))).toEqual([]);
  });
});

describe("a finding that depends on values", () => {
  const failingAt = (id: string, at: (node: Node) => At, dependsOn: (node: Node) => readonly At[] = () => []) => ({
    ...tinyRule("node", (node, { fail }) => fail("plain", { at: at(node), dependsOn: dependsOn(node) })),
    id,
  });
  const causes = async (...rules: readonly Rule[]) => {
    const checks = await checksOf(rules, await siteOf(DEPLOYMENT));
    const found = checks.filter(({ rule, subject }) => rule === "test/late" && subject.name === "a");
    return found.flatMap(({ findings }) => findings.flatMap(({ caused_by }) => caused_by.map(({ rule }) => rule)));
  };
  const late = failingAt(
    "test/late",
    (node) => [node, "hostname"],
    (node) => [[node, "vm_cpu_count"]],
  );

  it("is caused by the check that fails at one of them, of the same object only", async () => {
    expect(
      await causes(
        failingAt("test/early", (node) => [node, "vm_cpu_count"]),
        late,
      ),
    ).toEqual(["test/early"]);
    expect(
      await causes(
        failingAt("test/early", (node) => [node, "hostname"]),
        late,
      ),
    ).toEqual([]);
  });

  it("is caused by a check that fails at a field around it, and not by one at the whole object", async () => {
    const inside = failingAt(
      "test/late",
      (node) => [node, "hostname"],
      (node) => [[node, "vm_cpu_count", "x", 0]],
    );
    expect(
      await causes(
        failingAt("test/early", (node) => [node, "vm_cpu_count"]),
        inside,
      ),
    ).toEqual(["test/early"]);
    expect(
      await causes(
        failingAt("test/early", (node) => [node]),
        inside,
      ),
    ).toEqual([]);
  });

  it("is not caused by the check itself", async () => {
    expect(
      await causes(
        failingAt(
          "test/late",
          (node) => [node, "hostname"],
          (node) => [[node, "hostname"]],
        ),
      ),
    ).toEqual([]);
  });

  it("is caused by nothing while nothing fails there: the check fails on its own", async () => {
    const checks = await checksOf([late], await siteOf(DEPLOYMENT));
    expect(checks.map(({ verdict }) => verdict)).toEqual(["fail", "fail"]);
  });

  it("is caused by each of several findings and checks once, and each of its findings by its own values", async () => {
    const twice = tinyRule(
      "node",
      (node, { fail }) => {
        fail("plain", { at: [node, "vm_cpu_count"] });
        fail("bad", { at: [node, "vm_cpu_count"], data: { what: "Five" } });
        fail("plain", { at: [node, "name"] });
      },
      { id: "test/early" },
    );
    const other = failingAt("test/other", (node) => [node, "vm_cpu_count"]);
    const twoFindings = tinyRule(
      "node",
      (node, { fail }) => {
        fail("plain", { at: [node, "hostname"] });
        fail("bad", {
          at: [node, "hostname"],
          data: { what: "It" },
          dependsOn: [
            [node, "vm_cpu_count"],
            [node, "name"],
          ],
        });
      },
      { id: "test/late" },
    );
    const checks = await checksOf([twice, other, twoFindings], await siteOf(DEPLOYMENT));
    const late = checks.find(({ rule, subject }) => rule === "test/late" && subject.name === "a");
    expect(late?.findings.map(({ caused_by }) => caused_by)).toEqual([
      [],
      [
        { rule: "test/early", subject: { kind: "node", name: "a" } },
        { rule: "test/other", subject: { kind: "node", name: "a" } },
      ],
    ]);
  });

  it("is caused by the same rule for another subject", async () => {
    const chained = tinyRule(
      "node",
      (node, { fail, site }) => {
        const [first] = site.nodes;
        fail("plain", { at: [node, "hostname"], dependsOn: first === undefined ? [] : [[first, "hostname"]] });
      },
      { id: "test/late" },
    );
    const checks = await checksOf([chained], await siteOf(DEPLOYMENT));
    expect(checks.map(({ findings }) => findings.flatMap(({ caused_by }) => caused_by))).toEqual([
      [],
      [{ rule: "test/late", subject: { kind: "node", name: "a" } }],
    ]);
  });
});

describe("a gap of an answer", () => {
  const of = (name: string, id: string) =>
    tinyRule(
      "deployment",
      (_, { query, inconclusive }) => {
        query([dns(name)]);
        inconclusive("no answer");
      },
      { id },
    );
  const gapsOf = async (answers: Readonly<Record<string, Partial<Answer>>>) => {
    const rules = [of("a.example", "t/a"), of("b.example", "t/b")];
    const checks = await checksOf(rules, await siteOf("{}"), recorder(answers).responder);
    return checks.map(({ missing }) => missing);
  };

  it("that was not recorded names the vantage point and the command, in the checks that need it alone", async () => {
    const notRecorded = { status: "not-asked", reason: "not-recorded", from: "oslo lab" } as const;
    expect(await gapsOf({ "dns 10.0.0.53 53 a.example A": notRecorded })).toEqual([
      [
        {
          what: `the evidence from "oslo lab" does not contain current answers; record them there: preflight probe DEPLOYMENT --from 'oslo lab' -o evidence.json`,
          location: null,
        },
      ],
      [],
    ]);
  });

  it("that was not queried for has the option that helps", async () => {
    const late = { status: "not-asked", reason: "deadline" } as const;
    expect(await gapsOf({ "dns 10.0.0.53 53 b.example A": late })).toEqual([
      [],
      [{ what: "10.0.0.53: deadline reached; see --deadline, --concurrency", location: null }],
    ]);
  });

  it("is none for a check that has a verdict all the same", async () => {
    const passing = tinyRule("deployment", (_, { query }) => void query([dns("a.example")]));
    const [check] = await checksOf(
      [passing],
      await siteOf("{}"),
      recorder({ "dns 10.0.0.53 53 a.example A": { status: "not-asked", reason: "not-recorded" } }).responder,
    );
    expect([check?.verdict, check?.missing]).toEqual(["pass", []]);
  });
});

describe("the checks that are more than a verdict", () => {
  it("are those with findings, gaps, evidence, and those that apply after deployment; the others are counted", async () => {
    const rules = [
      tinyRule("deployment", () => undefined, { id: "t/pass" }),
      tinyRule("deployment", (_, { notApplicable }) => notApplicable("no"), { id: "t/not-applicable" }),
      tinyRule("deployment", (_, { notApplicable }) => notApplicable("later", { awaits: "deployment" }), {
        id: "t/after-deployment",
      }),
      tinyRule("deployment", (deployment, { fail }) => fail("plain", { at: [deployment] }), { id: "t/fail" }),
      tinyRule("deployment", (_, { inconclusive }) => inconclusive("who knows"), { id: "t/inconclusive" }),
      tinyRule("deployment", (_, { query }) => void query([dns("a.example")]), { id: "t/evidence" }),
      enabled(
        tinyRule("deployment", () => undefined, { id: "t/skipped" }),
        { skip: "--no-live" },
      ),
    ];
    const evidence = new Evidence();
    const { checks } = reportChecks(
      await evaluatedPlan(rules, await siteOf("{}"), recorder().responder, evidence),
      evidence,
    );
    expect([...checks.notable].map(({ rule }) => rule)).toEqual([
      "t/after-deployment",
      "t/fail",
      "t/inconclusive",
      "t/evidence",
    ]);
    expect([...checks.others]).toEqual([
      ["pass", 1],
      ["not-applicable", 1],
      ["skipped", 1],
    ]);
    expect([...checks].map(({ rule, awaits }) => [rule, awaits]).filter(([, awaits]) => awaits !== undefined)).toEqual([
      ["t/after-deployment", "deployment"],
    ]);
    expect([...verdictCounts(checks)]).toEqual([
      ["pass", 2],
      ["not-applicable", 2],
      ["skipped", 1],
      ["fail", 1],
      ["inconclusive", 1],
    ]);
  });
});
