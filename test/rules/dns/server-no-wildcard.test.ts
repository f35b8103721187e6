import rule from "../../../rules/dns/server-no-wildcard.ts";
import { absentName } from "../../../rules/shared/dns-wildcards.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";
import { dnsRecords, type Script } from "../../support/scripted-answers.ts";

const PUBLIC = absentName("com");
const NTP = absentName("example.com");
const SERVICE = absentName("_tcp.vc.example.com");

const deployment = `
dns_servers: [«10.0.0.1»]
ntp_servers: [ntp1.example.com, ntp2.example.com, 10.0.0.5]
domains: [{ name: vc.example.com, services: [sip, sips] }]
management_node: { name: m, hostname: conf01, domain: example.com }
`;

const a = (name: string): Script => ({ [`dns 10.0.0.1 53 ${name} A`]: dnsRecords(name, ["A", "198.51.100.80"]) });
const srv = (name: string): Script => ({
  [`dns 10.0.0.1 53 ${name} SRV`]: dnsRecords(name, ["SRV", "10 10 5061 edge.example.com"]),
});

const server = (name: string, answers: Script, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment,
  answers,
  expect: { "dns-server:10.0.0.1": expected },
});

/** Every query ends like this. */
const all = (answer: Script[string]): Script => ({
  [`dns 10.0.0.1 53 ${PUBLIC} A`]: answer,
  [`dns 10.0.0.1 53 ${NTP} A`]: answer,
  [`dns 10.0.0.1 53 ${SERVICE} SRV`]: answer,
});

ruleTester.run(
  rule,
  [
    server("passes a server that knows no such names", all({ status: "answered", reason: "nxdomain" }), {
      verdict: "pass",
    }),
    server(
      "fails a server that answers every name, once",
      { ...a(PUBLIC), ...a(NTP) },
      {
        verdict: "fail",
        severity: "warn",
        findings: [
          [
            "everyName",
            `DNS server 10.0.0.1 resolves names that do not exist (${PUBLIC} to 198.51.100.80), so misspelled names appear to work.`,
          ],
        ],
      },
    ),
    server("fails a zone with a wildcard", a(NTP), {
      verdict: "fail",
      findings: [["wildcard", `DNS server 10.0.0.1 answers for every name in example.com (${NTP} with 198.51.100.80)`]],
    }),
    server(
      "fails two zones with wildcards, and names the type of other records",
      {
        ...srv(SERVICE),
        [`dns 10.0.0.1 53 ${NTP} A`]: dnsRecords(NTP, ["CNAME", "lb.example.com"], ["A", "198.51.100.80"]),
      },
      {
        verdict: "fail",
        findings: [
          ["wildcard", "with CNAME, 198.51.100.80"],
          ["wildcard", "in _tcp.vc.example.com"],
        ],
      },
    ),
    {
      name: "queries nothing for NTP servers without a zone or without a valid name, nor for services of other servers",
      deployment: `
dns_servers: [10.0.0.1]
ntp_servers: [ntp1, "not a name"]
system_locations: [{ name: Oslo, dns_servers: [10.0.0.2] }]
domains: [{ name: vc.example.com, services: [sips], locations: [Oslo] }]
management_node: { name: m, hostname: conf01, domain: example.com }
conferencing_nodes: [{ name: a, hostname: a, system_location: Oslo }]
`,
      expect: { "dns-server:10.0.0.1": { verdict: "pass" }, "dns-server:10.0.0.2": { verdict: "pass" } },
    },
    server("fails a zone in which every service has SRV records", srv(SERVICE), {
      verdict: "fail",
      findings: [["wildcard", `in _tcp.vc.example.com (${SERVICE} with edge.example.com)`]],
    }),
    ...(["servfail", "refused", "nodata", "lame", "referral"] as const).map((reason) =>
      server(`takes ${reason} for no wildcard`, all({ status: "answered", reason }), { verdict: "pass" }),
    ),
    server(
      "takes silence about public names for no wildcard, where the server answers others",
      { [`dns 10.0.0.1 53 ${PUBLIC} A`]: { status: "no-answer", reason: "timeout" } },
      { verdict: "pass" },
    ),
    server("says nothing of a server that has no answer", all({ status: "no-answer", reason: "timeout" }), {
      verdict: "inconclusive",
      reason: "it did not respond (timeout)",
    }),
    server(
      "does not pass while a name was not queried",
      { [`dns 10.0.0.1 53 ${NTP} A`]: { status: "not-asked", reason: "deadline" } },
      { verdict: "inconclusive", reason: "not every name was queried (deadline)" },
    ),
    {
      name: "does not apply where no node uses a server",
      deployment: "dns_servers: [10.0.0.1]\nconferencing_nodes: []",
      expect: { "deployment:deployment": { verdict: "not-applicable", reason: "no DNS server is in use" } },
    },
    {
      name: "asks each server for the zones that it is asked for",
      deployment: `
ntp_servers: [ntp1.example.com]
system_locations: [{ name: Oslo, dns_servers: [10.0.0.2], ntp_servers: [10.0.0.5] }]
management_node: { name: m, hostname: conf01, domain: example.com, dns_servers: [«10.0.0.1»] }
conferencing_nodes: [{ name: a, hostname: a, system_location: Oslo }]
`,
      answers: { ...a(NTP), [`dns 10.0.0.2 53 ${NTP} A`]: dnsRecords(NTP, ["A", "198.51.100.80"]) },
      expect: {
        "dns-server:10.0.0.1": { verdict: "fail", findings: [["wildcard"]] },
        "dns-server:10.0.0.2": { verdict: "pass" },
      },
    },
  ],
  { sharedAnswers: true },
);
