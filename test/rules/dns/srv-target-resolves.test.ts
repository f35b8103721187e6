import rule from "../../../rules/dns/srv-target-resolves.ts";
import { absentName } from "../../../rules/shared/dns-wildcards.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";
import { dnsRecords, type Script } from "../../support/scripted-answers.ts";

const OWNER = "_sips._tcp.vc.example.com";
const SUBJECT = "domain-service:vc.example.com/_sips._tcp";
const EDGE = "edge01.vc.example.com";
const SILENT = { status: "no-answer", reason: "timeout" } as const;
const NO_DATA = { status: "answered", reason: "nodata" } as const;

const deployment = (servers = "[10.0.0.1]") => `
dns_servers: ${servers}
domains:
  - name: vc.example.com
    services: [«1|sips»]
`;

/** The SRV records of the service, as one server gives them. */
const targets = (names: readonly string[], server = "10.0.0.1"): Script => ({
  [`dns ${server} 53 ${OWNER} SRV`]: dnsRecords(OWNER, ...names.map((name) => ["SRV", `10 10 5061 ${name}`] as const)),
});
const a = (name: string, server = "10.0.0.1"): Script => ({
  [`dns ${server} 53 ${name} A`]: dnsRecords(name, ["A", "192.0.2.31"]),
});
const aaaa = (name: string): Script => ({
  [`dns 10.0.0.1 53 ${name} AAAA`]: dnsRecords(name, ["AAAA", "2001:db8::31"]),
});
const alias = (name: string, ...further: readonly string[]): Script => ({
  [`dns 10.0.0.1 53 ${name} A`]: {
    ...dnsRecords(further.at(-1) ?? name, ["A", "192.0.2.31"]),
    chain: [name, ...further],
  },
});

const evaluated = (name: string, answers: Script, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: deployment(),
  answers,
  expect: { [SUBJECT]: expected },
});

const twoServers = (name: string, answers: Script, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: deployment("[10.0.0.1, 10.0.0.2]"),
  answers,
  expect: { [SUBJECT]: expected },
});

