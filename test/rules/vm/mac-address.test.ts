import rule from "../../../rules/vm/mac-address.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const MAC = "00:50:56:2a:00:05";

/** A node that is not deployed yet, with the MAC address of its plan; and all VMs that there are. */
const planned = (name: string, mac: string, expected: RuleCase["expect"][string], machines = ""): RuleCase => ({
  name,
  deployment: `conferencing_nodes: [{ name: a, hostname: a, vm: { name: vm-a, mac_address: «"»${mac}" } }]`,
  inventory: `virtual_machines: [${machines}]`,
  expect: { "node:a": expected },
});

/** A node whose VM has one adapter. */
const deployed = (name: string, mac: string, expected: RuleCase["expect"][string], others = ""): RuleCase => ({
  name,
  deployment: "conferencing_nodes: [{ name: a, hostname: a }]",
  inventory: `virtual_machines: [{ name: a, nics: [{ mac_address: «"»${mac}" }] }${others}]`,
  expect: { "node:a": expected },
});

const mail = (mac: string, more = "") => `, { name: mail, ${more} nics: [{ label: eth0, mac_address: "${mac}" }] }`;

ruleTester.run(
  rule,
  [
    planned("passes an address of its own", MAC, { verdict: "pass" }),
    planned("passes any notation", "0050.562A.0005", { verdict: "pass" }),
    planned("fails an address that is too short", "00:50:56:2a:00", {
      verdict: "fail",
      findings: [["malformed", 'MAC address "00:50:56:2a:00" of node a is not']],
      severity: "error",
    }),
    planned("fails an address with a wrong digit", "00:50:56:2a:00:0g", {
      verdict: "fail",
      findings: [["malformed"]],
    }),
    planned("fails an address that is more than one", "00:50:56:2a:00:05, 00:50:56:2a:00:06", {
      verdict: "fail",
      findings: [["malformed"]],
    }),
    planned("fails a multicast address", "01:50:56:2a:00:05", {
      verdict: "fail",
      findings: [["notUnicast", "is a multicast address"]],
    }),
    planned("fails the broadcast address", "FF-FF-FF-FF-FF-FF", {
      verdict: "fail",
      findings: [["notUnicast", "is the broadcast address"]],
    }),
    planned("fails the empty address", "000000000000", {
      verdict: "fail",
      findings: [["notUnicast", "is the empty address"]],
    }),
    planned("passes an address that is administered locally", "02:00:00:00:00:01", { verdict: "pass" }),
    planned(
      "does not pass while the address of a VM is unknown",
      MAC,
      { verdict: "inconclusive", missing: ["virtual_machines.nics is not in the inventory"] },
      "{ name: mail }, { name: web }",
    ),
    planned(
      "does not wait for templates and vSphere's own VMs",
      MAC,
      { verdict: "pass" },
      "{ name: image, template: true }, { name: vCLS (1) }",
    ),
    deployed("passes a VM with an address of its own", MAC, { verdict: "pass" }, mail("00:50:56:2a:00:06")),
    deployed(
      "fails an address that another VM has, however it is written",
      MAC,
      {
        verdict: "fail",
        findings: [["twice", "of a/nics[0] is already used by mail/eth0"]],
      },
      mail("0050562A0005"),
    ),
    deployed(
      "fails it though the other VM is off",
      MAC,
      {
        verdict: "fail",
        findings: [["twice"]],
      },
      mail(MAC, "power_state: poweredOff,"),
    ),
    deployed("takes no template for another VM", MAC, { verdict: "pass" }, mail(MAC, "template: true,")),
    deployed("does not compare with what is no address", MAC, { verdict: "pass" }, mail("unknown")),
    deployed(
      "does not pass while an adapter of another VM is unknown",
      MAC,
      {
        verdict: "inconclusive",
        missing: ["virtual_machines.nics.mac_address is not in the inventory"],
      },
      ", { name: mail, nics: [{ label: eth0 }] }",
    ),
    deployed(
      "fails whatever is unknown of other VMs",
      "nonsense",
      {
        verdict: "fail",
        findings: [["malformed"]],
      },
      ", { name: mail }",
    ),
    {
      name: "fails the second of two adapters of one VM, and names the first",
      deployment: "conferencing_nodes: [{ name: a, hostname: a }]",
      inventory: `
virtual_machines:
  - name: a
    nics:
      - { label: one, mac_address: "00:50:56:2a:00:05" }
      - { label: two, mac_address: «"00-50-56-2A-00-05"» }
`,
      expect: {
        "node:a": {
          verdict: "fail",
          findings: [["twice", "of a/two is already used by a/one of node a"]],
        },
      },
    },
    {
      name: "fails the later of two nodes in the order of the deployment, not of the inventory",
      deployment: `
conferencing_nodes: [{ name: a, hostname: a }, { name: b, hostname: b }]
management_node: { name: m, hostname: m, vm: { name: vm-m, mac_address: "00:50:56:2a:00:05" } }
`,
      inventory: `
virtual_machines:
  - { name: b, nics: [{ mac_address: «"00:50:56:2a:00:01"» }] }
  - { name: a, nics: [{ mac_address: "00:50:56:2a:00:01" }] }
`,
      expect: {
        "node:a": { verdict: "pass" },
        "node:b": { verdict: "fail", findings: [["twice", "is already used by a/nics[0] of node a"]] },
        "node:m": { verdict: "pass" },
      },
    },
    {
      name: "fails the later of two plans",
      deployment: `
conferencing_nodes:
  - { name: a, hostname: a, vm: { mac_address: "00:50:56:2a:00:05" } }
  - { name: b, hostname: b, vm: { mac_address: «"00:50:56:2a:00:05"» } }
`,
      inventory: "virtual_machines: []",
      expect: {
        "node:a": { verdict: "pass" },
        "node:b": { verdict: "fail", findings: [["twice", "of node b is already used by node a"]] },
      },
    },
    {
      name: "judges the VM and not the plan",
      deployment: 'conferencing_nodes: [{ name: a, hostname: a, vm: { mac_address: "nonsense" } }]',
      inventory: `virtual_machines: [{ name: a, nics: [{ mac_address: "${MAC}" }] }]`,
      expect: { "node:a": { verdict: "pass" } },
    },
    {
      name: "needs the adapters and their addresses",
      deployment: `conferencing_nodes: [{ name: a, hostname: a, vm: { mac_address: "${MAC}" } }, { name: b, hostname: b }]`,
      inventory: "virtual_machines: [{ name: a }, { name: b, nics: [{}] }]",
      expect: {
        "node:a": { verdict: "inconclusive", missing: ["virtual_machines.nics is not in the inventory"] },
        "node:b": { verdict: "inconclusive", missing: ["virtual_machines.nics.mac_address is not in the inventory"] },
      },
    },
    {
      name: "does not apply where vSphere will choose the address",
      deployment: "conferencing_nodes: [{ name: a, hostname: a }]",
      inventory: "virtual_machines: []",
      expect: { "node:a": { verdict: "not-applicable", reason: "no MAC address is planned" } },
    },
    {
      name: "is inconclusive on a VM that two nodes name",
      deployment: "conferencing_nodes: [{ name: a, hostname: a }, { name: b, hostname: b, vm: { name: a } }]",
      inventory: `virtual_machines: [{ name: a, nics: [{ mac_address: "${MAC}" }] }]`,
      expect: {
        "node:a": { verdict: "pass" },
        "node:b": { verdict: "inconclusive", reason: "VM a is also the VM of another node" },
      },
    },
    {
      name: "fails a plan that has the address of another node's VM, by which that VM is found",
      deployment: `
conferencing_nodes:
  - { name: a, hostname: a }
  - { name: b, hostname: b, vm: { mac_address: «"»${MAC}" } }
`,
      inventory: `virtual_machines: [{ name: a, nics: [{ mac_address: "${MAC}" }] }]`,
      expect: {
        "node:a": { verdict: "pass" },
        "node:b": {
          verdict: "fail",
          findings: [["twice", "of node b is already used by a/nics[0] of node a"]],
        },
      },
    },
    {
      name: "does not pass while the VMs of another vCenter are not listed",
      deployment: "conferencing_nodes: [{ name: a, hostname: a }]",
      inventory: [
        `vcenter: { address: vc1 }\nvirtual_machines: [{ name: a, nics: [{ mac_address: "${MAC}" }] }]`,
        "vcenter: { address: vc2 }\nhosts: []",
      ],
      expect: {
        "node:a": { verdict: "inconclusive", missing: ["the list virtual_machines is not in the inventory"] },
      },
    },
  ],
  { optional: ["mac_address", "name"] },
);
