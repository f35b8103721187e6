import { expect, it } from "vitest";
import rule from "../../../rules/dns/srv-record.ts";
import { absentName } from "../../../rules/shared/dns-wildcards.ts";
import { checksOf, ruleTester, type RuleCase } from "../../support/rule-tester.ts";
import { dnsRecords, type Script } from "../../support/scripted-answers.ts";

const OWNER = "_sips._tcp.vc.example.com";
const ABSENT = absentName("_tcp.vc.example.com");
const SUBJECT = "domain-service:vc.example.com/_sips._tcp";
const SILENT = { status: "no-answer", reason: "timeout" } as const;

const domain = (services: string, servers = "[10.0.0.1]") => `
dns_servers: ${servers}
domains:
  - name: vc.example.com
    services: [${services}]
`;

const srv = (owner: string, ...rows: readonly string[]) =>
  dnsRecords(owner, ...rows.map((row) => ["SRV", row] as const));

const sips = (name: string, answer: Script[string], expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: domain("«sips»"),
  answers: { [`dns 10.0.0.1 53 ${OWNER} SRV`]: answer },
  expect: { [SUBJECT]: expected },
});

const twoServers = (name: string, answers: Script, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: domain("«sips»", "[10.0.0.1, 10.0.0.2]"),
  answers,
  expect: { [SUBJECT]: expected },
});

