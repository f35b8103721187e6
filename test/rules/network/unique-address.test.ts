import { expect, it } from "vitest";
import rule from "../../../rules/network/unique-address.ts";
import { checksOf, type RuleCase, ruleTester } from "../../support/rule-tester.ts";

/** Nodes a, b, c … */
const nodes = (...fields: readonly string[]) =>
  [
    "conferencing_nodes:",
    ...fields.map((given, index) => `  - { name: ${"abc"[index]}, hostname: n${index}, ${given} }`),
  ].join("\n");

const evaluated = (name: string, deployment: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment,
  inventory: "virtual_machines: []",
  expect: { "deployment:deployment": expected },
});
const fails = (name: string, deployment: string, id: string, words: string) =>
  evaluated(name, deployment, { verdict: "fail", findings: [[id, words]] });

/** One node, and the VMs of the inventory. */
const beside = (
  name: string,
  plan: string,
  machines: readonly string[],
  expected: RuleCase["expect"][string],
  more = "",
): RuleCase => ({
  name,
  deployment: `conferencing_nodes:\n  - { name: a, hostname: a, vm: { ${plan} }, address: «address|10.0.0.1»${more} }`,
  inventory: `virtual_machines:\n${machines.map((machine) => `  - { ${machine} }\n`).join("")}`,
  expect: { "deployment:deployment": expected },
});
const OWN = "name: a, power_state: poweredOn, ip_addresses: [10.0.0.1]";
const HELD = "power_state: poweredOn, ip_addresses: [10.0.0.7, 10.0.0.1]";

