import rule from "../../../rules/dns/server-default.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const evaluated = (name: string, servers: string, domain: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: `
dns_servers: «[»${servers}]
management_node: { name: m, hostname: m, ${domain} }
`,
  expect: { "server-list:deployment/dns": expected },
});

const fails = (name: string, domain: string): RuleCase =>
  evaluated(name, "8.8.8.8", `domain: ${domain}`, {
    verdict: "fail",
    findings: [["publicOnly", `private domain "${domain}" of node m`]],
    severity: "warn",
  });

ruleTester.run(
  rule,
  [
    evaluated("passes a server of one's own", "10.0.0.1", "domain: vc.local", { verdict: "pass" }),
    evaluated("passes the default beside another server", "8.8.8.8, 10.0.0.1", "domain: vc.local", { verdict: "pass" }),
    evaluated("passes the default for a public domain", "8.8.8.8", "domain: vc.example.com", { verdict: "pass" }),
    evaluated("passes a public domain that only resembles a private one", "8.8.8.8", "domain: notlocal.example", {
      verdict: "pass",
    }),
    fails("fails a domain of one label", "video"),
    ...["local", "lan", "internal", "corp", "home", "intranet", "home.arpa"].map((suffix) =>
      fails(`fails a domain under .${suffix}`, `vc.${suffix}`),
    ),
    fails("fails a private domain in any case", "VC.Corp."),
    evaluated("knows the default with its port", '"8.8.8.8:53"', "domain: vc.local", { verdict: "fail" }),
    evaluated("does not guess a missing domain", "8.8.8.8", "address: 10.0.0.5", {
      verdict: "inconclusive",
      missing: ["management_node.domain is not in the deployment"],
    }),
    evaluated("does not need the domain where the list has another server", "10.0.0.1", "address: 10.0.0.5", {
      verdict: "pass",
    }),
    evaluated("does not decide over an empty list", "", "domain: vc.local", {
      verdict: "inconclusive",
      missing: ["no DNS server is declared where one is used"],
    }),
    {
      name: "does not apply where no list is used",
      deployment: "dns_servers: [8.8.8.8]\nconferencing_nodes: []",
      expect: { "deployment:deployment": { verdict: "not-applicable" } },
    },
    {
      name: "does not pass while a node may use the list",
      deployment: `
dns_servers: [8.8.8.8]
management_node: { name: m, hostname: m, domain: vc.example.com }
conferencing_nodes: [{ name: a, hostname: a, domain: vc.local }]
`,
      expect: {
        "server-list:deployment/dns": { verdict: "inconclusive", missing: ["system_location"] },
        "deployment:deployment": { verdict: "inconclusive", missing: ["system_location"] },
      },
    },
    {
      name: "looks at the nodes that use the list, and reports each domain once",
      deployment: `
dns_servers: «[8.8.8.8]»
management_node: { name: m, hostname: m, domain: vc.local, dns_servers: [10.0.0.1] }
system_locations: [{ name: Oslo }, { name: Bergen, dns_servers: [8.8.8.8] }]
conferencing_nodes:
  - { name: a, hostname: a, domain: oslo.lan, system_location: Oslo }
  - { name: b, hostname: b, domain: oslo.lan, system_location: Oslo }
  - { name: c, hostname: c, domain: video, system_location: Oslo }
  - { name: d, hostname: d, domain: vc.example.com, system_location: Bergen }
`,
      expect: {
        "server-list:management_node/dns": { verdict: "pass" },
        "server-list:deployment/dns": {
          verdict: "fail",
          findings: [
            ["publicOnly", "of node a"],
            ["publicOnly", "of node c"],
          ],
        },
        "server-list:location/Bergen/dns": { verdict: "pass" },
      },
    },
    {
      name: "fails a private domain though another node's is missing",
      deployment: `
dns_servers: [8.8.8.8]
system_locations: [{ name: Oslo }]
conferencing_nodes:
  - { name: a, hostname: a, system_location: Oslo }
  - { name: b, hostname: b, domain: oslo.lan, system_location: Oslo }
`,
      expect: { "server-list:deployment/dns": { verdict: "fail" } },
    },
  ],
  { optional: ["domain"] },
);
