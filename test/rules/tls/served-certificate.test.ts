import rule from "../../../rules/tls/served-certificate.ts";
import type { TlsProblem } from "../../../src/engine/api/question.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";
import { servedCertificate, type Script } from "../../support/scripted-answers.ts";

const FQDN = "conf01.example.com";
const KEY = `tls 192.0.2.21 5061 ${FQDN}`;
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

const problem = (name: string, kind: TlsProblem, words: string) =>
  served(name, servedCertificate([kind], { dns_names: ["pexip.example.net"] }), {
    verdict: "fail",
    severity: "info",
    findings: [[kind, "«address»", words]],
  });

ruleTester.run(
  rule,
  [
    served("passes a complete, valid certificate for the node", servedCertificate([], { dns_names: [FQDN] }), {
      verdict: "pass",
    }),
    problem(
      "fails an expired certificate",
      "expired",
      "The certificate that node a serves on port 5061, or one above it, has expired (its own on 2026-12-31).",
    ),
    problem(
      "fails a certificate that is not valid yet",
      "not-yet-valid",
      "is not valid yet (its own from 2026-01-01).",
    ),
    problem(
      "fails a certificate without that of its issuer",
      "incomplete-chain",
      "Node a does not send the certificate of its issuer CN=Example CA on port 5061, and it is no known CA.",
    ),
    problem(
      "fails a certificate for another name",
      "name-mismatch",
      "The certificate that node a serves on port 5061 does not cover conf01.example.com; it covers pexip.example.net.",
    ),
    served(
      "has one finding for each thing that is wrong",
      servedCertificate(["expired", "name-mismatch", "untrusted"]),
      {
        verdict: "fail",
        findings: [
          ["expired", "«address»"],
          ["name-mismatch", "«address»"],
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
      "says what a certificate without names and dates lacks",
      servedCertificate(["expired", "not-yet-valid", "name-mismatch"], {
        dns_names: [],
        not_after: null,
        not_before: null,
      }),
      {
        verdict: "fail",
        findings: [
          ["expired", "«address»", "its own on an unreadable date"],
          ["not-yet-valid", "«address»", "its own from an unreadable date"],
          ["name-mismatch", "«address»", "it covers no name at all"],
        ],
      },
    ),
    served(
      "names the fix of either cause where the operating system reports one error for both",
      { status: "no-answer", reason: "unreachable-or-prohibited" },
      {
        verdict: "inconclusive",
        reason:
          "no certificate could be seen at 192.0.2.21 port 5061 (unreachable-or-prohibited; correct the address or the route, or open the port in the firewall)",
      },
    ),
    ...(["timeout", "refused", "reset", "protocol", "admin-prohibited"] as const).map((reason) =>
      served(
        `says nothing of a certificate that it did not see (${reason})`,
        { status: "no-answer", reason },
        {
          verdict: "inconclusive",
          reason: `no certificate could be seen at 192.0.2.21 port 5061 (${reason})`,
        },
      ),
    ),
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
        reason: "the node is not deployed yet",
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
        "deployment:deployment": { verdict: "not-applicable", reason: "the deployment has no conferencing node" },
      },
    },
  ],
  { sharedAnswers: true },
);