ruleTester.run(
  rule,
  [
    evaluated("passes a target with an A record", { ...targets([EDGE]), ...a(EDGE) }, { verdict: "pass" }),
    evaluated("passes a target with an AAAA record alone", { ...targets([EDGE]), ...aaaa(EDGE) }, { verdict: "pass" }),
    ...(
      [
        [
          "an A record",
          "edge01",
          "10.44.0.31",
          aaaa(EDGE),
          "no A record on 10.0.0.1, so IPv4 callers cannot reach node n.",
        ],
        [
          "an AAAA record",
          "edge01",
          '10.44.0.31, ipv6_address: "2001:db8::31"',
          a(EDGE),
          "no AAAA record on 10.0.0.1, so IPv6",
        ],
      ] as const
    ).map(([what, hostname, address, answers, message]): RuleCase => ({
      name: `warns of a target without ${what}, where it is a node that has such an address`,
      deployment: `${deployment()}
conferencing_nodes: [{ name: n, hostname: ${hostname}, domain: vc.example.com, address: ${address} }]
`,
      answers: { ...targets([EDGE]), ...answers },
      expect: { [SUBJECT]: { verdict: "fail", findings: [["noAddressOfFamily", "«1»", message]] } },
    })),
    {
      name: "names all servers without an address of a family",
      deployment: `${deployment("[10.0.0.1, 10.0.0.2]")}
conferencing_nodes: [{ name: n, hostname: edge01, domain: vc.example.com, address: 10.44.0.31, ipv6_address: "2001:db8::31" }]
`,
      answers: { ...targets([EDGE]), ...targets([EDGE], "10.0.0.2"), ...a(EDGE), ...a(EDGE, "10.0.0.2") },
      expect: {
        [SUBJECT]: {
          verdict: "fail",
          findings: [["noAddressOfFamily", "«1»", "no AAAA record on 10.0.0.1, 10.0.0.2"]],
        },
      },
    },
    {
      name: "has a finding for each family that a server lacks",
      deployment: `${deployment("[10.0.0.1, 10.0.0.2]")}
conferencing_nodes: [{ name: n, hostname: edge01, domain: vc.example.com, address: 10.44.0.31, ipv6_address: "2001:db8::31" }]
`,
      answers: { ...targets([EDGE]), ...targets([EDGE], "10.0.0.2"), ...aaaa(EDGE), ...a(EDGE, "10.0.0.2") },
      expect: {
        [SUBJECT]: {
          verdict: "fail",
          findings: [
            ["noAddressOfFamily", "«1»", "no A record on 10.0.0.1"],
            ["noAddressOfFamily", "«1»", "no AAAA record on 10.0.0.2"],
          ],
        },
      },
    },
    evaluated(
      "does not take a wildcard's answer for a target that exists",
      { ...targets([EDGE]), ...a(EDGE), ...a(absentName("vc.example.com")) },
      {
        verdict: "inconclusive",
        reason: `10.0.0.1 answers for ${EDGE} as for names that do not exist, such as ${absentName("vc.example.com")}`,
      },
    ),
    evaluated("fails a target that does not exist", targets(["edge01.vc.example.co"]), {
      verdict: "fail",
      findings: [
        [
          "noAddress",
          "«1»",
          "SRV target edge01.vc.example.co of _sips._tcp.vc.example.com does not resolve to an address (10.0.0.1: NXDOMAIN)",
        ],
      ],
    }),
    evaluated(
      "fails a target that has other records, but no address",
      {
        ...targets([EDGE]),
        [`dns 10.0.0.1 53 ${EDGE} A`]: NO_DATA,
        [`dns 10.0.0.1 53 ${EDGE} AAAA`]: NO_DATA,
      },
      { verdict: "fail", findings: [["noAddress", "«1»", "(10.0.0.1: no such record)"]] },
    ),
    evaluated(
      "fails an alias, although it leads to an address",
      { ...targets([EDGE]), ...alias(EDGE, "host7.example.com") },
      {
        verdict: "fail",
        findings: [["alias", "«1»", `SRV target ${EDGE} of ${OWNER} is an alias of host7.example.com`]],
      },
    ),
    evaluated(
      "names the end of a chain of aliases",
      { ...targets([EDGE]), ...alias(EDGE, "www.example.com", "host7.example.com") },
      { verdict: "fail", findings: [["alias", "«1»", "an alias of host7.example.com"]] },
    ),
    evaluated(
      "fails an alias that leads nowhere as an alias",
      {
        ...targets([EDGE]),
        [`dns 10.0.0.1 53 ${EDGE} A`]: { status: "answered", reason: "nxdomain", chain: [EDGE, "gone.example.com"] },
      },
      { verdict: "fail", findings: [["alias", "«1»", "an alias of gone.example.com"]] },
    ),
    evaluated('fails the target "."', targets(["."]), {
      verdict: "fail",
      findings: [["notOffered", "«1»", 'has target ".", which means that the service is not available']],
    }),
    ...["192.0.2.31", "2001:db8::31"].map((address) =>
      evaluated(`fails the address ${address} as a target`, targets([address]), {
        verdict: "fail",
        findings: [["literal", "«1»", `has the address ${address} as its target`]],
      }),
    ),
    evaluated(
      "has one finding for each target that is wrong",
      { ...targets([EDGE, "edge02.vc.example.com", "192.0.2.31"]), ...a(EDGE) },
      {
        verdict: "fail",
        findings: [
          ["noAddress", "«1»", "SRV target edge02.vc.example.com"],
          ["literal", "«1»", "192.0.2.31"],
        ],
      },
    ),
    evaluated(
      "shows a wrong target although another could not be looked up",
      {
        ...targets([EDGE, "edge02.vc.example.com"]),
        [`dns 10.0.0.1 53 ${EDGE} A`]: SILENT,
        [`dns 10.0.0.1 53 ${EDGE} AAAA`]: SILENT,
      },
      { verdict: "fail", findings: [["noAddress", "«1»", "SRV target edge02.vc.example.com"]] },
    ),
    evaluated(
      "does not pass while a target could not be looked up",
      {
        ...targets([EDGE, "edge02.vc.example.com"]),
        ...a(EDGE),
        "dns 10.0.0.1 53 edge02.vc.example.com A": SILENT,
        "dns 10.0.0.1 53 edge02.vc.example.com AAAA": SILENT,
      },
      { verdict: "inconclusive", reason: "no DNS server answered for edge02.vc.example.com (10.0.0.1: timeout)" },
    ),
    evaluated(
      "does not take silence about one type for the lack of an address",
      { ...targets([EDGE]), [`dns 10.0.0.1 53 ${EDGE} A`]: SILENT, [`dns 10.0.0.1 53 ${EDGE} AAAA`]: NO_DATA },
      { verdict: "inconclusive", reason: `no DNS server answered for ${EDGE}` },
    ),
    evaluated(
      "says nothing of a target that was not asked for",
      {
        ...targets([EDGE]),
        [`dns 10.0.0.1 53 ${EDGE} A`]: { status: "not-asked", reason: "deadline" },
        [`dns 10.0.0.1 53 ${EDGE} AAAA`]: { status: "not-asked", reason: "deadline" },
      },
      { verdict: "inconclusive", reason: "10.0.0.1: deadline" },
    ),
    evaluated(
      "has nothing to look up where there is no SRV record: another rule says so",
      {},
      {
        verdict: "inconclusive",
        reason: `${OWNER} has no SRV record with a target that can be resolved`,
      },
    ),
    evaluated(
      "says nothing while no server tells about the service",
      { [`dns 10.0.0.1 53 ${OWNER} SRV`]: SILENT },
      {
        verdict: "inconclusive",
        reason: `no DNS server answered for ${OWNER} (10.0.0.1: timeout)`,
      },
    ),

    twoServers(
      "passes when the other server is silent",
      {
        ...targets([EDGE]),
        ...a(EDGE),
        [`dns 10.0.0.2 53 ${OWNER} SRV`]: SILENT,
        [`dns 10.0.0.2 53 ${EDGE} A`]: SILENT,
        [`dns 10.0.0.2 53 ${EDGE} AAAA`]: SILENT,
      },
      { verdict: "pass" },
    ),
    twoServers(
      "looks up the targets of all servers, each of them at all servers",
      {
        ...targets([EDGE]),
        ...targets(["edge02.vc.example.com"], "10.0.0.2"),
        ...a(EDGE),
        ...a(EDGE, "10.0.0.2"),
        ...a("edge02.vc.example.com", "10.0.0.2"),
      },
      {
        verdict: "fail",
        findings: [
          [
            "noAddress",
            "«1»",
            "SRV target edge02.vc.example.com of _sips._tcp.vc.example.com does not resolve to an address",
          ],
        ],
      },
    ),
    twoServers(
      "fails a target that only one server knows",
      { ...targets([EDGE]), ...targets([EDGE], "10.0.0.2"), ...a(EDGE) },
      { verdict: "fail", findings: [["noAddress", "«1»", "10.0.0.2: NXDOMAIN"]] },
    ),

    {
      name: "judges the two owner names of h323 apart",
      deployment: deployment().replace("sips", "«2|h323»"),
      answers: {
        "dns 10.0.0.1 53 _h323cs._tcp.vc.example.com SRV": dnsRecords("_h323cs._tcp.vc.example.com", [
          "SRV",
          `10 10 1720 ${EDGE}`,
        ]),
        "dns 10.0.0.1 53 _h323ls._udp.vc.example.com SRV": dnsRecords("_h323ls._udp.vc.example.com", [
          "SRV",
          "0 0 0 .",
        ]),
        ...a(EDGE),
      },
      expect: {
        "domain-service:vc.example.com/_h323cs._tcp": { verdict: "pass" },
        "domain-service:vc.example.com/_h323ls._udp": {
          verdict: "fail",
          findings: [["notOffered", "«2»", '_h323ls._udp.vc.example.com has target ".", which means that the service']],
        },
      },
    },
    {
      name: "does not know whom to ask without a DNS server",
      deployment: "domains: [{ name: vc.example.com, services: [sips] }]",
      expect: { [SUBJECT]: { verdict: "inconclusive", missing: ["no DNS server is declared where one is used"] } },
    },
    {
      name: "does not know the domains when they are not listed",
      deployment: "dns_servers: [10.0.0.1]",
      expect: { "deployment:deployment": { verdict: "inconclusive", missing: ["domains is not in the deployment"] } },
    },
    {
      name: "does not apply where no domain is declared",
      deployment: "domains: []",
      expect: {
        "deployment:deployment": { verdict: "not-applicable", reason: "no service is declared for any domain" },
      },
    },
  ],
  { sharedAnswers: true },
);
