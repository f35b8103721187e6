import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { check } from "../../../src/run/check.ts";
import type { CheckOptions } from "../../../src/run/options.ts";
import { planRun } from "../../../src/run/plan.ts";
import { exampleCertificates } from "../../support/example-certificates.ts";

const DEPLOYMENT = `
domains: []
management_node: { name: m, hostname: conf01, domain: vc.example.com, tls_certificate: certs/conf01.pem }
conferencing_nodes:
  - { name: a, hostname: conf01, domain: vc.example.com, tls_certificate: ../conf01.pem }
`;

let base = "";
beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), "preflight-run-"));
  mkdirSync(join(base, "site", "certs"), { recursive: true });
  const pem = exampleCertificates["certs/conf01.pem"] ?? "";
  for (const path of ["site/certs/conf01.pem", "conf01.pem"]) writeFileSync(join(base, path), pem);
  writeFileSync(join(base, "site", "deployment.yaml"), DEPLOYMENT);
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

async function verdicts(options: Partial<CheckOptions> = {}) {
  const { report } = await check({
    ...{ deployment: "site/deployment.yaml", inventories: [], cwd: base, only: ["tls/*"], severities: [], live: false },
    ...{ inconclusive: "fail", maxWarnings: null, now: Date.UTC(2026, 10, 22) },
    ...options,
  });
  expect(report.errors).toEqual([]);
  const evaluated = report.checks.filter(({ verdict }) => verdict !== "skipped");
  return {
    of: (node: string) =>
      Object.fromEntries(
        evaluated.filter(({ subject }) => subject.name === node).map(({ rule, verdict }) => [rule.slice(4), verdict]),
      ),
    because: evaluated.flatMap(({ because }) => because.map(({ rule, subject }) => `${rule} ${subject.name}`)),
  };
}

const ALL_PASS = {
  "certificate-declared": "pass",
  "certificate-readable": "pass",
  "certificate-covers-fqdn": "pass",
  "not-self-signed": "pass",
  "chain-complete": "pass",
  "certificate-in-validity": "pass",
  "certificate-expires-soon": "pass",
  "certificate-key-strength": "pass",
  "certificate-usage": "pass",
};

describe("a run over a deployment with certificates", () => {
  it("evaluates the files, and fails one that it may not read", async () => {
    const { of, because } = await verdicts();
    expect(of("m")).toEqual(ALL_PASS);
    expect(of("a")).toEqual({
      ...Object.fromEntries(Object.keys(ALL_PASS).map((rule) => [rule, "inconclusive"])),
      "certificate-declared": "pass",
      "certificate-readable": "fail",
    });
    expect(because).toEqual(Array.from({ length: 7 }, () => "tls/certificate-readable a"));
  });

  it("reads files outside the folder if allowed", async () => {
    expect((await verdicts({ allowOutsidePaths: true })).of("a")).toEqual(ALL_PASS);
  });

  it("starts from the working folder when the deployment comes from standard input", async () => {
    const stdin = { deployment: "-", stdin: Readable.from([DEPLOYMENT]), cwd: join(base, "site") };
    expect((await verdicts(stdin)).of("m")).toEqual(ALL_PASS);
  });

  it("plans the same checks", async () => {
    const options = { deployment: "site/deployment.yaml", inventories: [], cwd: base };
    const rules = { only: ["tls/*"], severities: [], live: false, now: null };
    const { plan } = await planRun({ ...options, ...rules });
    const planned = plan?.checks.filter(({ outlook, subject }) => outlook === "evaluate" && subject.name === "a") ?? [];
    expect(planned.map(({ rule }) => rule.slice(4)).sort()).toEqual(Object.keys(ALL_PASS).sort());
  });
});
