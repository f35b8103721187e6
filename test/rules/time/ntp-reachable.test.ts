import { expect, it } from "vitest";
import rule from "../../../rules/time/ntp-reachable.ts";
import { checksOf, ruleTester, type RuleCase } from "../../support/rule-tester.ts";
import { dnsRecords, ntpReply, type Script } from "../../support/scripted-answers.ts";

const OK = { status: "answered", reason: "ok", reply: ntpReply() } as const;
const SILENT = { status: "no-answer", reason: "timeout" } as const;
const NOT_ASKED = { status: "not-asked", reason: "deadline" } as const;

const NO_ROUTE = { status: "not-asked", reason: "own-network-error" } as const;

const NAME = "ntp1.example.com";

const deployment = (server: string) => `
dns_servers: [10.0.0.1, 10.0.0.2]
management_node:
  name: m
  hostname: m
  ntp_servers: [«1|${server}»]
conferencing_nodes: []
`;

const server = (
  name: string,
  given: { readonly written: string; readonly subject?: string; readonly answers?: Script },
  expected: RuleCase["expect"][string],
): RuleCase => ({
  name,
  deployment: deployment(given.written),
  answers: given.answers ?? {},
  expect: { [`ntp-server:${given.subject ?? given.written}`]: expected },
});

/** A server by name with two addresses, one of each family. */
const twoAddresses = (answers: Script): Script => ({
  [`dns 10.0.0.1 53 ${NAME} A`]: dnsRecords(NAME, ["A", "10.0.0.5"]),
  [`dns 10.0.0.1 53 ${NAME} AAAA`]: dnsRecords(NAME, ["AAAA", "2001:db8::5"]),
  [`dns 10.0.0.2 53 ${NAME} A`]: dnsRecords(NAME, ["A", "10.0.0.5"]),
  [`dns 10.0.0.2 53 ${NAME} AAAA`]: dnsRecords(NAME, ["AAAA", "2001:db8::5"]),
  ...answers,
});

const named = (name: string, answers: Script, expected: RuleCase["expect"][string]) =>
  server(name, { written: NAME, answers: twoAddresses(answers) }, expected);

