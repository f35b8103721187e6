import rule from "../../../rules/tls/certificate-readable.ts";
import { unreadableFile } from "../../../src/input/certificates/parse-certificates.ts";
import type { CertificateFile } from "../../../src/site/deployment/certificate.ts";
import { deploymentWith } from "../../support/certificate-cases.ts";
import { exampleCertificates } from "../../support/example-certificates.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const example = (name: string) => exampleCertificates[`certs/${name}`] ?? Buffer.alloc(0);
const block = (label: string, body = "AAAA") => `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;
const good = example("conf01.pem").toString();

const fails = (name: string, content: string | Buffer | CertificateFile, id: string, words: string): RuleCase => ({
  name: `fails ${name}`,
  deployment: deploymentWith(),
  files: { "certs/a.pem": content },
  expect: { "node:a": { verdict: "fail", findings: [[id, words]], severity: "error" } },
});

ruleTester.run(rule, [
  {
    name: "passes PEM certificates, also with a key beside them",
    deployment: deploymentWith(),
    files: { "certs/a.pem": good + block("PRIVATE KEY") },
    expect: { "node:a": { verdict: "pass" } },
  },
  {
    name: "fails a file that is not there",
    deployment: deploymentWith(),
    files: {},
    expect: {
      "node:a": {
        verdict: "fail",
        findings: [
          [
            "noSuchFile",
            "Certificate file certs/a.pem does not exist; paths are relative to the folder of the deployment file.",
          ],
        ],
      },
    },
  },
  fails("an empty file", " \n", "empty", "is empty"),
  fails("a binary certificate", example("conf01.der"), "der", "binary (DER) form"),
  fails("a private key", block("RSA PRIVATE KEY"), "privateKey", "a private key but no certificate"),
  fails("an encrypted key", block("ENCRYPTED PRIVATE KEY"), "encryptedPrivateKey", "an encrypted private key"),
  fails("a request", block("CERTIFICATE REQUEST"), "request", "a certificate request"),
  fails("a file that was cut off", good.slice(0, -40), "truncated", "begins on line 23 of certs/a.pem"),
  fails("a damaged block", `text\n${block("CERTIFICATE")}`, "damaged", "begins on line 2 of certs/a.pem"),
  ...(
    [
      ["noName", "name of the certificate file is empty"],
      ["denied", "is not readable by this user"],
      ["folder", "is a folder"],
      ["notAFile", "a pipe, a socket or a device"],
      [
        "outside",
        "Certificate file certs/a.pem is outside the deployment file's repository and was not read; move it, or add --allow-outside-paths.",
      ],
      ["tooLarge", "larger than 1 MB"],
      ["unreadable", "could not be read"],
      ["pkcs12", "a PKCS #12 container"],
      ["pkcs7", "a PKCS #7 container"],
      ["binary", "a binary file"],
      ["wide", "encoded as UTF-16"],
    ] as const
  ).map(([problem, words]) =>
    fails(`a file with the problem ${problem}`, unreadableFile("certs/a.pem", problem), problem, words),
  ),
  fails("any other text", "hello", "noCertificate", "contains no PEM certificate"),
  {
    name: "judges the declared CA files under their own names, each once",
    deployment: `
ca_certificates:
  - certs/root.pem
  - «certs/gone.pem»
  - certs/root.pem
conferencing_nodes: []
`,
    files: { "certs/root.pem": example("root-ca.pem") },
    expect: {
      "file:certs/root.pem": { verdict: "pass" },
      "file:certs/gone.pem": { verdict: "fail", findings: [["noSuchFile"]] },
    },
  },
  {
    name: "judges a file once for every node that names it",
    deployment: `
management_node: { name: m, hostname: m, tls_certificate: «certs/gone.pem» }
conferencing_nodes: [{ name: a, hostname: a, tls_certificate: «certs/gone.pem» }]
`,
    files: {},
    expect: {
      "node:m": { verdict: "fail", findings: [["noSuchFile"]] },
      "node:a": { verdict: "fail", findings: [["noSuchFile"]] },
    },
  },
  {
    name: "is inconclusive about a file that was not read",
    deployment: deploymentWith(),
    expect: { "node:a": { verdict: "inconclusive", missing: ["certs/a.pem was not read"] } },
  },
  {
    name: "does not apply where no certificate file is named",
    deployment: "conferencing_nodes: [{ name: a, hostname: a }]",
    expect: { "deployment:deployment": { verdict: "not-applicable", reason: "no node has a certificate file" } },
  },
]);
