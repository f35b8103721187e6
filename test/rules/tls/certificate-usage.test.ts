import rule from "../../../rules/tls/certificate-usage.ts";
import { isRejected } from "../../../src/values/x509/server-usage.ts";
import { certificateMaker, deploymentWith, sharedCases } from "../../support/certificate-cases.ts";
import { exampleCertificates } from "../../support/example-certificates.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";
import { usageCases } from "../../support/usage-certificates.ts";

const maker = certificateMaker();
const { root, cases } = usageCases(maker);
const SERVER_ALONE = [
  "basicConstraints=CA:FALSE",
  "subjectAltName=DNS:conf01.vc.example.com",
  "extendedKeyUsage=serverAuth",
];
const serverAlone = maker.issue({ subject: "/CN=conf01", issuer: root, extensions: SERVER_ALONE });

const federated = (name: string, more: string, expected: RuleCase["expect"][string], fields = ""): RuleCase => ({
  name,
  deployment: `
system_locations: [{ name: Oslo }, { name: Bergen }]
${more}
conferencing_nodes:
  - name: a
    hostname: conf01
    domain: vc.example.com
    system_location: Oslo
    tls_certificate: «certs/a.pem»
${fields}
`,
  files: { "certs/a.pem": serverAlone.pem },
  expect: { "node:a": expected },
});

ruleTester.run(
  rule,
  [
    ...cases.map(({ title, chain, faults }): RuleCase => {
      const [fault] = faults;
      const isError = faults.some((kind) => isRejected({ kind, index: 0, detail: "" }));
      return {
        name: title,
        deployment: deploymentWith(["certs/ca.pem"]),
        files: { "certs/a.pem": chain.map(({ pem }) => pem).join(""), "certs/ca.pem": root.pem },
        expect: {
          "node:a":
            fault === undefined
              ? { verdict: "pass" }
              : { verdict: "fail", severity: isError ? "error" : "warn", findings: [[fault]] },
        },
      };
    }),
    {
      name: "passes the example",
      deployment: deploymentWith(),
      files: { "certs/a.pem": exampleCertificates["certs/conf01.pem"] ?? "" },
      expect: { "node:a": { verdict: "pass" } },
    },
    federated(
      "warns of a node that federates and has no certificate for clients",
      "domains: [{ name: vc.example.com, services: [sip_federation], locations: [Oslo] }]",
      {
        verdict: "fail",
        severity: "warn",
        findings: [
          [
            "noClientAuth",
            "The certificate of certs/a.pem (conf01) lacks extended key usage clientAuth, which peers of a may require for vc.example.com; use a private CA (public CAs no longer issue it).",
          ],
        ],
      },
    ),
    federated(
      "does not need clientAuth for federation of another location",
      "domains: [{ name: vc.example.com, services: [sip_federation], locations: [Bergen] }]",
      { verdict: "pass" },
    ),
    federated(
      "does not need clientAuth for other services",
      "domains: [{ name: vc.example.com, services: [sips, pexapp], locations: [Oslo] }]",
      { verdict: "pass" },
    ),
    ...sharedCases,
  ],
  { optional: ["system_location"] },
);
