import rule from "../../../rules/network/ipv4-address.ts";
import { nodeCase } from "../../support/one-node.ts";
import { ruleTester } from "../../support/rule-tester.ts";

const MASK = "netmask: 255.255.255.0";
const PRIMARY = ["address: 10.44.10.21", MASK];

const address = (name: string, text: string, words: string) =>
  nodeCase(`fails ${name}`, [`address: ${text}`, MASK], {
    verdict: "fail",
    findings: [["unusable", words]],
  });
const malformed = (text: string) =>
  nodeCase(`cannot read ${text}`, [`address: «address|${text}»`, MASK], {
    verdict: "fail",
    findings: [["malformed", "«address»", "is not an IPv4 address"]],
  });
const mask = (text: string, id: string) =>
  nodeCase(`fails the mask ${text}`, ["address: 10.44.10.21", `netmask: «${text}»`], {
    verdict: "fail",
    findings: [[id]],
  });
const pair = (name: string, text: string, netmask: string, findings?: readonly (readonly [string, string])[]) =>
  nodeCase(name, [`address: ${text}`, `netmask: ${netmask}`], {
    verdict: findings === undefined ? "pass" : "fail",
    ...(findings && { findings }),
  });

ruleTester.run(
  rule,
  [
    {
      name: "fixes a prefix length of the second interface by its own mask",
      deployment: `conferencing_nodes:
  - { name: a, hostname: a, address: 10.0.0.5, netmask: 255.255.255.0, secondary_address: «192.0.2.5/28», secondary_netmask: 255.255.255.240 }`,
      fixed: `conferencing_nodes:
  - { name: a, hostname: a, address: 10.0.0.5, netmask: 255.255.255.0, secondary_address: 192.0.2.5, secondary_netmask: 255.255.255.240 }`,
      expect: { "node:a": { verdict: "fail", findings: [["malformed"]] } },
    },
    {
      name: "fixes a prefix length that says what the mask says, and no other",
      deployment: `conferencing_nodes:
  - { name: a, hostname: a, address: «10.0.0.5/24», netmask: 255.255.255.0 }
  - { name: b, hostname: b, address: «10.0.0.6/16», netmask: 255.255.255.0 }`,
      fixed: `conferencing_nodes:
  - { name: a, hostname: a, address: 10.0.0.5, netmask: 255.255.255.0 }
  - { name: b, hostname: b, address: 10.0.0.6/16, netmask: 255.255.255.0 }`,
      expect: {
        "node:a": { verdict: "fail", findings: [["malformed"]] },
        "node:b": { verdict: "fail", findings: [["malformed"]] },
      },
    },
    nodeCase("passes an address with its mask", PRIMARY, { verdict: "pass" }),
    nodeCase("fails a node without an address", [MASK], {
      verdict: "fail",
      severity: "error",
      findings: [["missing", "«node»", "Node a has no IPv4 address"]],
    }),
    nodeCase("does not know a mask that is missing", ["address: 10.44.10.21"], {
      verdict: "inconclusive",
      missing: ["conferencing_nodes.netmask is not in the deployment"],
    }),
    malformed('"10.44.10"'),
    malformed("10.44.10.256"),
    malformed("10.44.10.021"),
    malformed("10.44.10.21/24"),
    malformed('"2001:db8::21"'),
    malformed('""'),
    address("the unspecified address", "«0.0.0.0»", "node's network"),
    address("a loopback address", "«127.0.0.1»", "loopback"),
    address("a link-local address", "«169.254.10.21»", "link-local"),
    address("a multicast address", "«239.1.1.1»", "multicast"),
    address("the limited broadcast address", "«255.255.255.255»", "broadcast"),
    mask("255.0.255.0", "mask"),
    mask("0.0.0.255", "mask"),
    mask('"24"', "mask"),
    mask("0.0.0.0", "wholeInternet"),
    nodeCase("says both of a bad address with a bad mask", ["address: «127.0.0.1»", "netmask: «255.0.255.0»"], {
      verdict: "fail",
      findings: [["unusable"], ["mask"]],
    }),
    nodeCase("fails a bad address although the mask is missing", ["address: 127.0.0.1"], { verdict: "fail" }),
    pair("fails the network address", "«10.44.10.0»", "255.255.255.0", [
      ["edge", "is the network address of 10.44.10.0/24"],
    ]),
    pair("fails the broadcast address", "«10.44.10.255»", "255.255.255.0", [
      ["edge", "is the broadcast address of 10.44.10.0/24"],
    ]),
    pair("fails the broadcast address of a /30", "«10.44.10.7»", "255.255.255.252", [["edge", "10.44.10.4/30"]]),
    pair("passes an address that ends in 255 inside a /23", "10.44.10.255", "255.255.254.0"),
    pair("passes both ends of a /31", "10.44.10.0", "255.255.255.254"),
    pair("and the other one", "10.44.10.1", "255.255.255.254"),
    pair("passes a /32", "10.44.10.0", "255.255.255.255"),

    nodeCase(
      "passes a second interface that is in order",
      [...PRIMARY, "secondary_address: 192.0.2.21", "secondary_netmask: 255.255.255.0"],
      { verdict: "pass" },
    ),
    nodeCase(
      "judges the second interface too",
      [...PRIMARY, "secondary_address: «192.0.2.255»", "secondary_netmask: 255.255.255.0"],
      { verdict: "fail", findings: [["edge", "secondary_address 192.0.2.255"]] },
    ),
    nodeCase("and its mask", [...PRIMARY, "secondary_address: 192.0.2.21", "secondary_netmask: «255.255.0.255»"], {
      verdict: "fail",
      findings: [["mask", "secondary_netmask"]],
    }),
    nodeCase(
      "does not hide the second interface behind a gap in the first",
      ["address: 10.44.10.21", "secondary_address: «999.0.2.21»", "secondary_netmask: 255.255.255.0"],
      { verdict: "fail", findings: [["malformed"]] },
    ),
    nodeCase("does not know a second mask that is missing", [...PRIMARY, "secondary_address: 192.0.2.21"], {
      verdict: "inconclusive",
      missing: ["secondary_address 192.0.2.21 of node a has no secondary_netmask"],
    }),
    {
      name: "judges the Management Node",
      deployment: "management_node: { name: m, hostname: m, address: «224.0.0.5», netmask: 255.255.255.0 }",
      expect: { "node:m": { verdict: "fail", findings: [["unusable"]] } },
    },
    {
      name: "does not apply where there is no node",
      deployment: "conferencing_nodes: []",
      expect: { "deployment:deployment": { verdict: "not-applicable", reason: "the deployment has no node" } },
    },
  ],
  { optional: ["secondary_address"] },
);
