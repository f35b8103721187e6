import { set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import type { Host } from "../../src/site/estate/estate-objects.ts";
import { type Endpoint, parseEndpoint } from "../../src/values/network/endpoint.ts";

/**
 * The guide: "It is your vCenter Server, or if you are not using vCenter, it is vSphere on the ESXi host" (L480), and all
 * administration of hosts that vCenter manages goes through vCenter (L109).
 */
export default defineRule({
  id: "access/vm-manager-matches-hosts",
  title: "Require the vCenter that manages the hosts as VM manager",
  severity: "warn",
  since: "0.1.0",
  source: guide("Adding a VM manager", "derived"),
  subject: "vm-manager",
  messages: {
    type: "VM manager {{manager}} has type esxi, but vCenter manages host {{host}}; deploy through vCenter.",
    address: "VM manager {{manager}} is not {{vcenter}}, the vCenter that manages the hosts of the inventory.",
  },
  remediation: "Set vm_manager to the address of the vCenter Server that manages the nodes' hosts, with type: vcenter.",
  mutations: [
    { edit: (manager) => set(manager, "type", "esxi") },
    {
      edit: (manager) =>
        set(manager, "address", (address) => (/[a-z]/i.test(address) ? `other-${address}` : "192.0.2.10")),
    },
  ],
  check(manager, { site, need, known, needAll, each, fail, inconclusive }) {
    if (need(manager, "type") === "esxi") {
      const managed: Host[] = [];
      each(site.relations.hostsOf(site.conferencingNodeList), (host) => {
        if (need(host, "managed_by_vcenter")) managed.push(host);
      });
      const [host] = managed;
      if (host === undefined) return;
      fail("type", {
        at: [manager, "type"],
        data: { manager: manager.name, host: host.name },
        related: managed.map((each) => ({ message: `vCenter manages ${each.name}`, at: [each, "managed_by_vcenter"] })),
      });
      return;
    }

    const own = need(manager, "endpoint");
    const servers = needAll(site.vcenters);
    // With several inventories, one of them is enough.
    const isOwn = (server: (typeof servers)[number]) =>
      known(server, "api_type") === "VirtualCenter" && compare(own, known(server, "address")) === "same";
    if (servers.some(isOwn)) return;
    const vcenters = servers.filter((server) => need(server, "api_type") === "VirtualCenter");
    const [first] = vcenters;
    if (first === undefined) return inconclusive("the inventory was read from an ESXi host and contains no vCenter");
    for (const server of vcenters) {
      const address = need(server, "address");
      if (compare(own, address) === "unknown") {
        return inconclusive(`whether ${manager.name} is the vCenter ${address} cannot be determined without DNS`);
      }
    }
    fail("address", {
      at: [manager, "address"],
      data: { manager: manager.name, vcenter: vcenters.map(({ name }) => name).join(", ") },
      related: vcenters.map((server) => ({ message: "source of the inventory", at: [server, "address"] })),
    });
  },
});

/** An address and a name may be one server, and so may a short name and a full one. */
function compare(own: Endpoint, address: string | undefined): "same" | "different" | "unknown" {
  const other = address === undefined ? null : parseEndpoint(address, 443);
  if (other === null || own.isAddress !== other.isAddress) return "unknown";
  if (own.host === other.host) return "same";
  const isShort = (name: string, full: string) => !name.includes(".") && full.startsWith(`${name}.`);
  const perhaps = !own.isAddress && (isShort(own.host, other.host) || isShort(other.host, own.host));
  return perhaps ? "unknown" : "different";
}
