import { given, set } from "../../src/engine/api/mutation.ts";
import { type At, defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { machineOrPlan } from "../shared/virtual-hardware.ts";
import type { Adapter } from "../../src/site/relations/identities.ts";
import { canonicalMac, whyNoAdapter } from "../../src/values/network/mac-address.ts";
import { quoted } from "../../src/values/text/quoted.ts";

/**
 * Follows from the guide's "We recommend using a static MAC address" (L141): an address that is typed in can be wrong, and
 * one that two adapters of a network have reaches neither of them reliably.
 */
export default defineRule({
  id: "vm/mac-address",
  title: "Require valid, unique MAC addresses",
  severity: "error",
  since: "0.1.0",
  source: guide("Using a static MAC address for the Management Node", "derived"),
  subject: "node",
  messages: {
    malformed:
      "MAC address {{mac}} of {{owner}} is not valid; write six pairs of hexadecimal digits, such as 00:50:56:2a:00:05.",
    notUnicast: "MAC address {{mac}} of {{owner}} is {{use}}; use a unicast address.",
    twice: "MAC address {{mac}} of {{owner}} is already used by {{other}}; use a unique address.",
  },
  remediation:
    "Give the adapter a unique MAC address, or let vSphere assign one (not for the Management Node, whose address should be static).",
  mutations: [
    { edit: (node) => set(given(node, "virtualMachine")?.entry("nics", 0), "mac_address", "01:50:56:91:4c:21") },
    {
      edit: (node) => (given(node, "virtualMachine") === null ? set(node.plan, "mac_address", "00:50:56:91:4c") : null),
    },
  ],
  check(node, context) {
    const { site, need, needAll, needEntries, known, each, fail, notApplicable, inconclusive } = context;
    const machine = machineOrPlan(node, context);
    // The VM of another node is found by what both have; then the plan is all that is this node's own.
    const own = machine !== null && site.relations.identities.ownerOf(machine) === node ? machine : null;
    if (own === null && known(node.plan, "mac_address") === undefined) {
      if (machine === null) return notApplicable("no MAC address is planned for the node");
      return inconclusive(`VM ${machine.name} is also the VM of another node`);
    }
    const adapters = own === null ? [node.plan] : needEntries(own, "nics");
    each(adapters, (adapter) => {
      const mac = need(adapter, "mac_address");
      const at: At = [adapter, "mac_address"];
      const data = { mac: quoted(mac), owner: own === null ? `node ${node.name}` : adapter.name };
      const canonical = canonicalMac(mac);
      if (canonical === null) {
        fail("malformed", { at, data });
        return;
      }
      const use = whyNoAdapter(canonical);
      if (use !== null) {
        fail("notUnicast", { at, data: { ...data, use } });
        return;
      }
      const users = site.relations.identities.withMac(canonical);
      const index = adapters.findIndex((each) => each === adapter);
      const rank = users.items.findIndex((user) => user.owner === (own ?? node) && user.index === index);
      const other = users.items.find(
        (user, order) => order !== rank && (rank < 0 || order < rank || user.node === null),
      );
      if (other === undefined) {
        // A VM whose addresses are not known may have it too.
        needAll({ items: [], missing: users.missing });
        const { remoteGaps, firstNode } = site.relations.identities;
        const [remote] = remoteGaps.mac;
        // Reported once, and never as an error: such a VM shares nothing with any node.
        if (remote !== undefined && node === firstNode) {
          return inconclusive(`${remote.what} for a VM that has no address in common with any node`, {
            severity: "warn",
          });
        }
        return;
      }
      const related = [{ message: `also used by ${nameOf(other)}`, at: other.at }];
      fail("twice", { at, data: { ...data, other: nameOf(other) }, related });
    });
  },
});

function nameOf({ at: [adapter], owner, node }: Adapter): string {
  if (owner === node) return `node ${node.name}`;
  return node === null ? adapter.name : `${adapter.name} of node ${node.name}`;
}
