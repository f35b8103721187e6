import rule from "../../../rules/dns/srv-covers-nodes.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";
import { dnsRecords, type Script } from "../../support/scripted-answers.ts";

const OWNER = "_sips._tcp.example.com";
const SUBJECT = "domain-service:example.com/_sips._tcp";
const SILENT = { status: "no-answer", reason: "timeout" } as const;

/** Two transcoding nodes inside, two proxying ones in a DMZ; the domain's locations as given. */
const deployment = (locations = "", changes: Readonly<Record<string, string>> = {}) => {
  const text = `
dns_servers: [10.0.0.1]
system_locations: [{ name: Oslo }, { name: DMZ }]
domains:
  - name: example.com
    services: [«sips»]
    ${locations}
management_node: { name: mgmt, hostname: mgmt01, domain: example.com, address: 10.1.0.5 }
conferencing_nodes:
  - { name: in1, hostname: conf01, domain: example.com, address: 10.1.0.21, system_location: Oslo }
  - { name: in2, hostname: conf02, domain: example.com, address: 10.1.0.22, system_location: oslo }
  - { name: out1, hostname: edge01, domain: example.com, address: 10.2.0.21, system_location: DMZ, node_type: PROXYING, static_nat_address: 192.0.2.21, ipv6_address: "2001:db8::21" }
  - { name: out2, hostname: edge02, domain: example.com, address: 10.2.0.22, system_location: DMZ, node_type: PROXYING, alternative_fqdn: SIP02.example.net }
`;
  return Object.entries(changes).reduce((changed, [from, to]) => changed.replace(from, to), text);
};

const targets = (names: readonly string[], server = "10.0.0.1"): Script => ({
  [`dns ${server} 53 ${OWNER} SRV`]: dnsRecords(OWNER, ...names.map((name) => ["SRV", `10 10 5061 ${name}`] as const)),
});
const a = (name: string, ...addresses: readonly string[]): Script => ({
  [`dns 10.0.0.1 53 ${name} A`]: dnsRecords(name, ...addresses.map((address) => ["A", address] as const)),
});

const evaluated = (
  name: string,
  names: readonly string[],
  expected: RuleCase["expect"][string],
  given: {
    readonly locations?: string;
    readonly changes?: Readonly<Record<string, string>>;
    readonly answers?: Script;
  } = {},
): RuleCase => ({
  name,
  deployment: deployment(given.locations, given.changes),
  answers: { ...targets(names), ...given.answers },
  expect: { [SUBJECT]: expected },
});

const EDGES = ["edge01.example.com", "edge02.example.com"] as const;
const CONFS = ["conf01.example.com", "conf02.example.com"] as const;
const ALL_TRANSCODING = {
  ", node_type: PROXYING, static": ", static",
  ", node_type: PROXYING, alternative": ", alternative",
};

