import { given, remove, set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { machineOrPlan } from "../shared/virtual-hardware.ts";
import { counted } from "../../src/values/text/counted.ts";
import { overlap, subnetText } from "../../src/values/network/ipv4-subnet.ts";

/** The guide: "The optional secondary interface IPv4 address for this Conferencing Node." (L545; its network: L520) */
export default defineRule({
  id: "network/secondary-interface",
  title: "Require complete settings for a secondary interface",
  severity: "error",
  since: "0.1.0",
  source: guide("Automatically deploying a new Conferencing Node on a VMware host", "derived"),
  subject: "node",
  messages: {
    noMask: "Node {{node}} has a secondary_address but no secondary_netmask; enter both, or neither.",
    noAddress: "Node {{node}} has a secondary_netmask but no secondary_address; enter both, or neither.",
    sameSubnet:
      "The secondary interface of node {{node}} is in {{secondary}}, which overlaps {{primary}} of the primary one; use another subnet.",
    networkAlone:
      "Node {{node}} has secondary network {{network}} but no secondary_address; set it, or remove the network.",
    adapterAlone:
      "VM {{vm}} of node {{node}} has {{adapters}}, but the node has no secondary_address; set it, or remove the second adapter.",
    noNetwork: "Node {{node}} has a secondary interface but no network for it; set vm.secondary_network.",
    noAdapter:
      "Node {{node}} has a secondary interface, but its VM {{vm}} has only {{adapters}}; add a network adapter.",
  },
  remediation:
    "Configure all parts of the secondary interface: secondary_address and secondary_netmask in a separate subnet, and a second network adapter on its network. Or remove all of them.",
  mutations: [
    {
      edit: (node) => remove(node, "secondary_netmask"),
      at: (node) => node.sourceRefOf("secondary_address"),
    },
    {
      edit: (node) =>
        set(node, "secondary_address", () =>
          (given(node, "address") ?? "").replace(/\d+$/, (digits) => (digits === "121" ? "122" : "121")),
        ),
    },
  ],
  check(node, context) {
    const { site, need, known, needEntries, each, fail, notApplicable } = context;
    const address = known(node, "secondary_address");
    const mask = known(node, "secondary_netmask");
    const network = known(node.plan, "secondary_network");
    if (address === undefined && mask === undefined) {
      if (network !== undefined) {
        fail("networkAlone", { at: [node.plan, "secondary_network"], data: { node: node.name, network } });
        return;
      }
      const machine = machineOrPlan(node, context);
      const count = machine === null ? 1 : needEntries(machine, "nics").length;
      if (machine === null || count < 2) return notApplicable("the node has no secondary interface");
      const data = { node: node.name, vm: machine.name, adapters: counted(count, "network adapter") };
      fail("adapterAlone", { at: [machine, "nics", 1], data });
      return;
    }

    // A gap on one side hides nothing on the other.
    each(["addresses", "adapters"] as const, (side) => {
      const data = { node: node.name };
      if (side === "addresses") {
        if (mask === undefined) {
          fail("noMask", { at: [node, "secondary_address"], data });
          return;
        }
        if (address === undefined) {
          fail("noAddress", { at: [node, "secondary_address"], data });
          return;
        }
        const primary = need(node, "primaryInterface").subnet;
        const secondary = need(node, "secondaryInterface")?.subnet;
        if (secondary === undefined || !overlap(primary, secondary)) return;
        fail("sameSubnet", {
          at: [node, "secondary_address"],
          data: { ...data, primary: subnetText(primary), secondary: subnetText(secondary) },
          related: [{ message: "the primary interface", at: [node, "address"] }],
        });
        return;
      }

      const machine = machineOrPlan(node, context);
      if (machine === null) {
        if (network === undefined) {
          // A VM that may exist can have one.
          if (site.estate.isInventoried) need(node, "virtualMachine");
          fail("noNetwork", { at: [node.plan, "secondary_network"], data });
        }
        return;
      }
      const count = needEntries(machine, "nics").length;
      const adapters = counted(count, "network adapter");
      if (count < 2) fail("noAdapter", { at: [machine, "nics"], data: { ...data, vm: machine.name, adapters } });
    });
  },
});
