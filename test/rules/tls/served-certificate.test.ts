import rule from "../../../rules/tls/served-certificate.ts";
import type { TlsProblem } from "../../../src/engine/api/question.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";
import { clockCases, NTP_SERVERS, validityCases } from "../../support/served-cases.ts";
import { servedCertificate, type Script } from "../../support/scripted-answers.ts";

const FQDN = "conf01.example.com";
const KEY = `tls 192.0.2.21 5061 ${FQDN}`;
const NO_ROUTE = { status: "not-asked", reason: "own-network-error" } as const;
const RUNNING = "virtual_machines: [{ name: a, power_state: poweredOn }]";

const deployment = (fields = "") => `
conferencing_nodes:
  - name: a
    hostname: conf01
    domain: example.com
    address: «address|192.0.2.21»
    ${fields}
`;

const evaluated = (
  name: string,
  given: { readonly fields?: string; readonly inventory?: string | null; readonly answers?: Script },
  expected: RuleCase["expect"][string],
): RuleCase => {
  const { fields, inventory = RUNNING, answers = {} } = given;
  return {
    name,
    deployment: deployment(fields),
    ...(inventory !== null && { inventory }),
    answers,
    expect: { "node:a": expected },
  };
};

const served = (name: string, answer: Script[string], expected: RuleCase["expect"][string]) =>
  evaluated(name, { answers: { [KEY]: answer } }, expected);

const problem = (name: string, kind: TlsProblem, severity: "error" | "warn", words: string) =>
  served(
    name,
    { ...servedCertificate([kind], { dns_names: ["pexip.example.net"] }), detail: "CN=a is bad." },
    { verdict: "fail", severity, findings: [[kind, "«address»", words]] },
  );

