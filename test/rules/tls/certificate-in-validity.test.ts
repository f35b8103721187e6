import rule from "../../../rules/tls/certificate-in-validity.ts";
import { CA_EXTENSIONS } from "../../probe/servers/tls-certificates.ts";
import {
  authority,
  certificateMaker,
  deploymentWith,
  fileWith,
  server,
  sharedCases,
} from "../../support/certificate-cases.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const maker = certificateMaker();
const root = authority(maker, "Root");
const dates = { from: "20260101000000Z", to: "20261231235959Z" };
const leaf = server(maker, root, ["conf01.vc.example.com"], dates);
const oldCa = maker.issue({ subject: "/CN=CA", issuer: root, extensions: CA_EXTENSIONS, to: "20250101000000Z" });
// The same CA, name and key, renewed.
const newCa = maker.issue({ subject: "/CN=CA", issuer: root, extensions: CA_EXTENSIONS, key: oldCa.key });
const below = server(maker, oldCa, ["conf01.vc.example.com"]);
const expiredStranger = maker.issue({
  subject: "/CN=S",
  issuer: null,
  extensions: CA_EXTENSIONS,
  to: "20250101000000Z",
});

const at = (name: string, now: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: deploymentWith(),
  files: { "certs/a.pem": leaf.pem },
  now,
  expect: { "node:a": expected },
});

const EXPIRED_CA = /* begins */ "Certificate 2 of certs/a.pem (CA) expired on 2025-01-01.";

ruleTester.run(rule, [
  at("passes the first second", "2026-01-01T00:00:00Z", { verdict: "pass" }),
  at("passes the last second, which belongs to it", "2026-12-31T23:59:59.999Z", { verdict: "pass" }),
  at("fails the second after", "2027-01-01T00:00:00Z", {
    verdict: "fail",
    findings: [["expired", "(conf01.vc.example.com) expired on 2026-12-31."]],
    severity: "error",
  }),
  at("fails the moment before", "2025-12-31T23:59:59.999Z", {
    verdict: "fail",
    findings: [["notYetValid", "is not valid before 2026-01-01."]],
  }),
  {
    name: "fails for an expired issuer in the file, and names it",
    deployment: deploymentWith(),
    files: { "certs/a.pem": below.pem + oldCa.pem },
    expect: { "node:a": { verdict: "fail", findings: [["expired", EXPIRED_CA]] } },
  },
  {
    name: "fails for an expired issuer among the declared CAs",
    deployment: deploymentWith(["certs/ca.pem"]),
    files: { "certs/a.pem": below.pem, "certs/ca.pem": oldCa.pem },
    expect: { "node:a": { verdict: "fail", findings: [["expired", "of certs/ca.pem (CA)"]] } },
  },
  {
    name: "passes when the CA was renewed and both of its certificates are there",
    deployment: deploymentWith(["certs/ca.pem"]),
    files: { "certs/a.pem": below.pem + oldCa.pem, "certs/ca.pem": newCa.pem },
    expect: { "node:a": { verdict: "pass" } },
  },
  {
    name: "does not look at certificates that do not belong to the chain",
    deployment: deploymentWith(["certs/ca.pem"]),
    files: { "certs/a.pem": leaf.pem + expiredStranger.pem, "certs/ca.pem": expiredStranger.pem + root.pem },
    expect: { "node:a": { verdict: "pass" } },
  },
  {
    name: "is inconclusive when the rest of the chain may be in a CA file that cannot be read, unless something has expired",
    deployment: `
ca_certificates: [certs/ca.pem]
conferencing_nodes:
  - { name: a, hostname: a, tls_certificate: certs/a.pem }
  - { name: b, hostname: b, tls_certificate: «certs/b.pem» }
`,
    files: { "certs/a.pem": leaf.pem, "certs/b.pem": below.pem + oldCa.pem },
    expect: {
      "node:a": { verdict: "inconclusive", missing: ["no certificate can be read from certs/ca.pem"] },
      "node:b": { verdict: "fail", findings: [["expired"]] },
    },
  },
  {
    name: "is inconclusive when the dates of a certificate cannot be read",
    deployment: deploymentWith(),
    files: { "certs/a.pem": fileWith(leaf.pem, () => ({ validity: null })) },
    expect: {
      "node:a": {
        verdict: "inconclusive",
        reason: "The certificate of certs/a.pem (conf01.vc.example.com) has dates that cannot be read",
      },
    },
  },
  ...sharedCases,
]);