ruleTester.run(
  rule,
  [
    beside("passes the address of the node's own VM", "name: a", [OWN, "name: b, ip_addresses: [10.0.0.2]"], {
      verdict: "pass",
    }),
    beside("fails one that another VM reports too", "name: a", [OWN, `name: dc01, ${HELD}`], {
      verdict: "fail",
      findings: [
        [
          "held",
          "«address»",
          "The address 10.0.0.1 of node a is also used by VM dc01; give one of them another address, or set vm.name",
        ],
      ],
    }),
    beside(
      "fails a secondary address and IPv6 likewise, but not what stands before a static NAT",
      "name: a",
      [`name: gw, power_state: poweredOn, ip_addresses: [10.9.0.1, "2001:DB8:0::1", 203.0.113.1]`, OWN],
      {
        verdict: "fail",
        findings: [
          ["held", "«secondary_address»", "The secondary_address"],
          ["held", "«ipv6_address»", "The ipv6_address"],
        ],
      },
      ', secondary_address: «secondary_address|10.9.0.1», ipv6_address: «ipv6_address|"2001:db8::1"», static_nat_address: 203.0.113.1',
    ),
    beside(
      "does not mind a VM that is switched off, nor a template",
      "name: a",
      [
        OWN,
        "name: old, power_state: poweredOff, ip_addresses: [10.0.0.1]",
        "name: master, template: true, ip_addresses: [10.0.0.1]",
      ],
      { verdict: "pass" },
    ),
    beside(
      "does not decide while it is unknown whether the other VM runs",
      "name: a",
      [OWN, "name: old, ip_addresses: [10.0.0.1]"],
      { verdict: "inconclusive", missing: ["virtual_machines.power_state is not in the inventory"] },
    ),
    ...["name: pexip-a", "cluster: core"].map((plan) =>
      beside(
        `fails one that a VM of another name reports while no VM is the node's (${plan})`,
        plan,
        [`name: dc01, ${HELD}`],
        {
          verdict: "fail",
          findings: [["held", "«address»", "also used by VM dc01"]],
        },
      ),
    ),
    beside("does not decide which of two VMs with the node's name is foreign", "name: a", [OWN, OWN], {
      verdict: "inconclusive",
      missing: ["more than one VM matches node a"],
    }),
    {
      name: "fails the address that the VM of another node reports",
      deployment: nodes("address: 10.0.0.1", "address: «10.0.0.2»"),
      inventory: `virtual_machines: [{ name: a, power_state: poweredOn, ip_addresses: [10.0.0.2] }, { name: b }]`,
      expect: {
        "deployment:deployment": { verdict: "fail", findings: [["held", "used by VM a"]] },
      },
    },
    beside(
      "does not hold it against a VM that it reports no address",
      "name: a",
      [OWN, "name: mail, power_state: poweredOn"],
      {
        verdict: "pass",
      },
    ),
    {
      name: "does not decide without an inventory",
      deployment: nodes("address: 10.0.0.1"),
      expect: { "deployment:deployment": { verdict: "inconclusive", missing: ["no inventory given"] } },
    },
    {
      name: "fails what two nodes have without any inventory",
      deployment: nodes("address: 10.0.0.1", "address: «10.0.0.1»"),
      expect: { "deployment:deployment": { verdict: "fail", findings: [["twice"]] } },
    },
    {
      name: "says once of an address that two nodes have, whoever reports it",
      deployment: nodes("address: 10.0.0.1", "address: «10.0.0.1»"),
      inventory: `virtual_machines: [{ name: a, power_state: poweredOn, ip_addresses: [10.0.0.1] }, { name: b }]`,
      expect: { "deployment:deployment": { verdict: "fail", findings: [["twice"]] } },
    },
    evaluated("passes addresses that differ", nodes("address: 10.0.0.1", "address: 10.0.0.2"), { verdict: "pass" }),
    evaluated(
      "passes every kind of address, gateways and servers beside each other",
      `dns_servers: [10.0.0.53]
ntp_servers: [10.0.0.123, ntp1.example.com]
${nodes(
  'address: 10.0.0.1, gateway: 10.0.0.254, secondary_address: 192.0.2.1, static_nat_address: 203.0.113.1, ipv6_address: "2001:db8::1"',
  'address: 10.0.0.2, gateway: 10.0.0.254, secondary_address: 192.0.2.2, static_nat_address: 203.0.113.2, ipv6_address: "2001:db8::2"',
)}`,
      { verdict: "pass" },
    ),
    fails(
      "fails the second of two nodes",
      nodes("address: 10.0.0.1", "address: «10.0.0.1»"),
      "twice",
      "The address 10.0.0.1 of node b is also the address of node a; use a unique address.",
    ),
    fails(
      "compares IPv6 in its canonical form",
      nodes(
        'address: 10.0.0.1, ipv6_address: "2001:db8::1"',
        'address: 10.0.0.2, ipv6_address: «"2001:0DB8:0:0:0::0001"»',
      ),
      "twice",
      "2001:0DB8:0:0:0::0001 of node b",
    ),
    fails(
      "compares addresses of all kinds with each other",
      nodes("address: 10.0.0.1, secondary_address: 10.0.0.9", "address: «10.0.0.9»"),
      "twice",
      "is also the secondary_address of node a",
    ),
    fails(
      "fails a static NAT address that two nodes share",
      nodes(
        "address: 10.0.0.1, static_nat_address: 203.0.113.1",
        "address: 10.0.0.2, static_nat_address: «203.0.113.1»",
      ),
      "twice",
      "The static_nat_address",
    ),
    fails(
      "takes the order of the document, in which the Management Node comes last",
      `${nodes("address: 10.0.0.1")}\nmanagement_node: { name: m, hostname: m, address: «10.0.0.1» }`,
      "twice",
      "of node m is also the address of node a",
    ),
    fails(
      "or first",
      `management_node: { name: m, hostname: m, address: 10.0.0.1 }\n${nodes("address: «10.0.0.1»")}`,
      "twice",
      "of node a is also the address of node m",
    ),
    evaluated(
      "says it of each further node",
      nodes("address: 10.0.0.1", "address: «10.0.0.1»", "address: «10.0.0.1»"),
      {
        verdict: "fail",
        findings: [["twice"], ["twice"]],
      },
    ),
    evaluated(
      "leaves a node's own two addresses to network/secondary-interface and network/static-nat-address",
      nodes("address: 10.0.0.1, secondary_address: 10.0.0.1, static_nat_address: 10.0.0.1"),
      { verdict: "pass" },
    ),

    fails(
      "fails a DNS server that has the address of a node",
      `dns_servers: [«10.0.0.53»]\n${nodes("address: 10.0.0.53, netmask: 255.255.255.0, gateway: 10.0.0.254")}\nmanagement_node: { name: m, hostname: m, address: 10.0.0.2 }`,
      "server",
      "The DNS server 10.0.0.53 has the address of node a; use another server",
    ),
    fails(
      "fails a node that has the address of a DNS server, where its own gateway says so",
      `dns_servers: [10.0.0.53]\n${nodes("address: «10.0.0.53», netmask: 255.255.255.0, gateway: 10.0.1.254")}\nmanagement_node: { name: m, hostname: m, address: 10.0.0.2 }`,
      "taken",
      "The address 10.0.0.53 of node a is also that of DNS server 10.0.0.53; give the node a different address.",
    ),
    fails(
      "fails a node that has the address of an NTP server of a location, where its own gateway says so",
      `${nodes("address: «192.0.2.123», netmask: 255.255.255.0, gateway: 10.0.0.254, system_location: Oslo")}
system_locations: [{ name: Oslo, ntp_servers: ["192.0.2.123:124"] }]`,
      "taken",
      "is also that of NTP server 192.0.2.123:124",
    ),
    evaluated(
      "leaves an NTP server that is a node to time/ntp-not-self",
      `ntp_servers: [10.0.0.1]\n${nodes("address: 10.0.0.1")}`,
      { verdict: "pass" },
    ),
    fails(
      "fails the gateway of one node that is another node",
      nodes("address: 10.0.0.254", "address: 10.0.0.2, gateway: «10.0.0.254»"),
      "router",
      "The gateway 10.0.0.254 of node b is the address of node a; enter the address of the router.",
    ),
    fails(
      "fails the node that has the gateway of several",
      nodes(
        "address: «10.0.0.254»",
        "address: 10.0.0.2, gateway: 10.0.0.254",
        "address: 10.0.0.3, gateway: 10.0.0.254",
      ),
      "taken",
      "The address 10.0.0.254 of node a is also the gateway of node b; give the node a different address.",
    ),
    fails(
      "fails the node that has its own gateway, which others have too",
      nodes("address: «10.0.0.254», gateway: 10.0.0.254", "address: 10.0.0.2, gateway: 10.0.0.254"),
      "taken",
      "is also the gateway of node b",
    ),
    fails(
      "fails the node that has the gateway of another one, where its own gateway says so",
      nodes(
        "address: «10.0.0.254», netmask: 255.255.255.0, gateway: 10.0.1.254",
        "address: 10.0.0.2, netmask: 255.255.255.0, gateway: 10.0.0.254",
      ),
      "taken",
      "is also the gateway of node b",
    ),
    fails(
      "fails an IPv6 gateway that is another node",
      nodes('address: 10.0.0.1, ipv6_address: "2001:db8::ff"', 'address: 10.0.0.2, ipv6_gateway: «"2001:DB8::FF"»'),
      "router",
      "The ipv6_gateway 2001:DB8::FF of node b is the ipv6_address of node a",
    ),
    fails(
      "fails the next hop of a static route that is another node",
      nodes("address: 10.0.0.1", "address: 10.0.0.2, static_routes: [{ name: dmz, gateway: «10.0.0.1» }]"),
      "router",
      "The next hop (static route dmz) 10.0.0.1 of node b is the address of node a",
    ),
    evaluated(
      "leaves a node that is its own gateway to network/gateway-in-subnet",
      nodes("address: 10.0.0.1, gateway: 10.0.0.1"),
      {
        verdict: "pass",
      },
    ),
    evaluated(
      "does not mind servers that are given by name",
      `ntp_servers: [ntp1.example.com]\n${nodes("address: 10.0.0.1")}`,
      {
        verdict: "pass",
      },
    ),

    evaluated("does not pass while a node has no address", nodes("address: 10.0.0.1", "domain: example.com"), {
      verdict: "inconclusive",
      missing: ["conferencing_nodes.address is not in the deployment"],
    }),
    evaluated(
      "does not hide a double address behind such a node",
      nodes("domain: x", "address: 10.0.0.1", "address: «10.0.0.1»"),
      {
        verdict: "fail",
        findings: [["twice"]],
      },
    ),
    evaluated(
      "looks at the other addresses of such a node",
      nodes("secondary_address: 10.0.0.1", "address: 10.0.0.1"),
      {
        verdict: "fail",
      },
    ),
    evaluated("does not pass an address that cannot be read", nodes("address: 10.0.0.1", "address: 10.0.0"), {
      verdict: "inconclusive",
      missing: ['address "10.0.0" of node b is not a'],
    }),
    evaluated("does not know nodes that are not listed", "system_locations: []", {
      verdict: "inconclusive",
      missing: ["conferencing_nodes is not in the deployment"],
    }),
    evaluated("does not apply without nodes", "conferencing_nodes: []", { verdict: "not-applicable" }),
  ],
  { optional: ["gateway", "ip_addresses", "ipv6_address", "name", "secondary_address", "static_nat_address"] },
);

it("points to the first use of the address", async () => {
  const [twice] = await checksOf(rule, { deployment: nodes("address: 10.0.0.1", "address: 10.0.0.1") });
  expect(twice?.findings[0]?.related).toMatchObject([
    { message: "address 10.0.0.1 of node a", location: { line: 2, column: 39 } },
  ]);
  const [server] = await checksOf(rule, {
    deployment: `${nodes("address: 10.0.0.9, system_location: Oslo")}
system_locations: [{ name: Oslo }]
dns_servers: [10.0.0.8, 10.0.0.9]`,
  });
  expect(server?.findings).toMatchObject([
    {
      location: { line: 4, column: 25 },
      related: [{ message: "address 10.0.0.9 of node a", location: { line: 2, column: 39 } }],
    },
  ]);
});
