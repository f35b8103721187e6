import rule from "../../../rules/dns/node-reverse-record.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";
import { dnsRecords, type Script } from "../../support/scripted-answers.ts";

const REVERSE = "21.2.0.192.in-addr.arpa";
const REVERSE6 = `1.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa`;
const FQDN = "conf01.example.com";

const node = (fields = "", servers = "[10.0.0.1]") => `
dns_servers: ${servers}
management_node:
  name: m
  hostname: conf01
  domain: example.com
  address: «192.0.2.21»
  ${fields}
`;

const ptr = (names: readonly string[], server = "10.0.0.1"): Script => ({
  [`dns ${server} 53 ${REVERSE} PTR`]: dnsRecords(REVERSE, ...names.map((name) => ["PTR", name] as const)),
});

const evaluated = (
  name: string,
  given: { readonly fields?: string; readonly servers?: string; readonly answers?: Script },
  expected: RuleCase["expect"][string],
): RuleCase => ({
  name,
  deployment: node(given.fields, given.servers),
  answers: given.answers ?? {},
  expect: { "node:m": expected },
});

const twoServers = (name: string, answers: Script, expected: RuleCase["expect"][string]) =>
  evaluated(name, { servers: "[10.0.0.1, 10.0.0.2]", answers }, expected);

const answer = (name: string, reply: Script[string], expected: RuleCase["expect"][string]) =>
  evaluated(name, { answers: { [`dns 10.0.0.1 53 ${REVERSE} PTR`]: reply } }, expected);

const NO_SUCH_NAME = { status: "answered", reason: "nxdomain" } as const;

