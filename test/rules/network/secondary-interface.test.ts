import rule from "../../../rules/network/secondary-interface.ts";
import { nodeCase } from "../../support/one-node.ts";
import { ruleTester } from "../../support/rule-tester.ts";

const PRIMARY = ["address: 10.44.10.21", "netmask: 255.255.255.0"];
const SECONDARY = ["secondary_address: 192.0.2.21", "secondary_netmask: 255.255.255.0"];
const PLAN = "vm: { network: inside, secondary_network: «secondary_network|outside» }";

const NO_VM = "virtual_machines: []";
const vm = (...nics: readonly string[]) => `virtual_machines:\n  - { name: a, nics: «nics|[»${nics.join(", ")}] }`;
const ONE = vm("{ network: inside }");
const TWO = vm("{ network: inside }", "«3|{ network: outside }»");

ruleTester.run(rule, [
  nodeCase(
    "passes a second interface that is planned in full",
    [...PRIMARY, ...SECONDARY, PLAN],
    { verdict: "pass" },
    NO_VM,
  ),
  nodeCase("passes one that the VM has, whatever the plan says", [...PRIMARY, ...SECONDARY], { verdict: "pass" }, TWO),
  nodeCase(
    "does not apply to a node without one",
    PRIMARY,
    { verdict: "not-applicable", reason: "no secondary interface" },
    NO_VM,
  ),
  nodeCase("nor to one whose VM has one adapter", PRIMARY, { verdict: "not-applicable" }, ONE),

  nodeCase(
    "fails an address without a mask",
    [...PRIMARY, "secondary_address: «addr|192.0.2.21»", PLAN],
    { verdict: "fail", severity: "error", findings: [["noMask", "«addr»", "no secondary_netmask"]] },
    NO_VM,
  ),
  nodeCase(
    "fails a mask without an address",
    [...PRIMARY, "secondary_netmask: 255.255.255.0", PLAN],
    { verdict: "fail", findings: [["noAddress", "«node»", "no secondary_address"]] },
    NO_VM,
  ),
  nodeCase(
    "fails an address in the first subnet",
    [...PRIMARY, "secondary_address: «10.44.10.22»", "secondary_netmask: 255.255.255.0", PLAN],
    {
      verdict: "fail",
      findings: [["sameSubnet", "is in 10.44.10.0/24, which overlaps 10.44.10.0/24"]],
    },
    NO_VM,
  ),
  nodeCase(
    "fails a subnet inside the first one",
    [...PRIMARY, "secondary_address: «10.44.10.200»", "secondary_netmask: 255.255.255.240", PLAN],
    { verdict: "fail", findings: [["sameSubnet", "10.44.10.192/28"]] },
    NO_VM,
  ),
  nodeCase(
    "fails a subnet around the first one",
    [...PRIMARY, "secondary_address: «10.44.99.1»", "secondary_netmask: 255.255.0.0", PLAN],
    { verdict: "fail", findings: [["sameSubnet", "10.44.0.0/16"]] },
    NO_VM,
  ),
  nodeCase(
    "passes the subnet next to the first one",
    [...PRIMARY, "secondary_address: 10.44.11.1", "secondary_netmask: 255.255.255.0", PLAN],
    { verdict: "pass" },
    NO_VM,
  ),

  nodeCase(
    "fails a planned network without an address",
    [...PRIMARY, PLAN],
    { verdict: "fail", findings: [["networkAlone", "«secondary_network»", "secondary network outside"]] },
    NO_VM,
  ),
  nodeCase("also without an inventory", [...PRIMARY, PLAN], {
    verdict: "fail",
    findings: [["networkAlone", "«secondary_network»"]],
  }),
  nodeCase(
    "says it once where the VM has the second adapter too",
    [...PRIMARY, PLAN],
    { verdict: "fail", findings: [["networkAlone", "«secondary_network»"]] },
    TWO,
  ),
  nodeCase(
    "fails a second adapter without an address",
    PRIMARY,
    { verdict: "fail", findings: [["adapterAlone", "«3»", "VM a of node a has 2 network adapters"]] },
    TWO,
  ),
  nodeCase(
    "fails an address without a planned network",
    [...PRIMARY, ...SECONDARY, "«vm»: { network: inside }"],
    { verdict: "fail", findings: [["noNetwork", "vm.secondary_network"]] },
    NO_VM,
  ),
  nodeCase(
    "fails an address without a second adapter, though a network is planned",
    [...PRIMARY, ...SECONDARY, PLAN],
    { verdict: "fail", findings: [["noAdapter", "«nics»", "has only 1 network adapter;"]] },
    ONE,
  ),
  nodeCase(
    "says of address and adapter what is wrong with each",
    [...PRIMARY, "secondary_address: «addr|192.0.2.21»"],
    {
      verdict: "fail",
      findings: [
        ["noMask", "«addr»"],
        ["noAdapter", "«nics»"],
      ],
    },
    ONE,
  ),

  nodeCase("judges the plan while there is no inventory", [...PRIMARY, ...SECONDARY, PLAN], { verdict: "pass" }),
  nodeCase("fails a plan without a second network while there is no inventory", [...PRIMARY, ...SECONDARY], {
    verdict: "fail",
    findings: [["noNetwork", "«node»"]],
  }),
  nodeCase("does not apply to a plan without a second interface, likewise", PRIMARY, { verdict: "not-applicable" }),
  nodeCase(
    "does not know whether there is a VM while the inventory does not list them",
    [...PRIMARY, ...SECONDARY, PLAN],
    { verdict: "inconclusive", missing: ["the list virtual_machines is not in the inventory"] },
    "hosts: []",
  ),
  nodeCase(
    "nor whether that VM has the second network that the plan does not name",
    [...PRIMARY, ...SECONDARY],
    { verdict: "inconclusive", missing: ["the list virtual_machines is not in the inventory"] },
    "hosts: []",
  ),
  nodeCase(
    "nor whether a node without a second address has a second adapter",
    PRIMARY,
    { verdict: "inconclusive", missing: ["the list virtual_machines is not in the inventory"] },
    "hosts: []",
  ),
  nodeCase(
    "does not know the adapters of a VM that lists none",
    [...PRIMARY, ...SECONDARY],
    { verdict: "inconclusive", missing: ["virtual_machines.nics is not in the inventory"] },
    "virtual_machines: [{ name: a }]",
  ),
  nodeCase(
    "does not know the first subnet without its mask",
    ["address: 10.44.10.21", ...SECONDARY, PLAN],
    { verdict: "inconclusive", missing: ["conferencing_nodes.netmask is not in the deployment"] },
    NO_VM,
  ),
  nodeCase(
    "leaves an address that cannot be read to network/ipv4-address",
    [...PRIMARY, "secondary_address: x", "secondary_netmask: 255.255.255.0", PLAN],
    { verdict: "inconclusive", missing: ['secondary_address "x" of node a is not an IPv4 address'] },
    NO_VM,
  ),
  nodeCase(
    "does not hide an overlap behind a missing inventory",
    [...PRIMARY, "secondary_address: «10.44.10.22»", "secondary_netmask: 255.255.255.0", PLAN],
    {
      verdict: "fail",
      findings: [["sameSubnet"]],
    },
  ),
]);