ruleTester.run(
  rule,
  [
    served("passes a complete, valid certificate for the node", servedCertificate([], { dns_names: [FQDN] }), {
      verdict: "pass",
    }),
    problem(
      "fails an expired certificate",
      "expired",
      "error",
      "The certificate that node a serves at 192.0.2.21 port 5061, or one of its issuers, expired on 2026-12-31.",
    ),
    problem(
      "fails a certificate that is not valid yet",
      "not-yet-valid",
      "error",
      "is not valid yet (leaf valid from 2026-01-01).",
    ),
    problem(
      "fails a certificate without that of its issuer",
      "incomplete-chain",
      "warn",
      "Node a does not send the certificate of its issuer CN=Example CA at 192.0.2.21 port 5061, and that issuer is not in ca_certificates.",
    ),
    problem(
      "fails a certificate for another name",
      "name-mismatch",
      "error",
      "The certificate that node a serves at 192.0.2.21 port 5061 does not cover conf01.example.com; it covers pexip.example.net.",
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
    ...validityCases((name, answer, expected) => served(name, answer, expected)),
    served(
      "warns of a running node that refuses connections",
      { status: "no-answer", reason: "refused" },
      {
        verdict: "fail",
        severity: "warn",
        findings: [["refused", "«address»", "Node a is running but refuses connections at 192.0.2.21 port 5061"]],
      },
    ),
    served(
      "has one finding for each thing that is wrong",
      servedCertificate(["expired", "name-mismatch", "untrusted"]),
      {
        verdict: "fail",
        findings: [
          ["name-mismatch", "«address»"],
          ["expired", "«address»"],
        ],
      },
    ),
    served("leaves it to clients whom they trust", servedCertificate(["untrusted"]), { verdict: "pass" }),
    served(
      "judges a certificate that was shown before the node asked for one itself",
      {
        ...servedCertificate(["expired"]),
        status: "no-answer",
        reason: "protocol",
      },
      { verdict: "fail", findings: [["expired", "«address»"]] },
    ),
    served(
      "says what a certificate without names lacks",
      servedCertificate(["not-yet-valid", "name-mismatch"], { dns_names: [], not_before: null }),
      {
        verdict: "fail",
        findings: [
          ["name-mismatch", "«address»", "it covers no name at all"],
          ["not-yet-valid", "«address»", "leaf valid from an unreadable date"],
        ],
      },
    ),
    served(
      "does not know whether a certificate without a readable date is valid",
      servedCertificate(["untrusted"], { not_after: null }),
      { verdict: "inconclusive", reason: "a date of the certificate, or of one of its issuers, cannot be read" },
    ),
    served(
      "names the fix of either cause where the operating system reports one error for both",
      { status: "no-answer", reason: "unreachable-or-prohibited" },
      {
        verdict: "inconclusive",
        reason:
          "no certificate was received from 192.0.2.21 port 5061 (unreachable-or-prohibited; correct the address or the route, or open the port in the firewall)",
      },
    ),
    ...(["timeout", "reset", "silent", "protocol", "admin-prohibited"] as const).map((reason) =>
      served(
        `says nothing of a certificate that it did not see (${reason})`,
        { status: "no-answer", reason },
        {
          verdict: "inconclusive",
          reason: `no certificate was received from 192.0.2.21 port 5061 (${reason})`,
        },
      ),
    ),
    ...clockCases((name, { answer, clocks }, expected) => ({
      name,
      deployment: deployment() + NTP_SERVERS,
      inventory: RUNNING,
      answers: { [KEY]: answer, ...clocks },
      expect: { "node:a": expected },
    })),
    ...(["deadline", "aborted", "not-recorded", "own-network-error"] as const).map((reason) =>
      served(
        `says nothing of a certificate that was not asked for (${reason})`,
        { status: "not-asked", reason },
        {
          verdict: "inconclusive",
          reason: `(${reason})`,
        },
      ),
    ),

    evaluated(
      "asks by the SIP TLS FQDN where there is one",
      {
        fields: "alternative_fqdn: SIP01.example.net.",
        answers: { "tls 192.0.2.21 5061 sip01.example.net": servedCertificate(["name-mismatch"]) },
      },
      { verdict: "fail", findings: [["name-mismatch", "«address»", "does not cover sip01.example.net; "]] },
    ),
    evaluated(
      "asks the secondary interface, which clients use",
      {
        fields: "secondary_address: «secondary_address|198.51.100.21»",
        answers: {
          [KEY]: servedCertificate(),
          [`tls 198.51.100.21 5061 ${FQDN}`]: servedCertificate(["expired"]),
        },
      },
      { verdict: "fail", findings: [["expired", "«secondary_address»"]] },
    ),
    ...(
      [
        [
          servedCertificate(),
          servedCertificate(["expired"]),
          [["expired", "«ipv6_address»", "at 2001:db8::21 port 5061"]],
        ],
        [servedCertificate(["expired"]), servedCertificate(), [["expired", "«address»"]]],
        [servedCertificate(), { status: "no-answer", reason: "refused" }, [["refused", "«ipv6_address»"]]],
        [NO_ROUTE, servedCertificate(["expired"]), [["expired", "«ipv6_address»"]]],
        [servedCertificate(["expired"]), NO_ROUTE, [["expired", "«address»"]]],
      ] as const
    ).map(([four, six, findings], index) =>
      evaluated(
        `evaluates both address families (${index})`,
        {
          fields: "ipv6_address: «ipv6_address|2001:DB8::21»",
          answers: { [KEY]: four, [`tls 2001:db8::21 5061 ${FQDN}`]: six },
        },
        { verdict: "fail", findings },
      ),
    ),
    evaluated(
      "passes over a family that this machine does not have",
      {
        fields: "ipv6_address: 2001:db8::21",
        answers: { [KEY]: servedCertificate(), [`tls 2001:db8::21 5061 ${FQDN}`]: NO_ROUTE },
      },
      { verdict: "pass" },
    ),
    evaluated(
      "does not pass over a family that shows nothing",
      { fields: "ipv6_address: 2001:db8::21", answers: { [KEY]: servedCertificate() } },
      { verdict: "inconclusive", reason: "no certificate was received from 2001:db8::21 port 5061 (timeout)" },
    ),
    evaluated(
      "does not ask what is no address",
      { fields: "secondary_address: 198.51.100.321" },
      {
        verdict: "inconclusive",
        reason: '"198.51.100.321" is not an IP address',
      },
    ),

    evaluated(
      "does not apply before the node is deployed",
      { inventory: "virtual_machines: []" },
      {
        verdict: "not-applicable",
        reason: "applies after deployment",
      },
    ),
    ...["poweredOff", "suspended"].map((state) =>
      evaluated(
        `does not apply to a VM that does not run (${state})`,
        {
          inventory: `virtual_machines: [{ name: a, power_state: ${state} }]`,
        },
        { verdict: "not-applicable", reason: "the node's VM is not running" },
      ),
    ),
    evaluated(
      "does not know whether a VM runs when the inventory does not tell",
      {
        inventory: "virtual_machines: [{ name: a }]",
        answers: { [KEY]: servedCertificate() },
      },
      { verdict: "inconclusive", missing: ["virtual_machines.power_state"] },
    ),
    evaluated(
      "does not know whether there is a VM without an inventory",
      { inventory: null, answers: { [KEY]: servedCertificate() } },
      {
        verdict: "inconclusive",
        missing: ["no inventory given"],
      },
    ),
    {
      name: "does not know the address of a node that has none",
      deployment: "conferencing_nodes: [{ name: a, hostname: conf01, domain: example.com }]",
      inventory: RUNNING,
      expect: {
        "node:a": { verdict: "inconclusive", missing: ["conferencing_nodes.address is not in the deployment"] },
      },
    },
    {
      name: "does not know the name of a node without a domain",
      deployment: "conferencing_nodes: [{ name: a, hostname: conf01, address: 192.0.2.21 }]",
      inventory: RUNNING,
      expect: {
        "node:a": { verdict: "inconclusive", missing: ["conferencing_nodes.domain is not in the deployment"] },
      },
    },
    {
      name: "does not apply to the Management Node, which takes no calls",
      deployment: "management_node: { name: m, hostname: m, address: 192.0.2.5 }\nconferencing_nodes: []",
      inventory: "virtual_machines: [{ name: m, power_state: poweredOn }]",
      expect: {
        "deployment:deployment": { verdict: "not-applicable", reason: "the deployment has no Conferencing Node" },
      },
    },
  ],
  { sharedAnswers: true, optional: ["ipv6_address"] },
);
