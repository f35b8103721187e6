import rule from "../../../rules/tls/certificate-covers-fqdn.ts";
import { authority, certificateMaker, deploymentWith, server, sharedCases } from "../../support/certificate-cases.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const maker = certificateMaker();
const root = authority(maker, "Root");
const exact = server(maker, root, ["other.example.com", "CONF01.vc.example.com"]).pem;
const wildcard = server(maker, root, ["*.vc.example.com"]).pem;
const both = server(maker, root, ["*.vc.example.com", "conf01.vc.example.com"]).pem;
// The common name of all of these is conf01.vc.example.com.
const nameless = server(maker, root, []).pem;
const other = server(maker, root, ["conf02.vc.example.com"]).pem;
const many = server(
  maker,
  root,
  ["a", "b", "c", "d", "e", "f", "g"].map((label) => `${label}.example.com`),
).pem;
const partial = server(maker, root, ["conf*.vc.example.com"]).pem;
const addressed = maker.issue({
  subject: "/CN=x",
  issuer: root,
  extensions: ["subjectAltName=IP:192.0.2.1,DNS:x.example.com"],
}).pem;

const evaluated = (name: string, pem: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: deploymentWith(),
  files: { "certs/a.pem": pem },
  expect: { "node:a": expected },
});

/** Domains, and the node in Oslo with the alternative name. */
const federation = (domains: string, node = "") => `
${domains}
system_locations: [{ name: Oslo }, { name: Bergen }]
conferencing_nodes:
  - name: a
    hostname: conf01
    domain: vc.example.com
    tls_certificate: «certificate|certs/a.pem»
    ${node}
`;
const OSLO = "system_location: Oslo";

