import { expect, it } from "vitest";
import rule from "../../../rules/dns/server-reachable.ts";
import type { Attempt, DnsAnswer } from "../../../src/engine/api/question.ts";
import { checksOf, ruleTester, type RuleCase } from "../../support/rule-tester.ts";
import { dnsRecords, type Script } from "../../support/scripted-answers.ts";

const FQDN = "conf01.example.com";

/** One node, whose name is the only thing to look up. */
const deployment = (server: string) => `
dns_servers: [${server}]
management_node:
  name: m
  hostname: conf01
  domain: example.com
`;

const both = (answer: Partial<DnsAnswer>, server = "10.0.0.1 53"): Script => ({
  [`dns ${server} ${FQDN} A`]: answer,
  [`dns ${server} ${FQDN} AAAA`]: answer,
});

const server = (
  name: string,
  answers: Script,
  expected: RuleCase["expect"][string],
  given: { readonly written?: string; readonly subject?: string } = {},
): RuleCase => ({
  name,
  deployment: deployment(given.written ?? "«10.0.0.1»"),
  answers,
  expect: { [`dns-server:${given.subject ?? given.written ?? "10.0.0.1"}`]: expected },
});

const OK = dnsRecords(FQDN, ["A", "192.0.2.21"]);
const udp = (result: string): Attempt => ({ transport: "udp", duration_ms: 1, result });
const tcp = (result: string): Attempt => ({ transport: "tcp", duration_ms: 1, result });

const BY_TCP = `dns 10.0.0.1 53 ${FQDN} A tcp`;

