import rule from "../../../rules/dns/node-address-record.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";
import { dnsRecords, type Script } from "../../support/scripted-answers.ts";

const FQDN = "conf01.example.com";
const ALTERNATIVE = "sip01.example.net";
const SILENT = { status: "no-answer", reason: "timeout" } as const;
const NO_DATA = { status: "answered", reason: "nodata" } as const;

const node = (fields = "", servers = "[10.0.0.1]") => `
dns_servers: ${servers}
management_node:
  name: m
  hostname: «hostname|conf01»
  domain: example.com
  address: 192.0.2.21
  ${fields}
`;

const a = (name: string, address: string, server = "10.0.0.1"): Script => ({
  [`dns ${server} 53 ${name} A`]: dnsRecords(name, ["A", address]),
});
const aaaa = (name: string, address: string, server = "10.0.0.1"): Script => ({
  [`dns ${server} 53 ${name} AAAA`]: dnsRecords(name, ["AAAA", address]),
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

/** The same with two DNS servers. */
const twoServers = (name: string, answers: Script, expected: RuleCase["expect"][string]) =>
  evaluated(name, { servers: "[10.0.0.1, 10.0.0.2]", answers }, expected);

ruleTester.run(
  rule,
  [
    evaluated(
      "names every address that is right",
      {
        fields: "static_nat_address: 198.51.100.21",
        answers: { [`dns 10.0.0.1 53 ${FQDN} A`]: dnsRecords(FQDN, ["A", "192.0.2.21"], ["A", "192.0.2.99"]) },
      },
      { verdict: "fail", findings: [["wrongAddress", "«hostname»", "192.0.2.99"]] },
    ),
    evaluated("passes a name that leads to the node", { answers: a(FQDN, "192.0.2.21") }, { verdict: "pass" }),
    evaluated(
      "fails a name without a record",
      {},
      {
        verdict: "fail",
        findings: [
          ["noRecord", "«hostname»", "conf01.example.com of node m has no A or AAAA record (queried 10.0.0.1)"],
        ],
      },
    ),
    evaluated(
      "fails a name that exists without an address",
      {
        answers: { [`dns 10.0.0.1 53 ${FQDN} A`]: NO_DATA, [`dns 10.0.0.1 53 ${FQDN} AAAA`]: NO_DATA },
      },
      { verdict: "fail", findings: [["noRecord", "«hostname»"]] },
    ),
    evaluated(
      "fails a name that leads elsewhere",
      { answers: a(FQDN, "192.0.2.99") },
      {
        verdict: "fail",
        findings: [
          [
            "wrongAddress",
            "«hostname»",
            "conf01.example.com of node m resolves to 192.0.2.99 (queried 10.0.0.1); its addresses are 192.0.2.21.",
          ],
        ],
      },
    ),
    evaluated(
      "fails for the one wrong address among right ones",
      {
        answers: { [`dns 10.0.0.1 53 ${FQDN} A`]: dnsRecords(FQDN, ["A", "192.0.2.21"], ["A", "192.0.2.99"]) },
      },
      { verdict: "fail", findings: [["wrongAddress", "«hostname»", "resolves to 192.0.2.99"]] },
    ),
    ...(
      [
        ["static NAT", "static_nat_address: 198.51.100.21", "198.51.100.21"],
        ["secondary", "secondary_address: 192.0.2.121", "192.0.2.121"],
      ] as const
    ).map(([which, fields, address]) =>
      evaluated(
        `passes a name that leads to the ${which} address`,
        { fields, answers: a(FQDN, address) },
        { verdict: "pass" },
      ),
    ),
    evaluated(
      "passes records of both families, whatever way the address is written",
      {
        fields: 'ipv6_address: "2001:0DB8:0:0:0:0:0:21"',
        answers: { ...a(FQDN, "192.0.2.21"), ...aaaa(FQDN, "2001:db8::21") },
      },
      { verdict: "pass" },
    ),
    evaluated(
      "warns of a node with an IPv4 address whose name has AAAA records alone",
      { fields: 'ipv6_address: "2001:db8::21"', answers: aaaa(FQDN, "2001:db8::21") },
      {
        verdict: "fail",
        findings: [
          [
            "noRecordOfFamily",
            "«hostname»",
            "Name conf01.example.com of node m has no A record on 10.0.0.1, so IPv4 clients cannot reach the node by this name.",
          ],
        ],
      },
    ),
    evaluated(
      "warns of a node with an IPv6 address whose name has A records alone",
      { fields: 'ipv6_address: "2001:db8::21"', answers: a(FQDN, "192.0.2.21") },
      { verdict: "fail", findings: [["noRecordOfFamily", "«hostname»", "has no AAAA record on 10.0.0.1, so IPv6"]] },
    ),
    evaluated(
      "takes silence about one type for no missing record",
      {
        fields: 'ipv6_address: "2001:db8::21"',
        answers: { ...a(FQDN, "192.0.2.21"), [`dns 10.0.0.1 53 ${FQDN} AAAA`]: SILENT },
      },
      { verdict: "pass" },
    ),
    twoServers(
      "names the server that lacks the record of a family",
      {
        ...a(FQDN, "192.0.2.21"),
        ...aaaa(FQDN, "2001:db8::21", "10.0.0.2"),
      },
      {
        verdict: "fail",
        findings: [
          ["noRecordOfFamily", "«hostname»", "has no A record on 10.0.0.2, so"],
          ["wrongAddress", "«hostname»"],
        ],
      },
    ),
    evaluated(
      "fails an AAAA record of a node that has no such address",
      {
        answers: { ...a(FQDN, "192.0.2.21"), ...aaaa(FQDN, "2001:db8::21") },
      },
      { verdict: "fail", findings: [["wrongAddress", "«hostname»", "2001:db8::21"]] },
    ),
    evaluated(
      "follows an alias",
      {
        answers: {
          [`dns 10.0.0.1 53 ${FQDN} A`]: {
            ...dnsRecords("host7.example.com", ["A", "192.0.2.21"]),
            chain: [FQDN, "host7.example.com"],
          },
        },
      },
      { verdict: "pass" },
    ),

    evaluated(
      "asks for the alternative name too",
      {
        fields: `alternative_fqdn: «alternative|${ALTERNATIVE}»`,
        answers: { ...a(FQDN, "192.0.2.21"), ...a(ALTERNATIVE, "192.0.2.21") },
      },
      { verdict: "pass" },
    ),
    evaluated(
      "fails for the alternative name alone, at its place",
      {
        fields: `alternative_fqdn: «alternative|${ALTERNATIVE}»`,
        answers: a(FQDN, "192.0.2.21"),
      },
      { verdict: "fail", findings: [["noRecord", "«alternative»", "sip01.example.net of node m"]] },
    ),
    evaluated(
      "fails for both names, each at its place",
      {
        fields: `alternative_fqdn: «alternative|${ALTERNATIVE}»`,
        answers: a(ALTERNATIVE, "192.0.2.99"),
      },
      {
        verdict: "fail",
        findings: [
          ["noRecord", "«hostname»"],
          ["wrongAddress", "«alternative»"],
        ],
      },
    ),
    evaluated(
      "judges a name once when the alternative is the FQDN again",
      {
        fields: "alternative_fqdn: CONF01.example.com.",
      },
      { verdict: "fail", findings: [["noRecord", "«hostname»"]] },
    ),
    {
      name: "judges the alternative name although the domain is missing",
      deployment: `
dns_servers: [10.0.0.1]
management_node: { name: m, hostname: conf01, address: 192.0.2.21, alternative_fqdn: «alternative|${ALTERNATIVE}» }
`,
      expect: { "node:m": { verdict: "fail", findings: [["noRecord", "«alternative»"]] } },
    },

    twoServers(
      "passes when two servers agree",
      { ...a(FQDN, "192.0.2.21"), ...a(FQDN, "192.0.2.21", "10.0.0.2") },
      {
        verdict: "pass",
      },
    ),
    twoServers(
      "passes when the other server is silent",
      {
        ...a(FQDN, "192.0.2.21"),
        [`dns 10.0.0.2 53 ${FQDN} A`]: SILENT,
        [`dns 10.0.0.2 53 ${FQDN} AAAA`]: SILENT,
      },
      { verdict: "pass" },
    ),
    twoServers("fails for the server that knows no record", a(FQDN, "192.0.2.21"), {
      verdict: "fail",
      findings: [["noRecord", "«hostname»", "(queried 10.0.0.2)"]],
    }),
    twoServers(
      "fails for the server that says something else",
      {
        ...a(FQDN, "192.0.2.21"),
        ...a(FQDN, "192.0.2.99", "10.0.0.2"),
      },
      { verdict: "fail", findings: [["wrongAddress", "«hostname»", "192.0.2.99 (queried 10.0.0.2)"]] },
    ),
    twoServers(
      "names both servers when both are wrong",
      {},
      {
        verdict: "fail",
        findings: [["noRecord", "«hostname»", "(queried 10.0.0.1, 10.0.0.2)"]],
      },
    ),
    twoServers(
      "does not judge a name that no server tells about",
      {
        [`dns 10.0.0.1 53 ${FQDN} A`]: SILENT,
        [`dns 10.0.0.1 53 ${FQDN} AAAA`]: SILENT,
        [`dns 10.0.0.2 53 ${FQDN} A`]: { status: "answered", reason: "servfail" },
        [`dns 10.0.0.2 53 ${FQDN} AAAA`]: { status: "answered", reason: "servfail" },
      },
      {
        verdict: "inconclusive",
        reason: "no DNS server answered for conf01.example.com (10.0.0.1: timeout, 10.0.0.2: SERVFAIL)",
      },
    ),
    evaluated(
      "does not take silence about one type for the lack of a record",
      {
        answers: { [`dns 10.0.0.1 53 ${FQDN} A`]: SILENT, [`dns 10.0.0.1 53 ${FQDN} AAAA`]: NO_DATA },
      },
      { verdict: "inconclusive", reason: "10.0.0.1: timeout" },
    ),
    evaluated(
      "needs no answer about the other type when one has an address",
      {
        answers: { ...a(FQDN, "192.0.2.21"), [`dns 10.0.0.1 53 ${FQDN} AAAA`]: SILENT },
      },
      { verdict: "pass" },
    ),
    ...(["deadline", "not-recorded", "own-network-error"] as const).map((reason) =>
      evaluated(
        `says nothing of a name that was not asked for (${reason})`,
        {
          answers: {
            [`dns 10.0.0.1 53 ${FQDN} A`]: { status: "not-asked", reason },
            [`dns 10.0.0.1 53 ${FQDN} AAAA`]: { status: "not-asked", reason },
          },
        },
        { verdict: "inconclusive", reason: `10.0.0.1: ${reason}` },
      ),
    ),
    evaluated(
      "asks only the servers that are addresses, while there is one",
      {
        servers: "[ns1.example.com, 10.0.0.1]",
        answers: a(FQDN, "192.0.2.21"),
      },
      { verdict: "pass" },
    ),
    evaluated(
      "does not ask a server that is no address",
      { servers: "[ns1.example.com]" },
      {
        verdict: "inconclusive",
        missing: ['DNS server "ns1.example.com" is not an IP address, so it cannot be queried'],
      },
    ),
    evaluated(
      "asks the port that is written",
      {
        servers: '["[::1]:5353"]',
        answers: { [`dns ::1 5353 ${FQDN} A`]: dnsRecords(FQDN, ["A", "192.0.2.99"]) },
      },
      { verdict: "fail", findings: [["wrongAddress", "«hostname»", "(queried [::1]:5353)"]] },
    ),

    {
      name: "does not know the name of a node without a domain",
      deployment: "dns_servers: [10.0.0.1]\nmanagement_node: { name: m, hostname: conf01, address: 192.0.2.21 }",
      expect: {
        "node:m": { verdict: "inconclusive", missing: ["management_node.domain is not in the deployment"] },
      },
    },
    {
      name: "does not know where a record must lead when the node has no address",
      deployment: "dns_servers: [10.0.0.1]\nmanagement_node: { name: m, hostname: conf01, domain: example.com }",
      answers: a(FQDN, "192.0.2.21"),
      expect: {
        "node:m": { verdict: "inconclusive", missing: ["management_node.address is not in the deployment"] },
      },
    },
    {
      name: "fails a missing record whatever the node's address",
      deployment: "dns_servers: [10.0.0.1]\nmanagement_node: { name: m, hostname: «conf01», domain: example.com }",
      expect: { "node:m": { verdict: "fail", findings: [["noRecord"]] } },
    },
    {
      name: "does not know whom to ask without a DNS server",
      deployment: "management_node: { name: m, hostname: conf01, domain: example.com, address: 192.0.2.21 }",
      expect: {
        "node:m": { verdict: "inconclusive", missing: ["no DNS server is declared where one is used"] },
      },
    },
    {
      name: "asks the servers of a conferencing node's location",
      deployment: `
dns_servers: [10.0.0.1]
system_locations: [{ name: Oslo, dns_servers: [10.0.0.2] }]
conferencing_nodes:
  - { name: c, hostname: conf01, domain: example.com, address: 192.0.2.21, system_location: oslo }
`,
      answers: a(FQDN, "192.0.2.21", "10.0.0.2"),
      expect: { "node:c": { verdict: "pass" } },
    },
    ...(
      [
        ["system_location: Oslo", "system location Oslo is not declared in system_locations"],
        ["description: lost", "conferencing_nodes.system_location is not in the deployment"],
      ] as const
    ).map(([field, missing]) => ({
      name: `does not know the servers of a node whose location is unknown (${field})`,
      deployment: `
dns_servers: [10.0.0.1]
conferencing_nodes: [{ name: c, hostname: conf01, domain: example.com, address: 192.0.2.21, ${field} }]
`,
      expect: { "node:c": { verdict: "inconclusive", missing: [missing] } } as const,
    })),
    {
      name: "does not apply where no node is declared",
      deployment: "conferencing_nodes: []",
      expect: { "deployment:deployment": { verdict: "not-applicable", reason: "the deployment has no node" } },
    },
  ],
  { sharedAnswers: true, optional: ["alternative_fqdn", "ipv6_address"] },
);
