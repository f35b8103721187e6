import rule from "../../../rules/tls/vm-manager-certificate.ts";
import type { TlsProblem } from "../../../src/engine/api/question.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";
import { dnsRecords, type Script, servedCertificate } from "../../support/scripted-answers.ts";

const NAME = "vcenter01.example.com";
const SUBJECT = `vm-manager:${NAME}`;
const OPEN = { status: "answered", reason: "open" } as const;
const NO_ROUTE = { status: "not-asked", reason: "own-network-error" } as const;

const deployment = (address: string, more = "") => `
dns_servers: [10.0.0.1]
vm_manager:
  address: «address|${address}»
  type: vcenter
${more}
`;

const trusted = servedCertificate([], { dns_names: [NAME] });

/** A manager whose name has one address. */
const one = (
  name: string,
  tls: Script[string],
  expected: RuleCase["expect"][string],
  given: { readonly more?: string; readonly tcp?: Script[string] } = {},
): RuleCase => ({
  name,
  deployment: deployment(NAME, given.more),
  answers: {
    [`dns 10.0.0.1 53 ${NAME} A`]: dnsRecords(NAME, ["A", "10.0.0.9"]),
    "tcp 10.0.0.9 443": given.tcp ?? OPEN,
    [`tls 10.0.0.9 443 ${NAME}`]: tls,
  },
  expect: { [SUBJECT]: expected },
});

/** A manager with an IPv4 and an IPv6 address. */
const two = (name: string, answers: Script, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: deployment(NAME),
  answers: {
    [`dns 10.0.0.1 53 ${NAME} A`]: dnsRecords(NAME, ["A", "10.0.0.9"]),
    [`dns 10.0.0.1 53 ${NAME} AAAA`]: dnsRecords(NAME, ["AAAA", "2001:db8::9"]),
    "tcp 10.0.0.9 443": OPEN,
    "tcp 2001:db8::9 443": OPEN,
    ...answers,
  },
  expect: { [SUBJECT]: expected },
});

const problem = (name: string, problems: readonly TlsProblem[], words: string) =>
  one(name, servedCertificate(problems, { dns_names: ["photon-machine", "localhost"], issuer: "CN=CA, O=vcsa" }), {
    verdict: "fail",
    severity: "warn",
    findings: [[problems[0] ?? "", "«address»", words]],
  });

