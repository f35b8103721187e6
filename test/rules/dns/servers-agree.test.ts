import rule from "../../../rules/dns/servers-agree.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";
import { dnsRecords, type Script } from "../../support/scripted-answers.ts";

const FQDN = "conf01.example.com";
const SUBJECT = "server-list:deployment/dns";
const SILENT = { status: "no-answer", reason: "timeout" } as const;

const addressOf = (octet: number) => `10.0.0.${octet}`;

/** One node, and as many servers as there are numbers. */
const deployment = (octets: readonly number[], more = "") => `
dns_servers: «list|[»${octets.map((octet) => `«${octet}|${addressOf(octet)}»`).join(", ")}]
management_node:
  name: m
  hostname: conf01
  domain: example.com
${more}
`;

/** A server's A records for the node's name. */
const a = (octet: number, ...addresses: readonly string[]): Script => ({
  [`dns ${addressOf(octet)} 53 ${FQDN} A`]: dnsRecords(FQDN, ...addresses.map((address) => ["A", address] as const)),
});
const says = (octet: number, answer: Script[string], types: readonly string[] = ["A", "AAAA"]): Script =>
  Object.fromEntries(types.map((type) => [`dns ${addressOf(octet)} 53 ${FQDN} ${type}`, answer]));

const list = (
  name: string,
  octets: readonly number[],
  answers: Script,
  expected: RuleCase["expect"][string],
): RuleCase => ({ name, deployment: deployment(octets), answers, expect: { [SUBJECT]: expected } });

const NEW = "192.0.2.21";
const OLD = "192.0.2.99";

