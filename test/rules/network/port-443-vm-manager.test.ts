import rule from "../../../rules/network/port-443-vm-manager.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";
import { BROKEN_ENDPOINTS, brokenHandshake, vsphereEndpoint } from "../../support/https-script.ts";
import { dnsRecords, type Script, servedCertificate } from "../../support/scripted-answers.ts";

const NO_ROUTE = { status: "not-asked", reason: "own-network-error" } as const;

const NAME = "vcenter01.example.com";

const manager = (
  name: string,
  given: { readonly written: string; readonly subject?: string; readonly answers?: Script },
  expected: RuleCase["expect"][string],
): RuleCase => ({
  name,
  deployment: `
dns_servers: [10.0.0.1]
vm_manager:
  address: «address|${given.written}»
`,
  answers: given.answers ?? {},
  expect: { [`vm-manager:${given.subject ?? given.written}`]: expected },
});

const refused = (
  reason: "refused" | "timeout" | "unreachable" | "admin-prohibited" | "unreachable-or-prohibited" | "reset",
) => ({ status: "no-answer", reason }) as const;

/** A manager by name, with an IPv4 and an IPv6 address. */
const named = (name: string, answers: Script, expected: RuleCase["expect"][string]) =>
  manager(
    name,
    {
      written: NAME,
      answers: {
        [`dns 10.0.0.1 53 ${NAME} A`]: dnsRecords(NAME, ["A", "10.0.0.9"]),
        [`dns 10.0.0.1 53 ${NAME} AAAA`]: dnsRecords(NAME, ["AAAA", "2001:db8::9"]),
        ...answers,
      },
    },
    expected,
  );