ruleTester.run(
  rule,
  [
    {
      name: "passes a certificate with the node's name in any case",
      deployment: federation("domains: []", OSLO),
      files: { "certs/a.pem": exact },
      expect: { "node:a": { verdict: "pass" } },
    },
    evaluated("passes the name itself without knowing the domains", exact, { verdict: "pass" }),
    evaluated("passes the name itself beside a wildcard without knowing the domains", both, { verdict: "pass" }),
    evaluated("fails another name, and says which there are", other, {
      verdict: "fail",
      findings: [
        ["notCovered", "not cover conf01.vc.example.com, the FQDN of node a; it covers conf02.vc.example.com."],
      ],
    }),
    evaluated("shows a few of many names", many, {
      verdict: "fail",
      findings: [["notCovered", "e.example.com and 2 more."]],
    }),
    evaluated(
      "shows five names without a count of others",
      server(
        maker,
        root,
        ["a", "b", "c", "d", "e"].map((label) => `${label}.example.com`),
      ).pem,
      { verdict: "fail", findings: [["notCovered", "d.example.com, e.example.com."]] },
    ),
    {
      name: "fails the first of two nodes with one FQDN, by the second",
      deployment: `
conferencing_nodes:
  - { name: a, hostname: conf01, domain: vc.example.com, tls_certificate: «certs/a.pem» }
  - { name: b, hostname: conf01, domain: vc.example.com }
`,
      files: { "certs/a.pem": other },
      expect: { "node:a": { verdict: "fail", findings: [["notCovered"]] } },
    },
    evaluated("does not count the common name", nameless, {
      verdict: "fail",
      findings: [
        ["noNames", "its subject alternative names (the common name is ignored); it must cover conf01.vc.example.com"],
      ],
    }),
    evaluated("does not take a part of a label for a wildcard", partial, {
      verdict: "fail",
      findings: [["notCovered"]],
    }),
    {
      name: "takes the SIP TLS FQDN before the FQDN",
      deployment: federation("domains: []", "alternative_fqdn: «sip.example.com»"),
      files: { "certs/a.pem": exact },
      expect: {
        "node:a": {
          verdict: "fail",
          findings: [["notCovered", "not cover sip.example.com, the SIP TLS FQDN of node a"]],
        },
      },
    },
    {
      name: "passes the SIP TLS FQDN where the FQDN is not covered, or not known",
      deployment: `
conferencing_nodes:
  - { name: a, hostname: x, domain: y.example, alternative_fqdn: Conf01.VC.example.com., tls_certificate: certs/a.pem }
  - { name: b, hostname: x, alternative_fqdn: conf01.vc.example.com, tls_certificate: certs/a.pem }
`,
      files: { "certs/a.pem": exact },
      expect: { "node:a": { verdict: "pass" }, "node:b": { verdict: "pass" } },
    },
    {
      name: "does not take an address for a name",
      deployment: federation("domains: []", "alternative_fqdn: 192.0.2.1"),
      files: { "certs/a.pem": addressed },
      expect: { "node:a": { verdict: "fail", findings: [["notCovered", "«certificate»"]] } },
    },
    {
      name: "is inconclusive without SIP TLS FQDN and domain",
      deployment: "conferencing_nodes: [{ name: a, hostname: conf01, tls_certificate: certs/a.pem }]",
      files: { "certs/a.pem": exact },
      expect: { "node:a": { verdict: "inconclusive", missing: ["conferencing_nodes.domain"] } },
    },
    {
      name: "lets a wildcard stand for exactly one label",
      deployment: `
domains: []
conferencing_nodes:
  - { name: a, hostname: conf01, domain: vc.example.com, tls_certificate: certs/a.pem }
  - { name: b, hostname: conf01, domain: oslo.vc.example.com, tls_certificate: «certs/a.pem» }
  - { name: c, hostname: vc, domain: example.com, tls_certificate: «certs/a.pem» }
`,
      files: { "certs/a.pem": wildcard },
      expect: {
        "node:a": { verdict: "pass" },
        "node:b": { verdict: "fail", findings: [["notCovered"]] },
        "node:c": { verdict: "fail", findings: [["notCovered"]] },
      },
    },
    evaluated("does not pass a wildcard without knowing whether the node federates", wildcard, {
      verdict: "inconclusive",
      missing: ["domains is not in the deployment"],
    }),
    {
      name: "fails a wildcard on a node of a federated domain",
      deployment: federation("domains: [{ name: vc.example.com, services: [sips, sip_federation] }]", OSLO),
      files: { "certs/a.pem": wildcard },
      expect: {
        "node:a": {
          verdict: "fail",
          findings: [
            [
              "wildcardFederation",
              "«certificate»",
              "which Skype for Business refuses in federated calls for vc.example.com",
            ],
          ],
        },
      },
    },
    {
      name: "passes the name itself on a node of a federated domain",
      deployment: federation("domains: [{ name: vc.example.com, services: [sip_federation] }]", OSLO),
      files: { "certs/a.pem": both },
      expect: { "node:a": { verdict: "pass" } },
    },
    {
      name: "passes a wildcard where other locations federate",
      deployment: federation(
        "domains: [{ name: vc.example.com, services: [sip_federation], locations: [Bergen] }]",
        OSLO,
      ),
      files: { "certs/a.pem": wildcard },
      expect: { "node:a": { verdict: "pass" } },
    },
    {
      name: "is inconclusive when a wildcard is on a node of an unknown location, or the domain names an undeclared one",
      deployment: `
system_locations: [{ name: Oslo }]
domains: [{ name: vc.example.com, services: [sip_federation], locations: [Bergen] }]
conferencing_nodes:
  - { name: a, hostname: a, domain: vc.example.com, tls_certificate: certs/a.pem }
  - { name: b, hostname: b, domain: vc.example.com, tls_certificate: certs/a.pem, system_location: Oslo }
`,
      files: { "certs/a.pem": wildcard },
      expect: {
        "node:a": { verdict: "inconclusive", missing: ["system_location"] },
        "node:b": { verdict: "inconclusive", missing: ["Bergen is not declared"] },
      },
    },
    {
      name: "lets the management node have a wildcard: it takes no calls",
      deployment: `
domains: [{ name: vc.example.com, services: [sip_federation] }]
management_node: { name: m, hostname: m, domain: vc.example.com, tls_certificate: certs/a.pem }
`,
      files: { "certs/a.pem": wildcard },
      expect: { "node:m": { verdict: "pass" } },
    },
    {
      name: "looks at the node's own certificate, also when it does not come first",
      deployment: deploymentWith(),
      files: { "certs/a.pem": root.pem + exact },
      expect: { "node:a": { verdict: "pass" } },
    },
    ...[
      {
        clash: "another SIP TLS FQDN",
        a: "alternative_fqdn: sip.example.com",
        b: "alternative_fqdn: SIP.example.com",
      },
      {
        clash: "another node's FQDN",
        a: "domain: vc.example.com",
        b: "alternative_fqdn: conf01.vc.example.com",
      },
      {
        clash: "another FQDN",
        a: "domain: vc.example.com",
        b: "hostname: conf01, domain: vc.example.com",
      },
    ].map(({ clash, a, b }): RuleCase => ({
      name: `fails a name that is ${clash} too`,
      deployment: `
conferencing_nodes:
  - { name: a, hostname: conf01, ${a} }
  - { name: b, ${b.includes("hostname") ? "" : "hostname: conf02, "}${b}, tls_certificate: «certs/a.pem» }
`,
      files: { "certs/a.pem": other },
      expect: { "node:b": { verdict: "fail", findings: [["notCovered"]] } },
    })),
    ...sharedCases,
  ],
  { optional: ["system_location"] },
);
