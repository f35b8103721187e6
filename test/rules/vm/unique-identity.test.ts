import rule from "../../../rules/vm/unique-identity.ts";
import { ruleTester } from "../../support/rule-tester.ts";

const NODES = "conferencing_nodes: [{ name: a, hostname: a }, { name: b, hostname: b }]";
const UUID = "4211a5c1-0b7d-4e52-8a31-90d6c2f41e21";

ruleTester.run(
  rule,
  [
    {
      name: "passes VMs that differ, and waits for one that does not exist",
      deployment: NODES,
      inventory: `virtual_machines: [{ name: a, uuid: ${UUID} }, { name: mail, uuid: 4211a5c1-0b7d-4e52-8a31-90d6c2f41e22 }]`,
      expect: {
        "node:a": { verdict: "pass" },
        "node:b": { verdict: "not-applicable", reason: "applies after deployment" },
      },
    },
    {
      name: "fails the later of two nodes whose VMs share a UUID, in the order of the deployment",
      deployment: NODES,
      inventory: `
virtual_machines:
  - { name: b, uuid: «${UUID.toUpperCase()}» }
  - { name: a, uuid: ${UUID} }
`,
      expect: {
        "node:a": { verdict: "pass" },
        "node:b": {
          verdict: "fail",
          findings: [["sameUuid", "which is also used by VM a; one VM is a clone of the other"]],
          severity: "error",
        },
      },
    },
    {
      name: "fails a node whose VM was cloned to one that is no node's, however the UUID is written",
      deployment: NODES,
      inventory: `
virtual_machines:
  - { name: test copy, uuid: "42 11 a5 c1 0b 7d 4e 52-8a 31 90 d6 c2 f4 1e 21" }
  - { name: a, uuid: «"{»${UUID}}" }
  - { name: b, uuid: other }
`,
      expect: {
        "node:a": {
          verdict: "fail",
          findings: [
            [
              "sameUuid",
              "a of node a has UUID {4211a5c1-0b7d-4e52-8a31-90d6c2f41e21}, which is also used by VM test copy;",
            ],
          ],
        },
        "node:b": { verdict: "pass" },
      },
    },
    {
      name: "takes neither a template nor vSphere's own VM for a copy",
      deployment: NODES,
      inventory: `
virtual_machines:
  - { name: a, uuid: ${UUID} }
  - { name: a, uuid: ${UUID}, template: true }
  - { name: image, template: true }
  - { name: vCLS (7) }
`,
      expect: { "node:a": { verdict: "pass" }, "node:b": { verdict: "not-applicable" } },
    },
    {
      name: "does not pass while a UUID is unknown, its own or another's",
      deployment: NODES,
      inventory: `virtual_machines: [{ name: a }, { name: b, uuid: ${UUID} }]`,
      expect: {
        "node:a": { verdict: "inconclusive", missing: ["virtual_machines.uuid is not in the inventory"] },
        "node:b": { verdict: "inconclusive", missing: ["virtual_machines.uuid is not in the inventory"] },
      },
    },
    {
      name: "fails whatever is unknown of a third VM",
      deployment: NODES,
      inventory: `virtual_machines: [{ name: mail }, { name: a, uuid: ${UUID} }, { name: b, uuid: «${UUID}» }]`,
      expect: {
        "node:a": { verdict: "inconclusive" },
        "node:b": { verdict: "fail", findings: [["sameUuid"]] },
      },
    },
    {
      name: "fails the second node that names the VM of the first",
      deployment: `
conferencing_nodes:
  - { name: a, hostname: a, vm: { name: vm-a } }
  - { name: b, hostname: b, vm: { name: «VM-A.» } }
`,
      inventory: `virtual_machines: [{ name: vm-a, uuid: ${UUID} }, { name: b, uuid: other }]`,
      expect: {
        "node:a": { verdict: "pass" },
        "node:b": {
          verdict: "fail",
          findings: [["sameVm", "VM vm-a of node b is already used by node a"]],
        },
      },
    },
    {
      name: "points at the hostname that two nodes are confused by; a VM that is called like a node is that node's",
      deployment: `
management_node: { name: m, hostname: vm-m }
conferencing_nodes:
  - { name: a, hostname: «VM-M», domain: b.example.com }
  - { name: b, hostname: b, address: 10.0.0.5 }
  - { name: c, hostname: c, vm: { mac_address: 00-50-56-2A-00-05 } }
`,
      inventory: `
virtual_machines:
  - { name: vm-m, uuid: ${UUID}, ip_addresses: [10.0.0.5], nics: [{ mac_address: "00:50:56:2a:00:05" }] }
`,
      expect: {
        "node:m": { verdict: "pass" },
        "node:a": { verdict: "fail", findings: [["sameVm"]] },
        "node:b": { verdict: "not-applicable" },
        "node:c": { verdict: "not-applicable" },
      },
    },
    {
      name: "does not choose between two VMs that fit a node",
      deployment: NODES,
      inventory: `virtual_machines: [{ name: a, uuid: one }, { name: a, uuid: two }]`,
      expect: {
        "node:a": { verdict: "inconclusive", missing: ["more than one VM matches node a"] },
        "node:b": { verdict: "not-applicable" },
      },
    },
    {
      name: "does not know without an inventory whether there is a VM",
      deployment: NODES,
      expect: {
        "node:a": { verdict: "inconclusive", missing: ["no inventory given"] },
        "node:b": { verdict: "inconclusive" },
      },
    },
  ],
  { optional: ["address", "domain", "mac_address", "nics"] },
);