ruleTester.run(
  rule,
  [
    manager(
      "passes an address that accepts",
      { written: "10.0.0.9", answers: vsphereEndpoint("10.0.0.9") },
      {
        verdict: "pass",
      },
    ),
    manager(
      "names the fix of either cause where the operating system reports one error for both",
      { written: "10.0.0.9", answers: { "tcp 10.0.0.9 443": refused("unreachable-or-prohibited") } },
      {
        verdict: "fail",
        findings: [
          [
            "closed",
            "«address»",
            "at 10.0.0.9 port 443 (unreachable-or-prohibited; correct the address or the route, or open the port in the firewall).",
          ],
        ],
      },
    ),
    ...(["refused", "timeout", "unreachable", "admin-prohibited", "reset"] as const).map((reason) =>
      manager(
        `fails an address that ends in ${reason}`,
        { written: "10.0.0.9", answers: { "tcp 10.0.0.9 443": refused(reason) } },
        {
          verdict: "fail",
          findings: [
            [
              "closed",
              "«address»",
              `VM manager 10.0.0.9 does not accept TCP connections at 10.0.0.9 port 443 (${reason})`,
            ],
          ],
        },
      ),
    ),
    manager(
      "tries the port that is written",
      {
        written: '"[2001:DB8::9]:8443"',
        subject: "[2001:DB8::9]:8443",
        answers: vsphereEndpoint("2001:db8::9", undefined, { port: 8443 }),
      },
      { verdict: "pass" },
    ),
    manager(
      "does not take port 443 for the port that is written",
      { written: '«2|"10.0.0.9:8443"»', subject: "10.0.0.9:8443", answers: vsphereEndpoint("10.0.0.9") },
      { verdict: "fail", findings: [["closed", "«2»", "port 8443 (timeout)"]] },
    ),

    named(
      "passes a name when each of its addresses accepts",
      { ...vsphereEndpoint("10.0.0.9", NAME), ...vsphereEndpoint("2001:db8::9", NAME) },
      {
        verdict: "pass",
      },
    ),
    named(
      "fails for the one address that is dead",
      { ...vsphereEndpoint("10.0.0.9", NAME), "tcp 2001:db8::9 443": refused("timeout") },
      {
        verdict: "fail",
        findings: [["closed", "«address»", "at 2001:db8::9 port 443 (timeout)"]],
      },
    ),
    named(
      "has a finding for each address that is dead",
      {},
      {
        verdict: "fail",
        findings: [
          ["closed", "«address»", "at 10.0.0.9 port 443"],
          ["closed", "«address»", "at 2001:db8::9 port 443"],
        ],
      },
    ),
    named(
      "passes over a family that this machine has no route to when the other accepts",
      { ...vsphereEndpoint("10.0.0.9", NAME), "tcp 2001:db8::9 443": NO_ROUTE },
      { verdict: "pass" },
    ),
    named(
      "fails for the address that it could try",
      { "tcp 10.0.0.9 443": refused("refused"), "tcp 2001:db8::9 443": NO_ROUTE },
      { verdict: "fail", findings: [["closed", "«address»", "at 10.0.0.9 port 443 (refused)"]] },
    ),
    named(
      "says nothing when this machine has no route at all",
      { "tcp 10.0.0.9 443": NO_ROUTE, "tcp 2001:db8::9 443": NO_ROUTE },
      { verdict: "inconclusive", reason: "(10.0.0.9: own-network-error, 2001:db8::9: own-network-error)" },
    ),
    ...(["deadline", "aborted", "not-recorded", "denied"] as const).map((reason) =>
      named(
        `does not pass while an address was not tried (${reason})`,
        { ...vsphereEndpoint("10.0.0.9", NAME), "tcp 2001:db8::9 443": { status: "not-asked", reason } },
        {
          verdict: "inconclusive",
          reason: `not every address could be tried (10.0.0.9: open, 2001:db8::9: ${reason})`,
        },
      ),
    ),

    ...BROKEN_ENDPOINTS.map(([title, answers, severity, message, words]) =>
      manager(
        `fails at ${severity}: ${title}`,
        { written: "10.0.0.9", answers: vsphereEndpoint("10.0.0.9", undefined, answers) },
        { verdict: "fail", severity, findings: [[message, "«address»", words]] },
      ),
    ),
    ...(["expired", "not-yet-valid", "name-mismatch", "incomplete-chain", "untrusted"] as const).map((reason) =>
      manager(
        `passes a certificate that is not to be trusted (${reason})`,
        { written: "10.0.0.9", answers: vsphereEndpoint("10.0.0.9", undefined, { tls: servedCertificate([reason]) }) },
        { verdict: "pass" },
      ),
    ),
    ...(["timeout", "refused", "deadline", "not-recorded"] as const).map((reason) =>
      manager(
        `does not pass a port whose handshake is not known (${reason})`,
        {
          written: "10.0.0.9",
          answers: vsphereEndpoint("10.0.0.9", undefined, {
            tls: { ...brokenHandshake(reason), status: reason.includes("e") ? "not-asked" : "no-answer" },
          }),
        },
        { verdict: "inconclusive", severity: "error", reason: `it is unknown whether 10.0.0.9 uses TLS (${reason})` },
      ),
    ),
    ...([401, 403, 407, 500, 502] as const).map((http_status) =>
      manager(
        `does not know what returns HTTP ${http_status}, which does not fail the gate`,
        {
          written: "10.0.0.9",
          answers: vsphereEndpoint("10.0.0.9", undefined, { api: { reason: "http-status", http_status } }),
        },
        {
          verdict: "inconclusive",
          severity: "info",
          reason: `whether 10.0.0.9 is a vSphere endpoint is not known (HTTP ${http_status})`,
        },
      ),
    ),
    ...(
      [
        ["vcenter", "HostAgent", "should be a vCenter Server, but 10.0.0.9 is an ESXi host"],
        ["esxi", "VirtualCenter", "should be an ESXi host, but 10.0.0.9 is a vCenter Server"],
      ] as const
    ).map(([type, api_type, words]) => ({
      name: `warns that it ${words}`,
      deployment: `vm_manager: { address: «address|10.0.0.9», type: ${type} }`,
      answers: vsphereEndpoint("10.0.0.9", undefined, {
        api: { about: { api_type, version: "7.0.3", build: null } },
      }),
      expect: {
        "vm-manager:10.0.0.9": { verdict: "fail", severity: "warn", findings: [["otherProduct", "«address»", words]] },
      } as const,
    })),
    ...(
      [
        ["esxi", { api_type: "HostAgent", version: "7.0.3", build: null }],
        ["vcenter", null],
        ["vcenter", { api_type: "SomethingElse", version: null, build: null }],
      ] as const
    ).map(([type, about]) => ({
      name: `passes type ${type} where the endpoint is ${JSON.stringify(about)}`,
      deployment: `vm_manager: { address: 10.0.0.9, type: ${type} }`,
      answers: vsphereEndpoint("10.0.0.9", undefined, { api: { about } }),
      expect: { "vm-manager:10.0.0.9": { verdict: "pass" } } as const,
    })),

    manager(
      "does not judge a name that does not resolve",
      { written: NAME },
      {
        verdict: "inconclusive",
        reason: `${NAME} does not resolve to an address (10.0.0.1: NXDOMAIN)`,
      },
    ),
    named(
      "does not judge a name that the DNS server does not tell about",
      {
        [`dns 10.0.0.1 53 ${NAME} A`]: { status: "no-answer", reason: "timeout" },
        [`dns 10.0.0.1 53 ${NAME} AAAA`]: { status: "no-answer", reason: "timeout" },
      },
      { verdict: "inconclusive", reason: `no DNS server answered for ${NAME} (10.0.0.1: timeout)` },
    ),
    {
      name: "does not judge a name without a DNS server",
      deployment: `vm_manager: { address: ${NAME} }`,
      expect: {
        [`vm-manager:${NAME}`]: {
          verdict: "inconclusive",
          missing: ["no DNS server is declared where one is used"],
        },
      },
    },
    {
      name: "asks the management node's DNS servers",
      deployment: `
dns_servers: [10.0.0.1]
vm_manager: { address: ${NAME} }
management_node: { name: m, hostname: m, dns_servers: ["10.0.0.2:5353"] }
`,
      answers: {
        [`dns 10.0.0.2 5353 ${NAME} A`]: dnsRecords(NAME, ["A", "10.0.0.9"]),
        ...vsphereEndpoint("10.0.0.9", NAME),
      },
      expect: { [`vm-manager:${NAME}`]: { verdict: "pass" } },
    },
    ...["https://vcenter01.example.com/ui", "vcenter 01", "10.0.0.9:70000", ""].map((text) =>
      manager(
        `does not try ${JSON.stringify(text)}`,
        { written: JSON.stringify(text), subject: text },
        {
          verdict: "inconclusive",
          missing: [`vm_manager.address ${JSON.stringify(text)} is neither an address nor a host name`],
        },
      ),
    ),
    {
      name: "does not know a manager that has no address",
      deployment: "vm_manager: { type: vcenter }",
      expect: {
        "vm-manager:vm_manager": {
          verdict: "inconclusive",
          missing: ["vm_manager.address is not in the deployment"],
        },
      },
    },
    {
      name: "does not clear an automatic deployment without a manager",
      deployment: "conferencing_nodes: [{ name: a, hostname: a, deployment_type: AUTOMATIC }]",
      expect: {
        "deployment:deployment": { verdict: "inconclusive", missing: ["vm_manager is not in the deployment"] },
      },
    },
    ...["vm_manager: null", "conferencing_nodes: []"].map((text) => ({
      name: `does not apply without a manager (${text})`,
      deployment: text,
      expect: {
        "deployment:deployment": { verdict: "not-applicable", reason: "no VM manager is declared" },
      } as const,
    })),
  ],
  { sharedAnswers: true, optional: ["type"] },
);