ruleTester.run(
  rule,
  [
    one("passes a certificate that can be verified", trusted, { verdict: "pass" }),
    one("verifies when it is asked to", trusted, { verdict: "pass" }, { more: "  verify_tls: true" }),
    problem(
      "fails a certificate of an unknown CA",
      ["untrusted"],
      `The certificate of VM manager ${NAME} is not trusted: no known CA stands behind CN=CA, O=vcsa.`,
    ),
    problem(
      "fails a certificate without that of its issuer",
      ["incomplete-chain"],
      `VM manager ${NAME} does not send the certificate of its issuer CN=CA, O=vcsa.`,
    ),
    problem(
      "fails a certificate for other names",
      ["name-mismatch"],
      `The certificate of VM manager ${NAME} does not cover ${NAME}; it covers photon-machine, localhost.`,
    ),
    problem("fails an expired certificate", ["expired"], "has expired (its own on 2026-12-31)"),
    problem(
      "fails a certificate that is not valid yet",
      ["not-yet-valid"],
      "is not valid yet (its own from 2026-01-01)",
    ),
    one("has one finding for each thing that is wrong", servedCertificate(["expired", "name-mismatch", "untrusted"]), {
      verdict: "fail",
      findings: [
        ["expired", "«address»"],
        ["name-mismatch", "«address»"],
        ["untrusted", "«address»"],
      ],
    }),
    one(
      "says what a certificate without names and dates lacks",
      servedCertificate(["name-mismatch", "expired"], { dns_names: [], not_after: null }),
      {
        verdict: "fail",
        findings: [
          ["name-mismatch", "«address»", "it covers no name at all."],
          ["expired", "«address»", "its own on an unreadable date"],
        ],
      },
    ),
    one(
      "shows the first five of many names",
      servedCertificate(["name-mismatch"], {
        dns_names: Array.from({ length: 900 }, (_, index) => `h${index}.example.com`),
        ip_addresses: ["10.0.0.9"],
      }),
      { verdict: "fail", findings: [["name-mismatch", "«address»", "h4.example.com and 896 more."]] },
    ),
    one(
      "fails a port that speaks no TLS of today",
      { status: "no-answer", reason: "protocol" },
      {
        verdict: "fail",
        findings: [
          [
            "protocol",
            "«address»",
            `VM manager ${NAME} accepts connections at 10.0.0.9, but no TLS version in use today.`,
          ],
        ],
      },
    ),
    one(
      "judges a certificate that was shown before the handshake broke off",
      { ...servedCertificate(["untrusted"]), status: "no-answer", reason: "protocol" },
      { verdict: "fail", findings: [["untrusted", "«address»"]] },
    ),

    one(
      "does not apply when nobody verifies",
      servedCertificate(["expired"]),
      {
        verdict: "not-applicable",
        reason: "verify_tls is off",
      },
      { more: "  verify_tls: false" },
    ),
    ...(["timeout", "reset", "refused"] as const).map((reason) =>
      one(
        `says nothing of a certificate that it did not see (${reason})`,
        { status: "no-answer", reason },
        {
          verdict: "inconclusive",
          reason: `10.0.0.9 shows no certificate (${reason})`,
        },
      ),
    ),
    ...(["deadline", "aborted", "not-recorded", "own-network-error"] as const).map((reason) =>
      one(
        `says nothing of a certificate that was not asked for (${reason})`,
        { status: "not-asked", reason },
        {
          verdict: "inconclusive",
          reason: `10.0.0.9 shows no certificate (${reason})`,
        },
      ),
    ),
    ...(["refused", "timeout"] as const).map((reason) =>
      one(
        `leaves a closed port to another rule (${reason})`,
        trusted,
        {
          verdict: "inconclusive",
          reason: `10.0.0.9 could not be connected to (${reason})`,
        },
        { tcp: { status: "no-answer", reason } },
      ),
    ),
    one(
      "says nothing while the port was not tried",
      trusted,
      {
        verdict: "inconclusive",
        reason: "10.0.0.9 could not be connected to (deadline)",
      },
      { tcp: { status: "not-asked", reason: "deadline" } },
    ),

    two(
      "passes when each address shows a good certificate",
      { [`tls 10.0.0.9 443 ${NAME}`]: trusted, [`tls 2001:db8::9 443 ${NAME}`]: trusted },
      { verdict: "pass" },
    ),
    two(
      "fails for the one address with a bad certificate",
      { [`tls 10.0.0.9 443 ${NAME}`]: trusted, [`tls 2001:db8::9 443 ${NAME}`]: servedCertificate(["expired"]) },
      { verdict: "fail", findings: [["expired", "«address»"]] },
    ),
    two(
      "does not pass while an address shows nothing",
      { [`tls 10.0.0.9 443 ${NAME}`]: trusted, "tcp 2001:db8::9 443": { status: "no-answer", reason: "timeout" } },
      { verdict: "inconclusive", reason: "2001:db8::9 could not be connected to (timeout)" },
    ),
    two(
      "fails what is proven although another address shows nothing",
      {
        [`tls 10.0.0.9 443 ${NAME}`]: servedCertificate(["untrusted"]),
        "tcp 2001:db8::9 443": { status: "no-answer", reason: "timeout" },
      },
      { verdict: "fail", findings: [["untrusted", "«address»"]] },
    ),
    two(
      "passes over an address that this machine has no route to",
      { [`tls 10.0.0.9 443 ${NAME}`]: trusted, "tcp 2001:db8::9 443": NO_ROUTE },
      { verdict: "pass" },
    ),
    two(
      "cannot tell when this machine has no route to any",
      { "tcp 10.0.0.9 443": NO_ROUTE, "tcp 2001:db8::9 443": NO_ROUTE },
      { verdict: "inconclusive", reason: "10.0.0.9 could not be connected to (own-network-error)" },
    ),
    {
      name: "holds the certificate against an address, where that is what the deployment names",
      deployment: deployment('«2|"[2001:DB8::9]:8443"»'),
      answers: {
        "tcp 2001:db8::9 8443": OPEN,
        "tls 2001:db8::9 8443 2001:db8::9": servedCertificate(["name-mismatch"], { dns_names: [NAME] }),
      },
      expect: {
        "vm-manager:[2001:DB8::9]:8443": {
          verdict: "fail",
          findings: [["name-mismatch", "«2»", "does not cover 2001:db8::9; it covers vcenter01.example.com."]],
        },
      },
    },
    {
      name: "does not judge a name that does not resolve",
      deployment: deployment(NAME),
      expect: { [SUBJECT]: { verdict: "inconclusive", reason: `${NAME} does not resolve to an address` } },
    },
    {
      name: "does not know the address of a manager that has none",
      deployment: "vm_manager: { type: vcenter }",
      expect: {
        "vm-manager:vm_manager": { verdict: "inconclusive", missing: ["vm_manager.address is not in the deployment"] },
      },
    },
    {
      name: "does not apply where no VM manager is declared",
      deployment: "conferencing_nodes: []",
      expect: { "deployment:deployment": { verdict: "not-applicable", reason: "no VM manager is declared" } },
    },
  ],
  { sharedAnswers: true, optional: ["verify_tls"] },
);