ruleTester.run(
  rule,
  [
    evaluated("passes when the proxying nodes are the targets, by their FQDN", EDGES, { verdict: "pass" }),
    evaluated("passes when a target is the alternative name", ["edge01.example.com", "sip02.example.net"], {
      verdict: "pass",
    }),
    evaluated("compares names whatever way they are written", ["EDGE01.example.com.", "Edge02.Example.com"], {
      verdict: "pass",
    }),
    evaluated(
      "does not apply without Conferencing Nodes to a domain that names its locations",
      EDGES,
      { verdict: "not-applicable", reason: "the domain's locations have no Conferencing Node" },
      {
        locations: "locations: [DMZ]",
        changes: { [deployment().slice(deployment().indexOf("conferencing_nodes:"))]: "conferencing_nodes: []\n" },
      },
    ),
    evaluated(
      "finds a node by its address, whatever address another node has",
      [EDGES[0], "sip.example.com"],
      { verdict: "pass" },
      { answers: a("sip.example.com", "10.2.0.22"), changes: { "address: 10.1.0.21, ": "" } },
    ),
    evaluated(
      "does not decide for an address while a node has none",
      [...EDGES, "sip.example.com"],
      { verdict: "inconclusive", missing: ["conferencing_nodes.address is not in the deployment"] },
      { answers: a("sip.example.com", "192.0.2.99"), changes: { "address: 10.1.0.21, ": "" } },
    ),
    evaluated("fails for a proxying node that no record leads to", [EDGES[0]], {
      verdict: "fail",
      severity: "warn",
      findings: [
        [
          "uncovered",
          "No SRV record of _sips._tcp.example.com points to node out2, which handles calls for the domain.",
        ],
      ],
    }),
    evaluated("does not require transcoding nodes where there are proxying ones, nor mind them", [...EDGES, ...CONFS], {
      verdict: "pass",
    }),
    evaluated(
      "requires every node where none is proxying",
      EDGES,
      {
        verdict: "fail",
        findings: [
          ["uncovered", "points to node in1"],
          ["uncovered", "points to node in2"],
        ],
      },
      { changes: ALL_TRANSCODING },
    ),
    evaluated(
      "passes every node where none is proxying",
      [...EDGES, ...CONFS],
      { verdict: "pass" },
      { changes: ALL_TRANSCODING },
    ),
    evaluated(
      "requires the nodes of the locations that the domain names",
      EDGES,
      {
        verdict: "fail",
        findings: [
          ["uncovered", "points to node in1"],
          ["uncovered", "points to node in2"],
        ],
      },
      { locations: "locations: [oslo]" },
    ),
    evaluated(
      "requires the nodes of named locations alone, where no node is proxying",
      CONFS,
      { verdict: "pass" },
      { locations: "locations: [Oslo]", changes: ALL_TRANSCODING },
    ),
    evaluated(
      "passes the nodes of the locations that the domain names",
      CONFS,
      { verdict: "pass" },
      { locations: "locations: [Oslo]" },
    ),
    evaluated(
      "requires transcoding nodes too, where the domain names both locations",
      EDGES,
      { verdict: "fail" },
      {
        locations: "locations: [Oslo, DMZ]",
      },
    ),
    evaluated(
      "requires every node of a location with a proxying node",
      [EDGES[0]],
      {
        verdict: "fail",
        findings: [["uncovered", "points to node out2"]],
      },
      { changes: { ", node_type: PROXYING, alternative": ", alternative" } },
    ),

    evaluated(
      "passes a name of another host that leads to the node's address",
      ["a.example.net", "edge02.example.com"],
      { verdict: "pass" },
      {
        answers: a("a.example.net", "10.2.0.21"),
      },
    ),
    ...[
      ["static NAT", a("a.example.net", "192.0.2.21")],
      ["IPv6", { "dns 10.0.0.1 53 a.example.net AAAA": dnsRecords("a.example.net", ["AAAA", "2001:db8::21"]) }],
    ].map(([which, answers]) =>
      evaluated(
        `passes a name that leads to the ${which as string} address`,
        ["a.example.net", "edge02.example.com"],
        { verdict: "pass" },
        {
          answers: answers as Script,
        },
      ),
    ),
    evaluated(
      "passes one name with the addresses of all nodes",
      ["pool.example.com"],
      { verdict: "pass" },
      {
        answers: a("pool.example.com", "10.2.0.21", "10.2.0.22"),
      },
    ),
    evaluated("takes an address as a target for the node that has it", ["10.2.0.21", "edge02.example.com"], {
      verdict: "pass",
    }),
    evaluated(
      "fails a target that leads elsewhere",
      [...EDGES, "old.example.com"],
      {
        verdict: "fail",
        findings: [
          [
            "stranger",
            "SRV target old.example.com of _sips._tcp.example.com is not a Conferencing Node of this deployment.",
          ],
        ],
      },
      { answers: a("old.example.com", "10.9.9.9") },
    ),
    evaluated("fails an address that nobody has", [...EDGES, "10.9.9.9"], {
      verdict: "fail",
      findings: [["stranger", "SRV target 10.9.9.9"]],
    }),
    evaluated("fails the Management Node, which takes no calls", [...EDGES, "mgmt01.example.com"], {
      verdict: "fail",
      findings: [["stranger", "SRV target mgmt01.example.com"]],
    }),
    evaluated(
      "fails for both: a record that leads elsewhere, and the node that it should lead to",
      [EDGES[0], "old.example.com"],
      {
        verdict: "fail",
        findings: [["stranger"], ["uncovered", "node out2"]],
      },
      { answers: a("old.example.com", "10.9.9.9") },
    ),

    evaluated(
      "leaves a target without an address, and the node behind it, to another rule",
      [EDGES[0], "edge02.example.co"],
      {
        verdict: "inconclusive",
        reason: "SRV target edge02.example.co has no address",
      },
    ),
    evaluated(
      "shows a stranger although another target leads nowhere",
      ["old.example.com", "edge02.example.co"],
      {
        verdict: "fail",
        findings: [["stranger", "old.example.com"]],
      },
      { answers: a("old.example.com", "10.9.9.9") },
    ),
    evaluated(
      "does not judge a target that no server tells about",
      [EDGES[0], "a.example.net"],
      {
        verdict: "inconclusive",
        reason: "no DNS server answered for a.example.net (10.0.0.1: timeout)",
      },
      { answers: { "dns 10.0.0.1 53 a.example.net A": SILENT, "dns 10.0.0.1 53 a.example.net AAAA": SILENT } },
    ),
    ...(["deadline", "aborted", "not-recorded", "own-network-error"] as const).map((reason) =>
      evaluated(
        `says nothing while the records were not asked for (${reason})`,
        [],
        { verdict: "inconclusive", reason: `10.0.0.1: ${reason}` },
        {
          answers: { [`dns 10.0.0.1 53 ${OWNER} SRV`]: { status: "not-asked", reason } },
        },
      ),
    ),
    evaluated(
      "leaves a service without records to another rule",
      [],
      {
        verdict: "inconclusive",
        reason: `${OWNER} has no SRV record with a target`,
      },
      { answers: { [`dns 10.0.0.1 53 ${OWNER} SRV`]: { status: "answered", reason: "nxdomain" } } },
    ),
    evaluated('leaves the target "." to another rule', ["."], {
      verdict: "inconclusive",
      reason: "no SRV record with a target",
    }),
    {
      name: "takes the records of all servers together",
      deployment: deployment().replace("[10.0.0.1]", "[10.0.0.1, 10.0.0.2]"),
      answers: { ...targets([EDGES[0]]), ...targets([EDGES[1]], "10.0.0.2") },
      expect: { [SUBJECT]: { verdict: "pass" } },
    },

    evaluated(
      "does not pass while a node's location is unknown",
      CONFS,
      {
        verdict: "inconclusive",
        missing: ["system location Molde is not declared"],
      },
      {
        locations: "locations: [Oslo]",
        changes: {
          "system_location: DMZ, node_type: PROXYING, alt": "system_location: Molde, node_type: PROXYING, alt",
        },
      },
    ),
    evaluated(
      "shows a stranger although a node's location is unknown",
      [...CONFS, "old.example.com"],
      {
        verdict: "fail",
        findings: [["stranger"]],
      },
      {
        locations: "locations: [Oslo]",
        changes: {
          "system_location: DMZ, node_type: PROXYING, alt": "system_location: Molde, node_type: PROXYING, alt",
        },
        answers: a("old.example.com", "10.9.9.9"),
      },
    ),
    evaluated(
      "does not know the nodes of a location that is not declared",
      CONFS,
      {
        verdict: "inconclusive",
        missing: ["system location Molde is not declared"],
      },
      { locations: "locations: [Oslo, Molde]" },
    ),
    evaluated(
      "does not call a target a stranger while a node's domain is unknown",
      [...EDGES, "conf02.example.com"],
      {
        verdict: "inconclusive",
        missing: ["conferencing_nodes.domain is not in the deployment"],
      },
      {
        changes: { "hostname: conf02, domain: example.com": "hostname: conf02" },
        answers: a("conf02.example.com", "10.9.9.9"),
      },
    ),
    evaluated(
      "does not call an address a stranger while a node's address is unknown",
      [...EDGES, "10.1.0.22"],
      {
        verdict: "inconclusive",
        missing: ["conferencing_nodes.address is not in the deployment"],
      },
      { changes: { ", address: 10.1.0.22": "" } },
    ),
    {
      name: "does not know the nodes when they are not listed",
      deployment: "dns_servers: [10.0.0.1]\ndomains: [{ name: example.com, services: [sips] }]",
      expect: { [SUBJECT]: { verdict: "inconclusive", missing: ["conferencing_nodes is not in the deployment"] } },
    },
    evaluated(
      "does not know whom to ask without a DNS server",
      [],
      {
        verdict: "inconclusive",
        missing: ["no DNS server is declared where one is used"],
      },
      { changes: { "dns_servers: [10.0.0.1]": "" } },
    ),
    evaluated(
      "does not apply where the domain's locations have no node",
      [],
      {
        verdict: "not-applicable",
        reason: "the domain's locations have no Conferencing Node",
      },
      { locations: "locations: [Bergen]", changes: { "{ name: DMZ }": "{ name: DMZ }, { name: Bergen }" } },
    ),
    {
      name: "does not apply where there is no node",
      deployment: "conferencing_nodes: []\ndomains: [{ name: example.com, services: [sips] }]",
      expect: { [SUBJECT]: { verdict: "not-applicable", reason: "the domain's locations have no Conferencing Node" } },
    },
    {
      name: "does not apply where no domain is declared",
      deployment: "domains: []",
      expect: {
        "deployment:deployment": { verdict: "not-applicable", reason: "no service is declared for any domain" },
      },
    },
  ],
  {
    sharedAnswers: true,
    optional: [
      "address",
      "alternative_fqdn",
      "domain",
      "ipv6_address",
      "node_type",
      "static_nat_address",
      "system_location",
    ],
  },
);