ruleTester.run(
  rule,
  [
    named(
      "names the fix of either cause for one of two addresses",
      {
        "ntp 10.0.0.5 123": OK,
        "ntp 2001:db8::5 123": { status: "no-answer", reason: "unreachable-or-prohibited" },
      },
      {
        verdict: "fail",
        findings: [["addressSilent", "«1»", "correct the address or the route, or open the port in the firewall"]],
      },
    ),
    server(
      "passes an address that answers",
      { written: "10.0.0.5", answers: { "ntp 10.0.0.5 123": OK } },
      {
        verdict: "pass",
      },
    ),
    server(
      "fails an address that is silent",
      { written: "10.0.0.5" },
      {
        verdict: "fail",
        findings: [["unreachable", "«1»", "NTP server 10.0.0.5 did not return a valid response (10.0.0.5: no-reply)"]],
      },
    ),
    server(
      "names the fix of either cause where the operating system reports one error for both",
      {
        written: "10.0.0.5",
        answers: { "ntp 10.0.0.5 123": { status: "no-answer", reason: "unreachable-or-prohibited" } },
      },
      {
        verdict: "fail",
        findings: [
          [
            "unreachable",
            "«1»",
            "(10.0.0.5: unreachable-or-prohibited; correct the address or the route, or open the port in the firewall).",
          ],
        ],
      },
    ),
    ...(["port-unreachable", "unreachable", "admin-prohibited", "bad-reply"] as const).map((reason) =>
      server(
        `fails an address that ends in ${reason}`,
        { written: "10.0.0.5", answers: { "ntp 10.0.0.5 123": { status: "no-answer", reason } } },
        { verdict: "fail", findings: [["unreachable", "«1»", `(10.0.0.5: ${reason})`]] },
      ),
    ),
    ...(["kiss-of-death", "unsynchronised"] as const).map((reason) =>
      server(
        `leaves ${reason} to another rule: it is an answer`,
        { written: "10.0.0.5", answers: { "ntp 10.0.0.5 123": { status: "answered", reason } } },
        { verdict: "pass" },
      ),
    ),
    server(
      "asks an IPv6 address in its canonical form",
      {
        written: '"2001:DB8:0:0::5"',
        subject: "2001:db8::5",
        answers: { "ntp 2001:db8::5 123": OK },
      },
      { verdict: "pass" },
    ),
    server(
      "asks the port that is written",
      { written: '"[2001:db8::5]:1123"', subject: "[2001:db8::5]:1123", answers: { "ntp 2001:db8::5 1123": OK } },
      { verdict: "pass" },
    ),
    server(
      "does not take an answer on port 123 for one on the port that is written",
      { written: '«2|"10.0.0.5:1123"»', subject: "10.0.0.5:1123", answers: { "ntp 10.0.0.5 123": OK } },
      { verdict: "fail", findings: [["unreachable", "«2»"]] },
    ),
    server(
      "says nothing of a server that was not asked",
      { written: "10.0.0.5", answers: { "ntp 10.0.0.5 123": NOT_ASKED } },
      { verdict: "inconclusive", reason: "not every address could be queried (10.0.0.5: deadline)" },
    ),

    named(
      "passes a name when each of its addresses answers",
      { "ntp 10.0.0.5 123": OK, "ntp 2001:db8::5 123": OK },
      {
        verdict: "pass",
      },
    ),
    named(
      "warns of an address that is silent while the other one answers: IPv4",
      { "ntp 2001:db8::5 123": OK },
      {
        verdict: "fail",
        findings: [
          [
            "addressSilent",
            "«1»",
            "NTP server ntp1.example.com did not return a valid response at some of its addresses (10.0.0.5: no-reply)",
          ],
        ],
      },
    ),
    named(
      "warns of an address that is silent while the other one answers: IPv6",
      { "ntp 10.0.0.5 123": OK },
      { verdict: "fail", findings: [["addressSilent", "«1»", "(2001:db8::5: no-reply)"]] },
    ),
    {
      name: "warns once for the silent addresses of one family, and names them all",
      deployment: deployment(NAME),
      answers: {
        [`dns 10.0.0.1 53 ${NAME} A`]: dnsRecords(NAME, ["A", "10.0.0.5"], ["A", "10.0.0.6"], ["A", "10.0.0.7"]),
        [`dns 10.0.0.2 53 ${NAME} A`]: dnsRecords(NAME, ["A", "10.0.0.8"]),
        "ntp 10.0.0.5 123": OK,
        "ntp 10.0.0.7 123": OK,
      },
      expect: {
        [`ntp-server:${NAME}`]: {
          verdict: "fail",
          findings: [["addressSilent", "«1»", "(10.0.0.6: no-reply, 10.0.0.8: no-reply)"]],
        },
      },
    },
    named(
      "is inconclusive where this machine has no route of a family",
      { "ntp 10.0.0.5 123": OK, "ntp 2001:db8::5 123": NO_ROUTE },
      {
        verdict: "inconclusive",
        reason: "this machine has no IPv6 network, so IPv6 addresses of NTP servers were not queried",
      },
    ),
    named(
      "says nothing of a server while the other family has no route",
      { "ntp 2001:db8::5 123": NO_ROUTE },
      { verdict: "inconclusive", reason: "(10.0.0.5: no-reply, 2001:db8::5: own-network-error)" },
    ),
    named(
      "fails a name when none of its addresses answers, and names them all",
      {},
      {
        verdict: "fail",
        findings: [["unreachable", "«1»", "(10.0.0.5: no-reply, 2001:db8::5: no-reply)"]],
      },
    ),
    named(
      "does not fail while an address was not asked",
      { "ntp 2001:db8::5 123": NOT_ASKED },
      {
        verdict: "inconclusive",
        reason: "(10.0.0.5: no-reply, 2001:db8::5: deadline)",
      },
    ),
    named(
      "does not pass while an address was not asked",
      { "ntp 10.0.0.5 123": OK, "ntp 2001:db8::5 123": NOT_ASKED },
      { verdict: "inconclusive", reason: "not every address could be queried (2001:db8::5: deadline)" },
    ),
    named(
      "resolves by the other DNS server when one is silent",
      {
        [`dns 10.0.0.1 53 ${NAME} A`]: SILENT,
        [`dns 10.0.0.1 53 ${NAME} AAAA`]: SILENT,
        "ntp 10.0.0.5 123": OK,
        "ntp 2001:db8::5 123": OK,
      },
      { verdict: "pass" },
    ),
    server(
      "does not judge a name that does not resolve",
      { written: NAME },
      {
        verdict: "inconclusive",
        reason: `${NAME} does not resolve to an address (10.0.0.1: NXDOMAIN, 10.0.0.2: NXDOMAIN)`,
      },
    ),
    named(
      "does not judge a name that no DNS server answered for",
      {
        [`dns 10.0.0.1 53 ${NAME} A`]: SILENT,
        [`dns 10.0.0.1 53 ${NAME} AAAA`]: SILENT,
        [`dns 10.0.0.2 53 ${NAME} A`]: { status: "answered", reason: "refused" },
        [`dns 10.0.0.2 53 ${NAME} AAAA`]: { status: "answered", reason: "servfail" },
      },
      {
        verdict: "inconclusive",
        reason:
          "no DNS server answered for ntp1.example.com (10.0.0.1: timeout, 10.0.0.2: REFUSED, 10.0.0.2: SERVFAIL)",
      },
    ),
    {
      name: "does not judge a name without a DNS server",
      deployment: `management_node: { name: m, hostname: m, ntp_servers: [${NAME}] }\nconferencing_nodes: []`,
      expect: {
        [`ntp-server:${NAME}`]: {
          verdict: "inconclusive",
          missing: ["no DNS server is declared where one is used"],
        },
      },
    },
    {
      name: "does not judge a name whose DNS server is no address",
      deployment: `
dns_servers: [ns1.example.com]
management_node: { name: m, hostname: m, ntp_servers: [${NAME}] }
conferencing_nodes: []
`,
      expect: {
        [`ntp-server:${NAME}`]: {
          verdict: "inconclusive",
          missing: ['DNS server "ns1.example.com" is not an IP address, so it cannot be queried'],
        },
      },
    },
    ...["http://ntp1.example.com/", "10.0.0.5, 10.0.0.6", "ntp1.example.com:0", "10.0.0.256", "a\\u0000b", ""].map(
      (text) =>
        server(
          `does not ask ${JSON.stringify(text)}`,
          { written: `"${text}"`, subject: text.replace("\\u0000", "\u0000") },
          { verdict: "inconclusive", missing: ["is neither an address nor a host name"] },
        ),
    ),

    {
      name: "judges a server once, however many use it and however they write it",
      deployment: `
dns_servers: [10.0.0.1, 10.0.0.2]
ntp_servers: [NTP1.example.com.]
system_locations:
  - { name: Oslo, ntp_servers: [ntp1.example.com, ntp1.example.com] }
management_node: { name: m, hostname: m }
conferencing_nodes: [{ name: a, hostname: a, system_location: Oslo }]
`,
      answers: twoAddresses({ "ntp 10.0.0.5 123": OK, "ntp 2001:db8::5 123": OK }),
      expect: { [`ntp-server:${NAME}`]: { verdict: "pass" } },
    },
    {
      name: "judges each server of each list that is used, and no other",
      deployment: `
ntp_servers: [10.0.0.7]
system_locations:
  - { name: Oslo, ntp_servers: [10.0.0.5] }
  - { name: Bergen, ntp_servers: [10.0.0.6] }
conferencing_nodes: [{ name: a, hostname: a, system_location: Oslo }]
`,
      answers: { "ntp 10.0.0.5 123": OK },
      expect: { "ntp-server:10.0.0.5": { verdict: "pass" } },
    },
    {
      name: "does not know the servers of a location that is not declared",
      deployment: `
ntp_servers: [10.0.0.5]
management_node: { name: m, hostname: m }
conferencing_nodes: [{ name: a, hostname: a, system_location: Oslo }]
`,
      answers: { "ntp 10.0.0.5 123": OK },
      expect: {
        "ntp-server:10.0.0.5": { verdict: "pass" },
        "deployment:deployment": {
          verdict: "inconclusive",
          missing: ["system location Oslo is not declared in system_locations"],
        },
      },
    },
    {
      name: "does not take a missing list for one without servers",
      deployment: "management_node: { name: m, hostname: m }\nconferencing_nodes: []",
      expect: {
        "deployment:deployment": {
          verdict: "inconclusive",
          missing: ["no NTP server is declared where one is used"],
        },
      },
    },
    {
      name: "does not apply where nobody uses a server",
      deployment: "ntp_servers: [10.0.0.5]\nconferencing_nodes: []",
      expect: { "deployment:deployment": { verdict: "not-applicable", reason: "no NTP server is in use" } },
    },
  ],
  { sharedAnswers: true, optional: ["ntp_servers", "system_location"] },
);

it("keeps the evidence that its verdict rests on", async () => {
  const [check] = await checksOf(rule, {
    deployment: deployment(NAME),
    answers: twoAddresses({ "ntp 10.0.0.5 123": OK }),
  });
  // Four DNS queries (two servers, two types) and two NTP queries.
  expect(check?.evidence).toHaveLength(6);
});

it("keeps the fingerprint of an unresponsive address when the name gets other addresses of its family", async () => {
  const silentAt = async (address: string) => {
    const checks = await checksOf(rule, {
      deployment: deployment(NAME),
      answers: {
        [`dns 10.0.0.1 53 ${NAME} A`]: dnsRecords(NAME, ["A", "10.0.0.5"]),
        [`dns 10.0.0.1 53 ${NAME} AAAA`]: dnsRecords(NAME, ["AAAA", address]),
        "ntp 10.0.0.5 123": OK,
      },
    });
    return checks.flatMap(({ findings }) => findings.map(({ fingerprint }) => fingerprint));
  };
  const [first, ...others] = await silentAt("2001:db8::5");
  expect(others).toEqual([]);
  expect(await silentAt("2001:db8::6")).toEqual([first]);
});