ruleTester.run(
  rule,
  [
    server("passes a server that knows the node's name", both(OK), { verdict: "pass" }),
    ...(["nxdomain", "nodata", "cname-loop"] as const).map((reason) =>
      server(`passes a server that says ${reason}: it was reached`, both({ status: "answered", reason }), {
        verdict: "pass",
      }),
    ),
    ...(
      [
        ["closed", tcp("open, then closed"), "timeout", "open, then closed"],
        ["refused", tcp("port-unreachable (ECONNREFUSED)"), "port-unreachable", "port-unreachable (ECONNREFUSED)"],
        ["dropped", tcp("timeout"), "timeout", "timeout"],
      ] as const
    ).map(([what, attempt, reason, shown]) =>
      server(
        `warns of a server whose TCP port is ${what}`,
        { ...both(OK), [BY_TCP]: { status: "no-answer", reason, attempts: [attempt] } },
        {
          verdict: "fail",
          findings: [["noTcp", `DNS server 10.0.0.1 answers over UDP only (TCP port 53: ${shown})`]],
        },
      ),
    ),
    server(
      "gives the reason where no attempt over TCP is recorded",
      { ...both(OK), [BY_TCP]: { status: "no-answer", reason: "timeout" } },
      { verdict: "fail", findings: [["noTcp", "(TCP port 53: timeout)"]] },
    ),
    server(
      "does not take the name in an attempt for its result",
      both({ ...OK, attempts: [udp("noerror for timeout.example.com"), tcp("noerror for a.example")] }),
      { verdict: "pass" },
    ),
    server(
      "passes an answer without an attempt over TCP",
      both({ ...OK, attempts: [udp("timeout"), udp("timeout")] }),
      { verdict: "pass" },
    ),
    server(
      "does not pass while TCP was not tried",
      { ...both(OK), [BY_TCP]: { status: "not-asked", reason: "deadline" } },
      { verdict: "inconclusive", reason: "it was not queried over TCP (deadline)" },
    ),
    server(
      "says of a server that answers over TCP alone, after it was queried over nothing else",
      both({ ...OK, attempts: [tcp("noerror for a.example")] }),
      { verdict: "fail", findings: [["tcpOnly"]] },
    ),
    server(
      "passes a server that answers one question of two",
      {
        ...both({ status: "no-answer", reason: "timeout" }),
        [`dns 10.0.0.1 53 ${FQDN} AAAA`]: { status: "answered", reason: "nodata" },
      },
      { verdict: "pass" },
    ),
    server(
      "passes a server that cannot resolve one of two names: that is the name's trouble",
      {
        ...both({ status: "answered", reason: "servfail" }),
        [`dns 10.0.0.1 53 ${FQDN} A`]: OK,
      },
      { verdict: "pass" },
    ),
    server(
      "names the fix of either cause where the operating system reports one error for both",
      both({ status: "no-answer", reason: "unreachable-or-prohibited" }),
      {
        verdict: "fail",
        severity: "error",
        findings: [
          [
            "silent",
            "(unreachable-or-prohibited; correct the address or the route, or open the port in the firewall).",
          ],
        ],
      },
    ),
    ...(["timeout", "port-unreachable", "unreachable", "admin-prohibited", "malformed", "truncated"] as const).map(
      (reason) =>
        server(`fails a server that ends in ${reason}`, both({ status: "no-answer", reason }), {
          verdict: "fail",
          severity: "error",
          findings: [["silent", `DNS server 10.0.0.1 did not return a valid response to any query (${reason}).`]],
        }),
    ),
    ...(
      [
        ["servfail", "SERVFAIL"],
        ["refused", "REFUSED"],
        ["notimp", "NOTIMP"],
        ["formerr", "FORMERR"],
        ["other-rcode", "other-rcode"],
        ["lame", "lame"],
        ["referral", "referral"],
      ] as const
    ).map(([reason, word]) =>
      server(`fails a server that only says ${reason}`, both({ status: "answered", reason }), {
        verdict: "fail",
        findings: [["unwilling", `DNS server 10.0.0.1 does not resolve any name (${word}).`]],
      }),
    ),
    server(
      "tells a refusal and silence together as a refusal",
      {
        ...both({ status: "no-answer", reason: "timeout" }),
        [`dns 10.0.0.1 53 ${FQDN} AAAA`]: { status: "answered", reason: "refused" },
      },
      { verdict: "fail", findings: [["unwilling", "(timeout, REFUSED)"]] },
    ),
    server(
      "warns of a server that answers over TCP alone",
      both({ ...OK, attempts: [udp("timeout"), udp("timeout; 1 ignored"), tcp(`noerror for ${FQDN}`)] }),
      {
        verdict: "fail",
        severity: "warn",
        findings: [
          ["tcpOnly", "DNS server 10.0.0.1 answers over TCP only; it does not return valid responses on UDP port 53."],
        ],
      },
    ),
    server(
      "passes a server whose long answer came over TCP",
      both({ ...OK, attempts: [udp("truncated"), tcp("noerror")] }),
      {
        verdict: "pass",
      },
    ),
    server(
      "passes a server that answers over UDP at times",
      {
        ...both({ ...OK, attempts: [udp("timeout"), udp("timeout"), tcp("noerror")] }),
        [`dns 10.0.0.1 53 ${FQDN} AAAA`]: {
          status: "answered",
          reason: "nodata",
          attempts: [udp("timeout"), udp("noerror")],
        },
      },
      { verdict: "pass" },
    ),
    ...(["deadline", "aborted", "not-recorded", "own-network-error"] as const).map((reason) =>
      server(`says nothing of a server that was not asked (${reason})`, both({ status: "not-asked", reason }), {
        verdict: "inconclusive",
        reason: `it could not be queried (${reason})`,
      }),
    ),
    server(
      "fails by the silence that it met, although time ran out for the rest",
      {
        ...both({ status: "not-asked", reason: "deadline" }),
        [`dns 10.0.0.1 53 ${FQDN} A`]: { status: "no-answer", reason: "timeout" },
      },
      { verdict: "fail", findings: [["silent", "(timeout)"]] },
    ),
    server(
      "fails by the silence that it met, which spared it the rest",
      {
        ...both({ status: "not-asked", reason: "server-silent" }),
        [`dns 10.0.0.1 53 ${FQDN} A`]: { status: "no-answer", reason: "timeout" },
      },
      { verdict: "fail", findings: [["silent", "(timeout)"]] },
    ),
    server(
      "asks an IPv6 server at the port that is written",
      both(OK, "2001:db8::1 5353"),
      { verdict: "pass" },
      {
        written: '"[2001:DB8::1]:5353"',
        subject: "[2001:db8::1]:5353",
      },
    ),
    server(
      "does not take an answer on port 53 for one on the port that is written",
      { ...both(OK), ...both({ status: "no-answer", reason: "timeout" }, "10.0.0.1 5353") },
      { verdict: "fail", findings: [["silent"]] },
      { written: '«"10.0.0.1:5353"»', subject: "10.0.0.1:5353" },
    ),
    server(
      "does not ask a server that is no address",
      {},
      {
        verdict: "inconclusive",
        missing: ['DNS server "ns1.example.com" is not an IP address, so it cannot be queried'],
      },
      { written: "ns1.example.com" },
    ),
    {
      name: "judges the servers of a list apart",
      deployment: deployment("10.0.0.1, «10.0.0.2»"),
      answers: { ...both(OK), ...both({ status: "no-answer", reason: "timeout" }, "10.0.0.2 53") },
      expect: {
        "dns-server:10.0.0.1": { verdict: "pass" },
        "dns-server:10.0.0.2": { verdict: "fail", findings: [["silent"]] },
      },
    },
    {
      name: "asks for the root servers where there is no name to look up",
      deployment: "dns_servers: [«10.0.0.1»]\nmanagement_node: { name: m, hostname: conf01 }",
      answers: { "dns 10.0.0.1 53 . NS": { status: "answered", reason: "refused" } },
      expect: {
        "dns-server:10.0.0.1": { verdict: "fail", findings: [["unwilling", "(REFUSED)"]] },
      },
    },
    {
      name: "does not ask for what is no name",
      deployment: "dns_servers: [«10.0.0.1»]\nmanagement_node: { name: m, hostname: 'conf 01', domain: example.com }",
      answers: { "dns 10.0.0.1 53 . NS": { status: "no-answer", reason: "timeout" } },
      expect: { "dns-server:10.0.0.1": { verdict: "fail", findings: [["silent"]] } },
    },
    {
      name: "does not take a missing list for one without servers",
      deployment: "management_node: { name: m, hostname: m }\nconferencing_nodes: []",
      expect: {
        "deployment:deployment": { verdict: "inconclusive", missing: ["no DNS server is declared where one is used"] },
      },
    },
    {
      name: "does not apply where nobody uses a server",
      deployment: "dns_servers: [10.0.0.1]\nconferencing_nodes: []",
      expect: { "deployment:deployment": { verdict: "not-applicable", reason: "no DNS server is in use" } },
    },
  ],
  { sharedAnswers: true, optional: ["domain"] },
);

it("sends the queries of other rules, so that it is the root cause of inconclusive checks", async () => {
  const [check] = await checksOf(rule, {
    deployment: `
dns_servers: [10.0.0.1]
ntp_servers: [ntp1.example.com, 10.0.0.5]
vm_manager: { address: vcenter01.example.com }
domains: [{ name: example.com, services: [sips] }]
management_node: { name: m, hostname: conf01, domain: example.com, address: 192.0.2.21, alternative_fqdn: SIP.example.net. }
`,
  });
  // Two types for each of four names; one for the address, one for the service; one of them again over TCP.
  expect(check?.evidence).toHaveLength(11);
});
