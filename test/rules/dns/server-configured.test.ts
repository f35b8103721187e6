import rule from "../../../rules/dns/server-configured.ts";
import { ruleTester } from "../../support/rule-tester.ts";

ruleTester.run(
  rule,
  [
    {
      name: "judges a list that several use once",
      deployment: `
dns_servers: [10.0.0.10]
system_locations: [{ name: Oslo }, { name: Bergen }]
management_node: { name: m, hostname: m }
conferencing_nodes:
  - { name: a, hostname: a, system_location: Oslo }
  - { name: b, hostname: b, system_location: Bergen }
`,
      expect: { "server-list:deployment/dns": { verdict: "pass" } },
    },
    {
      name: "fails an empty list at its place, naming its users",
      deployment: `
platform: { version: "25" }
dns_servers: «[]»
system_locations: [{ name: Oslo }, { name: Bergen }]
management_node: { name: m, hostname: m }
conferencing_nodes:
  - { name: a, hostname: a, system_location: Oslo }
  - { name: b, hostname: b, system_location: Bergen }
`,
      expect: {
        "server-list:deployment/dns": {
          verdict: "fail",
          findings: [["none", "for the Management Node, location Oslo and location Bergen; declare"]],
          severity: "error",
        },
      },
    },
    {
      name: "fails an absent list where it would stand, in the deployment itself",
      deployment: "«platform»: { version: '25' }\nmanagement_node: { name: m, hostname: m }",
      expect: {
        "server-list:deployment/dns": {
          verdict: "fail",
          findings: [["none", "No DNS server is declared for the Management Node"]],
        },
      },
    },
    {
      name: "fails an empty list of a location's own where no other serves",
      deployment: `
management_node: { name: m, hostname: m, dns_servers: [10.0.0.10] }
system_locations:
  - name: Oslo
    dns_servers: «[]»
conferencing_nodes: [{ name: a, hostname: a, system_location: Oslo }]
`,
      expect: {
        "server-list:management_node/dns": { verdict: "pass" },
        "server-list:location/Oslo/dns": {
          verdict: "fail",
          findings: [["none", "for location Oslo"]],
        },
      },
    },
    {
      name: "takes an empty list of a location or of the Management Node at its word",
      deployment: `
dns_servers: [10.0.0.10]
system_locations: [{ name: Oslo, dns_servers: «[]» }]
management_node: { name: m, hostname: m, dns_servers: «[]» }
conferencing_nodes: [{ name: a, hostname: a, system_location: Oslo }]
`,
      expect: {
        "server-list:location/Oslo/dns": { verdict: "fail", findings: [["none"]] },
        "server-list:management_node/dns": { verdict: "fail", findings: [["none"]] },
      },
    },
    {
      name: "lets no location's list serve the Management Node",
      deployment: `
«system_locations»: [{ name: Oslo, dns_servers: [10.0.0.10] }]
management_node: { name: m, hostname: m }
conferencing_nodes: [{ name: a, hostname: a, system_location: Oslo }]
`,
      expect: {
        "server-list:location/Oslo/dns": { verdict: "pass" },
        "server-list:deployment/dns": {
          verdict: "fail",
          findings: [["none", "for the Management Node; declare"]],
        },
      },
    },
    {
      name: "does not count blank entries",
      deployment: "dns_servers: «['', ' ']»\nmanagement_node: { name: m, hostname: m }",
      expect: { "server-list:deployment/dns": { verdict: "fail", findings: [["none"]] } },
    },
    {
      name: "does not ask for the servers of a location without nodes",
      deployment: "system_locations: [{ name: Oslo }]\nconferencing_nodes: []",
      expect: { "deployment:deployment": { verdict: "not-applicable", reason: "no node uses a list of DNS servers" } },
    },
    {
      name: "does not know the list of a node without a location",
      deployment: "dns_servers: [10.0.0.10]\nconferencing_nodes: [{ name: a, hostname: a }]",
      expect: {
        "deployment:deployment": {
          verdict: "inconclusive",
          missing: ["conferencing_nodes.system_location is not in the deployment"],
        },
      },
    },
    {
      name: "does not pass a deployment that says nothing of nodes",
      deployment: "dns_servers: [10.0.0.10]",
      expect: { "deployment:deployment": { verdict: "inconclusive", missing: ["conferencing_nodes"] } },
    },
  ],
  { optional: ["dns_servers"] },
);
