import { describe, expect, it } from "vitest";
import { rules } from "../../../rules/index.generated.ts";
import { Policy } from "../../../src/engine/policy/policy.ts";
import { builtInCatalogue } from "../../../src/engine/api/rule-catalogue.ts";
import { optionLayer, skipReason } from "../../../src/run/config/enabled-rules.ts";
import type { RuleOptions } from "../../../src/run/options.ts";
import { PreflightErrors } from "../../../src/values/preflight-error.ts";

const ALL: RuleOptions = { only: [], severities: [], live: true };

function choose(changes: Partial<RuleOptions>) {
  const choice = { ...ALL, ...changes };
  const policy = new Policy(builtInCatalogue(rules, "0.1.0"), [optionLayer(rules, choice)]);
  return policy.enabled((rule) => skipReason(rule, choice));
}

function mistakesOf(choice: Partial<RuleOptions>) {
  try {
    choose(choice);
    return [];
  } catch (error) {
    if (error instanceof PreflightErrors) return error.errors.map(({ message, hint }) => [message, hint]);
    throw error;
  }
}

describe("optionLayer and skipReason", () => {
  it("takes every rule, its severity unchanged", () => {
    expect(choose({}).map(({ rule, severity, skip }) => [rule.id, severity, skip])).toEqual(
      rules.map(({ id }) => [id, null, null]),
    );
  });

  it("skips live rules, and only those, if no servers may be contacted", () => {
    for (const { rule, skip } of choose({ live: false })) {
      expect(skip, rule.id).toBe(rule.live === true ? "live checks are skipped (--no-live)" : null);
    }
  });

  it("skips what was not chosen, by id or by group", () => {
    const chosen = choose({ only: ["vm/*", "node/unique-hostname"] }).filter(({ skip }) => skip === null);
    expect(chosen.map(({ rule }) => rule.id)).toEqual(
      rules.map(({ id }) => id).filter((id) => id.startsWith("vm/") || id === "node/unique-hostname"),
    );
  });

  it("takes groups and globs, to choose and to set", () => {
    const idsOf = (only: string) =>
      choose({ only: [only] }).flatMap(({ rule, skip }) => (skip === null ? rule.id : []));
    expect(idsOf("vm")).toEqual(idsOf("vm/*"));
    expect(idsOf("dns/srv-*")).toEqual(rules.map(({ id }) => id).filter((id) => id.startsWith("dns/srv-")));
    expect(idsOf("*/unique-*").length).toBeGreaterThan(2);
    const set = choose({ severities: ["dns/srv-*: info", "vm: off", "vm/thick-disk: warn"] });
    expect(set.flatMap(({ rule, severity }) => (severity === "info" ? rule.id : []))).toEqual(idsOf("dns/srv-*"));
    expect(set.flatMap(({ rule }) => (rule.id.startsWith("vm/") ? rule.id : []))).toEqual(["vm/thick-disk"]);
  });

  it("explains how to set a severity if an equals sign is used instead of the colon", () => {
    expect(mistakesOf({ severities: ["vm/thick-disk=off"] })).toEqual([
      ['"vm/thick-disk=off" has no colon before the severity.', 'write "ID: SEVERITY", here "vm/thick-disk: off"'],
    ]);
  });

  it("reports for a rule that was not chosen that it was not chosen, even if it is live", () => {
    const [first] = choose({ only: ["vm/memory-multiple-of-4"], live: false }).filter(({ rule }) => rule.live === true);
    expect(first?.skip).toBe("not selected by --only");
  });

  it("takes a rule out that is off, and sets severities; the last setting counts", () => {
    const set = choose({
      severities: ["vm/memory-multiple-of-4: off", "node/unique-hostname:info", "node/unique-hostname : WARN"],
    });
    expect(set.some(({ rule }) => rule.id === "vm/memory-multiple-of-4")).toBe(false);
    expect(set.find(({ rule }) => rule.id === "node/unique-hostname")?.severity).toBe("warn");
    expect(set).toHaveLength(rules.length - 1);
  });

  it("names every unknown rule, group and severity at once, also of rules that are off", () => {
    const severities = ["vm/memory-multiple-of-5: off", "node/unique-hostname: eror", "node/unique-hostname"];
    expect(mistakesOf({ severities, only: ["vn", "vn/*", "vm/memory-multiple-of-4"] })).toEqual([
      ['There is no rule "vm/memory-multiple-of-5".', "did you mean vm/memory-multiple-of-4?"],
      ['"node/unique-hostname: eror" does not end with a severity.', expect.stringContaining("did you mean error?")],
      ['"node/unique-hostname" does not end with a severity.', expect.stringContaining('write "ID: off"')],
      ['There is no rule "vn".', expect.any(String)],
      ['There is no rule "vn/*".', expect.stringMatching(/^did you mean \w+\/\*\?$/)],
    ]);
  });

  it.each(["", "*", "/", "vm/", "*/memory-multiple-of-5", "__proto__", "vm/memory-multiple-of-4 "])(
    "does not take %j for a rule",
    (only) => {
      expect(mistakesOf({ only: [only] })).toHaveLength(1);
    },
  );
});
