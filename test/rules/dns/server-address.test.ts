import rule from "../../../rules/dns/server-address.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const evaluated = (name: string, server: string, subject: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: `
management_node: { name: m, hostname: m }
dns_servers:
  - «${server}»
`,
  expect: { [`dns-server:${subject}`]: expected },
});

const passes = (name: string, server: string, subject = server): RuleCase =>
  evaluated(name, server, subject, { verdict: "pass" });

const fails = (name: string, text: string, message: string, words: string, subject = text): RuleCase =>
  evaluated(name, JSON.stringify(text), subject, { verdict: "fail", findings: [[message, words]] });

ruleTester.run(rule, [
  {
    name: "fixes several addresses in one entry",
    deployment: `management_node: { name: m, hostname: m }
dns_servers:
  - «10.0.0.1, 10.0.0.2» # both
`,
    fixed: `management_node: { name: m, hostname: m }
dns_servers:
  - 10.0.0.1
  - 10.0.0.2 # both
`,
    expect: { "dns-server:10.0.0.1, 10.0.0.2": { verdict: "fail", findings: [["several"]] } },
  },
  {
    name: "does not fix an entry of which a part is no address",
    deployment: "management_node: { name: m, hostname: m }\ndns_servers: [«10.0.0.1 dns2»]",
    fixed: "management_node: { name: m, hostname: m }\ndns_servers: [10.0.0.1 dns2]",
    expect: { "dns-server:10.0.0.1 dns2": { verdict: "fail", findings: [["several"]] } },
  },
  {
    name: "does not fix an entry of which a part is out of range",
    deployment: "management_node: { name: m, hostname: m }\ndns_servers: [«10.0.0.1 10.0.0.300»]",
    fixed: "management_node: { name: m, hostname: m }\ndns_servers: [10.0.0.1 10.0.0.300]",
    expect: { "dns-server:10.0.0.1 10.0.0.300": { verdict: "fail", findings: [["several"]] } },
  },
  fails("fails an entry of spaces alone", "  ", "blank", "is blank"),
  passes("passes an IPv4 address", "10.44.0.10"),
  passes("passes an IPv6 address", '"2001:DB8::a"', "2001:db8::a"),
  passes("passes a port, for labs", '"127.0.0.1:5353"', "127.0.0.1:5353"),
  passes("passes a bracketed address with a port", '"[::1]:5353"', "[::1]:5353"),
  fails("fails a name", "dns1.example.com", "name", '"dns1.example.com" is a name'),
  fails("fails a name with a port", "dns1.example.com:53", "name", "use its IP address", "dns1.example.com"),
  fails("fails a list with commas", "10.0.0.1, 10.0.0.2", "several", "more than one address"),
  fails("fails a list with blanks, as the wizard takes it", "10.0.0.1 10.0.0.2", "several", "one entry per server."),
  fails("fails an address out of range", "10.44.0.300", "invalid", '"10.44.0.300" is not an IP address'),
  fails("fails an address with a leading zero", "10.44.0.010", "invalid", "not an IP address"),
  fails("fails a prefix length", "10.44.0.10/24", "invalid", "not an IP address"),
  fails("fails a zone", "fe80::1%eth0", "invalid", "not an IP address"),
  fails("fails a blank entry", "", "blank", "A DNS server entry is blank; enter an IP address or remove the entry."),
  {
    name: "judges only lists that are used",
    deployment: `
dns_servers: [dns1.example.com]
management_node: { name: m, hostname: m, dns_servers: [10.0.0.1] }
`,
    expect: { "dns-server:10.0.0.1": { verdict: "pass" } },
  },
  {
    name: "does not apply where no server is used",
    deployment: "dns_servers: [dns1]\nconferencing_nodes: []",
    expect: { "deployment:deployment": { verdict: "not-applicable", reason: "no DNS server is in use" } },
  },
  {
    name: "is inconclusive where a list that is used is empty",
    deployment: "management_node: { name: m, hostname: m }",
    expect: { "deployment:deployment": { verdict: "inconclusive", missing: ["no DNS server is declared"] } },
  },
]);
