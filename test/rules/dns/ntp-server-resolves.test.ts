import rule from "../../../rules/dns/ntp-server-resolves.ts";
import { absentName } from "../../../rules/shared/dns-wildcards.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";
import { dnsRecords, type Script } from "../../support/scripted-answers.ts";

const NAME = "ntp1.example.com";
const ABSENT = absentName("example.com");
const SUBJECT = `ntp-server:${NAME}`;
const SILENT = { status: "no-answer", reason: "timeout" } as const;
const NO_DATA = { status: "answered", reason: "nodata" } as const;

const deployment = (servers: string, dns = "[10.0.0.1]") => `
dns_servers: ${dns}
management_node:
  name: m
  hostname: m
  ntp_servers: [«${servers}»]
conferencing_nodes: []
`;

const a = (server = "10.0.0.1"): Script => ({
  [`dns ${server} 53 ${NAME} A`]: dnsRecords(NAME, ["A", "192.0.2.5"]),
});
const both = (answer: Script[string], server = "10.0.0.1"): Script => ({
  [`dns ${server} 53 ${NAME} A`]: answer,
  [`dns ${server} 53 ${NAME} AAAA`]: answer,
});

const named = (name: string, answers: Script, expected: RuleCase["expect"][string], dns = "[10.0.0.1]"): RuleCase => ({
  name,
  deployment: deployment(NAME, dns),
  answers,
  expect: { [SUBJECT]: expected },
});

const TWO = "[10.0.0.1, 10.0.0.2]";