ruleTester.run(
  rule,
  [
    twoServers(
      "names every server without a record",
      { [`dns 10.0.0.1 53 ${REVERSE} PTR`]: NO_SUCH_NAME, [`dns 10.0.0.2 53 ${REVERSE} PTR`]: NO_SUCH_NAME },
      { verdict: "fail", findings: [["noRecord", "10.0.0.1, 10.0.0.2"]] },
    ),
    evaluated("passes a record that names the node", { answers: ptr([FQDN]) }, { verdict: "pass" }),
    evaluated(
      "passes whatever way the name is written",
      { answers: ptr(["CONF01.Example.com."]) },
      { verdict: "pass" },
    ),
    evaluated(
      "passes a record that names the alternative name",
      { fields: "alternative_fqdn: SIP01.example.net.", answers: ptr(["sip01.example.net"]) },
      { verdict: "pass" },
    ),
    evaluated(
      "passes the canonical name of an alias (RFC 2181 section 10.2)",
      {
        answers: {
          ...ptr(["host7.example.com"]),
          [`dns 10.0.0.1 53 ${FQDN} A`]: {
            ...dnsRecords("host7.example.com", ["A", "192.0.2.21"]),
            chain: [FQDN, "host7.example.com"],
          },
        },
      },
      { verdict: "pass" },
    ),
    evaluated(
      "passes the canonical name of an alias that only IPv6 callers follow, beside another name",
      {
        answers: {
          ...ptr(["www.example.com", "host7.example.com"]),
          [`dns 10.0.0.1 53 ${FQDN} AAAA`]: {
            ...dnsRecords("host7.example.com", ["AAAA", "2001:db8::21"]),
            chain: [FQDN, "host7.example.com"],
          },
        },
      },
      { verdict: "pass" },
    ),
    evaluated(
      "fails an alias between the node's name and the canonical one",
      {
        answers: {
          ...ptr(["alias.example.com"]),
          [`dns 10.0.0.1 53 ${FQDN} A`]: {
            ...dnsRecords("host7.example.com", ["A", "192.0.2.21"]),
            chain: [FQDN, "alias.example.com", "host7.example.com"],
          },
        },
      },
      { verdict: "fail", findings: [["otherName", "points to alias.example.com"]] },
    ),
    evaluated(
      "passes a record that names the node beside an alternative name",
      { fields: "alternative_fqdn: sip01.example.net", answers: ptr([FQDN]) },
      { verdict: "pass" },
    ),
    evaluated(
      "does not look for aliases if one of several records names the node",
      {
        answers: {
          ...ptr([FQDN, "www.example.com"]),
          [`dns 10.0.0.1 53 ${FQDN} A`]: { status: "no-answer", reason: "timeout" },
          [`dns 10.0.0.1 53 ${FQDN} AAAA`]: { status: "no-answer", reason: "timeout" },
        },
      },
      { verdict: "pass" },
    ),
    answer("ignores records of other types", dnsRecords(REVERSE, ["A", "192.0.2.21"], ["PTR", FQDN]), {
      verdict: "pass",
    }),
    answer("does not take a record of another type for one", dnsRecords(REVERSE, ["A", "192.0.2.21"]), {
      verdict: "fail",
      findings: [["noRecord"]],
    }),
    evaluated(
      "fails another name than the canonical one of an alias",
      {
        answers: {
          ...ptr(["host8.example.com"]),
          [`dns 10.0.0.1 53 ${FQDN} A`]: {
            ...dnsRecords("host7.example.com", ["A", "192.0.2.21"]),
            chain: [FQDN, "host7.example.com"],
          },
        },
      },
      { verdict: "fail", findings: [["otherName", "node m points to host8.example.com"]] },
    ),
    evaluated(
      "asks for the IPv6 address too",
      {
        fields: 'ipv6_address: "2001:db8::21"',
        answers: { ...ptr([FQDN]), [`dns 10.0.0.1 53 ${REVERSE6} PTR`]: dnsRecords(REVERSE6, ["PTR", FQDN]) },
      },
      { verdict: "pass" },
    ),
    {
      name: "fails an IPv6 address without a record, at its place",
      deployment: node('ipv6_address: «2|"2001:db8::21"»').replace("«192.0.2.21»", "192.0.2.21"),
      answers: ptr([FQDN]),
      expect: { "node:m": { verdict: "fail", findings: [["noRecord", "«2»", "Address 2001:db8::21 of node m"]] } },
    },
    evaluated("passes one right name among several", { answers: ptr(["www.example.com", FQDN]) }, { verdict: "pass" }),
    answer(
      "follows an alias",
      {
        ...dnsRecords("21.0-127.2.0.192.in-addr.arpa", ["PTR", FQDN]),
        chain: [REVERSE, "21.0-127.2.0.192.in-addr.arpa"],
      },
      {
        verdict: "pass",
      },
    ),
    ...(["nxdomain", "nodata", "cname-loop"] as const).map((reason) =>
      answer(
        `fails an address without a record (${reason})`,
        { status: "answered", reason },
        {
          verdict: "fail",
          severity: "info",
          findings: [["noRecord", "Address 192.0.2.21 of node m has no PTR record (queried 10.0.0.1)."]],
        },
      ),
    ),
    evaluated(
      "fails a record that names another host",
      { answers: ptr(["old7.example.com", "www.example.com"]) },
      {
        verdict: "fail",
        findings: [
          [
            "otherName",
            "address 192.0.2.21 of node m points to old7.example.com, www.example.com (queried 10.0.0.1), not conf01.example.com.",
          ],
        ],
      },
    ),
    evaluated(
      "fails the bare host name",
      { answers: ptr(["conf01"]) },
      {
        verdict: "fail",
        findings: [["otherName", "node m points to conf01"]],
      },
    ),

    twoServers("passes when two servers agree", { ...ptr([FQDN]), ...ptr([FQDN], "10.0.0.2") }, { verdict: "pass" }),
    twoServers("fails for the server that has no record", ptr([FQDN]), {
      verdict: "fail",
      findings: [["noRecord", "(queried 10.0.0.2)"]],
    }),
    twoServers(
      "fails for the server that names another host",
      { ...ptr([FQDN]), ...ptr(["old7.example.com"], "10.0.0.2") },
      {
        verdict: "fail",
        findings: [["otherName", "node m points to old7.example.com (queried 10.0.0.2)"]],
      },
    ),
    twoServers("fails for both reasons, each with its server", ptr(["old7.example.com"]), {
      verdict: "fail",
      findings: [
        ["noRecord", "(queried 10.0.0.2)"],
        ["otherName", "(queried 10.0.0.1)"],
      ],
    }),
    twoServers(
      "passes when the other server is silent",
      { ...ptr([FQDN]), [`dns 10.0.0.2 53 ${REVERSE} PTR`]: { status: "no-answer", reason: "timeout" } },
      { verdict: "pass" },
    ),
    twoServers(
      "does not pass while the other server was not asked",
      { ...ptr([FQDN]), [`dns 10.0.0.2 53 ${REVERSE} PTR`]: { status: "not-asked", reason: "deadline" } },
      { verdict: "inconclusive", reason: "10.0.0.2: deadline" },
    ),
    ...(["timeout", "malformed"] as const).map((reason) =>
      answer(
        `does not judge silence (${reason})`,
        { status: "no-answer", reason },
        {
          verdict: "inconclusive",
          reason: `no DNS server answered for ${REVERSE} (10.0.0.1: ${reason})`,
        },
      ),
    ),
    ...(["servfail", "refused"] as const).map((reason) =>
      answer(`does not judge a refusal (${reason})`, { status: "answered", reason }, { verdict: "inconclusive" }),
    ),
    ...(["deadline", "aborted", "not-recorded", "own-network-error"] as const).map((reason) =>
      answer(
        `says nothing of an address that was not asked for (${reason})`,
        { status: "not-asked", reason },
        {
          verdict: "inconclusive",
          reason: `10.0.0.1: ${reason}`,
        },
      ),
    ),

    {
      name: "does not know the address of a node that has none",
      deployment: "dns_servers: [10.0.0.1]\nmanagement_node: { name: m, hostname: conf01, domain: example.com }",
      expect: { "node:m": { verdict: "inconclusive", missing: ["management_node.address is not in the deployment"] } },
    },
    {
      name: "does not look up what is no address",
      deployment: "management_node: { name: m, hostname: conf01, domain: example.com, address: 192.0.2.321 }",
      expect: { "node:m": { verdict: "inconclusive", reason: '"192.0.2.321" is not an IP address' } },
    },
    {
      name: "does not know what to expect of a node without a domain",
      deployment: "dns_servers: [10.0.0.1]\nmanagement_node: { name: m, hostname: conf01, address: 192.0.2.21 }",
      answers: ptr([FQDN]),
      expect: { "node:m": { verdict: "inconclusive", missing: ["management_node.domain is not in the deployment"] } },
    },
    {
      name: "fails a missing record whatever the node's name",
      deployment: "dns_servers: [10.0.0.1]\nmanagement_node: { name: m, hostname: conf01, address: «192.0.2.21» }",
      expect: { "node:m": { verdict: "fail", findings: [["noRecord"]] } },
    },
    {
      name: "does not know whom to ask without a DNS server",
      deployment: "management_node: { name: m, hostname: conf01, domain: example.com, address: 192.0.2.21 }",
      expect: { "node:m": { verdict: "inconclusive", missing: ["no DNS server is declared where one is used"] } },
    },
    {
      name: "asks the servers of a conferencing node's location",
      deployment: `
dns_servers: [10.0.0.1]
system_locations: [{ name: Oslo, dns_servers: [10.0.0.2] }]
conferencing_nodes:
  - { name: c, hostname: conf01, domain: example.com, address: 192.0.2.21, system_location: Oslo }
`,
      answers: ptr([FQDN], "10.0.0.2"),
      expect: { "node:c": { verdict: "pass" } },
    },
    {
      name: "does not apply where no node is declared",
      deployment: "conferencing_nodes: []",
      expect: { "deployment:deployment": { verdict: "not-applicable", reason: "the deployment has no node" } },
    },
  ],
  { sharedAnswers: true, optional: ["alternative_fqdn", "ipv6_address"] },
);
