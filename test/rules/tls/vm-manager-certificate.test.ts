import rule from "../../../rules/tls/vm-manager-certificate.ts";
import type { TlsProblem } from "../../../src/engine/api/question.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";
import { clockCases, NTP_SERVERS, validityCases } from "../../support/served-cases.ts";
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
  given: { readonly more?: string; readonly tcp?: Script[string]; readonly answers?: Script } = {},
): RuleCase => ({
  name,
  deployment: deployment(NAME, given.more),
  answers: {
    [`dns 10.0.0.1 53 ${NAME} A`]: dnsRecords(NAME, ["A", "10.0.0.9"]),
    "tcp 10.0.0.9 443": given.tcp ?? OPEN,
    [`tls 10.0.0.9 443 ${NAME}`]: tls,
    ...given.answers,
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

const problem = (name: string, kind: TlsProblem, severity: "error" | "warn", words: string) =>
  one(
    name,
    { ...servedCertificate([kind], { dns_names: ["photon-machine", "localhost"] }), detail: "CN=a is bad." },
    { verdict: "fail", severity, findings: [[kind, "«address»", words]] },
  );

ruleTester.run(
  rule,
  [
    one("passes a certificate that can be verified", trusted, { verdict: "pass" }),
    one("verifies when it is asked to", trusted, { verdict: "pass" }, { more: "  verify_tls: true" }),
    ...(["untrusted", "incomplete-chain"] as const).map((kind) =>
      one(
        `is inconclusive for an issuer that is not among ca_certificates, and names where vCenter offers it (${kind})`,
        servedCertificate([kind], { dns_names: [NAME], issuer: "CN=CA, O=vcsa" }),
        {
          verdict: "inconclusive",
          severity: "warn",
          reason: `the issuer of its certificate (CN=CA, O=vcsa) is not in ca_certificates; download the CA certificates of vCenter Server from https://${NAME}/certs/download.zip`,
        },
      ),
    ),
    problem(
      "fails a certificate for other names",
      "name-mismatch",
      "error",
      `The certificate of VM manager ${NAME} at 10.0.0.9 does not cover ${NAME}; it covers photon-machine, localhost.`,
    ),
    problem("fails an expired certificate", "expired", "error", "expired on 2026-12-31."),
    problem(
      "fails a certificate of the future",
      "not-yet-valid",
      "error",
      "is not valid yet (leaf valid from 2026-01-01)",
    ),
    problem(
      "fails a certificate for something else",
      "wrong-usage",
      "error",
      "not usable for a TLS server (CN=a is bad).",
    ),
    problem("warns of a short key", "weak-key", "warn", "has a key that is too short (CN=a is bad)."),
    problem("warns of a weak signature", "weak-signature", "warn", "has a weak signature (CN=a is bad)."),
    problem("warns of an unusual certificate", "unusual-usage", "warn", "is rejected by some clients (CN=a is bad)."),
    ...validityCases((name, answer, expected) => one(name, answer, expected)),
    ...clockCases((name, { answer, clocks }, expected) =>
      one(name, answer, expected, { more: NTP_SERVERS, answers: clocks }),
    ),
    one("has one finding for each thing that is wrong", servedCertificate(["expired", "name-mismatch", "untrusted"]), {
      verdict: "fail",
      findings: [
        ["name-mismatch", "«address»"],
        ["expired", "«address»"],
      ],
    }),
    one(
      "shows the first five of many names",
      servedCertificate(["name-mismatch"], {
        dns_names: Array.from({ length: 900 }, (_, index) => `h${index}.example.com`),
        ip_addresses: ["10.0.0.9"],
      }),
      { verdict: "fail", findings: [["name-mismatch", "«address»", "h4.example.com and 896 more."]] },
    ),
    one(
      "evaluates a certificate that was shown before the handshake broke off",
      { ...servedCertificate(["expired"]), status: "no-answer", reason: "protocol" },
      { verdict: "fail", findings: [["expired", "«address»"]] },
    ),

    one(
      "does not apply where the certificate is not verified",
      servedCertificate(["expired"]),
      {
        verdict: "not-applicable",
        reason: "verify_tls is off",
      },
      { more: "  verify_tls: false" },
    ),
    ...(["silent", "reset", "protocol", "plain-http"] as const).map((reason) =>
      one(
        `says nothing of a certificate that it did not see (${reason})`,
        { status: "no-answer", reason },
        {
          verdict: "inconclusive",
          reason: `10.0.0.9 did not present a certificate (${reason})`,
        },
      ),
    ),
    ...(["deadline", "aborted", "not-recorded", "own-network-error"] as const).map((reason) =>
      one(
        `says nothing of a certificate that was not asked for (${reason})`,
        { status: "not-asked", reason },
        {
          verdict: "inconclusive",
          reason: `10.0.0.9 did not present a certificate (${reason})`,
        },
      ),
    ),
    ...(["refused", "timeout"] as const).map((reason) =>
      one(
        `leaves a closed port to another rule (${reason})`,
        trusted,
        {
          verdict: "inconclusive",
          reason: `connection to 10.0.0.9 failed (${reason})`,
        },
        { tcp: { status: "no-answer", reason } },
      ),
    ),
    one(
      "says nothing while the port was not tried",
      trusted,
      {
        verdict: "inconclusive",
        reason: "connection to 10.0.0.9 failed (deadline)",
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
      { verdict: "inconclusive", reason: "connection to 2001:db8::9 failed (timeout)" },
    ),
    two(
      "fails what is proven although another address shows nothing",
      {
        [`tls 10.0.0.9 443 ${NAME}`]: servedCertificate(["expired"]),
        "tcp 2001:db8::9 443": { status: "no-answer", reason: "timeout" },
      },
      { verdict: "fail", findings: [["expired", "«address»"]] },
    ),
    two(
      "passes over an address that this machine has no route to",
      { [`tls 10.0.0.9 443 ${NAME}`]: trusted, "tcp 2001:db8::9 443": NO_ROUTE },
      { verdict: "pass" },
    ),
    two(
      "cannot tell when this machine has no route to any",
      { "tcp 10.0.0.9 443": NO_ROUTE, "tcp 2001:db8::9 443": NO_ROUTE },
      { verdict: "inconclusive", reason: "connection to 10.0.0.9 failed (own-network-error)" },
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