ruleTester.run(
  rule,
  [
    named("passes a name with an A record", a(), { verdict: "pass" }),
    named(
      "does not take a wildcard's answer for a name that exists",
      { ...a(), [`dns 10.0.0.1 53 ${ABSENT} A`]: dnsRecords(ABSENT, ["A", "192.0.2.5"]) },
      {
        verdict: "inconclusive",
        reason: `10.0.0.1 answers for ntp1.example.com as for names that do not exist, such as ${ABSENT}`,
      },
    ),
    named(
      "passes a name whose address is another one than the wildcard's",
      { ...a(), [`dns 10.0.0.1 53 ${ABSENT} A`]: dnsRecords(ABSENT, ["A", "192.0.2.80"]) },
      { verdict: "pass" },
    ),
    ...(["servfail", "refused"] as const).map((reason) =>
      named(
        `takes ${reason} for no wildcard`,
        { ...a(), [`dns 10.0.0.1 53 ${ABSENT} A`]: { status: "answered", reason } },
        { verdict: "pass" },
      ),
    ),
    named(
      "is not held up by silence about a name that does not exist",
      { ...a(), [`dns 10.0.0.1 53 ${ABSENT} A`]: SILENT },
      { verdict: "pass" },
    ),
    named(
      "passes a name with an AAAA record alone",
      {
        [`dns 10.0.0.1 53 ${NAME} A`]: NO_DATA,
        [`dns 10.0.0.1 53 ${NAME} AAAA`]: dnsRecords(NAME, ["AAAA", "2001:db8::5"]),
      },
      { verdict: "pass" },
    ),
    named(
      "passes an alias that leads to an address",
      {
        [`dns 10.0.0.1 53 ${NAME} A`]: {
          ...dnsRecords("pool.example.com", ["A", "192.0.2.5"]),
          chain: [NAME, "pool.example.com"],
        },
      },
      { verdict: "pass" },
    ),
    named(
      "fails a name that does not exist",
      {},
      {
        verdict: "fail",
        findings: [
          ["noAddress", "NTP server name ntp1.example.com does not resolve to an address (10.0.0.1: NXDOMAIN)."],
        ],
      },
    ),
    named("fails a name without an address", both(NO_DATA), {
      verdict: "fail",
      findings: [["noAddress", "(10.0.0.1: no such record)"]],
    }),
    named("fails a name whose aliases go in a circle", both({ status: "answered", reason: "cname-loop" }), {
      verdict: "fail",
      findings: [["noAddress", "(10.0.0.1: cname-loop)"]],
    }),
    named(
      "fails for the one server that does not know it",
      { ...a(), ...both(NO_DATA, "10.0.0.2") },
      {
        verdict: "fail",
        findings: [["noAddress", "does not resolve to an address (10.0.0.2: no such record)."]],
      },
      TWO,
    ),
    named("passes when the other server is silent", { ...a(), ...both(SILENT, "10.0.0.2") }, { verdict: "pass" }, TWO),
    named(
      "does not pass while the other server was not asked",
      {
        ...a(),
        ...both({ status: "not-asked", reason: "deadline" }, "10.0.0.2"),
      },
      { verdict: "inconclusive", reason: "10.0.0.2: deadline" },
      TWO,
    ),
    named(
      "does not judge a name that no server tells about",
      {
        ...both(SILENT),
        ...both({ status: "answered", reason: "refused" }, "10.0.0.2"),
      },
      { verdict: "inconclusive", reason: "(10.0.0.1: timeout, 10.0.0.2: REFUSED)" },
      TWO,
    ),
    named(
      "does not take silence about one type for the lack of an address",
      {
        [`dns 10.0.0.1 53 ${NAME} A`]: SILENT,
        [`dns 10.0.0.1 53 ${NAME} AAAA`]: NO_DATA,
      },
      { verdict: "inconclusive", reason: "10.0.0.1: timeout" },
    ),
    ...(["deadline", "aborted", "not-recorded", "own-network-error"] as const).map((reason) =>
      named(`says nothing of a name that was not asked for (${reason})`, both({ status: "not-asked", reason }), {
        verdict: "inconclusive",
        reason: `10.0.0.1: ${reason}`,
      }),
    ),
    named(
      "does not ask a server that is no address",
      {},
      {
        verdict: "inconclusive",
        missing: ["is not an IP address, so it cannot be queried"],
      },
      "[dns.example.com]",
    ),
    {
      name: "does not know whom to ask without a DNS server",
      deployment: `management_node: { name: m, hostname: m, ntp_servers: [${NAME}] }\nconferencing_nodes: []`,
      expect: { [SUBJECT]: { verdict: "inconclusive", missing: ["no DNS server is declared where one is used"] } },
    },
    {
      name: "leaves an entry that is neither a name nor an address to another rule",
      deployment: deployment('"http://ntp1.example.com/"'),
      expect: {
        "ntp-server:http://ntp1.example.com/": {
          verdict: "inconclusive",
          missing: ["is neither an address nor a host name"],
        },
      },
    },
    ...["10.0.0.5", '"2001:db8::5"', '"[2001:db8::5]:1123"'].map((written) => ({
      name: `does not apply to the address ${written}`,
      deployment: deployment(written),
      expect: {
        [`ntp-server:${written.replaceAll('"', "")}`]: {
          verdict: "not-applicable",
          reason: "the server is configured by address",
        } as const,
      },
    })),
    {
      name: "asks the DNS servers of everyone who uses it",
      deployment: `
dns_servers: [10.0.0.1]
ntp_servers: [«${NAME}»]
system_locations: [{ name: Oslo, dns_servers: [10.0.0.2] }]
management_node: { name: m, hostname: m }
conferencing_nodes: [{ name: a, hostname: a, system_location: Oslo }]
`,
      answers: a(),
      expect: { [SUBJECT]: { verdict: "fail", findings: [["noAddress", "(10.0.0.2: NXDOMAIN)"]] } },
    },
    {
      name: "does not take a missing list for one without servers",
      deployment: "management_node: { name: m, hostname: m }\nconferencing_nodes: []",
      expect: {
        "deployment:deployment": { verdict: "inconclusive", missing: ["no NTP server is declared where one is used"] },
      },
    },
    {
      name: "does not apply where nobody uses a server",
      deployment: `ntp_servers: [${NAME}]\nconferencing_nodes: []`,
      expect: { "deployment:deployment": { verdict: "not-applicable", reason: "no NTP server is in use" } },
    },
  ],
  { sharedAnswers: true },
);
