import rule from "../../../rules/time/ntp-not-self.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const evaluated = (name: string, server: string, subject: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: `
ntp_servers: [${server}]
system_locations: [{ name: Oslo }]
management_node: { name: manager, hostname: mgmt01, domain: vc.example.com, address: 10.0.0.5 }
conferencing_nodes:
  - name: edge
    hostname: Edge01
    domain: vc.example.com
    alternative_fqdn: sip.example.org
    address: 10.0.1.5
    secondary_address: 10.0.2.5
    static_nat_address: 198.51.100.5
    ipv6_address: 2001:db8::5
    system_location: Oslo
`,
  expect: { [`ntp-server:${subject}`]: expected },
});

const fails = (name: string, server: string, subject: string, node: string): RuleCase =>
  evaluated(name, server, subject, {
    verdict: "fail",
    findings: [["own", `is node ${node} of this deployment`]],
    severity: "warn",
  });

ruleTester.run(
  rule,
  [
    evaluated("passes another name", "ntp1.vc.example.com", "ntp1.vc.example.com", { verdict: "pass" }),
    evaluated("passes another address", "10.0.0.6", "10.0.0.6", { verdict: "pass" }),
    evaluated("passes a name of one label that no node has", "ntp1", "ntp1", { verdict: "pass" }),
    fails("fails the Management Node's address", "«10.0.0.5»", "10.0.0.5", "manager"),
    fails("fails a node's address", "«10.0.1.5»", "10.0.1.5", "edge"),
    fails("fails a node's second address", "«10.0.2.5»", "10.0.2.5", "edge"),
    fails("fails a node's public address", "«198.51.100.5»", "198.51.100.5", "edge"),
    fails("fails a node's IPv6 address in another form", '«"2001:0DB8:0::5"»', "2001:db8::5", "edge"),
    fails("fails a node's FQDN in any case", "«EDGE01.vc.example.com.»", "edge01.vc.example.com", "edge"),
    fails("fails a node's SIP TLS FQDN", "«sip.example.org»", "sip.example.org", "edge"),
    fails("fails a node's bare hostname", "«mgmt01»", "mgmt01", "manager"),
    evaluated("leaves what is no server to the rule about that", '"a, b"', "a, b", {
      verdict: "inconclusive",
      missing: ["neither an address nor a host name"],
    }),
    {
      name: "fails a node whose gateway does not match its address",
      deployment: `
ntp_servers: [«10.0.0.5»]
management_node: { name: m, hostname: m, address: 10.0.0.5, netmask: 255.255.255.0, gateway: 10.0.9.1 }
`,
      expect: {
        "ntp-server:10.0.0.5": {
          verdict: "fail",
          findings: [["own"]],
        },
      },
    },
    {
      name: "does not pass an address while one of a node cannot be read",
      deployment: `
ntp_servers: [10.0.0.5]
management_node: { name: m, hostname: m, address: 10.0.0.5x }
`,
      expect: {
        "ntp-server:10.0.0.5": {
          verdict: "inconclusive",
          missing: ['address "10.0.0.5x" of node m is not an IP address'],
        },
      },
    },
    {
      name: "does not pass an address while a node's is missing, nor a name while a node's domain is",
      deployment: `
ntp_servers: [10.0.0.6, ntp1.example.com, ntp1]
management_node: { name: manager, hostname: mgmt01 }
`,
      expect: {
        "ntp-server:10.0.0.6": {
          verdict: "inconclusive",
          missing: ["management_node.address is not in the deployment"],
        },
        "ntp-server:ntp1.example.com": {
          verdict: "inconclusive",
          missing: ["management_node.domain is not in the deployment"],
        },
        "ntp-server:ntp1": { verdict: "pass" },
      },
    },
    {
      name: "does not apply where no server is used",
      deployment: "conferencing_nodes: []",
      expect: { "deployment:deployment": { verdict: "not-applicable", reason: "no NTP server is in use" } },
    },
  ],
  { optional: ["address", "alternative_fqdn", "domain", "ipv6_address", "secondary_address", "static_nat_address"] },
);
