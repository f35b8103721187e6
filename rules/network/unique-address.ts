import { append, given, set } from "../../src/engine/api/mutation.ts";
import { defineRule, type RuleContext } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import type { Node } from "../../src/site/deployment/deployment-objects.ts";
import type { VirtualMachine } from "../../src/site/estate/estate-objects.ts";
import type { Site } from "../../src/site/site.ts";
import { canonicalIp } from "../../src/values/network/ip-address.ts";

const ADDRESSES = ["address", "secondary_address", "static_nat_address", "ipv6_address"] as const;
/** The address before a static NAT belongs to the router. */
const HELD = ["address", "secondary_address", "ipv6_address"] as const;

const messages = {
  twice: "The {{wrong}} is also {{other}}; use a unique address.",
  taken: "The {{wrong}} is also {{other}}; give the node a different address.",
  router: "The {{wrong}} is {{other}}; enter the address of the router.",
  server: "The {{wrong}} has {{other}}; use another server, or give the node a different address.",
  held: "The {{field}} {{address}} of node {{node}} is also used by VM {{vm}}; give one of them another address, or set vm.name if VM {{vm}} is the node's.",
} as const;
type Context = RuleContext<typeof messages>;

/** The guide: "Each Conferencing Node must have a unique IPv6 address." (L550); so it is with every other address. */
export default defineRule({
  id: "network/unique-address",
  title: "Require unique node addresses",
  severity: "error",
  since: "0.1.0",
  source: guide("Automatically deploying a new Conferencing Node on a VMware host", "must"),
  subject: "deployment",
  messages,
  remediation: "Give every node addresses that are not used by anything else in its networks.",
  mutations: [
    {
      edit: (_, { site }) => {
        const { node, other } = neighbors(site);
        return set(node, "address", given(other, "address"));
      },
    },
    {
      edit: (_, { site }) => {
        const address = given(deployedNode(site), "address");
        return address === undefined
          ? null
          : append(site.estate.virtualMachines.items[0]?.sourceRef.document, "virtual_machines", {
              name: "selftest",
              host: "esxi99.example.com",
              cluster: null,
              power_state: "poweredOn",
              ip_addresses: [address],
            });
      },
      at: (_, { site }) => deployedNode(site)?.sourceRefOf("address"),
    },
  ],
  check(_, context) {
    const { site, need, known, needAll, each, fail, inconclusive } = context;
    for (const { kind, wrong, other } of site.relations.addressConflicts.all) {
      const [, field] = wrong.at;
      const isOfNode = ADDRESSES.some((candidate) => candidate === field);
      // A reference to a node as NTP server is reported by time/ntp-not-self.
      if (kind === "ntp" && !isOfNode) continue;
      const id = kind === "node" ? "twice" : isOfNode ? "taken" : kind === "router" ? "router" : "server";
      fail(id, {
        at: wrong.at,
        data: { wrong: wrong.inFull, other: other.inShort },
        related: [{ message: other.inFull, at: other.at }],
      });
    }
    each(site.nodeList, (node) => {
      each(ADDRESSES, (field) => {
        const written = field === "address" ? need(node, field) : known(node, field);
        if (written === undefined || canonicalIp(written) !== null) return;
        inconclusive(`${field} ${JSON.stringify(written)} of node ${node.name} is not a valid address`, {
          at: [node, field],
        });
      });
      each(HELD, (field) => {
        const written = known(node, field);
        const address = written === undefined ? null : canonicalIp(written);
        // For an address that is wrong already, its owner adds no information.
        if (address === null || site.relations.addressConflicts.of(node, field) !== undefined) return;
        const owners = site.relations.identities.withAddress(address);
        if (owners.length > 0) each(owners, (machine) => checkOwner(machine, node, field, context));
      });
      // VMs that no inventory lists may have it.
      needAll({ items: [], missing: site.estate.unlistedMachines });
    });
  },
});

/** Evaluates a VM of the inventory that reports an address of the node. A VM that is powered off uses none. */
function checkOwner(
  machine: VirtualMachine,
  node: Node,
  field: (typeof HELD)[number],
  { site, need, known, fail }: Context,
): void {
  if (site.relations.identities.ownerOf(machine) === node) return;
  if ((known(machine, "power_state") ?? "poweredOn") !== "poweredOn") return;
  // Of several VMs with the node's name, this may be the node's.
  if (site.machines.candidates(node).named.includes(machine)) need(node, "virtualMachine");
  need(machine, "power_state");
  fail("held", {
    at: [node, field],
    data: { field, address: need(node, field), node: node.name, vm: machine.name },
    related: [{ message: `VM ${machine.name} reports it`, at: [machine, "ip_addresses"] }],
    key: machine.name,
  });
}

/** A node with a VM of its own: another one that reports its address is then not taken for it. */
function deployedNode({ conferencingNodes }: Site): Node | undefined {
  return conferencingNodes.find((node) => given(node, "virtualMachine") != null);
}

/** Two nodes of one subnet, the later one first: for the mutations. */
function neighbors({ conferencingNodes }: Site): { readonly node?: Node; readonly other?: Node } {
  const pairs = conferencingNodes.flatMap((node, index) => {
    const gateway = given(node, "gateway");
    const other = conferencingNodes.slice(0, index).find((earlier) => given(earlier, "gateway") === gateway);
    return gateway === undefined || other === undefined ? [] : [{ node, other }];
  });
  return pairs[0] ?? {};
}