ruleTester.run(
  rule,
  [
    list("passes servers that say the same", [1, 2], { ...a(1, NEW), ...a(2, NEW) }, { verdict: "pass" }),
    list(
      "passes the same addresses in another order",
      [1, 2],
      { ...a(1, NEW, OLD), ...a(2, OLD, NEW) },
      { verdict: "pass" },
    ),
    list(
      "does not look at the time to live",
      [1, 2],
      {
        ...a(1, NEW),
        ...says(2, { ...dnsRecords(FQDN), records: [{ type: "A", name: FQDN, ttl: 17, address: NEW }] }, ["A"]),
      },
      { verdict: "pass" },
    ),
    list("passes servers that all know nothing of the name", [1, 2], {}, { verdict: "pass" }),
    list("takes the codes for 'no such record' for one", [1, 2], says(2, { status: "answered", reason: "nodata" }), {
      verdict: "pass",
    }),
    list(
      "does not care by which alias the addresses come",
      [1, 2],
      {
        ...a(1, NEW),
        ...says(2, { ...dnsRecords("host7.example.com", ["A", NEW]), chain: [FQDN, "host7.example.com"] }, ["A"]),
      },
      { verdict: "pass" },
    ),
    list(
      "names the odd one of three, at its place",
      [1, 2, 3],
      { ...a(1, NEW), ...a(2, OLD), ...a(3, NEW) },
      {
        verdict: "fail",
        severity: "warn",
        findings: [
          ["odd", "«2»", "DNS server 10.0.0.2 answers differently from 10.0.0.1, 10.0.0.3 for conf01.example.com."],
        ],
      },
    ),
    list(
      "names the odd one where it is the first",
      [1, 2, 3],
      { ...a(1, OLD), ...a(2, NEW), ...a(3, NEW) },
      {
        verdict: "fail",
        findings: [["odd", "«1»", "10.0.0.1 answers differently from 10.0.0.2, 10.0.0.3"]],
      },
    ),
    list(
      "does not join addresses to others",
      [1, 2],
      { ...a(1, "1.0.0.1", "192.0.2.1"), ...a(2, "1.0.0.119", "2.0.2.1") },
      { verdict: "fail", findings: [["divided", "«list»"]] },
    ),
    list(
      "ignores records that are neither addresses nor services",
      [1, 2],
      {
        ...a(1, NEW),
        ...says(2, dnsRecords(FQDN, ["A", NEW]), ["A"]),
        ...says(2, dnsRecords(FQDN, ["CNAME", "host7.example.com"]), ["AAAA"]),
      },
      { verdict: "pass" },
    ),
    {
      name: "has a finding for each majority that a server differs from",
      deployment: deployment([1, 2, 3, 4], "  alternative_fqdn: sip01.example.net"),
      answers: {
        ...a(1, NEW),
        ...a(2, NEW),
        ...a(3, OLD),
        ...a(4, NEW),
        ...Object.fromEntries(
          [1, 2].map((octet) => [
            `dns ${addressOf(octet)} 53 sip01.example.net A`,
            dnsRecords("sip01.example.net", ["A", NEW]),
          ]),
        ),
        [`dns ${addressOf(4)} 53 sip01.example.net A`]: SILENT,
      },
      expect: {
        [SUBJECT]: {
          verdict: "fail",
          findings: [
            ["odd", "«3»"],
            ["odd", "«3»"],
          ],
        },
      },
    },
    list(
      "names the one that lacks the record",
      [1, 2, 3],
      { ...a(1, NEW), ...a(2, NEW) },
      {
        verdict: "fail",
        findings: [["odd", "«3»", "DNS server 10.0.0.3 answers differently from 10.0.0.1, 10.0.0.2"]],
      },
    ),
    list(
      "names the one with a record too many",
      [1, 2, 3],
      { ...a(1, NEW), ...a(2, NEW), ...a(3, NEW, OLD) },
      {
        verdict: "fail",
        findings: [["odd", "«3»"]],
      },
    ),
    list(
      "names two that stand apart from two that agree, each at its place",
      [1, 2, 3, 4],
      {
        ...a(1, NEW),
        ...a(2, NEW),
        ...a(3, OLD),
      },
      {
        verdict: "fail",
        findings: [
          ["odd", "«3»", "DNS server 10.0.0.3 answers differently from 10.0.0.1, 10.0.0.2"],
          ["odd", "«4»", "DNS server 10.0.0.4"],
        ],
      },
    ),
    list(
      "accuses neither of two",
      [1, 2],
      { ...a(1, NEW), ...a(2, OLD) },
      {
        verdict: "fail",
        findings: [
          [
            "divided",
            "«list»",
            "DNS servers 10.0.0.1, 10.0.0.2 answer differently for conf01.example.com, without a majority.",
          ],
        ],
      },
    ),
    list(
      "accuses nobody when two stand against two",
      [1, 2, 3, 4],
      { ...a(1, NEW), ...a(2, OLD), ...a(3, NEW), ...a(4, OLD) },
      {
        verdict: "fail",
        findings: [["divided", "«list»", "10.0.0.1, 10.0.0.2, 10.0.0.3, 10.0.0.4"]],
      },
    ),
    list("compares AAAA records", [1, 2], says(1, dnsRecords(FQDN, ["AAAA", "2001:db8::21"]), ["AAAA"]), {
      verdict: "fail",
      findings: [["divided", "«list»"]],
    }),

    list(
      "does not call a server odd because it is silent, nor pass without it",
      [1, 2, 3],
      { ...a(1, NEW), ...a(2, NEW), ...says(3, SILENT) },
      {
        verdict: "inconclusive",
        reason: "not every DNS server answered for conf01.example.com (10.0.0.3: timeout)",
      },
    ),
    list(
      "finds the difference between those that speak",
      [1, 2, 3],
      { ...a(1, NEW), ...a(2, OLD), ...says(3, SILENT) },
      {
        verdict: "fail",
        findings: [["divided", "«list»", "DNS servers 10.0.0.1, 10.0.0.2 answer"]],
      },
    ),
    list(
      "does not compare a server with silence",
      [1, 2],
      { ...a(1, NEW), ...says(2, SILENT) },
      { verdict: "inconclusive" },
    ),
    ...(["servfail", "refused", "lame"] as const).map((reason) =>
      list(
        `does not take ${reason} for another answer`,
        [1, 2],
        { ...a(1, NEW), ...says(2, { status: "answered", reason }) },
        {
          verdict: "inconclusive",
        },
      ),
    ),
    ...(["deadline", "aborted", "not-recorded", "own-network-error"] as const).map((reason) =>
      list(
        `does not pass while a server was not asked (${reason})`,
        [1, 2, 3],
        {
          ...a(1, NEW),
          ...a(2, NEW),
          ...says(3, { status: "not-asked", reason }),
        },
        { verdict: "inconclusive", reason: `10.0.0.3: ${reason}` },
      ),
    ),
    {
      name: "does not pass while a server is no address, and compares the others",
      deployment: deployment([1, 2]).replace("10.0.0.2", "10.0.0.2, ns3.example.com"),
      answers: { ...a(1, NEW), ...a(2, NEW) },
      expect: {
        [SUBJECT]: { verdict: "inconclusive", missing: ["is not an IP address, so it cannot be queried"] },
      },
    },
    {
      name: "fails by the others although a server is no address",
      deployment: deployment([1, 2]).replace("10.0.0.2", "10.0.0.2, ns3.example.com"),
      answers: { ...a(1, NEW), ...a(2, OLD) },
      expect: { [SUBJECT]: { verdict: "fail", findings: [["divided", "«list»"]] } },
    },

    {
      name: "compares the alternative name too, and names it alone when it alone differs",
      deployment: deployment([1, 2], "  alternative_fqdn: SIP01.example.net."),
      answers: { "dns 10.0.0.1 53 sip01.example.net A": dnsRecords("sip01.example.net", ["A", NEW]) },
      expect: {
        [SUBJECT]: {
          verdict: "fail",
          findings: [["divided", "«list»", "differently for sip01.example.net, without"]],
        },
      },
    },
    {
      name: "compares the SRV records that all its servers are asked for",
      deployment: deployment([1, 2], "domains: [{ name: example.com, services: [sips] }]"),
      answers: {
        "dns 10.0.0.1 53 _sips._tcp.example.com SRV": dnsRecords(
          "_sips._tcp.example.com",
          ["SRV", "10 10 5061 edge01.example.com"],
          ["SRV", "10 10 5061 edge02.example.com"],
        ),
        "dns 10.0.0.2 53 _sips._tcp.example.com SRV": dnsRecords("_sips._tcp.example.com", [
          "SRV",
          "10 10 5061 edge01.example.com",
        ]),
      },
      expect: {
        [SUBJECT]: { verdict: "fail", findings: [["divided", "«list»", "for _sips._tcp.example.com, without"]] },
      },
    },
    {
      name: "does not compare SRV records that only some of its servers are asked for",
      deployment: deployment(
        [1, 2],
        `system_locations: [{ name: Oslo, dns_servers: [10.0.0.1] }]
domains: [{ name: example.com, services: [sips], locations: [Oslo] }]`,
      ),
      answers: {
        "dns 10.0.0.1 53 _sips._tcp.example.com SRV": dnsRecords("_sips._tcp.example.com", [
          "SRV",
          "10 10 5061 edge01.example.com",
        ]),
      },
      expect: { [SUBJECT]: { verdict: "pass" } },
    },
    {
      name: "sees every part of an SRV record",
      deployment: deployment([1, 2], "domains: [{ name: example.com, services: [sips] }]"),
      answers: {
        "dns 10.0.0.1 53 _sips._tcp.example.com SRV": dnsRecords("_sips._tcp.example.com", [
          "SRV",
          "10 10 5061 e.example.com",
        ]),
        "dns 10.0.0.2 53 _sips._tcp.example.com SRV": dnsRecords("_sips._tcp.example.com", [
          "SRV",
          "20 10 5061 e.example.com",
        ]),
      },
      expect: { [SUBJECT]: { verdict: "fail" } },
    },
    {
      name: "does not compare the names of NTP servers, which pools answer anew each time",
      deployment: deployment([1, 2], "ntp_servers: [0.pool.ntp.org]"),
      answers: {
        "dns 10.0.0.1 53 0.pool.ntp.org A": dnsRecords("0.pool.ntp.org", ["A", "192.0.2.1"]),
        "dns 10.0.0.2 53 0.pool.ntp.org A": dnsRecords("0.pool.ntp.org", ["A", "192.0.2.2"]),
      },
      expect: { [SUBJECT]: { verdict: "pass" } },
    },
    {
      name: "names all that differs in the same way in one finding, the first five of many",
      deployment: `
dns_servers: [10.0.0.1, 10.0.0.2, «10.0.0.3»]
system_locations: [{ name: Oslo }]
conferencing_nodes:
${[1, 2, 3, 4, 5, 6, 7].map((n) => `  - { name: n${n}, hostname: n${n}, domain: example.com, system_location: Oslo }`).join("\n")}
`,
      answers: Object.fromEntries(
        [1, 2].flatMap((octet) =>
          [1, 2, 3, 4, 5, 6, 7].map((n) => [
            `dns 10.0.0.${octet} 53 n${n}.example.com A`,
            dnsRecords(`n${n}.example.com`, ["A", `192.0.2.${n}`]),
          ]),
        ),
      ),
      expect: {
        [SUBJECT]: {
          verdict: "fail",
          findings: [
            ["odd", "for n1.example.com, n2.example.com, n3.example.com, n4.example.com, n5.example.com and 2 more."],
          ],
        },
      },
    },
    {
      name: "does not pass while a node's name is unknown, and compares the others",
      deployment: `
dns_servers: [10.0.0.1, 10.0.0.2]
management_node: { name: m, hostname: conf01 }
`,
      expect: {
        [SUBJECT]: { verdict: "inconclusive", missing: ["management_node.domain is not in the deployment"] },
      },
    },
    {
      name: "judges each list that is used, with the names of its own users",
      deployment: `
dns_servers: [10.0.0.1, 10.0.0.2]
system_locations: [{ name: Oslo, dns_servers: «[10.0.0.3, 10.0.0.4]» }]
management_node: { name: m, hostname: mgmt01, domain: example.com }
conferencing_nodes: [{ name: a, hostname: conf01, domain: example.com, system_location: Oslo }]
`,
      answers: { ...a(1, NEW), ...a(3, NEW) },
      expect: {
        [SUBJECT]: { verdict: "pass" },
        "server-list:location/Oslo/dns": {
          verdict: "fail",
          findings: [["divided", "DNS servers 10.0.0.3, 10.0.0.4"]],
        },
      },
    },
    {
      name: "has nothing to compare one server with",
      deployment: deployment([1]),
      expect: { [SUBJECT]: { verdict: "not-applicable", reason: "the list has only one server" } },
    },
    {
      name: "takes a server that is written twice for one",
      deployment: deployment([1]).replace("10.0.0.1", '10.0.0.1, "10.0.0.1:53"'),
      expect: { [SUBJECT]: { verdict: "not-applicable", reason: "the list has only one server" } },
    },
    {
      name: "does not take a missing list for one without servers",
      deployment: "management_node: { name: m, hostname: m }\nconferencing_nodes: []",
      expect: { [SUBJECT]: { verdict: "inconclusive", missing: ["no DNS server is declared where one is used"] } },
    },
  ],
  { sharedAnswers: true },
);
