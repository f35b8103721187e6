import rule from "../../../rules/tls/certificate-expires-soon.ts";
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
// Valid to the last second before midnight.
const leaf = server(maker, root, ["conf01.vc.example.com"], { from: "20260101000000Z", to: "20261231235959Z" });
const soonCa = maker.issue({ subject: "/CN=CA", issuer: root, extensions: CA_EXTENSIONS, to: "20261201000000Z" });
const below = server(maker, soonCa, ["conf01.vc.example.com"]);
const ended = server(maker, soonCa, ["conf01.vc.example.com"], { from: "20200101000000Z", to: "20250101000000Z" });

const at = (
  name: string,
  now: string,
  expected: RuleCase["expect"][string],
  options: RuleCase["options"] = {},
): RuleCase => ({
  ...{ name, now, options, deployment: deploymentWith(), files: { "certs/a.pem": leaf.pem } },
  expect: { "node:a": expected },
});

ruleTester.run(rule, [
  at("passes thirty days before the end", "2026-12-02T00:00:00Z", { verdict: "pass" }),
  at("fails a second later", "2026-12-02T00:00:01Z", {
    verdict: "fail",
    findings: [["soon", "(conf01.vc.example.com) expires on 2026-12-31, in less than 30 days."]],
    severity: "warn",
  }),
  at("fails in the last second", "2026-12-31T23:59:59.999Z", { verdict: "fail", findings: [["soon"]] }),
  at("fails an expired certificate", "2027-01-01T00:00:00Z", {
    verdict: "fail",
    findings: [["expired"]],
  }),
  at("takes another number of days", "2026-12-20T00:00:00Z", { verdict: "pass" }, { days: 12 }),
  at("fails by another number of days", "2026-12-20T00:00:01Z", { verdict: "fail" }, { days: 12 }),
  {
    name: "fails for an issuer that expires soon",
    deployment: deploymentWith(["certs/ca.pem"]),
    files: { "certs/a.pem": below.pem, "certs/ca.pem": soonCa.pem },
    now: "2026-11-22T00:00:00Z",
    expect: { "node:a": { verdict: "fail", findings: [["soon", "of certs/ca.pem (CA) expires on 2026-12-01"]] } },
  },
  {
    name: "fails an expired certificate and an issuer that expires soon",
    deployment: deploymentWith(),
    files: { "certs/a.pem": ended.pem + soonCa.pem },
    now: "2026-11-22T00:00:00Z",
    expect: {
      "node:a": {
        verdict: "fail",
        findings: [["expired"], ["soon", "Certificate 2 of certs/a.pem (CA)"]],
      },
    },
  },
  {
    name: "fails an expired certificate whose issuer is valid",
    deployment: deploymentWith(),
    files: { "certs/a.pem": ended.pem + soonCa.pem },
    now: "2025-06-01T00:00:00Z",
    expect: { "node:a": { verdict: "fail", findings: [["expired"]] } },
  },
  {
    name: "is inconclusive when the rest of the chain may be in a CA file that cannot be read",
    deployment: deploymentWith(["certs/ca.pem"]),
    files: { "certs/a.pem": leaf.pem },
    expect: { "node:a": { verdict: "inconclusive", missing: ["no certificate can be read from certs/ca.pem"] } },
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
