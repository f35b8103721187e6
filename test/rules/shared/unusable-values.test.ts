import { describe, expect, it } from "vitest";
import { reportChecks } from "../../../src/engine/evaluation/report-checks.ts";
import { evaluate } from "../../../src/engine/evaluation/evaluate.ts";
import { Evidence } from "../../../src/engine/evaluation/evidence.ts";
import { plan } from "../../../src/engine/evaluation/plan.ts";
import type { Check } from "../../../src/schema/report.generated.ts";
import { defineRule } from "../../../src/engine/api/rule.ts";
import { siteWith } from "../../support/documents.ts";
import { exampleCertificates } from "../../support/example-certificates.ts";

const source = { document: "guide-v25", section: "Prerequisites", wording: "must" } as const;
const base = { title: "Require it", severity: "error", since: "0.1.0", source, remediation: "Do it." } as const;

const readable = defineRule({
  ...base,
  id: "test/readable",
  subject: "certificate-file",
  messages: { bad: "It cannot be read." },
  check(subject, { need, fail }) {
    if (need(subject, "certificate").problem !== null) fail("bad", { at: [subject, "tls_certificate"] });
  },
});
const usesChain = defineRule({
  ...base,
  id: "test/uses-chain",
  subject: "node-with-certificate",
  messages: { bad: "It is bad." },
  check(node, { need, needAll, now }) {
    needAll(need(node, "certificateChain").path(now));
  },
});
const lacksTwo = defineRule({
  ...base,
  id: "test/lacks-two",
  subject: "node-with-certificate",
  messages: { bad: "It is bad." },
  check(node, { need, each }) {
    each(["certificateChain", "domain"] as const, (field) => void need(node, field));
  },
});

const deployment = `
ca_certificates: [certs/ca.pem]
conferencing_nodes:
  - { name: a, hostname: a, tls_certificate: certs/gone.pem }
  - { name: b, hostname: b, tls_certificate: certs/gone.pem }
`;

async function checksOf(rules: readonly ReturnType<typeof defineRule>[], files = {}): Promise<readonly Check[]> {
  const site = await siteWith({ deployment, inventories: [], files });
  const enabled = rules.map((rule) => ({ rule, severity: null, options: {}, skip: null }));
  const evidence = new Evidence();
  const responder = () => Promise.resolve([]);
  const evaluated = await evaluate(plan(enabled, site), { site, now: 0, responder, evidence });
  return [...reportChecks(evaluated, evidence).checks];
}

const causes = (checks: readonly Check[], rule: string) =>
  checks
    .filter((check) => check.rule === rule)
    .map(({ subject, verdict, because }) => [subject.name, verdict, because.map((cause) => cause.subject.name)]);

describe("a value that is there and of no use", () => {
  it("links the checks that need it to the check that fails at it", async () => {
    const checks = await checksOf([readable, usesChain]);
    expect(causes(checks, "test/uses-chain")).toEqual([
      ["a", "inconclusive", ["a"]],
      ["b", "inconclusive", ["b"]],
    ]);
    expect(checks.find(({ rule }) => rule === "test/uses-chain")?.because).toEqual([
      { rule: "test/readable", subject: { kind: "node", name: "a" } },
    ]);
  });

  it("links them even if the value belongs to another object", async () => {
    const leaf = exampleCertificates["certs/conf01-without-issuer.pem"];
    const checks = await checksOf([readable, usesChain], { "certs/gone.pem": leaf });
    expect(checks.find(({ rule }) => rule === "test/uses-chain")?.because).toEqual([
      { rule: "test/readable", subject: { kind: "file", name: "certs/ca.pem" } },
    ]);
  });

  it("links nothing when no rule fails at it", async () => {
    expect(causes(await checksOf([usesChain]), "test/uses-chain")).toEqual([
      ["a", "inconclusive", []],
      ["b", "inconclusive", []],
    ]);
  });

  it("does not hide another gap of the same check", async () => {
    expect(causes(await checksOf([readable, lacksTwo]), "test/lacks-two")).toEqual([
      ["a", "inconclusive", []],
      ["b", "inconclusive", []],
    ]);
  });
});