ruleTester.run(
  rule,
  [
    twoServers(
      "names every server without a record",
      Object.fromEntries(
        ["10.0.0.1", "10.0.0.2"].map((server) => [
          `dns ${server} 53 ${OWNER} SRV`,
          { status: "answered", reason: "nxdomain" } as const,
        ]),
      ),
      { verdict: "fail", findings: [["noRecord", "10.0.0.1, 10.0.0.2"]] },
    ),
    sips("passes a record with the service's port", srv(OWNER, "10 10 5061 edge01.example.com"), { verdict: "pass" }),
    twoServers(
      "does not take a wildcard's answer for a record that exists",
      {
        [`dns 10.0.0.1 53 ${OWNER} SRV`]: srv(OWNER, "10 10 5061 edge01.example.com"),
        [`dns 10.0.0.2 53 ${OWNER} SRV`]: srv(OWNER, "10 10 5061 edge01.example.com"),
        [`dns 10.0.0.2 53 ${ABSENT} SRV`]: srv(ABSENT, "10 10 5061 edge01.example.com"),
      },
      {
        verdict: "inconclusive",
        reason: `10.0.0.2 answers for ${OWNER} as for names that do not exist, such as ${ABSENT}`,
      },
    ),
    sips(
      "ignores records of other types",
      dnsRecords(OWNER, ["A", "192.0.2.1"], ["SRV", "10 10 5061 edge01.example.com"]),
      {
        verdict: "pass",
      },
    ),
    twoServers(
      "names the last of several aliases, and the servers that resolve it",
      {
        [`dns 10.0.0.1 53 ${OWNER} SRV`]: {
          ...srv(OWNER, "10 10 5061 edge01.example.com"),
          chain: [OWNER, "_sips._tcp.one.example.com", "_sips._tcp.two.example.com"],
        },
        [`dns 10.0.0.2 53 ${OWNER} SRV`]: { status: "answered", reason: "cname-loop", chain: [OWNER, OWNER] },
      },
      {
        verdict: "fail",
        findings: [
          ["noRecord", "10.0.0.2"],
          ["alias", "_sips._tcp.two.example.com"],
        ],
      },
    ),
    sips(
      "passes several records, of any priority and weight",
      srv(OWNER, "10 10 5061 edge01.example.com", "20 0 5061 edge02.example.com"),
      { verdict: "pass" },
    ),
    sips(
      "fails a name that does not exist",
      { status: "answered", reason: "nxdomain" },
      {
        verdict: "fail",
        findings: [["noRecord", "_sips._tcp.vc.example.com has no SRV record (queried 10.0.0.1)"]],
      },
    ),
    sips(
      "fails a name without an SRV record",
      { status: "answered", reason: "nodata" },
      {
        verdict: "fail",
        findings: [["noRecord"]],
      },
    ),
    sips(
      "fails a name whose aliases go in a circle",
      { status: "answered", reason: "cname-loop", chain: [OWNER, OWNER] },
      {
        verdict: "fail",
        findings: [["noRecord"]],
      },
    ),
    sips(
      "fails for each record with another port",
      srv(OWNER, "10 10 5060 edge01.example.com", "10 10 5061 edge02.example.com", "10 10 443 edge03.example.com"),
      {
        verdict: "fail",
        findings: [
          ["wrongPort", "edge01.example.com to port 5060, but the service listens on 5061"],
          ["wrongPort", "edge03.example.com to port 443, but the service listens on 5061"],
        ],
      },
    ),
    sips(
      "fails an owner name that is an alias",
      { ...srv("_sips._tcp.example.net", "10 10 5061 edge01.example.com"), chain: [OWNER, "_sips._tcp.example.net"] },
      {
        verdict: "fail",
        findings: [["alias", "is an alias of _sips._tcp.example.net (queried 10.0.0.1)"]],
      },
    ),
    sips(
      "fails an alias that leads to another port for both",
      { ...srv("_sips._tcp.example.net", "10 10 5060 edge01.example.com"), chain: [OWNER, "_sips._tcp.example.net"] },
      {
        verdict: "fail",
        findings: [["alias"], ["wrongPort"]],
      },
    ),
    sips('leaves the target "." and its port to another rule', srv(OWNER, "0 0 0 ."), { verdict: "pass" }),
    ...(["timeout", "port-unreachable", "malformed"] as const).map((reason) =>
      sips(
        `does not judge a server that ends in ${reason}`,
        { status: "no-answer", reason },
        {
          verdict: "inconclusive",
          reason: `no DNS server answered for ${OWNER} (10.0.0.1: ${reason})`,
        },
      ),
    ),
    ...(["servfail", "refused", "lame", "referral"] as const).map((reason) =>
      sips(`does not judge an answer that says ${reason}`, { status: "answered", reason }, { verdict: "inconclusive" }),
    ),
    sips(
      "says nothing of a name that was not asked for",
      { status: "not-asked", reason: "deadline" },
      {
        verdict: "inconclusive",
        reason: "10.0.0.1: deadline",
      },
    ),

    twoServers(
      "passes when the other server is silent",
      {
        [`dns 10.0.0.1 53 ${OWNER} SRV`]: SILENT,
        [`dns 10.0.0.2 53 ${OWNER} SRV`]: srv(OWNER, "10 10 5061 edge01.example.com"),
      },
      { verdict: "pass" },
    ),
    twoServers(
      "fails for the server that does not know the record",
      { [`dns 10.0.0.1 53 ${OWNER} SRV`]: srv(OWNER, "10 10 5061 edge01.example.com") },
      { verdict: "fail", findings: [["noRecord", "(queried 10.0.0.2)"]] },
    ),
    twoServers(
      "fails for the server that has another port",
      {
        [`dns 10.0.0.1 53 ${OWNER} SRV`]: srv(OWNER, "10 10 5061 edge01.example.com"),
        [`dns 10.0.0.2 53 ${OWNER} SRV`]: srv(OWNER, "10 10 5060 edge01.example.com"),
      },
      { verdict: "fail", findings: [["wrongPort", "to port 5060"]] },
    ),
    twoServers(
      "has one finding for a wrong record that both servers give",
      {
        [`dns 10.0.0.1 53 ${OWNER} SRV`]: srv(OWNER, "10 10 5060 edge01.example.com"),
        [`dns 10.0.0.2 53 ${OWNER} SRV`]: srv(OWNER, "10 10 5060 edge01.example.com"),
      },
      { verdict: "fail", findings: [["wrongPort"]] },
    ),
    twoServers(
      "fails for the server that has an alias",
      {
        [`dns 10.0.0.1 53 ${OWNER} SRV`]: srv(OWNER, "10 10 5061 edge01.example.com"),
        [`dns 10.0.0.2 53 ${OWNER} SRV`]: {
          ...srv("x.example.com", "10 10 5061 edge01.example.com"),
          chain: [OWNER, "x.example.com"],
        },
      },
      { verdict: "fail", findings: [["alias", "(queried 10.0.0.2)"]] },
    ),

    {
      name: "knows the owner name and port of every service; h323 has two",
      deployment: domain("sip, sips, h323, h323_registration, pexapp, sip_federation"),
      answers: Object.fromEntries(
        (
          [
            ["_sip._tcp", 5060],
            ["_sips._tcp", 5061],
            ["_h323cs._tcp", 1720],
            ["_h323ls._udp", 1719],
            ["_h323rs._udp", 1719],
            ["_pexapp._tcp", 443],
            ["_sipfederationtls._tcp", 5061],
          ] as const
        ).map(([owner, port]) => [
          `dns 10.0.0.1 53 ${owner}.vc.example.com SRV`,
          srv(`${owner}.vc.example.com`, `10 10 ${port} edge01.example.com`),
        ]),
      ),
      expect: Object.fromEntries(
        [
          "_sip._tcp",
          "_sips._tcp",
          "_h323cs._tcp",
          "_h323ls._udp",
          "_h323rs._udp",
          "_pexapp._tcp",
          "_sipfederationtls._tcp",
        ].map((owner) => [`domain-service:vc.example.com/${owner}`, { verdict: "pass" }]),
      ),
    },
    {
      name: "judges the two owner names of h323 apart",
      deployment: domain("«h323»"),
      answers: {
        "dns 10.0.0.1 53 _h323cs._tcp.vc.example.com SRV": srv(
          "_h323cs._tcp.vc.example.com",
          "10 10 1720 edge01.example.com",
        ),
        "dns 10.0.0.1 53 _h323ls._udp.vc.example.com SRV": srv(
          "_h323ls._udp.vc.example.com",
          "10 10 1720 edge01.example.com",
        ),
      },
      expect: {
        "domain-service:vc.example.com/_h323cs._tcp": { verdict: "pass" },
        "domain-service:vc.example.com/_h323ls._udp": {
          verdict: "fail",
          findings: [["wrongPort", "to port 1720, but the service listens on 1719"]],
        },
      },
    },
    {
      name: "judges a domain once that is declared twice",
      deployment: `
dns_servers: [10.0.0.1]
domains:
  - { name: vc.example.com, services: [«sips»] }
  - { name: VC.Example.COM., services: [sips, sips] }
`,
      expect: { [SUBJECT]: { verdict: "fail", findings: [["noRecord"]] } },
    },
    {
      name: "asks the servers of the domain's locations",
      deployment: `
dns_servers: [10.0.0.1]
system_locations: [{ name: Oslo, dns_servers: [10.0.0.2] }, { name: Bergen, dns_servers: [10.0.0.3] }]
domains: [{ name: vc.example.com, services: [sips], locations: [oslo] }]
`,
      answers: { [`dns 10.0.0.2 53 ${OWNER} SRV`]: srv(OWNER, "10 10 5061 edge01.example.com") },
      expect: { [SUBJECT]: { verdict: "pass" } },
    },
    {
      name: "does not know the servers of a location that is not declared",
      deployment: `
dns_servers: [10.0.0.1]
domains: [{ name: vc.example.com, services: [sips], locations: [Oslo] }]
`,
      answers: { [`dns 10.0.0.1 53 ${OWNER} SRV`]: srv(OWNER, "10 10 5061 edge01.example.com") },
      expect: {
        [SUBJECT]: { verdict: "inconclusive", missing: ["system location Oslo is not declared in system_locations"] },
      },
    },
    {
      name: "does not know whom to ask without a DNS server",
      deployment: "domains: [{ name: vc.example.com, services: [sips] }]",
      expect: { [SUBJECT]: { verdict: "inconclusive", missing: ["no DNS server is declared where one is used"] } },
    },
    {
      name: "does not ask a server that is no address",
      deployment: domain("sips", "[dns.example.com]"),
      expect: { [SUBJECT]: { verdict: "inconclusive", missing: ["is not an IP address, so it cannot be queried"] } },
    },
    {
      name: "does not know the services of a domain that lists none",
      deployment: "dns_servers: [10.0.0.1]\ndomains: [{ name: vc.example.com }]",
      expect: {
        "deployment:deployment": { verdict: "inconclusive", missing: ["domains.services is not in the deployment"] },
      },
    },
    {
      name: "does not know the domains when they are not listed",
      deployment: "dns_servers: [10.0.0.1]",
      expect: { "deployment:deployment": { verdict: "inconclusive", missing: ["domains is not in the deployment"] } },
    },
    ...["domains: []", "domains: [{ name: vc.example.com, services: [] }]"].map((text) => ({
      name: `does not apply where no service is offered (${text})`,
      deployment: text,
      expect: {
        "deployment:deployment": { verdict: "not-applicable", reason: "no service is declared for any domain" },
      } as const,
    })),
  ],
  { sharedAnswers: true },
);

it("prints the line that is missing from the zone", async () => {
  const [check] = await checksOf(rule, { deployment: domain("sips") });
  expect(check?.remediation).toContain("_sips._tcp.vc.example.com. 3600 IN SRV 10 10 5061 <node>.vc.example.com.");
});
