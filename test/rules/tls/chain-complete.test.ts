import rule from "../../../rules/tls/chain-complete.ts";
import { authority, certificateMaker, deploymentWith, server, sharedCases } from "../../support/certificate-cases.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const maker = certificateMaker();
const root = authority(maker, "Root");
const upper = authority(maker, "Upper CA", root);
const lower = authority(maker, "Lower CA", upper);
const leaf = server(maker, lower, ["conf01.vc.example.com"]);
const direct = server(maker, root, ["conf01.vc.example.com"]);
const own = server(maker, null, ["conf01.vc.example.com"]);
const stranger = authority(maker, "Stranger");
// Another CA of the issuer's name, with another key: the successor, downloaded by mistake from the CA's web page.
const successor = authority(maker, "Lower CA", upper);
// Issued by the certificate of a server, which is no CA.
const misissued = server(maker, direct, ["conf01.vc.example.com"]);

const chain = (...issued: readonly { readonly pem: string }[]) => issued.map(({ pem }) => pem).join("");
const evaluated = (
  name: string,
  files: Readonly<Record<string, string>>,
  expected: RuleCase["expect"][string],
): RuleCase => ({
  name,
  deployment: deploymentWith(Object.keys(files).filter((path) => path !== "certs/a.pem")),
  files,
  expect: { "node:a": expected },
});

ruleTester.run(rule, [
  evaluated("passes a chain up to the root", { "certs/a.pem": chain(leaf, lower, upper, root) }, { verdict: "pass" }),
  evaluated("passes a chain without its root", { "certs/a.pem": chain(leaf, lower, upper) }, { verdict: "pass" }),
  evaluated(
    "passes a chain that ends at a CA above the leaf",
    { "certs/a.pem": chain(leaf, lower) },
    { verdict: "pass" },
  ),
  evaluated(
    "passes issuers that are declared as CAs",
    { "certs/a.pem": leaf.pem, "certs/ca.pem": chain(stranger, root, upper, lower) },
    { verdict: "pass" },
  ),
  evaluated(
    "passes a leaf that a declared intermediate issued, of several files",
    { "certs/a.pem": leaf.pem, "certs/x.pem": stranger.pem, "certs/ca.pem": lower.pem },
    { verdict: "pass" },
  ),
  evaluated("passes a leaf that the root issued", { "certs/a.pem": chain(direct, root) }, { verdict: "pass" }),
  {
    ...evaluated("fails a leaf alone", { "certs/a.pem": leaf.pem }, { verdict: "pass" }),
    expect: {
      "node:a": {
        verdict: "fail",
        findings: [["missingIssuer", "was issued by CN=Lower CA, whose certificate is neither"]],
        severity: "warn",
      },
    },
  },
  evaluated(
    "fails a leaf with CAs that did not issue it",
    { "certs/a.pem": chain(leaf, stranger), "certs/ca.pem": root.pem },
    { verdict: "fail", findings: [["missingIssuer", "Certificate 1 of certs/a.pem (conf01.vc.example.com)"]] },
  ),
  evaluated(
    "does not take an issuer's name for the issuer",
    { "certs/a.pem": chain(leaf, successor, upper) },
    {
      verdict: "fail",
      severity: "error",
      findings: [
        [
          "wrongKey",
          "Certificate 1 of certs/a.pem (conf01.vc.example.com) was not signed by the key of CN=Lower CA (certificate 2 of certs/a.pem (Lower CA)), which matches its issuer",
        ],
      ],
    },
  ),
  evaluated(
    "does not take the name of a declared CA for the issuer",
    { "certs/a.pem": leaf.pem, "certs/ca.pem": chain(root, successor) },
    { verdict: "fail", severity: "error", findings: [["wrongKey", "(certificate 2 of certs/ca.pem (Lower CA))"]] },
  ),
  evaluated(
    "passes a chain that has the old certificate of the issuer as well",
    { "certs/a.pem": chain(leaf, successor, lower) },
    { verdict: "pass" },
  ),
  evaluated(
    "does not take a server's certificate for a CA",
    { "certs/a.pem": chain(misissued, direct, root) },
    {
      verdict: "fail",
      severity: "error",
      findings: [["notCa", "certificate 2 of certs/a.pem (conf01.vc.example.com) of that name is not a CA"]],
    },
  ),
  evaluated(
    "fails the reverse order",
    { "certs/a.pem": chain(root, upper, lower, leaf) },
    {
      verdict: "fail",
      severity: "error",
      findings: [
        ["leafNotFirst", "Certificate 4 of certs/a.pem is the node's own; move it to the first"],
        ["wrongOrder", "(4, 3, 2, 1)"],
      ],
    },
  ),
  evaluated(
    "fails intermediates that are swapped",
    { "certs/a.pem": chain(leaf, upper, lower) },
    {
      verdict: "fail",
      severity: "warn",
      findings: [["wrongOrder", "(1, 3, 2)"]],
    },
  ),
  evaluated(
    "says both when the order is wrong and an issuer is missing",
    { "certs/a.pem": chain(root, leaf) },
    {
      verdict: "fail",
      severity: "error",
      findings: [["leafNotFirst"], ["missingIssuer"]],
    },
  ),
  evaluated(
    "does not apply to a self-signed certificate",
    { "certs/a.pem": own.pem },
    {
      verdict: "not-applicable",
      reason: "self-signed",
    },
  ),
  {
    name: "is inconclusive when the issuer may be in a CA file that cannot be read",
    deployment: deploymentWith(["certs/ca.pem"]),
    files: { "certs/a.pem": leaf.pem },
    expect: { "node:a": { verdict: "inconclusive", missing: ["no certificate can be read from certs/ca.pem"] } },
  },
  {
    name: "is inconclusive when it may be there beside one of its name",
    deployment: deploymentWith(["certs/ca.pem"]),
    files: { "certs/a.pem": chain(leaf, successor) },
    expect: { "node:a": { verdict: "inconclusive", missing: ["no certificate can be read from certs/ca.pem"] } },
  },
  {
    name: "does not need an unreadable CA file for a chain that is complete without it",
    deployment: deploymentWith(["certs/ca.pem"]),
    files: { "certs/a.pem": chain(leaf, lower) },
    expect: { "node:a": { verdict: "pass" } },
  },
  ...sharedCases,
]);
