import { given, set } from "../../src/engine/api/mutation.ts";
import { defineRule, type RuleContext } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import type { Node } from "../../src/site/deployment/deployment-objects.ts";
import type { VirtualMachine } from "../../src/site/estate/estate-objects.ts";
import { ownName, type SiteObject } from "../../src/site/core/site-object.ts";
import { canonicalName } from "../../src/values/network/host-name.ts";

/** The guide: "It cannot be used to deploy multiple Conferencing Nodes." (L606): a node is deployed, never cloned. */
export default defineRule({
  id: "vm/unique-identity",
  title: "Require a unique VM for every node",
  severity: "error",
  since: "0.1.0",
  source: guide("Manually deploying a Conferencing Node on an ESXi host", "must"),
  subject: "node",
  messages: {
    sameVm: "VM {{vm}} of node {{node}} is already used by node {{other}}; each node requires a separate VM.",
    sameUuid:
      "VM {{vm}} of node {{node}} has UUID {{uuid}}, which is also used by VM {{other}}; one VM is a clone of the other.",
  },
  remediation:
    "Deploy each node from its own image. Delete a cloned VM and its node, and redeploy the node; if only vm.name is wrong, correct it.",
  mutations: [
    {
      edit: (node, { site }) => {
        const [first] = site.nodes;
        const uuid = given(given(first, "virtualMachine"), "uuid");
        return uuid === undefined || first === node ? null : set(given(node, "virtualMachine"), "uuid", uuid);
      },
    },
  ],
  check(node, { site, need, known, needAll, fail, notApplicable, inconclusive }) {
    const machine = need(node, "virtualMachine");
    if (machine === null) return notApplicable("applies after deployment", { awaits: "deployment" });
    const { identities } = site.relations;
    const data = { vm: machine.name, node: node.name };
    const owner = identities.ownerOf(machine);
    if (owner !== undefined && owner !== node) {
      fail("sameVm", {
        at: claimOf(node, machine, { known }),
        data: { ...data, other: owner.name },
        related: [{ message: `also used by node ${owner.name}`, at: claimOf(owner, machine, { known }) }],
      });
      return;
    }
    const uuid = need(machine, "uuid");
    const { items, missing } = identities.withUuid(uuid);
    const own = items.indexOf(machine);
    const other = items.find((twin, order) => order < own || (order > own && identities.ownerOf(twin) === undefined));
    if (other === undefined) {
      // A VM whose UUID is not known may be the twin.
      needAll({ items: [], missing });
      const [remote] = identities.remoteGaps.uuid;
      // Reported once, and never as an error: such a VM shares nothing with any node.
      if (remote !== undefined && node === identities.firstNode) {
        return inconclusive(`${remote.what} for a VM that has no address in common with any node`, {
          severity: "warn",
        });
      }
      return;
    }
    fail("sameUuid", {
      at: [machine, "uuid"],
      data: { ...data, uuid, other: other.name },
      related: [{ message: `also used by VM ${other.name}`, at: [other, "uuid"] }],
    });
  },
});

type Known = Pick<RuleContext<Record<string, string>>, "known">;

/** The value by which a node is taken for the one that has the VM. */
function claimOf(node: Node, machine: VirtualMachine, { known }: Known): readonly [object: SiteObject, field: string] {
  if (known(node.plan, "name") !== undefined) return [node.plan, "name"];
  const isByName = canonicalName(ownName(node)) === canonicalName(ownName(machine));
  return [node, isByName ? "name" : "hostname"];
}
